//! Named points: the values that a layer further down can read once more.

use std::collections::HashMap;

use proc_macro2::Ident;
use quote::ToTokens as _;
use syn::Expr;
use syn::ext::IdentExt as _;

use super::labels::Labels;
use super::{Node, Read, Value, Way};
use crate::report::{Report, nearest};
use crate::size::source_text;
use crate::syntax::Layer;

/// The points that are known so far. One in a branch is known everywhere further down.
#[derive(Default)]
pub(super) struct Points {
    /// The first value of each name.
    known: HashMap<String, Value>,
    /// The names in the order of the source text.
    names: Vec<String>,
    /// In the turns of repetitions that we are in, by the label as it is written.
    turns: Vec<HashMap<String, Value>>,
    missing: Vec<Missing>,
}

/// A name that is no point so far. Why, shows when all labels are known.
struct Missing {
    name: Ident,
    reader: String,
    kind: String,
    /// The place among the reader's arguments, and all of them.
    place: usize,
    arguments: Vec<String>,
    above: Vec<String>,
}

impl Points {
    pub(super) fn begin_turn(&mut self) {
        self.turns.push(HashMap::new());
    }

    pub(super) fn end_turn(&mut self) {
        self.turns.pop();
    }

    /// A value is known by its name from here on, and in its turn of a repetition by its label.
    pub(super) fn define(&mut self, label: &Ident, name: String, value: &Value) {
        if let Some(turn) = self.turns.last_mut() {
            turn.insert(label.unraw().to_string(), value.clone());
        }
        self.names.push(name.clone());
        self.known.entry(name).or_insert_with(|| value.clone());
    }

    pub(super) fn knows(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// A name to give as an example: not that of the layer just before.
    pub(super) fn last_name(&self) -> Option<&str> {
        let mut above = self.names.iter().rev().skip(1);
        above.next().map(String::as_str)
    }

    /// The last name of a value that is of the wanted kind.
    pub(super) fn name_of(&self, value: &Value, wanted: impl Fn(&str) -> bool) -> Option<&str> {
        let is_its = |name: &&String| {
            self.known
                .get(*name)
                .is_some_and(|known| known.id == value.id)
        };
        let names = self.names.iter().rev().filter(is_its);
        names.map(String::as_str).find(|name| wanted(name))
    }

    fn find(&self, name: &str) -> Option<&Value> {
        let in_turn = self.turns.iter().rev().find_map(|turn| turn.get(name));
        in_turn.or_else(|| self.known.get(name))
    }

    /// The points that a layer names.
    pub(super) fn named(&mut self, node: &Node, layer: &Layer, report: &mut Report) -> Vec<Read> {
        let mut reads = Vec::new();
        for (place, argument) in layer.sizes.iter().enumerate() {
            let name = match argument {
                Expr::Path(path) => path.path.get_ident(),
                _ => None,
            };
            let Some(name) = name else {
                let text = source_text(&argument.to_token_stream());
                let message = format!(
                    "`{text}` is no name: `{}` takes the labels of layers further up",
                    node.builtin.name
                );
                let help = match self.last_name() {
                    Some(name) => {
                        format!(
                            "write `{}({name})`, or nothing behind branches",
                            node.builtin.name
                        )
                    }
                    None => format!("write `{}` behind branches", node.builtin.name),
                };
                report.error(argument, &message, &help);
                continue;
            };
            if let Some(value) = self.find(&name.unraw().to_string()) {
                reads.push(Read {
                    value: value.clone(),
                    way: Way::Point(name.clone()),
                });
            } else {
                self.missing.push(Missing {
                    name: name.clone(),
                    reader: node.name(),
                    kind: node.builtin.name.to_owned(),
                    place,
                    arguments: node.arguments.clone(),
                    above: self.names.clone(),
                });
            }
        }
        reads
    }

    /// Says why names are no points.
    pub(super) fn report_missing(self, labels: &Labels, report: &mut Report) {
        let mut said: Vec<String> = Vec::new();
        for missing in &self.missing {
            // The turns of a repetition say it once.
            let key = format!("{:?} {}", missing.arguments, missing.name);
            let turns = labels.turns(&missing.name.unraw().to_string());
            if said.contains(&key) {
                continue;
            }
            said.push(key);
            missing.report(labels, turns, report);
        }
    }
}

impl Missing {
    fn report(&self, labels: &Labels, turns: Option<&[String]>, report: &mut Report) {
        let (name, reader) = (self.name.unraw().to_string(), &self.reader);
        let near = nearest(&name, self.above.iter().map(String::as_str));
        let write = |name: &str| {
            let mut arguments = self.arguments.clone();
            name.clone_into(&mut arguments[self.place]);
            format!("write `{}({})`", self.kind, arguments.join(", "))
        };
        let another = || match self.above.last() {
            Some(above) => format!("{}, or move the label up", write(above)),
            None => "move the label up".to_owned(),
        };
        let (message, help) = match (turns, near) {
            (Some([first, .., last]), _) if self.above.contains(last) => (
                format!("`{name}` is repeated: its turns are `{first}` to `{last}`"),
                write(last),
            ),
            (Some([only]), _) if self.above.contains(only) => (
                format!("`{name}` is repeated: its only turn is `{only}`"),
                write(only),
            ),
            _ if name == *reader => (
                format!("`{name}` cannot read itself: a point that is named lies above"),
                another(),
            ),
            _ if labels.knows(&name) || turns.is_some() => (
                format!(
                    "the point `{name}` lies further down: `{reader}` reads only what is above"
                ),
                another(),
            ),
            (_, Some(near)) => (
                format!("no point `{name}` above `{reader}`; did you mean `{near}`?"),
                write(near),
            ),
            (_, None) if self.above.is_empty() => (
                format!("no point `{name}` above `{reader}`"),
                format!("label a layer above it: `{name}: Relu`"),
            ),
            (_, None) => {
                let above: Vec<String> =
                    self.above.iter().map(|name| format!("`{name}`")).collect();
                (
                    format!("no point `{name}` above `{reader}`"),
                    format!("the points above it are {}", above.join(", ")),
                )
            }
        };
        report.error(&self.name, &message, &help);
    }
}
