//! A drawing as SVG, for light and for dark surroundings.

use std::fmt::Write as _;

use nn_picture::xml;

use super::png;
use super::scene::{Anchor, Area, Mark, Paint, Scene, colours, hex};

/// A file of its own: light, and dark where the reader prefers that. Readers without style sheets see it light.
pub(super) fn file(scene: &Scene, about: &str) -> String {
    let mut svg = start(scene, about);
    svg.push_str("<style>@media(prefers-color-scheme:dark){");
    for (class, _, dark) in colours() {
        let dark = hex(dark);
        let _ = write!(svg, ".f-{class}{{fill:{dark}}}.l-{class}{{stroke:{dark}}}");
    }
    svg.push_str("}</style>\n");
    end(svg, scene)
}

/// A part of a page that has [`style`].
pub(super) fn inline(scene: &Scene, about: &str) -> String {
    end(start(scene, about), scene)
}

/// The rules of a page for drawings on it; its variables are called as the classes are.
pub(crate) fn style() -> String {
    let mut css = String::new();
    for (class, ..) in colours() {
        let _ = writeln!(
            css,
            ".f-{class}{{fill:var(--{class})}}.l-{class}{{stroke:var(--{class})}}"
        );
    }
    css
}

/// Declarations of these variables.
pub(crate) fn variables(dark: bool) -> String {
    let mut css = String::new();
    for (class, light, dim) in colours() {
        let _ = write!(css, "--{class}:{};", hex(if dark { dim } else { light }));
    }
    css
}

fn start(scene: &Scene, about: &str) -> String {
    let (width, height) = (number(scene.width), number(scene.height));
    let about = xml(about);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         style=\"max-width:100%;height:auto\" font-family=\"system-ui, 'DejaVu Sans', sans-serif\">\n<title>{about}</title>\n"
    )
}

fn end(mut svg: String, scene: &Scene) -> String {
    for mark in &scene.marks {
        write_mark(&mut svg, mark);
    }
    svg.push_str("</svg>\n");
    svg
}

fn write_mark(svg: &mut String, mark: &Mark) {
    let _ = match mark {
        Mark::Rect { area, paint, about } => {
            let start = format!(
                "<rect shape-rendering=\"crispEdges\" {} {}",
                place(area),
                filled(*paint)
            );
            if about.is_empty() {
                writeln!(svg, "{start}/>")
            } else {
                writeln!(svg, "{start}><title>{}</title></rect>", xml(about))
            }
        }
        Mark::Line {
            points,
            paint,
            width,
            dashed,
        } => {
            let dashes = if *dashed {
                " stroke-dasharray=\"5 3\""
            } else {
                ""
            };
            writeln!(
                svg,
                "<polyline points=\"{}\" fill=\"none\" stroke-width=\"{width}\" stroke-linejoin=\"round\"{dashes} {}/>",
                list(points),
                drawn(*paint)
            )
        }
        Mark::Polygon { points, paint } => {
            writeln!(
                svg,
                "<polygon points=\"{}\" {}/>",
                list(points),
                filled(*paint)
            )
        }
        Mark::Dot { at, radius, paint } => writeln!(
            svg,
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" {}/>",
            number(at.0),
            number(at.1),
            number(*radius),
            filled(*paint)
        ),
        Mark::Text {
            at: (x, y),
            size,
            anchor,
            paint,
            text,
            upwards,
        } => {
            let (x, y) = (number(*x), number(*y));
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            let turn = if *upwards {
                format!(" transform=\"rotate(-90 {x} {y})\"")
            } else {
                String::new()
            };
            writeln!(
                svg,
                "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"{anchor}\"{turn} {}>{}</text>",
                filled(*paint),
                xml(text)
            )
        }
        Mark::Image { area, pixels } => writeln!(
            svg,
            "<image {} preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" href=\"data:image/png;base64,{}\"/>",
            place(area),
            base64(&png::encode(pixels))
        ),
    };
}

fn place(area: &Area) -> String {
    let [left, top, width, height] = [area.left, area.top, area.width, area.height].map(number);
    format!("x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\"")
}

fn filled(paint: Paint) -> String {
    coloured(paint, "fill", 'f')
}

fn drawn(paint: Paint) -> String {
    coloured(paint, "stroke", 'l')
}

fn coloured(paint: Paint, attribute: &str, prefix: char) -> String {
    let (colour, class) = (hex(paint.part.light()), paint.part.class());
    let mut text = format!("class=\"{prefix}-{class}\" {attribute}=\"{colour}\"");
    if paint.opacity < 1.0 {
        let _ = write!(text, " {attribute}-opacity=\"{:.3}\"", paint.opacity);
    }
    text
}

fn list(points: &[(f64, f64)]) -> String {
    let mut text = String::new();
    for (index, (x, y)) in points.iter().enumerate() {
        let space = if index == 0 { "" } else { " " };
        let _ = write!(text, "{space}{},{}", number(*x), number(*y));
    }
    text
}

/// With two decimals at most.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |place: usize| chunk.get(place).map_or(0, |&byte| usize::from(byte));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            if place <= chunk.len() {
                text.push(char::from(DIGITS[bits >> (18 - 6 * place) & 63]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    /// The vectors of RFC 4648, section 10.
    #[test]
    fn base64() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(super::base64(bytes.as_bytes()), text);
        }
    }
}
