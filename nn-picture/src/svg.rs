//! The picture as SVG. It stands in pages of others, so it has its own background, no identifiers and no style sheet.

use std::fmt::Write as _;

use crate::fold::{Cell, Level};
use crate::layout::{LABEL, Laid, Placed, SMALL_SIZE, Step, TEXT_SIZE, Wire, layout};
use crate::text::{bold_width, width, xml};
use crate::{Family, Node, Picture};

const MARGIN: f64 = 24.0;
const TITLE_SIZE: f64 = 16.0;
const PAPER: &str = "#fcfcfa";
const INK: &str = "#2b2f36";
const SOFT_INK: &str = "#5d6571";
const WIRE: &str = "#8a93a0";
/// Behind a block.
const BLOCK: &str = "#f1f2f4";
const FRAME: &str = "#b9c0ca";

pub(crate) fn svg(picture: &Picture, level: &Level) -> String {
    let laid = layout(picture, level);
    let heading = if picture.title.is_empty() { 0.0 } else { 50.0 };
    let title_width =
        (bold_width(&picture.title) * TITLE_SIZE).max(width(&picture.subtitle) * SMALL_SIZE);
    let wide = laid.width.max(title_width) + 2.0 * MARGIN;
    let high = laid.height + heading + 2.0 * MARGIN;
    let (wide, high) = (number(wide.ceil()), number(high.ceil()));
    let mut svg = String::new();
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{high}\" viewBox=\"0 0 {wide} {high}\" \
         role=\"img\" style=\"max-width:100%\" font-family=\"system-ui, sans-serif\" text-anchor=\"middle\">"
    );
    let _ = writeln!(svg, "<title>{}</title>", xml(&picture.title));
    let _ = writeln!(
        svg,
        "<rect width=\"{wide}\" height=\"{high}\" rx=\"10\" fill=\"{PAPER}\"/>"
    );
    if heading > 0.0 {
        let _ = writeln!(
            svg,
            "<g text-anchor=\"start\"><text x=\"{MARGIN}\" y=\"38\" font-size=\"{TITLE_SIZE}\" font-weight=\"bold\" \
             fill=\"{INK}\">{}</text><text x=\"{MARGIN}\" y=\"56\" font-size=\"{SMALL_SIZE}\" fill=\"{SOFT_INK}\">{}</text></g>",
            xml(&picture.title),
            xml(&picture.subtitle)
        );
    }
    let left = MARGIN + (title_width - laid.width).max(0.0) / 2.0;
    let writer = Writer {
        picture,
        ground: PAPER,
    };
    writer.level(&mut svg, level, &laid, (left, MARGIN + heading));
    svg.push_str("</svg>\n");
    svg
}

struct Writer<'a> {
    picture: &'a Picture,
    /// What text on an edge stands on.
    ground: &'static str,
}

impl Writer<'_> {
    fn level(&self, svg: &mut String, level: &Level, laid: &Laid, (x, y): (f64, f64)) {
        // Skips first, so that what is read next lies above them.
        let _ = writeln!(
            svg,
            "<g transform=\"translate({} {})\"><g fill=\"none\" stroke=\"{WIRE}\" stroke-width=\"1.4\">",
            number(x),
            number(y)
        );
        for wire in &laid.wires {
            let _ = writeln!(svg, "<path d=\"{}\"/>", path(wire));
        }
        let _ = writeln!(svg, "</g><g fill=\"{WIRE}\">");
        let is_box = |cell: usize| matches!(level.cells[cell], Cell::Node { .. });
        for wire in laid.wires.iter().filter(|wire| wire.to.is_some_and(is_box)) {
            let (x, y) = wire.steps.last().map_or((0.0, 0.0), |step| step.end());
            let (left, right, top) = (number(x - 3.5), number(x + 3.5), number(y - 6.5));
            let _ = writeln!(
                svg,
                "<path d=\"M{} {}L{left} {top}H{right}Z\"/>",
                number(x),
                number(y)
            );
        }
        svg.push_str("</g>\n");
        // The shape of what leaves a block stands below its frame.
        let exits: Vec<usize> = laid
            .wires
            .iter()
            .filter(|wire| wire.to.is_none())
            .map(|wire| wire.from)
            .collect();
        let is_exit = |cell: usize| exits.contains(&cell);
        for placed in &laid.boxes {
            match &level.cells[placed.cell] {
                Cell::Entry => {}
                Cell::Node { first, last } => {
                    let last = (last != first).then(|| self.picture.nodes[*last].label.as_str());
                    let node = &self.picture.nodes[*first];
                    draw_box(svg, node, self.picture.colours(*first), last, placed);
                    if !is_exit(placed.cell) {
                        self.shape(svg, &node.gives, placed);
                    }
                }
                Cell::Block { turns, level } => {
                    self.block(svg, *turns, level, placed);
                    if !is_exit(placed.cell) {
                        self.shape(svg, gives(self.picture, level), placed);
                    }
                }
            }
        }
        svg.push_str("</g>\n");
    }

    fn block(&self, svg: &mut String, turns: usize, level: &Level, placed: &Placed) {
        let (area, Some(inner)) = (placed.area, &placed.inner) else {
            return;
        };
        let _ = writeln!(
            svg,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"10\" fill=\"{BLOCK}\" stroke=\"{FRAME}\" \
             stroke-dasharray=\"5 4\"/>",
            number(area.left),
            number(area.top),
            number(area.width),
            number(area.height)
        );
        let inside = Writer {
            picture: self.picture,
            ground: BLOCK,
        };
        inside.level(svg, level, inner, (area.left, area.top));
        let text = format!("× {}", crate::grouped(turns));
        let wide = bold_width(&text) * TEXT_SIZE + 14.0;
        let (right, top) = (area.left + area.width, area.top);
        let _ = writeln!(
            svg,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"22\" rx=\"11\" fill=\"{INK}\"/>\
             <text x=\"{}\" y=\"{}\" font-size=\"{TEXT_SIZE}\" font-weight=\"bold\" fill=\"#ffffff\">{text}</text>",
            number(right - wide + 8.0),
            number(top - 11.0),
            number(wide),
            number(right + 8.0 - wide / 2.0),
            number(top + 4.5)
        );
    }

    /// The shape of a value, below what gives it.
    fn shape(&self, svg: &mut String, shape: &str, placed: &Placed) {
        if shape.is_empty() {
            return;
        }
        let area = placed.area;
        let (wide, top) = (
            width(shape) * SMALL_SIZE + 8.0,
            area.top + area.height + 1.0,
        );
        let _ = writeln!(
            svg,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\" fill=\"{}\"/>\
             <text x=\"{}\" y=\"{}\" font-size=\"{SMALL_SIZE}\" fill=\"{SOFT_INK}\">{}</text>",
            number(placed.port - wide / 2.0),
            number(top),
            number(wide),
            number(LABEL - 2.0),
            self.ground,
            number(placed.port),
            number(top + 13.0),
            xml(shape)
        );
    }
}

/// The shape of what a block gives.
fn gives<'a>(picture: &'a Picture, level: &Level) -> &'a str {
    match level.cells.last() {
        Some(Cell::Node { first, .. }) => &picture.nodes[*first].gives,
        Some(Cell::Block { level, .. }) => gives(picture, level),
        _ => "",
    }
}

fn draw_box(
    svg: &mut String,
    node: &Node,
    (fill, line): (&str, &str),
    last: Option<&str>,
    placed: &Placed,
) {
    let area = placed.area;
    let (text, details) = node.lines(last);
    let radius = match node.family {
        Family::Weights => 7.0,
        Family::Loss => 4.0,
        _ => area.height / 2.0,
    };
    let dashes = if node.frozen {
        " stroke-dasharray=\"3 2.5\""
    } else {
        ""
    };
    let middle = number(area.left + area.width / 2.0);
    let _ = write!(
        svg,
        "<g><title>{}</title><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\" fill=\"{fill}\" stroke=\"{line}\" \
         stroke-width=\"1.2\"{dashes}/>",
        xml(&node.about()),
        number(area.left),
        number(area.top),
        number(area.width),
        number(area.height),
        number(radius.min(15.0)),
    );
    let _ = write!(
        svg,
        "<text x=\"{middle}\" y=\"{}\" font-size=\"{TEXT_SIZE}\" font-weight=\"600\" fill=\"{INK}\">{}</text>",
        number(area.top + 19.5),
        xml(&text)
    );
    if !details.is_empty() {
        let _ = write!(
            svg,
            "<text x=\"{middle}\" y=\"{}\" font-size=\"{SMALL_SIZE}\" fill=\"{SOFT_INK}\">{}</text>",
            number(area.top + 36.0),
            xml(&details)
        );
    }
    svg.push_str("</g>\n");
}

fn path(wire: &Wire) -> String {
    let mut path = String::new();
    let mut at = (0.0, 0.0);
    let mut steps = wire.steps.iter().peekable();
    while let Some(&step) = steps.next() {
        let (x, y) = step.end();
        let _ = match step {
            Step::Start(..) => write!(path, "M{} {}", number(x), number(y)),
            Step::Line(..) | Step::Corner(..) if at == (x, y) => Ok(()),
            Step::Line(..) => write!(path, "L{} {}", number(x), number(y)),
            Step::Curve(..) if (at.0 - x).abs() < 0.05 => write!(path, "V{}", number(y)),
            Step::Curve(..) => {
                let middle = number(f64::midpoint(at.1, y));
                write!(
                    path,
                    "C{} {middle} {} {middle} {} {}",
                    number(at.0),
                    number(x),
                    number(x),
                    number(y)
                )
            }
            Step::Corner(..) => {
                let next = steps.peek().map_or((x, y), |next| next.end());
                let (before, behind) = (towards((x, y), at), towards((x, y), next));
                write!(
                    path,
                    "L{} {}Q{} {} {} {}",
                    number(before.0),
                    number(before.1),
                    number(x),
                    number(y),
                    number(behind.0),
                    number(behind.1)
                )
            }
        };
        at = (x, y);
    }
    path
}

/// A little way from a corner.
fn towards(corner: (f64, f64), other: (f64, f64)) -> (f64, f64) {
    const RADIUS: f64 = 9.0;
    let (dx, dy) = (other.0 - corner.0, other.1 - corner.1);
    let length = dx.hypot(dy);
    if length == 0.0 {
        return corner;
    }
    let part = (RADIUS / length).min(0.5);
    (corner.0 + part * dx, corner.1 + part * dy)
}

/// With one decimal, if there is one.
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0")
        .map_or_else(|| text.clone(), str::to_owned)
}
