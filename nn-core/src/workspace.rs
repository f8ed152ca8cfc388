//! The memory that a network computes in: it grows to the largest batch and is then used again and again.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::element::Element;
use crate::sample::Sample;

/// Where slots begin, in bytes: at a cache line, which is also the widest register.
const LINE: usize = 64;

/// Numbers in a line.
const fn line<T>() -> usize {
    LINE / size_of::<T>()
}

/// How many numbers a slot has that holds `size` numbers for each of `n` samples.
fn slot<T>(n: usize, size: usize) -> usize {
    (n * size).next_multiple_of(line::<T>())
}

/// How many numbers the slots of these sizes have together.
pub(crate) fn numbers<T>(n: usize, sizes: &[usize]) -> usize {
    sizes.iter().map(|&size| slot::<T>(n, size)).sum()
}

/// Cuts memory into slots; each has room for `n` samples of its size, and begins at a line if the memory does.
#[must_use]
pub fn slots<'m, T, const COUNT: usize>(
    memory: &'m mut [T],
    n: usize,
    sizes: &[usize],
) -> [&'m mut [T]; COUNT] {
    let mut rest = memory;
    std::array::from_fn(|index| {
        let (slot, behind) = std::mem::take(&mut rest).split_at_mut(slot::<T>(n, sizes[index]));
        rest = behind;
        slot
    })
}

/// The first `n` samples in a slot.
#[must_use]
pub fn samples<X: Sample>(slot: &[X::Element], n: usize) -> &[X] {
    &X::from_flat(slot)[..n]
}

/// The first `n` samples in a slot, to be written.
#[must_use]
pub fn samples_mut<X: Sample>(slot: &mut [X::Element], n: usize) -> &mut [X] {
    &mut X::from_flat_mut(slot)[..n]
}

/// The size of a slot that several values share.
#[must_use]
pub const fn largest(sizes: &[usize]) -> usize {
    let (mut largest, mut index) = (0, 0);
    while index < sizes.len() {
        if sizes[index] > largest {
            largest = sizes[index];
        }
        index += 1;
    }
    largest
}

/// The memory for one sample, in bytes, given the sizes of all slots.
#[must_use]
pub const fn bytes_per_sample<T>(sizes: &[usize]) -> usize {
    let (mut sum, mut index) = (0, 0);
    while index < sizes.len() {
        sum += sizes[index];
        index += 1;
    }
    sum * size_of::<T>()
}

/// Numbers whose first one lies at the beginning of a line.
#[derive(Debug)]
struct Memory<T> {
    numbers: Vec<T>,
}

impl<T: Element> Memory<T> {
    fn new() -> Self {
        Self {
            numbers: Vec::new(),
        }
    }

    /// Room for `count` numbers, of any value. Allocates only if it is more than ever before.
    fn room(&mut self, count: usize) -> &mut [T] {
        self.grow(count);
        let start = self.numbers.as_ptr().align_offset(LINE).min(line::<T>());
        &mut self.numbers[start..start + count]
    }

    fn grow(&mut self, count: usize) {
        // A vector begins anywhere.
        let with_start = count + line::<T>();
        if self.numbers.len() < with_start {
            self.numbers = vec![T::zero(); with_start];
        }
    }
}

/// What a network of parameters `P` computes in. It is no part of the network's value: a clone starts with an empty one,
/// and all of them are equal.
pub struct Workspace<P, T> {
    gradient: Option<P>,
    /// What earlier calls have left for later ones: as many as were ever in use at once.
    spare: Mutex<Vec<Memory<T>>>,
}

impl<P: Default, T: Element> Workspace<P, T> {
    /// The gradient of the parameters; networks that only predict never allocate one.
    pub fn gradient(&mut self) -> &mut P {
        self.gradient.get_or_insert_default()
    }

    /// Lends room for `count` numbers of any value to `compute`. Allocates only where no earlier call has left enough.
    pub(crate) fn with_room<R>(&self, count: usize, compute: impl FnOnce(&mut [T]) -> R) -> R {
        let memory = self.spare().pop();
        let mut memory = memory.unwrap_or_else(Memory::new);
        let result = compute(memory.room(count));
        self.spare().push(memory);
        result
    }

    /// The same, with the gradient.
    pub(crate) fn with_gradient<R>(
        &mut self,
        count: usize,
        compute: impl FnOnce(&mut [T], &mut P) -> R,
    ) -> R {
        let mut gradient = self.gradient.take().unwrap_or_default();
        let result = self.with_room(count, |memory| compute(memory, &mut gradient));
        self.gradient = Some(gradient);
        result
    }

    fn spare(&self) -> MutexGuard<'_, Vec<Memory<T>>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Nothing that one wants to read beside the parameters.
impl<P, T> fmt::Debug for Workspace<P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workspace").finish_non_exhaustive()
    }
}

impl<P, T> Default for Workspace<P, T> {
    fn default() -> Self {
        Self {
            gradient: None,
            spare: Mutex::new(Vec::new()),
        }
    }
}

impl<P, T> Clone for Workspace<P, T> {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<P, T> PartialEq for Workspace<P, T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{Workspace, bytes_per_sample, largest, numbers, samples, samples_mut, slots};

    #[test]
    fn slots_lie_apart_and_begin_at_lines() {
        // 3·5 = 15 and 3·7 = 21 numbers, in lines of 8.
        let sizes = [5, 7];
        assert_eq!(numbers::<f64>(3, &sizes), 16 + 24);
        assert_eq!(numbers::<f32>(3, &sizes), 16 + 32);
        let workspace = Workspace::<(), f64>::default();
        workspace.with_room(40, |memory| {
            assert_eq!((memory.len(), memory.as_ptr().align_offset(64)), (40, 0));
            let [first, second] = slots(memory, 3, &sizes);
            assert_eq!((first.len(), second.len()), (16, 24));
            assert_eq!(second.as_ptr().align_offset(64), 0);
            samples_mut::<[f64; 5]>(first, 3).fill([1.0; 5]);
            samples_mut::<[f64; 7]>(second, 3).fill([2.0; 7]);
            assert_eq!(samples::<[f64; 5]>(first, 3), [[1.0; 5]; 3]);
            // The same slot for smaller samples.
            assert_eq!(samples::<[f64; 3]>(second, 3), [[2.0; 3]; 3]);
        });
    }

    #[test]
    fn sizes_are_worked_out_by_the_compiler() {
        const SHARED: usize = largest(&[3, 50, 10]);
        assert_eq!(SHARED, 50);
        assert_eq!(bytes_per_sample::<f32>(&[50, 10, SHARED]), 440);
        assert_eq!(bytes_per_sample::<f64>(&[50, 10, SHARED]), 880);
    }

    #[test]
    fn memory_grows_and_keeps_its_place() {
        let workspace = Workspace::<(), f32>::default();
        workspace.with_room(100, |memory| memory.fill(1.0));
        let place = workspace.with_room(100, |memory| memory.as_ptr());
        workspace.with_room(10, |memory| {
            assert_eq!((memory.len(), memory.as_ptr()), (10, place));
            // A second thread that comes while the first computes gets its own.
            workspace.with_room(10, |other| assert_ne!(other.as_ptr(), place));
        });
        workspace.with_room(10_000, |memory| assert_eq!(memory.len(), 10_000));
    }
}
