//! What a file says of the network that it belongs to.

use std::fmt::Write as _;

use crate::summary::LayerSummary;

/// The version of this crate.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a file of parameters says of them, beside the numbers.
pub(crate) fn about(name: &str, layers: &[LayerSummary]) -> Vec<(&'static str, String)> {
    vec![
        ("nn-core", VERSION.to_owned()),
        ("network", name.to_owned()),
        ("declaration", format!("{:016x}", hash(&text_of(layers)))),
    ]
}

/// The layers of a network, one a line: what must be the same for numbers to mean the same. Those of a network that is a layer follow it.
pub(crate) fn text_of(layers: &[LayerSummary]) -> String {
    let mut text = String::new();
    write_layers(&mut text, "", layers);
    text
}

fn write_layers(text: &mut String, within: &str, layers: &[LayerSummary]) {
    for layer in layers {
        let (label, kind) = (layer.label, layer.kind);
        let (input, output, reads) = (layer.input, layer.output, layer.reads);
        // Writing into a string cannot fail.
        let _ = write!(
            text,
            "{within}{label}: {kind}, {input:?} -> {output:?}, reads {reads:?}"
        );
        for shared in layer.shares {
            let turned = if shared.transposed { ".T" } else { "" };
            let _ = write!(text, ", {} = {}{turned}", shared.parameter, shared.key);
        }
        text.push_str(if layer.frozen { ", frozen\n" } else { "\n" });
        if !layer.layers.is_empty() {
            write_layers(text, &format!("{within}{label}."), layer.layers);
        }
    }
}

/// FNV-1a of 64 bits (Fowler, Noll and Vo; RFC 9923): equal texts on all machines have equal hashes.
fn hash(text: &str) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    text.bytes().fold(OFFSET, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(PRIME)
    })
}

#[cfg(test)]
mod tests {
    use super::hash;

    /// The vectors of the authors' own test suite.
    #[test]
    fn hashes_are_the_published_ones() {
        assert_eq!(hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(hash("foobar"), 0x8594_4171_f739_67e8);
    }
}
