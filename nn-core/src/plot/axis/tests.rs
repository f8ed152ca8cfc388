use super::{Axis, Scale, digits_for, range, significant};

#[test]
fn ticks_are_short() {
    for (number, exponent, digits, expected) in [
        (0.0, 0, 3, "0"),
        (0.5, 0, 3, "0.5"),
        (0.1 + 0.2, 0, 3, "0.3"),
        (123.456, 0, 3, "123"),
        (123.456, 0, 5, "123.46"),
        (-2.0, -2, 3, "-0.02"),
        (1.5, 5, 3, "150000"),
        (1.0, 6, 3, "1e6"),
        (2.5, -7, 3, "2.5e-7"),
        (1.98, 308, 3, "1.98e308"),
    ] {
        assert_eq!(significant(number, exponent, digits), expected);
    }
}

fn texts(axis: &Axis, most: usize) -> Vec<String> {
    axis.ticks(most).into_iter().map(|(_, text)| text).collect()
}

#[test]
fn ticks_are_round_numbers() {
    let axis = Axis::of(&[0.0, 2.3], Scale::Linear, None);
    assert_eq!(texts(&axis, 6), ["0", "0.5", "1", "1.5", "2"]);
    let axis = Axis::of(&[0.912, 0.987], Scale::Automatic, Some((0.0, 1.0)));
    assert_eq!(texts(&axis, 5), ["0.92", "0.94", "0.96", "0.98"]);
    assert_eq!(texts(&Axis::whole(&[1.0, 3.0]), 8), ["1", "2", "3"]);
    assert_eq!(
        texts(&Axis::whole(&[1.0, 10_000.0]), 6),
        ["0", "2,000", "4,000", "6,000", "8,000", "10,000"]
    );
    let axis = Axis::of(&[1e-3, 10.0], Scale::Logarithmic, None);
    assert_eq!(texts(&axis, 6), ["0.001", "0.01", "0.1", "1", "10"]);
    let axis = Axis::of(&[2.0, 9.0], Scale::Logarithmic, None);
    assert_eq!(texts(&axis, 4), ["2", "4", "6", "8"]);
}

#[test]
fn places_are_shares_of_the_axis() {
    // 0.05 of the span at both ends: from -5 to 105.
    let axis = Axis::of(&[0.0, 100.0], Scale::Linear, None);
    assert!((axis.place(0.0).unwrap() - 5.0 / 110.0).abs() < 1e-12);
    assert!((axis.place(50.0).unwrap() - 0.5).abs() < 1e-12);
    assert_eq!(axis.place(f64::NAN), None);
    // The middle of 1 and 100 by ratios is 10.
    let axis = Axis::of(&[1.0, 100.0], Scale::Logarithmic, None);
    assert!((axis.place(10.0).unwrap() - 0.5).abs() < 1e-12);
    assert_eq!(axis.place(0.0), None);
}

#[test]
fn neighbouring_ticks_of_a_narrow_axis_differ() {
    let axis = 0.593_10..0.593_18;
    let digits = digits_for(&axis);
    let ticks = [0.593_12, 0.593_122].map(|tick| significant(tick, 0, digits));
    assert_eq!(ticks, ["0.59312", "0.593122"]);
    assert_eq!(digits_for(&(0.0..10.0)), 3);
}

#[test]
fn an_axis_is_never_empty() {
    assert_eq!(range(&[]), 0.0..1.0);
    assert_eq!(range(&[1.0]), 0.5..1.5);
    assert_eq!(range(&[0.0, 0.0]), -0.5..0.5);
    assert_eq!(range(&[1.0, 3.0]), 0.9..3.1);
}

#[test]
fn numbers_of_any_size_have_finite_ticks() {
    for numbers in [
        &[][..],
        &[f64::MAX, -f64::MAX],
        &[f64::MIN_POSITIVE, f64::MAX],
        &[5e-324, 5e-324],
        &[1e30, 1e30 + 1e15],
        &[f64::NAN, f64::INFINITY],
        &[-1.0, 1e9, 0.5, 0.2],
    ] {
        for scale in [Scale::Automatic, Scale::Linear, Scale::Logarithmic] {
            let axis = Axis::of(numbers, scale, None);
            let ticks = axis.ticks(6);
            assert!(ticks.len() <= 20, "{numbers:?}");
            assert!(
                ticks.iter().all(|(place, _)| place.is_finite()),
                "{numbers:?}"
            );
            let places = numbers.iter().filter_map(|&number| axis.place(number));
            assert!(
                places
                    .into_iter()
                    .all(|place| (-0.01..=1.01).contains(&place)),
                "{numbers:?}"
            );
        }
    }
}
