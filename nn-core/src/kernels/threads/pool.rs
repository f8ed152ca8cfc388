//! Threads that are started once and then wait for work, at first awake, so that no system call stands between two loops
//! that follow closely.
//!
//! One word holds which loop is on, how many threads may help, and how many of its turns are given out. Whoever moves it
//! on by one owns that turn; the caller takes turns like everyone else, and then waits for those that others took. So a
//! helper that is late, or asleep, or has no core to run on costs nothing: its turns are taken by others.

#![expect(
    unsafe_code,
    reason = "threads that outlive a call borrow what the call works on"
)]

use std::any::Any;
use std::cell::UnsafeCell;
use std::hint::spin_loop;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, TryLockError};
use std::thread::{self, Thread};

use super::with_threads;

/// Turns of a pause of some 40 ns before a waiting thread offers its core to others.
const SPINS: usize = 2_000;

/// Offers of its core, after which a helper sleeps until it is woken.
const YIELDS: usize = 2_000;

/// What fits into the word's parts.
const MOST_TURNS: usize = 4_095;
const MOST_HELPERS: usize = 255;

/// A slice, of which threads take parts.
struct Parts<'s, T> {
    start: *mut T,
    length: usize,
    slice: PhantomData<&'s mut [T]>,
}

// SAFETY: parts that are taken do not overlap, and what is in them may be sent.
unsafe impl<T: Send> Sync for Parts<'_, T> {}

impl<'s, T> Parts<'s, T> {
    fn new(slice: &'s mut [T]) -> Self {
        Self {
            length: slice.len(),
            start: slice.as_mut_ptr(),
            slice: PhantomData,
        }
    }

    /// The items from `from` to `to`.
    ///
    /// # Safety
    /// Nobody else may have any of them.
    unsafe fn part(&self, from: usize, to: usize) -> &'s mut [T] {
        assert!(from <= to && to <= self.length, "a part of the slice");
        // SAFETY: the items lie in the slice, which is borrowed for 's; the caller is the only one who has them.
        unsafe { std::slice::from_raw_parts_mut(self.start.add(from), to - from) }
    }
}

/// Calls `work` with every item and its index.
pub(super) fn for_each_mut<T: Send>(
    threads: usize,
    items: &mut [T],
    work: &(impl Fn(usize, &mut T) + Sync),
) {
    let count = items.len();
    let items = Parts::new(items);
    for_each(threads, count, &|index| {
        // SAFETY: `for_each` calls with every index below the count once.
        for item in unsafe { items.part(index, index + 1) } {
            work(index, item);
        }
    });
}

/// Cuts slices of one length into so many runs of the same places, and calls `work` with the parts and where they begin.
pub(super) fn for_each_run_of<T: Send, const N: usize>(
    runs: usize,
    first: &mut [T],
    others: [&mut [T]; N],
    work: &(impl Fn(&mut [T], [&mut [T]; N], usize) + Sync),
) {
    let count = first.len();
    assert!(
        others.iter().all(|other| other.len() == count),
        "slices of different lengths"
    );
    let (first, others) = (Parts::new(first), others.map(Parts::new));
    for_each(runs, runs, &|run| {
        let (from, to) = (run * count / runs, (run + 1) * count / runs);
        // SAFETY: `for_each` calls with every run once, and runs do not overlap.
        let (first, others) = unsafe {
            (
                first.part(from, to),
                std::array::from_fn(|index| others[index].part(from, to)),
            )
        };
        work(first, others, from);
    });
}

/// Calls `work` with 0, 1, … below `turns`, each once, on up to so many threads. A pool that another thread keeps busy is
/// not waited for: the caller then does everything itself.
pub(super) fn for_each(threads: usize, turns: usize, work: &(dyn Fn(usize) + Sync)) {
    static POOL: Mutex<Pool> = Mutex::new(Pool {
        helpers: Vec::new(),
    });
    let pool = match POOL.try_lock() {
        Ok(pool) => Some(pool),
        // A panic of `work` passed through here; the pool was left as after any loop.
        Err(TryLockError::Poisoned(pool)) => Some(pool.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    };
    match pool {
        Some(mut pool) if turns <= MOST_TURNS => pool.run(threads, turns, work),
        _ => with_threads(1, || (0..turns).for_each(work)),
    }
}

/// The helpers that have been started.
struct Pool {
    helpers: Vec<Thread>,
}

impl Pool {
    fn run(&mut self, threads: usize, turns: usize, work: &(dyn Fn(usize) + Sync)) {
        let helpers = (threads - 1).min(turns).min(MOST_HELPERS);
        self.start(helpers);

        // SAFETY: the last loop is over, so nobody reads its work any more. The lifetime ends before `work` does: this
        // function returns after every turn was done, and no turn begins after the last.
        unsafe {
            let work: &'static (dyn Fn(usize) + Sync) = std::mem::transmute(work);
            *LOOP.work.get() = Some(work);
        }
        LOOP.done.0.store(0, Ordering::Relaxed);
        LOOP.publish(helpers, turns);
        if LOOP.asleep.load(Ordering::SeqCst) > 0 {
            for helper in &self.helpers[..helpers.min(self.helpers.len())] {
                helper.unpark();
            }
        }

        LOOP.take_turns(None);
        let mut waited = 0;
        while LOOP.done.0.load(Ordering::Acquire) < turns {
            wait(&mut waited);
        }
        let panic = LOOP.panic.lock().map_or(None, |mut panic| panic.take());
        if let Some(panic) = panic {
            resume_unwind(panic);
        }
    }

    /// Where threads cannot be started there are fewer helpers, or none.
    fn start(&mut self, helpers: usize) {
        while self.helpers.len() < helpers {
            let index = self.helpers.len();
            let name = format!("nn-core {}", index + 1);
            let Ok(handle) = thread::Builder::new().name(name).spawn(move || help(index)) else {
                return;
            };
            self.helpers.push(handle.thread().clone());
        }
    }
}

/// Two cache lines of its own: what one thread writes all the time does not slow down what others read.
#[repr(align(128))]
struct Apart<T>(T);

/// The loop that is on.
struct Loop {
    /// From the highest bit: 32 bits for its number, 8 for its helpers, 12 for its turns, 12 for those given out.
    ticket: Apart<AtomicU64>,
    done: Apart<AtomicUsize>,
    asleep: AtomicUsize,
    work: UnsafeCell<Option<&'static (dyn Fn(usize) + Sync)>>,
    /// The first panic of a turn.
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

// SAFETY: `work` is written by whoever holds the pool while no turn is out, and read by owners of a turn only.
unsafe impl Sync for Loop {}

static LOOP: Loop = Loop {
    ticket: Apart(AtomicU64::new(0)),
    done: Apart(AtomicUsize::new(0)),
    asleep: AtomicUsize::new(0),
    work: UnsafeCell::new(None),
    panic: Mutex::new(None),
};

/// The word, taken apart.
#[expect(
    clippy::cast_possible_truncation,
    reason = "no field has more than 12 bits"
)]
fn parts(ticket: u64) -> (usize, usize, usize) {
    let field = |shift: u32, bits: u32| ((ticket >> shift) & ((1 << bits) - 1)) as usize;
    (field(24, 8), field(12, 12), field(0, 12))
}

impl Loop {
    fn publish(&self, helpers: usize, turns: usize) {
        let number = (self.ticket.0.load(Ordering::Relaxed) >> 32).wrapping_add(1);
        let ticket = (number << 32) | ((helpers as u64) << 24) | ((turns as u64) << 12);
        self.ticket.0.store(ticket, Ordering::SeqCst);
    }

    /// Whether there is a turn for a helper.
    fn has_turn_for(&self, helper: usize) -> bool {
        let (helpers, turns, given) = parts(self.ticket.0.load(Ordering::SeqCst));
        helper < helpers && given < turns
    }

    /// Takes turns until all are given out; a helper only if the loop has room for it.
    fn take_turns(&self, helper: Option<usize>) {
        let mut ticket = self.ticket.0.load(Ordering::Acquire);
        loop {
            let (helpers, turns, given) = parts(ticket);
            if given >= turns || helper.is_some_and(|helper| helper >= helpers) {
                return;
            }
            let (success, failure) = (Ordering::AcqRel, Ordering::Acquire);
            match self
                .ticket
                .0
                .compare_exchange_weak(ticket, ticket + 1, success, failure)
            {
                Ok(_) => {
                    self.turn(given);
                    ticket = self.ticket.0.load(Ordering::Acquire);
                }
                Err(now) => ticket = now,
            }
        }
    }

    /// Does a turn that the caller owns.
    fn turn(&self, index: usize) {
        // SAFETY: while a turn is out, `work` is not written, and what it borrows is there.
        let work = unsafe { *self.work.get() };
        let result = catch_unwind(AssertUnwindSafe(|| {
            with_threads(1, || {
                if let Some(work) = work {
                    work(index);
                }
            });
        }));
        if let Err(panic) = result
            && let Ok(mut first) = self.panic.lock()
        {
            first.get_or_insert(panic);
        }
        self.done.0.fetch_add(1, Ordering::Release);
    }
}

/// The life of a helper.
fn help(index: usize) {
    let mut waited = 0;
    loop {
        if LOOP.has_turn_for(index) {
            LOOP.take_turns(Some(index));
            waited = 0;
        } else if waited < SPINS + YIELDS {
            wait(&mut waited);
        } else {
            // Announced before the last look, so that whoever publishes after that look wakes it.
            LOOP.asleep.fetch_add(1, Ordering::SeqCst);
            if !LOOP.has_turn_for(index) {
                thread::park();
            }
            LOOP.asleep.fetch_sub(1, Ordering::SeqCst);
            waited = 0;
        }
    }
}

/// Awake at first, then giving way to others.
fn wait(waited: &mut usize) {
    if *waited < SPINS {
        spin_loop();
    } else {
        thread::yield_now();
    }
    *waited += 1;
}
