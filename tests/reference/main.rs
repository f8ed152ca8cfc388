//! Layers, losses and optimizers against numbers that other code computed: `NumPy` (`make_fixtures.py` beside this file), the
//! textbook notebook's printed output, or exact values by hand.

mod extreme;
mod fixture;
mod layers;
mod losses;
mod network;
mod notebook;
mod optimizers;
mod refusals;
mod sharing;
