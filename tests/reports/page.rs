//! The report: a page that is well-formed, loads nothing, and has everything in it.

use nn_core::metrics::{ConfusionMatrix, MetricValue};
use nn_core::plot::{Chart, Gallery, worst_mistakes};
use nn_core::report::Report;
use nn_core::{EpochRecord, History};

use crate::training::{Net, points, trainer};

/// Parsed by an XML parser of others: the page is XHTML as well as HTML.
fn parse(html: &str) -> roxmltree::Document<'_> {
    let options = roxmltree::ParsingOptions {
        allow_dtd: true,
        ..Default::default()
    };
    roxmltree::Document::parse_with_options(html, options).unwrap()
}

fn texts(document: &roxmltree::Document<'_>, tag: &str) -> Vec<String> {
    let nodes = document
        .descendants()
        .filter(|node| node.tag_name().name() == tag);
    let text = |node: roxmltree::Node<'_, '_>| {
        node.descendants()
            .filter_map(|node| node.text().filter(|_| node.is_text()))
            .collect()
    };
    nodes.map(text).collect()
}

#[test]
fn a_report_has_everything_and_loads_nothing() {
    let (data, test) = (points(1), points(2));
    let mut net = Net::seeded(3);
    let history = trainer().fit(&mut net, &data, &test).unwrap();
    let scores = net.predict(&test.x).unwrap();
    let matrix = ConfusionMatrix::new(&scores, &test.t).unwrap();
    let worst = worst_mistakes(&scores, &test.t, 5).unwrap();
    let html = Report::of::<Net>()
        .title("Three classes")
        .setting("optimizer", "Adam")
        .setting("batch size", 7)
        .history(&history)
        .figure("Confusion matrix", matrix.figure(&["red", "green", "blue"]))
        .figure(
            "Worst mistakes",
            Gallery::of_mistakes(&test.x, &worst, &[]).unwrap(),
        )
        .text("Remarks", "one line\nand another")
        .to_html();
    let document = parse(&html);
    assert_eq!(texts(&document, "h1"), ["Three classes"]);
    assert_eq!(
        texts(&document, "h2"),
        [
            "Network",
            "Settings",
            "Curves",
            "Epochs",
            "Confusion matrix",
            "Worst mistakes",
            "Remarks"
        ]
    );
    // By hand: 4·8 + 8, 8·3 + 3, and the products alone.
    let tiles = texts(&document, "dd");
    assert_eq!(tiles[..4], ["67", "56", "5", "40"]);
    let cells = texts(&document, "td");
    for cell in [
        "Affine(4, 8)",
        "Tanh",
        "SoftmaxWithLoss",
        "40",
        "27",
        "67",
        "Adam",
        "7",
    ] {
        assert!(cells.iter().any(|found| found == cell), "{cell}");
    }
    assert_eq!(texts(&document, "pre"), ["one line\nand another"]);
    // Network, losses, accuracies, matrix, mistakes; the learning rate does not change.
    assert_eq!(texts(&document, "svg").len(), 5);
    let bodies = texts(&document, "tbody");
    assert_eq!(bodies.len(), 3);
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        assert!(!["script", "link", "iframe", "object"].contains(&node.tag_name().name()));
        for attribute in node.attributes() {
            let is_reference = ["src", "href"].contains(&attribute.name());
            let is_inside = attribute.value().starts_with('#')
                || attribute.value().starts_with("data:image/png;base64,");
            assert!(!is_reference || is_inside, "{attribute:?}");
            assert!(!attribute.name().starts_with("on"), "{attribute:?}");
        }
    }
    // Every link leads to a heading.
    for link in document
        .descendants()
        .filter(|node| node.tag_name().name() == "a")
    {
        let id = link.attribute("href").unwrap().trim_start_matches('#');
        assert!(
            document
                .descendants()
                .any(|node| node.attribute("id") == Some(id))
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.html");
    Report::of::<Net>().write(&path).unwrap();
    assert!(
        std::fs::read_to_string(path)
            .unwrap()
            .starts_with("<!DOCTYPE html>")
    );
}

#[test]
fn names_are_text_whatever_they_are() {
    let hostile = "</style></title><script>alert(1)</script>\"&'\u{1b}";
    let history = History {
        epochs: vec![EpochRecord {
            metrics: vec![MetricValue {
                name: hostile.to_owned(),
                value: 0.5,
            }],
            ..EpochRecord::default()
        }],
        stop_reason: Some(hostile.to_owned()),
        ..History::default()
    };
    let html = Report::of::<Net>()
        .title(hostile)
        .setting(hostile, hostile)
        .history(&history)
        .figure(hostile, Chart::new(hostile, hostile, hostile))
        .text(hostile, hostile)
        .to_html();
    let document = parse(&html);
    assert!(
        document
            .descendants()
            .all(|node| node.tag_name().name() != "script")
    );
    assert_eq!(texts(&document, "h1"), [hostile.replace('\u{1b}', " ")]);
    assert!(!html.contains("<script") && !html.contains("</style></title><"));
}

#[test]
fn the_best_epochs_are_marked_and_long_tables_are_thinned() {
    let record = |epoch: usize| EpochRecord {
        epoch,
        step: 10 * epoch,
        lr: 0.1,
        loss: 1.0 / epoch as f64,
        test_loss: Some(if epoch == 777 { 0.25 } else { f64::NAN }),
        test_accuracy: Some(if epoch == 1234 || epoch == 1500 {
            0.9
        } else {
            0.5
        }),
        ..EpochRecord::default()
    };
    let history = History {
        epochs: (1..=2_000).map(record).collect(),
        ..History::default()
    };
    let html = Report::of::<Net>().history(&history).to_html();
    let document = parse(&html);
    let best: Vec<String> = document
        .descendants()
        .filter(|node| node.attribute("class") == Some("number best"))
        .map(|node| {
            let row = node.parent().unwrap();
            format!(
                "{}: {}",
                row.first_element_child().unwrap().text().unwrap(),
                node.text().unwrap()
            )
        })
        .collect();
    // 1/2000 as 5.000e-4; of equal accuracies the first.
    assert_eq!(best, ["777: 0.2500", "1,234: 90.00 %", "2,000: 5.000e-4"]);
    let rows = document
        .descendants()
        .filter(|node| node.tag_name().name() == "tr")
        .count();
    assert!(rows < 530, "{rows}");
    assert!(texts(&document, "p").contains(&"One row in 4, and the last.".to_owned()));
}
