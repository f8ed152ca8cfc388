//! Random parts of a data set: two parts, k folds, both also with the same share of every class, and orders in which rare classes
//! come as often as the others.
//!
//! What comes out depends on the data's length or classes, and on the seed: it is the same on every machine.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Dataset;
use super::dataset::check_lengths;
use crate::error::{Error, Result};
use crate::rng::Rng;

impl<X: Clone, T: Clone> Dataset<X, T> {
    /// A random part of `first` samples, and the rest. Both keep the order of the data.
    ///
    /// ```
    /// use nn_core::Dataset;
    ///
    /// let data = Dataset::new((0..10_u8).map(|n| [f32::from(n)]).collect::<Vec<_>>(), vec![0_u8; 10])?;
    /// let (train, validation) = data.random_split(8, 1)?;
    /// assert_eq!((train.len(), validation.len()), (8, 2));
    /// # Ok::<(), nn_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if there are fewer samples than `first`; [`Error::LengthMismatch`] if `x` and `t` are no longer equally long.
    pub fn random_split(&self, first: usize, seed: u64) -> Result<(Self, Self)> {
        let order = shuffled(self.len(), seed);
        self.parts(first, |is_first| {
            for &index in order.iter().take(first) {
                is_first[index] = true;
            }
        })
    }

    /// A random part of `first` samples, and the rest, with every class in both by its share: of a class that has n of N samples,
    /// n·first/N are in the first part, rounded down or up. Both keep the order of the data.
    ///
    /// `class` says which class a target names: `|&label| label`, or for instance a range of values in a regression.
    ///
    /// ```
    /// use nn_core::Dataset;
    ///
    /// // Ten healthy, five ill.
    /// let ill = (0..15).map(|n| n % 3 == 0).collect::<Vec<bool>>();
    /// let data = Dataset::new(vec![[0.0_f32; 4]; 15], ill)?;
    /// let (train, validation) = data.stratified_split(9, 1, |&ill| ill)?;
    /// let count = |part: &Dataset<_, bool>| part.t.iter().filter(|&&ill| ill).count();
    /// assert_eq!((count(&train), count(&validation)), (3, 2));
    /// # Ok::<(), nn_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Dataset::random_split`].
    pub fn stratified_split<K: Ord>(
        &self,
        first: usize,
        seed: u64,
        class: impl FnMut(&T) -> K,
    ) -> Result<(Self, Self)> {
        let classes = shuffled_classes(&self.t, seed, class);
        self.parts(first, |is_first| {
            let sizes: Vec<usize> = classes.iter().map(Vec::len).collect();
            for (members, share) in classes.iter().zip(shares(&sizes, first)) {
                for &index in &members[..share] {
                    is_first[index] = true;
                }
            }
        })
    }

    /// Cuts the data into k random parts of equal size, give or take one sample, and lets each of them in turn validate what the
    /// others train: k pairs of a training and a validation set. All keep the order of the data.
    ///
    /// ```
    /// use nn_core::Dataset;
    ///
    /// let data = Dataset::new(vec![[0.0_f32; 4]; 150], vec![0_u8; 150])?;
    /// for (train, validation) in data.k_folds(5, 1)? {
    ///     assert_eq!((train.len(), validation.len()), (120, 30));
    /// }
    /// # Ok::<(), nn_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::HyperParameter`] if k is less than 2 or there are fewer than k samples; [`Error::LengthMismatch`] if `x` and `t` are no
    /// longer equally long.
    pub fn k_folds(&self, k: usize, seed: u64) -> Result<Folds<'_, X, T>> {
        Folds::new(self, k, &shuffled(self.len(), seed))
    }

    /// As [`Dataset::k_folds`], with every class equally often in all parts, give or take one sample. `class` is as in
    /// [`Dataset::stratified_split`].
    ///
    /// # Errors
    /// As [`Dataset::k_folds`].
    pub fn stratified_k_folds<K: Ord>(
        &self,
        k: usize,
        seed: u64,
        class: impl FnMut(&T) -> K,
    ) -> Result<Folds<'_, X, T>> {
        // Class behind class, dealt like cards: both a class and the whole differ by one between the parts.
        Folds::new(self, k, &shuffled_classes(&self.t, seed, class).concat())
    }

    /// The samples that `choose` marks, `first` of them, and the others.
    fn parts(&self, first: usize, choose: impl FnOnce(&mut [bool])) -> Result<(Self, Self)> {
        check_lengths(&self.x, &self.t)?;
        if first > self.len() {
            return Err(Error::OutOfRange {
                index: first - 1,
                len: self.len(),
            });
        }
        let mut is_first = vec![false; self.len()];
        choose(&mut is_first);
        let part = |wanted: bool| {
            let indices = (0..self.len()).filter(|&index| is_first[index] == wanted);
            self.subset(&indices.collect::<Vec<usize>>())
        };
        Ok((part(true)?, part(false)?))
    }
}

/// Pairs of a training and a validation set, made one after the other; see [`Dataset::k_folds`].
#[derive(Clone, Debug)]
pub struct Folds<'d, X, T> {
    data: &'d Dataset<X, T>,
    /// The part that each sample is in.
    part_of: Vec<usize>,
    left: Range<usize>,
}

impl<'d, X: Clone, T: Clone> Folds<'d, X, T> {
    /// Deals the samples out in this order.
    fn new(data: &'d Dataset<X, T>, k: usize, order: &[usize]) -> Result<Self> {
        check_lengths(&data.x, &data.t)?;
        if k < 2 || k > data.len() {
            return Err(Error::HyperParameter {
                name: "k",
                value: k as f64,
                expected: "a whole number of parts, from 2 to the number of samples",
            });
        }
        let mut part_of = vec![0; data.len()];
        for (place, &index) in order.iter().enumerate() {
            part_of[index] = place % k;
        }
        Ok(Self {
            data,
            part_of,
            left: 0..k,
        })
    }

    /// The samples that are in a part, or those that are not.
    fn samples(&self, part: usize, inside: bool) -> Dataset<X, T> {
        let wanted = |&index: &usize| (self.part_of[index] == part) == inside;
        let indices: Vec<usize> = (0..self.part_of.len()).filter(wanted).collect();
        let Dataset { x, t } = self.data;
        Dataset {
            x: indices.iter().map(|&index| x[index].clone()).collect(),
            t: indices.iter().map(|&index| t[index].clone()).collect(),
        }
    }
}

impl<X: Clone, T: Clone> Iterator for Folds<'_, X, T> {
    type Item = (Dataset<X, T>, Dataset<X, T>);

    fn next(&mut self) -> Option<Self::Item> {
        let part = self.left.next()?;
        Some((self.samples(part, false), self.samples(part, true)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.left.size_hint()
    }
}

impl<X: Clone, T: Clone> ExactSizeIterator for Folds<'_, X, T> {}

/// As many places as there are samples, in a random order in which every class comes equally often, give or take one. Samples of a
/// rare class come several times, each as often as the others of its class, give or take one.
pub(super) fn balanced(classes: &[Vec<usize>], rng: &mut Rng) -> Vec<usize> {
    let total: usize = classes.iter().map(Vec::len).sum();
    let mut order = Vec::with_capacity(total);
    // Which classes have the one more is drawn anew each time.
    let mut turn: Vec<usize> = (0..classes.len()).collect();
    rng.shuffle(&mut turn);
    for (place, &class) in turn.iter().enumerate() {
        let wanted = total / classes.len() + usize::from(place < total % classes.len());
        let mut members = classes[class].clone();
        let end = order.len() + wanted;
        while order.len() < end {
            rng.shuffle(&mut members);
            order.extend(members.iter().take(end - order.len()));
        }
    }
    rng.shuffle(&mut order);
    order
}

/// The places of the samples of each class, in the order of classes; no class is empty.
pub(super) fn classes<T, K: Ord>(targets: &[T], mut class: impl FnMut(&T) -> K) -> Vec<Vec<usize>> {
    let mut classes = BTreeMap::<K, Vec<usize>>::new();
    for (index, target) in targets.iter().enumerate() {
        classes.entry(class(target)).or_default().push(index);
    }
    classes.into_values().collect()
}

fn shuffled_classes<T, K: Ord>(
    targets: &[T],
    seed: u64,
    class: impl FnMut(&T) -> K,
) -> Vec<Vec<usize>> {
    let mut classes = classes(targets, class);
    let mut rng = Rng::seeded(seed);
    for members in &mut classes {
        rng.shuffle(members);
    }
    classes
}

fn shuffled(len: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    Rng::seeded(seed).shuffle(&mut order);
    order
}

/// `total` divided among parts in proportion to their sizes, by largest remainders; of equal ones the first part's counts.
fn shares(sizes: &[usize], total: usize) -> Vec<usize> {
    let all = sizes.iter().sum::<usize>().max(1) as u128;
    let exact = |size: usize| usize::try_from(size as u128 * total as u128 / all).unwrap_or(total);
    let remainder = |size: usize| size as u128 * total as u128 % all;
    let mut shares: Vec<usize> = sizes.iter().map(|&size| exact(size)).collect();
    let missing = total.saturating_sub(shares.iter().sum());
    let mut by_remainder: Vec<usize> = (0..sizes.len()).collect();
    by_remainder.sort_by_key(|&part| std::cmp::Reverse(remainder(sizes[part])));
    for &part in by_remainder.iter().take(missing) {
        shares[part] += 1;
    }
    shares
}

#[cfg(test)]
mod tests;
