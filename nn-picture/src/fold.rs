//! The turns of a repetition become one block, which is drawn once, with their number beside it.

use std::ops::Range;

use crate::{Node, Picture};

/// A block of fewer layers than this is drawn turn by turn: folding would save too little.
const LEAST_SAVED: usize = 6;
const FEWEST_TURNS: usize = 3;
/// Longer blocks are not looked for.
const LONGEST_TURN: usize = 256;

/// Cells in an order in which each reads only earlier ones.
#[derive(Debug, Default)]
pub(crate) struct Level {
    pub(crate) cells: Vec<Cell>,
    /// For each cell the places of those that it reads.
    pub(crate) reads: Vec<Vec<usize>>,
}

#[derive(Debug)]
pub(crate) enum Cell {
    /// Where the value comes in that a block reads.
    Entry,
    /// A node, and the one in its place in the last turn of the repetitions around it.
    Node { first: usize, last: usize },
    /// Turns of a repetition.
    Block { turns: usize, level: Level },
}

impl Level {
    /// How many boxes are drawn.
    pub(crate) fn boxes(&self) -> usize {
        let boxes = self.cells.iter().map(|cell| match cell {
            Cell::Entry => 0,
            Cell::Node { .. } => 1,
            Cell::Block { level, .. } => level.boxes(),
        });
        boxes.sum()
    }
}

/// The nodes of a picture, with blocks where turns repeat.
pub(crate) fn levels(picture: &Picture) -> Level {
    let cells = (0..picture.nodes.len()).map(|index| Cell::Node {
        first: index,
        last: index,
    });
    let level = Level {
        cells: cells.collect(),
        reads: picture
            .nodes
            .iter()
            .map(|node| node.reads.clone())
            .collect(),
    };
    if picture.unfolded {
        return level;
    }
    fold(level, &picture.nodes)
}

fn fold(level: Level, nodes: &[Node]) -> Level {
    let Level { cells, reads } = level;
    let mut readers: Vec<Vec<usize>> = vec![Vec::new(); cells.len()];
    for (reader, reads) in reads.iter().enumerate() {
        for &read in reads {
            readers[read].push(reader);
        }
    }
    let mut cells: Vec<Option<Cell>> = cells.into_iter().map(Some).collect();
    let mut folded = Level::default();
    // Where each of the old cells is now.
    let mut place = vec![0; cells.len()];
    let mut start = 0;
    while start < cells.len() {
        let run = Run::longest(&cells, &reads, &readers, nodes, start);
        let (end, cell, outer) = match run {
            None => (start + 1, cells[start].take(), reads[start].clone()),
            Some(run) => {
                let entry = run.entry;
                let end = run.all().end;
                let block = run.block(&mut cells, &reads);
                let level = fold(block, nodes);
                let turns = run.turns;
                (end, Some(Cell::Block { turns, level }), vec![entry])
            }
        };
        let reads: Vec<usize> = outer.iter().map(|&read| place[read]).collect();
        place[start..end].fill(folded.cells.len());
        folded.cells.extend(cell);
        folded.reads.push(reads);
        start = end;
    }
    folded
}

/// Turns of one repetition, one behind the other.
struct Run {
    start: usize,
    period: usize,
    turns: usize,
    /// The cell that the first turn reads.
    entry: usize,
}

impl Run {
    /// The one that begins here and takes in the most cells.
    fn longest(
        cells: &[Option<Cell>],
        reads: &[Vec<usize>],
        readers: &[Vec<usize>],
        nodes: &[Node],
        start: usize,
    ) -> Option<Self> {
        let node = |index: usize| match cells.get(index) {
            Some(Some(Cell::Node { first, .. })) => nodes.get(*first),
            _ => None,
        };
        let first = node(start)?;
        let mut longest: Option<Self> = None;
        for period in 1..=LONGEST_TURN {
            let Some(next) = node(start + period) else {
                break;
            };
            // Inside of a run there is nothing longer.
            if longest.as_ref().is_some_and(|run| run.all().len() > period) {
                continue;
            }
            // Only where this layer stands in the declaration once more can a turn begin.
            if next.place != first.place {
                continue;
            }
            let Some(entry) = entry(reads, start..start + period, start) else {
                continue;
            };
            let mut turns = 1;
            loop {
                let here = start + turns * period;
                let same = (0..period).all(|offset| {
                    let (one, other) = (start + offset, here + offset);
                    let alike = match (node(one), node(other)) {
                        (Some(one), Some(other)) => one.is_like(other, nodes),
                        _ => false,
                    };
                    alike && {
                        let from = |&read: &usize| match read.checked_sub(start) {
                            Some(inside) => here + inside,
                            None => here - 1,
                        };
                        reads[one].iter().map(from).eq(reads[other].iter().copied())
                    }
                });
                if !same {
                    break;
                }
                turns += 1;
            }
            // What a turn gives is read by the next one, and nothing else of it from outside.
            let is_closed = |turn: usize, last: bool| {
                let inside = start + turn * period..start + (turn + 1) * period;
                inside.clone().all(|cell| {
                    let next = inside.end..inside.end + period;
                    let is_exit = cell + 1 == inside.end;
                    let allowed = |reader: &usize| {
                        inside.contains(reader) || is_exit && (last || next.contains(reader))
                    };
                    readers[cell].iter().all(allowed)
                })
            };
            let closed = (0..turns).take_while(|&turn| is_closed(turn, false));
            // The turn that is not closed to what comes after it may still be the last one.
            let closed = closed.count();
            let turns = if closed < turns && is_closed(closed, true) {
                closed + 1
            } else {
                closed
            };
            let run = Self {
                start,
                period,
                turns,
                entry,
            };
            let saves = (turns.saturating_sub(1)) * period >= LEAST_SAVED;
            let longer = longest
                .as_ref()
                .is_none_or(|longest| run.all().len() > longest.all().len());
            if turns >= FEWEST_TURNS && saves && longer {
                longest = Some(run);
            }
        }
        longest
    }

    fn all(&self) -> Range<usize> {
        self.start..self.start + self.turns * self.period
    }

    /// The first turn, behind the value that it reads.
    fn block(&self, cells: &mut [Option<Cell>], reads: &[Vec<usize>]) -> Level {
        let mut block = Level {
            cells: vec![Cell::Entry],
            reads: vec![Vec::new()],
        };
        for offset in 0..self.period {
            let index = self.start + offset;
            let counterpart = &cells[index + (self.turns - 1) * self.period];
            if let (Some(Cell::Node { first, .. }), Some(Cell::Node { last, .. })) =
                (&cells[index], counterpart)
            {
                block.cells.push(Cell::Node {
                    first: *first,
                    last: *last,
                });
            }
            let inside =
                |&read: &usize| read.checked_sub(self.start).map_or(0, |inside| inside + 1);
            block.reads.push(reads[index].iter().map(inside).collect());
        }
        cells[self.all()].fill_with(|| None);
        block
    }
}

/// The one cell outside of a turn that it reads; `None` if there are several, or none.
fn entry(reads: &[Vec<usize>], turn: Range<usize>, start: usize) -> Option<usize> {
    let mut outside = reads[turn].iter().flatten().filter(|&&read| read < start);
    let entry = *outside.next()?;
    outside.all(|&read| read == entry).then_some(entry)
}

impl Node {
    /// Whether it could be the same layer in another turn.
    fn is_like(&self, other: &Self, nodes: &[Self]) -> bool {
        let owners = |node: &Self| {
            let owners = node.shares.iter().map(|(owner, _)| nodes[*owner].place);
            owners.collect::<Vec<_>>()
        };
        self.place == other.place
            && self.text == other.text
            && self.gives == other.gives
            && self.parameters == other.parameters
            && self.frozen == other.frozen
            && owners(self) == owners(other)
    }
}

/// An edge between nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) from: usize,
    pub(crate) to: usize,
}

impl Level {
    /// The node that gives what the level gives.
    pub(crate) fn exit(&self) -> usize {
        match self.cells.last() {
            Some(cell) => cell.exit().unwrap_or_default(),
            None => 0,
        }
    }

    /// The edges between the nodes that are drawn, into blocks and out of them too.
    pub(crate) fn edges(&self, picture: &Picture) -> Vec<Edge> {
        let mut edges = Vec::new();
        self.edges_into(&mut edges, None);
        debug_assert!(edges.iter().all(|edge| edge.to < picture.nodes.len()));
        edges
    }

    /// `entry` is the node that gives what the level reads.
    fn edges_into(&self, edges: &mut Vec<Edge>, entry: Option<usize>) {
        for (cell, reads) in self.cells.iter().zip(&self.reads) {
            let from = |&read: &usize| self.cells[read].exit().or(entry);
            let mut sources = reads.iter().filter_map(from);
            match cell {
                Cell::Entry => {}
                Cell::Node { first, .. } => {
                    let to = *first;
                    edges.extend(sources.map(|from| Edge { from, to }));
                }
                Cell::Block { level, .. } => level.edges_into(edges, sources.next()),
            }
        }
    }

    /// Owners of parameters, those who use them too, and how.
    pub(crate) fn shared<'a>(&self, picture: &'a Picture) -> Vec<(usize, usize, &'a str)> {
        let drawn = self.nodes();
        let mut shared = Vec::new();
        for &sharer in &drawn {
            for (owner, how) in &picture.nodes[sharer].shares {
                if drawn.contains(owner) {
                    shared.push((*owner, sharer, how.as_str()));
                }
            }
        }
        shared
    }

    fn nodes(&self) -> Vec<usize> {
        let nodes = self.cells.iter().flat_map(|cell| match cell {
            Cell::Entry => Vec::new(),
            Cell::Node { first, .. } => vec![*first],
            Cell::Block { level, .. } => level.nodes(),
        });
        nodes.collect()
    }
}

impl Cell {
    fn exit(&self) -> Option<usize> {
        match self {
            Self::Entry => None,
            Self::Node { first, .. } => Some(*first),
            Self::Block { level, .. } => Some(level.exit()),
        }
    }
}
