//! The slices of a product as pointers, after their sizes were checked, and parts of them.

#![expect(unsafe_code, reason = "parts of a product are addressed by pointers")]
#![expect(
    clippy::inline_always,
    reason = "instructions are only there inside of the caller that enables them"
)]

use super::{Finish, Product};
use crate::element::Element;

/// The same, with the checked slices as pointers.
#[derive(Clone, Copy)]
pub(super) struct Pointers<N> {
    pub(super) m: usize,
    pub(super) n: usize,
    pub(super) k: usize,
    pub(super) a: *const N,
    /// The distance between the rows of A, and between its columns.
    pub(super) a_row: usize,
    pub(super) a_step: usize,
    pub(super) b: *const N,
    /// The distance between the rows of B, and between its columns.
    pub(super) b_step: usize,
    pub(super) b_column: usize,
    pub(super) c: *mut N,
    pub(super) start: Start<N>,
    pub(super) finish: End<N>,
    pub(super) sums: Option<*mut N>,
    /// For a row of C, k numbers that will be read soon.
    pub(super) next: Option<*const N>,
}

/// [`Finish`], with the other matrix as a pointer to the place of C.
#[derive(Clone, Copy)]
pub(super) enum End<N> {
    Keep,
    Relu,
    Cut(*const N),
    Descend(N),
}

/// What sums begin with.
#[derive(Clone, Copy)]
pub(super) enum Start<N> {
    Zero,
    /// A row that is the same for all rows of C.
    Row(*const N),
    /// What is in C.
    Sum,
}

impl<N: Element> Product<'_, N> {
    /// What was checked, as pointers.
    pub(super) fn pointers(&mut self) -> Pointers<N> {
        let (a_row, a_step) = if self.a_transposed {
            (1, self.m)
        } else {
            (self.k, 1)
        };
        let (b_step, b_column) = if self.b_transposed {
            (1, self.k)
        } else {
            (self.n, 1)
        };
        Pointers {
            m: self.m,
            n: self.n,
            k: self.k,
            a: self.a.as_ptr(),
            a_row,
            a_step,
            b: self.b.as_ptr(),
            b_step,
            b_column,
            c: self.c.as_mut_ptr(),
            start: match self.bias {
                Some(bias) => Start::Row(bias.as_ptr()),
                None if self.adds => Start::Sum,
                None => Start::Zero,
            },
            finish: match self.finish {
                Finish::Keep => End::Keep,
                Finish::Relu => End::Relu,
                Finish::Cut(other) => End::Cut(other.as_ptr()),
                Finish::Descend(rate) => End::Descend(rate),
            },
            sums: self.sums.as_mut().map(|sums| sums.as_mut_ptr()),
            next: self.next,
        }
    }
}

impl<N: Element> Pointers<N> {
    /// The part of the product that sums over `k` numbers from `from` on.
    ///
    /// # Safety
    /// `from + k` must be at most the product's own k.
    pub(super) unsafe fn block(self, from: usize, k: usize) -> Self {
        // SAFETY: the caller stays within k, so the pointers stay within their slices.
        let (a, b) = unsafe {
            (
                self.a.add(from * self.a_step),
                self.b.add(from * self.b_step),
            )
        };
        let start = if from == 0 { self.start } else { Start::Sum };
        let last = from + k == self.k;
        let finish = if last { self.finish } else { End::Keep };
        Self {
            k,
            a,
            b,
            start,
            finish,
            ..self
        }
    }

    /// The part of the product that gives these rows of C.
    pub(super) fn rows(self, from: usize, to: usize) -> Self {
        assert!(from <= to && to <= self.m, "rows of C");
        // SAFETY: the rows lie in C; an empty part starts at most behind the last one.
        let part = unsafe { self.at(from, 0) };
        Self {
            m: to - from,
            ..part
        }
    }

    /// The same from another row and column of C on.
    ///
    /// # Safety
    /// The place must lie in C.
    #[inline(always)]
    pub(super) unsafe fn at(self, row: usize, column: usize) -> Self {
        // SAFETY: the caller gives a place in C, and so a row of A, a column of B and of the bias.
        unsafe {
            Self {
                a: self.a.add(row * self.a_row),
                b: self.b.add(column * self.b_column),
                c: self.c.add(row * self.n + column),
                start: match self.start {
                    Start::Row(bias) => Start::Row(bias.add(column)),
                    start => start,
                },
                finish: match self.finish {
                    End::Cut(other) => End::Cut(other.add(row * self.n + column)),
                    finish => finish,
                },
                sums: self.sums.map(|sums| sums.add(column)),
                next: self.next.map(|next| next.wrapping_add(row * self.k)),
                ..self
            }
        }
    }
}

/// Pointers that several threads compute with.
pub(super) struct Shared<N>(pub(super) Pointers<N>);

// SAFETY: each thread writes rows of C of its own; A, B and the bias are read only.
unsafe impl<N: Sync> Sync for Shared<N> {}

impl<N: Element> Shared<N> {
    /// By a function, so that a closure borrows the whole of it.
    pub(super) fn get(&self) -> Pointers<N> {
        self.0
    }
}
