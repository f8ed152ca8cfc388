//! Budgets whose numbers only the compiler knows.

use crate::summary::{LayerSummary, Text, digits, larger, macs, parameters};

/// What a network may cost: a limit of `#[budget(…)]`.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Whether multiply-adds are limited, and not parameters.
    pub macs: bool,
    /// Whether the limit itself is too much already.
    pub below: bool,
    /// The limit.
    pub limit: usize,
}

/// As many layers are named.
const MOST_NAMED: usize = 5;

/// Fails to compile, where it is called for a constant, if the layers cost too much.
///
/// # Panics
/// If they do, with a text of at most `CAPACITY` bytes that says by how much and which layers cost what.
#[track_caller]
pub const fn check_budget<const CAPACITY: usize>(layers: &[LayerSummary], budget: Budget) {
    let total = budget.total(layers);
    let most = if budget.below {
        budget.limit.saturating_sub(1)
    } else {
        budget.limit
    };
    if total > most {
        let text: Text<CAPACITY> = budget.words(layers, total, total - most);
        panic!("{}", text.as_str());
    }
}

impl Budget {
    const fn total(self, layers: &[LayerSummary]) -> usize {
        if self.macs {
            macs(layers)
        } else {
            parameters(layers)
        }
    }

    const fn words<const CAPACITY: usize>(
        self,
        layers: &[LayerSummary],
        total: usize,
        over: usize,
    ) -> Text<CAPACITY> {
        let mut text = Text::new();
        if self.macs {
            text.string("this network takes ")
                .grouped(total, b',')
                .string(" multiply-adds per sample, ");
        } else {
            text.string("this network has ")
                .grouped(total, b',')
                .string(" parameters, ");
        }
        text.grouped(over, b',').string(" over the budget of ");
        if self.below {
            text.string("less than ");
        }
        text.grouped(self.limit, b',').line();
        let named = self.table(layers, total, &mut text);
        text.string("help: make `")
            .string(layers[named].label)
            .string("` smaller, or write `")
            .string(if self.macs { "macs" } else { "parameters" })
            .string(" <= ")
            .grouped(total, b'_')
            .string("`");
        text
    }

    /// Writes the costliest layers with their shares, one in each line; those that are cut off are one line together. Returns the
    /// first.
    const fn table<const CAPACITY: usize>(
        self,
        layers: &[LayerSummary],
        total: usize,
        text: &mut Text<CAPACITY>,
    ) -> usize {
        let (mut count, mut index) = (0, 0);
        while index < layers.len() {
            count += (is_first(layers, index) && self.cost(layers, index).0 > 0) as usize;
            index += 1;
        }
        // A line that says "1 more" has room for the layer itself.
        let lines = if count > MOST_NAMED + 1 {
            MOST_NAMED
        } else {
            count
        };
        let mut named = [usize::MAX; MOST_NAMED + 1];
        let (mut rest, mut label_width, mut number_width) = (total, 0, 0);
        let mut line = 0;
        while line < lines {
            named[line] = self.costliest(layers, &named);
            let cost = self.cost(layers, named[line]).0;
            rest -= cost;
            label_width = larger(label_width, columns(layers[named[line]].label));
            number_width = larger(number_width, grouped_digits(cost));
            line += 1;
        }
        if count > lines {
            label_width = larger(label_width, grouped_digits(count - lines) + " more".len());
            number_width = larger(number_width, grouped_digits(rest));
        }
        line = 0;
        while line < lines {
            let (cost, turns) = self.cost(layers, named[line]);
            text.string(layers[named[line]].label);
            columns_of(text, label_width, number_width, cost, total);
            if turns > 1 {
                text.string("  in ").grouped(turns, b',').string(" turns");
            }
            text.line();
            line += 1;
        }
        if count > lines {
            text.grouped(count - lines, b',').string(" more");
            columns_of(text, label_width, number_width, rest, total);
            text.line();
        }
        named[0]
    }

    /// The layer that costs most of those that have not been named.
    const fn costliest(self, layers: &[LayerSummary], named: &[usize; MOST_NAMED + 1]) -> usize {
        let (mut best, mut most, mut index) = (0, 0, 0);
        while index < layers.len() {
            let (mut known, mut place) = (false, 0);
            while place < named.len() {
                known |= named[place] == index;
                place += 1;
            }
            let cost = self.cost(layers, index).0;
            if !known && cost > most && is_first(layers, index) {
                (best, most) = (index, cost);
            }
            index += 1;
        }
        best
    }

    /// What a layer costs, in all turns of a repetition together, and how many these are.
    const fn cost(self, layers: &[LayerSummary], layer: usize) -> (usize, usize) {
        let (mut sum, mut turns, mut index) = (0, 0, 0);
        while index < layers.len() {
            if layers[index].place == layers[layer].place {
                sum += if self.macs {
                    layers[index].macs
                } else {
                    layers[index].parameters
                };
                turns += 1;
            }
            index += 1;
        }
        (sum, turns)
    }
}

/// Whether it is in the first turn, if it is repeated.
const fn is_first(layers: &[LayerSummary], layer: usize) -> bool {
    let mut index = 0;
    while index < layer {
        if layers[index].place == layers[layer].place {
            return false;
        }
        index += 1;
    }
    true
}

/// Writes a cost and its share of all, behind a label.
const fn columns_of<const CAPACITY: usize>(
    text: &mut Text<CAPACITY>,
    label_width: usize,
    number_width: usize,
    cost: usize,
    total: usize,
) {
    let number_end = label_width + 2 + number_width;
    let share_end = number_end + 2 + ">99 %".len();
    text.pad_to(number_end - grouped_digits(cost))
        .grouped(cost, b',');
    // In percent; what is not nothing and not everything is not called so.
    let percent = (cost as u128 * 100 + total as u128 / 2) / total as u128;
    match percent {
        0 => text.pad_to(share_end - "<1 %".len()).string("<1 %"),
        100 if cost < total => text.pad_to(share_end - ">99 %".len()).string(">99 %"),
        _ => {
            // At most 100.
            let percent = percent as usize;
            text.pad_to(share_end - digits(percent) - " %".len())
                .grouped(percent, b',')
                .string(" %")
        }
    };
}

/// How wide a number is in groups of three.
const fn grouped_digits(number: usize) -> usize {
    let digits = digits(number);
    digits + (digits - 1) / 3
}

/// Characters, and not bytes.
const fn columns(string: &str) -> usize {
    let (bytes, mut count, mut index) = (string.as_bytes(), 0, 0);
    while index < bytes.len() {
        count += (bytes[index] & 0xC0 != 0x80) as usize;
        index += 1;
    }
    count
}
