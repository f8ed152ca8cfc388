//! Shaded cells in rows and columns.

mod text;

use nn_picture::grouped;

use super::axis::count;
use super::chart::{TEXT_SIZE, TITLE_SIZE};
use super::scene::{Anchor, Area, INK, Mark, PAPER, Paint, SOFT, Scene, fitted, shrunk, wide};

/// Smaller text in cells is left out.
const LEAST_SIZE: f64 = 7.0;
/// The longest name that runs upwards.
const MOST_UPRIGHT: f64 = 110.0;

#[derive(Clone, Debug)]
pub(super) struct HeatMap {
    pub(super) title: String,
    pub(super) x_label: String,
    pub(super) y_label: String,
    pub(super) rows: Vec<String>,
    pub(super) columns: Vec<String>,
    /// Row by row.
    pub(super) cells: Vec<Vec<Cell>>,
    /// A column of figures at the right: its name, and one for each row.
    pub(super) right: Option<(String, Vec<String>)>,
    /// A row of figures at the bottom.
    pub(super) bottom: Option<(String, Vec<String>)>,
    /// Whether cells are squares; else the columns fill the width.
    pub(super) square: bool,
    /// What the shades say.
    pub(super) note: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    /// From 0 to 1.
    pub(super) shade: f64,
    pub(super) series: usize,
    pub(super) text: String,
    /// For those who point at it.
    pub(super) about: String,
}

/// Where everything is.
struct Places {
    left: f64,
    top: f64,
    /// Width and height of a cell.
    cell: (f64, f64),
    /// Of the text in cells.
    size: f64,
    /// Whether names of columns run upwards.
    upright: bool,
    /// Whether the figures below the columns have room.
    has_bottom: bool,
    /// The height of names of columns.
    below: f64,
}

impl HeatMap {
    pub(super) fn describe(&self) -> String {
        format!(
            "{}: {} by {}. {}",
            self.title, self.y_label, self.x_label, self.note
        )
    }

    fn places(&self, width: f64) -> Places {
        let names = longest(&self.rows, TEXT_SIZE).min(width / 3.0);
        let figures = self
            .bottom
            .as_ref()
            .map_or(0.0, |(name, _)| wide(name, 11.0));
        let left = if self.y_label.is_empty() { 22.0 } else { 38.0 } + names.max(figures);
        let right = self.right.as_ref().map_or(20.0, |(name, values)| {
            longest(values, TEXT_SIZE).max(wide(name, TEXT_SIZE)) + 26.0
        });
        let room = (width - left - right) / self.columns.len().max(1) as f64;
        let cell = if self.square {
            (room.min(46.0), room.min(46.0))
        } else {
            (room, 22.0)
        };
        let texts = self
            .cells
            .iter()
            .flatten()
            .map(|cell| wide(&cell.text, 1.0));
        let names = longest(&self.columns, TEXT_SIZE).min(MOST_UPRIGHT);
        let upright = self.square && names + 4.0 > cell.0;
        let figures = |(_, values): &(String, Vec<String>)| longest(values, 11.0) + 3.0 <= cell.0;
        Places {
            left,
            top: 44.0,
            cell,
            size: ((cell.0 - 4.0) / texts.fold(0.1, f64::max)).min(13.0),
            upright,
            has_bottom: self.bottom.as_ref().is_some_and(figures),
            below: if upright { names + 12.0 } else { 20.0 },
        }
    }

    pub(super) fn height(&self, width: f64) -> f64 {
        let places = self.places(width);
        let figures = if places.has_bottom { 20.0 } else { 0.0 };
        let note = if self.note.is_empty() { 0.0 } else { 18.0 };
        places.bottom(self) + figures + places.below + 30.0 + note
    }

    pub(super) fn draw(&self, width: f64) -> Scene {
        let places = self.places(width);
        let mut scene = Scene::new(width, self.height(width));
        let (size, title) = shrunk(&self.title, TITLE_SIZE, width - 28.0);
        scene.text((14.0, 22.0), (size, INK), Anchor::Start, title);
        self.draw_cells(&mut scene, &places);
        self.draw_rows(&mut scene, &places);
        let bottom = self.draw_columns(&mut scene, &places);
        let (middle, height) = (places.right(self) + places.left, places.bottom(self));
        let at = (middle / 2.0, bottom + 16.0);
        scene.text(at, (TEXT_SIZE, INK), Anchor::Middle, self.x_label.clone());
        let at = (18.0, f64::midpoint(places.top, height));
        scene.upwards(at, (TEXT_SIZE, INK), &self.y_label);
        if !self.note.is_empty() {
            let note = fitted(&self.note, 11.0, width - 28.0);
            scene.text((14.0, bottom + 36.0), (11.0, SOFT), Anchor::Start, note);
        }
        scene
    }

    fn draw_cells(&self, scene: &mut Scene, places: &Places) {
        let (wide_cell, high_cell) = places.cell;
        let gap = f64::from(u8::from(wide_cell.min(high_cell) >= 12.0));
        for (row, cells) in self.cells.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let area = Area {
                    left: places.left + wide_cell * column as f64,
                    top: places.top + high_cell * row as f64,
                    width: wide_cell - gap,
                    height: high_cell - gap,
                };
                scene.marks.push(Mark::Rect {
                    area,
                    // What is almost nothing can be seen as a cell all the same.
                    paint: Paint::series(cell.series).faded(0.06 + 0.94 * cell.shade),
                    about: cell.about.clone(),
                });
                let size = places.size;
                if size >= LEAST_SIZE && !cell.text.is_empty() {
                    let paint = if cell.shade > 0.55 { PAPER } else { INK };
                    let at = (
                        area.left + area.width / 2.0,
                        area.top + area.height / 2.0 + size * 0.36,
                    );
                    scene.text(at, (size, paint), Anchor::Middle, cell.text.clone());
                }
            }
        }
    }

    /// Names at the left, figures at the right.
    fn draw_rows(&self, scene: &mut Scene, places: &Places) {
        let right = places.right(self) + 10.0;
        // Where cells are low, not every name has room.
        let stride = count((15.0 / places.cell.1).ceil()).max(1);
        for (row, name) in self.rows.iter().enumerate().step_by(stride) {
            let y = places.top + places.cell.1 * (row as f64 + 0.5) + 4.0;
            let name = fitted(name, TEXT_SIZE, scene.width / 3.0);
            scene.text((places.left - 6.0, y), (TEXT_SIZE, INK), Anchor::End, name);
            if let Some(value) = self.right.as_ref().and_then(|(_, values)| values.get(row)) {
                scene.text((right, y), (TEXT_SIZE, SOFT), Anchor::Start, value.clone());
            }
        }
        if let Some((name, _)) = &self.right {
            scene.text(
                (right, places.top - 7.0),
                (11.0, SOFT),
                Anchor::Start,
                name.clone(),
            );
        }
    }

    /// Figures and names below the columns, and where they end.
    fn draw_columns(&self, scene: &mut Scene, places: &Places) -> f64 {
        let middle = |column: usize| places.left + places.cell.0 * (column as f64 + 0.5);
        let mut bottom = places.bottom(self);
        if let (Some((name, values)), true) = (&self.bottom, places.has_bottom) {
            let at = (places.left - 6.0, bottom + 16.0);
            scene.text(at, (11.0, SOFT), Anchor::End, name.clone());
            for (column, value) in values.iter().enumerate() {
                let at = (middle(column), bottom + 16.0);
                scene.text(at, (11.0, SOFT), Anchor::Middle, value.clone());
            }
            bottom += 20.0;
        }
        let needed = if places.upright {
            15.0
        } else {
            longest(&self.columns, TEXT_SIZE) + 10.0
        };
        let stride = count((needed / places.cell.0).ceil()).max(1);
        for (column, name) in self.columns.iter().enumerate().step_by(stride) {
            if places.upright {
                let name = fitted(name, TEXT_SIZE, MOST_UPRIGHT);
                let at = (
                    middle(column) + 4.0,
                    bottom + 6.0 + wide(&name, TEXT_SIZE) / 2.0,
                );
                scene.upwards(at, (TEXT_SIZE, INK), &name);
            } else {
                let at = (middle(column), bottom + 16.0);
                scene.text(at, (TEXT_SIZE, INK), Anchor::Middle, name.clone());
            }
        }
        bottom + places.below
    }
}

impl Places {
    fn right(&self, map: &HeatMap) -> f64 {
        self.left + self.cell.0 * map.columns.len() as f64
    }

    fn bottom(&self, map: &HeatMap) -> f64 {
        self.top + self.cell.1 * map.rows.len() as f64
    }
}

fn longest(texts: &[String], size: f64) -> f64 {
    texts
        .iter()
        .map(|text| wide(text, size))
        .fold(0.0, f64::max)
}

/// A share in percent, with a decimal below 100.
pub(super) fn percent(share: f64) -> String {
    let text = format!("{:.1}", 100.0 * share);
    let text = text.strip_suffix(".0").unwrap_or(&text);
    format!("{text} %")
}

/// Digits in groups of three.
pub(super) fn number(count: usize) -> String {
    grouped(count)
}
