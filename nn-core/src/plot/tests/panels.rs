//! Confusion matrices, mistakes, names, and where texts lie.

use super::{history, read};
use crate::metrics::ConfusionMatrix;
use crate::plot::scene::{Anchor, Mark, wide};
use crate::plot::{Chart, Colours, Gallery, traces, worst_mistakes};

fn confusion() -> ConfusionMatrix<3> {
    // 3 of class 0, of which one is taken for 2; 1 of class 1; 2 of class 2, of which one is taken for 0.
    let (a, b, c) = ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]);
    ConfusionMatrix::new(&[a, a, c, b, c, a], &[0_u8, 0, 0, 1, 2, 2]).unwrap()
}

#[test]
fn a_confusion_matrix_has_counts_shades_recall_and_precision() {
    let svg = confusion().figure(&["cat", "dog"]).to_svg();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let cells: Vec<_> = document
        .descendants()
        .filter(|node| node.has_tag_name("rect") && node.has_children())
        .collect();
    assert_eq!(cells.len(), 9);
    let shade = |cell: usize| -> f64 {
        cells[cell]
            .attribute("fill-opacity")
            .map_or(1.0, |text| text.parse().unwrap())
    };
    // The shade of s is 0.06 + 0.94·s: hits of 2/3, mistakes of √(1/3), none, and all of class 1.
    for (cell, expected) in [
        (0, 0.06 + 0.94 * 2.0 / 3.0),
        (2, 0.06 + 0.94 * (1.0_f64 / 3.0).sqrt()),
        (1, 0.06),
        (4, 1.0),
    ] {
        assert!((shade(cell) - expected).abs() < 1e-3, "{cell}");
    }
    assert_eq!(cells[2].attribute("class"), Some("f-s1"));
    assert_eq!(
        cells[2].first_element_child().unwrap().text(),
        Some("1 of 3 `cat` were taken for `2`")
    );
    let read = read(&svg);
    // Recall of 0 and 2, precision of 0: 2/3, 1/2, 2/3.
    for text in [
        "66.7 %",
        "50 %",
        "67 %",
        "cat",
        "dog",
        "2",
        "Confusion matrix: 66.7 % of 6 samples right",
    ] {
        assert!(read.says(text), "{text}: {:?}", read.texts);
    }
    let text = confusion()
        .figure(&["cat", "dog"])
        .to_text(60, Colours::None);
    assert!(text.contains("cat    2       1  66.7 %\n"), "{text}");
}

#[test]
fn names_are_text_whatever_they_are() {
    let hostile = "<script>alert(\"&\")</script>\u{1b}[31m\0";
    let figures = [
        confusion().figure(&[hostile, hostile, hostile]),
        Chart::new(hostile, hostile, hostile)
            .line(hostile, [(1.0, 2.0), (2.0, 3.0)])
            .into(),
        Gallery::of_mistakes(
            &[[0.5]],
            &worst_mistakes(&[[1.0, 0.0]], &[1_u8], 1).unwrap(),
            &[hostile; 2],
        )
        .unwrap()
        .into(),
        traces(
            hostile,
            hostile,
            &vec![(hostile.to_owned(), vec![(1.0, 1.0)]); 12],
        )
        .into(),
    ];
    for figure in figures {
        let svg = figure.to_svg();
        let document = roxmltree::Document::parse(&svg).unwrap();
        assert!(
            document
                .descendants()
                .all(|node| !node.has_tag_name("script"))
        );
        assert!(!svg.contains('\u{1b}'));
        for colours in [Colours::None, Colours::All] {
            let text = figure.to_text(80, colours);
            assert!(
                !text.contains("\u{1b}[31m") && !text.contains('\0'),
                "{text:?}"
            );
        }
    }
}

pub(super) fn gallery(count: usize) -> Gallery {
    let images = vec![[0.0_f32, 1.0, 1.0, 0.0]; count];
    let scores = vec![[3.0, 0.0]; count];
    let worst = worst_mistakes(&scores, &vec![1_u8; count], count).unwrap();
    Gallery::of_mistakes(
        &images,
        &worst,
        &["ankle boot or something of that kind", "sandal"],
    )
    .unwrap()
}

/// Boxes of texts, as wide as the widest of usual fonts would have them.
#[test]
fn texts_lie_inside_of_the_picture_and_on_no_other_text() {
    let losses: Vec<f64> = (0..200_u32).map(|step| 1e5 / f64::from(step + 1)).collect();
    let names = ["a long name of a class", "dog", "cat"];
    let many: Vec<[f32; 40]> = (0..40_usize)
        .map(|class| std::array::from_fn(|j| f32::from(u8::from(j == class))))
        .collect();
    let labels: Vec<usize> = (0..40).collect();
    let trace = |key: usize| {
        (
            format!("layer{key}.W"),
            (1..400_u32)
                .map(|x| (f64::from(100 * x), f64::from(x)))
                .collect(),
        )
    };
    for width in [240, 333, 560, 900] {
        for figure in [
            history(&losses, &[(Some(0.98), Some(0.97)); 30]).figure(),
            history(&[1e-7, 3e-7, 2e-7], &[]).figure(),
            confusion().figure(&names),
            ConfusionMatrix::new(&many, &labels).unwrap().figure(&[]),
            gallery(9).into(),
            traces("norms", "norm", &(0..4).map(trace).collect::<Vec<_>>()).into(),
            traces("norms", "norm", &(0..30).map(trace).collect::<Vec<_>>()).into(),
            Chart::new("weights", "value", "numbers")
                .bars(
                    "",
                    (0..30_u32).map(|x| (f64::from(x), f64::from(x + 1), 1e6)),
                )
                .into(),
        ] {
            let scene = figure.panel_width(width).columns(1).scene();
            let mut boxes: Vec<(&str, [f64; 4])> = Vec::new();
            for mark in &scene.marks {
                let Mark::Text {
                    at: (x, y),
                    size,
                    anchor,
                    text,
                    upwards,
                    ..
                } = mark
                else {
                    continue;
                };
                let length = wide(text, *size);
                let start = match anchor {
                    Anchor::Start => 0.0,
                    Anchor::Middle => -length / 2.0,
                    Anchor::End => -length,
                };
                let (up, down) = (-0.72 * size, 0.2 * size);
                let area = if *upwards {
                    [x + up, y - start - length, x + down, y - start]
                } else {
                    [x + start, y + up, x + start + length, y + down]
                };
                assert!(
                    area[0] >= -1.0
                        && area[1] >= -1.0
                        && area[2] <= scene.width + 1.0
                        && area[3] <= scene.height + 1.0,
                    "{text} at {width}: {area:?}"
                );
                for (other, [left, top, right, bottom]) in &boxes {
                    let apart = area[2] <= left + 0.5
                        || area[0] >= right - 0.5
                        || area[3] <= top + 0.5
                        || area[1] >= bottom - 0.5;
                    assert!(apart, "{text} on {other}, {width} wide");
                }
                boxes.push((text, area));
            }
        }
    }
}

/// Expected numbers by SciPy 1.17: `scipy.special.softmax`.
#[test]
fn the_worst_mistakes_come_first_and_what_is_no_number_before_them() {
    let scores = [
        [1.0, 2.0, 3.0],
        [5.0, 1.0, -2.0],
        [f64::NAN, 0.0, 0.0],
        [0.5, 0.25, 0.0],
        [800.0, -800.0, 0.0],
    ];
    let worst = worst_mistakes(&scores, &[0_u8, 2, 0, 0, 1], 10).unwrap();
    let order: Vec<usize> = worst.iter().map(|mistake| mistake.index).collect();
    assert_eq!(order, [2, 4, 1, 0]);
    assert_eq!((worst[0].predicted, worst[1].of_class), (None, 0.0));
    assert!(
        (worst[2].of_class - 8.946_794_968_7e-4).abs() < 1e-9,
        "{worst:?}"
    );
    assert!(
        (worst[3].of_class - 0.090_030_573_17).abs() < 1e-9,
        "{worst:?}"
    );
    assert!(
        (worst[3].probability - 0.665_240_955_77).abs() < 1e-9,
        "{worst:?}"
    );
    assert_eq!(
        worst_mistakes(&scores, &[0_u8, 2, 0, 0, 1], 2)
            .unwrap()
            .len(),
        2
    );
}
