//! The most f32 arithmetic that one core can do.

/// The best of many runs in GFLOP/s, by instruction set: those that this processor has, the widest first.
#[must_use]
pub fn peaks() -> Vec<(&'static str, f64)> {
    #[cfg_attr(not(target_arch = "x86_64"), expect(unused_mut))]
    let mut peaks = Vec::new();
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") {
            // SAFETY: the processor has AVX-512.
            let run = |rounds| unsafe { x86::avx512(rounds) };
            peaks.push(("avx512", best(x86::LANES_512 * x86::SUMS_512, run)));
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            // SAFETY: the processor has AVX2 and FMA.
            let run = |rounds| unsafe { x86::avx2(rounds) };
            peaks.push(("avx2", best(x86::LANES_256 * x86::SUMS_256, run)));
        }
    }
    peaks
}

/// `multiply_adds`: in each round.
#[cfg(target_arch = "x86_64")]
fn best(multiply_adds: usize, run: impl Fn(usize) -> f32) -> f64 {
    const ROUNDS: usize = 300_000;
    let gflops = |_| {
        let start = std::time::Instant::now();
        std::hint::black_box(run(ROUNDS));
        2.0 * (multiply_adds * ROUNDS) as f64 / start.elapsed().as_secs_f64() / 1e9
    };
    (0..60).map(gflops).fold(0.0, f64::max)
}

/// As many independent sums as hide the latency of a multiply-add on two units.
#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;
    use std::hint::black_box;

    pub const LANES_512: usize = 16;
    pub const SUMS_512: usize = 24;
    pub const LANES_256: usize = 8;
    pub const SUMS_256: usize = 12;

    #[target_feature(enable = "avx512f")]
    pub fn avx512(rounds: usize) -> f32 {
        let (x, y) = (
            _mm512_set1_ps(black_box(1.000_000_1)),
            _mm512_set1_ps(black_box(0.999_999_9)),
        );
        let mut sums = [_mm512_setzero_ps(); SUMS_512];
        for _ in 0..rounds {
            for sum in &mut sums {
                *sum = _mm512_fmadd_ps(x, y, *sum);
            }
        }
        let total = sums
            .into_iter()
            .fold(_mm512_setzero_ps(), |a, b| _mm512_add_ps(a, b));
        _mm512_reduce_add_ps(total)
    }

    #[target_feature(enable = "avx2,fma")]
    pub fn avx2(rounds: usize) -> f32 {
        let (x, y) = (
            _mm256_set1_ps(black_box(1.000_000_1)),
            _mm256_set1_ps(black_box(0.999_999_9)),
        );
        let mut sums = [_mm256_setzero_ps(); SUMS_256];
        for _ in 0..rounds {
            for sum in &mut sums {
                *sum = _mm256_fmadd_ps(x, y, *sum);
            }
        }
        let total = sums
            .into_iter()
            .fold(_mm256_setzero_ps(), |a, b| _mm256_add_ps(a, b));
        _mm256_cvtss_f32(total)
    }
}
