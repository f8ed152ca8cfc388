//! Grows a chain item by item. Sizes are small and numbers stay near 1, so that differences tell the gradient exactly.

use std::collections::HashMap;

use super::rng::Rng;
use super::{Item, Layer, Network};

/// Vectors longer than this go through a layer that shortens them.
const WIDEST: usize = 8;

/// There are constants `C1` to `C6`.
const CONSTANTS: usize = 6;

/// Numbers that may be larger than this are squashed or scaled.
const LARGEST: f64 = 4.0;

/// Activations on samples of any shape that are drawn more rarely, with their arguments.
const OTHER_ACTIVATIONS: [(&str, &[&str]); 10] = [
    ("LeakyRelu", &[]),
    ("LeakyRelu", &["0.2"]),
    ("Elu", &[]),
    ("Elu", &["0.5"]),
    ("Selu", &[]),
    ("Softplus", &["2"]),
    ("Gelu", &[]),
    ("Gelu", &["tanh"]),
    ("Silu", &[]),
    ("HardSwish", &[]),
];

/// With so many layers, no more branches and repetitions begin.
const MOST_LAYERS: usize = 9;

/// A value: its shape, and about how large its numbers are.
#[derive(Clone)]
struct Value {
    shape: Vec<usize>,
    large: f64,
}

/// A named point that can be read.
struct Point {
    name: String,
    value: Value,
    /// How many repetitions it is in: it is read from the same one.
    depth: usize,
}

/// A layer that has parameters, which others may share.
struct Owner {
    name: String,
    inputs: usize,
    outputs: usize,
    has_bias: bool,
    depth: usize,
}

/// What a layer shares: its options, how many numbers these hold, and the outputs that follow.
#[derive(Clone)]
struct Shared {
    options: Vec<String>,
    parameters: usize,
    outputs: usize,
}

pub(super) struct Grammar {
    rng: Rng,
    points: Vec<Point>,
    owners: Vec<Owner>,
    /// How many layers of each kind there are so far, repetitions written out.
    ordinals: HashMap<&'static str, usize>,
    labels: usize,
    /// How many repetitions and branches surround what is being grown.
    repetitions: usize,
    branches: usize,
}

impl Grammar {
    pub(super) fn new(rng: Rng) -> Self {
        Self {
            rng,
            points: Vec::new(),
            owners: Vec::new(),
            ordinals: HashMap::new(),
            labels: 0,
            repetitions: 0,
            branches: 0,
        }
    }

    pub(super) fn network(mut self) -> Network {
        let mut chain = Vec::new();
        let rank = *self.rng.choose(&[0, 0, 0, 1, 1, 2, 3]);
        let input: Vec<usize> = (0..rank.max(1)).map(|_| self.rng.from(2, 4)).collect();
        let mut value = Value {
            shape: input.clone(),
            large: 1.0,
        };
        if rank > 0 {
            let arguments = input.iter().map(|&size| self.size(size)).collect();
            value = self.layer(&mut chain, "Input", arguments, value.clone(), value, 0);
        } else {
            value = self.affine(&mut chain, value, None);
        }
        for _ in 0..self.rng.from(2, 4) {
            value = self.item(&mut chain, value);
        }
        value = self.flat(&mut chain, value);
        if !chain.iter().any(learns) || self.rng.once_in(2) {
            value = self.affine(&mut chain, value, None);
        }
        // Another time a point from far above.
        if self.rng.once_in(3) {
            value = self.merge_points(&mut chain, value);
            value = self.flat(&mut chain, value);
        }
        let mut losses = vec!["SigmoidWithLoss", "MeanSquaredError"];
        if value.shape[0] > 1 {
            losses.extend(["SoftmaxWithLoss"; 2]);
        }
        let loss = *self.rng.choose(&losses);
        let is_computed = matches!(chain.last(), Some(Item::Layer(layer)) if layer.parameters > 0);
        if loss == "SoftmaxWithLoss" && !is_computed {
            // Scores that are the same for all classes, as by `Concat(same)`, would have no gradient.
            value = self.affine(&mut chain, value, Some(3));
        }
        Network {
            chain,
            loss,
            input,
            output: value.shape,
        }
    }

    /// One more item behind a value, now and then two.
    fn item(&mut self, chain: &mut Vec<Item>, value: Value) -> Value {
        let value = self.tame(chain, value);
        let deep = value.shape.len() > 1;
        // Enough is enough.
        let crowded = self.ordinals.values().sum::<usize>() > MOST_LAYERS;
        let nested = if crowded {
            usize::MAX
        } else {
            self.branches + self.repetitions
        };
        match self.rng.from(0, 19) {
            0..=3 if !deep => self.affine(chain, value, None),
            0..=1 => self.sum(chain, value),
            2..=7 => self.activation(chain, value),
            8..=11 if nested < 3 => self.branched(chain, &value),
            12..=13 if nested < 2 => self.repeated(chain, value),
            14..=15 => self.merge_points(chain, value),
            16 if value.shape.len() < 3 => {
                let times = self.rng.from(2, 3);
                let arguments = vec![self.size(times)];
                let gives = Value {
                    shape: [vec![times], value.shape.clone()].concat(),
                    large: value.large,
                };
                self.layer(chain, "Repeat", arguments, value, gives, 0)
            }
            17 => self.scalar(chain, value),
            18 if self.branches > 0 => {
                self.layer(chain, "Identity", vec![], value.clone(), value, 0)
            }
            _ if deep => self.sum(chain, value),
            _ => self.affine(chain, value, None),
        }
    }

    fn layer(
        &mut self,
        chain: &mut Vec<Item>,
        kind: &'static str,
        arguments: Vec<String>,
        reads: Value,
        gives: Value,
        parameters: usize,
    ) -> Value {
        let ordinal = self.ordinals.entry(kind).or_default();
        *ordinal += 1;
        let ordinal = *ordinal;
        let label = self.rng.once_in(4).then(|| {
            self.labels += 1;
            format!("label{}_", self.labels)
        });
        let name = match &label {
            Some(label) => Some(label.clone()),
            // In a repetition the ordinal is that of a turn.
            None => {
                (self.repetitions == 0).then(|| format!("{}{ordinal}", super::source::stem(kind)))
            }
        };
        if let Some(name) = name {
            let depth = self.repetitions;
            if matches!(kind, "Affine" | "MatMul")
                && !arguments.is_empty()
                && gives.shape.len() == 1
            {
                self.owners.push(Owner {
                    name: name.clone(),
                    inputs: reads.shape[0],
                    outputs: gives.shape[0],
                    has_bias: kind == "Affine",
                    depth,
                });
            }
            self.points.push(Point {
                name,
                value: gives.clone(),
                depth,
            });
        }
        chain.push(Item::Layer(Layer {
            label,
            kind,
            arguments,
            reads: reads.shape,
            gives: gives.shape.clone(),
            parameters,
        }));
        gives
    }

    /// A number, a constant, or a sum or product with a constant.
    fn size(&mut self, size: usize) -> String {
        match self.rng.from(0, 7) {
            0 | 1 if size <= CONSTANTS => format!("C{size}"),
            2 if size > 2 => format!("C2 + {}", size - 2),
            3 if size.is_multiple_of(2) && size <= 2 * CONSTANTS => format!("2 * C{}", size / 2),
            4 if size > 1 => format!("{} + 1", size - 1),
            _ => size.to_string(),
        }
    }

    fn affine(&mut self, chain: &mut Vec<Item>, value: Value, outputs: Option<usize>) -> Value {
        let inputs = value.shape[0];
        let kind = if self.rng.once_in(4) {
            "MatMul"
        } else {
            "Affine"
        };
        let shared = if self.rng.once_in(3) {
            self.shared(kind, inputs, outputs)
        } else {
            None
        };
        let outputs = match (&shared, outputs) {
            (Some(shared), _) => shared.outputs,
            (None, Some(outputs)) => outputs,
            (None, None) => self.rng.from(1, 5),
        };
        // The first layer says what a sample looks like.
        let is_first = chain.is_empty() && self.branches + self.repetitions == 0;
        let first = if !is_first && self.rng.once_in(3) {
            "_".to_owned()
        } else {
            self.size(inputs)
        };
        let mut arguments = vec![first, self.size(outputs)];
        let mut parameters = match kind {
            "Affine" => (inputs + 1) * outputs,
            _ => inputs * outputs,
        };
        if let Some(shared) = shared {
            arguments.extend(shared.options);
            parameters -= shared.parameters;
        } else if self.rng.once_in(5) {
            let choices = [
                "init = he",
                "init = xavier",
                "init = normal(0.4)",
                "init = normal(SIGMA)",
            ];
            arguments.push((*self.rng.choose(&choices)).to_owned());
        }
        let gives = Value {
            shape: vec![outputs],
            large: value.large.max(0.5),
        };
        self.layer(chain, kind, arguments, value, gives, parameters)
    }

    /// Parameters of a layer further up, of one whose matrix fits, as it is or transposed.
    fn shared(&mut self, kind: &str, inputs: usize, outputs: Option<usize>) -> Option<Shared> {
        let wanted = |found: usize| outputs.is_none_or(|outputs| outputs == found);
        let mut found = Vec::new();
        for owner in &self.owners {
            if owner.depth > self.repetitions {
                continue;
            }
            let (rows, columns, name) = (owner.inputs, owner.outputs, &owner.name);
            let mut matrix = |suffix: &str, outputs: usize| {
                found.push(Shared {
                    options: vec![format!("W = {name}.W{suffix}")],
                    parameters: inputs * outputs,
                    outputs,
                });
            };
            if rows == inputs && wanted(columns) {
                matrix("", columns);
            }
            if columns == inputs && wanted(rows) {
                matrix(".T", rows);
            }
            if kind == "Affine" && owner.has_bias && wanted(columns) {
                let bias = || format!("b = {name}.b");
                let with_matrix = found.last().filter(|last| {
                    last.outputs == columns && last.options[0].starts_with(&format!("W = {name}.W"))
                });
                let mut options: Vec<String> =
                    with_matrix.map_or_else(Vec::new, |shared| shared.options.clone());
                let parameters = with_matrix.map_or(0, |shared| shared.parameters) + columns;
                options.push(bias());
                found.push(Shared {
                    options,
                    parameters,
                    outputs: columns,
                });
            }
        }
        (!found.is_empty()).then(|| self.rng.choose(&found).clone())
    }

    fn activation(&mut self, chain: &mut Vec<Item>, value: Value) -> Value {
        let mut kinds = vec!["Relu", "Relu", "Relu", "Tanh", "Tanh", "Sigmoid"];
        if value.shape.len() == 1 && value.shape[0] > 1 {
            kinds.push("Softmax");
        }
        let (kind, arguments) = if self.rng.once_in(2) {
            *self.rng.choose(&OTHER_ACTIVATIONS)
        } else {
            (*self.rng.choose(&kinds), &[][..])
        };
        let arguments = arguments.iter().map(ToString::to_string).collect();
        let bounded = ["Tanh", "Sigmoid", "Softmax"].contains(&kind);
        let gives = Value {
            large: if bounded { 1.0 } else { value.large + 0.5 },
            ..value.clone()
        };
        self.layer(chain, kind, arguments, value, gives, 0)
    }

    fn scalar(&mut self, chain: &mut Vec<Item>, value: Value) -> Value {
        let (text, number) =
            *self
                .rng
                .choose(&[("0.5", 0.5), ("-1.5", 1.5), ("HALF", 0.5), ("2", 2.0)]);
        let (kind, large) = if self.rng.once_in(2) {
            ("Scale", value.large * number)
        } else {
            ("Shift", value.large + number)
        };
        let gives = Value {
            large,
            ..value.clone()
        };
        self.layer(chain, kind, vec![text.to_owned()], value, gives, 0)
    }

    fn sum(&mut self, chain: &mut Vec<Item>, value: Value) -> Value {
        let gives = Value {
            shape: value.shape[1..].to_vec(),
            large: value.large * value.shape[0] as f64,
        };
        self.layer(chain, "Sum", vec![], value, gives, 0)
    }

    /// Sums up to a vector, and shortens it.
    fn flat(&mut self, chain: &mut Vec<Item>, mut value: Value) -> Value {
        while value.shape.len() > 1 {
            value = self.sum(chain, value);
        }
        if value.shape[0] > WIDEST {
            value = self.affine(chain, value, Some(3));
        }
        self.tame(chain, value)
    }

    /// Keeps numbers near 1.
    fn tame(&mut self, chain: &mut Vec<Item>, value: Value) -> Value {
        if value.large <= LARGEST {
            return value;
        }
        if self.rng.once_in(2) {
            let kind = *self.rng.choose(&["Tanh", "Sigmoid"]);
            let gives = Value {
                large: 1.0,
                ..value.clone()
            };
            return self.layer(chain, kind, vec![], value, gives, 0);
        }
        let factor = (10.0 / value.large).round().max(1.0) / 10.0;
        let gives = Value {
            large: value.large * factor,
            ..value.clone()
        };
        let value = self.layer(chain, "Scale", vec![factor.to_string()], value, gives, 0);
        // Of numbers in the hundreds a tenth is still too much.
        self.tame(chain, value)
    }

    /// `[ … | … ] -> Add` and the like.
    fn branched(&mut self, chain: &mut Vec<Item>, value: &Value) -> Value {
        let kind = self.merging_kind(&value.shape);
        let rank = value.shape.len();
        let mut branches = Vec::new();
        let mut ends: Vec<Value> = Vec::new();
        let count = if kind == "MatMul" {
            2
        } else {
            *self.rng.choose(&[2, 2, 2, 3, 4])
        };
        self.branches += 1;
        for _ in 0..count {
            let mut branch = Vec::new();
            let mut end = value.clone();
            for _ in 0..self.rng.from(0, 2) {
                end = self.item(&mut branch, end);
            }
            end = self.tame(&mut branch, end);
            let wanted = match (kind, ends.first()) {
                ("MatMul", Some(first)) => vec![first.shape[1], value.shape[1]],
                ("Concat", _) => end.shape.clone(),
                (_, Some(first)) => first.shape.clone(),
                _ => value.shape.clone(),
            };
            let wanted = if wanted.len() == rank {
                wanted
            } else {
                value.shape.clone()
            };
            end = self.shaped(&mut branch, end, value, &wanted);
            if branch.is_empty() {
                end = self.layer(&mut branch, "Identity", vec![], end.clone(), end, 0);
            }
            branches.push(branch);
            ends.push(end);
        }
        self.branches -= 1;
        chain.push(Item::Branches(branches));
        self.merge(chain, kind, vec![], &ends)
    }

    fn merging_kind(&mut self, shape: &[usize]) -> &'static str {
        let mut kinds: Vec<&'static str> = vec!["Add", "Add", "Mul"];
        if shape.len() > 1 || shape[0] <= WIDEST {
            kinds.push("Concat");
        }
        if let [rows, columns] = shape
            && rows == columns
        {
            kinds.extend(["MatMul"; 4]);
        }
        self.rng.choose::<&'static str>(&kinds)
    }

    /// Brings a branch to the shape that its neighbours have; if nothing else helps, by beginning anew.
    fn shaped(
        &mut self,
        branch: &mut Vec<Item>,
        end: Value,
        start: &Value,
        wanted: &[usize],
    ) -> Value {
        if end.shape == wanted {
            return end;
        }
        if let ([_], [outputs]) = (end.shape.as_slice(), wanted) {
            return self.affine(branch, end, Some(*outputs));
        }
        let mut end = end;
        while end.shape.len() > 1 {
            end = self.sum(branch, end);
        }
        end = self.tame(branch, end);
        let Some((inner, outer)) = wanted.split_last() else {
            return start.clone();
        };
        if end.shape[0] != *inner {
            end = self.affine(branch, end, Some(*inner));
        }
        for &times in outer.iter().rev() {
            let arguments = vec![self.size(times)];
            let gives = Value {
                shape: [vec![times], end.shape.clone()].concat(),
                large: end.large,
            };
            end = self.layer(branch, "Repeat", arguments, end, gives, 0);
        }
        end
    }

    fn merge(
        &mut self,
        chain: &mut Vec<Item>,
        kind: &'static str,
        points: Vec<String>,
        ends: &[Value],
    ) -> Value {
        let first = &ends[0];
        let larges = || ends.iter().map(|end| end.large);
        let gives = match kind {
            "Add" => Value {
                large: larges().sum(),
                ..first.clone()
            },
            "Mul" => Value {
                large: larges().product(),
                ..first.clone()
            },
            "Concat" => {
                let mut shape = first.shape.clone();
                shape[0] = ends.iter().map(|end| end.shape[0]).sum();
                Value {
                    shape,
                    large: larges().fold(0.0, f64::max),
                }
            }
            _ => Value {
                shape: vec![first.shape[0], ends[1].shape[1]],
                large: larges().product::<f64>() * first.shape[1] as f64,
            },
        };
        let value = self.layer(chain, kind, points, first.clone(), gives, 0);
        let value = self.tame(chain, value);
        match value.shape.as_slice() {
            [wide] if *wide > WIDEST => self.affine(chain, value, Some(4)),
            [wide, _, ..] if *wide > WIDEST => self.sum(chain, value),
            _ => value,
        }
    }

    /// Merges a value with named points, if any of those that can be read fits.
    fn merge_points(&mut self, chain: &mut Vec<Item>, value: Value) -> Value {
        let kind = self.merging_kind(&value.shape);
        let fits = |point: &&Point| {
            let shape = &point.value.shape;
            let same = *shape == value.shape;
            let joins = kind == "Concat"
                && shape.len() == value.shape.len()
                && shape[1..] == value.shape[1..];
            // Those of a turn are read in the turn, those from before everywhere.
            point.depth <= self.repetitions && (same || joins)
        };
        let found: Vec<(String, Value)> = self
            .points
            .iter()
            .filter(fits)
            .map(|point| (point.name.clone(), point.value.clone()))
            .collect();
        if found.is_empty() {
            return self.activation(chain, value);
        }
        let count = if kind == "MatMul" {
            1
        } else {
            self.rng.from(1, 2)
        };
        let chosen: Vec<&(String, Value)> = (0..count).map(|_| self.rng.choose(&found)).collect();
        let names = chosen.iter().map(|(name, _)| name.clone()).collect();
        let ends: Vec<Value> = std::iter::once(value)
            .chain(chosen.iter().map(|(_, value)| value.clone()))
            .collect();
        self.merge(chain, kind, names, &ends)
    }

    /// `( … ) * n`: what a turn gives, the next one reads.
    fn repeated(&mut self, chain: &mut Vec<Item>, value: Value) -> Value {
        let before = self.ordinals.clone();
        let turns = if self.rng.once_in(4) {
            None
        } else {
            Some(self.rng.from(1, 3))
        };
        let start = value.clone();
        let mut body = Vec::new();
        let (points, owners) = (self.points.len(), self.owners.len());
        self.repetitions += usize::from(turns.is_some());
        let mut end = value;
        for _ in 0..self.rng.from(1, 2) {
            end = self.item(&mut body, end);
        }
        end = self.shaped(&mut body, end, &start, &start.shape);
        // However large it is what the turn before gives.
        if turns.is_some() && end.large > 1.0 || body.is_empty() {
            let gives = Value {
                large: 1.0,
                ..end.clone()
            };
            end = self.layer(&mut body, "Tanh", vec![], end, gives, 0);
        }
        let Some(turns) = turns else {
            chain.push(Item::Part(body, None));
            return end;
        };
        self.repetitions -= 1;
        for (kind, count) in &mut self.ordinals {
            let before = before.get(kind).copied().unwrap_or_default();
            *count = before + (*count - before) * turns;
        }
        // From outside each turn has a name of its own; those of turns in turns are left alone.
        let (of_turns, owners) = (self.points.split_off(points), self.owners.split_off(owners));
        if self.repetitions == 0 {
            let named = |name: &str, turn: usize| format!("{name}{turn}");
            for mut point in of_turns.into_iter().filter(|point| point.depth == 1) {
                point.depth = 0;
                point.name = named(&point.name, self.rng.from(1, turns));
                self.points.push(point);
            }
            for mut owner in owners.into_iter().filter(|owner| owner.depth == 1) {
                owner.depth = 0;
                owner.name = named(&owner.name, self.rng.from(1, turns));
                self.owners.push(owner);
            }
        }
        chain.push(Item::Part(body, Some(turns)));
        end
    }
}

fn learns(item: &Item) -> bool {
    match item {
        Item::Layer(layer) => layer.parameters > 0,
        Item::Branches(branches) => branches.iter().flatten().any(learns),
        Item::Part(items, _) => items.iter().any(learns),
    }
}
