//! The sizes of windows on images, worked out by the compiler where constants are in them. None of this fails: what does not fit is
//! said by assertions of its own.

/// How many windows lie on an image with padding: (image + padding − reach) / stride + 1.
#[must_use]
pub const fn windows(
    image: usize,
    kernel: usize,
    dilation: usize,
    stride: usize,
    padding: usize,
) -> usize {
    let room = (image + padding).saturating_sub(reach(kernel, dilation));
    match room.checked_div(stride) {
        Some(moves) => moves + 1,
        None => 1,
    }
}

/// Whether they do, with nothing left over unless it may be. Of a stride of 0 something else complains.
#[must_use]
pub const fn windows_fit(
    image: usize,
    kernel: usize,
    dilation: usize,
    stride: usize,
    padding: usize,
    floor: bool,
) -> bool {
    let reach = reach(kernel, dilation);
    stride == 0
        || image + padding >= reach && (floor || (image + padding - reach).is_multiple_of(stride))
}

/// How many windows there are with `padding = same`: image / stride, rounded up.
#[must_use]
pub const fn same_windows(image: usize, stride: usize) -> usize {
    if stride == 0 {
        1
    } else {
        image.div_ceil(stride)
    }
}

/// How much padding that takes, before and after the image together; half of it, rounded down, comes before.
#[must_use]
pub const fn same_padding(image: usize, kernel: usize, dilation: usize, stride: usize) -> usize {
    let strides = same_windows(image, stride).saturating_sub(1) * stride;
    (strides + reach(kernel, dilation)).saturating_sub(image)
}

/// How large the image is that windows are spread to: (windows − 1)·stride + reach − padding + output padding.
#[must_use]
pub const fn spread(
    windows: usize,
    kernel: usize,
    dilation: usize,
    stride: usize,
    padding: usize,
    output_padding: usize,
) -> usize {
    let strides = windows.saturating_sub(1) * stride;
    (strides + reach(kernel, dilation) + output_padding).saturating_sub(padding)
}

/// How far a window reaches: (kernel − 1)·dilation + 1.
#[must_use]
pub const fn reach(kernel: usize, dilation: usize) -> usize {
    kernel.saturating_sub(1) * dilation + 1
}

#[cfg(test)]
mod tests {
    use super::{same_padding, same_windows, spread, windows, windows_fit};

    /// By hand: 28 rows and windows of 5 have 24 places; 12 and a half if every second one is taken.
    #[test]
    fn windows_by_hand() {
        assert_eq!(windows(28, 5, 1, 1, 0), 24);
        assert_eq!(windows(28, 5, 1, 2, 0), 12);
        assert!(windows_fit(28, 5, 1, 1, 0, false));
        assert!(!windows_fit(28, 5, 1, 2, 0, false));
        assert!(windows_fit(28, 5, 1, 2, 0, true));
        // Windows of 3 with a gap between their numbers reach over 5.
        assert_eq!(windows(28, 3, 2, 1, 4), 28);
        assert!(!windows_fit(4, 3, 2, 1, 0, true));
        // What is no size gives some number.
        assert_eq!(windows(4, 5, 1, 0, 0), 1);
    }

    /// Windows of 4 on 5 rows: three of zeros, one above. On 6, two at a time: 3 windows over 8 rows.
    #[test]
    fn same_by_hand() {
        assert_eq!(same_padding(5, 4, 1, 1), 3);
        assert_eq!((same_windows(6, 2), same_padding(6, 4, 1, 2)), (3, 2));
        assert_eq!((same_windows(7, 2), same_padding(7, 3, 1, 2)), (4, 2));
        assert_eq!(same_padding(6, 1, 1, 2), 0);
    }

    /// Two numbers of windows of 3, two apart: 5 rows; with one cut off at each side and one added, 4.
    #[test]
    fn spread_by_hand() {
        assert_eq!(spread(2, 3, 1, 2, 0, 0), 5);
        assert_eq!(spread(2, 3, 1, 2, 2, 1), 4);
        assert_eq!(spread(2, 3, 2, 1, 0, 0), 6);
    }
}
