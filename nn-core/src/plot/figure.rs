use std::path::Path;

use super::axis::count;
use super::chart::Chart;
use super::gallery::Gallery;
use super::heat_map::HeatMap;
use super::scene::{Anchor, INK, Scene, printable, shrunk};
use super::terminal::Colours;
use super::{Theme, png, raster, svg};
use crate::error::{Error, Result};
use crate::files::atomic;

/// One picture or several beside and below each other, as SVG, PNG, or text for a terminal.
///
/// ```
/// use nn_core::plot::{Chart, Colours, Figure};
///
/// let loss = Chart::new("loss", "step", "loss").line("training", [(1.0, 2.3), (2.0, 0.9), (3.0, 0.4)]);
/// let accuracy = Chart::new("accuracy", "epoch", "accuracy").within(0.0, 1.0).line("test", [(1.0, 0.8), (2.0, 0.9)]);
/// let figure = Figure::new("a training").with(loss).with(accuracy);
/// let text: String = figure.to_text(80, Colours::None);
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("training.png");
/// figure.write(path)?; // or .svg, or .txt
/// # Ok::<(), nn_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Figure {
    title: String,
    panels: Vec<Panel>,
    columns: usize,
    width: f64,
}

/// A part of a [`Figure`]: a [`Chart`], or a [`Gallery`].
#[derive(Clone, Debug)]
pub struct Panel(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Chart(Chart),
    HeatMap(HeatMap),
    Gallery(Gallery),
}

impl From<Chart> for Panel {
    fn from(chart: Chart) -> Self {
        Self(Kind::Chart(chart))
    }
}

impl From<HeatMap> for Panel {
    fn from(map: HeatMap) -> Self {
        Self(Kind::HeatMap(map))
    }
}

impl From<Gallery> for Panel {
    fn from(gallery: Gallery) -> Self {
        Self(Kind::Gallery(gallery))
    }
}

impl<P: Into<Panel>> From<P> for Figure {
    fn from(panel: P) -> Self {
        Self::new("").with(panel)
    }
}

impl Panel {
    fn height(&self, width: f64) -> f64 {
        match &self.0 {
            Kind::Chart(_) => (width * 0.66).clamp(200.0, 420.0),
            Kind::HeatMap(map) => map.height(width),
            Kind::Gallery(gallery) => gallery.height(width),
        }
    }

    fn draw(&self, width: f64, height: f64) -> Scene {
        match &self.0 {
            Kind::Chart(chart) => chart.draw(width, height),
            Kind::HeatMap(map) => map.draw(width),
            Kind::Gallery(gallery) => gallery.draw(width),
        }
    }

    fn text(&self, columns: usize, colours: Colours) -> String {
        match &self.0 {
            Kind::Chart(chart) => chart.text(columns, 14, colours),
            Kind::HeatMap(map) => map.text(columns, colours),
            Kind::Gallery(gallery) => gallery.text(columns, colours),
        }
    }

    /// In words, for those who do not see it.
    fn describe(&self) -> String {
        match &self.0 {
            Kind::Chart(chart) => chart.describe(),
            Kind::HeatMap(map) => map.describe(),
            Kind::Gallery(gallery) => gallery.describe(),
        }
    }
}

impl Figure {
    /// An empty figure. Panels will stand two in a row, each 560 pixels wide.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: printable(title),
            panels: Vec::new(),
            columns: 2,
            width: 560.0,
        }
    }

    /// Adds a panel.
    #[must_use]
    pub fn with(mut self, panel: impl Into<Panel>) -> Self {
        self.panels.push(panel.into());
        self
    }

    /// How many panels stand in a row; at least one.
    #[must_use]
    pub fn columns(mut self, columns: usize) -> Self {
        self.columns = columns.max(1);
        self
    }

    /// The width of a panel in pixels, from 240 to 4,000.
    #[must_use]
    pub fn panel_width(mut self, pixels: u32) -> Self {
        self.width = f64::from(pixels.clamp(240, 4_000));
        self
    }

    /// Whether there is nothing to see.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.panels.is_empty()
    }

    pub(super) fn scene(&self) -> Scene {
        let heading = if self.title.is_empty() { 6.0 } else { 40.0 };
        let columns = self.columns.min(self.panels.len()).max(1);
        let rows: Vec<f64> = self
            .panels
            .chunks(columns)
            .map(|row| {
                row.iter()
                    .map(|panel| panel.height(self.width))
                    .fold(0.0, f64::max)
            })
            .collect();
        let mut scene = Scene::new(
            columns as f64 * self.width,
            heading + rows.iter().sum::<f64>(),
        );
        if !self.title.is_empty() {
            let (size, title) = shrunk(&self.title, 17.0, scene.width - 28.0);
            scene.text((14.0, 28.0), (size, INK), Anchor::Start, title);
        }
        let mut top = heading;
        for (row, height) in self.panels.chunks(columns).zip(rows) {
            for (column, panel) in row.iter().enumerate() {
                let drawn = panel.draw(self.width, height);
                scene.put(drawn, (column as f64 * self.width, top));
            }
            top += height;
        }
        scene
    }

    fn describe(&self) -> String {
        let mut parts: Vec<String> = self.panels.iter().map(Panel::describe).collect();
        if !self.title.is_empty() {
            parts.insert(0, self.title.clone());
        }
        parts.join(". ")
    }

    /// A self-contained SVG picture: light, and dark where the reader prefers that.
    #[must_use]
    pub fn to_svg(&self) -> String {
        svg::file(&with_paper(self.scene()), &self.describe())
    }

    /// The panels one by one, for a page that has the colours of [`svg::style`].
    pub(crate) fn to_inline_svgs(&self) -> Vec<String> {
        let inline = |panel: &Panel| {
            let scene = panel.draw(self.width, panel.height(self.width));
            svg::inline(&scene, &panel.describe())
        };
        self.panels.iter().map(inline).collect()
    }

    /// The bytes of a PNG file. With a `scale` of 1 a panel is as wide as [`Figure::panel_width`] says; 2 suits most screens.
    ///
    /// # Errors
    /// [`Error::HyperParameter`] for a `scale` that is not from 0.1 to 8, [`Error::PictureTooLarge`] for a picture of more than 100 million pixels.
    pub fn to_png(&self, theme: Theme, scale: f64) -> Result<Vec<u8>> {
        if !(0.1..=8.0).contains(&scale) {
            return Err(Error::HyperParameter {
                name: "scale",
                value: scale,
                expected: "from 0.1 to 8",
            });
        }
        let scene = self.scene();
        let pixels = scene.width * scene.height * scale * scale;
        if pixels > 1e8 {
            return Err(Error::PictureTooLarge {
                pixels: count(pixels),
            });
        }
        Ok(png::encode(&raster::raster(&scene, theme, scale)))
    }

    /// For a terminal of so many columns; at least 40. Lines are drawn in Braille, pixels in half blocks.
    #[must_use]
    pub fn to_text(&self, columns: usize, colours: Colours) -> String {
        let mut parts: Vec<String> = Vec::new();
        if !self.title.is_empty() {
            parts.push(format!(" {}\n", self.title));
        }
        let columns = columns.max(40);
        parts.extend(self.panels.iter().map(|panel| panel.text(columns, colours)));
        parts.join("\n")
    }

    /// Writes a file, as the extension of its name says: `.svg`, `.png`, light and in double size, or `.txt`, 100 characters wide. It is there whole or
    /// not at all.
    ///
    /// # Errors
    /// [`Error::PictureFormat`] for another extension, [`Error::Io`] if the file cannot be written, and those of [`Figure::to_png`].
    pub fn write(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
        let content = match extension.to_str() {
            Some("svg") => self.to_svg().into_bytes(),
            Some("png") => self.to_png(Theme::Light, 2.0)?,
            Some("txt") => self.to_text(100, Colours::None).into_bytes(),
            _ => {
                return Err(Error::PictureFormat {
                    path: path.to_owned(),
                });
            }
        };
        atomic::write(path, |file| std::io::Write::write_all(file, &content))
    }
}

/// The paper that a picture in a file of its own lies on.
fn with_paper(mut scene: Scene) -> Scene {
    use super::scene::{Area, Mark, PAPER};

    let area = Area {
        left: 0.0,
        top: 0.0,
        width: scene.width,
        height: scene.height,
    };
    scene.marks.insert(
        0,
        Mark::Rect {
            area,
            paint: PAPER,
            about: String::new(),
        },
    );
    scene
}
