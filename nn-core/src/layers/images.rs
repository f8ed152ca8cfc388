//! What layers that read images have in common.

use crate::element::Element;
use crate::kernels::{Convolution, Pooling};
use crate::sample::Sample;

/// An image: a sample `[[[T; W]; H]; C]` of C channels, H rows and W columns.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no image",
    label = "is not `[[[T; W]; H]; C]`: channels of rows of columns"
)]
pub trait Image: Sample {
    /// How many channels it has.
    const CHANNELS: usize;
    /// Its rows and its columns.
    const SIZE: [usize; 2];
}

impl<T: Element, const C: usize, const H: usize, const W: usize> Image for [[[T; W]; H]; C] {
    const CHANNELS: usize = C;
    const SIZE: [usize; 2] = [H, W];
}

/// The sizes of a convolution whose maps have so many weights for each place of the kernel, from images X to maps Y. Refuses, while
/// compiling, sizes that do not fit.
pub(super) const fn convolution<X: Image, Y: Image>(
    [maps, channels]: [usize; 2],
    kernel: [usize; 2],
    stride: [usize; 2],
    dilation: [usize; 2],
    padding: [usize; 2],
) -> Convolution {
    assert!(
        Y::CHANNELS == maps,
        "a map for each channel of what is given"
    );
    assert!(
        channels > 0 && X::CHANNELS.is_multiple_of(channels),
        "the channels of a group are a part of all channels"
    );
    let groups = X::CHANNELS / channels;
    assert!(
        groups > 0 && maps.is_multiple_of(groups),
        "each group has as many maps"
    );
    assert_windows(X::SIZE, Y::SIZE, kernel, stride, dilation, padding);
    Convolution {
        channels: X::CHANNELS,
        image: X::SIZE,
        maps,
        windows: Y::SIZE,
        groups,
        kernel,
        stride,
        dilation,
        padding,
    }
}

/// The sizes of a pooling from images X to images Y. Refuses, while compiling, sizes that do not fit.
pub(super) const fn pooling<X: Image, Y: Image>(
    kernel: [usize; 2],
    stride: [usize; 2],
    padding: [usize; 2],
) -> Pooling {
    assert!(X::CHANNELS == Y::CHANNELS, "pooling keeps the channels");
    assert_windows(X::SIZE, Y::SIZE, kernel, stride, [1, 1], padding);
    Pooling {
        image: X::SIZE,
        windows: Y::SIZE,
        kernel,
        stride,
        padding,
    }
}

/// Refuses windows that see nothing of the image.
const fn assert_windows(
    image: [usize; 2],
    windows: [usize; 2],
    kernel: [usize; 2],
    stride: [usize; 2],
    dilation: [usize; 2],
    padding: [usize; 2],
) {
    let mut axis = 0;
    while axis < 2 {
        assert!(
            image[axis] > 0 && windows[axis] > 0 && kernel[axis] > 0,
            "a size is 0"
        );
        assert!(
            stride[axis] > 0 && dilation[axis] > 0,
            "a stride or a dilation is 0"
        );
        assert!(
            padding[axis] <= (kernel[axis] - 1) * dilation[axis],
            "the first window sees nothing but padding"
        );
        assert!(
            (windows[axis] - 1) * stride[axis] < image[axis] + padding[axis],
            "the last window sees nothing but padding"
        );
        axis += 1;
    }
}
