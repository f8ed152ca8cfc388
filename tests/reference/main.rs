//! Layers, losses, optimizers and schedules against numbers that other code computed: `NumPy` (`make_fixtures.py` beside this file),
//! `PyTorch` and optax (`make_losses.py`, `make_optimizers.py`), the textbook notebook's printed output, or exact
//! values by hand; and gradients against differences. `proof` makes a table of it.

/// What the table of proofs calls: the cases of a kind of layer.
macro_rules! of_kind {
    ($($test:ident $kind:literal $torch:literal $onnx:literal;)*) => {$(
        pub(crate) mod $test {
            use nn_tests::tally;

            use super::{onnx, reference};

            pub(crate) fn torch() {
                tally::each($kind, $torch, reference::ALL);
            }

            pub(crate) fn onnx() {
                tally::each($kind, $onnx, onnx::ALL);
            }
        }
    )*};
}

mod extreme;
mod fixture;
#[path = "../images/mod.rs"]
mod images;
mod layers;
mod losses;
mod metrics;
mod network;
#[path = "../norms/mod.rs"]
mod norms;
mod notebook;
mod onnx;
mod optimizers;
mod proof;
mod refusals;
mod schedules;
mod sharing;
mod torch_activations;
mod torch_layers;
mod torch_losses;
mod torch_optimizers;
