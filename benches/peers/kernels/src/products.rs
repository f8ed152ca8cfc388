//! The three products of training: x·W + b, xᵀ·dy (with the sum of the rows of dy, which is db), and dy·Wᵀ.

use std::hint::black_box;

use nn_core::{Affine, Layer, Sample};

use crate::gemms::Product;
use crate::timing::{Program, Times, alternate, digits};
use crate::{Number, assert_close, numbers};

const HEADER: &str = "\
| N × I × O | nn-core µs | GFLOP/s | of peak | matrixmultiply µs | ÷ ours | gemm µs | ÷ ours | faer µs | ÷ ours |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|";

/// One row of each table: the times of all programs, ours first.
struct Row {
    shape: String,
    /// Of one product.
    flops: f64,
    forward: Vec<Times>,
    weights: Vec<Times>,
    both: Vec<Times>,
}

/// `peak`: GFLOP/s.
pub fn print<T: Number>(peak: Option<f64>)
where
    [T; 1]: Sample<Element = T>,
{
    let mut rows = Vec::new();
    // Sizes of layers are part of their types.
    macro_rules! shapes {
        ($([$n:literal, $i:literal, $o:literal])*) => {
            $(rows.push(row::<T, $i, $o>($n));)*
        };
    }
    shapes! {
        // The layers of jobs A and C, of B, and of D.
        [100, 784, 50] [100, 50, 10] [1, 784, 50] [1, 50, 10] [1000, 784, 50] [1000, 50, 10]
        [128, 784, 512] [128, 512, 512] [128, 512, 10]
        [10000, 4, 32] [10000, 32, 16] [10000, 16, 4]
        // Squares, primes, and large layers for few samples.
        [64, 64, 64] [128, 128, 128] [256, 256, 256] [512, 512, 512] [1024, 1024, 1024]
        [31, 37, 29] [61, 127, 67] [97, 257, 101] [127, 509, 251]
        [1, 1024, 1024] [4, 1024, 1024] [16, 512, 512]
    }
    let name = T::NAME;
    table(&format!("x·W + b, {name}"), &rows, peak, |row| {
        (row.forward.clone(), row.flops)
    });
    table(
        &format!("dW = xᵀ·dy and db, {name}"),
        &rows,
        peak,
        |row| (row.weights.clone(), row.flops),
    );
    let all = format!("dW, db and dx = dy·Wᵀ, {name}");
    table(&all, &rows, peak, |row| (row.both.clone(), 2.0 * row.flops));
    let title = format!("dx alone, {name}: the difference of best blocks in the two tables above");
    table(&title, &rows, peak, |row| {
        let less = |(both, weights): (&Times, &Times)| Times {
            best: both.best - weights.best,
            // The difference of two medians may be anything.
            median: None,
        };
        let times = row.both.iter().zip(&row.weights).map(less).collect();
        (times, row.flops)
    });
}

fn table(
    title: &str,
    rows: &[Row],
    peak: Option<f64>,
    figures: impl Fn(&Row) -> (Vec<Times>, f64),
) {
    println!("\n## {title}\n\n{HEADER}");
    for row in rows {
        let (times, flops) = figures(row);
        let ours = times[0];
        let gflops = flops / ours.best / 1e3;
        let share = peak.map_or(String::new(), |peak| {
            format!("{:.0} %", gflops / peak * 100.0)
        });
        print!(
            "| {} | {} | {gflops:.1} | {share} |",
            row.shape,
            ours.cell()
        );
        for theirs in &times[1..] {
            print!(" {} | {} |", theirs.cell(), digits(theirs.best / ours.best));
        }
        println!();
    }
}

fn row<T: Number, const I: usize, const O: usize>(n: usize) -> Row {
    let shape = format!("{n} × {I} × {O}");
    eprintln!("{shape}, {}", T::NAME);
    let mut layer = Affine::<I, O, T>::zeros();
    layer.W.flat_mut().copy_from_slice(&numbers(I * O, 1));
    layer.b.flat_mut().copy_from_slice(&numbers(O, 2));
    let (x, dy) = (
        arrays::<T, I>(numbers(n * I, 3)),
        arrays::<T, O>(numbers(n * O, 4)),
    );
    Row {
        flops: 2.0 * (n * I * O) as f64,
        forward: forward(&shape, &layer, &x),
        weights: weights(&shape, &layer, &x, &dy),
        both: both(&shape, &layer, &x, &dy),
        shape,
    }
}

fn arrays<T: Number, const I: usize>(numbers: Vec<T>) -> Vec<[T; I]> {
    numbers.as_chunks().0.to_vec()
}

/// More than rounding does to a sum of so many products of numbers between -1 and 1: its error grows like √terms, and so do the
/// partial sums that are rounded.
fn bound<T: Number>(terms: usize) -> f64 {
    T::EPSILON * terms as f64
}

fn forward<T: Number, const I: usize, const O: usize>(
    shape: &str,
    layer: &Affine<I, O, T>,
    x: &[[T; I]],
) -> Vec<Times> {
    let n = x.len();
    let mut ours = vec![[T::zero(); O]; n];
    let mut theirs = [(); 3].map(|()| vec![T::zero(); n * O]);
    let mut programs: Vec<Program<'_>> = vec![Box::new(|| {
        layer.forward(black_box(x), &mut ours);
        black_box(&mut ours);
    })];
    for ((_, gemm), y) in T::GEMMS.into_iter().zip(&mut theirs) {
        programs.push(Box::new(move || {
            for row in y.chunks_exact_mut(O) {
                row.copy_from_slice(layer.b.flat());
            }
            gemm(Product {
                m: n,
                k: I,
                n: O,
                a: black_box(x).as_flattened(),
                a_transposed: false,
                b: layer.W.flat(),
                b_transposed: false,
                added: true,
                c: &mut *y,
            });
            black_box(&mut *y);
        }));
    }
    let times = alternate(&mut programs);
    drop(programs);
    for ((name, _), theirs) in T::GEMMS.into_iter().zip(&theirs) {
        assert_close(shape, name, theirs, ours.as_flattened(), bound::<T>(I + 1));
    }
    times
}

/// dW = xᵀ·dy and db, by another crate and a plain loop.
fn weights_by<T: Number, const I: usize, const O: usize>(
    gemm: fn(Product<'_, T>),
    x: &[[T; I]],
    dy: &[[T; O]],
    dw: &mut [T],
    db: &mut [T],
) {
    gemm(Product {
        m: I,
        k: x.len(),
        n: O,
        a: x.as_flattened(),
        a_transposed: true,
        b: dy.as_flattened(),
        b_transposed: false,
        added: false,
        c: dw,
    });
    db.fill(T::zero());
    for row in dy {
        for (sum, &value) in db.iter_mut().zip(row) {
            *sum += value;
        }
    }
}

fn weights<T: Number, const I: usize, const O: usize>(
    shape: &str,
    layer: &Affine<I, O, T>,
    x: &[[T; I]],
    dy: &[[T; O]],
) -> Vec<Times> {
    let mut ours = Affine::<I, O, T>::zeros();
    let mut theirs = [(); 3].map(|()| (vec![T::zero(); I * O], vec![T::zero(); O]));
    let y = vec![[T::zero(); O]; x.len()];
    let mut programs: Vec<Program<'_>> = vec![Box::new(|| {
        layer.backward(black_box(x), &y, dy, None, &mut ours);
        black_box(&mut ours);
    })];
    for ((_, gemm), (dw, db)) in T::GEMMS.into_iter().zip(&mut theirs) {
        programs.push(Box::new(move || {
            weights_by(gemm, black_box(x), dy, dw, db);
            black_box((&mut *dw, &mut *db));
        }));
    }
    let times = alternate(&mut programs);
    drop(programs);
    let bound = bound::<T>(x.len());
    for ((name, _), (dw, db)) in T::GEMMS.into_iter().zip(&theirs) {
        assert_close(shape, name, dw, ours.W.flat(), bound);
        assert_close(shape, name, db, ours.b.flat(), bound);
    }
    times
}

fn both<T: Number, const I: usize, const O: usize>(
    shape: &str,
    layer: &Affine<I, O, T>,
    x: &[[T; I]],
    dy: &[[T; O]],
) -> Vec<Times> {
    let n = x.len();
    let (mut ours, mut dx) = (Affine::<I, O, T>::zeros(), vec![[T::zero(); I]; n]);
    let zeros = |count| vec![T::zero(); count];
    let mut theirs = [(); 3].map(|()| (zeros(I * O), zeros(O), zeros(n * I)));
    let y = vec![[T::zero(); O]; n];
    let mut programs: Vec<Program<'_>> = vec![Box::new(|| {
        layer.backward(black_box(x), &y, dy, Some(&mut dx), &mut ours);
        black_box((&mut ours, &mut dx));
    })];
    for ((_, gemm), (dw, db, dx)) in T::GEMMS.into_iter().zip(&mut theirs) {
        programs.push(Box::new(move || {
            weights_by(gemm, black_box(x), dy, dw, db);
            gemm(Product {
                m: n,
                k: O,
                n: I,
                a: dy.as_flattened(),
                a_transposed: false,
                b: layer.W.flat(),
                b_transposed: true,
                added: false,
                c: dx,
            });
            black_box((&mut *dw, &mut *db, &mut *dx));
        }));
    }
    let times = alternate(&mut programs);
    drop(programs);
    for ((name, _), (_, _, theirs)) in T::GEMMS.into_iter().zip(&theirs) {
        assert_close(shape, name, theirs, dx.as_flattened(), bound::<T>(O));
    }
    times
}
