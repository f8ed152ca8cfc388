//! Room for numbers on the way, kept by each thread from call to call.

use std::cell::RefCell;

use crate::memory::Memory;

/// What the room is for; each has its own.
#[derive(Clone, Copy)]
pub(super) enum Scratch {
    /// Parts of A and B, packed.
    Packed,
    /// Sums over a part of k.
    Sums,
    /// A gradient that is not kept.
    Gradient,
    /// Images in the order of a convolution.
    Panel,
}

/// Numbers that there is room for.
pub(super) trait WithScratch: Sized {
    /// Lends `count` numbers of any value, on whole cache lines.
    fn with_scratch<R>(scratch: Scratch, count: usize, compute: impl FnOnce(&mut [Self]) -> R)
    -> R;
}

macro_rules! with_scratch {
    ($number:ty) => {
        impl WithScratch for $number {
            fn with_scratch<R>(
                scratch: Scratch,
                count: usize,
                compute: impl FnOnce(&mut [Self]) -> R,
            ) -> R {
                thread_local! {
                    static ROOMS: [RefCell<Memory<$number>>; 4] =
                        const { [const { RefCell::new(Memory::new()) }; 4] };
                }
                ROOMS.with(|rooms| compute(rooms[scratch as usize].borrow_mut().room(count)))
            }
        }
    };
}

with_scratch!(f32);
with_scratch!(f64);
// Places.
with_scratch!(usize);
