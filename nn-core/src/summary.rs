//! The table of a network's layers, written at compile time, when the sizes behind constants are known.

/// One layer in a network's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerSummary {
    /// The layer's name in this network.
    pub label: &'static str,
    /// The layer as declared, such as `Affine(784, 50)`.
    pub kind: &'static str,
    /// The sizes of a sample that it reads.
    pub input: &'static [usize],
    /// The sizes of a sample that it gives.
    pub output: &'static [usize],
    /// How many numbers its parameters hold.
    pub parameters: usize,
    /// How many multiply-adds it computes for one sample, see [`Network::MACS`](crate::Network::MACS).
    pub macs: usize,
    /// The values that it reads: 0 is the sample, and 3 what the third layer gives.
    pub reads: &'static [usize],
    /// Where it stands in the declaration: the turns of a repetition have it in common.
    pub place: usize,
    /// The parameters that lie in other layers.
    pub shares: &'static [SharedParameter],
    /// Whether its parameters are not trained.
    pub frozen: bool,
    /// The layers of another network that stands here as a layer; none of any other layer.
    pub layers: &'static [LayerSummary],
}

/// A parameter that a layer does not have of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedParameter {
    /// The textbook's symbol: `W`.
    pub parameter: &'static str,
    /// The layer in which it lies: 1 is the first.
    pub layer: usize,
    /// What it is called there: `affine1.W`.
    pub key: &'static str,
    /// Whether this layer reads it the other way round.
    pub transposed: bool,
}

impl LayerSummary {
    /// Whether it says what a sample looks like.
    pub(crate) fn is_input(&self) -> bool {
        self.kind.starts_with("Input(")
    }

    /// Whether it compares scores with targets.
    pub(crate) fn is_loss(&self) -> bool {
        let name = self.kind.split('(').next();
        matches!(
            name,
            Some("SoftmaxWithLoss" | "SigmoidWithLoss" | "MeanSquaredError")
        )
    }
}

/// One input or output of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Port {
    /// Its label; without one the name that the layer goes by. An output that has a loss goes by the loss's label, or else by
    /// that of the layer before it.
    pub name: &'static str,
    /// The sizes of the array.
    pub shape: &'static [usize],
    /// Which value it is: 0 what the network reads if there is one input, and 3 what the third layer gives.
    pub value: usize,
}

/// The parameters of all layers together.
#[must_use]
pub const fn parameters(layers: &[LayerSummary]) -> usize {
    let (mut sum, mut index) = (0, 0);
    while index < layers.len() {
        sum += layers[index].parameters;
        index += 1;
    }
    sum
}

/// The multiply-adds of all layers together.
#[must_use]
pub const fn macs(layers: &[LayerSummary]) -> usize {
    let (mut sum, mut index) = (0, 0);
    while index < layers.len() {
        sum += layers[index].macs;
        index += 1;
    }
    sum
}

/// Text that is put together at compile time.
#[derive(Debug)]
pub struct Text<const CAPACITY: usize> {
    bytes: [u8; CAPACITY],
    length: usize,
    /// Characters in the last line so far: `×` counts as one.
    column: usize,
}

const GAP: usize = 2;

impl<const CAPACITY: usize> Text<CAPACITY> {
    pub(crate) const fn new() -> Self {
        Self {
            bytes: [b' '; CAPACITY],
            length: 0,
            column: 0,
        }
    }

    /// The table of these layers: label, layer, input, output, parameters, multiply-adds.
    #[must_use]
    pub const fn table(layers: &[LayerSummary]) -> Self {
        let mut widths = [
            "label".len(),
            "layer".len(),
            "input".len(),
            "output".len(),
            "parameters".len(),
            "multiply-adds".len(),
        ];
        let mut index = 0;
        while index < layers.len() {
            let layer = &layers[index];
            widths[0] = larger(widths[0], layer.label.len());
            widths[1] = larger(widths[1], layer.kind.len());
            widths[2] = larger(widths[2], shape_width(layer.input));
            widths[3] = larger(widths[3], shape_width(layer.output));
            index += 1;
        }
        let (total, total_macs) = (parameters(layers), macs(layers));
        widths[4] = larger(widths[4], digits(total));
        widths[5] = larger(widths[5], digits(total_macs));
        let starts = [
            0,
            widths[0] + GAP,
            widths[0] + widths[1] + 2 * GAP,
            widths[0] + widths[1] + widths[2] + 3 * GAP,
            widths[0] + widths[1] + widths[2] + widths[3] + 4 * GAP,
        ];
        // Where numbers end.
        let (first, second) = (
            starts[4] + widths[4],
            starts[4] + widths[4] + GAP + widths[5],
        );

        // Written in place: a text of many layers is large, and the compiler would copy it at each move.
        let mut text = Self::new();
        text.string("label").pad_to(starts[1]).string("layer");
        text.pad_to(starts[2]).string("input");
        text.pad_to(starts[3]).string("output");
        text.pad_to(first - "parameters".len()).string("parameters");
        text.pad_to(second - "multiply-adds".len())
            .string("multiply-adds")
            .line();
        let mut index = 0;
        while index < layers.len() {
            let layer = &layers[index];
            text.string(layer.label)
                .pad_to(starts[1])
                .string(layer.kind);
            text.pad_to(starts[2]).shape(layer.input);
            text.pad_to(starts[3]).shape(layer.output);
            text.pad_to(first - digits(layer.parameters))
                .number(layer.parameters);
            text.pad_to(second - digits(layer.macs)).number(layer.macs);
            text.string(if layer.frozen { "  frozen" } else { "" })
                .line();
            index += 1;
        }
        text.string("total")
            .pad_to(first - digits(total))
            .number(total);
        text.pad_to(second - digits(total_macs)).number(total_macs);
        text
    }

    /// The text.
    #[must_use]
    #[expect(
        clippy::missing_panics_doc,
        reason = "text is put together from whole strings"
    )]
    pub const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => panic!("text is put together from whole strings"),
        }
    }

    pub(crate) const fn string(&mut self, string: &str) -> &mut Self {
        let bytes = string.as_bytes();
        let (_, rest) = self.bytes.split_at_mut(self.length);
        rest.split_at_mut(bytes.len()).0.copy_from_slice(bytes);
        self.length += bytes.len();
        let mut index = 0;
        while index < bytes.len() {
            // The bytes after the first of a character do not count.
            self.column += (bytes[index] & 0xC0 != 0x80) as usize;
            index += 1;
        }
        self
    }

    const fn number(&mut self, number: usize) -> &mut Self {
        let width = digits(number);
        let (mut rest, mut place) = (number, width);
        while place > 0 {
            place -= 1;
            self.bytes[self.length + place] = b"0123456789"[rest % 10];
            rest /= 10;
        }
        self.length += width;
        self.column += width;
        self
    }

    /// Digits in groups of three.
    pub(crate) const fn grouped(&mut self, number: usize, separator: u8) -> &mut Self {
        let width = digits(number);
        let separators = (width - 1) / 3;
        let (mut rest, mut place) = (number, width + separators);
        let mut written = 0;
        while written < width {
            if written > 0 && written.is_multiple_of(3) {
                place -= 1;
                self.bytes[self.length + place] = separator;
            }
            place -= 1;
            self.bytes[self.length + place] = b"0123456789"[rest % 10];
            rest /= 10;
            written += 1;
        }
        self.length += width + separators;
        self.column += width + separators;
        self
    }

    const fn shape(&mut self, sizes: &[usize]) -> &mut Self {
        let mut index = 0;
        while index < sizes.len() {
            if index > 0 {
                self.string(" × ");
            }
            self.number(sizes[index]);
            index += 1;
        }
        self
    }

    /// Blanks up to this column: the bytes are blank already.
    pub(crate) const fn pad_to(&mut self, column: usize) -> &mut Self {
        if self.column < column {
            self.length += column - self.column;
            self.column = column;
        }
        self
    }

    pub(crate) const fn line(&mut self) -> &mut Self {
        self.bytes[self.length] = b'\n';
        self.length += 1;
        self.column = 0;
        self
    }
}

pub(crate) const fn larger(one: usize, other: usize) -> usize {
    if one > other { one } else { other }
}

pub(crate) const fn digits(number: usize) -> usize {
    match number.checked_ilog10() {
        Some(log) => log as usize + 1,
        None => 1,
    }
}

const fn shape_width(sizes: &[usize]) -> usize {
    let (mut width, mut index) = (0, 0);
    while index < sizes.len() {
        width += digits(sizes[index]) + if index > 0 { 3 } else { 0 };
        index += 1;
    }
    width
}

#[cfg(test)]
mod tests {
    use super::{LayerSummary, Text};

    #[test]
    fn columns_are_aligned_and_parameters_summed() {
        const LAYERS: &[LayerSummary] = &[
            LayerSummary {
                label: "input1",
                kind: "Input(1, 28, 28)",
                input: &[1, 28, 28],
                output: &[1, 28, 28],
                parameters: 0,
                macs: 0,
                reads: &[],
                place: 1,
                shares: &[],
                frozen: false,
                layers: &[],
            },
            LayerSummary {
                label: "hidden",
                kind: "Affine(784, H)",
                input: &[784],
                output: &[100],
                parameters: 78_500,
                macs: 78_400,
                reads: &[0],
                place: 2,
                shares: &[],
                frozen: true,
                layers: &[],
            },
        ];
        const TEXT: Text<500> = Text::table(LAYERS);
        let expected = "\
label   layer             input        output       parameters  multiply-adds
input1  Input(1, 28, 28)  1 × 28 × 28  1 × 28 × 28           0              0
hidden  Affine(784, H)    784          100               78500          78400  frozen
total                                                    78500          78400";
        assert_eq!(TEXT.as_str(), expected);
    }
}
