//! What the layers that normalise have in common.

/// The ε that is added to a variance unless one says otherwise, as the bits of an `f64`: Rust has no constants of type `f64` in types.
pub const EPS: u64 = 1e-5_f64.to_bits();

/// The part that the statistics of a batch have in the running ones, likewise.
pub(crate) const MOMENTUM: u64 = 0.1_f64.to_bits();

/// The options of these layers as a declaration has them, to check those that are constants.
#[derive(Clone, Copy, Debug)]
pub struct Normalising(bool);

impl Normalising {
    /// No options.
    #[must_use]
    #[expect(
        clippy::new_without_default,
        reason = "generated code calls it in constants"
    )]
    pub const fn new() -> Self {
        Self(true)
    }

    /// What is added to variances.
    #[must_use]
    pub const fn eps(self, eps: f64) -> Self {
        Self(self.0 && 0.0 < eps && eps.is_finite())
    }

    /// The part that a batch has in running statistics.
    #[must_use]
    pub const fn momentum(self, momentum: f64) -> Self {
        Self(self.0 && 0.0 <= momentum && momentum <= 1.0)
    }

    /// Whether all of them are in their ranges.
    #[must_use]
    pub const fn is_valid(self) -> bool {
        self.0
    }
}

/// The parameters of such a layer, those of them that it has, by their names.
macro_rules! parameters_of_norm {
    ({$($generics:tt)*} $layer:ty, $element:ty: $($symbol:ident),+ $(; state $($kept:ident),+)?) => {
        impl<$($generics)*> crate::params::Parameters<$element> for $layer {
            fn count(&self) -> usize {
                if Self::AFFINE { [$(stringify!($symbol)),+].len() } else { 0 }
            }

            fn tensor(&self, index: usize) -> Option<crate::params::Tensor<'_, $element>> {
                let all = [$(crate::params::Tensor::new(stringify!($symbol), &self.$symbol)),+];
                all.get(index).copied().filter(|_| Self::AFFINE)
            }

            fn numbers_mut(&mut self, index: usize) -> Option<&mut [$element]> {
                let mut all = [$(&mut self.$symbol),+].into_iter();
                all.nth(index).filter(|_| Self::AFFINE).map(crate::params::Param::flat_mut)
            }

            $(
                fn named(&self, index: usize) -> Option<crate::params::Tensor<'_, $element>> {
                    let kept = [$(crate::params::Tensor::new(stringify!($kept), &self.$kept).state()),+];
                    match index.checked_sub(self.count()) {
                        None => self.tensor(index),
                        Some(index) => kept.get(index).copied(),
                    }
                }

                fn named_mut(&mut self, index: usize) -> Option<&mut [$element]> {
                    match index.checked_sub(self.count()) {
                        None => self.numbers_mut(index),
                        Some(index) => {
                            let mut kept = [$(&mut self.$kept),+].into_iter();
                            kept.nth(index).map(crate::params::Param::flat_mut)
                        }
                    }
                }
            )?
        }
    };
}
pub(super) use parameters_of_norm;
