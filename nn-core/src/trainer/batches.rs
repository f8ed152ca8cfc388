use std::ops::Range;

use crate::data::Dataset;
use crate::kernels::{for_each_run_of, prefetch};
use crate::rng::Rng;

/// How many samples ahead are asked for.
const AHEAD: usize = 4;

/// Gathers the batches of an epoch, in a random order, into buffers that are used again and again.
pub(super) struct Batches<'d, X, Y> {
    data: &'d Dataset<X, Y>,
    order: Vec<usize>,
    x: Vec<X>,
    t: Vec<Y>,
}

impl<'d, X: Copy + Send + Sync, Y: Clone> Batches<'d, X, Y> {
    /// Batches of up to `batch_size` samples of `data`.
    pub(super) fn new(data: &'d Dataset<X, Y>, batch_size: usize) -> Self {
        let largest = batch_size.min(data.len());
        Self {
            data,
            order: Vec::with_capacity(data.len()),
            x: Vec::with_capacity(largest),
            t: Vec::with_capacity(largest),
        }
    }

    /// Draws the order of an epoch; it depends on nothing else.
    pub(super) fn shuffle(&mut self, seed: u64, epoch: u64) {
        self.order.clear();
        self.order.extend(0..self.data.len());
        Rng::stream(seed, epoch).shuffle(&mut self.order);
    }

    /// The samples and targets of the batch of this number, from 0; fewer at the end of the data.
    pub(super) fn gather(&mut self, batch: usize, batch_size: usize) -> (&[X], &[Y]) {
        let from = batch.saturating_mul(batch_size).min(self.order.len());
        self.gather_range(from..from.saturating_add(batch_size))
    }

    /// Those that come `range`-th in the order.
    fn gather_range(&mut self, range: Range<usize>) -> (&[X], &[Y]) {
        /// So many bytes take some microseconds from memory.
        const WORTH_A_THREAD: usize = 1 << 15;
        let order = &self.order[range.start..range.end.min(self.order.len())];
        let x = &self.data.x;
        // Once: after that, samples are written over others.
        while self.x.len() < order.len() {
            let index = self.x.len();
            self.x.extend_from_slice(&x[index..=index]);
        }
        let least = (WORTH_A_THREAD / size_of::<X>().max(1)).max(1);
        let gathered = &mut self.x[..order.len()];
        for_each_run_of(gathered, [], least, |samples, [], from| {
            for (place, sample) in samples.chunks_mut(1).enumerate() {
                let place = from + place;
                // Random places of a large data set come from memory, a hundred times as slow as arithmetic.
                if let Some(&ahead) = order.get(place + AHEAD) {
                    prefetch(&x[ahead..=ahead]);
                }
                // From slice to slice: a large sample never passes over the stack.
                let index = order[place];
                sample.copy_from_slice(&x[index..=index]);
            }
        });
        self.t.clear();
        self.t
            .extend(order.iter().map(|&index| self.data.t[index].clone()));
        (&self.x[..order.len()], &self.t)
    }
}

#[cfg(test)]
mod tests {
    use super::Batches;
    use crate::data::Dataset;

    fn numbered(len: usize) -> Dataset<[f64; 1], usize> {
        Dataset {
            x: (0..len).map(|index| [index as f64]).collect(),
            t: (0..len).collect(),
        }
    }

    #[test]
    fn every_sample_comes_once_an_epoch_beside_its_target() {
        let data = numbered(10);
        let mut batches = Batches::new(&data, 4);
        for epoch in 0..3 {
            batches.shuffle(1, epoch);
            let (mut sizes, mut seen) = (Vec::new(), Vec::new());
            for start in [0, 4, 8] {
                let (x, t) = batches.gather_range(start..start + 4);
                let of_targets: Vec<[f64; 1]> = t.iter().map(|&t| [t as f64]).collect();
                assert_eq!(x, of_targets);
                sizes.push(x.len());
                seen.extend_from_slice(t);
            }
            assert_eq!(sizes, [4, 4, 2]);
            assert_ne!(seen, data.t);
            seen.sort_unstable();
            assert_eq!(seen, data.t);
        }
    }

    #[test]
    fn epochs_and_seeds_have_orders_of_their_own() {
        let data = numbered(100);
        let mut batches = Batches::new(&data, 100);
        let mut order = |seed, epoch| {
            batches.shuffle(seed, epoch);
            batches.gather_range(0..100).1.to_vec()
        };
        let first = order(1, 0);
        assert_ne!(order(1, 1), first);
        assert_ne!(order(2, 0), first);
        assert_eq!(order(1, 0), first);
    }

    #[test]
    fn batches_are_gathered_in_one_place() {
        let data = numbered(10);
        let mut batches = Batches::new(&data, 4);
        batches.shuffle(0, 0);
        let (x, t) = batches.gather_range(0..4);
        let places = (x.as_ptr(), t.as_ptr());
        let (x, t) = batches.gather_range(4..8);
        assert_eq!((x.as_ptr(), t.as_ptr()), places);
    }
}
