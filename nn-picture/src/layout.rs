//! Where everything goes: ranks from top to bottom, in each rank cells and lanes from left to right.
//!
//! This is the layered layout of Sugiyama, Tagawa and Toda 1981, cut down to what networks look like. An edge that passes a rank has
//! a place in it, a lane, so nothing lies upon anything else. Cells that follow each other without a fork share one x, so
//! that chains are straight; branches stand around their fork, and lanes make way for cells.

mod columns;
mod order;
mod places;

use crate::Picture;
use crate::fold::{Cell, Level};
use crate::text::{bold_width, width};

pub(crate) const TEXT_SIZE: f64 = 13.0;
pub(crate) const SMALL_SIZE: f64 = 11.0;
/// Between the edge of a box and its text.
const PADDING: f64 = 14.0;
const NARROWEST: f64 = 64.0;
/// Between boxes side by side.
const GAP: f64 = 26.0;
/// The room of an edge that passes.
const LANE: f64 = 14.0;
/// Below a box: the shape of what it gives, and the way to the next.
pub(crate) const LABEL: f64 = 20.0;
const BEND: f64 = 22.0;
const WIDEST_BEND: f64 = 46.0;
/// Between the frame of a block and what is in it.
const FRAME: f64 = 16.0;

/// A level with its places.
#[derive(Debug, Default)]
pub(crate) struct Laid {
    pub(crate) boxes: Vec<Placed>,
    pub(crate) wires: Vec<Wire>,
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// Where the value comes in at the top, and leaves at the bottom.
    pub(crate) port: f64,
}

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Area {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

#[derive(Debug)]
pub(crate) struct Placed {
    /// The place of the cell in its level.
    pub(crate) cell: usize,
    pub(crate) area: Area,
    /// Where edges come in and go out.
    pub(crate) port: f64,
    pub(crate) inner: Option<Laid>,
}

/// An edge as a path: straight down to `y`, then on.
#[derive(Debug)]
pub(crate) struct Wire {
    pub(crate) from: usize,
    /// `None` for the one that leaves the block.
    pub(crate) to: Option<usize>,
    pub(crate) steps: Vec<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Step {
    Start(f64, f64),
    /// Straight on.
    Line(f64, f64),
    /// From upright to upright.
    Curve(f64, f64),
    /// Straight to a rounded corner.
    Corner(f64, f64),
}

impl Step {
    pub(crate) fn end(self) -> (f64, f64) {
        match self {
            Self::Start(x, y) | Self::Line(x, y) | Self::Curve(x, y) | Self::Corner(x, y) => (x, y),
        }
    }

    fn shifted(self, dx: f64, dy: f64) -> Self {
        match self {
            Self::Start(x, y) => Self::Start(x + dx, y + dy),
            Self::Line(x, y) => Self::Line(x + dx, y + dy),
            Self::Curve(x, y) => Self::Curve(x + dx, y + dy),
            Self::Corner(x, y) => Self::Corner(x + dx, y + dy),
        }
    }
}

/// A cell or a lane.
#[derive(Clone, Copy, Debug)]
struct Vertex {
    rank: usize,
    /// `None` for a lane.
    cell: Option<usize>,
    /// Left and right of its x.
    left: f64,
    right: f64,
    height: f64,
}

/// Cells and lanes, and how they hang together.
#[derive(Default)]
struct Net {
    vertices: Vec<Vertex>,
    /// For each vertex those that it reads, and whether the edge is no more than a skip beside another.
    above: Vec<Vec<(usize, bool)>>,
    below: Vec<Vec<(usize, bool)>>,
    ranks: Vec<Vec<usize>>,
    /// Each edge between cells as the vertices that it passes.
    routes: Vec<Vec<usize>>,
}

pub(crate) fn layout(picture: &Picture, level: &Level) -> Laid {
    let inner: Vec<Option<Laid>> = level
        .cells
        .iter()
        .map(|cell| match cell {
            Cell::Block { level, .. } => Some(layout(picture, level)),
            _ => None,
        })
        .collect();
    let mut net = net(picture, level, &inner);
    order::order(&mut net);
    let x = places::places(&net);
    let y = heights(&net, level, &x);
    place(&net, level, inner, &x, &y)
}

/// How large a cell is: left and right of its port, and its height.
fn size(picture: &Picture, cell: &Cell, inner: Option<&Laid>) -> (f64, f64, f64) {
    match (cell, inner) {
        (Cell::Node { first, last }, _) => {
            let node = &picture.nodes[*first];
            let last = (last != first).then(|| picture.nodes[*last].label.as_str());
            let (text, details) = node.lines(last);
            let widest = (bold_width(&text) * TEXT_SIZE)
                .max(width(&details) * SMALL_SIZE)
                .max(width(&node.gives) * SMALL_SIZE - PADDING);
            let half = (widest + 2.0 * PADDING).max(NARROWEST) / 2.0;
            let height = if details.is_empty() { 30.0 } else { 46.0 };
            (half, half, height)
        }
        (_, Some(inner)) => (inner.port, inner.width - inner.port, inner.height),
        _ => (1.0, 1.0, 0.0),
    }
}

/// A rank for every cell below all that it reads, and lanes for the edges that pass ranks.
fn net(picture: &Picture, level: &Level, inner: &[Option<Laid>]) -> Net {
    let count = level.cells.len();
    let mut readers: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut rank = vec![0_usize; count];
    for (reader, reads) in level.reads.iter().enumerate() {
        for &read in reads {
            readers[read].push(reader);
            rank[reader] = rank[reader].max(rank[read] + 1);
        }
    }
    // What reads nothing stands just above the first that reads it.
    for cell in 0..count {
        let first = readers[cell].iter().map(|&reader| rank[reader]).min();
        if let (true, Some(first)) = (level.reads[cell].is_empty(), first) {
            rank[cell] = first - 1;
        }
    }
    let mut net = Net::default();
    for (cell, kind) in level.cells.iter().enumerate() {
        let (left, right, height) = size(picture, kind, inner[cell].as_ref());
        net.add(Vertex {
            rank: rank[cell],
            cell: Some(cell),
            left,
            right,
            height,
        });
    }
    // The lane of each value, as far down as it is read.
    let mut lanes: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (reader, reads) in level.reads.iter().enumerate() {
        for &read in reads {
            let others = readers[read]
                .iter()
                .any(|&other| rank[other] < rank[reader]);
            let is_skip = others && rank[reader] > rank[read] + 1;
            let mut route = vec![read];
            for passed in rank[read] + 1..rank[reader] {
                let step = passed - rank[read] - 1;
                if lanes[read].len() <= step {
                    let lane = net.add(Vertex {
                        rank: passed,
                        cell: None,
                        left: LANE / 2.0,
                        right: LANE / 2.0,
                        height: 0.0,
                    });
                    net.connect(route[route.len() - 1], lane, is_skip);
                    lanes[read].push(lane);
                }
                route.push(lanes[read][step]);
            }
            net.connect(route[route.len() - 1], reader, is_skip);
            route.push(reader);
            net.routes.push(route);
        }
    }
    net
}

impl Net {
    fn add(&mut self, vertex: Vertex) -> usize {
        self.vertices.push(vertex);
        self.above.push(Vec::new());
        self.below.push(Vec::new());
        while self.ranks.len() <= vertex.rank {
            self.ranks.push(Vec::new());
        }
        self.vertices.len() - 1
    }

    fn connect(&mut self, from: usize, to: usize, is_skip: bool) {
        self.below[from].push((to, is_skip));
        self.above[to].push((from, is_skip));
    }

    /// How far two neighbours are apart, from x to x.
    fn apart(&self, left: usize, right: usize) -> f64 {
        let (left, right) = (&self.vertices[left], &self.vertices[right]);
        let gap = match (left.cell, right.cell) {
            (None, None) => 0.0,
            (Some(_), Some(_)) => GAP,
            _ => GAP / 2.0,
        };
        left.right + gap + right.left
    }
}

/// Top and bottom of each rank.
fn heights(net: &Net, level: &Level, x: &[f64]) -> Vec<(f64, f64)> {
    let mut top = 0.0;
    let mut heights = Vec::new();
    for rank in &net.ranks {
        let tallest = rank
            .iter()
            .map(|&vertex| net.vertices[vertex].height)
            .fold(0.0, f64::max);
        heights.push((top, top + tallest));
        let is_entry = |&vertex: &usize| {
            let cell = net.vertices[vertex].cell;
            cell.is_some_and(|cell| matches!(level.cells[cell], Cell::Entry))
        };
        let label = if rank.iter().all(is_entry) {
            0.0
        } else {
            LABEL
        };
        // The further edges go to the side, the more room they have to bend.
        let aside = rank.iter().flat_map(|&vertex| {
            let below = net.below[vertex].iter();
            below.map(move |&(below, _)| (x[below] - x[vertex]).abs())
        });
        let bend = (0.35 * aside.fold(0.0, f64::max)).clamp(BEND, WIDEST_BEND);
        top += tallest + label + bend;
    }
    heights
}

fn place(
    net: &Net,
    level: &Level,
    mut inner: Vec<Option<Laid>>,
    x: &[f64],
    y: &[(f64, f64)],
) -> Laid {
    let is_block = matches!(level.cells.first(), Some(Cell::Entry));
    let margin = if is_block { FRAME } else { 0.0 };
    let left = net
        .vertices
        .iter()
        .zip(x)
        .map(|(vertex, x)| x - vertex.left)
        .fold(f64::INFINITY, f64::min);
    let right = net
        .vertices
        .iter()
        .zip(x)
        .map(|(vertex, x)| x + vertex.right)
        .fold(f64::NEG_INFINITY, f64::max);
    let shift = margin - left;
    let mut laid = Laid {
        width: right - left + 2.0 * margin,
        height: y.last().map_or(0.0, |last| last.1),
        ..Laid::default()
    };
    for (vertex, x) in net.vertices.iter().zip(x) {
        let Some(cell) = vertex.cell else { continue };
        let (top, bottom) = y[vertex.rank];
        let area = Area {
            left: x + shift - vertex.left,
            top: f64::midpoint(top, bottom) - vertex.height / 2.0,
            width: vertex.left + vertex.right,
            height: vertex.height,
        };
        laid.boxes.push(Placed {
            cell,
            area,
            port: x + shift,
            inner: inner[cell].take(),
        });
    }
    laid.port = laid.boxes.first().map_or(0.0, |first| first.port);
    laid.wires = wires(net, level, &laid, x, y, shift);
    if let (true, Some(last)) = (is_block, laid.boxes.last()) {
        // The frame ends below the shape of what the block gives.
        let (port, bottom) = (last.port, last.area.top + last.area.height);
        let end = bottom + FRAME + if port == laid.port { 0.0 } else { BEND };
        laid.wires.push(Wire {
            from: last.cell,
            to: None,
            steps: vec![Step::Start(port, bottom), Step::Curve(laid.port, end)],
        });
        laid.height = end;
    }
    if !is_block {
        columns::wrap(net, y, &mut laid);
    }
    laid
}

/// The paths of the edges.
fn wires(
    net: &Net,
    level: &Level,
    laid: &Laid,
    x: &[f64],
    y: &[(f64, f64)],
    shift: f64,
) -> Vec<Wire> {
    let mut wires = Vec::new();
    for route in &net.routes {
        let (from, to) = (route[0], route[route.len() - 1]);
        let (source, target) = (&laid.boxes[from].area, &laid.boxes[to].area);
        let mut at = x[from] + shift;
        let mut steps = vec![Step::Start(at, source.top + source.height)];
        let rank_end = y[net.vertices[from].rank].1;
        let label = if matches!(level.cells[from], Cell::Entry) {
            0.0
        } else {
            LABEL
        };
        steps.push(Step::Line(at, rank_end + label));
        for &lane in &route[1..route.len() - 1] {
            let (top, bottom) = y[net.vertices[lane].rank];
            at = x[lane] + shift;
            steps.push(Step::Curve(at, top));
            steps.push(Step::Line(at, bottom + LABEL));
        }
        let rank_top = y[net.vertices[to].rank].0;
        let arrives = arrival(net, route, x) + shift;
        steps.push(Step::Curve(arrives, rank_top));
        steps.push(Step::Line(arrives, target.top));
        wires.push(Wire {
            from,
            to: Some(to),
            steps,
        });
    }
    wires
}

/// Where an edge comes in: what lies straight above in the middle, others beside it.
fn arrival(net: &Net, route: &[usize], x: &[f64]) -> f64 {
    const STEP: f64 = 12.0;
    let (last, to) = (route[route.len() - 2], route[route.len() - 1]);
    let middle = x[to];
    let side = |vertex: usize| x[vertex] - middle;
    if side(last).abs() < 0.5 {
        return middle;
    }
    let mut ends: Vec<usize> = net.above[to].iter().map(|&(above, _)| above).collect();
    ends.sort_by(|&one, &other| x[one].total_cmp(&x[other]));
    ends.dedup();
    let place = |wanted: usize| {
        ends.iter()
            .position(|&end| end == wanted)
            .unwrap_or_default()
    };
    let straight = ends.iter().position(|&end| side(end).abs() < 0.5);
    let centre = match straight {
        Some(straight) => straight as f64,
        None => (ends.len() - 1) as f64 / 2.0,
    };
    let room = net.vertices[to].left.min(net.vertices[to].right) - 8.0;
    let step = STEP.min(2.0 * room.max(0.0) / ends.len() as f64);
    middle + (place(last) as f64 - centre) * step
}
