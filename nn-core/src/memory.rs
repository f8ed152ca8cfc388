//! Memory that grows and begins at a cache line.

/// A cache line, which is also the widest register, in bytes.
const LINE: usize = 64;

/// Numbers in a line.
pub(crate) const fn line<T>() -> usize {
    LINE / size_of::<T>()
}

/// Numbers whose first one lies at the beginning of a line.
#[derive(Debug)]
pub(crate) struct Memory<T> {
    numbers: Vec<T>,
}

impl<T: Copy + Default> Memory<T> {
    pub(crate) const fn new() -> Self {
        Self {
            numbers: Vec::new(),
        }
    }

    /// Room for `count` numbers, of any value. Allocates only if it is more than ever before.
    pub(crate) fn room(&mut self, count: usize) -> &mut [T] {
        self.grow(count);
        let start = self.numbers.as_ptr().align_offset(LINE).min(line::<T>());
        &mut self.numbers[start..start + count]
    }

    /// Makes room for `count` numbers.
    pub(crate) fn grow(&mut self, count: usize) {
        // A vector begins anywhere.
        let with_start = count + line::<T>();
        if self.numbers.len() < with_start {
            self.numbers = vec![T::default(); with_start];
        }
    }

    /// Whether there is room for `count` numbers.
    #[cfg(test)]
    pub(crate) fn has_room(&self, count: usize) -> bool {
        self.numbers.len() >= count + line::<T>()
    }
}
