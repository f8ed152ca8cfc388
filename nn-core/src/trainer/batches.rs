use std::ops::Range;

use crate::data::Dataset;
use crate::kernels::prefetch;
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

impl<'d, X: Copy, Y: Clone> Batches<'d, X, Y> {
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

    /// The samples and targets that come `range`-th in the order; fewer at the end of the data.
    pub(super) fn gather(&mut self, range: Range<usize>) -> (&[X], &[Y]) {
        self.x.clear();
        self.t.clear();
        let end = range.end.min(self.order.len());
        for place in range.start..end {
            // Random places of a large data set come from memory, a hundred times as slow as arithmetic.
            if let Some(&ahead) = self.order.get(place + AHEAD) {
                prefetch(&self.data.x[ahead..=ahead]);
            }
            let index = self.order[place];
            // From slice to slice: a large sample never passes over the stack.
            self.x.extend_from_slice(&self.data.x[index..=index]);
            self.t.extend_from_slice(&self.data.t[index..=index]);
        }
        (&self.x, &self.t)
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
                let (x, t) = batches.gather(start..start + 4);
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
            batches.gather(0..100).1.to_vec()
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
        let (x, t) = batches.gather(0..4);
        let places = (x.as_ptr(), t.as_ptr());
        let (x, t) = batches.gather(4..8);
        assert_eq!((x.as_ptr(), t.as_ptr()), places);
    }
}
