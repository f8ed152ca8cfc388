//! Room for numbers on the way, kept by each thread from call to call.

use std::cell::RefCell;

/// What the room is for; each has its own.
#[derive(Clone, Copy)]
pub(super) enum Scratch {
    /// Parts of A and B, packed.
    Packed,
    /// Sums over a part of k.
    Sums,
    /// A gradient that is not kept.
    Gradient,
}

/// Numbers that there is room for.
pub(super) trait WithScratch: Sized {
    /// Lends `count` numbers of any value, on whole cache lines.
    fn with_scratch<R>(scratch: Scratch, count: usize, compute: impl FnOnce(&mut [Self]) -> R)
    -> R;
}

/// The bytes of a cache line, and of the widest register.
const LINE: usize = 64;

macro_rules! with_scratch {
    ($number:ty) => {
        impl WithScratch for $number {
            fn with_scratch<R>(
                scratch: Scratch,
                count: usize,
                compute: impl FnOnce(&mut [Self]) -> R,
            ) -> R {
                thread_local! {
                    static ROOMS: [RefCell<Vec<$number>>; 3] =
                        const { [const { RefCell::new(Vec::new()) }; 3] };
                }
                ROOMS.with(|rooms| {
                    let mut numbers = rooms[scratch as usize].borrow_mut();
                    let spare = LINE / size_of::<$number>();
                    if numbers.len() < count + spare {
                        numbers.resize(count + spare, 0.0);
                    }
                    let skip = numbers.as_ptr().align_offset(LINE).min(spare);
                    compute(&mut numbers[skip..skip + count])
                })
            }
        }
    };
}

with_scratch!(f32);
with_scratch!(f64);
