//! Kernels of nn-core beside those of other crates and plain loops, as tables in Markdown.

mod elementwise;
mod gemms;
mod products;
mod timing;

use nn_core::{Element, Rng};

/// The numbers that kernels are compiled for.
trait Number: Element + gemms::Gemm {
    const NAME: &'static str;
    const EPSILON: f64;
}

impl Number for f32 {
    const NAME: &'static str = "f32";
    const EPSILON: f64 = f32::EPSILON as f64;
}

impl Number for f64 {
    const NAME: &'static str = "f64";
    const EPSILON: f64 = f64::EPSILON;
}

fn main() {
    let peaks = peak::peaks();
    let text = |(name, gflops): &(&str, f64)| format!("{gflops:.1} GFLOP/s by {name}");
    let text: Vec<String> = peaks.iter().map(text).collect();
    // A restricted nn-core is compared with the same peak as the others, which are not.
    let peak = peaks.first().map(|&(_, gflops)| gflops);

    println!("# Kernels\n");
    println!(
        "Written by `benches/compare --jobs kernels`, one thread each. Everyone computes the same numbers, which is checked."
    );
    println!("Measured peak of this core, f32: {}.", text.join(" and "));
    println!(
        "µs: best / median of {} blocks, in turns; ÷ ours: of best blocks.",
        timing::ROUNDS
    );
    nn_core::with_threads(1, || {
        products::print::<f32>(peak);
        products::print::<f64>(peak.map(|peak| peak / 2.0));
        elementwise::print::<f32>();
        elementwise::print::<f64>();
    });
}

/// Uniform numbers from -1 to 1; other ones for each `stream`.
fn numbers<T: Element>(count: usize, stream: u64) -> Vec<T> {
    let mut rng = Rng::stream(1, stream);
    (0..count)
        .map(|_| T::of(2.0 * rng.uniform() - 1.0))
        .collect()
}

/// Everyone must have done the same work. `bound`: how far numbers of different programs may lie apart.
fn assert_close<T: Element>(what: &str, program: &str, found: &[T], expected: &[T], bound: f64) {
    assert_eq!(found.len(), expected.len());
    for (index, (&a, &b)) in found.iter().zip(expected).enumerate() {
        // Not `>`: NaN is wrong too.
        assert!(
            (a - b).as_f64().abs() <= bound,
            "{what}: number {index} is {a} by {program} and {b} by the first program"
        );
    }
}
