//! The rules of layers that move windows over images, or change the shape of samples.

use proc_macro2::TokenStream;
use quote::quote;

use crate::builtin::{Arguments, ImageLayer};
use crate::graph::{ImageAxis, Node, Numbers, Padding, Windows};
use crate::report::Report;
use crate::size::{Size, product, shape_text};

/// Something that only the compiler can tell, since constants are in it.
pub(crate) struct Doubt {
    /// Where one of `values` stands in braces, the compiler fills it in; so it does in `help`.
    pub(crate) message: String,
    pub(crate) help: String,
    pub(crate) at: TokenStream,
    pub(crate) values: Vec<(&'static str, TokenStream)>,
    /// What must be so.
    pub(crate) condition: TokenStream,
}

pub(super) fn check(node: &Node, report: &mut Report) {
    check_numbers(node, report);
    let Some(windows) = &node.windows else { return };
    if windows.sizes().iter().any(|size| size.value() == Some(0)) {
        return;
    }
    if check_groups(node, windows, report) {
        return;
    }
    match windows.layer {
        ImageLayer::Convolution | ImageLayer::Pooling { .. } => check_fit(node, windows, report),
        ImageLayer::Transposed => check_spread(node, windows, report),
        ImageLayer::Pad | ImageLayer::Upsample => {}
    }
}

/// What is reshaped holds as many numbers before and after.
fn check_numbers(node: &Node, report: &mut Report) {
    let Some((given, taken)) = reshaped(node) else {
        return;
    };
    if let (Some(before), Some(after)) = (product(&given), product(&taken))
        && before != after
    {
        let (message, help) = words_of_reshape(node, &before.to_string(), &after.to_string());
        report.error(at_reshape(&taken), &message, &help);
    }
}

/// The sizes before and after.
fn reshaped(node: &Node) -> Option<(Vec<Size>, Vec<Size>)> {
    let (given, taken) = (node.arriving()?, node.gives.shape.known()?);
    (node.builtin.arguments == Arguments::Reshape).then(|| (given.to_vec(), taken.to_vec()))
}

fn at_reshape(taken: &[Size]) -> TokenStream {
    let tokens = taken.iter().map(Size::tokens);
    quote!(#(#tokens),*)
}

fn words_of_reshape(node: &Node, before: &str, after: &str) -> (String, String) {
    let (name, from) = (node.name(), node.read().map_or("", |value| &value.from));
    let sizes = |sizes: &[Size]| match sizes {
        [_] => String::new(),
        sizes => format!("{} = ", shape_text(sizes)),
    };
    let given = sizes(node.arriving().unwrap_or_default());
    let taken = sizes(node.gives.shape.known().unwrap_or_default());
    let message = format!(
        "`{name}` keeps all numbers: `{from}` gives {given}{before}, and {taken}{after} are asked for"
    );
    (message, format!("write sizes whose product is {before}"))
}

/// Channels and maps are cut into groups of one size. Whether there was something to say.
fn check_groups(node: &Node, windows: &Windows, report: &mut Report) -> bool {
    for (what, size) in parts(windows) {
        if let (Some(count), Some(groups)) = (size.value(), windows.groups.value())
            && !count.is_multiple_of(groups)
        {
            let (message, help) =
                words_of_groups(node, what, &count.to_string(), &groups.to_string());
            report.error(windows.at("groups"), &message, &help);
            return true;
        }
    }
    false
}

/// What is cut into groups.
fn parts(windows: &Windows) -> Vec<(&'static str, &Size)> {
    let channels = windows.image.as_ref().map(|[channels, ..]| channels);
    let channels = channels.map(|channels| ("channels", channels));
    let maps = windows.outputs.as_ref().map(|maps| ("maps", maps));
    channels.into_iter().chain(maps).collect()
}

pub(super) fn words_of_groups(
    node: &Node,
    what: &str,
    count: &str,
    groups: &str,
) -> (String, String) {
    let message = format!(
        "`{}` cannot cut {count} {what} into {groups} groups of one size",
        node.name()
    );
    (
        message,
        format!("write a number of groups that divides {count}"),
    )
}

/// Windows lie on the image without anything left over, or that has been asked for, and see some of it.
fn check_fit(node: &Node, windows: &Windows, report: &mut Report) {
    let Some(axes) = windows.axes() else { return };
    for (axis, name) in axes.iter().zip(["rows", "columns"]) {
        let Some(numbers) = axis.numbers() else {
            continue;
        };
        if let Some(side) = numbers
            .padding
            .iter()
            .find(|side| **side >= numbers.reach())
            && axis.padding.is_some()
        {
            let (message, help) = words_of_padding(node, name, &side.to_string());
            report.error(windows.at("padding"), &message, &help);
            return;
        }
        let Some(room) = numbers.room() else {
            let (message, help) = words_of_large_windows(node, axis, name);
            report.error(&windows.at, &message, &help);
            return;
        };
        if room % numbers.stride != 0 && !windows.floor && axis.padding.is_some() {
            let message = words_of_rest(node, name, &axis.windows_text());
            let help = format!(
                "write {}, or `floor = true` to leave out what no window reaches, as PyTorch does",
                remedies(windows).join(" or ")
            );
            report.error(windows.at("stride"), &message, &help);
            return;
        }
    }
}

fn words_of_padding(node: &Node, name: &str, side: &str) -> (String, String) {
    let message = format!(
        "`{}` has windows that see nothing but padding: {side} {name} of it, and a window does not reach further",
        node.name()
    );
    (
        message,
        "write less padding than a window reaches".to_owned(),
    )
}

fn words_of_large_windows(node: &Node, axis: &ImageAxis<'_>, name: &str) -> (String, String) {
    let dilated = if axis.dilation.value() == Some(1) {
        String::new()
    } else {
        format!(
            "{} * ({} - 1) + 1 = ",
            axis.dilation.operand_text(),
            axis.kernel.operand_text()
        )
    };
    let reach = axis.numbers().map_or(0, |numbers| numbers.reach());
    let from = node.read().map_or("", |value| &value.from);
    let padded = axis.padding_text();
    let message = format!(
        "`{}` does not fit: a window reaches over {dilated}{reach} {name}, and `{from}` gives {}{padded}",
        node.name(),
        axis.image.text()
    );
    let help = "write `padding = same`, or a kernel that is not larger than what it reads";
    (message, help.to_owned())
}

fn words_of_rest(node: &Node, name: &str, working: &str) -> String {
    format!(
        "`{}` does not fit: {working}, its {name}, is not whole",
        node.name()
    )
}

/// What can be written so that nothing is left over.
fn remedies(windows: &Windows) -> Vec<String> {
    let Some(axes) = windows.axes() else {
        return Vec::new();
    };
    let numbers: Vec<_> = axes.iter().filter_map(ImageAxis::numbers).collect();
    let fits = |padding: Option<usize>, stride: Option<usize>| {
        numbers.iter().all(|numbers| {
            let mut numbers = *numbers;
            numbers.padding = padding.map_or(numbers.padding, |padding| [padding; 2]);
            numbers.stride = stride.unwrap_or(numbers.stride);
            let sees_the_image = numbers.padding.iter().all(|side| *side < numbers.reach());
            let is_whole = |room: usize| room.is_multiple_of(numbers.stride);
            sees_the_image && numbers.room().is_some_and(is_whole)
        })
    };
    let reach = numbers.iter().map(Numbers::reach).min();
    let padding = (0..reach.unwrap_or_default()).find(|&padding| fits(Some(padding), None));
    let stride = numbers.iter().map(|numbers| numbers.stride).max();
    let stride = (2..stride.unwrap_or_default()).rev();
    let stride = stride.into_iter().find(|&stride| fits(None, Some(stride)));
    let padding = padding.map_or("`padding = same`".to_owned(), |padding| {
        format!("`padding = {padding}`")
    });
    let stride = stride.map(|stride| format!("`stride = {stride}`"));
    std::iter::once(padding).chain(stride).collect()
}

/// What a transposed convolution gives is there, and determined by what it reads.
fn check_spread(node: &Node, windows: &Windows, report: &mut Report) {
    let Some(axes) = windows.axes() else { return };
    let gives = windows.gives().unwrap_or_default();
    for ((axis, name), size) in axes.iter().zip(["rows", "columns"]).zip(&gives[1..]) {
        if size.value() == Some(0) {
            let message = format!(
                "`{}` gives no {name}: {} is not above 0",
                node.name(),
                axis.spread_text()
            );
            report.error(windows.at("padding"), &message, "write less padding");
            return;
        }
        let (Some(more), Some(numbers)) = (axis.output_padding.value(), axis.numbers()) else {
            continue;
        };
        let most = numbers.stride.max(numbers.dilation);
        if more >= most {
            let message = format!(
                "`{}` adds {more} {name}, but no number comes further than {} behind the last",
                node.name(),
                most - 1
            );
            let help = format!("write `output_padding = {}`, or less", most - 1);
            report.error(windows.at("output_padding"), &message, &help);
            return;
        }
    }
}

/// What is left to the compiler.
pub(crate) fn doubts(node: &Node) -> Vec<Doubt> {
    let mut doubts: Vec<Doubt> = super::norms::doubt(node).into_iter().collect();
    if let Some((given, taken)) = reshaped(node)
        && (product(&given).is_none() || product(&taken).is_none())
        && shape_text(&given) != shape_text(&taken)
    {
        let (before, after) = (Size::product(&given), Size::product(&taken));
        let (message, help) = words_of_reshape(node, "{GIVEN}", "{TAKEN}");
        doubts.push(Doubt {
            message,
            help,
            at: at_reshape(&taken),
            values: vec![("GIVEN", quote!(#before)), ("TAKEN", quote!(#after))],
            condition: {
                let (before, after) = (before.operand(), after.operand());
                quote!(#before == #after)
            },
        });
    }
    if let (Arguments::Reshape, Some(read), Some(taken)) = (
        node.builtin.arguments,
        node.read().filter(|read| read.shape.is_given()),
        node.gives.shape.known(),
    ) {
        let after = Size::product(taken);
        let sample = read.shape.sample(&quote!(f32));
        let before = quote!({ <#sample as ::nn_core::Sample>::LEN });
        let (message, help) = words_of_reshape(node, "{GIVEN}", "{TAKEN}");
        doubts.push(Doubt {
            message,
            help,
            at: at_reshape(taken),
            condition: quote!(#before == #after),
            values: vec![("GIVEN", before), ("TAKEN", quote!(#after))],
        });
    }
    let Some(windows) = &node.windows else {
        return doubts;
    };
    for (what, size) in parts(windows) {
        let groups = &windows.groups;
        let is_known = size.value().is_some() && groups.value().is_some();
        if is_known || groups.value() == Some(1) {
            continue;
        }
        let (message, help) = words_of_groups(node, what, "{COUNT}", "{GROUPS}");
        doubts.push(Doubt {
            message,
            help,
            at: windows.at("groups").clone(),
            values: vec![("COUNT", quote!(#size)), ("GROUPS", quote!(#groups))],
            condition: {
                let (size, groups) = (size.operand(), groups.operand());
                quote!(#groups == 0 || #size % #groups == 0)
            },
        });
    }
    let Some(axes) = windows.axes() else {
        return doubts;
    };
    for (axis, name) in axes.iter().zip(["rows", "columns"]) {
        if axis.numbers().is_none() {
            for doubt in doubts_of_axis(node, windows, axis, name) {
                // What is the same of rows and of columns is said of rows.
                let condition = doubt.condition.to_string();
                let mut known = doubts.iter().map(|known| known.condition.to_string());
                if known.all(|known| known != condition) {
                    doubts.push(doubt);
                }
            }
        }
    }
    doubts
}

fn doubts_of_axis(
    node: &Node,
    windows: &Windows,
    axis: &ImageAxis<'_>,
    name: &'static str,
) -> Vec<Doubt> {
    let (image, kernel, stride, dilation) = (axis.image, axis.kernel, axis.stride, axis.dilation);
    let padding = axis.padding_code();
    let values = |more: &[(&'static str, TokenStream)]| {
        let mut values = vec![
            ("IMAGE", quote!(#image)),
            ("PADDING", quote!({ #padding })),
            ("STRIDE", quote!(#stride)),
        ];
        values.extend_from_slice(more);
        values
    };
    let reach = quote!({ ::nn_core::__private::reach(#kernel, #dilation) });
    let is_same = matches!(windows.padding, Padding::Same);
    match windows.layer {
        ImageLayer::Convolution | ImageLayer::Pooling { .. } if !is_same => {
            let floor = windows.floor;
            let working = "({IMAGE} + {PADDING} - {REACH}) / {STRIDE} + 1";
            let message = words_of_rest(node, name, working);
            let message = message.replace("is not whole", "is not whole, or below 1");
            let [before, after] = axis.padding.cloned().unwrap_or([Size::of(0), Size::of(0)]);
            let (of_padding, less) = words_of_padding(node, name, "{SIDE}");
            let fit = Doubt {
                message,
                help: "write `padding = same`, or `floor = true` to leave out what no window reaches, as PyTorch does"
                    .to_owned(),
                at: windows.at("stride").clone(),
                values: values(&[("REACH", reach.clone())]),
                condition: quote!(::nn_core::__private::windows_fit(#image, #kernel, #dilation, #stride, #padding, #floor)),
            };
            let side = if before.text() == after.text() {
                quote!(#before)
            } else {
                quote!({ ::nn_core::__private::largest(&[#before, #after]) })
            };
            let sees = Doubt {
                message: of_padding,
                help: less,
                at: windows.at("padding").clone(),
                values: vec![("SIDE", side.clone())],
                condition: quote!((#side) < #reach),
            };
            let is_padded = before.value() != Some(0) || after.value() != Some(0);
            std::iter::once(fit)
                .chain(is_padded.then_some(sees))
                .collect()
        }
        ImageLayer::Transposed => {
            let more = axis.output_padding;
            let message = format!(
                "`{}` gives no {name}, or adds more than it can: ({{IMAGE}} - 1) * {{STRIDE}} + {{REACH}} - {{PADDING}} + {{MORE}}",
                node.name()
            );
            vec![Doubt {
                message,
                help: "write less `padding`, and an `output_padding` below the stride".to_owned(),
                at: windows.at("padding").clone(),
                values: values(&[("REACH", reach), ("MORE", quote!(#more))]),
                condition: quote!(
                    ::nn_core::__private::spread(#image, #kernel, #dilation, #stride, #padding, #more) > 0
                        && (#more) < ::nn_core::__private::largest(&[#stride, #dilation, 1])
                ),
            }]
        }
        _ => Vec::new(),
    }
}
