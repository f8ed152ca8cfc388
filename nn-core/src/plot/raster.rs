//! A drawing as pixels: shapes are covered by `zeno`, letters are those of the font beside this file.

use ttf_parser::{Face, GlyphId, OutlineBuilder};
use zeno::{Cap, Command, Join, Mask, PathBuilder as _, Stroke, Transform, Vector};

use super::Theme;
use super::scene::{Anchor, Area, Mark, Paint, Part, Pixels, Scene};

static FONT: &[u8] = include_bytes!("font/DejaVuSans-subset.ttf");

pub(super) fn raster(scene: &Scene, theme: Theme, scale: f64) -> Pixels {
    let [columns, rows] = [scene.width, scene.height].map(|size| whole(size * scale).max(1));
    let mut canvas = Canvas {
        theme,
        scale,
        face: Face::parse(FONT, 0).ok(),
        pixels: Pixels {
            columns,
            rows,
            rgb: vec![0; 3 * columns * rows],
        },
    };
    let paper = canvas.colour(Part::Paper);
    for pixel in canvas.pixels.rgb.chunks_exact_mut(3) {
        pixel.copy_from_slice(&paper);
    }
    for mark in &scene.marks {
        canvas.mark(mark);
    }
    canvas.pixels
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pictures have some thousand pixels"
)]
fn whole(size: f64) -> usize {
    size.round() as usize
}

struct Canvas {
    theme: Theme,
    scale: f64,
    face: Option<Face<'static>>,
    pixels: Pixels,
}

type Path = Vec<Command>;

impl Canvas {
    fn colour(&self, part: Part) -> [u8; 3] {
        match self.theme {
            Theme::Light => part.light(),
            Theme::Dark => part.dark(),
        }
    }

    fn mark(&mut self, mark: &Mark) {
        match mark {
            // From pixel to pixel, so that neighbours leave no seam.
            Mark::Rect { area, paint, .. } if paint.opacity > 0.0 => {
                let colour = self.colour(paint.part);
                let [left, right] =
                    [area.left, area.left + area.width].map(|x| whole(x * self.scale));
                let [top, bottom] =
                    [area.top, area.top + area.height].map(|y| whole(y * self.scale));
                for row in top..bottom.min(self.pixels.rows) {
                    for column in left..right.min(self.pixels.columns) {
                        self.mix(column, row, colour, paint.opacity);
                    }
                }
            }
            Mark::Rect { .. } => {}
            Mark::Polygon { points, paint } => self.fill(&self.closed(points), *paint),
            Mark::Dot { at, radius, paint } => {
                let (mut path, at) = (Path::new(), self.at(*at));
                path.add_circle(at, narrow(radius * self.scale));
                self.fill(&path, *paint);
            }
            Mark::Line {
                points,
                paint,
                width,
                dashed,
            } => {
                let mut path = Path::new();
                self.add(&mut path, points);
                let dashes = [5.0, 3.0].map(|length| narrow(length * self.scale));
                let mut stroke = Stroke::new(narrow(width * self.scale));
                stroke.join(Join::Round).cap(Cap::Butt);
                if *dashed {
                    stroke.dash(&dashes, 0.0);
                }
                self.cover(Mask::new(&path).style(stroke), *paint);
            }
            Mark::Text {
                at,
                size,
                anchor,
                paint,
                text,
                upwards,
            } => self.text(text, *at, *size, (*anchor, *upwards), *paint),
            Mark::Image { area, pixels } => self.image(area, pixels),
        }
    }

    fn at(&self, (x, y): (f64, f64)) -> Vector {
        Vector::new(narrow(x * self.scale), narrow(y * self.scale))
    }

    fn add(&self, path: &mut Path, points: &[(f64, f64)]) {
        for (index, point) in points.iter().enumerate() {
            let point = self.at(*point);
            if index == 0 {
                path.move_to(point);
            } else {
                path.line_to(point);
            }
        }
    }

    fn closed(&self, points: &[(f64, f64)]) -> Path {
        let mut path = Path::new();
        self.add(&mut path, points);
        path.close();
        path
    }

    fn fill(&mut self, path: &Path, paint: Paint) {
        self.cover(&mut Mask::new(path), paint);
    }

    /// Mixes a colour into the pixels that a mask covers.
    fn cover(&mut self, mask: &mut Mask<'_, '_, &Path>, paint: Paint) {
        let (alphas, place) = mask.render();
        let colour = self.colour(paint.part);
        let width = place.width as usize;
        for (index, &alpha) in alphas.iter().enumerate().filter(|(_, alpha)| **alpha > 0) {
            let at = |start: i32, offset: usize| i32::try_from(offset).ok()?.checked_add(start);
            let column = at(place.left, index % width).and_then(|at| usize::try_from(at).ok());
            let row = at(place.top, index / width).and_then(|at| usize::try_from(at).ok());
            if let (Some(column), Some(row)) = (column, row) {
                self.mix(
                    column,
                    row,
                    colour,
                    f64::from(alpha) / 255.0 * paint.opacity,
                );
            }
        }
    }

    fn mix(&mut self, column: usize, row: usize, colour: [u8; 3], share: f64) {
        if column >= self.pixels.columns || row >= self.pixels.rows {
            return;
        }
        let start = 3 * (row * self.pixels.columns + column);
        for (below, above) in self.pixels.rgb[start..start + 3].iter_mut().zip(colour) {
            let mixed = f64::from(*below) * (1.0 - share) + f64::from(above) * share;
            *below = byte(mixed);
        }
    }

    fn text(
        &mut self,
        text: &str,
        at: (f64, f64),
        size: f64,
        (anchor, upwards): (Anchor, bool),
        paint: Paint,
    ) {
        let Some(face) = self.face.take() else { return };
        let unit = narrow(size * self.scale) / f32::from(face.units_per_em());
        let glyph = |character| {
            let missing = || face.glyph_index('\u{fffd}');
            face.glyph_index(character)
                .or_else(missing)
                .unwrap_or(GlyphId(0))
        };
        let advance = |id| unit * f32::from(face.glyph_hor_advance(id).unwrap_or(0));
        let width: f32 = text
            .chars()
            .map(|character| advance(glyph(character)))
            .sum();
        let mut pen = match anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => -width / 2.0,
            Anchor::End => -width,
        };
        let at = self.at(at);
        for character in text.chars() {
            let id = glyph(character);
            let mut letter = Letter(Path::new());
            face.outline_glyph(id, &mut letter);
            // Fonts count upwards.
            let flat = Transform::new(unit, 0.0, 0.0, -unit, pen, 0.0);
            let turned = Transform::new(0.0, -unit, -unit, 0.0, 0.0, -pen);
            let transform = if upwards { turned } else { flat };
            let transform = transform.then_translate(at.x, at.y);
            self.cover(Mask::new(&letter.0).transform(Some(transform)), paint);
            pen += advance(id);
        }
        self.face = Some(face);
    }

    /// Without smoothing: pixels of a sample stay squares.
    fn image(&mut self, area: &Area, pixels: &Pixels) {
        let [left, top] = [area.left, area.top].map(|start| whole(start * self.scale));
        let [width, height] = [area.width, area.height].map(|size| whole(size * self.scale));
        for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
            let (column, row) = (x * pixels.columns / width, y * pixels.rows / height);
            let start = 3 * (row * pixels.columns + column);
            if let Some(&[red, green, blue]) = pixels.rgb.get(start..start + 3) {
                self.mix(left + x, top + y, [red, green, blue], 1.0);
            }
        }
    }
}

/// The outline of a letter, in units of the font.
struct Letter(Path);

impl OutlineBuilder for Letter {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to((x, y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to((x, y));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0.quad_to((x1, y1), (x, y));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.curve_to((x1, y1), (x2, y2), (x, y));
    }

    fn close(&mut self) {
        self.0.close();
    }
}

#[expect(clippy::cast_possible_truncation, reason = "places on a canvas")]
fn narrow(place: f64) -> f32 {
    place as f32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rounded, and from 0 to 255"
)]
fn byte(value: f64) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}
