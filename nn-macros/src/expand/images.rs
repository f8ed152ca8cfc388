//! The types of layers that move windows over images, or change their size.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::builtin::ImageLayer;
use crate::graph::{Node, Windows};
use crate::size::Size;

/// The type of a convolution: what is as the type has it by itself is left out at the end.
pub(super) fn layer_type(node: &Node, windows: &Windows, element: &TokenStream) -> TokenStream {
    let name = format_ident!("{}", node.builtin.name);
    let [first, second, rows, columns] = windows.weights();
    let is_transposed = windows.layer == ImageLayer::Transposed;
    let (channels, maps) = if is_transposed {
        (first, second)
    } else {
        (second, first)
    };
    let biases = if windows.bias {
        windows.outputs.clone().unwrap_or_else(|| Size::of(1))
    } else {
        Size::of(0)
    };
    let one = || Size::of(1);
    let zero = || Size::of(0);
    let [stride, before, dilation] = [&windows.stride, &windows.before(), &windows.dilation]
        .map(|pair| pair.clone().into_iter());
    let mut options: Vec<(Size, Size)> = Vec::new();
    options.extend(stride.map(|size| (size, one())));
    options.extend(before.map(|size| (size, zero())));
    options.extend(dilation.map(|size| (size, one())));
    options.push((biases, maps.clone()));
    if is_transposed {
        options.push((windows.groups.clone(), one()));
    }
    let options = without_defaults(options);
    quote!(::nn_core::#name<#channels, #maps, #rows, #columns, #element #(, #options)*>)
}

/// Sizes up to the last one that differs from what the type has by itself.
fn without_defaults(sizes: Vec<(Size, Size)>) -> Vec<Size> {
    let differs = |(size, default): &(Size, Size)| size.equals(default) != Some(true);
    let count = sizes.iter().rposition(differs).map_or(0, |last| last + 1);
    let sizes = sizes.into_iter().take(count);
    sizes.map(|(size, _)| size).collect()
}

/// A layer of images without parameters.
pub(super) fn unit(node: &Node, windows: &Windows) -> TokenStream {
    let name = format_ident!("{}", node.builtin.name);
    let ([rows, columns], [below, across]) = (&windows.kernel, &windows.stride);
    let [top, left] = windows.before();
    let value = &windows.value;
    match windows.layer {
        ImageLayer::Pooling { counts_padding } => {
            let counts = counts_padding.then_some(windows.counts_padding);
            let counts = counts.into_iter();
            quote!(::nn_core::#name::<#rows, #columns, #below, #across, #top, #left #(, #counts)*>)
        }
        ImageLayer::Pad => quote!(::nn_core::#name::<#top, #left>(#value)),
        ImageLayer::Upsample => {
            let bilinear = windows.bilinear;
            quote!(::nn_core::#name::<#rows, #columns, #bilinear>)
        }
        ImageLayer::Convolution | ImageLayer::Transposed => quote!(::nn_core::#name),
    }
}
