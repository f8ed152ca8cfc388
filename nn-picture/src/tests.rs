//! What pictures promise: everything is there, nothing lies on anything else, and the text is valid in its language.

use proptest::prelude::*;

use crate::fold::{Cell, levels};
use crate::layout::{Area, Laid, Step, layout};
use crate::{Family, Node, Picture};

fn node(label: &str, text: &str, family: Family, reads: &[usize], gives: &str) -> Node {
    Node {
        label: label.to_owned(),
        text: text.to_owned(),
        family,
        reads: reads.to_vec(),
        gives: gives.to_owned(),
        parameters: if family == Family::Weights {
            "2,550".to_owned()
        } else {
            String::new()
        },
        notes: String::new(),
        frozen: false,
        shares: Vec::new(),
        place: 0,
    }
}

/// A residual network with so many blocks.
fn residual(turns: usize) -> Picture {
    let mut nodes = vec![
        node("input", "Input(16)", Family::Input, &[], "16"),
        node("affine1", "Affine(16, 50)", Family::Weights, &[0], "50"),
    ];
    for turn in 0..turns {
        let entry = nodes.len() - 1;
        let label = format!("affine{}", turn + 2);
        nodes.push(node(
            &label,
            "Affine(50, 50)",
            Family::Weights,
            &[entry],
            "50",
        ));
        nodes.push(node("relu1", "Relu", Family::Plain, &[entry + 1], "50"));
        nodes.push(node(
            "add1",
            "Add",
            Family::Merge,
            &[entry + 2, entry],
            "50",
        ));
        for place in 1..=3 {
            nodes[entry + place].place = place;
        }
    }
    let last = nodes.len() - 1;
    nodes.push(node(
        "softmax_with_loss1",
        "SoftmaxWithLoss",
        Family::Loss,
        &[last],
        "",
    ));
    Picture {
        title: "Residual".to_owned(),
        subtitle: "a few parameters".to_owned(),
        nodes,
        unfolded: false,
    }
}

/// Two inputs, a frozen layer, shared weights, a label of the user's, and letters that mean something in every language.
fn shared() -> Picture {
    let mut picture = Picture {
        title: "Tied <\"&\">".to_owned(),
        subtitle: "a\\b".to_owned(),
        nodes: vec![
            node("left", "Input(4)", Family::Input, &[], "4"),
            node("right", "Input(N < 3)", Family::Input, &[], "N<3>"),
            node("encode", "Affine(4, 2)", Family::Weights, &[0], "2"),
            node("concat1", "Concat", Family::Merge, &[2, 1], "5"),
            node(
                "decode",
                "Affine(5, 4, W = encode.W.T)",
                Family::Weights,
                &[3],
                "4",
            ),
            node("output", "output", Family::Output, &[4], ""),
        ],
        unfolded: false,
    };
    picture.nodes[2].frozen = true;
    picture.nodes[4]
        .shares
        .push((2, "W = encode.W.T".to_owned()));
    picture
}

macro_rules! assert_text {
    ($text:expr) => {
        let mut settings = insta::Settings::clone_current();
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!($text));
    };
}

#[test]
fn graphviz() {
    assert_text!(residual(3).to_dot());
    assert_text!(shared().to_dot());
}

#[test]
fn mermaid() {
    assert_text!(residual(3).to_mermaid());
    assert_text!(shared().to_mermaid());
}

#[test]
fn svg() {
    assert_text!(residual(3).to_svg());
    assert_text!(shared().to_svg());
}

#[test]
fn svg_is_well_formed_and_holds_every_word() {
    let svg = shared().to_svg();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let words: Vec<&str> = document
        .descendants()
        .filter(|element| element.has_tag_name("text"))
        .filter_map(|element| element.text())
        .collect();
    for word in [
        "Tied <\"&\">",
        "a\\b",
        "right: Input(N < 3)",
        "N<3>",
        "encode: Affine(4, 2)",
        "2,550 parameters · frozen",
        "output",
    ] {
        assert!(words.contains(&word), "{word} is not among {words:?}");
    }
    // Markdown would take an empty line for the end of the picture.
    assert!(svg.lines().all(|line| !line.trim().is_empty()));
    // Several pictures on a page must not disturb each other.
    let clashes = document.descendants().any(|element| {
        element.has_tag_name("style") || element.attributes().any(|it| it.name() == "id")
    });
    assert!(!clashes);
}

#[test]
fn turns_are_folded_if_that_saves_enough() {
    // The input, the first layer, the loss, and three layers for each turn or once.
    assert_eq!(residual(2).boxes(), 3 + 2 * 3);
    assert_eq!(residual(3).boxes(), 3 + 3);
    assert_eq!(residual(1000).boxes(), 3 + 3);
    let unfolded = Picture {
        unfolded: true,
        ..residual(5)
    };
    assert_eq!(unfolded.boxes(), 3 + 5 * 3);
    let level = levels(&residual(30));
    let turns = level.cells.iter().find_map(|cell| match cell {
        Cell::Block { turns, .. } => Some(*turns),
        _ => None,
    });
    assert_eq!(turns, Some(30));
}

/// The same layers written one by one are no repetition: they are drawn as they were written.
#[test]
fn layers_of_different_places_are_not_folded() {
    let mut picture = residual(5);
    for (place, node) in picture.nodes.iter_mut().enumerate() {
        node.place = place;
    }
    assert_eq!(picture.boxes(), 3 + 5 * 3);
}

/// A turn of which something else is read than what it gives has to be seen.
#[test]
fn turns_that_are_read_from_outside_stay_visible() {
    let mut picture = residual(6);
    let last = picture.nodes.len() - 1;
    // The loss also reads what happens in the fifth turn.
    picture.nodes[last].reads.push(2 + 4 * 3);
    let level = levels(&picture);
    assert_eq!(level.boxes(), 3 + 3 + 2 * 3);
}

#[test]
fn repetitions_in_repetitions_are_blocks_in_blocks() {
    let mut nodes = vec![node("input", "Input(9)", Family::Input, &[], "9")];
    for _ in 0..4 {
        for _ in 0..7 {
            let last = nodes.len() - 1;
            let mut affine = node("affine1", "Affine(9, 9)", Family::Weights, &[last], "9");
            affine.place = 1;
            nodes.push(affine);
        }
        let last = nodes.len() - 1;
        let mut relu = node("relu1", "Relu", Family::Plain, &[last], "9");
        relu.place = 2;
        nodes.push(relu);
    }
    let picture = Picture {
        nodes,
        ..Picture::default()
    };
    assert_eq!(picture.boxes(), 3);
    let svg = picture.to_svg();
    assert!(svg.contains("× 4") && svg.contains("× 7"), "{svg}");
}

#[test]
fn long_networks_are_about_as_wide_as_high() {
    let picture = Picture {
        unfolded: true,
        ..residual(40)
    };
    let laid = layout(&picture, &levels(&picture));
    assert!(
        laid.height < 2.0 * laid.width,
        "{} × {}",
        laid.width,
        laid.height
    );
    assert!(
        laid.width < 2.0 * laid.height,
        "{} × {}",
        laid.width,
        laid.height
    );
    assert_drawn_well(&laid);
}

#[test]
fn chains_are_straight() {
    let picture = residual(2);
    let laid = layout(&picture, &levels(&picture));
    let ports: Vec<f64> = laid.boxes.iter().map(|placed| placed.port).collect();
    assert!(
        ports.iter().all(|port| (port - ports[0]).abs() < 1e-9),
        "{ports:?}"
    );
}

#[test]
fn branches_stand_around_their_fork() {
    let picture = Picture {
        nodes: vec![
            node("input", "Input(4)", Family::Input, &[], "4"),
            node("affine1", "Affine(4, 4)", Family::Weights, &[0], "4"),
            node("affine2", "Affine(4, 4)", Family::Weights, &[0], "4"),
            node("add1", "Add", Family::Merge, &[1, 2], "4"),
        ],
        ..Picture::default()
    };
    let laid = layout(&picture, &levels(&picture));
    let port = |index: usize| laid.boxes[index].port;
    assert!(port(1) < port(2));
    assert!((port(0) - f64::midpoint(port(1), port(2))).abs() < 1e-9);
    assert!((port(0) - port(3)).abs() < 1e-9);
}

/// Boxes keep their distance, and edges pass them by.
fn assert_drawn_well(laid: &Laid) {
    const BETWEEN: f64 = 8.0;
    for (index, one) in laid.boxes.iter().enumerate() {
        let area = one.area;
        let inside = area.left > -0.1
            && area.top > -0.1
            && area.left + area.width < laid.width + 0.1
            && area.top + area.height < laid.height + 0.1;
        assert!(inside, "{area:?} leaves {} × {}", laid.width, laid.height);
        for other in &laid.boxes[..index] {
            let other = other.area;
            let apart = area.left >= other.left + other.width + BETWEEN
                || other.left >= area.left + area.width + BETWEEN
                || area.top >= other.top + other.height + BETWEEN
                || other.top >= area.top + area.height + BETWEEN;
            assert!(apart, "{area:?} and {other:?}");
        }
    }
    for wire in &laid.wires {
        for (x, y) in points(&wire.steps) {
            for placed in &laid.boxes {
                let own = placed.cell == wire.from || Some(placed.cell) == wire.to;
                assert!(
                    own || !holds(placed.area, x, y),
                    "an edge at {x}, {y} runs through {:?}",
                    placed.area
                );
            }
        }
    }
    for placed in &laid.boxes {
        if let Some(inner) = &placed.inner {
            assert_drawn_well(inner);
        }
    }
}

fn holds(area: Area, x: f64, y: f64) -> bool {
    x > area.left && x < area.left + area.width && y > area.top && y < area.top + area.height
}

/// Places on a path.
fn points(steps: &[Step]) -> Vec<(f64, f64)> {
    let mut points = Vec::new();
    for pair in steps.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0].end(), pair[1].end());
        for part in 0..=20 {
            let t = f64::from(part) / 20.0;
            let (across, down) = match pair[1] {
                // A cubic curve whose handles are half-way down.
                Step::Curve(..) => (t * t * (3.0 - 2.0 * t), 1.5 * t * (1.0 - t) + t * t * t),
                _ => (t, t),
            };
            points.push((x0 + across * (x1 - x0), y0 + down * (y1 - y0)));
        }
    }
    points
}

/// Networks of any form: a chain with branches, skips over any distance, several inputs and ends.
fn any_picture() -> impl Strategy<Value = Picture> {
    let kinds = prop_oneof![Just("Relu".to_owned()), "[A-Za-z<&\"\\\\(\\[|#;×é ]{1,40}",];
    let drawn = (
        kinds,
        proptest::collection::vec(0..9_usize, 0..4),
        0..3_usize,
        0..6_usize,
    );
    proptest::collection::vec(drawn, 1..40).prop_map(|drawn| {
        let mut nodes: Vec<Node> = Vec::new();
        for (text, reads, family, place) in drawn {
            let index = nodes.len();
            let mut reads: Vec<usize> = reads
                .into_iter()
                .filter_map(|back| index.checked_sub(back * back / 2 + 1))
                .collect();
            let mut seen = Vec::new();
            reads.retain(|read| {
                !seen.contains(read) && {
                    seen.push(*read);
                    true
                }
            });
            let family = [Family::Weights, Family::Plain, Family::Merge][family];
            let mut node = node(
                &format!("label{index}"),
                &text,
                family,
                &reads,
                "3 × 28 × 28",
            );
            node.place = place;
            nodes.push(node);
        }
        Picture {
            title: "Any".to_owned(),
            subtitle: String::new(),
            nodes,
            unfolded: false,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn nothing_lies_on_anything_else(picture in any_picture()) {
        let level = levels(&picture);
        assert_drawn_well(&layout(&picture, &level));
    }

    #[test]
    fn every_picture_is_well_formed(picture in any_picture()) {
        let svg = picture.to_svg();
        prop_assert!(roxmltree::Document::parse(&svg).is_ok(), "{}", svg);
        // Quotes are closed; a backslash means something to Graphviz only.
        let dot = picture.to_dot().replace("\\\\", "").replace("\\\"", "");
        for line in dot.lines().chain(picture.to_mermaid().lines()) {
            prop_assert!(line.matches('"').count().is_multiple_of(2), "{}", line);
        }
    }
}
