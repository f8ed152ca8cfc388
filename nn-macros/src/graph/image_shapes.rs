//! The shapes that layers of images give, where sizes follow from others by arithmetic.

use super::arguments::input_shape;
use super::images::windows;
use super::resolve::Resolver;
use super::shapes::no_sizes;
use super::{Node, Shape};
use crate::builtin::Arguments;
use crate::report::Report;
use crate::size::{Size, open_size_in};
use crate::syntax::Layer;

impl Resolver<'_> {
    pub(super) fn shape_of_images(
        &self,
        node: &mut Node,
        layer: &Layer,
        report: &mut Report,
    ) -> Shape {
        let arriving = node.arriving().map(<[Size]>::to_vec);
        let (shape, computed) = match node.builtin.arguments {
            Arguments::Image(kind) => {
                node.windows = windows(kind, node.builtin, layer, report);
                let Some(windows) = &mut node.windows else {
                    return Shape::Unknown;
                };
                node.sizes = windows.sizes();
                windows.image = arriving.and_then(|sizes| <[Size; 3]>::try_from(sizes).ok());
                (windows.gives(), windows.computed())
            }
            Arguments::Reshape => {
                let shape = input_shape(layer, report);
                let sizes = shape.known().map(<[Size]>::to_vec);
                node.sizes = sizes.clone().unwrap_or_default();
                // Whether there are as many numbers is arithmetic too.
                let products = [arriving.unwrap_or_default(), node.sizes.clone()];
                (sizes, products.map(|sizes| Size::product(&sizes)).to_vec())
            }
            Arguments::Flatten => {
                no_sizes(node, layer, report);
                let features = arriving.map(|sizes| vec![Size::product(&sizes)]);
                (features.clone(), features.unwrap_or_default())
            }
            _ => {
                no_sizes(node, layer, report);
                (arriving.map(|sizes| sizes[..1].to_vec()), Vec::new())
            }
        };
        if self.can_be_computed(node, &computed, report) {
            return shape.map_or(Shape::Unknown, Shape::Known);
        }
        node.windows = None;
        Shape::Unknown
    }

    /// Whether a layer that does arithmetic with sizes can do it: not with sizes that are left open, nor with those of what a layer
    /// of the user's gives, unless it is told the sizes that are to come of it.
    fn can_be_computed(&self, node: &Node, computed: &[Size], report: &mut Report) -> bool {
        let name = node.name();
        let given = node.read().filter(|read| read.shape.is_given());
        if let Some(read) = given
            && node.builtin.arguments != Arguments::Reshape
        {
            let message = format!(
                "`{name}` has to know the sizes of what it reads, and only the compiler knows what `{}` gives",
                read.from
            );
            let help = match node.builtin.arguments {
                Arguments::Flatten => "write how many numbers there are: `Reshape(400)`".to_owned(),
                _ => format!("say the shape: `Reshape(16, 5, 5) -> {}`", node.text()),
            };
            report.error(&node.kind, &message, &help);
            return false;
        }
        let names: Vec<String> = self.open_sizes.iter().map(ToString::to_string).collect();
        let open = computed.iter().find_map(|size| {
            let open = open_size_in(size.tokens(), &names)?;
            (size.tokens().to_string() != open).then_some(open)
        });
        let open = open.or_else(|| {
            let arrives = given.filter(|read| read.shape.is_open(&names))?;
            Some(arrives.from.clone())
        });
        if let Some(open) = open {
            let message =
                format!("`{name}` computes with `{open}`, and Rust cannot do that in types yet");
            let help = "write numbers or constants for the sizes of images";
            report.error(&node.kind, &message, help);
            return false;
        }
        true
    }
}
