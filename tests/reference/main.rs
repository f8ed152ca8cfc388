//! Layers, losses, optimizers and schedules against numbers that other code computed: `NumPy` (`make_fixtures.py` beside this file),
//! `PyTorch` and optax (`make_losses.py`, `make_optimizers.py`), the textbook notebook's printed output, or exact values by hand.

mod extreme;
mod fixture;
mod layers;
mod losses;
mod metrics;
mod network;
mod notebook;
mod optimizers;
mod refusals;
mod schedules;
mod sharing;
mod torch_activations;
mod torch_losses;
mod torch_optimizers;
