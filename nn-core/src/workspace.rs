//! The memory that a network computes in: it grows to the largest batch and is then used again and again.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::element::Element;
use crate::layers::{BatchStatistics, Draws};
use crate::memory::{Memory, line};
use crate::rng::Rng;
use crate::sample::Sample;

/// How many numbers a slot has that holds `size` numbers for each of `n` samples.
fn slot<T>(n: usize, size: usize) -> usize {
    (n * size).next_multiple_of(line::<T>())
}

/// How many numbers the slots of these sizes have together.
pub(crate) fn numbers<T>(n: usize, sizes: &[usize]) -> usize {
    sizes.iter().map(|&size| slot::<T>(n, size)).sum()
}

/// Cuts memory into slots; each has room for `n` samples of its size, and begins at a line if the memory does and has room for it:
/// that of a network which is a layer of another one holds just the numbers of its slots.
#[must_use]
pub fn slots<'m, T, const COUNT: usize>(
    memory: &'m mut [T],
    n: usize,
    sizes: &[usize],
) -> [&'m mut [T]; COUNT] {
    let at_lines = memory.len() >= numbers::<T>(n, sizes);
    let mut rest = memory;
    std::array::from_fn(|index| {
        let size = if at_lines {
            slot::<T>(n, sizes[index])
        } else {
            n * sizes[index]
        };
        let (slot, behind) = std::mem::take(&mut rest).split_at_mut(size);
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

/// Copies one part of a batch of tuples into a slot, where its samples lie side by side.
pub fn column<X, Y: Sample>(batch: &[X], part: impl Fn(&X) -> &Y, slot: &mut [Y]) {
    for (sample, place) in batch.iter().zip(slot.chunks_exact_mut(1)) {
        // From slice to slice: a large sample never passes over the stack.
        place.copy_from_slice(std::slice::from_ref(part(sample)));
    }
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

/// The numbers of all slots together, for one sample.
#[must_use]
pub const fn total(sizes: &[usize]) -> usize {
    let (mut sum, mut index) = (0, 0);
    while index < sizes.len() {
        sum += sizes[index];
        index += 1;
    }
    sum
}

/// The memory for one sample, in bytes, given the sizes of all slots.
#[must_use]
pub const fn bytes_per_sample<T>(sizes: &[usize]) -> usize {
    total(sizes) * size_of::<T>()
}

/// What one thread works in.
#[derive(Debug)]
pub(crate) struct Room<P, T> {
    memory: Memory<T>,
    /// The gradient of a part of a batch, before it is added to that of other parts.
    part: Option<P>,
}

impl<P: Default, T: Element> Room<P, T> {
    fn new() -> Self {
        Self {
            memory: Memory::new(),
            part: None,
        }
    }

    /// Room for `count` numbers of any value, and for the gradient of a part.
    pub(crate) fn for_part(&mut self, count: usize) -> (&mut [T], &mut Option<P>) {
        (self.memory.room(count), &mut self.part)
    }
}

/// The loss and the gradient over some of the parts of a batch.
#[derive(Debug)]
pub(crate) struct Group<P, T> {
    pub(crate) loss: f64,
    pub(crate) gradient: P,
    /// Where parts are kept that wait for each other.
    pub(crate) chunks: Vec<Chunk<T>>,
    /// The gradient of one of them, before it is added to that of the others.
    pub(crate) part: Option<P>,
}

impl<P: Default, T> Default for Group<P, T> {
    fn default() -> Self {
        Self {
            loss: 0.0,
            gradient: P::default(),
            chunks: Vec::new(),
            part: None,
        }
    }
}

/// What is kept of a part of a batch.
#[derive(Debug)]
pub(crate) struct Chunk<T> {
    pub(crate) memory: Memory<T>,
    /// What has been found of its channels.
    pub(crate) found: Vec<f64>,
}

impl<T: Element> Chunk<T> {
    /// With room for so many numbers about channels.
    pub(crate) fn new(found: usize) -> Self {
        Self {
            memory: Memory::new(),
            found: vec![0.0; found],
        }
    }
}

/// What a step in phases works in.
pub(crate) struct Stage<'w, P, T> {
    pub(crate) groups: &'w mut [Group<P, T>],
    pub(crate) statistics: &'w mut Vec<BatchStatistics>,
    pub(crate) draws: Draws,
}

/// What a network of parameters `P` computes in. It is no part of the network's value: a clone starts with an empty one, which goes on
/// with the same random numbers, and all of them are equal.
pub struct Workspace<P, T> {
    /// The first one holds the gradient of whole batches.
    groups: Vec<Group<P, T>>,
    rooms: Rooms<P, T>,
    /// What layers that normalise by the batch have found of the last one.
    statistics: Vec<BatchStatistics>,
    /// Behind a lock because it is read and set beside the parameters.
    draws: Mutex<Draws>,
}

impl<P: Default, T: Element> Workspace<P, T> {
    /// The gradient of the parameters; networks that only predict never allocate one.
    pub(crate) fn gradient(&mut self) -> &mut P {
        &mut self.groups(1).0[0].gradient
    }

    /// So many groups, and the rooms that they are computed in.
    pub(crate) fn groups(&mut self, count: usize) -> (&mut [Group<P, T>], &Rooms<P, T>) {
        if self.groups.len() < count {
            self.groups.resize_with(count, Group::default);
        }
        (&mut self.groups[..count], &self.rooms)
    }

    /// The same for a step in phases.
    pub(crate) fn stage(&mut self, count: usize) -> Stage<'_, P, T> {
        if self.groups.len() < count {
            self.groups.resize_with(count, Group::default);
        }
        Stage {
            draws: self.draws(),
            groups: &mut self.groups[..count],
            statistics: &mut self.statistics,
        }
    }

    /// What was found of the last batch, by the numbers of the layers.
    pub(crate) fn statistics(&self) -> &[BatchStatistics] {
        &self.statistics
    }

    pub(crate) fn rooms(&self) -> &Rooms<P, T> {
        &self.rooms
    }
}

impl<P, T> Workspace<P, T> {
    /// One whose random numbers come from this seed.
    #[must_use]
    pub fn drawing(seed: u64) -> Self {
        let workspace = Self::default();
        workspace.draw_from(Draws { seed, step: 0 });
        workspace
    }

    /// One whose random numbers nobody can predict.
    #[must_use]
    pub fn drawing_from_os() -> Self {
        Self::drawing(Rng::from_os().bits())
    }

    /// Where the next random numbers come from.
    pub(crate) fn draws(&self) -> Draws {
        *self.draws.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn draw_from(&self, draws: Draws) {
        *self.draws.lock().unwrap_or_else(PoisonError::into_inner) = draws;
    }

    /// Other ones for the next step.
    pub(crate) fn draw_next(&self) {
        let Draws { seed, step } = self.draws();
        self.draw_from(Draws {
            seed,
            step: step.wrapping_add(1),
        });
    }
}

/// Rooms that earlier calls have left for later ones: as many as were ever needed at once.
pub(crate) struct Rooms<P, T>(Mutex<Vec<Room<P, T>>>);

impl<P: Default, T: Element> Rooms<P, T> {
    /// Lends room for `count` numbers of any value. Allocates only where no earlier call has left enough.
    pub(crate) fn with_memory<R>(&self, count: usize, compute: impl FnOnce(&mut [T]) -> R) -> R {
        self.with_room(|room| compute(room.memory.room(count)))
    }

    /// Lends a room, the one that was used last.
    pub(crate) fn with_room<R>(&self, compute: impl FnOnce(&mut Room<P, T>) -> R) -> R {
        let mut room = self.take();
        let result = compute(&mut room);
        self.put_back(room);
        result
    }

    // Not once more for everything that is computed in a room: users' programs wait for the compiler.
    #[inline(never)]
    fn take(&self) -> Room<P, T> {
        let room = self.spare().pop();
        room.unwrap_or_else(Room::new)
    }

    #[inline(never)]
    fn put_back(&self, room: Room<P, T>) {
        self.spare().push(room);
    }

    /// Makes so many rooms for `count` numbers, and for the gradient of a part if asked for, so that as many threads find one
    /// without allocating. Memory that no thread comes to use is never touched.
    pub(crate) fn reserve(&self, rooms: usize, count: usize, parts: bool) {
        let mut spare = self.spare();
        if spare.len() < rooms {
            spare.resize_with(rooms, Room::new);
        }
        let first = spare.len() - rooms;
        for room in &mut spare[first..] {
            room.memory.grow(count);
            if parts {
                room.part.get_or_insert_default();
            }
        }
    }

    fn spare(&self) -> MutexGuard<'_, Vec<Room<P, T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
            groups: Vec::new(),
            rooms: Rooms(Mutex::new(Vec::new())),
            statistics: Vec::new(),
            draws: Mutex::default(),
        }
    }
}

impl<P, T> Clone for Workspace<P, T> {
    fn clone(&self) -> Self {
        let clone = Self::default();
        clone.draw_from(self.draws());
        clone
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
        workspace.rooms().with_memory(40, |memory| {
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
        let rooms = workspace.rooms();
        rooms.with_memory(100, |memory| memory.fill(1.0));
        let place = rooms.with_memory(100, |memory| memory.as_ptr());
        rooms.with_memory(10, |memory| {
            assert_eq!((memory.len(), memory.as_ptr()), (10, place));
            // A second thread that comes while the first computes gets its own.
            rooms.with_memory(10, |other| assert_ne!(other.as_ptr(), place));
        });
        rooms.with_memory(10_000, |memory| assert_eq!(memory.len(), 10_000));
    }

    #[test]
    fn rooms_are_there_before_threads_ask_for_them() {
        let workspace = Workspace::<[f32; 2], f32>::default();
        let rooms = workspace.rooms();
        rooms.with_memory(10, |_| ());
        rooms.reserve(3, 100, true);
        let spare = rooms.spare();
        assert_eq!(spare.len(), 3);
        let ready = |room: &super::Room<_, f32>| {
            room.part == Some([0.0_f32; 2]) && room.memory.has_room(100)
        };
        assert!(spare.iter().all(ready));
    }
}
