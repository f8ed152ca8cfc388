//! Pictures of a training: curves, confusion matrices, the worst mistakes, norms and histograms over time, as SVG, as PNG, and as text for a terminal.
//!
//! A [`Figure`] is what is drawn. It comes from [`History::figure`](crate::History::figure), from
//! [`ConfusionMatrix::figure`](crate::metrics::ConfusionMatrix::figure), or is put together from a [`Chart`] and a [`Gallery`] of one's own. No system library
//! and no font of the system is asked; SVG takes the reader's, PNG has letters of DejaVu Sans.
//!
//! stages: data → [`Chart`], [`Gallery`], heat map → `scene` (where everything lies; colours by what they are for) → `svg`, `raster` → `png`; the
//! terminal has a layout of its own, in whole characters.

mod axis;
mod chart;
mod confusion;
mod figure;
mod gallery;
mod heat_map;
mod of_training;
mod png;
mod raster;
mod scene;
pub(crate) mod svg;
mod terminal;
#[cfg(test)]
mod tests;

pub use axis::Scale;
pub use chart::Chart;
pub use figure::{Figure, Panel};
pub use gallery::{Gallery, Mistake, worst_mistakes};
pub use of_training::traces;
pub use terminal::Colours;

/// The paper of a PNG picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Dark lines on light paper.
    #[default]
    Light,
    /// Light lines on dark paper.
    Dark,
}
