//! Long networks go on at the top of another column.

use super::{LABEL, Laid, Net, Step};

/// Pictures up to this height stay in one column.
const HIGHEST: f64 = 1500.0;
/// Between columns, with room for the edge that goes up to the next.
const GUTTER: f64 = 44.0;
/// What that edge needs above and below a column.
const TURN: f64 = 22.0;

/// Cuts the picture where a single value goes on. All that reads it stands in the next column.
pub(super) fn wrap(net: &Net, y: &[(f64, f64)], laid: &mut Laid) {
    if laid.height <= HIGHEST {
        return;
    }
    let starts = starts(net, y, laid);
    if starts.len() < 2 {
        return;
    }
    let column_of = |rank: usize| starts.iter().filter(|&&start| start <= rank).count() - 1;
    let column = |cell: usize| column_of(net.vertices[cell].rank);
    let mut extents = vec![(f64::INFINITY, f64::NEG_INFINITY); starts.len()];
    let mut extend = |column: usize, left: f64, right: f64| {
        let (low, high): &mut (f64, f64) = &mut extents[column];
        (*low, *high) = (low.min(left), high.max(right));
    };
    for placed in &laid.boxes {
        let (area, column) = (placed.area, column(placed.cell));
        extend(column, area.left, area.left + area.width);
    }
    let ends = |from: usize, to: Option<usize>| (column(from), column(to.unwrap_or(from)));
    for wire in &laid.wires {
        let (from, to) = ends(wire.from, wire.to);
        for x in wire.steps.iter().map(|step| step.end().0) {
            if from == to {
                extend(from, x, x);
            } else {
                extend(to, x, x);
            }
        }
    }
    // Where each column goes, and how far down it reaches.
    let mut shifts = Vec::new();
    let mut left = 0.0;
    for (&start, (low, high)) in starts.iter().zip(&extents) {
        // Where edges begin to bend towards the first rank.
        let top = match start {
            0 => 0.0,
            start => y[start - 1].1 + LABEL,
        };
        shifts.push((left - low, TURN - top));
        left += high - low + GUTTER;
    }
    let bottom = |column: usize| {
        let next = starts.get(column + 1).copied().unwrap_or(y.len());
        y[next - 1].1 + shifts[column].1
    };
    for placed in &mut laid.boxes {
        let (dx, dy) = shifts[column(placed.cell)];
        placed.area.left += dx;
        placed.area.top += dy;
        placed.port += dx;
    }
    let mut gone_up: Vec<usize> = Vec::new();
    for wire in &mut laid.wires {
        let (from, to) = ends(wire.from, wire.to);
        if from == to {
            let (dx, dy) = shifts[from];
            for step in &mut wire.steps {
                *step = step.shifted(dx, dy);
            }
            continue;
        }
        let (source, (dx, dy)) = (wire.steps[0].end(), shifts[to]);
        let (x, y) = (source.0 + shifts[from].0, source.1 + shifts[from].1);
        let rest: Vec<Step> = wire.steps[2..]
            .iter()
            .map(|step| step.shifted(dx, dy))
            .collect();
        if gone_up.contains(&wire.from) {
            // The way up is drawn once.
            wire.steps = vec![Step::Start(source.0 + dx, TURN)];
            wire.steps.extend(rest);
            continue;
        }
        gone_up.push(wire.from);
        let below = bottom(from) + LABEL + 8.0;
        let gutter = extents[to].0 + shifts[to].0 - GUTTER / 2.0;
        wire.steps = vec![
            Step::Start(x, y),
            Step::Corner(x, below),
            Step::Corner(gutter, below),
            Step::Corner(gutter, 4.0),
            Step::Corner(source.0 + dx, 4.0),
            Step::Line(source.0 + dx, TURN),
        ];
        wire.steps.extend(rest);
    }
    laid.width = left - GUTTER;
    let lowest = (0..starts.len()).map(bottom).fold(0.0, f64::max);
    laid.height = lowest + LABEL + 8.0;
}

/// The first rank of each column.
fn starts(net: &Net, y: &[(f64, f64)], laid: &Laid) -> Vec<usize> {
    // Below a rank of one cell that no other edge passes.
    let is_end = |rank: usize| match net.ranks[rank].as_slice() {
        &[only] => net.vertices[only].cell.is_some(),
        _ => false,
    };
    // About as high as wide.
    let columns = (laid.height / (laid.width + GUTTER))
        .sqrt()
        .round()
        .max(2.0);
    let height = laid.height / columns;
    let mut starts = vec![0];
    let mut wanted = height;
    while wanted < laid.height - height / 2.0 {
        let after = starts[starts.len() - 1] + 1;
        let possible = (after..net.ranks.len()).filter(|&rank| is_end(rank - 1));
        let distance = |rank: &usize| (y[*rank].0 - wanted).abs();
        let nearest = possible.min_by(|one, other| distance(one).total_cmp(&distance(other)));
        starts.extend(nearest);
        wanted += height;
    }
    starts
}
