//! The search for the first number between layers that is infinite or none: a batch is computed once more, and every value looked at.

use super::{Trainable, cut};
use crate::element::Element;
use crate::losses::{Losses, Shares};
use crate::sample::Sample;
use crate::workspace::numbers;

/// Looks at what layers give or hand back, call by call, and keeps the earliest number that is not finite.
#[derive(Debug, Default)]
pub struct Watch {
    /// The place in the batch of the first sample that is computed at present.
    first: usize,
    /// How many values of these samples have been looked at.
    call: usize,
    found: Option<Found>,
}

/// A number between layers that is not finite.
#[derive(Debug)]
pub(crate) struct Found {
    call: usize,
    /// The place in [`Network::LAYERS`](super::Network::LAYERS) of the layer that has written it.
    pub(crate) row: usize,
    pub(crate) sample: usize,
    pub(crate) index: Vec<usize>,
    pub(crate) value: f64,
}

impl Watch {
    /// What the layer in this row of the table has written, for all samples that are computed at present.
    pub fn look<S: Sample>(&mut self, row: usize, values: &[S]) {
        self.look_at(row, S::flat(values), S::SHAPE.sizes());
    }

    #[inline(never)]
    fn look_at<T: Element>(&mut self, row: usize, values: &[T], sizes: &[usize]) {
        let call = self.call;
        self.call += 1;
        // What an earlier call has written comes first, whatever the sample.
        if self.found.as_ref().is_some_and(|found| found.call <= call) {
            return;
        }
        let Some(place) = values.iter().position(|value| !value.is_finite()) else {
            return;
        };
        let length = sizes.iter().product::<usize>().max(1);
        self.found = Some(Found {
            call,
            row,
            sample: self.first + place / length,
            index: index(place % length, sizes),
            value: values[place].as_f64(),
        });
    }

    fn start_at(&mut self, sample: usize) {
        self.first = sample;
        self.call = 0;
    }
}

/// The indices of a number of an array, given its place in row-major order.
pub(crate) fn index(mut place: usize, sizes: &[usize]) -> Vec<usize> {
    let mut index = vec![0; sizes.len()];
    for (at, &size) in index.iter_mut().zip(sizes).rev() {
        *at = place % size.max(1);
        place /= size.max(1);
    }
    index
}

/// The first such number in the scores of a batch and what comes before them.
pub(crate) fn forward<N: Trainable>(net: &N, batch: &[N::Input]) -> Option<Found> {
    let cut = cut::<N>(batch.len());
    let (count, mut watch) = (
        numbers::<N::Element>(cut.length, N::PREDICTION),
        Watch::default(),
    );
    net.workspace().rooms().with_memory(count, |memory| {
        for chunk in (0..cut.groups).flat_map(|group| cut.chunks(group)) {
            watch.start_at(chunk.start);
            N::trace(net.params(), &batch[chunk], memory, &mut watch);
        }
    });
    watch.found
}

/// The first such number on the way back from the loss of a batch that has been checked.
pub(crate) fn backward<N: Trainable, Y>(net: &N, batch: &[N::Input], targets: &[Y]) -> Option<Found>
where
    N::Loss: Losses<N::Output, Y>,
{
    let cut = cut::<N>(batch.len()).for_gradients(N::PARAMETERS);
    let (count, mut watch) = (
        numbers::<N::Element>(cut.length, N::TRAINING),
        Watch::default(),
    );
    let (amounts, params) = (N::LOSS.amounts(targets), net.params());
    let mut gradient = N::Params::default();
    net.workspace().rooms().with_memory(count, |memory| {
        for chunk in (0..cut.groups).flat_map(|group| cut.chunks(group)) {
            watch.start_at(chunk.start);
            let (x, t) = (&batch[chunk.clone()], &targets[chunk]);
            let shares = &if cut.is_whole() {
                Shares::WHOLE
            } else {
                N::LOSS.amounts(t).of(amounts)
            };
            N::forward_loss(params, x, t, shares, memory);
            N::trace_backward(params, x, t, shares, memory, &mut gradient, &mut watch);
        }
    });
    watch.found
}

#[cfg(test)]
mod tests {
    use super::{Watch, index};

    /// Row-major order: of 2 × 3 × 4, number 17 is 1·12 + 1·4 + 1.
    #[test]
    fn indices_by_hand() {
        assert_eq!(index(17, &[2, 3, 4]), [1, 1, 1]);
        assert_eq!(index(5, &[10]), [5]);
        assert_eq!(index(0, &[]), [0; 0]);
    }

    /// An earlier call wins over an earlier sample, and within a call the earlier sample.
    #[test]
    fn the_earliest_call_is_kept() {
        let (fine, bad) = ([1.0_f32, 2.0], [1.0, f32::NAN]);
        let mut watch = Watch::default();
        watch.look(0, &[fine, fine]);
        watch.look(1, &[fine, bad]);
        watch.look(2, &[bad, bad]);
        watch.start_at(2);
        watch.look(0, &[fine, [f32::INFINITY, 0.0]]);
        watch.look(1, &[bad, bad]);
        watch.start_at(4);
        watch.look(0, &[bad, bad]);
        let found = watch.found.unwrap();
        assert_eq!((found.call, found.row, found.sample), (0, 0, 3));
        assert_eq!((found.index, found.value), (vec![0], f64::INFINITY));
    }
}
