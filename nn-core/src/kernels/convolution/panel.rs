//! Panels: images of a block, copied so that what a number of the kernel meets in all windows is contiguous.
//!
//! A panel is [column of the kernel, channel, row, sample, column of windows]. Its rows are those of the image that windows read,
//! with padding: first those that are whole strides away from the first one, then those one further, and so on. So the rows that
//! a row of the kernel meets follow each other.

use std::ops::Range;

use super::Group;
use super::blocks::Block;
use super::compiled::{Compiled, Routines};
use super::runs::{Extent, Places};

/// Where the rows of a block's images lie in a panel.
pub(super) struct Layout<'a> {
    group: Group<'a>,
    /// The block that it is laid out for.
    rows: usize,
    samples: usize,
    /// For each row of the kernel the row of the panel that it meets in the first row of windows.
    first: &'a mut [usize],
    /// For each residue of the stride its first row, and their number.
    starts: &'a mut [usize],
    /// The rows of the kernel, by their residues.
    order: &'a mut [usize],
    offsets: &'a mut [usize],
    /// The block whose padding is in the panel.
    padded: Option<(usize, Range<usize>)>,
}

/// A row of a panel that lies in the image.
pub(super) struct Row {
    /// Where it begins, in the first channel and the first column of the kernel.
    pub(super) start: usize,
    /// The steps of the sum that it is in [`spread`](super::spread), and where they begin in the maps.
    pub(super) steps: Range<usize>,
    pub(super) shift: usize,
}

/// The first of `count` places that are `step` apart, from `start` less `before` on, and lie in 0..`size`; and the first behind
/// them.
fn inside(count: usize, step: usize, start: usize, before: usize, size: usize) -> Range<usize> {
    let first = before.saturating_sub(start).div_ceil(step);
    let end = (size + before).saturating_sub(start).div_ceil(step);
    let end = end.min(count);
    first.min(end)..end
}

impl<'a> Layout<'a> {
    pub(super) fn new(group: Group<'a>, table: &'a mut [usize]) -> Self {
        let [kernel, _] = group.sizes.kernel;
        let (first, table) = table.split_at_mut(kernel);
        let (order, table) = table.split_at_mut(kernel);
        let (starts, offsets) = table.split_at_mut(group.sizes.stride[0] + 1);
        let layout = Self {
            group,
            rows: 0,
            samples: 0,
            first,
            starts,
            order,
            offsets,
            padded: None,
        };
        for (row, place) in layout.order.iter_mut().enumerate() {
            *place = row;
        }
        let (stride, dilation) = (group.sizes.stride[0], group.sizes.dilation[0]);
        layout
            .order
            .sort_unstable_by_key(|row| (row * dilation % stride, *row));
        layout
    }

    /// Lays the panel out for a block.
    pub(super) fn lay(&mut self, block: &Block) {
        let sizes = self.group.sizes;
        (self.rows, self.samples) = (block.rows.len(), block.samples.len());
        self.starts[0] = 0;
        for residue in 0..sizes.stride[0] {
            let last = sizes.last_quotient(residue);
            self.starts[residue + 1] =
                self.starts[residue] + last.map_or(0, |last| last + self.rows);
        }
        for (row, first) in self.first.iter_mut().enumerate() {
            let row = row * sizes.dilation[0];
            *first = self.starts[row % sizes.stride[0]] + row / sizes.stride[0];
        }
    }

    /// The numbers of a row.
    pub(super) fn plane(&self) -> usize {
        self.samples * self.group.sizes.windows[1]
    }

    /// The numbers of a channel.
    pub(super) fn channel(&self) -> usize {
        self.starts[self.group.sizes.stride[0]] * self.plane()
    }

    /// How many windows the block has.
    pub(super) fn columns(&self) -> usize {
        self.rows * self.plane()
    }

    /// For each number of a window, in the order of weights, where the numbers that it is in all windows begin.
    pub(super) fn windows(&self) -> &[usize] {
        &self.offsets[..self.group.window()]
    }

    /// Copies the images of a block.
    pub(super) fn fill<T: Compiled>(
        &mut self,
        panel: &mut [T],
        x: &[T],
        block: &Block,
        routines: &Routines<T>,
    ) {
        if self.samples != block.samples.len() || self.rows != block.rows.len() {
            self.lay(block);
            self.arrange_windows();
        }
        let is_padded = Some((self.samples, block.rows.clone()));
        if self.padded != is_padded {
            if self.has_padding(block) {
                panel[..self.channel() * self.group.channels * self.group.sizes.kernel[1]]
                    .fill(T::zero());
            }
            self.padded = is_padded;
        }
        for (extent, of_image, of_panel) in self.runs(block) {
            routines.copy(extent, (x, of_image), (panel, of_panel));
        }
    }

    /// Adds what is in the panel to the images of a block.
    pub(super) fn add_to<T: Compiled>(
        &self,
        x: &mut [T],
        panel: &[T],
        block: &Block,
        routines: &Routines<T>,
    ) {
        for (extent, of_image, of_panel) in self.runs(block) {
            routines.add(extent, (panel, of_panel), (x, of_image));
        }
    }

    /// The places in the images and in the panel, for each column of the kernel and each residue of the stride.
    fn runs(&self, block: &Block) -> impl Iterator<Item = (Extent, Places, Places)> {
        let (group, sizes, plane) = (self.group, self.group.sizes, self.plane());
        let columns = 0..sizes.kernel[1];
        let image = sizes.image_numbers();
        let first_channel = block.samples.start * sizes.channels + group.index * group.channels;
        columns.flat_map(move |column| {
            let across = self.across(column);
            (0..sizes.stride[0]).map(move |residue| {
                let down = self.down(residue, block);
                let row = (block.rows.start + down.start) * sizes.stride[0] + residue;
                let row = row.saturating_sub(sizes.padding[0]);
                let shift = across.start * sizes.stride[1] + column * sizes.dilation[1];
                let shift = shift.saturating_sub(sizes.padding[1]);
                let extent = Extent {
                    counts: [group.channels, down.len(), self.samples],
                    length: across.len(),
                };
                let of_image = Places {
                    start: first_channel * image + row * sizes.image[1] + shift,
                    steps: [
                        image,
                        sizes.stride[0] * sizes.image[1],
                        sizes.channels * image,
                    ],
                    step: sizes.stride[1],
                };
                let of_panel = Places {
                    start: column * group.channels * self.channel()
                        + (self.starts[residue] + down.start) * plane
                        + across.start,
                    steps: [self.channel(), plane, sizes.windows[1]],
                    step: 1,
                };
                (extent, of_image, of_panel)
            })
        })
    }

    /// The columns of windows in which a column of the kernel lies in the image.
    fn across(&self, column: usize) -> Range<usize> {
        let sizes = self.group.sizes;
        let start = column * sizes.dilation[1];
        inside(
            sizes.windows[1],
            sizes.stride[1],
            start,
            sizes.padding[1],
            sizes.image[1],
        )
    }

    /// The rows with a residue that lie in the image, counted from the first with this residue.
    fn down(&self, residue: usize, block: &Block) -> Range<usize> {
        let sizes = self.group.sizes;
        let count = self.starts[residue + 1] - self.starts[residue];
        let start = block.rows.start * sizes.stride[0] + residue;
        inside(
            count,
            sizes.stride[0],
            start,
            sizes.padding[0],
            sizes.image[0],
        )
    }

    fn has_padding(&self, block: &Block) -> bool {
        let sizes = self.group.sizes;
        let across =
            (0..sizes.kernel[1]).all(|column| self.across(column).len() == sizes.windows[1]);
        let down = |residue: usize| {
            self.down(residue, block).len() == self.starts[residue + 1] - self.starts[residue]
        };
        !(across && (0..sizes.stride[0]).all(down))
    }

    fn arrange_windows(&mut self) {
        let [rows, columns] = self.group.sizes.kernel;
        let (plane, channel) = (self.plane(), self.channel());
        for index in 0..self.group.window() {
            let (row, column) = (index / columns % rows, index % columns);
            let place = column * self.group.channels + index / columns / rows;
            self.offsets[index] = place * channel + self.first[row] * plane;
        }
    }

    /// How many steps a sum of [`spread`](super::spread) has at the most: each row of the kernel in each map.
    pub(super) fn steps(&self) -> usize {
        self.order.len() * self.group.maps
    }

    /// Arranges the steps of [`spread`](super::spread): rows of the kernel by their residues, and in them maps, which lie `map` apart.
    pub(super) fn arrange_steps(&mut self, map: usize) {
        let plane = self.plane();
        let (stride, dilation) = (self.group.sizes.stride[0], self.group.sizes.dilation[0]);
        let steps = self.offsets.chunks_exact_mut(self.group.maps);
        for (offsets, row) in steps.zip(&*self.order) {
            for (index, offset) in offsets.iter_mut().enumerate() {
                // Counted from the row of windows whose first row this is.
                *offset = (index * map).wrapping_sub(row * dilation / stride * plane);
            }
        }
    }

    /// For some of the steps where their numbers of the maps begin.
    pub(super) fn places(&self, steps: Range<usize>) -> &[usize] {
        &self.offsets[steps]
    }

    /// The rows of the panel that lie in the image.
    pub(super) fn rows_of_image(&self, block: &Block) -> impl Iterator<Item = Row> {
        let (stride, dilation) = (self.group.sizes.stride[0], self.group.sizes.dilation[0]);
        let (plane, maps) = (self.plane(), self.group.maps);
        let block = block.clone();
        (0..stride).flat_map(move |residue| {
            self.down(residue, &block).map(move |row| {
                // The kernel's rows that meet this one in one of the block's rows of windows.
                let meets = |kernel: &usize| {
                    let quotient = kernel * dilation / stride;
                    kernel * dilation % stride == residue
                        && (quotient..quotient + self.rows).contains(&row)
                };
                let first = self.order.iter().position(meets).unwrap_or_default();
                let count = self.order.iter().filter(|kernel| meets(kernel)).count();
                Row {
                    start: (self.starts[residue] + row) * plane,
                    steps: first * maps..(first + count) * maps,
                    shift: row * plane,
                }
            })
        })
    }

    /// Packs the weights for [`spread`](super::spread), tile by tile of some rows: for each step the weights of the rows.
    pub(super) fn pack_weights<T: Compiled>(&self, w: &[T], packed: &mut [T], tiles: &[usize]) {
        const MOST_ROWS: usize = 16;
        let [kernel_rows, columns] = self.group.sizes.kernel;
        let channels = self.group.channels;
        let mut packed = packed.iter_mut();
        for tile in super::tiles::split(columns * channels, tiles) {
            let mut places = [0; MOST_ROWS];
            for (place, row) in places.iter_mut().zip(tile.clone()) {
                *place = row % channels * kernel_rows * columns + row / channels;
            }
            for row in &*self.order {
                for map in 0..self.group.maps {
                    let w = &w[map * self.group.window() + row * columns..];
                    for (&place, packed) in places[..tile.len()].iter().zip(&mut packed) {
                        *packed = w[place];
                    }
                }
            }
        }
    }
}
