//! A chart as a drawing.

use super::super::axis::{Axis, count};
use super::super::scene::{
    Anchor, Area, GRID, INK, Mark, PAPER, Paint, SERIES, SOFT, Scene, fitted, shrunk, wide,
};
use super::{At, Chart, Data, Series, TEXT_SIZE, TITLE_SIZE, runs};

/// With more points than this, markers would run into each other.
const MOST_MARKERS: usize = 40;
/// The width of what stands for a series in the legend.
const SAMPLE: f64 = 18.0;

impl Chart {
    pub(in crate::plot) fn draw(&self, width: f64, height: f64) -> Scene {
        let mut scene = Scene::new(width, height);
        let (x_axis, y_axis) = self.axes();
        let (size, title) = shrunk(&self.title, TITLE_SIZE, width - 28.0);
        scene.text((14.0, 22.0), (size, INK), Anchor::Start, title);
        let top = self.draw_legend(&mut scene);
        let plot = self.draw_axes(&mut scene, &x_axis, &y_axis, top);
        let at = |x: f64, y: f64| {
            let (x, y) = (x_axis.place(x)?, y_axis.place(y)?);
            let y = plot.height * (1.0 - y.clamp(0.0, 1.0));
            Some((plot.left + x * plot.width, plot.top + y))
        };
        for (index, series) in self.series.iter().enumerate() {
            series.draw(&mut scene, index, &at, &plot);
        }
        scene
    }

    /// Where the legend ends.
    fn draw_legend(&self, scene: &mut Scene) -> f64 {
        let longest = scene.width / 3.0;
        let entry = |label: &str| SAMPLE + 6.0 + wide(label, TEXT_SIZE).min(longest) + 16.0;
        let mut top = if self.title.is_empty() { 12.0 } else { 34.0 };
        for row in self.legend(scene.width - 28.0, entry) {
            let mut left = 14.0;
            for index in row {
                let label = fitted(&self.series[index].label, TEXT_SIZE, longest);
                self.sample(scene, index, (left, top + 8.0));
                let at = (left + SAMPLE + 6.0, top + 12.0);
                scene.text(at, (TEXT_SIZE, INK), Anchor::Start, label.clone());
                left += entry(&label);
            }
            top += 18.0;
        }
        top + 8.0
    }

    /// Axes, grid and their names, and the area between them.
    fn draw_axes(&self, scene: &mut Scene, x_axis: &Axis, y_axis: &Axis, top: f64) -> Area {
        let bottom = scene.height - 46.0;
        let y_ticks = y_axis.ticks(count((bottom - top) / 36.0).clamp(2, 9));
        let left = 36.0 + widest(&y_ticks);
        let x_ticks = fitting(x_axis, scene.width - left - 22.0);
        let right = scene.width - (widest(&x_ticks) / 2.0 + 4.0).max(22.0);
        let plot = Area {
            left,
            top,
            width: right - left,
            height: bottom - top,
        };
        for (place, text) in y_ticks {
            let y = bottom - place * plot.height;
            scene.line(vec![(left, y), (right, y)], GRID, 1.0);
            scene.text((left - 6.0, y + 4.0), (TEXT_SIZE, SOFT), Anchor::End, text);
        }
        for (place, text) in x_ticks {
            let x = left + place * plot.width;
            scene.line(vec![(x, top), (x, bottom)], GRID, 1.0);
            scene.text((x, bottom + 17.0), (TEXT_SIZE, SOFT), Anchor::Middle, text);
        }
        scene.line(
            vec![(left, top), (left, bottom), (right, bottom)],
            SOFT,
            1.0,
        );
        let name = (left + plot.width / 2.0, scene.height - 10.0);
        scene.text(name, (TEXT_SIZE, INK), Anchor::Middle, self.x_label.clone());
        let label = format!("{}{}", self.y_label, y_axis.note());
        let label = fitted(&label, TEXT_SIZE, plot.height + 30.0);
        scene.upwards((18.0, top + plot.height / 2.0), (TEXT_SIZE, INK), &label);
        plot
    }

    /// What a series looks like, for the legend.
    fn sample(&self, scene: &mut Scene, index: usize, (left, y): (f64, f64)) {
        let paint = Paint::series(index);
        match &self.series[index].data {
            Data::Line(_) => scene.marks.push(Mark::Line {
                points: vec![(left, y), (left + SAMPLE, y)],
                paint,
                width: 2.0,
                dashed: index >= SERIES,
            }),
            Data::Band(_) => {
                let area = Area {
                    left,
                    top: y - 5.0,
                    width: SAMPLE,
                    height: 10.0,
                };
                scene.rect(area, paint.faded(0.3));
            }
            Data::Bars(_) => {
                let area = Area {
                    left,
                    top: y - 5.0,
                    width: SAMPLE,
                    height: 10.0,
                };
                scene.rect(area, paint.faded(0.75));
            }
        }
    }
}

fn widest(ticks: &[(f64, String)]) -> f64 {
    ticks
        .iter()
        .map(|(_, text)| wide(text, TEXT_SIZE))
        .fold(0.0, f64::max)
}

/// As many ticks as have room beside each other.
fn fitting(axis: &Axis, width: f64) -> Vec<(f64, String)> {
    for most in (3..=9).rev() {
        let ticks = axis.ticks(most);
        let needed = widest(&ticks) + 14.0;
        if needed * ticks.len() as f64 <= width {
            return ticks;
        }
    }
    axis.ticks(2)
}

impl Series {
    fn draw(&self, scene: &mut Scene, index: usize, at: At<'_>, plot: &Area) {
        let paint = Paint::series(index);
        match &self.data {
            Data::Line(points) => {
                let places: Vec<_> = points.iter().map(|&(x, y)| at(x, y)).collect();
                for run in runs(&places) {
                    let markers = points.len() <= MOST_MARKERS;
                    if markers || run.len() == 1 {
                        let dot = |&at| Mark::Dot {
                            at,
                            radius: 2.6,
                            paint,
                        };
                        scene.marks.extend(run.iter().map(dot));
                    }
                    if run.len() > 1 {
                        scene.marks.push(Mark::Line {
                            points: thinned(&run),
                            paint,
                            width: 1.8,
                            dashed: index >= SERIES,
                        });
                    }
                }
            }
            Data::Band(points) => {
                let places = points
                    .iter()
                    .map(|&(x, low, high)| Some((at(x, low)?, at(x, high)?)));
                let places: Vec<_> = places.collect();
                for run in runs(&places) {
                    let lower = run.iter().map(|(low, _)| *low);
                    let upper = run.iter().rev().map(|(_, high)| *high);
                    scene.marks.push(Mark::Polygon {
                        points: lower.chain(upper).collect(),
                        paint: paint.faded(0.22),
                    });
                }
            }
            Data::Bars(bars) => {
                let bottom = plot.top + plot.height;
                for &(left, right, value) in bars {
                    let (Some((x, y)), Some((end, _))) = (at(left, value), at(right, value)) else {
                        continue;
                    };
                    let area = Area {
                        left: x,
                        top: y,
                        width: (end - x).max(0.5),
                        height: bottom - y,
                    };
                    scene.rect(area, paint.faded(0.75));
                    // A gap between bars, where there is room for it.
                    if end - x > 4.0 {
                        scene.line(vec![(end, y), (end, bottom)], PAPER, 1.0);
                    }
                }
            }
        }
    }
}

/// Of the points that lie within half a pixel of each other's x only the first, the lowest, the highest and the last.
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut kept = Vec::new();
    for same in points.chunk_by(|one, other| (one.0 * 2.0).floor() == (other.0 * 2.0).floor()) {
        if same.len() <= 4 {
            kept.extend(same);
            continue;
        }
        let by_y = |one: &&(f64, f64), other: &&(f64, f64)| one.1.total_cmp(&other.1);
        kept.extend(same.first());
        kept.extend(same.iter().min_by(by_y));
        kept.extend(same.iter().max_by(by_y));
        kept.extend(same.last());
    }
    kept
}
