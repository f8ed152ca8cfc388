//! What comes of several values.

use super::{Node, Shape};
use crate::builtin::Merge;
use crate::report::Report;
use crate::size::Size;

/// The shape of what a merging layer gives; whether the shapes fit together is for the rules to say.
pub(super) fn shape(node: &Node) -> Shape {
    if node.reads.iter().any(|read| read.value.shape.is_given()) {
        return with_given(node);
    }
    let shapes: Option<Vec<&[Size]>> = node
        .reads
        .iter()
        .map(|read| read.value.shape.known())
        .collect();
    let (Some(merge), Some([first, rest @ ..])) = (node.merge(), shapes.as_deref()) else {
        return Shape::Unknown;
    };
    if rest.iter().any(|sizes| sizes.len() != first.len()) {
        return Shape::Unknown;
    }
    match (merge, *first, rest) {
        (Merge::Add | Merge::Mul, first, rest) => {
            let differ = rest.iter().any(|sizes| certainly_differ(first, sizes));
            if differ {
                return Shape::Unknown;
            }
            Shape::Known(first.to_vec())
        }
        (Merge::Concat, [_, inner @ ..], rest) => {
            if rest
                .iter()
                .any(|sizes| certainly_differ(inner, &sizes[1..]))
            {
                return Shape::Unknown;
            }
            let outermost: Vec<Size> = std::iter::once(first)
                .chain(rest)
                .map(|sizes| sizes[0].clone())
                .collect();
            let mut sizes = vec![Size::sum(&outermost)];
            sizes.extend_from_slice(inner);
            Shape::Known(sizes)
        }
        (Merge::MatMul, [rows, inner], [[same, columns]]) if inner.equals(same) != Some(false) => {
            Shape::Known(vec![rows.clone(), columns.clone()])
        }
        _ => Shape::Unknown,
    }
}

/// Where the compiler alone knows some of the shapes: sums and products have one that is known, if there is any, and what is joined
/// are vectors.
fn with_given(node: &Node) -> Shape {
    let mut shapes = node.reads.iter().map(|read| &read.value.shape);
    let is_unknown = |shape: &Shape| matches!(shape, Shape::Unknown);
    match node.merge() {
        _ if shapes.clone().any(is_unknown) => Shape::Unknown,
        Some(Merge::Add | Merge::Mul) => {
            let known = shapes.clone().find(|shape| shape.known().is_some());
            known.or(shapes.next()).cloned().unwrap_or(Shape::Unknown)
        }
        Some(Merge::Concat) => {
            let sizes: Vec<Vec<Size>> = shapes.map(Shape::sizes).collect();
            let vectors: Option<Vec<Size>> = sizes
                .iter()
                .map(|sizes| match sizes.as_slice() {
                    [size] => Some(size.clone()),
                    _ => None,
                })
                .collect();
            vectors.map_or(Shape::Unknown, |sizes| {
                Shape::Known(vec![Size::sum(&sizes)])
            })
        }
        _ => Shape::Unknown,
    }
}

fn certainly_differ(one: &[Size], other: &[Size]) -> bool {
    one.iter()
        .zip(other)
        .any(|(one, other)| one.equals(other) == Some(false))
}

/// A merging layer with only one value to read.
pub(super) fn report_too_few(node: &Node, point: Option<&str>, report: &mut Report) {
    let (name, kind) = (node.name(), node.builtin.name);
    let message = format!("`{name}` makes one value of several, and reads only one");
    let help = match point {
        Some(point) => {
            format!(
                "put branches before it, `[ … | Identity ] -> {kind}`, or name a point above: `{kind}({point})`"
            )
        }
        None => format!("put branches before it: `[ … | Identity ] -> {kind}`"),
    };
    report.error(&node.kind, &message, &help);
}
