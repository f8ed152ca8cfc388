//! Layers, losses, optimizers and schedules against numbers that other code computed: `NumPy` (`make_fixtures.py` beside this file),
//! `PyTorch` and optax (`make_losses.py`, `make_optimizers.py`), the textbook notebook's printed output, or exact
//! values by hand; and gradients against differences. `proof` makes a table of it.

mod extreme;
mod fixture;
#[path = "../images/mod.rs"]
mod images;
mod layers;
mod losses;
mod metrics;
mod network;
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
