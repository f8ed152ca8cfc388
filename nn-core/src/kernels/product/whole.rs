//! A whole product of tiles, for each instruction set.

#![expect(unsafe_code, reason = "tiles are addressed by pointers")]

#[cfg(target_arch = "x86_64")]
use super::super::simd::{Avx2, Avx512};
use super::super::simd::{MOST_LANES, Portable, Simd};
use super::flat::{flat_row, is_flat};
use super::pack::{pack, transpose};
use super::pointers::{End, Pointers, Start};
use super::rest::Rest;
use super::single::{row, row_of_dots, wide_row};
use super::tiles::{finish_rows, sum_columns, tile};
use super::{DOTS, K_BLOCK};

/// How many rows of C are computed before the next ones: a block of A, 1 MiB, stays in the second-level cache while columns
/// of B pass.
const ROW_BLOCK: usize = 256;

/// So few rows of C are computed one by one.
const SINGLE_ROWS: usize = 3;

/// So many bytes of B are more than a second-level cache holds: it is read in the order in which it lies.
const MUCH: usize = 1 << 21;

/// [`K_BLOCK`] where columns are left over, or less for blocks of the same size: measured for [100, 784]·[784, 50], 50.2 µs
/// instead of 53.0 for all of k and 51.5 for 200; and for halves of 392, 51.2 µs instead of 51.9 for 160 and 52.1 for 392.
const K_BLOCK_WITH_DOTS: usize = 160;

/// The same where blocks of A are transposed.
const K_BLOCK_TRANSPOSED: usize = 512;

/// Whether blocks of A that lies transposed are transposed back, so that tiles read along its rows: not where few tiles read
/// them, nor where few numbers of k keep a tile's part of A in the first-level cache.
fn transposes_rows<N>(p: &Pointers<N>) -> bool {
    p.a_row == 1 && p.k >= 256 && p.n >= 64
}

/// For so few numbers of k little is read for each row of C: C is then written by so many rows, not by columns.
const FLAT: usize = 8;
const FLAT_ROWS: usize = 16;

/// Whether copying columns of B, so that their rows lie one behind another on whole cache lines, saves more than it costs:
/// not for few rows of C, nor where the rows of B already lie close together and are many.
fn is_worth_packing(m: usize, k: usize, n: usize) -> bool {
    m >= 16 && (k <= 128 || n > 64)
}

/// The widest tile: three registers of AVX-512.
const WIDEST_BYTES: usize = 3 * 64;

/// How many numbers a product needs room for: for columns of B, or two registers for each lane of one, for rows of A, and for dot
/// products on their way.
pub(super) fn rooms<N>(p: &Pointers<N>) -> [usize; 3] {
    let k = p.k.min(K_BLOCK);
    // Columns, the same again as dot products read them, and once more as tiles read them beside their own.
    let columns = k * (WIDEST_BYTES / size_of::<N>() + 3 * MOST_LANES);
    let rows = if transposes_rows(p) {
        p.m.min(ROW_BLOCK) * row_step(k, MOST_LANES)
    } else {
        0
    };
    let columns = columns.max(2 * MOST_LANES * MOST_LANES);
    let dots = p.m.min(ROW_BLOCK) * DOTS * MOST_LANES;
    [columns.next_multiple_of(MOST_LANES), rows, dots]
}

/// The distance between rows of A: whole registers, and one more, so that few rows share places in the cache.
fn row_step(k: usize, lanes: usize) -> usize {
    k.next_multiple_of(lanes) + lanes
}

/// The whole product: blocks of rows of C, in them blocks of k, in them columns of up to three registers, in them tiles of
/// rows. The numbers of rows fill the registers that the instruction set has. `flat` lists the periods for which [`flat_row`] is
/// compiled: those of 10, 30 and 50 numbers, and of these times powers of two.
macro_rules! whole_product {
    ($name:ident, $simd:ty, $number:ty, single: [$($single:literal),*], flat: [$($period:literal),*], $($width:literal: [$($rows:literal),*]),* $(; $features:literal)?) => {
        pub(super) mod $name {
            use super::*;

            type S = $simd;
            const WIDE: usize = [$($width),*].len();
            /// The most rows of the widest tile.
            const TALL: usize = [$([$($rows),*][0]),*][WIDE - 1];
            const WIDE_SINGLE: usize = [$($single),*].len();

            // Functions of their own, so that they are compiled once for all tiles.

            /// # Safety
            /// As for [`finish_rows`].
            #[inline(never)]
            $(#[target_feature(enable = $features)])?
            unsafe fn finish(p: Pointers<$number>, sums: &[<S as Simd>::Vector], width: usize, last: usize) {
                // SAFETY: the caller's.
                unsafe { finish_rows::<S>(p, sums, width, last) }
            }

            /// # Safety
            /// As for [`Rest::up_to`].
            #[inline(never)]
            $(#[target_feature(enable = $features)])?
            unsafe fn behind(rest: &mut Rest<$number>, row: usize) {
                // SAFETY: the caller's.
                unsafe { rest.up_to::<S>(row) }
            }

            /// The rows of C that were done with the columns beside them.
            ///
            /// # Safety
            /// As for [`Rest::beside`].
            #[inline(never)]
            $(#[target_feature(enable = $features)])?
            unsafe fn beside(rest: &mut Rest<$number>, columns: Pointers<$number>, last: usize) -> usize {
                if 2 * TALL != S::LANES {
                    return 0;
                }
                // SAFETY: the caller's.
                unsafe { rest.beside::<S, TALL, WIDE>(columns, last, finish) }
            }

            /// # Safety
            /// As for [`transpose`].
            #[inline(never)]
            $(#[target_feature(enable = $features)])?
            unsafe fn transposed(from: *const $number, from_step: usize, lines: usize, length: usize, to: *mut $number, to_step: usize) {
                // SAFETY: the caller's.
                unsafe { transpose::<S>(from, from_step, lines, length, to, to_step) }
            }

            /// The sums of the columns of B.
            ///
            /// # Safety
            /// As for [`sum_columns`].
            #[inline(never)]
            $(#[target_feature(enable = $features)])?
            unsafe fn add_up(p: Pointers<$number>) {
                let (mut from, adds) = (0, matches!(p.start, Start::Sum));
                while from < p.k {
                    let k = K_BLOCK.min(p.k - from);
                    for column in (0..p.n).step_by(WIDE_SINGLE * S::LANES) {
                        let width = (p.n - column).div_ceil(S::LANES).min(WIDE_SINGLE);
                        let last = (p.n - column - (width - 1) * S::LANES).min(S::LANES);
                        // SAFETY: the block lies in k, the columns below n.
                        unsafe {
                            let place = p.block(from, k).at(0, column);
                            match width {
                                $($single => sum_columns::<S, $single>(place, last, adds || from > 0),)*
                                _ => unreachable!("a row has 1 to WIDE_SINGLE registers"),
                            }
                        }
                    }
                    from += k;
                }
            }

            /// Few rows, one by one.
            ///
            /// # Safety
            /// As for [`row`].
            #[inline(never)]
            $(#[target_feature(enable = $features)])?
            unsafe fn single_rows(p: Pointers<$number>) {
                for at in 0..p.m {
                    for column in (0..p.n).step_by(WIDE_SINGLE * S::LANES) {
                        let width = (p.n - column).div_ceil(S::LANES).min(WIDE_SINGLE);
                        let last = (p.n - column - (width - 1) * S::LANES).min(S::LANES);
                        // SAFETY: the row is below m, the columns below n.
                        unsafe {
                            let place = p.at(at, column);
                            match width {
                                $($single => row::<S, $single>(place, last, finish),)*
                                _ => unreachable!("a row has 1 to WIDE_SINGLE registers"),
                            }
                        }
                    }
                }
            }

            /// The same where B is larger than caches.
            ///
            /// # Safety
            /// As for [`wide_row`].
            #[inline(never)]
            $(#[target_feature(enable = $features)])?
            unsafe fn wide_rows(p: Pointers<$number>) {
                for at in 0..p.m {
                    // SAFETY: the row is below m.
                    unsafe { wide_row::<S>(p.at(at, 0), finish) }
                }
            }

            /// The same where rows of B do not begin on whole registers, if there is a period for them.
            ///
            /// # Safety
            /// As for [`row`], and `room` must have room for two registers for each lane of one.
            #[inline(never)]
            $(#[target_feature(enable = $features)])?
            unsafe fn flat_rows(p: Pointers<$number>, room: *mut $number) -> bool {
                // Not every instruction set has such periods.
                let _ = (p, room);
                $(
                    if is_flat(&p, S::LANES, $period) {
                        for at in 0..p.m {
                            // SAFETY: the row is below m.
                            unsafe { flat_row::<S, $period>(p.at(at, 0), room, finish) }
                        }
                        return true;
                    }
                )*
                false
            }

            /// The same where B lies transposed.
            ///
            /// # Safety
            /// As for [`row_of_dots`].
            #[inline(never)]
            $(#[target_feature(enable = $features)])?
            unsafe fn rows_of_dots(p: Pointers<$number>, room: *mut $number) {
                for at in 0..p.m {
                    for column in (0..p.n).step_by(S::LANES) {
                        let columns = S::LANES.min(p.n - column);
                        // SAFETY: the row is below m, the columns below n; there is room for two registers for each lane.
                        unsafe { row_of_dots::<S>(p.at(at, column), columns, room, finish) }
                    }
                }
            }

            /// # Safety
            /// The instruction set must be there, and the pointers must be those of slices of the product's sizes; `packed`,
            /// `rows` and `dots` must have [`rooms`].
            $(#[target_feature(enable = $features)])?
            pub(in super::super) unsafe fn product(
                p: Pointers<$number>,
                packed: *mut $number,
                rows: *mut $number,
                dots: *mut $number,
            ) {
                // SAFETY: the caller's.
                unsafe {
                    // Each thread has rows of its own; one of them adds up the columns of B.
                    if p.sums.is_some() {
                        add_up(p);
                    }
                    if p.m <= SINGLE_ROWS && p.b_column == 1 {
                        if size_of::<$number>() * p.k * p.n >= MUCH && !matches!(p.finish, End::Descend(_)) {
                            wide_rows(p);
                        } else if p.n < S::LANES || !flat_rows(p, packed) {
                            single_rows(p);
                        }
                        return;
                    }
                    if p.m <= SINGLE_ROWS && p.a_step == 1 {
                        return rows_of_dots(p, packed);
                    }
                }
                let (whole, left) = (p.n / S::LANES, p.n % S::LANES);
                let as_dots = whole > 0 && (1..=DOTS).contains(&left);
                let registers = whole + usize::from(left > 0 && !as_dots);
                // What descends is summed at once. Dot products read the rows of A that a tile has just read: these and the columns
                // of B fit into the first-level cache.
                let descends = matches!(p.finish, End::Descend(_));
                let transposes_rows = transposes_rows(&p);
                let k_block = if descends {
                    K_BLOCK
                } else if as_dots && registers <= WIDE && p.a_row != 1 {
                    let blocks = p.k.div_ceil(K_BLOCK_WITH_DOTS).max(1);
                    p.k.div_ceil(blocks).next_multiple_of(MOST_LANES)
                } else if transposes_rows {
                    K_BLOCK_TRANSPOSED
                } else {
                    K_BLOCK
                };
                let is_flat = p.k <= FLAT && registers > WIDE;
                let row_block = if is_flat { FLAT_ROWS } else { ROW_BLOCK };
                for first_row in (0..p.m).step_by(row_block) {
                    let part = p.rows(first_row, p.m.min(first_row + row_block));
                    let mut from = 0;
                    loop {
                        let k = k_block.min(p.k - from);
                        // SAFETY: blocks lie in k, tiles in C: columns below n, rows below m.
                        unsafe {
                            let mut block = part.block(from, k);
                            if transposes_rows {
                                let step = row_step(k, S::LANES);
                                transposed(block.a, block.a_step, k, part.m, rows, step);
                                (block.a, block.a_row, block.a_step) = (rows, step, 1);
                            }
                            let mut register = 0;
                            while register < registers {
                                // As equal as can be: narrow tiles read more than they compute.
                                let left_registers = registers - register;
                                let width = left_registers.div_ceil(left_registers.div_ceil(WIDE));
                                let last = (p.n - (register + width - 1) * S::LANES).min(S::LANES);
                                let column = register * S::LANES;
                                let mut columns = block.at(0, column);
                                if p.b_column != 1 {
                                    let count = (width - 1) * S::LANES + last;
                                    transposed(columns.b, p.b_column, count, k, packed, width * S::LANES);
                                    (columns.b, columns.b_step) = (packed, width * S::LANES);
                                } else if width > 1 && last < S::LANES || !is_flat && is_worth_packing(part.m, p.k, p.n) {
                                    match width {
                                        $($width => pack::<S, $width>(columns, last, packed),)*
                                        _ => unreachable!("a tile has 1 to WIDE registers in a row"),
                                    }
                                    (columns.b, columns.b_step) = (packed, width * S::LANES);
                                }
                                register += width;
                                // While their rows of A are in the first-level cache.
                                let mut rest = (as_dots && register == registers).then(|| {
                                    let column = whole * S::LANES;
                                    Rest::new(block.at(0, column), part.at(0, column), from, left, packed.add(k * width * S::LANES), dots)
                                });
                                let mut row = 0;
                                if let Some(rest) = &mut rest && width == WIDE {
                                    row = beside(rest, columns, last);
                                }
                                macro_rules! rows {
                                    ($v:literal, $r:literal) => {
                                        while part.m - row >= $r {
                                            let place = columns.at(row, 0);
                                            if last == S::LANES && !S::HAS_MASKS {
                                                tile::<S, $r, $v, true>(place, last, finish);
                                            } else {
                                                tile::<S, $r, $v, false>(place, last, finish);
                                            }
                                            row += $r;
                                            if let Some(rest) = &mut rest {
                                                behind(rest, row);
                                            }
                                        }
                                    };
                                }
                                match width {
                                    $($width => { $(rows!($width, $rows);)* })*
                                    _ => unreachable!("a tile has 1 to WIDE registers in a row"),
                                }
                            }
                        }
                        from += k;
                        if from >= p.k {
                            break;
                        }
                    }
                }
            }
        }
    };
}

whole_product!(portable_f32, Portable<f32>, f32, single: [1, 2], flat: [], 1: [4, 1], 2: [4, 1]);
whole_product!(portable_f64, Portable<f64>, f64, single: [1, 2], flat: [], 1: [4, 1], 2: [2, 1]);
#[cfg(target_arch = "x86_64")]
whole_product!(avx2_f32, Avx2<f32>, f32, single: [1, 2], flat: [], 1: [8, 1], 2: [6, 1]; "avx2,fma");
#[cfg(target_arch = "x86_64")]
whole_product!(avx2_f64, Avx2<f64>, f64, single: [1, 2], flat: [], 1: [8, 1], 2: [6, 1]; "avx2,fma");
#[cfg(target_arch = "x86_64")]
whole_product!(avx512_f32, Avx512<f32>, f32, single: [1, 2, 3, 4], flat: [5, 15, 25], 1: [16, 4, 1], 2: [12, 4, 1], 3: [8, 4, 1]; "avx512f");
#[cfg(target_arch = "x86_64")]
whole_product!(avx512_f64, Avx512<f64>, f64, single: [1, 2, 3, 4], flat: [5, 15, 25], 1: [16, 4, 1], 2: [12, 4, 1], 3: [8, 4, 1]; "avx512f");
