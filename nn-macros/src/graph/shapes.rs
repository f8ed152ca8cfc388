//! What layers take and give.

use quote::ToTokens as _;

use super::arguments::{count, input_shape, inputs_outputs, number};
use super::own::{alias, own, path, report_open};
use super::resolve::Resolver;
use super::settings::settings;
use super::{BATCH, Given, Node, Shape, Value};
use super::{merging, norms};
use crate::builtin::{Arguments, Buffers, Reads, Role};
use crate::report::Report;
use crate::size::{Size, source_text};
use crate::syntax::Layer;

impl Resolver<'_> {
    /// What a layer takes and what it gives.
    pub(super) fn shapes(&mut self, node: &mut Node, layer: &Layer, report: &mut Report) {
        if node.builtin.reads == Reads::Vector {
            self.read_as_vector(node, layer, report);
        }
        if node.builtin.role == Role::Input && node.begins && !self.several_inputs {
            node.gives.id = BATCH;
        }
        let (id, name) = (node.gives.id, node.name());
        let reads = node.read().cloned().unwrap_or_else(|| self.unknown());
        let arriving = reads.shape.known().map(<[Size]>::to_vec);
        let own = |shape| Value {
            id,
            shape,
            from: name.clone(),
        };
        match node.builtin.arguments {
            Arguments::None
            | Arguments::Number(_)
            | Arguments::Settings(..)
            | Arguments::Norm(..) => {
                if let Arguments::Number(what) = node.builtin.arguments {
                    node.number = number(node.builtin, what, layer, report);
                } else if let Arguments::Settings(..) | Arguments::Norm(..) = node.builtin.arguments
                {
                    node.settings = settings(node.builtin, layer, arriving.as_deref(), report);
                    norms::sizes(node, layer, report);
                    norms::name_constants(&self.network, node);
                } else {
                    no_sizes(node, layer, report);
                }
                node.gives = match node.builtin.buffers {
                    Buffers::Passes => reads.clone(),
                    _ if node.builtin.reads == Reads::Deep && reads.shape.is_given() => {
                        own(Shape::given(Given::Item(reads.shape.clone())))
                    }
                    _ if node.builtin.reads == Reads::Deep => own(match arriving {
                        Some(sizes) if sizes.len() > 1 => Shape::Known(sizes[1..].to_vec()),
                        _ => Shape::Unknown,
                    }),
                    _ => Value {
                        id,
                        ..reads.clone()
                    },
                };
            }
            Arguments::Shape => {
                node.gives = own(input_shape(layer, report));
                let sizes = node.gives.shape.known();
                node.sizes = sizes.map(<[Size]>::to_vec).unwrap_or_default();
            }
            Arguments::InputsOutputs => {
                let (takes, outputs) = inputs_outputs(node.builtin, layer, &reads, report);
                node.takes = takes;
                node.sizes = outputs.iter().cloned().collect();
                let shape = outputs.map_or(Shape::Unknown, |outputs| Shape::Known(vec![outputs]));
                node.gives = own(shape);
            }
            Arguments::Count => {
                let times = count(node.builtin, layer, arriving.as_deref(), report);
                node.sizes = times.iter().cloned().collect();
                node.gives = own(match (times, arriving) {
                    (Some(times), Some(sizes)) => Shape::Known([vec![times], sizes].concat()),
                    (Some(times), None) if reads.shape.is_given() => {
                        Shape::given(Given::Many(times, reads.shape.clone()))
                    }
                    _ => Shape::Unknown,
                });
            }
            Arguments::Points => node.gives = own(merging::shape(node)),
            Arguments::Own => self.own(node, layer, &reads, report),
            Arguments::Image(_) | Arguments::Reshape | Arguments::Flatten | Arguments::Reduce => {
                let shape = self.shape_of_images(node, layer, report);
                let passes = node.builtin.buffers == Buffers::Passes;
                node.gives = Value {
                    id: if passes { reads.id } else { id },
                    ..own(shape)
                };
            }
        }
        self.begin(node, &reads);
    }

    /// What a layer of the user's gives is for the compiler to say; and, if it is the first one, what it reads.
    fn own(&mut self, node: &mut Node, layer: &Layer, reads: &Value, report: &mut Report) {
        let alias = alias(&self.network, &node.label.ident);
        let Some(own) = own(layer, alias, &self.open_sizes, reads, report) else {
            node.unread = Some(path(layer));
            return;
        };
        if reads.id == BATCH && matches!(reads.shape, Shape::Unknown) {
            self.batch = Value {
                id: BATCH,
                shape: Shape::given(Given::Alias(own.input())),
                from: node.name(),
            };
            node.reads[0].value = self.batch.clone();
        }
        let shape = match node.read().map(|value| &value.shape) {
            None | Some(Shape::Unknown) => Shape::Unknown,
            Some(_) => Shape::given(Given::Alias(own.output())),
        };
        node.gives = Value {
            id: node.gives.id,
            shape,
            from: node.name(),
        };
        node.own = Some(own);
    }

    /// The first layer of a network says what a sample looks like.
    fn begin(&mut self, node: &mut Node, reads: &Value) {
        if node.builtin.role == Role::Input {
            if node.gives.id == BATCH {
                self.batch = node.gives.clone();
            }
        } else if reads.id == BATCH
            && matches!(reads.shape, Shape::Unknown)
            && node.own.is_none()
            && node.unread.is_none()
        {
            // One that should have said it, and did so wrongly, has been told.
            let would_say = node.builtin.arguments == Arguments::InputsOutputs;
            node.headless = node.takes.is_none() && (!would_say || node.inferred.is_some());
            if let Some(takes) = &node.takes {
                self.batch = Value {
                    id: BATCH,
                    shape: Shape::Known(vec![takes.clone()]),
                    from: node.name(),
                };
                node.reads[0].value = self.batch.clone();
            }
        }
    }
}

impl Resolver<'_> {
    /// A layer that takes vectors takes what a layer of the user's gives for one; whether it is one, the compiler will say.
    fn read_as_vector(&self, node: &mut Node, layer: &Layer, report: &mut Report) {
        let name = node.name();
        let Some(read) = node.reads.first_mut() else {
            return;
        };
        if !read.value.shape.is_given() {
            return;
        }
        let names: Vec<String> = self.open_sizes.iter().map(ToString::to_string).collect();
        if read.value.shape.is_open(&names) {
            if let Some(inferred) = &node.inferred {
                report_open(inferred, &read.value.from, &name, report);
                read.value.shape = Shape::Unknown;
            }
            return;
        }
        let at = match layer.sizes.first() {
            Some(size) => size.to_token_stream(),
            None => layer.kind.to_token_stream(),
        };
        let features = read.value.shape.features(at);
        let given = std::mem::replace(&mut read.value.shape, Shape::Known(vec![features]));
        node.vector_of = Some(given);
    }
}

pub(super) fn no_sizes(node: &Node, layer: &Layer, report: &mut Report) {
    if let Some(first) = layer.sizes.first() {
        let builtin = node.builtin.name;
        let help = match node.builtin.role {
            Role::Loss => {
                let text = source_text(&first.to_token_stream());
                format!("write `{builtin}`, or `{builtin}(weight = {text})` if that is meant")
            }
            _ => format!("write `{builtin}`; its shape is that of the layer before"),
        };
        report.error(first, &format!("`{builtin}` takes no sizes"), &help);
    }
}
