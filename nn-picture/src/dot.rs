//! The picture in the language of Graphviz.

use std::fmt::Write as _;

use crate::Picture;
use crate::fold::{Cell, Level};
use crate::text::{dot as quoted, grouped};

pub(crate) fn dot(picture: &Picture, level: &Level) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "digraph \"{}\" {{", quoted(&picture.title));
    let title = if picture.subtitle.is_empty() {
        quoted(&picture.title)
    } else {
        format!("{}\\n{}", quoted(&picture.title), quoted(&picture.subtitle))
    };
    let _ = writeln!(
        text,
        "  graph [label=\"{title}\", labelloc=t, fontname=\"sans-serif\", bgcolor=\"#fcfcfa\", ranksep=0.35];"
    );
    text.push_str(
        "  node [shape=box, style=\"rounded,filled\", fontname=\"sans-serif\", fontsize=11];\n",
    );
    text.push_str(
        "  edge [color=\"#8a93a0\", fontname=\"sans-serif\", fontsize=9, fontcolor=\"#5d6571\"];\n",
    );
    boxes(&mut text, picture, level, 1);
    for edge in level.edges(picture) {
        let shape = quoted(&picture.nodes[edge.from].gives);
        let (from, to) = (edge.from, edge.to);
        let _ = writeln!(text, "  n{from} -> n{to} [label=\"{shape}\"];");
    }
    for (owner, sharer, how) in level.shared(picture) {
        let _ = writeln!(
            text,
            "  n{owner} -> n{sharer} [label=\"{}\", style=dashed, arrowhead=none, constraint=false];",
            quoted(how)
        );
    }
    text.push_str("}\n");
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
                    label += "\\n";
                    label += &quoted(&details);
                }
                let style = if node.frozen {
                    ", style=\"rounded,filled,dashed\""
                } else {
                    ""
                };
                let (fill, line) = picture.colours(*first);
                let _ = writeln!(
                    text,
                    "{indent}n{first} [label=\"{label}\", tooltip=\"{}\", fillcolor=\"{fill}\", color=\"{line}\"{style}];",
                    quoted(&node.about()),
                );
            }
            Cell::Block { turns, level } => {
                let name = level.exit();
                let _ = writeln!(text, "{indent}subgraph cluster_{name} {{");
                let _ = writeln!(
                    text,
                    "{indent}  label=\"× {}\"; labeljust=r; style=\"rounded,dashed\"; color=\"#b9c0ca\"; bgcolor=\"#f3f4f6\";",
                    grouped(*turns)
                );
                boxes(text, picture, level, depth + 1);
                let _ = writeln!(text, "{indent}}}");
            }
        }
    }
}
