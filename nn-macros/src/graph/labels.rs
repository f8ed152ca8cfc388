//! Labels: written ones, and those of layers without one.

use std::collections::HashMap;

use proc_macro2::Ident;
use quote::format_ident;
use syn::ext::IdentExt as _;

use super::Label;
use super::node::text;
use super::unknown::written;
use crate::report::Report;
use crate::syntax::Layer;

/// Hands out labels and complains about those that cannot be.
#[derive(Default)]
pub(super) struct Labels {
    ordinals: HashMap<String, usize>,
    taken: HashMap<String, Origin>,
    /// The labels in repetitions: where they stand, and the names that their turns got.
    repeated: HashMap<String, (usize, Vec<String>)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// The user wrote it.
    Written,
    /// The kind and its ordinal.
    Ordinal,
    /// The label of a repeated layer, and the turn's ordinal.
    Turn,
}

impl Labels {
    /// The label of a layer; in a repetition the written one with an ordinal behind it.
    pub(super) fn of_layer(
        &mut self,
        (stem, kind): (&str, &str),
        layer: &Layer,
        label: Option<&Ident>,
        source: usize,
        repeats: bool,
        report: &mut Report,
    ) -> Label {
        let ordinal = self.ordinals.entry(stem.to_owned()).or_default();
        *ordinal += 1;
        let own = format!("{stem}{ordinal}");
        let layer_text = text(kind, &written(layer));
        let Some(label) = label else {
            let ident = format_ident!("{own}", span = layer.kind.span());
            let ident = self.unique(ident, Origin::Ordinal, &layer_text, report);
            return Label {
                ident,
                written: false,
            };
        };
        if !can_be_field(label) {
            let message = format!(
                "a label becomes a field, so it cannot be `{}`",
                label.unraw()
            );
            report.error(label, &message, &format!("write `{own}: {layer_text}`"));
            let ident = format_ident!("{own}", span = label.span());
            return Label {
                ident,
                written: false,
            };
        }
        Label {
            ident: self.written(label, &layer_text, source, repeats, report),
            written: true,
        }
    }

    /// The name of a point that is no layer: the end of a part in parentheses or brackets.
    pub(super) fn of_point(
        &mut self,
        label: &Ident,
        of: &str,
        source: usize,
        repeats: bool,
        report: &mut Report,
    ) -> String {
        self.written(label, of, source, repeats, report).to_string()
    }

    /// Whether the user wrote it, with or without the ordinal of a turn.
    pub(super) fn is_written(&self, label: &str) -> bool {
        let origin = self.taken.get(label);
        origin.is_some_and(|&origin| origin != Origin::Ordinal)
    }

    /// The names that a label in a repetition stands for.
    pub(super) fn turns(&self, label: &str) -> Option<&[String]> {
        self.repeated.get(label).map(|(_, names)| names.as_slice())
    }

    /// Whether there is such a label at all.
    pub(super) fn knows(&self, label: &str) -> bool {
        self.taken.contains_key(label)
    }

    fn written(
        &mut self,
        label: &Ident,
        of: &str,
        source: usize,
        repeats: bool,
        report: &mut Report,
    ) -> Ident {
        let name = label.unraw().to_string();
        if !repeats {
            if self.repeated.contains_key(&name) {
                report_twice(label, of, report);
            }
            return self.unique(label.unraw(), Origin::Written, of, report);
        }
        let first_here = match self.repeated.get(&name) {
            Some((place, _)) => *place == source,
            None => !matches!(self.taken.get(&name), Some(Origin::Written)),
        };
        if !first_here {
            report_twice(label, of, report);
        }
        let turns = self.repeated.entry(name.clone());
        let (_, names) = turns.or_insert_with(|| (source, Vec::new()));
        let turn = format!("{name}{}", names.len() + 1);
        names.push(turn.clone());
        let ident = format_ident!("{turn}", span = label.span());
        self.unique(ident, Origin::Turn, of, report)
    }

    /// The label itself, or a free one in its place if another layer has it.
    fn unique(&mut self, label: Ident, origin: Origin, layer: &str, report: &mut Report) -> Ident {
        let name = label.to_string();
        let Some(other) = self.taken.insert(name.clone(), origin) else {
            return label;
        };
        let message = match (other, origin) {
            (Origin::Written, Origin::Written) => {
                report_twice(&label, layer, report);
                return format_ident!("{name}_again", span = label.span());
            }
            (Origin::Turn, _) | (_, Origin::Turn) => {
                format!("the label `{name}` is also the name of a turn of a repetition")
            }
            _ => format!("the label `{name}` is also the name that a layer without a label gets"),
        };
        report.error(&label, &message, &another_label(layer));
        format_ident!("{name}_again", span = label.span())
    }
}

fn can_be_field(label: &Ident) -> bool {
    syn::parse_str::<Ident>(&label.unraw().to_string()).is_ok()
}

fn report_twice(label: &Ident, of: &str, report: &mut Report) {
    let message = format!("two layers have the label `{}`", label.unraw());
    report.error(label, &message, &another_label(of));
}

fn another_label(of: &str) -> String {
    format!("give this one another label: `other: {of}`")
}
