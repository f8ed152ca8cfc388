//! Asking for numbers before they are needed.

/// Asks for the beginning of a slice, so that it is in the cache when it is read soon. The processor sees by itself that
/// the rest follows.
#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "an intrinsic")]
pub(crate) fn prefetch<T>(numbers: &[T]) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};

    const LINE: usize = 64;
    const LINES: usize = 16;
    let start = numbers.as_ptr().cast::<i8>();
    for byte in (0..size_of_val(numbers).min(LINES * LINE)).step_by(LINE) {
        // SAFETY: every x86-64 processor has SSE; a prefetch reads nothing, and the address lies in the slice.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(start.add(byte)) };
    }
}

/// Elsewhere the processor finds out by itself.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn prefetch<T>(_numbers: &[T]) {}

/// Asks for the cache line that holds an address, in the second-level cache. It is a hint: an address that is no memory is
/// as good as none.
#[inline]
pub(super) fn prefetch_line<T>(address: *const T) {
    #[cfg(target_arch = "x86_64")]
    #[expect(unsafe_code, reason = "an intrinsic")]
    // SAFETY: every x86-64 processor has SSE; a prefetch reads nothing and cannot fault.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T1>(address.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}
