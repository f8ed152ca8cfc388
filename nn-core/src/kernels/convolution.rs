//! Convolutions of images, in the three forms that training needs, for any stride, padding, dilation and number of groups.
//!
//! A batch is computed in blocks of some samples, or of some rows of a large one, whose numbers stay in the second-level cache.
//! A block of images is copied into a panel: once for each column of the kernel, shifted by that column and cut to the windows.
//! What a number of the kernel is multiplied by is then contiguous, for all windows of all samples of the block. So an image is
//! copied as often as the kernel has columns, and not for each of its numbers.
//!
//! Here is the interface; `blocks` cuts batches, `panel` says where images lie in panels, `tiles` and `runs` do the arithmetic and
//! the copying, and `compiled` lists the instruction sets that they are compiled for. A level is one that this machine has.

mod blocks;
mod compiled;
mod panel;
mod runs;
#[cfg(test)]
mod tests;
mod tiles;

use std::ops::Range;

use super::Gradient;
use super::scratch::{Scratch, WithScratch as _};
use super::simd::Level;
use blocks::{Block, Blocks};
pub(super) use compiled::Compiled;
use compiled::Routines;
use panel::Layout;
use runs::{Extent, Places};
use tiles::{Dots, Multiply, Order};

/// The sizes of a convolution: windows that lie on images of some channels, and maps with a number for each window.
#[derive(Clone, Copy, Debug)]
pub struct Convolution {
    pub channels: usize,
    /// Rows and columns, as in all pairs.
    pub image: [usize; 2],
    pub maps: usize,
    /// How many windows lie below each other and beside each other.
    pub windows: [usize; 2],
    /// Channels and maps are cut into so many groups; each group of maps sees its group of channels.
    pub groups: usize,
    pub kernel: [usize; 2],
    pub stride: [usize; 2],
    pub dilation: [usize; 2],
    /// Rows above the image and columns left of it, all zeros. How many lie below and to the right follows from the windows.
    pub padding: [usize; 2],
}

/// One group of a convolution.
#[derive(Clone, Copy)]
struct Group<'a> {
    sizes: &'a Convolution,
    index: usize,
    /// The channels and the maps of the group.
    channels: usize,
    maps: usize,
}

impl Convolution {
    fn image_numbers(&self) -> usize {
        self.image[0] * self.image[1]
    }

    fn map_numbers(&self) -> usize {
        self.windows[0] * self.windows[1]
    }

    fn groups(&self) -> impl Iterator<Item = Group<'_>> {
        (0..self.groups).map(|index| Group {
            sizes: self,
            index,
            channels: self.channels / self.groups,
            maps: self.maps / self.groups,
        })
    }

    /// How many samples there are, after the slices were measured.
    fn samples<N>(&self, x: &[N], w: &[N], y: &[N]) -> usize {
        let sample = self.channels * self.image_numbers();
        let n = x.len() / sample.max(1);
        let window = self.channels / self.groups * self.kernel[0] * self.kernel[1];
        assert!(
            self.channels.is_multiple_of(self.groups)
                && self.maps.is_multiple_of(self.groups)
                && x.len() == n * sample
                && y.len() == n * self.maps * self.map_numbers()
                && w.len() == self.maps * window,
            "a layer passed slices that do not fit its sizes"
        );
        n
    }
}

impl Group<'_> {
    /// How many numbers a window has, which is how many weights a map has.
    fn window(&self) -> usize {
        self.channels * self.sizes.kernel[0] * self.sizes.kernel[1]
    }

    /// The place of the group's weights.
    fn weights(&self) -> Range<usize> {
        let count = self.maps * self.window();
        self.index * count..(self.index + 1) * count
    }

    /// Where the group's maps of a block begin among all maps.
    fn first_map(&self, block: &Block) -> usize {
        let maps = block.samples.start * self.sizes.maps + self.index * self.maps;
        maps * self.sizes.map_numbers() + block.rows.start * self.sizes.windows[1]
    }

    /// A block's maps as runs: how many, their places among all maps [n, map, row, column], and those in a block of their own
    /// [map, row, n, column].
    fn runs_of_maps(&self, block: &Block) -> (Extent, Places, Places) {
        let (columns, map) = (self.sizes.windows[1], self.sizes.map_numbers());
        let (rows, samples) = (block.rows.len(), block.samples.len());
        let extent = Extent {
            counts: [self.maps, rows, samples],
            length: columns,
        };
        let among_all = Places {
            start: self.first_map(block),
            steps: [map, columns, self.sizes.maps * map],
            step: 1,
        };
        let own = Places {
            start: 0,
            steps: [rows * samples * columns, samples * columns, columns],
            step: 1,
        };
        (extent, among_all, own)
    }

    /// A block's maps with their numbers one behind another, and how far apart the maps are: where they lie, if that is so there,
    /// or copied into `room`.
    fn maps<'m, T: Compiled>(
        &self,
        y: &'m [T],
        block: &Block,
        room: &'m mut [T],
        routines: &Routines<T>,
    ) -> (&'m [T], usize) {
        if block.samples.len() == 1 {
            return (&y[self.first_map(block)..], self.sizes.map_numbers());
        }
        let (extent, among_all, own) = self.runs_of_maps(block);
        routines.copy(extent, (y, among_all), (room, own));
        (room, own.steps[0])
    }
}

/// y = x ⋆ w (+ b): for each window the products of its numbers with a map's weights; cut off below zero if `relu`.
pub(super) fn correlate<T: Compiled>(
    level: Level,
    x: &[T],
    w: &[T],
    b: Option<&[T]>,
    relu: bool,
    y: &mut [T],
    sizes: &Convolution,
) {
    let n = sizes.samples(x, w, y);
    let routines = T::routines(level);
    let blocks = sizes.blocks(n, size_of::<T>(), 1);
    with_rooms(sizes, &blocks, 0, |[panel, maps, _], table| {
        for group in sizes.groups() {
            let w = &w[group.weights()];
            let b = b.map(|b| &b[group.index * group.maps..][..group.maps]);
            let mut layout = Layout::new(group, table);
            for block in blocks.iter() {
                layout.fill(panel, x, &block, routines);
                let columns = layout.columns();
                let is_alone = block.samples.len() == 1;
                let (c, c_row) = if is_alone {
                    (&mut y[group.first_map(&block)..], sizes.map_numbers())
                } else {
                    (&mut *maps, columns)
                };
                routines.multiply(Multiply {
                    rows: group.maps,
                    columns,
                    a: w,
                    order: Order::Rows(group.window()),
                    b: panel,
                    offsets: layout.windows(),
                    shift: 0,
                    c,
                    c_row,
                    start: b,
                    relu,
                });
                if !is_alone {
                    let (extent, among_all, own) = group.runs_of_maps(&block);
                    routines.copy(extent, (maps, own), (y, among_all));
                }
            }
        }
    });
}

/// dw: for each weight the products of the numbers that it is multiplied by with the gradients of what comes of it, summed over
/// windows and samples; or what weights become when they descend at a rate.
pub(super) fn weight_gradient<T: Compiled>(
    level: Level,
    x: &[T],
    dy: &[T],
    w: &mut [T],
    descend: Option<T>,
    sizes: &Convolution,
) {
    let Some(rate) = descend else {
        return gradient(level, x, dy, w, sizes);
    };
    T::with_scratch(Scratch::Gradient, w.len(), |dw| {
        gradient(level, x, dy, dw, sizes);
        T::sgd(w, Gradient::whole(dw), rate);
    });
}

fn gradient<T: Compiled>(level: Level, x: &[T], dy: &[T], dw: &mut [T], sizes: &Convolution) {
    /// So many columns of what a tile reads of the panel and of the maps stay in the first-level cache.
    const COLUMNS: usize = 1024;
    let n = sizes.samples(x, dw, dy);
    let routines = T::routines(level);
    let blocks = sizes.blocks(n, size_of::<T>(), 1);
    dw.fill(T::zero());
    with_rooms(sizes, &blocks, 0, |[panel, maps, _], table| {
        for group in sizes.groups() {
            let dw = &mut dw[group.weights()];
            let mut layout = Layout::new(group, table);
            for block in blocks.iter() {
                layout.fill(panel, x, &block, routines);
                let (maps, map) = group.maps(dy, &block, maps, routines);
                let columns = layout.columns();
                let parts = columns.div_ceil(COLUMNS);
                let part = columns.div_ceil(parts).next_multiple_of(routines.lanes);
                for from in (0..columns).step_by(part) {
                    routines.dots(Dots {
                        rows: group.maps,
                        columns: part.min(columns - from),
                        a: &maps[from..],
                        a_row: map,
                        b: panel,
                        offsets: layout.windows(),
                        shift: from,
                        c: dw,
                    });
                }
            }
        }
    });
}

/// x = y spread by w (+ b), which is what the gradient of [`correlate`] does: each number of a map adds the map's weights, so many
/// times, to the numbers of its window. `b` has a number for each channel.
pub(super) fn spread<T: Compiled>(
    level: Level,
    y: &[T],
    w: &[T],
    b: Option<&[T]>,
    x: &mut [T],
    sizes: &Convolution,
) {
    let n = sizes.samples(x, w, y);
    let channels = x.chunks_exact_mut(sizes.image_numbers().max(1));
    match b {
        None => x.fill(T::zero()),
        Some(b) => channels
            .zip(b.iter().cycle())
            .for_each(|(channel, &b)| channel.fill(b)),
    }
    let routines = T::routines(level);
    let blocks = sizes.blocks(n, size_of::<T>(), routines.lanes);
    let weights = w.len() / sizes.groups.max(1);
    with_rooms(sizes, &blocks, weights, |[panel, maps, weights], table| {
        for group in sizes.groups() {
            let mut layout = Layout::new(group, table);
            layout.pack_weights(&w[group.weights()], weights, routines.rows);
            for block in blocks.iter() {
                let (maps, map) = group.maps(y, &block, maps, routines);
                layout.lay(&block);
                layout.arrange_steps(map);
                for row in layout.rows_of_image(&block) {
                    routines.multiply(Multiply {
                        rows: group.channels * sizes.kernel[1],
                        columns: layout.plane(),
                        a: weights,
                        order: Order::Tiles {
                            all: layout.steps(),
                            first: row.steps.start,
                        },
                        b: maps,
                        offsets: layout.places(row.steps),
                        shift: row.shift,
                        c: &mut panel[row.start..],
                        c_row: layout.channel(),
                        start: None,
                        relu: false,
                    });
                }
                layout.add_to(x, panel, &block, routines);
            }
        }
    });
}

/// Lends room for a panel, for the maps of a block and for so many other numbers, and for a table of places.
fn with_rooms<T: Compiled>(
    sizes: &Convolution,
    blocks: &Blocks,
    others: usize,
    compute: impl FnOnce([&mut [T]; 3], &mut [usize]),
) {
    let [panel, maps] = blocks.rooms(sizes);
    T::with_scratch(Scratch::Panel, panel + maps + others, |room| {
        let (panel, room) = room.split_at_mut(panel);
        let (maps, others) = room.split_at_mut(maps);
        usize::with_scratch(Scratch::Panel, sizes.table(), |table| {
            compute([panel, maps, others], table);
        });
    });
}
