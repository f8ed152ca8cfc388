//! A chart in a terminal.

use super::super::axis::{Axis, count};
use super::super::scene::Part;
use super::super::terminal::{Colours, Dots};
use super::{At, Chart, Data, Series, runs};

impl Chart {
    /// So many characters wide, `rows` of dots high.
    pub(in crate::plot) fn text(&self, columns: usize, rows: usize, colours: Colours) -> String {
        let (x_axis, y_axis) = self.axes();
        let mut lines = vec![format!(" {}", self.title)];
        let sample = |index: usize| {
            if thin(index, colours) {
                "⠤ ⠤"
            } else {
                "⠤⠤⠤"
            }
        };
        let legend = self.legend(columns as f64, |label| (label.chars().count() + 7) as f64);
        for row in legend {
            let entries = row.iter().map(|&index| {
                let sample = colours.paint(sample(index), Part::Series(index));
                format!("{sample} {}", self.series[index].label)
            });
            let entries: Vec<String> = entries.collect();
            lines.push(format!(" {}", entries.join("   ")));
        }

        let y_ticks = y_axis.ticks(rows / 3);
        let widest = y_ticks.iter().map(|(_, text)| text.chars().count()).max();
        let margin = widest.unwrap_or(0) + 1;
        let mut dots = Dots::new(columns.saturating_sub(margin + 2).max(8), rows);
        let (wide, high) = dots.size();
        let (wide, high) = ((wide - 1) as f64, (high - 1) as f64);
        let at = |x: f64, y: f64| {
            let (x, y) = (x_axis.place(x)?, y_axis.place(y)?);
            Some((x * wide, (1.0 - y.clamp(0.0, 1.0)) * high))
        };
        for (index, series) in self.series.iter().enumerate() {
            series.dot(&mut dots, index, &at, high, thin(index, colours));
        }
        let row_of = |place: f64| count(((1.0 - place) * high / 4.0).floor()).min(rows - 1);
        for row in 0..rows {
            let tick = y_ticks.iter().find(|(place, _)| row_of(*place) == row);
            let (text, joint) = tick.map_or(("", '│'), |(_, text)| (text.as_str(), '┤'));
            lines.push(format!("{text:>margin$} {joint}{}", dots.row(row, colours)));
        }
        let (below, names) = x_lines(&x_axis, margin + 1, dots.size().0 / 2);
        lines.push(below);
        lines.push(names);
        let note = y_axis.note();
        lines.push(format!(
            "{:margin$}  {} over {}{note}",
            "", self.y_label, self.x_label
        ));
        let mut text = String::new();
        for line in lines {
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

/// Whether a line is interrupted, so that it can be told from the one before without colours.
fn thin(index: usize, colours: Colours) -> bool {
    colours == Colours::None && index % 2 == 1
}

/// The lower axis in a terminal, and what is written below it.
fn x_lines(axis: &Axis, margin: usize, columns: usize) -> (String, String) {
    let mut line: Vec<char> = std::iter::repeat_n('─', columns).collect();
    let mut names: Vec<char> = std::iter::repeat_n(' ', columns + margin + 8).collect();
    let mut free = 0;
    for (place, text) in axis.ticks((columns / 12).clamp(2, 8)) {
        let column = count((place * (columns.saturating_sub(1)) as f64).round());
        let width = text.chars().count();
        let start = (margin + 1 + column).saturating_sub(width / 2);
        if column >= columns || start < free || start + width > names.len() {
            continue;
        }
        line[column] = '┬';
        for (place, character) in text.chars().enumerate() {
            names[start + place] = character;
        }
        free = start + width + 1;
    }
    let line: String = line.into_iter().collect();
    (
        format!("{:margin$}└{line}", ""),
        names.into_iter().collect(),
    )
}

impl Series {
    fn dot(&self, dots: &mut Dots, index: usize, at: At<'_>, high: f64, thin: bool) {
        match &self.data {
            Data::Line(points) => {
                let places: Vec<_> = points.iter().map(|&(x, y)| at(x, y)).collect();
                for run in runs(&places) {
                    let ends = run.iter().zip(run.iter().skip(1).chain(run.last()));
                    for (from, to) in ends {
                        dots.line(*from, *to, index, thin);
                    }
                }
            }
            // Every other column, so that lines can be seen on it.
            Data::Band(points) => {
                for &(x, low, high) in points {
                    if let (Some(low), Some(high)) = (at(x, low), at(x, high)) {
                        dots.line(low, high, index, false);
                    }
                }
            }
            Data::Bars(bars) => {
                for &(left, right, value) in bars {
                    let (Some((x, y)), Some((end, _))) = (at(left, value), at(right, value)) else {
                        continue;
                    };
                    for column in count(x.round())..count(end.round()).max(count(x.round()) + 1) {
                        dots.line((column as f64, y), (column as f64, high), index, false);
                    }
                }
            }
        }
    }
}
