//! Batches for a loop of one's own: shuffled, balanced, augmented, and made by another thread while one trains.

use std::fmt;
use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::dataset::check_lengths;
use super::{Dataset, split};
use crate::batch::non_empty;
use crate::error::{Error, Result};
use crate::rng::Rng;

/// Changes a sample and its target by numbers drawn from a generator of its own.
type Augment<'d, X, T> = dyn Fn(&mut X, &mut T, &mut Rng) + Send + Sync + 'd;

/// Gives the samples of a data set batch by batch, epoch by epoch.
///
/// By default batches hold 32 samples in the order of the data, the last one what is left, and nothing runs beside the caller.
///
/// Everything that is random depends on the seed, the number of the epoch and the place in it, and on nothing else: the same bits come
/// out with prefetching or without. To go on where a run was stopped takes two numbers, the epoch and the batch, see [`Epoch::skip`].
///
/// ```
/// use nn_core::data::DataLoader;
/// use nn_core::prelude::*;
///
/// network! { pub struct Circle< Affine(2, 16) -> Tanh -> Affine(16, 1) -> SigmoidWithLoss >; }
///
/// # fn main() -> nn_core::Result<()> {
/// let points: Vec<[f32; 2]> = (0..400).map(|i| [(i % 20) as f32 / 5.0 - 2.0, (i / 20) as f32 / 5.0 - 2.0]).collect();
/// let inside: Vec<bool> = points.iter().map(|[x, y]| x * x + y * y < 1.0).collect();
/// let data = Dataset::new(points, inside)?;
///
/// let (mut net, mut adam) = (Circle::seeded(1), Adam::new(0.03));
/// let mut loader = DataLoader::new(&data)
///     .batch_size(50)
///     .shuffle(1)
///     .balance(|&inside| inside)
///     .augment(|point, _, rng| point[0] += 0.01 * rng.normal() as f32)
///     .prefetch(2);
/// for epoch in 0..20 {
///     loader.epoch(epoch)?.for_each(|x, t| net.step(&mut adam, x, t).map(drop))?;
/// }
/// # assert!(net.accuracy(&data.x, &data.t)? > 0.8);
/// # Ok(())
/// # }
/// ```
pub struct DataLoader<'d, X, T> {
    data: &'d Dataset<X, T>,
    batch_size: usize,
    seed: u64,
    shuffle: bool,
    drop_last: bool,
    /// The places of each class, if each is to come equally often.
    classes: Option<Vec<Vec<usize>>>,
    augment: Option<Box<Augment<'d, X, T>>>,
    ahead: usize,
    order: Vec<usize>,
    /// Memory for batches, used again and again.
    buffers: Vec<Buffer<X, T>>,
}

/// A batch in the making.
struct Buffer<X, T> {
    x: Vec<X>,
    t: Vec<T>,
}

impl<'d, X: Clone, T: Clone> DataLoader<'d, X, T> {
    /// Gives the samples of `data`.
    #[must_use]
    pub fn new(data: &'d Dataset<X, T>) -> Self {
        Self {
            data,
            batch_size: 32,
            seed: 0,
            shuffle: false,
            drop_last: false,
            classes: None,
            augment: None,
            ahead: 0,
            order: Vec::new(),
            buffers: Vec::new(),
        }
    }

    /// Sets how many samples a batch holds, 32 by default.
    #[must_use]
    pub fn batch_size(mut self, samples: usize) -> Self {
        self.batch_size = samples;
        self
    }

    /// Puts the samples of each epoch into a random order, each order equally likely: the one in which a [`Trainer`](crate::Trainer) of
    /// this seed takes them. The seed counts for balancing and augmentation too.
    #[must_use]
    pub fn shuffle(mut self, seed: u64) -> Self {
        self.shuffle = true;
        self.seed = seed;
        self
    }

    /// Lets every class come equally often in an epoch, which has as many samples as before, in a random order: of large classes some
    /// samples are left out, other ones each epoch; those of small classes come several times. `class` says which class a target names.
    #[must_use]
    pub fn balance<K: Ord>(mut self, class: impl FnMut(&T) -> K) -> Self {
        self.classes = Some(split::classes(&self.data.t, class));
        self
    }

    /// Leaves samples that do not fill a last batch out of an epoch; by default they make a smaller one.
    #[must_use]
    pub fn drop_last(mut self, drop_last: bool) -> Self {
        self.drop_last = drop_last;
        self
    }

    /// Changes the copy of each sample, and of its target, that goes into a batch: shifts it, mirrors it, adds noise. The generator is
    /// another one for each place of each epoch, and the same one whenever this epoch is asked for.
    #[must_use]
    pub fn augment(mut self, change: impl Fn(&mut X, &mut T, &mut Rng) + Send + Sync + 'd) -> Self {
        self.augment = Some(Box::new(change));
        self
    }

    /// Lets a thread make up to so many batches ahead of the one that is in use; 0 for none, as by default. Where samples are only
    /// copied, it gains little.
    #[must_use]
    pub fn prefetch(mut self, batches: usize) -> Self {
        self.ahead = batches;
        self
    }

    /// How many batches an epoch has.
    #[must_use]
    pub fn batches(&self) -> usize {
        let size = self.batch_size.max(1);
        if self.drop_last {
            self.data.len() / size
        } else {
            self.data.len().div_ceil(size)
        }
    }

    /// What samples are taken from.
    pub(crate) fn data(&self) -> &Dataset<X, T> {
        self.data
    }

    /// The seed, the size of batches, and whether the last one is left out if it is smaller.
    pub(crate) fn settings(&self) -> (u64, usize, bool) {
        (self.seed, self.batch_size, self.drop_last)
    }

    /// How many batches an epoch has, if it has any.
    pub(crate) fn check(&self) -> Result<usize> {
        check_lengths(&self.data.x, &self.data.t)?;
        non_empty(&self.data.x)?;
        if self.batch_size == 0 {
            return Err(Error::HyperParameter {
                name: "batch_size",
                value: 0.0,
                expected: "a whole number from 1 on",
            });
        }
        match self.batches() {
            0 => Err(Error::NoFullBatch {
                batch_size: self.batch_size,
                samples: self.data.len(),
            }),
            batches => Ok(batches),
        }
    }

    /// An epoch, by its number.
    ///
    /// # Errors
    /// [`Error::Empty`] without samples; [`Error::LengthMismatch`] if `x` and `t` are no longer equally long;
    /// [`Error::HyperParameter`] if batches hold no sample; [`Error::NoFullBatch`] if `drop_last` leaves none.
    pub fn epoch(&mut self, epoch: u64) -> Result<Epoch<'_, 'd, X, T>> {
        let batches = self.check()?;
        let mut rng = Rng::stream(self.seed, epoch);
        if let Some(classes) = &self.classes {
            self.order = split::balanced(classes, &mut rng);
        } else {
            self.order.clear();
            self.order.extend(0..self.data.len());
            if self.shuffle {
                rng.shuffle(&mut self.order);
            }
        }
        Ok(Epoch {
            // What is drawn after the order: another one for each epoch.
            seed: rng.bits(),
            left: 0..batches,
            loader: self,
        })
    }
}

impl<X, T> fmt::Debug for DataLoader<'_, X, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataLoader")
            .field("data", self.data)
            .field("batch_size", &self.batch_size)
            .field("seed", &self.seed)
            .field("shuffle", &self.shuffle)
            .field("balance", &self.classes.is_some())
            .field("drop_last", &self.drop_last)
            .field("augment", &self.augment.is_some())
            .field("prefetch", &self.ahead)
            .finish_non_exhaustive()
    }
}

/// The batches of an epoch; see [`DataLoader::epoch`].
#[derive(Debug)]
pub struct Epoch<'l, 'd, X, T> {
    loader: &'l mut DataLoader<'d, X, T>,
    /// What augmentation is drawn from.
    seed: u64,
    left: Range<usize>,
}

impl<X: Clone, T: Clone> Epoch<'_, '_, X, T> {
    /// Leaves out the first batches: those that a run had used when it was stopped.
    #[must_use]
    pub fn skip(mut self, batches: usize) -> Self {
        self.left.start = self.left.end.min(self.left.start.saturating_add(batches));
        self
    }

    /// Hands the batches over, one after the other, until there is an error.
    ///
    /// # Errors
    /// The first error of `use_batch`, and none of its own.
    ///
    /// # Panics
    /// Where augmentation or `use_batch` does.
    pub fn for_each<E>(
        self,
        mut use_batch: impl FnMut(&[X], &[T]) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E>
    where
        X: Send + Sync,
        T: Send + Sync,
    {
        let Self {
            loader,
            seed,
            mut left,
        } = self;
        let (ahead, mut buffers) = (loader.ahead, std::mem::take(&mut loader.buffers));
        // One is in use while the others are made.
        buffers.resize_with(ahead.min(left.len()) + 1, || Buffer {
            x: Vec::new(),
            t: Vec::new(),
        });
        let maker = Maker {
            data: loader.data,
            order: &loader.order,
            batch_size: loader.batch_size,
            augment: loader.augment.as_deref(),
            seed,
        };
        let result = if ahead == 0 {
            let buffer = &mut buffers[0];
            left.try_for_each(|batch| {
                maker.fill(buffer, batch);
                use_batch(&buffer.x, &buffer.t)
            })
        } else {
            in_turns(&maker, left, &mut buffers, use_batch)
        };
        loader.buffers = buffers;
        result
    }
}

/// What it takes to make a batch.
struct Maker<'m, X, T> {
    data: &'m Dataset<X, T>,
    order: &'m [usize],
    batch_size: usize,
    augment: Option<&'m Augment<'m, X, T>>,
    seed: u64,
}

impl<X: Clone, T: Clone> Maker<'_, X, T> {
    fn fill(&self, buffer: &mut Buffer<X, T>, batch: usize) {
        let start = batch * self.batch_size;
        let end = start.saturating_add(self.batch_size).min(self.order.len());
        let Dataset { x, t } = self.data;
        buffer.x.clear();
        buffer.t.clear();
        for place in start..end {
            let index = self.order[place];
            // From slice to slice: a large sample never passes over the stack.
            buffer.x.extend_from_slice(&x[index..=index]);
            buffer.t.extend_from_slice(&t[index..=index]);
        }
        if let Some(augment) = self.augment {
            let items = buffer.x.iter_mut().zip(&mut buffer.t);
            for (place, (x, t)) in (start..).zip(items) {
                augment(x, t, &mut Rng::stream(self.seed, place as u64));
            }
        }
    }
}

/// A thread fills buffers, the caller uses them and gives them back.
fn in_turns<X, T, E>(
    maker: &Maker<'_, X, T>,
    batches: Range<usize>,
    buffers: &mut Vec<Buffer<X, T>>,
    mut use_batch: impl FnMut(&[X], &[T]) -> std::result::Result<(), E>,
) -> std::result::Result<(), E>
where
    X: Clone + Send + Sync,
    T: Clone + Send + Sync,
{
    let (give_back, empty): (SyncSender<Buffer<X, T>>, Receiver<_>) = sync_channel(buffers.len());
    let (hand_over, full) = sync_channel(buffers.len());
    for buffer in buffers.drain(..) {
        // There is room for all, and the other end is here.
        let _ = give_back.send(buffer);
    }
    thread::scope(|scope| {
        let thread = scope.spawn(move || {
            for batch in batches {
                // Whoever has gone at the other end wants no more.
                let Ok(mut buffer) = empty.recv() else { break };
                maker.fill(&mut buffer, batch);
                if hand_over.send(buffer).is_err() {
                    break;
                }
            }
            empty
        });
        let mut result = Ok(());
        while let Ok(buffer) = full.recv() {
            result = use_batch(&buffer.x, &buffer.t);
            let _ = give_back.send(buffer);
            if result.is_err() {
                break;
            }
        }
        drop((full, give_back));
        match thread.join() {
            Ok(empty) => buffers.extend(empty.try_iter()),
            Err(panic) => resume_unwind(panic),
        }
        result
    })
}

#[cfg(test)]
mod tests;
