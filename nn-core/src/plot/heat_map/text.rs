//! Cells in a terminal: numbers on coloured ground where they have room, else shades.

use std::fmt::Write as _;

use super::super::axis::count;
use super::super::scene::Part;
use super::super::terminal::Colours;
use super::{Cell, HeatMap};

impl HeatMap {
    pub(in crate::plot) fn text(&self, columns: usize, colours: Colours) -> String {
        let mut text = format!(" {}\n", self.title);
        let cells = self.cells.iter().flatten().map(|cell| length(&cell.text));
        let digits = cells.max().unwrap_or(0);
        let extra = self.right.as_ref().map_or(0, |(name, _)| length(name) + 2);
        let names = self
            .rows
            .iter()
            .map(|name| length(name))
            .max()
            .unwrap_or(0)
            .min(columns / 3);
        let fits = |names: usize, cell: usize| {
            digits > 0 && names + 2 + cell * self.columns.len() + extra <= columns
        };
        let headings = self
            .columns
            .iter()
            .map(|name| length(name))
            .max()
            .unwrap_or(0);
        // Columns by name; by number, which rows then have too; or shades.
        let numbers = self.columns.len().to_string().len();
        if fits(names, digits.max(headings) + 1) {
            self.table(
                &mut text,
                &self.rows,
                &self.columns,
                digits.max(headings) + 1,
                colours,
            );
        } else if fits(names + numbers + 1, digits.max(numbers) + 1) {
            let columns: Vec<String> = (0..self.columns.len())
                .map(|index| index.to_string())
                .collect();
            let rows = self
                .rows
                .iter()
                .enumerate()
                .map(|(index, name)| format!("{name} {index:>numbers$}"));
            let rows: Vec<String> = rows.collect();
            self.table(&mut text, &rows, &columns, digits.max(numbers) + 1, colours);
        } else {
            self.shades(&mut text, names, columns, colours);
        }
        text
    }

    fn table(
        &self,
        text: &mut String,
        rows: &[String],
        columns: &[String],
        width: usize,
        colours: Colours,
    ) {
        let names = rows.iter().map(|name| length(name)).max().unwrap_or(0);
        text.push_str(&" ".repeat(names + 2));
        for name in columns {
            let _ = write!(text, "{name:>width$}");
        }
        if let Some((name, _)) = &self.right {
            let _ = write!(text, "  {name}");
        }
        text.push('\n');
        for (row, (name, cells)) in rows.iter().zip(&self.cells).enumerate() {
            let _ = write!(text, " {name:>names$} ");
            for cell in cells {
                text.push_str(&colours.on(&format!("{:>width$}", cell.text), ground(cell)));
            }
            self.end_row(text, row);
        }
        let _ = writeln!(
            text,
            " {:names$} rows: {}, columns: {}",
            "", self.y_label, self.x_label
        );
    }

    /// A character for each cell, or for the strongest of several.
    fn shades(&self, text: &mut String, names: usize, columns: usize, colours: Colours) {
        let room = columns.saturating_sub(names + 10).max(1);
        let stride = self.columns.len().div_ceil(room).max(1);
        for (row, (name, cells)) in self.rows.iter().zip(&self.cells).enumerate() {
            let name: String = name.chars().take(names).collect();
            let _ = write!(text, " {name:>names$} ");
            for same in cells.chunks(stride) {
                let strongest = same
                    .iter()
                    .max_by(|one, other| one.shade.total_cmp(&other.shade));
                let Some(cell) = strongest else { continue };
                let shade = [" ", "░", "▒", "▓", "█"][count(cell.shade * 4.0 + 0.5).min(4)];
                text.push_str(&colours.paint(shade, Part::Series(cell.series)));
            }
            self.end_row(text, row);
        }
        if let [first, .., last] = &self.columns[..] {
            let width = self.columns.len().div_ceil(stride);
            let gap = width.saturating_sub(length(first) + length(last)).max(1);
            let _ = writeln!(text, " {:names$} {first}{}{last}", "", " ".repeat(gap));
        }
        let rows = if self.y_label.is_empty() {
            String::new()
        } else {
            format!("rows: {}, ", self.y_label)
        };
        let _ = writeln!(text, " {:names$} {rows}columns: {}", "", self.x_label);
        if !self.note.is_empty() {
            let _ = writeln!(text, " {:names$} {}", "", self.note);
        }
    }

    fn end_row(&self, text: &mut String, row: usize) {
        if let Some(value) = self.right.as_ref().and_then(|(_, values)| values.get(row)) {
            let _ = write!(text, "  {value}");
        }
        text.push('\n');
    }
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// A shade as a colour on dark ground.
fn ground(cell: &Cell) -> [u8; 3] {
    const DARK: f64 = 38.0;
    let mix = |channel: u8| DARK + (f64::from(channel) - DARK) * cell.shade;
    let channel = |channel: u8| u8::try_from(count(mix(channel))).unwrap_or(u8::MAX);
    Part::Series(cell.series).light().map(channel)
}
