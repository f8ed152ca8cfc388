//! Declared networks as their users meet them: names, shapes, targets of every kind, errors, size, lints.

mod anomalies;
mod chunks;
mod declarations;
mod descent;
mod errors;
mod freezing;
mod graphs;
mod handing_over;
mod open_sizes;
mod own;
mod picture;
mod several;
mod sharing;
mod slopes;
mod strict;
mod training;
