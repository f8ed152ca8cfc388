//! How a batch is cut into blocks whose numbers stay in the second-level cache. It depends on sizes alone.

use std::ops::Range;

use super::Convolution;

/// A block has about so many windows: enough for long loops. A block of fewer than four times as many is not cut further.
const WINDOWS: usize = 512;

/// A panel has at most so many bytes, if a block of a single row of windows does.
const PANEL: usize = 512 * 1024;

/// Some samples, or some rows of windows of one sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) samples: Range<usize>,
    pub(super) rows: Range<usize>,
}

/// The blocks of a batch: all but the last ones have as many samples and rows.
pub(super) struct Blocks {
    n: usize,
    rows: usize,
    samples_of_block: usize,
    rows_of_block: usize,
}

impl Convolution {
    /// Cuts `n` samples of numbers of so many bytes. Rows of windows of all samples of a block are a multiple of so many lanes, if
    /// that takes few samples.
    pub(super) fn blocks(&self, n: usize, bytes: usize, lanes: usize) -> Blocks {
        let [rows, columns] = self.windows;
        let windows = (rows * columns).max(1);
        let fits = |samples: usize, rows: usize| {
            self.panel_rows(rows) * self.panel_columns(samples) * bytes <= PANEL
        };
        let whole = lanes >> columns.trailing_zeros().min(lanes.trailing_zeros());
        let fewest = (WINDOWS / windows).max(1);
        let samples = fewest.next_multiple_of(whole);
        let samples = if samples * windows < 4 * WINDOWS {
            samples
        } else {
            fewest
        };
        let mut samples = samples.min(n).max(1);
        while samples > 1 && !fits(samples, rows) {
            samples = samples.div_ceil(2);
        }
        let mut bands = 1;
        while samples == 1
            && bands < rows
            && (rows.div_ceil(bands) * columns >= 4 * WINDOWS || !fits(1, rows.div_ceil(bands)))
        {
            bands += 1;
        }
        Blocks {
            n,
            rows,
            samples_of_block: samples,
            rows_of_block: rows.div_ceil(bands).max(1),
        }
    }

    /// How many rows a channel has in a panel with so many rows of windows.
    pub(super) fn panel_rows(&self, rows: usize) -> usize {
        let last = |residue: usize| self.last_quotient(residue).map_or(0, |last| last + rows);
        (0..self.stride[0]).map(last).sum()
    }

    /// The last of the kernel's rows with a residue, in strides.
    pub(super) fn last_quotient(&self, residue: usize) -> Option<usize> {
        let rows = (0..self.kernel[0]).rev().map(|row| row * self.dilation[0]);
        let mut rows = rows.filter(|row| row % self.stride[0] == residue);
        rows.next().map(|row| row / self.stride[0])
    }

    /// How many numbers are in each row of a panel of so many samples, for all columns of the kernel and all channels of a group.
    fn panel_columns(&self, samples: usize) -> usize {
        self.kernel[1] * (self.channels / self.groups) * samples * self.windows[1]
    }

    /// How many places are tabulated: the kernel's rows, twice, the residues of the stride, and a step for each number that is
    /// summed.
    pub(super) fn table(&self) -> usize {
        let window = self.channels / self.groups * self.kernel[1];
        let steps = self.kernel[0] * window.max(self.maps / self.groups);
        2 * self.kernel[0] + self.stride[0] + 1 + steps
    }
}

impl Blocks {
    /// The numbers of the largest panel, and of the maps of the largest block.
    pub(super) fn rooms(&self, sizes: &Convolution) -> [usize; 2] {
        let panel =
            sizes.panel_rows(self.rows_of_block) * sizes.panel_columns(self.samples_of_block);
        let windows = self.samples_of_block * self.rows_of_block * sizes.windows[1];
        let maps = sizes.maps / sizes.groups * windows;
        // On whole cache lines.
        [panel, maps].map(|numbers| numbers.next_multiple_of(16))
    }

    /// The blocks, in the order of samples and rows.
    pub(super) fn iter(&self) -> impl Iterator<Item = Block> {
        let (samples, rows) = (self.samples_of_block, self.rows_of_block);
        let starts = (0..self.n).step_by(samples);
        starts.flat_map(move |sample| {
            let starts = (0..self.rows).step_by(rows);
            starts.map(move |row| Block {
                samples: sample..(sample + samples).min(self.n),
                rows: row..(row + rows).min(self.rows),
            })
        })
    }
}
