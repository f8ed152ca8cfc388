//! Time of several programs in turns, so that what disturbs one disturbs all.

use std::time::Instant;

pub const ROUNDS: usize = 15;

/// How long a block of calls takes, more or less.
const BLOCK: f64 = 1e-3;

/// Microseconds of a call.
#[derive(Clone, Copy)]
pub struct Times {
    pub best: f64,
    pub median: Option<f64>,
}

impl Times {
    pub fn cell(self) -> String {
        let best = digits(self.best);
        let with = |median| format!("{best} / {}", digits(median));
        self.median.map_or(best.clone(), with)
    }
}

/// Three significant digits, more or less.
pub fn digits(number: f64) -> String {
    match number {
        number if number < 10.0 => format!("{number:.2}"),
        number if number < 100.0 => format!("{number:.1}"),
        number => format!("{number:.0}"),
    }
}

pub type Program<'a> = Box<dyn FnMut() + 'a>;

/// The times of each program, in order.
pub fn alternate(programs: &mut [Program<'_>]) -> Vec<Times> {
    let calls: Vec<usize> = programs.iter_mut().map(calls_in_a_block).collect();
    let mut times = vec![Vec::with_capacity(ROUNDS); programs.len()];
    for _ in 0..ROUNDS {
        for ((program, &calls), times) in programs.iter_mut().zip(&calls).zip(&mut times) {
            let start = Instant::now();
            for _ in 0..calls {
                program();
            }
            times.push(start.elapsed().as_secs_f64() * 1e6 / calls as f64);
        }
    }
    times.into_iter().map(summary).collect()
}

fn calls_in_a_block(program: &mut Program<'_>) -> usize {
    // The first call makes buffers.
    program();
    let start = Instant::now();
    program();
    let seconds = start.elapsed().as_secs_f64().max(1e-9);
    (BLOCK / seconds).clamp(1.0, 100_000.0) as usize
}

fn summary(mut times: Vec<f64>) -> Times {
    times.sort_by(f64::total_cmp);
    Times {
        best: times[0],
        median: Some(times[times.len() / 2]),
    }
}
