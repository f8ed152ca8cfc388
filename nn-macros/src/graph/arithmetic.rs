//! The sizes that windows and padding lead to: as numbers, as code for the compiler where constants are in them, and as one writes
//! them.

use proc_macro2::TokenStream;
use quote::quote;

use super::images::{Padding, Windows};
use crate::builtin::ImageLayer;
use crate::size::Size;

/// One axis of windows on an image.
pub(crate) struct Axis<'a> {
    pub(crate) layer: ImageLayer,
    pub(crate) image: &'a Size,
    pub(crate) kernel: &'a Size,
    pub(crate) stride: &'a Size,
    pub(crate) dilation: &'a Size,
    /// Before and after; `None` where it follows from the others, `same`.
    pub(crate) padding: Option<&'a [Size; 2]>,
    pub(crate) output_padding: &'a Size,
}

/// The same, where all of them are numbers.
#[derive(Clone, Copy)]
pub(crate) struct Numbers {
    pub(crate) image: usize,
    pub(crate) kernel: usize,
    pub(crate) stride: usize,
    pub(crate) dilation: usize,
    pub(crate) padding: [usize; 2],
    output_padding: usize,
}

impl Numbers {
    /// How far a window reaches.
    pub(crate) fn reach(&self) -> usize {
        let gaps = self.kernel.saturating_sub(1).saturating_mul(self.dilation);
        gaps.saturating_add(1)
    }

    /// How far the first window can be moved; `None` if it is larger than the image.
    pub(crate) fn room(&self) -> Option<usize> {
        let [before, after] = self.padding;
        let image = self.image.checked_add(before)?.checked_add(after)?;
        image.checked_sub(self.reach())
    }
}

/// The rows or columns of zeros that `same` stands for: as many windows as there are strides in the image, or one more.
fn same_padding(image: usize, kernel: usize, dilation: usize, stride: usize) -> usize {
    let windows = image.div_ceil(stride.max(1));
    let strides = windows.saturating_sub(1).saturating_mul(stride);
    let gaps = kernel.saturating_sub(1).saturating_mul(dilation);
    strides.saturating_add(gaps + 1).saturating_sub(image)
}

impl Windows {
    /// The axes, rows first; `None` if nothing is known of what arrives.
    pub(crate) fn axes(&self) -> Option<[Axis<'_>; 2]> {
        let [_, rows, columns] = self.image.as_ref()?;
        let axis = |axis: usize, image| Axis {
            layer: self.layer,
            image,
            kernel: &self.kernel[axis],
            stride: &self.stride[axis],
            dilation: &self.dilation[axis],
            padding: match &self.padding {
                Padding::Same => None,
                Padding::Sides(sides) => Some(&sides[axis]),
            },
            output_padding: &self.output_padding[axis],
        };
        Some([axis(0, rows), axis(1, columns)])
    }

    /// The sizes of what the layer gives: channels, rows, columns.
    pub(crate) fn gives(&self) -> Option<Vec<Size>> {
        let [channels, ..] = self.image.as_ref()?;
        let channels = self.outputs.as_ref().unwrap_or(channels);
        let [rows, columns] = self.axes()?.map(|axis| axis.gives());
        Some(vec![channels.clone(), rows, columns])
    }

    /// The sizes of the weights of a convolution.
    pub(crate) fn weights(&self) -> [Size; 4] {
        let one = || Size::of(1);
        let channels = self.image.as_ref().map_or_else(one, |[c, ..]| c.clone());
        let outputs = self.outputs.clone().unwrap_or_else(one);
        let [rows, columns] = self.kernel.clone();
        if self.layer == ImageLayer::Transposed {
            [channels, outputs.divided_by(&self.groups), rows, columns]
        } else {
            [outputs, channels.divided_by(&self.groups), rows, columns]
        }
    }

    /// The factors of the multiply-adds that a convolution takes for one sample: the weights of a map for each window.
    pub(crate) fn macs(&self) -> Vec<Size> {
        let sizes = match self.layer {
            ImageLayer::Convolution => self.gives(),
            ImageLayer::Transposed => self.image.clone().map(Vec::from),
            _ => None,
        };
        let Some(sizes) = sizes else {
            return vec![Size::of(0)];
        };
        let [_, channels, rows, columns] = self.weights();
        [sizes, vec![channels, rows, columns]].concat()
    }

    /// The rows above the image and the columns left of it.
    pub(crate) fn before(&self) -> [Size; 2] {
        let axes = self.axes();
        axes.map_or_else(
            || [Size::of(0), Size::of(0)],
            |axes| axes.map(|axis| axis.before()),
        )
    }
}

impl Axis<'_> {
    pub(crate) fn numbers(&self) -> Option<Numbers> {
        let (image, kernel) = (self.image.value()?, self.kernel.value()?);
        let (stride, dilation) = (self.stride.value()?, self.dilation.value()?);
        let padding = if let Some([before, after]) = self.padding {
            [before.value()?, after.value()?]
        } else {
            let all = same_padding(image, kernel, dilation, stride);
            [all / 2, all - all / 2]
        };
        Some(Numbers {
            image,
            kernel,
            stride,
            dilation,
            padding,
            output_padding: self.output_padding.value()?,
        })
    }

    /// What `same` depends on, as arguments of a function.
    fn arguments(&self) -> TokenStream {
        let Self {
            image,
            kernel,
            stride,
            dilation,
            ..
        } = self;
        quote!(#image, #kernel, #dilation, #stride)
    }

    /// All padding together, as code.
    pub(crate) fn padding_code(&self) -> TokenStream {
        let arguments = self.arguments();
        if let Some([before, after]) = self.padding {
            let (before, after) = (before.operand(), after.operand());
            quote!(#before + #after)
        } else {
            quote!(::nn_core::__private::same_padding(#arguments))
        }
    }

    fn before(&self) -> Size {
        let value = self.numbers().map(|numbers| numbers.padding[0]);
        if let Some([before, _]) = self.padding {
            return before.clone();
        }
        let arguments = self.arguments();
        let code = quote!(::nn_core::__private::same_padding(#arguments) / 2);
        Size::computed(value, "same".to_owned(), code)
    }

    fn gives(&self) -> Size {
        match self.layer {
            ImageLayer::Convolution | ImageLayer::Pooling { .. } => self.windows(),
            ImageLayer::Transposed => self.spread(),
            ImageLayer::Pad => self.padded(),
            ImageLayer::Upsample => self.enlarged(),
        }
    }

    /// (image + padding − reach) / stride + 1; with `same` image / stride, rounded up.
    fn windows(&self) -> Size {
        let is_one = |size: &Size| size.value() == Some(1);
        let numbers = self.numbers();
        if self.padding.is_none() {
            if is_one(self.stride) {
                return self.image.clone();
            }
            let (image, stride) = (self.image, self.stride);
            let value = numbers.map(|numbers| numbers.image.div_ceil(numbers.stride.max(1)));
            let text = format!("{}.div_ceil({})", image.operand_text(), stride.text());
            let code = quote!(::nn_core::__private::same_windows(#image, #stride));
            return Size::computed(value, text, code);
        }
        let value =
            numbers.map(|numbers| numbers.room().unwrap_or_default() / numbers.stride.max(1) + 1);
        let (padding, arguments) = (self.padding_code(), self.arguments());
        let code = quote!(::nn_core::__private::windows(#arguments, #padding));
        Size::computed(value, self.windows_text(), code)
    }

    /// `(28 + 2 * 1 - 5) / 2 + 1`
    pub(crate) fn windows_text(&self) -> String {
        let room = format!(
            "{}{} - {}",
            self.image.operand_text(),
            self.padding_text(),
            self.reach_text()
        );
        if self.stride.value() == Some(1) {
            format!("{room} + 1")
        } else {
            format!("({room}) / {} + 1", self.stride.operand_text())
        }
    }

    /// ` + 2 * 1`, ` + 0 + 1` or nothing.
    pub(crate) fn padding_text(&self) -> String {
        match self.padding {
            None => String::new(),
            Some([before, after]) => {
                if before.value() == Some(0) && after.value() == Some(0) {
                    String::new()
                } else if before.equals(after) == Some(true) {
                    format!(" + 2 * {}", before.operand_text())
                } else {
                    format!(" + {} + {}", before.operand_text(), after.operand_text())
                }
            }
        }
    }

    fn reach_text(&self) -> String {
        let kernel = self.kernel.operand_text();
        if self.dilation.value() == Some(1) {
            kernel
        } else {
            let dilation = self.dilation.operand_text();
            format!("{dilation} * ({kernel} - 1) - 1")
        }
    }

    /// (image − 1)·stride + reach − padding + output padding.
    fn spread(&self) -> Size {
        let value = self.numbers().map(|numbers| {
            let strides = numbers
                .image
                .saturating_sub(1)
                .saturating_mul(numbers.stride);
            let all = strides
                .saturating_add(numbers.reach())
                .saturating_add(numbers.output_padding);
            let [before, after] = numbers.padding;
            all.saturating_sub(before).saturating_sub(after)
        });
        let (padding, arguments, more) =
            (self.padding_code(), self.arguments(), self.output_padding);
        let code = quote!(::nn_core::__private::spread(#arguments, #padding, #more));
        Size::computed(value, self.spread_text(), code)
    }

    /// `(28 - 1) * 2 + 5 - 2 * 1 + 1`
    pub(crate) fn spread_text(&self) -> String {
        let more = match self.output_padding.value() {
            Some(0) => String::new(),
            _ => format!(" + {}", self.output_padding.operand_text()),
        };
        let reach = if self.dilation.value() == Some(1) {
            self.kernel.operand_text()
        } else {
            let (dilation, kernel) = (self.dilation.operand_text(), self.kernel.operand_text());
            format!("{dilation} * ({kernel} - 1) + 1")
        };
        format!(
            "({} - 1) * {} + {reach}{}{more}",
            self.image.operand_text(),
            self.stride.operand_text(),
            self.padding_text().replace(" + ", " - "),
        )
    }

    fn padded(&self) -> Size {
        let value = self.numbers().and_then(|numbers| {
            let [before, after] = numbers.padding;
            numbers.image.checked_add(before)?.checked_add(after)
        });
        let (image, padding) = (self.image.operand(), self.padding_code());
        let text = format!("{}{}", self.image.operand_text(), self.padding_text());
        Size::computed(value, text, quote!(#image + #padding))
    }

    fn enlarged(&self) -> Size {
        let (image, factor) = (self.image, self.kernel);
        let value = image.value().zip(factor.value());
        let value = value.and_then(|(image, factor)| image.checked_mul(factor));
        let text = format!("{} * {}", factor.operand_text(), image.operand_text());
        let (image, factor) = (image.operand(), factor.operand());
        Size::computed(value, text, quote!(#image * #factor))
    }
}
