//! Every example runs, on little data.

use std::path::Path;
use std::process::Command;

/// What `cargo run --example name -- arguments` prints.
fn run(name: &str, arguments: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package lies in the workspace");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root).args([
        "run",
        "--quiet",
        "--package",
        "nn-examples",
        "--example",
        name,
        "--",
    ]);
    let output = cargo.args(arguments).output().expect("cargo starts");
    let printed = String::from_utf8(output.stdout).expect("the example prints text");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}{errors}");
    printed
}

#[test]
fn mnist() {
    let folder = tempfile::tempdir().unwrap();
    for hidden in ["50", "200", "100-50"] {
        let plot = folder.path().join(format!("{hidden}.svg"));
        let plot = plot.to_str().unwrap();
        let printed = run(
            "mnist",
            &[
                "--hidden",
                hidden,
                "--optimizer",
                "adam",
                "--steps",
                "120",
                "--plot",
                plot,
            ],
        );
        let last = printed.lines().last().unwrap();
        let accuracy = last
            .strip_prefix("test accuracy 0.")
            .unwrap_or_else(|| panic!("{printed}"));
        // Four digits; after 120 steps of Adam some 0.9.
        assert_eq!(accuracy.len(), 4, "{last}");
        assert!(accuracy > "8", "{last}");
        assert!(
            printed.contains("| epoch 1 |  iter 101 / 600 | time "),
            "{printed}"
        );
        assert!(std::fs::read_to_string(plot).unwrap().starts_with("<svg"));
    }
}

/// Files of MNIST's format with other content, as Fashion-MNIST's are: each class is a bar at a height of its own.
#[test]
fn mnist_with_other_pictures() {
    let folder = tempfile::tempdir().unwrap();
    for (part, count) in [("train", 200_u8), ("t10k", 50)] {
        let labels: Vec<u8> = (0..count).map(|n| n % 10).collect();
        let picture =
            |&label: &u8| (0..784).map(move |pixel| 255 * u8::from(pixel / 56 == i32::from(label)));
        let pictures: Vec<u8> = labels.iter().flat_map(picture).collect();
        let images = [
            &[0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 28, 0, 0, 0, 28],
            &pictures[..],
        ]
        .concat();
        let labels = [&[0, 0, 8, 1, 0, 0, 0, count], &labels[..]].concat();
        for (name, content) in [("images-idx3", images), ("labels-idx1", labels)] {
            let path = folder.path().join(format!("{part}-{name}-ubyte"));
            std::fs::write(path, content).unwrap();
        }
    }
    let data = folder.path().to_str().unwrap();
    let plot = folder.path().join("plot.svg");
    let plot = plot.to_str().unwrap();
    let arguments = [
        "--data",
        data,
        "--plot",
        plot,
        "--steps",
        "200",
        "--unverified",
    ];
    let printed = run("mnist", &arguments);
    assert!(printed.ends_with("test accuracy 1.0000\n"), "{printed}");
}

#[test]
fn optimizers() {
    let folder = tempfile::tempdir().unwrap();
    let [losses, valley] = ["losses.svg", "valley.svg"].map(|name| folder.path().join(name));
    let arguments = [
        "--steps",
        "50",
        "--losses",
        losses.to_str().unwrap(),
        "--valley",
        valley.to_str().unwrap(),
    ];
    let printed = run("optimizers", &arguments);
    // A line for each of eleven optimizers, and one that names the pictures.
    assert_eq!(printed.lines().count(), 12, "{printed}");
    for (picture, lines) in [(losses, 11), (valley, 11 * 7)] {
        let svg = std::fs::read_to_string(picture).unwrap();
        let drawn = svg.lines().filter(|line| line.starts_with("<polyline"));
        assert!(drawn.count() >= lines);
        assert!(svg.contains("Nesterov") && !svg.contains("NaN"));
    }
}

#[test]
fn lenet() {
    let printed = run("lenet", &["--steps", "60"]);
    let last = printed.lines().last().unwrap();
    let accuracy = last
        .strip_prefix("test accuracy 0.")
        .unwrap_or_else(|| panic!("{printed}"));
    // After 60 steps some 0.9.
    assert!(accuracy > "8", "{last}");
}

#[test]
fn residual() {
    let printed = run("residual", &["--steps", "60"]);
    let mut lines = printed.lines().rev();
    let last = lines.next().unwrap();
    let accuracy = last
        .strip_prefix("test accuracy 0.")
        .unwrap_or_else(|| panic!("{printed}"));
    // After 60 steps some 0.95; folded, the network gives the same but for rounding.
    assert!(accuracy > "8", "{last}");
    let folded = lines.next().unwrap();
    let of = |line: &str| -> f64 { line.rsplit(' ').next().unwrap().parse().unwrap() };
    assert!((of(folded) - of(last)).abs() < 0.0004, "{folded}, {last}");
}

#[test]
fn siamese() {
    let printed = run("siamese", &["1"]);
    let last = printed.lines().last().unwrap();
    let accuracy = last
        .strip_prefix("test accuracy 0.")
        .unwrap_or_else(|| panic!("{printed}"));
    // After one epoch some 0.9.
    assert!(accuracy > "8", "{last}");
}

#[test]
fn tied_autoencoder() {
    let printed = run("tied_autoencoder", &["--steps", "200"]);
    let losses: Vec<f64> = printed
        .lines()
        .filter_map(|line| line.split_once("loss "))
        .map(|(_, loss)| loss.parse().unwrap())
        .collect();
    // After the first step, after 100 and 200, and of the test digits: 50 numbers know more than the mean image, 0.26.
    assert_eq!(losses.len(), 4, "{printed}");
    assert!(losses[0] > 0.5 && losses[3] < 0.2, "{printed}");
    // Two rows of digits, seven lines high.
    let drawn = |c: char| ('\u{2801}'..='\u{28ff}').contains(&c);
    let lines = printed.lines().filter(|line| line.contains(drawn)).count();
    assert!(lines >= 8, "{printed}");
}

#[test]
fn autoencoder() {
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("digits.png");
    let arguments = ["--steps", "200", "--picture", picture.to_str().unwrap()];
    let printed = run("autoencoder", &arguments);
    let loss = printed
        .lines()
        .find_map(|line| line.strip_prefix("test loss "));
    let loss: f64 = loss.and_then(|text| text.parse().ok()).unwrap();
    // The mean image: 0.26. Ten columns of 28 · 3 pixels and a gap of 12, and three rows.
    assert!(loss < 0.25, "{printed}");
    let png = std::fs::read(picture).unwrap();
    assert_eq!(png[..8], *b"\x89PNG\r\n\x1a\n");
    assert_eq!(png[16..24], [0, 0, 3, 204, 0, 0, 1, 44]);
}

#[test]
fn mnist_report() {
    let folder = tempfile::tempdir().unwrap();
    let [plot, report] = ["plot.svg", "report.html"].map(|name| folder.path().join(name));
    let arguments = [
        "--steps",
        "650",
        "--plot",
        plot.to_str().unwrap(),
        "--report",
        report.to_str().unwrap(),
    ];
    run("mnist", &arguments);
    let html = std::fs::read_to_string(report).unwrap();
    let options = roxmltree::ParsingOptions {
        allow_dtd: true,
        ..Default::default()
    };
    let document = roxmltree::Document::parse_with_options(&html, options).unwrap();
    let nodes = |tag: &'static str| {
        let nodes = document.descendants();
        nodes.filter(move |node| node.tag_name().name() == tag)
    };
    let headings: Vec<&str> = nodes("h2").filter_map(|node| node.text()).collect();
    let expected = [
        "Network",
        "Settings",
        "Curves",
        "Epochs",
        "Confusion matrix",
        "Worst mistakes",
        "Norms",
        "Parameters",
    ];
    assert_eq!(headings, expected);
    assert_eq!(nodes("image").count(), 20);
    // The network; losses and accuracies; matrix; mistakes; two of norms; W and b of two layers.
    assert_eq!(nodes("svg").count(), 1 + 2 + 1 + 1 + 2 + 4);
}

#[test]
fn expanded_networks() {
    for name in ["expanded_mnist", "expanded_residual"] {
        let printed = run(name, &[]);
        assert!(
            printed.contains("loss before the first step: "),
            "{printed}"
        );
    }
}

#[test]
fn own_layer() {
    let printed = run("own_layer", &[]);
    let accuracy = printed
        .lines()
        .find_map(|line| line.strip_prefix("accuracy "));
    let accuracy: f64 = accuracy.and_then(|text| text.parse().ok()).unwrap();
    // A straight line would tell half of them apart.
    assert!(accuracy > 0.95, "{printed}");
    assert!(printed.contains("32 features of a point"), "{printed}");
}

/// The pictures in the README are those that the example draws.
#[test]
fn graph() {
    let folder = tempfile::tempdir().unwrap();
    let printed = run("graph", &[folder.path().to_str().unwrap()]);
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/graphs");
    for name in ["mnist.svg", "residual.svg"] {
        assert!(printed.contains(name), "{printed}");
        let drawn = std::fs::read_to_string(folder.path().join(name)).unwrap();
        let kept = std::fs::read_to_string(kept.join(name)).unwrap();
        assert_eq!(
            drawn, kept,
            "`cargo run --example graph -- examples/graphs` draws it anew"
        );
    }
}
