//! Numbers as people like to read them.

/// Three digits that count.
fn three(value: f64) -> String {
    match value.abs() {
        size if size < 9.995 => format!("{value:.2}"),
        size if size < 99.95 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

/// A loss or a metric.
pub(super) fn number(value: f64) -> String {
    if value == 0.0 || !value.is_finite() || (1e-3..1e4).contains(&value.abs()) {
        format!("{value:.4}")
    } else {
        format!("{value:.2e}")
    }
}

/// A learning rate: four digits, without zeros at the end.
pub(super) fn rate(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let rounded: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    if (1e-4..1e4).contains(&rounded.abs()) {
        rounded.to_string()
    } else {
        format!("{rounded:e}")
    }
}

/// How long something took.
pub(super) fn seconds(seconds: f64) -> String {
    if seconds < 99.95 {
        format!("{} s", three(seconds))
    } else {
        clock(seconds)
    }
}

/// How long something will take: minutes and seconds, and hours and days where there are any.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast stops at the largest number, and nobody waits so long"
)]
pub(super) fn clock(seconds: f64) -> String {
    let all = seconds.max(0.0).round() as u64;
    let (days, hours, minutes, seconds) = (all / 86_400, all / 3_600 % 24, all / 60 % 60, all % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes}:{seconds:02}"),
        (0, _) => format!("{hours}:{minutes:02}:{seconds:02}"),
        (1..1_000, _) => format!("{days}d {hours:02}:{minutes:02}"),
        _ => "years".to_owned(),
    }
}

/// How long a step takes.
pub(super) fn per_step(seconds: f64, unicode: bool) -> String {
    let micro = if unicode { "µs" } else { "us" };
    match seconds {
        _ if seconds < 0.999_5e-3 => format!("{} {micro}/step", three(seconds * 1e6)),
        _ if seconds < 0.999_5 => format!("{} ms/step", three(seconds * 1e3)),
        _ => format!("{} s/step", three(seconds)),
    }
}

/// A count: 39760, or 3.97 M.
pub(in crate::trainer) fn count(value: f64) -> String {
    match value {
        _ if value < 99_999.5 => format!("{value:.0}"),
        _ if value < 999_500.0 => format!("{} k", three(value / 1e3)),
        _ if value < 999.5e6 => format!("{} M", three(value / 1e6)),
        _ if value < 999.5e9 => format!("{} G", three(value / 1e9)),
        _ => format!("{} T", three(value / 1e12)),
    }
}

/// An amount of memory.
pub(in crate::trainer) fn bytes(bytes: usize) -> String {
    let bytes = bytes as f64;
    match bytes {
        _ if bytes < 1_024.0 => format!("{bytes:.0} bytes"),
        _ if bytes < 1_023.5 * 1_024.0 => format!("{} KiB", three(bytes / 1_024.0)),
        _ if bytes < 1_023.5 * 1_048_576.0 => format!("{} MiB", three(bytes / 1_048_576.0)),
        _ => format!("{} GiB", three(bytes / 1_073_741_824.0)),
    }
}

/// A name that keeps to its column: no control characters, and not too long.
pub(super) fn name(name: &str) -> String {
    const MOST: usize = 16;
    let plain = name.chars().map(|c| if c.is_control() { '?' } else { c });
    plain.take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::{bytes, clock, count, name, number, per_step, rate, seconds};

    #[test]
    fn numbers_by_hand() {
        for (found, expected) in [
            (number(0.215_34), "0.2153"),
            (number(0.0), "0.0000"),
            (number(-12.0), "-12.0000"),
            (number(0.000_12), "1.20e-4"),
            (number(123_456.0), "1.23e5"),
            (number(f64::NAN), "NaN"),
            (rate(0.1), "0.1"),
            (rate(0.001), "0.001"),
            (rate(0.012_345_6), "0.01235"),
            (rate(3.0e-5), "3e-5"),
            (rate(f64::NAN), "NaN"),
            (seconds(0.416), "0.42 s"),
            (seconds(99.94), "99.9 s"),
            (seconds(99.96), "1:40"),
            (clock(59.6), "1:00"),
            (clock(3_599.4), "59:59"),
            (clock(3_600.0), "1:00:00"),
            (clock(90_061.0), "1d 01:01"),
            (clock(f64::INFINITY), "years"),
            (clock(-1.0), "0:00"),
            (per_step(0.000_012_3, true), "12.3 µs/step"),
            (per_step(0.000_999_6, false), "1.00 ms/step"),
            (per_step(0.012, true), "12.0 ms/step"),
            (per_step(1.5, true), "1.50 s/step"),
            (count(39_700.0), "39700"),
            (count(3_970_000.0), "3.97 M"),
            (count(123_456.0), "123 k"),
            (count(2e9), "2.00 G"),
            (bytes(384), "384 bytes"),
            (bytes(159_040), "155 KiB"),
            (bytes(1_048_575), "1.00 MiB"),
            (bytes(5 << 30), "5.00 GiB"),
            (name("a\u{1b}[31m metric of many words"), "a?[31m metric of"),
        ] {
            assert_eq!(found, expected);
        }
    }
}
