//! The x of every vertex.
//!
//! Vertices that follow each other form a segment, which is straight. Segments want to stand where their neighbours above and
//! below are, in the middle if these are several. Of two that want the same place each gives way by half; a lane gives way to a cell.

use super::Net;

/// How often segments look where their neighbours are now.
const ROUNDS: usize = 12;

pub(super) fn places(net: &Net) -> Vec<f64> {
    let segments = Segments::new(net);
    let mut x = vec![0.0; segments.lanes.len()];
    for _ in 0..ROUNDS {
        let wanted = segments.wanted(&x);
        x = segments.apart(&wanted);
    }
    segments.of.iter().map(|&segment| x[segment]).collect()
}

struct Segments {
    /// The segment of each vertex.
    of: Vec<usize>,
    /// Whether it is a lane beside something.
    lanes: Vec<bool>,
    /// The segments that hang on it.
    linked: Vec<Vec<usize>>,
    /// The segments to the left of each, and how far away; those come earlier in `order`.
    left: Vec<Vec<(usize, f64)>>,
    right: Vec<Vec<(usize, f64)>>,
    order: Vec<usize>,
}

impl Segments {
    fn new(net: &Net) -> Self {
        let of = members(net);
        let count = of.iter().max().map_or(0, |last| last + 1);
        let mut segments = Self {
            lanes: vec![true; count],
            linked: vec![Vec::new(); count],
            left: vec![Vec::new(); count],
            right: vec![Vec::new(); count],
            order: Vec::new(),
            of,
        };
        for (vertex, below) in net.below.iter().enumerate() {
            let segment = segments.of[vertex];
            let is_skip = below.iter().chain(&net.above[vertex]).all(|edge| edge.1);
            if net.vertices[vertex].cell.is_some() || !is_skip {
                segments.lanes[segment] = false;
            }
        }
        for (vertex, below) in net.below.iter().enumerate() {
            for &(other, _) in below {
                let (one, other) = (segments.of[vertex], segments.of[other]);
                // Cells do not care where lanes are.
                if one != other && (segments.lanes[one] || !segments.lanes[other]) {
                    segments.linked[one].push(other);
                }
                if one != other && (segments.lanes[other] || !segments.lanes[one]) {
                    segments.linked[other].push(one);
                }
            }
        }
        for rank in &net.ranks {
            for pair in rank.windows(2) {
                let (left, right) = (segments.of[pair[0]], segments.of[pair[1]]);
                let apart = net.apart(pair[0], pair[1]);
                segments.left[right].push((left, apart));
                segments.right[left].push((right, apart));
            }
        }
        segments.order = segments.sorted();
        segments
    }

    fn sorted(&self) -> Vec<usize> {
        let mut missing: Vec<usize> = self.left.iter().map(Vec::len).collect();
        let mut ready: Vec<usize> = (0..missing.len())
            .filter(|&segment| missing[segment] == 0)
            .collect();
        let mut order = Vec::new();
        while let Some(segment) = ready.pop() {
            order.push(segment);
            for &(right, _) in &self.right[segment] {
                missing[right] -= 1;
                if missing[right] == 0 {
                    ready.push(right);
                }
            }
        }
        order
    }

    /// The median of the segments that hang on it.
    fn wanted(&self, x: &[f64]) -> Vec<f64> {
        let median = |linked: &Vec<usize>| {
            let mut places: Vec<f64> = linked.iter().map(|&segment| x[segment]).collect();
            places.sort_by(f64::total_cmp);
            match places.len() {
                0 => None,
                count => Some(f64::midpoint(places[(count - 1) / 2], places[count / 2])),
            }
        };
        let wanted = self.linked.iter().map(median).enumerate();
        wanted
            .map(|(segment, median)| median.unwrap_or(x[segment]))
            .collect()
    }

    /// Near to what is wanted, and far enough from each other.
    fn apart(&self, wanted: &[f64]) -> Vec<f64> {
        // Cells first, with room for lanes between them: pushed to the right, pushed to the left, and the middle of both.
        let of_cells = |segment: usize, free: f64| {
            if self.lanes[segment] {
                free
            } else {
                wanted[segment]
            }
        };
        let pushed_right = self.pushed_right(|segment| of_cells(segment, f64::NEG_INFINITY));
        let pushed_left = self.pushed_left(|segment| of_cells(segment, f64::INFINITY));
        let cells: Vec<f64> = pushed_right
            .iter()
            .zip(&pushed_left)
            .map(|(right, left)| f64::midpoint(*right, *left))
            .collect();
        // Then lanes, as far to the right as what stands to the right of them allows.
        let fixed = |segment: usize, free: f64| {
            if self.lanes[segment] {
                free
            } else {
                cells[segment]
            }
        };
        let most = self.pushed_left(|segment| fixed(segment, f64::INFINITY));
        self.pushed_right(|segment| fixed(segment, wanted[segment].min(most[segment])))
    }

    fn pushed_right(&self, wanted: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut x = vec![0.0; self.lanes.len()];
        for &segment in &self.order {
            let bounds = self.left[segment]
                .iter()
                .map(|(left, apart)| x[*left] + apart);
            x[segment] = bounds.fold(wanted(segment), f64::max);
        }
        x
    }

    fn pushed_left(&self, wanted: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut x = vec![0.0; self.lanes.len()];
        for &segment in self.order.iter().rev() {
            let bounds = self.right[segment]
                .iter()
                .map(|(right, apart)| x[*right] - apart);
            x[segment] = bounds.fold(wanted(segment), f64::min);
        }
        x
    }
}

/// The segment of each vertex: two that follow each other, and nothing but skips beside them, are in one. No two of
/// these connections cross, so from left to right the segments are in an order.
fn members(net: &Net) -> Vec<usize> {
    let only = |edges: &[(usize, bool)]| {
        let mut main = edges.iter().filter(|edge| !edge.1);
        match (main.next(), main.next()) {
            (Some(only), None) => Some(only.0),
            (None, _) if edges.len() == 1 => Some(edges[0].0),
            _ => None,
        }
    };
    let mut place = vec![0; net.vertices.len()];
    for rank in &net.ranks {
        for (index, &vertex) in rank.iter().enumerate() {
            place[vertex] = index;
        }
    }
    let mut of = vec![usize::MAX; net.vertices.len()];
    let mut count = 0;
    for rank in &net.ranks {
        let mut free = 0;
        for &vertex in rank {
            let above = only(&net.above[vertex]).filter(|&above| {
                only(&net.below[above]) == Some(vertex)
                    && place[above] >= free
                    // A lane ends where a cell begins.
                    && is_skip(net, above) == is_skip(net, vertex)
            });
            if let Some(above) = above {
                of[vertex] = of[above];
                free = place[above] + 1;
            } else {
                of[vertex] = count;
                count += 1;
            }
        }
    }
    of
}

/// Whether it is a lane beside something.
fn is_skip(net: &Net, vertex: usize) -> bool {
    let mut edges = net.below[vertex].iter().chain(&net.above[vertex]);
    net.vertices[vertex].cell.is_none() && edges.all(|edge| edge.1)
}
