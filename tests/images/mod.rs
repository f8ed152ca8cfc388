//! Layers of images: against `PyTorch` and the ONNX operator tests, and their gradients against differences.

mod fixture;
pub(crate) mod gradients;
mod networks;
pub(crate) mod onnx;
pub(crate) mod reference;

use nn_tests::tally;

of_kind! {
    conv2d "Conv2d" 36 17;
    conv_transpose2d "ConvTranspose2d" 18 11;
    max_pool2d "MaxPool2d" 20 11;
    avg_pool2d "AvgPool2d" 20 13;
    upsample "Upsample" 8 3;
    pad "Pad" 6 3;
}

/// Layers of which `PyTorch`'s cases are elsewhere.
macro_rules! of_onnx {
    ($($test:ident $kind:literal $onnx:literal;)*) => {$(
        pub(crate) fn $test() {
            tally::each($kind, $onnx, onnx::ALL);
        }
    )*};
}
of_onnx! {
    global_avg_pool_onnx "GlobalAvgPool" 2;
    flatten_onnx "Flatten" 2;
    reshape_onnx "Reshape" 1;
}
