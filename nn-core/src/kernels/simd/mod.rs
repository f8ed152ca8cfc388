//! Vectors of numbers, for the instruction sets that kernels are written for, and which of them this machine has.
//!
//! Kernels are written once, over [`Simd`], and compiled for each instruction set inside a function that enables it.

#![expect(
    unsafe_code,
    reason = "what needs an instruction set or takes pointers is unsafe to call"
)]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod pairs;
mod portable;

#[cfg(target_arch = "x86_64")]
pub(super) use avx2::Avx2;
#[cfg(target_arch = "x86_64")]
pub(super) use avx512::Avx512;
pub(super) use pairs::Pairs;
pub(super) use portable::Portable;

use std::sync::OnceLock;

use crate::element::Element;

/// A register of an instruction set, and what can be done with it.
///
/// # Safety
/// Every function may only be called where the instruction set is there; pointers must be valid for the numbers that the
/// function reads or writes.
pub(super) trait Simd: Copy {
    type Number: Element;
    type Vector: Copy;

    /// How many numbers a register holds.
    const LANES: usize;
    /// How many rows [`Simd::transpose`] writes.
    const PIECE: usize;
    /// Whether reading and writing a part of a register costs no more than all of it.
    const HAS_MASKS: bool;

    unsafe fn splat(number: Self::Number) -> Self::Vector;
    /// The first [`Simd::LANES`] numbers.
    unsafe fn load(from: *const Self::Number) -> Self::Vector;
    /// The first `count` numbers; zeros behind them, where nothing is read.
    unsafe fn load_first(from: *const Self::Number, count: usize) -> Self::Vector;
    /// The first half of [`Simd::LANES`] numbers, twice.
    unsafe fn load_half(from: *const Self::Number) -> Self::Vector;
    unsafe fn store(vector: Self::Vector, to: *mut Self::Number);
    /// Writes the first `count` numbers.
    unsafe fn store_first(vector: Self::Vector, to: *mut Self::Number, count: usize);
    /// a·b + c, rounded once where the instruction set can.
    unsafe fn mul_add(a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;
    unsafe fn add(a: Self::Vector, b: Self::Vector) -> Self::Vector;
    unsafe fn sub(a: Self::Vector, b: Self::Vector) -> Self::Vector;
    unsafe fn mul(a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// The vector where it is above zero or NaN, else zero.
    unsafe fn relu(vector: Self::Vector) -> Self::Vector;
    /// The vector where `other` is above zero or NaN, else zero.
    unsafe fn cut(vector: Self::Vector, other: Self::Vector) -> Self::Vector;
    /// Writes the sums of four vectors, each made in an order that depends on nothing.
    unsafe fn sums_of_four(vectors: [Self::Vector; 4], to: *mut Self::Number);
    /// Reads [`Simd::PIECE`] numbers from each of [`Simd::LANES`] lines, which begin where `lines` says, counted from `from` on,
    /// and writes as many rows: first the first numbers of all lines, and so on. Rows begin `step` apart.
    unsafe fn transpose(
        from: *const Self::Number,
        lines: &[usize; MOST_LANES],
        to: *mut Self::Number,
        step: usize,
    );
}

/// Registers whose numbers can be picked from all places of another one.
pub(super) trait Pick: Simd {
    /// A place in a register.
    type Place: Copy;

    fn place(lane: usize) -> Self::Place;
    /// For each lane the number at one of [`Simd::LANES`] places of `from`.
    unsafe fn pick(from: Self::Vector, places: *const Self::Place) -> Self::Vector;
}

/// The lanes of the widest register.
pub(super) const MOST_LANES: usize = 16;

/// Runs an expression over the arguments in front of it with the widest registers that this machine has: plain loops that are
/// inlined into it become vector code. The name behind the arguments is whether there is an instruction for a·b + c; nothing is
/// fused or reordered by itself.
///
/// A macro, because a closure is only compiled for an instruction set if the compiler happens to inline it.
macro_rules! vectorised {
    (|$($argument:ident: $type:ty),*; $fused:ident| $(-> $result:ty)? { $body:expr }) => {{
        #[cfg(target_arch = "x86_64")]
        {
            /// # Safety
            /// The instruction set must be there.
            #[target_feature(enable = "avx512f,avx512vl,avx512dq")]
            unsafe fn with_avx512($($argument: $type),*) $(-> $result)? {
                let $fused = true;
                let _ = $fused;
                $body
            }

            /// # Safety
            /// The instruction set must be there.
            #[target_feature(enable = "avx2,fma")]
            unsafe fn with_avx2($($argument: $type),*) $(-> $result)? {
                let $fused = true;
                let _ = $fused;
                $body
            }

            match $crate::kernels::simd::Level::of_this_machine() {
                // SAFETY: the machine has this level.
                $crate::kernels::simd::Level::Avx512 => return unsafe { with_avx512($($argument),*) },
                // SAFETY: the machine has this level.
                $crate::kernels::simd::Level::Avx2 => return unsafe { with_avx2($($argument),*) },
                $crate::kernels::simd::Level::Portable => {}
            }
        }
        let $fused = cfg!(target_arch = "aarch64");
        let _ = $fused;
        $body
    }};
}
pub(super) use vectorised;

/// The instruction sets that kernels are compiled for, from the plainest to the widest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Portable,
    Avx2,
    Avx512,
}

impl Level {
    /// The widest level of this machine, or the one that the environment variable `NN_CORE_SIMD` restricts it to:
    /// `portable`, `avx2` or `avx512`. Read once.
    pub(super) fn of_this_machine() -> Self {
        static LEVEL: OnceLock<Level> = OnceLock::new();
        *LEVEL.get_or_init(|| {
            let wished = std::env::var("NN_CORE_SIMD").ok();
            let wished = match wished.as_deref() {
                Some("portable") => Self::Portable,
                Some("avx2") => Self::Avx2,
                _ => Self::Avx512,
            };
            wished.min(Self::widest())
        })
    }

    #[cfg(target_arch = "x86_64")]
    pub(super) fn widest() -> Self {
        if std::is_x86_feature_detected!("avx512f")
            && std::is_x86_feature_detected!("avx512vl")
            && std::is_x86_feature_detected!("avx512dq")
        {
            Self::Avx512
        } else if std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma") {
            Self::Avx2
        } else {
            Self::Portable
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    pub(super) fn widest() -> Self {
        Self::Portable
    }
}
