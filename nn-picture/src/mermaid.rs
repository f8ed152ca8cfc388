//! The picture in the language of Mermaid.

use std::fmt::Write as _;

use crate::fold::{Cell, Level};
use crate::text::{grouped, mermaid as quoted};
use crate::{Family, Picture};

impl Family {
    fn class(self) -> &'static str {
        match self {
            Self::Input | Self::Output => "ends",
            Self::Weights => "weights",
            Self::Plain => "plain",
            Self::Merge => "merge",
            Self::Loss => "loss",
        }
    }

    /// What the text stands between.
    fn brackets(self) -> (&'static str, &'static str) {
        match self {
            Self::Weights | Self::Loss => ("[", "]"),
            _ => ("([", "])"),
        }
    }
}

pub(crate) fn mermaid(picture: &Picture, level: &Level) -> String {
    let mut text = "flowchart TD\n".to_owned();
    boxes(&mut text, picture, level, 1);
    for edge in level.edges(picture) {
        let (from, to) = (edge.from, edge.to);
        let _ = match picture.nodes[from].gives.as_str() {
            "" => writeln!(text, "  n{from} --> n{to}"),
            shape => writeln!(text, "  n{from} -->|\"{}\"| n{to}", quoted(shape)),
        };
    }
    for (owner, sharer, how) in level.shared(picture) {
        let _ = writeln!(text, "  n{owner} -.-|\"{}\"| n{sharer}", quoted(how));
    }
    for (class, fill, line) in [
        ("ends", "#ffffff", "#8a93a0"),
        ("weights", "#dfeaf8", "#6f97c7"),
        ("plain", "#e5f1e3", "#86ad80"),
        ("merge", "#ece5f5", "#a08bc2"),
        ("loss", "#fbe6dc", "#cf8c6b"),
    ] {
        let is_used = picture
            .nodes
            .iter()
            .any(|node| node.family.class() == class);
        if is_used {
            let _ = writeln!(
                text,
                "  classDef {class} fill:{fill},stroke:{line},color:#2b2f36"
            );
        }
    }
    if text.contains(" frozen\n") {
        text.push_str("  classDef frozen stroke-dasharray:3 2.5\n");
    }
    if text.contains(" block\n") {
        text.push_str(
            "  classDef block fill:#f1f2f4,stroke:#b9c0ca,stroke-dasharray:5 4,color:#2b2f36\n",
        );
    }
    text
}

fn boxes(text: &mut String, picture: &Picture, level: &Level, depth: usize) {
    let indent = "  ".repeat(depth);
    for cell in &level.cells {
        match cell {
            Cell::Entry => {}
            Cell::Node { first, last } => {
                let node = &picture.nodes[*first];
                let last = (last != first).then(|| picture.nodes[*last].label.as_str());
                let (line, details) = node.lines(last);
                let mut label = quoted(&line);
                if !details.is_empty() {
                    label += "<br/>";
                    label += &quoted(&details);
                }
                let (open, close) = node.family.brackets();
                let _ = writeln!(
                    text,
                    "{indent}n{first}{open}\"{label}\"{close}:::{}",
                    node.family.class()
                );
                if node.frozen {
                    let _ = writeln!(text, "{indent}class n{first} frozen");
                }
            }
            Cell::Block { turns, level } => {
                let name = level.exit();
                let _ = writeln!(
                    text,
                    "{indent}subgraph block{name} [\"× {}\"]",
                    grouped(*turns)
                );
                boxes(text, picture, level, depth + 1);
                let _ = writeln!(text, "{indent}end");
                let _ = writeln!(text, "{indent}class block{name} block");
            }
        }
    }
}
