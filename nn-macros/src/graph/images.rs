//! The sizes and options of layers that move windows over images, or change their size.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::{Expr, Lit};

use super::arguments::written_size;
use crate::builtin::{Builtin, ImageLayer};
use crate::report::{Report, nearest};
use crate::size::{Size, source_text};
use crate::syntax::{Choice, Layer};

/// What such a layer says; pairs are of rows and columns.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub(crate) struct Windows {
    pub(crate) layer: ImageLayer,
    /// The maps of a convolution.
    pub(crate) outputs: Option<Size>,
    /// Of `Upsample` the factors.
    pub(crate) kernel: [Size; 2],
    pub(crate) stride: [Size; 2],
    pub(crate) dilation: [Size; 2],
    pub(crate) padding: Padding,
    pub(crate) output_padding: [Size; 2],
    pub(crate) groups: Size,
    pub(crate) bias: bool,
    pub(crate) counts_padding: bool,
    /// Whether rows and columns may be left over.
    pub(crate) floor: bool,
    pub(crate) bilinear: bool,
    /// What `Pad` fills in.
    pub(crate) value: TokenStream,
    /// What arrives, once it is known: channels, rows, columns.
    pub(crate) image: Option<[Size; 3]>,
    /// The tokens to point at: the kernel's, and those of options by their names.
    pub(crate) at: TokenStream,
    options: Vec<(String, TokenStream)>,
}

#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "a layer has one of it")]
pub(crate) enum Padding {
    Same,
    /// Before and after, for rows and for columns.
    Sides([[Size; 2]; 2]),
}

impl Windows {
    /// The tokens of an option, or those of the kernel if it is not given.
    pub(crate) fn at(&self, option: &str) -> &TokenStream {
        let mut options = self.options.iter();
        let option = options.find(|(name, _)| name == option);
        option.map_or(&self.at, |(_, tokens)| tokens)
    }

    /// The sizes that follow from others: of what the layer gives, and in its type.
    pub(crate) fn computed(&self) -> Vec<Size> {
        let gives = self.gives().unwrap_or_default();
        [gives, self.weights().to_vec(), self.before().to_vec()].concat()
    }

    /// The sizes that the user wrote, each of which is at least 1.
    pub(crate) fn sizes(&self) -> Vec<Size> {
        let groups = std::iter::once(&self.groups);
        let written = self.outputs.iter().chain(&self.kernel).chain(&self.stride);
        let all = written.chain(&self.dilation).chain(groups);
        let mut sizes: Vec<Size> = Vec::new();
        for size in all {
            if sizes.iter().all(|known| known.text() != size.text()) {
                sizes.push(size.clone());
            }
        }
        sizes
    }
}

/// The options of a layer.
fn options_of(layer: ImageLayer) -> &'static [&'static str] {
    match layer {
        ImageLayer::Convolution => &[
            "stride", "padding", "dilation", "groups", "bias", "floor", "init",
        ],
        ImageLayer::Transposed => &[
            "stride",
            "padding",
            "output_padding",
            "dilation",
            "groups",
            "bias",
            "init",
        ],
        ImageLayer::Pooling {
            counts_padding: false,
        } => &["stride", "padding", "floor"],
        ImageLayer::Pooling { .. } => &["stride", "padding", "count_include_pad", "floor"],
        ImageLayer::Pad => &["value"],
        ImageLayer::Upsample => &["mode"],
    }
}

/// How a layer is written, with the words for its sizes.
fn example(layer: ImageLayer) -> (&'static str, &'static str) {
    match layer {
        ImageLayer::Convolution | ImageLayer::Transposed => {
            ("two sizes, maps and the kernel's", "(16, 5)")
        }
        ImageLayer::Pooling { .. } => ("one size, the window's", "(2)"),
        ImageLayer::Pad => ("one size, how much is put on each side", "(1)"),
        ImageLayer::Upsample => ("one size, how many times as large images become", "(2)"),
    }
}

/// Reads the arguments of a layer; `None` if sizes are missing or wrong, which has been said.
pub(super) fn windows(
    kind: ImageLayer,
    builtin: &Builtin,
    layer: &Layer,
    report: &mut Report,
) -> Option<Windows> {
    let mut reader = Reader { builtin, report };
    let (outputs, kernel) = reader.sizes(kind, layer);
    let ones = || [Size::of(1), Size::of(1)];
    let zeros = || Padding::Sides([(); 2].map(|()| [Size::of(0), Size::of(0)]));
    let is_pool = matches!(kind, ImageLayer::Pooling { .. });
    let mut windows = Windows {
        layer: kind,
        outputs: None,
        kernel: ones(),
        stride: ones(),
        dilation: ones(),
        padding: zeros(),
        output_padding: [Size::of(0), Size::of(0)],
        groups: Size::of(1),
        bias: true,
        counts_padding: true,
        floor: false,
        bilinear: false,
        value: quote!(0.0),
        image: None,
        at: layer.kind.to_token_stream(),
        options: Vec::new(),
    };
    let wanted = 1 + usize::from(matches!(
        kind,
        ImageLayer::Convolution | ImageLayer::Transposed
    ));
    let mut is_whole = layer.sizes.len() <= wanted;
    if let Some(kernel) = kernel {
        windows.at = kernel.to_token_stream();
        if kind == ImageLayer::Pad {
            is_whole &= reader.sides(kernel, &mut windows.padding);
        } else if let Some(pair) = reader.pair(kernel) {
            windows.kernel = pair;
        } else {
            is_whole = false;
        }
        if is_pool {
            windows.stride.clone_from(&windows.kernel);
        }
    }
    for Choice { name, value } in &layer.options {
        let text = name.to_string();
        if !options_of(kind).contains(&text.as_str()) {
            reader.unknown(name, value, options_of(kind));
            continue;
        }
        if windows.options.iter().any(|(known, _)| *known == text) {
            let message = format!("`{name}` is given twice");
            reader.report.error(name, &message, "keep one of them");
            continue;
        }
        windows
            .options
            .push((text.clone(), value.to_token_stream()));
        is_whole &= reader.option(&text, value, &mut windows);
    }
    let is_convolution = matches!(kind, ImageLayer::Convolution | ImageLayer::Transposed);
    if let Some(outputs) = outputs {
        let why = format!(
            "the maps of `{}` are its own choice, so they cannot be `_`",
            builtin.name
        );
        let help = format!("write a number, for instance `{}(16, 5)`", builtin.name);
        windows.outputs = written_size(outputs, &why, &help, reader.report);
        is_whole &= windows.outputs.is_some();
    } else {
        is_whole &= !is_convolution;
    }
    (is_whole && kernel.is_some()).then_some(windows)
}

struct Reader<'r> {
    builtin: &'r Builtin,
    report: &'r mut Report,
}

impl Reader<'_> {
    /// The positional sizes: that of maps, and that of the kernel.
    fn sizes<'l>(
        &mut self,
        kind: ImageLayer,
        layer: &'l Layer,
    ) -> (Option<&'l Expr>, Option<&'l Expr>) {
        let name = self.builtin.name;
        let (what, sizes) = example(kind);
        let has_outputs = matches!(kind, ImageLayer::Convolution | ImageLayer::Transposed);
        let wanted = 1 + usize::from(has_outputs);
        let given = layer.sizes.len();
        if given < wanted {
            let message = format!("`{name}` takes {what}");
            match layer.sizes.first() {
                Some(only) => {
                    let text = source_text(&only.to_token_stream());
                    let help = format!("write `{name}({text}, 5)` for windows of 5 × 5");
                    self.report
                        .error(only, &format!("{message}; only one is given"), &help);
                }
                None => self
                    .report
                    .error(&layer.kind, &message, &format!("write `{name}{sizes}`")),
            }
        }
        if let Some(superfluous) = layer.sizes.get(wanted) {
            let text = |size: &Expr| source_text(&size.to_token_stream());
            // A kernel of two sizes without the parentheses around them.
            let (first, last) = (&layer.sizes[wanted - 1], superfluous);
            let mut write: Vec<String> = layer.sizes[..wanted - 1].iter().map(text).collect();
            write.push(format!("({}, {})", text(first), text(last)));
            let message = format!("`{name}` takes {what}; {given} are given");
            let help = if has_outputs {
                format!(
                    "write `{name}({}, {})`: how many channels arrive is known; or `{name}({})` for a kernel of two sizes",
                    text(first),
                    text(last),
                    write.join(", ")
                )
            } else {
                format!(
                    "write `{name}({})` for rows and columns, or name the option",
                    write.join(", ")
                )
            };
            self.report.error(superfluous, &message, &help);
        }
        if has_outputs {
            (layer.sizes.first(), layer.sizes.get(1))
        } else {
            (None, layer.sizes.first())
        }
    }

    fn option(&mut self, name: &str, value: &Expr, windows: &mut Windows) -> bool {
        let set = |place: &mut [Size; 2], pair: Option<[Size; 2]>| {
            let is_there = pair.is_some();
            *place = pair.unwrap_or_else(|| place.clone());
            is_there
        };
        match name {
            "stride" => set(&mut windows.stride, self.pair(value)),
            "dilation" => set(&mut windows.dilation, self.pair(value)),
            "output_padding" => set(&mut windows.output_padding, self.pair(value)),
            "groups" => match self.size(value) {
                Some(groups) => {
                    windows.groups = groups;
                    true
                }
                None => false,
            },
            "bias" => self.flag(name, value, &mut windows.bias),
            "floor" => self.flag(name, value, &mut windows.floor),
            "count_include_pad" => self.flag(name, value, &mut windows.counts_padding),
            "padding" => self.padding(value, windows),
            "mode" => self.mode(value, &mut windows.bilinear),
            "value" => {
                windows.value = self.number(value);
                true
            }
            // `init`, which all layers with weights have.
            _ => true,
        }
    }

    fn size(&mut self, size: &Expr) -> Option<Size> {
        let help = "write a number or a constant";
        written_size(size, "this size cannot be `_`", help, self.report)
    }

    /// One size for rows and columns, or a pair of them.
    fn pair(&mut self, value: &Expr) -> Option<[Size; 2]> {
        let Expr::Tuple(tuple) = value else {
            return self.size(value).map(|size| [size.clone(), size]);
        };
        let sizes: Vec<&Expr> = tuple.elems.iter().collect();
        if let [rows, columns] = sizes.as_slice() {
            let (rows, columns) = (self.size(rows), self.size(columns));
            return Some([rows?, columns?]);
        }
        let message = format!(
            "a pair is one size for rows and one for columns; {} are given",
            sizes.len()
        );
        self.report
            .error(tuple, &message, "write `(5, 3)`, or `5` for both");
        None
    }

    /// `n`, `(rows, columns)`, `((above, below), (left, right))`
    fn sides(&mut self, value: &Expr, padding: &mut Padding) -> bool {
        let axes = match value {
            Expr::Tuple(tuple) if tuple.elems.len() == 2 => {
                let [rows, columns] = [0, 1].map(|axis| self.pair(&tuple.elems[axis]));
                rows.zip(columns)
            }
            both => self.pair(both).map(|pair| (pair.clone(), pair)),
        };
        let is_there = axes.is_some();
        if let Some((rows, columns)) = axes {
            *padding = Padding::Sides([rows, columns]);
        }
        is_there
    }

    fn padding(&mut self, value: &Expr, windows: &mut Windows) -> bool {
        let text = source_text(&value.to_token_stream());
        match text.as_str() {
            "\"same\"" | "\"valid\"" => {
                let word = text.trim_matches('"');
                let message = format!("`{text}` stands in quotation marks");
                self.report
                    .error(value, &message, &format!("write `padding = {word}`"));
                false
            }
            "valid" => true,
            "same" if windows.layer == ImageLayer::Transposed => {
                let message = format!(
                    "`{}` has no `padding = same`: what it gives is larger than what it reads",
                    self.builtin.name
                );
                let help = "write how many rows and columns are cut off: `padding = 1`";
                self.report.error(value, &message, help);
                false
            }
            "same" => {
                windows.padding = Padding::Same;
                true
            }
            text if text.chars().all(char::is_lowercase)
                && nearest(text, ["same", "valid"]).is_some() =>
            {
                let near = nearest(text, ["same", "valid"]).unwrap_or("same");
                let message = format!("no padding `{text}`; did you mean `{near}`?");
                let help = "write `padding = same`, `valid`, a number, or `(rows, columns)`";
                self.report.error(value, &message, help);
                false
            }
            _ => self.sides(value, &mut windows.padding),
        }
    }

    fn flag(&mut self, name: &str, value: &Expr, flag: &mut bool) -> bool {
        if let Expr::Lit(literal) = value
            && let Lit::Bool(given) = &literal.lit
        {
            *flag = given.value;
            return true;
        }
        let text = source_text(&value.to_token_stream());
        let message = format!("`{text}` is neither `true` nor `false`");
        let help = format!("write `{name} = true` or `{name} = false`");
        self.report.error(value, &message, &help);
        false
    }

    fn mode(&mut self, value: &Expr, bilinear: &mut bool) -> bool {
        let text = source_text(&value.to_token_stream());
        match text.as_str() {
            "nearest" => *bilinear = false,
            "bilinear" => *bilinear = true,
            text => {
                let message = match nearest(text, ["nearest", "bilinear"]) {
                    Some(near) => format!("no mode `{text}`; did you mean `{near}`?"),
                    None => format!("no mode `{text}`"),
                };
                let help = "write `mode = nearest` or `mode = bilinear`";
                self.report.error(value, &message, help);
                return false;
            }
        }
        true
    }

    /// A literal, or a constant of type `f64`.
    fn number(&mut self, value: &Expr) -> TokenStream {
        super::arguments::literal_number(value).unwrap_or_else(|| {
            let text = source_text(&value.to_token_stream());
            let message = format!("`{text}` is no number");
            self.report.error(value, &message, "write `value = 0.5`");
            quote!(0.0)
        })
    }

    fn unknown(&mut self, name: &proc_macro2::Ident, value: &Expr, options: &[&str]) {
        let message = format!("`{}` has no option `{name}`", self.builtin.name);
        let value = source_text(&value.to_token_stream());
        let help = match nearest(&name.to_string(), options.iter().copied()) {
            Some(near) => format!("write `{near} = {value}`"),
            None => format!("its options are `{}`", options.join("`, `")),
        };
        self.report.error(name, &message, &help);
    }
}
