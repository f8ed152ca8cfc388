//! A layer of a network: what was written of it, what it reads, gives and stores.

use proc_macro2::{Ident, Span, TokenStream};

use super::{BATCH, Chosen, Init, Own, Shape, Shared, Storage, ValueId, Windows};
use crate::builtin::{Arguments, Axis, Buffers, Builtin, Merge, Norm, Parameter, Role};
use crate::size::Size;

/// One layer.
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts that do not depend on each other"
)]
pub(crate) struct Node {
    pub(crate) builtin: &'static Builtin,
    /// The type of the user's that it is, if so.
    pub(crate) own: Option<Own>,
    /// The path of such a type whose arguments could not be read.
    pub(crate) unread: Option<TokenStream>,
    pub(crate) label: Label,
    /// The name of the layer as written, to point at.
    pub(crate) kind: Ident,
    /// The layer's place in the source text: that of a repetition has several nodes.
    pub(crate) source: usize,
    /// The sizes and options as written.
    pub(crate) arguments: Vec<String>,
    /// How many features it says that it takes; `None` for `_`, and for layers that take what comes.
    pub(crate) takes: Option<Size>,
    /// The `_` that stands for its inputs, to point at.
    pub(crate) inferred: Option<TokenStream>,
    /// The sizes that it says of what it gives.
    pub(crate) sizes: Vec<Size>,
    /// The number of `Scale` and `Shift`.
    pub(crate) number: Option<TokenStream>,
    /// The shape that it takes for a vector, if only the compiler knows it.
    pub(crate) vector_of: Option<Shape>,
    /// Whether its arguments could not be read, which has been said.
    pub(crate) broken: bool,
    /// What was chosen of its settings.
    pub(crate) settings: Vec<Chosen>,
    /// What a layer that moves windows over images says.
    pub(crate) windows: Option<Windows>,
    /// The values that it reads; only layers that merge read several.
    pub(crate) reads: Vec<Read>,
    /// The value that it gives; what it reads, if it computes nothing.
    pub(crate) gives: Value,
    /// Whether it reads a batch of which nothing says yet what a sample looks like.
    pub(crate) headless: bool,
    /// Whether nothing comes before it: it is the first of the chain, or of a branch at the beginning.
    pub(crate) begins: bool,
    /// Whether it stands in a branch.
    pub(crate) in_branch: bool,
    pub(crate) init: Init,
    /// Its place among the nodes.
    pub(crate) place: usize,
    /// The parameters that are those of other layers.
    pub(crate) shared: Vec<Shared>,
    /// What a loss is multiplied by, if it says so.
    pub(crate) weight: Option<Weight>,
    /// Where the `#[freeze]` stands by which the parameters that lie in it are not trained.
    pub(crate) frozen: Option<Span>,
}

/// What a loss is multiplied by: a number, or a constant of type `f64`.
#[derive(Clone)]
pub(crate) struct Weight {
    pub(crate) tokens: TokenStream,
    pub(crate) is_constant: bool,
}

/// A value that a layer reads.
pub(crate) struct Read {
    pub(crate) value: Value,
    pub(crate) way: Way,
}

/// How a value comes to the layer that reads it.
pub(crate) enum Way {
    /// From the layer before.
    Chain,
    /// From the branch that ends in the layer of this name.
    Branch(TokenStream),
    /// From the point that is named here.
    Point(Ident),
}

/// A layer's name everywhere: field, key, diagnostics.
pub(crate) struct Label {
    pub(crate) ident: Ident,
    /// Whether the user wrote it.
    pub(crate) written: bool,
}

/// What flows between layers.
#[derive(Clone)]
pub(crate) struct Value {
    pub(crate) id: ValueId,
    pub(crate) shape: Shape,
    /// The layer that set this shape, for messages.
    pub(crate) from: String,
}

impl Node {
    /// `Affine(784, 50, init = he)`
    pub(crate) fn text(&self) -> String {
        text(self.called(), &self.arguments)
    }

    /// What it is called in a chain.
    pub(crate) fn called(&self) -> &str {
        let own = self.own.as_ref().map(|own| own.name.as_str());
        own.unwrap_or(self.builtin.name)
    }

    /// As it would be written with another argument in this place.
    pub(crate) fn text_with(&self, place: usize, argument: String) -> String {
        let mut arguments = self.arguments.clone();
        if let Some(slot) = arguments.get_mut(place) {
            *slot = argument;
        }
        text(self.called(), &arguments)
    }

    /// The name by which messages call it: the only input, without a label, is just `Input`.
    pub(crate) fn name(&self) -> String {
        match (self.label.written, self.builtin.role) {
            (false, Role::Input) if self.gives.id == BATCH => self.builtin.name.to_owned(),
            _ => self.label.ident.to_string(),
        }
    }

    /// The first value that it reads, for most layers the only one.
    pub(crate) fn read(&self) -> Option<&Value> {
        self.reads.first().map(|read| &read.value)
    }

    /// The sizes of what arrives, if they are known.
    pub(crate) fn arriving(&self) -> Option<&[Size]> {
        self.read().and_then(|value| value.shape.known())
    }

    /// I, as it is in the layer's type.
    pub(crate) fn inputs(&self) -> Size {
        match self.arriving() {
            Some([size]) if size.is_written() || self.takes.is_none() => size.clone(),
            _ => self.takes.clone().unwrap_or_else(|| Size::of(1)),
        }
    }

    /// The shape of what it reads, first value first.
    pub(crate) fn read_shape(&self) -> Shape {
        match (self.read().map(|value| &value.shape), &self.takes) {
            (Some(shape @ (Shape::Known(_) | Shape::Given(_))), _) => shape.clone(),
            (_, Some(takes)) => Shape::Known(vec![takes.clone()]),
            _ => Shape::Unknown,
        }
    }

    /// The shape of what it gives.
    pub(crate) fn output(&self) -> Shape {
        self.gives.shape.clone()
    }

    /// The sizes of a parameter.
    pub(crate) fn parameter_sizes(&self, parameter: &Parameter) -> Vec<Size> {
        let sizes = |axis: &Axis| match axis {
            Axis::Inputs => vec![self.inputs()],
            Axis::Outputs => vec![self.output().sizes()[0].clone()],
            Axis::Kernel(axis) => match &self.windows {
                Some(windows) => vec![windows.weights()[*axis].clone()],
                None => vec![Size::of(1)],
            },
            Axis::Slopes if self.has_setting("slopes") => {
                vec![self.output().sizes()[0].clone()]
            }
            Axis::Slopes => vec![Size::of(1)],
            Axis::Normalised => self.normalised().sizes(),
        };
        parameter.axes.iter().flat_map(sizes).collect()
    }

    /// Whether something was chosen for this setting.
    fn has_setting(&self, name: &str) -> bool {
        let mut settings = self.settings.iter();
        settings.any(|chosen| chosen.setting.name == name)
    }

    /// The parameters that it has, by their places in the table.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = (usize, &'static Parameter)> {
        let has_bias = self.windows.as_ref().is_none_or(|windows| windows.bias);
        let has_any = has_bias && self.is_affine();
        let all = self.builtin.parameters.iter().enumerate();
        all.filter(move |(_, parameter)| has_any || parameter.is_random())
    }

    /// The parameters that lie in this layer.
    pub(crate) fn own_parameters(&self) -> impl Iterator<Item = (usize, &'static Parameter)> {
        let all = self.parameters();
        all.filter(|&(index, _)| self.shared_parameter(index).is_none())
    }

    /// The other layer that a parameter is that of, if so.
    pub(crate) fn shared_parameter(&self, index: usize) -> Option<&Shared> {
        self.shared.iter().find(|shared| shared.parameter == index)
    }

    /// Whether it has parameters of its own, and they are not trained.
    pub(crate) fn is_frozen(&self) -> bool {
        self.frozen.is_some() && (self.own.is_some() || self.own_parameters().next().is_some())
    }

    /// Whether the layer normalises by the batch while the network is trained.
    pub(crate) fn normalises_batch(&self) -> bool {
        self.builtin.buffers == Buffers::Batch && self.frozen.is_none()
    }

    /// Where a parameter lies.
    pub(crate) fn storage(&self, parameter: usize) -> Storage {
        match self.shared_parameter(parameter) {
            Some(shared) => shared.storage,
            None => Storage {
                node: self.place,
                parameter,
            },
        }
    }

    /// The sizes whose product is the number of multiply-adds for one sample.
    pub(crate) fn factors(&self) -> Vec<Size> {
        let read = |place: usize| {
            let read = self.reads.get(place);
            read.and_then(|read| read.value.shape.known())
        };
        if self.builtin.arguments == Arguments::InputsOutputs {
            return vec![self.inputs(), self.output().sizes()[0].clone()];
        }
        if let Some(windows) = &self.windows {
            return windows.macs();
        }
        match (self.merge(), read(0), read(1)) {
            (Some(Merge::MatMul), Some([rows, inner]), Some([_, columns])) => {
                vec![rows.clone(), inner.clone(), columns.clone()]
            }
            _ => vec![Size::of(0)],
        }
    }

    /// How many multiply-adds it takes for one sample.
    pub(crate) fn macs(&self) -> Size {
        Size::product(&self.factors())
    }

    /// Whether the type of the layer says what its samples are, so that they need not be written out.
    pub(crate) fn says_shapes(&self) -> bool {
        self.builtin.arguments == Arguments::InputsOutputs
    }

    /// Whether it is no `Layer`, but has methods of its own: it gives a size that follows from others by arithmetic.
    pub(crate) fn has_own_methods(&self) -> bool {
        matches!(
            self.builtin.arguments,
            Arguments::Image(_)
                | Arguments::Flatten
                | Arguments::Reshape
                | Arguments::Norm(Norm::Batch, _)
        )
    }

    /// Whether it lies in the struct of parameters: a type of the user's has a field, whatever is in it.
    pub(crate) fn has_parameters(&self) -> bool {
        !self.builtin.parameters.is_empty() || self.own.is_some()
    }

    pub(super) fn find_open(&mut self, names: &[String]) {
        for size in self.takes.iter_mut().chain(&mut self.sizes) {
            size.find_open(names);
        }
        for read in &mut self.reads {
            read.value.shape.find_open(names);
        }
        self.gives.shape.find_open(names);
    }

    /// Whether its one size, and nothing else, says what a type of the user's takes.
    pub(crate) fn takes_one_size(&self) -> bool {
        let options = self.own.as_ref().map_or(0, |own| own.options.len());
        self.arguments.len() == options + 1 && self.inferred.is_none()
    }

    pub(crate) fn is_relu(&self) -> bool {
        self.builtin.name == "Relu"
    }

    /// How it makes one value of several, if it does.
    pub(crate) fn merge(&self) -> Option<Merge> {
        match self.builtin.buffers {
            Buffers::Merges(merge) => Some(merge),
            _ => None,
        }
    }

    /// Whether it gives a value of its own, and does not just pass one on.
    pub(crate) fn computes(&self) -> bool {
        self.builtin.role == Role::Layer && self.builtin.buffers != Buffers::Passes
    }
}

/// `Affine(784, 50, init = he)`
pub(super) fn text(name: &str, arguments: &[String]) -> String {
    if arguments.is_empty() {
        return name.to_owned();
    }
    format!("{name}({})", arguments.join(", "))
}
