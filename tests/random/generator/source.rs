//! A network as Rust source, and the table of its layers.

use std::collections::HashMap;

use super::{Item, Layer, Network};

pub(super) fn module(number: u64, network: &Network) -> String {
    let declaration = format!(
        "pub struct Net< {} -> {} >;",
        chain(&network.chain),
        network.loss
    );
    let mut table = Table::default();
    table.add(&network.chain);
    let parameters: usize = table.rows.iter().map(|row| row.parameters).sum();
    table.add_loss(network);
    let target = match network.loss {
        "SoftmaxWithLoss" => "Class",
        "SigmoidWithLoss" => "Probability",
        _ => "Number",
    };
    let (input, output) = (&network.input, &network.output);
    let summary = table.text(parameters);
    let convert = if target == "Class" { "classes" } else { "rows" };
    format!(
        "mod network_{number:03} {{
use super::prelude::*;
network! {{
    {declaration}
}}
pub(super) fn case() -> Case {{
    Case {{
        number: {number},
        declaration: {declaration:?},
        summary: {summary:?},
        found_summary: Net::SUMMARY,
        parameters: {parameters},
        found_parameters: Net::PARAMETERS,
        input: &{input:?},
        found_input: Net::INPUT,
        output: &{output:?},
        found_output: Net::OUTPUT,
        targets: Targets::{target},
        seeded: |seed| of_{convert}(Net::<f64>::seeded(seed)),
        single: single_of_{convert}::<Net<f32>>,
    }}
}}
}}
"
    )
}

fn chain(items: &[Item]) -> String {
    items.iter().map(item).collect::<Vec<_>>().join(" -> ")
}

fn item(item: &Item) -> String {
    match item {
        Item::Layer(layer) => match &layer.label {
            Some(label) => format!("{label}: {}", layer.text()),
            None => layer.text(),
        },
        Item::Branches(branches) => {
            let branches: Vec<String> = branches.iter().map(|items| chain(items)).collect();
            format!("[ {} ]", branches.join(" | "))
        }
        Item::Part(items, None) => format!("( {} )", chain(items)),
        Item::Part(items, Some(turns)) => format!("( {} ) * {turns}", chain(items)),
    }
}

impl Layer {
    fn text(&self) -> String {
        if self.arguments.is_empty() {
            return self.kind.to_owned();
        }
        format!("{}({})", self.kind, self.arguments.join(", "))
    }
}

/// `mat_mul` for `MatMul`.
pub(super) fn stem(kind: &str) -> String {
    let mut stem = String::new();
    for letter in kind.chars() {
        if letter.is_uppercase() && !stem.is_empty() {
            stem.push('_');
        }
        stem.extend(letter.to_lowercase());
    }
    stem
}

/// The table of layers, repetitions written out.
#[derive(Default)]
struct Table {
    rows: Vec<Row>,
    ordinals: HashMap<String, usize>,
    turns: HashMap<String, usize>,
    repetitions: usize,
}

struct Row {
    label: String,
    text: String,
    reads: String,
    gives: String,
    parameters: usize,
    macs: usize,
}

impl Table {
    fn add(&mut self, items: &[Item]) {
        for item in items {
            match item {
                Item::Layer(layer) => self.add_layer(layer),
                Item::Branches(branches) => branches.iter().for_each(|items| self.add(items)),
                Item::Part(items, None) => self.add(items),
                Item::Part(items, Some(turns)) => {
                    self.repetitions += 1;
                    (0..*turns).for_each(|_| self.add(items));
                    self.repetitions -= 1;
                }
            }
        }
    }

    fn add_layer(&mut self, layer: &Layer) {
        let stem = stem(layer.kind);
        let ordinal = self.ordinals.entry(stem.clone()).or_default();
        *ordinal += 1;
        let label = match &layer.label {
            None => format!("{stem}{ordinal}"),
            Some(label) if self.repetitions == 0 => label.clone(),
            Some(label) => {
                let turn = self.turns.entry(label.clone()).or_default();
                *turn += 1;
                format!("{label}{turn}")
            }
        };
        self.rows.push(Row {
            label,
            text: layer.text(),
            reads: shape(&layer.reads),
            gives: shape(&layer.gives),
            parameters: layer.parameters,
            macs: macs(layer),
        });
    }

    fn add_loss(&mut self, network: &Network) {
        self.rows.push(Row {
            label: format!("{}1", stem(network.loss)),
            text: network.loss.to_owned(),
            reads: shape(&network.output),
            gives: "1".to_owned(),
            parameters: 0,
            macs: 0,
        });
    }

    /// As `SUMMARY` writes it.
    fn text(&self, total: usize) -> String {
        let heads = ["label", "layer", "input", "output"];
        let cells = |row: &Row| {
            [
                row.label.clone(),
                row.text.clone(),
                row.reads.clone(),
                row.gives.clone(),
            ]
        };
        let rows: Vec<[String; 4]> = self.rows.iter().map(cells).collect();
        let width = |column: usize| {
            let cells = rows.iter().map(|row| row[column].chars().count());
            cells.chain([heads[column].len()]).max().unwrap_or_default()
        };
        let widths = [0, 1, 2, 3].map(width);
        let macs: usize = self.rows.iter().map(|row| row.macs).sum();
        let parameters_width = total.to_string().len().max("parameters".len());
        let macs_width = macs.to_string().len().max("multiply-adds".len());
        let line = |cells: [&str; 4], parameters: &str, macs: &str| {
            let cells = cells.iter().zip(widths);
            let padded: Vec<String> = cells
                .map(|(cell, width)| format!("{cell:width$}"))
                .collect();
            format!(
                "{}  {parameters:>parameters_width$}  {macs:>macs_width$}",
                padded.join("  ")
            )
        };
        let mut lines = vec![line(heads, "parameters", "multiply-adds")];
        for (row, cells) in self.rows.iter().zip(&rows) {
            lines.push(line(
                cells.each_ref().map(String::as_str),
                &row.parameters.to_string(),
                &row.macs.to_string(),
            ));
        }
        lines.push(line(
            ["total", "", "", ""],
            &total.to_string(),
            &macs.to_string(),
        ));
        lines.join("\n")
    }
}

/// The multiply-adds of a product: of a vector and the weights, or of two matrices.
fn macs(layer: &Layer) -> usize {
    match (layer.kind, layer.reads.as_slice(), layer.gives.as_slice()) {
        ("Affine" | "MatMul", [inputs], [outputs]) => inputs * outputs,
        ("MatMul", [rows, inner], [_, columns]) => rows * inner * columns,
        _ => 0,
    }
}

fn shape(sizes: &[usize]) -> String {
    sizes
        .iter()
        .map(usize::to_string)
        .collect::<Vec<_>>()
        .join(" × ")
}
