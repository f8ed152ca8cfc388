/// How the keys of a file belong to the parameters of a network, where they are not the same.
///
/// A model from PyTorch calls its layers otherwise, and its `Linear` layers hold the transpose, [outputs, inputs]:
///
/// ```no_run
/// use nn_core::KeyMap;
/// use nn_core::prelude::*;
///
/// network! {
///     pub struct Mnist< Affine(784, 50) -> Relu -> Affine(50, 10) -> SoftmaxWithLoss >;
/// }
///
/// # fn main() -> nn_core::Result<()> {
/// // nn.Sequential(nn.Linear(784, 50), nn.ReLU(), nn.Linear(50, 10)), saved with safetensors.torch.save_model
/// let torch = KeyMap::new().linear("affine1", "0").linear("affine2", "2");
/// let mut net = Mnist::seeded(1);
/// net.load_with("torch.safetensors", &torch)?;
/// net.save_with("to_torch.safetensors", &torch)?;
/// # Ok(())
/// # }
/// ```
///
/// Parameters that are not mentioned have the same key on both sides. The network's keys may be short, as everywhere: `W1`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyMap {
    pub(super) pairs: Vec<Pair>,
    pub(super) ignored: Vec<String>,
    pub(super) kept: Vec<String>,
    pub(super) round: bool,
}

/// A parameter that goes by another key in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) ours: String,
    pub(super) theirs: String,
    pub(super) transposed: bool,
}

impl KeyMap {
    /// The same keys on both sides.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The network's parameter `ours` is `theirs` in the file.
    #[must_use]
    pub fn key(self, ours: impl Into<String>, theirs: impl Into<String>) -> Self {
        self.pair(ours.into(), theirs.into(), false)
    }

    /// The network's parameter `ours` is the transpose of `theirs` in the file: all axes in the reverse order.
    #[must_use]
    pub fn transposed(self, ours: impl Into<String>, theirs: impl Into<String>) -> Self {
        self.pair(ours.into(), theirs.into(), true)
    }

    /// The affine layer `ours` is the `Linear` layer `theirs` of a PyTorch model: W is the transpose of `weight`, and b is `bias`.
    #[must_use]
    pub fn linear(self, ours: &str, theirs: &str) -> Self {
        self.transposed(format!("{ours}.W"), format!("{theirs}.weight"))
            .key(format!("{ours}.b"), format!("{theirs}.bias"))
    }

    /// The layer `ours`, a [`BatchNorm`](crate::BatchNorm) with parameters, is the one called `theirs` of a PyTorch model: `gamma` is `weight`, `beta` is
    /// `bias`, the running statistics have the same names, and `num_batches_tracked` is left alone.
    #[must_use]
    pub fn batch_norm(self, ours: &str, theirs: &str) -> Self {
        let names = [
            ("gamma", "weight"),
            ("beta", "bias"),
            ("running_mean", "running_mean"),
            ("running_var", "running_var"),
        ];
        let keys = names.into_iter().fold(self, |keys, (our, their)| {
            keys.key(format!("{ours}.{our}"), format!("{theirs}.{their}"))
        });
        keys.ignore(format!("{theirs}.num_batches_tracked"))
    }

    fn pair(mut self, ours: String, theirs: String, transposed: bool) -> Self {
        self.pairs.push(Pair {
            ours,
            theirs,
            transposed,
        });
        self
    }

    /// Leaves these arrays of the file alone. `*` stands for any characters: `decoder.*`.
    #[must_use]
    pub fn ignore(mut self, theirs: impl Into<String>) -> Self {
        self.ignored.push(theirs.into());
        self
    }

    /// Leaves these parameters of the network as they are, or out of the file that is written. `*` stands for any characters.
    #[must_use]
    pub fn keep(mut self, ours: impl Into<String>) -> Self {
        self.kept.push(ours.into());
        self
    }

    /// Rounds f64 numbers of the file to the network's f32. Without it they are refused; f32 numbers are always taken, exactly.
    #[must_use]
    pub fn round(mut self) -> Self {
        self.round = true;
        self
    }

    pub(super) fn ignores(&self, theirs: &str) -> bool {
        self.ignored.iter().any(|pattern| matches(pattern, theirs))
    }

    pub(super) fn keeps(&self, ours: &str) -> bool {
        self.kept.iter().any(|pattern| matches(pattern, ours))
    }
}

/// Whether a key is as a pattern says, in which `*` stands for any characters.
fn matches(pattern: &str, key: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == key;
    };
    let Some(mut key) = key.strip_prefix(start) else {
        return false;
    };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let end = pieces.pop().unwrap_or_default();
    // The first place where a piece fits leaves the most to the others.
    for piece in pieces {
        match key.find(piece) {
            Some(place) => key = &key[place + piece.len()..],
            None => return false,
        }
    }
    key.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_characters() {
        for (pattern, key) in [
            ("a.W", "a.W"),
            ("a.*", "a.W"),
            ("*", ""),
            ("*.b", "affine1.b"),
            ("a*.b*", "affine1.bias"),
            ("*a*a*", "banana"),
            ("a**c", "abc"),
        ] {
            assert!(matches(pattern, key), "{pattern} {key}");
        }
        for (pattern, key) in [
            ("a", "ab"),
            ("", "a"),
            ("a.*", "b.W"),
            ("*.b", "affine1.W"),
            ("ab*ba", "aba"),
            ("*a*a*a*a*", "banana"),
        ] {
            assert!(!matches(pattern, key), "{pattern} {key}");
        }
    }
}
