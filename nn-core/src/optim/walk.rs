//! Parameters, their gradient and what is remembered of them, side by side.

use crate::element::Element;
use crate::error::{Error, Result};
use crate::kernels::{Gradient, for_each_run_of};
use crate::params::Parameters;

/// Calls `update` with each parameter, its gradient times `scale` with the decay of the weights, and what is remembered of it;
/// large ones in parts, on several threads.
pub(super) fn for_each<T: Element, const N: usize>(
    params: &mut dyn Parameters<T>,
    gradient: &dyn Parameters<T>,
    scale: f64,
    decay: f64,
    states: [&mut [T]; N],
    update: impl Fn(&mut [T], Gradient<'_, T>, [&mut [T]; N]) + Sync,
) {
    /// So many numbers take some microseconds.
    const WORTH_A_THREAD: usize = 1 << 14;
    let (scale, decay, mut states) = (T::of(scale), T::of(decay), states);
    for (index, gradient) in tensors(gradient).enumerate() {
        let own = states.each_mut().map(|states| {
            let (own, others) = std::mem::take(states).split_at_mut(gradient.len());
            *states = others;
            own
        });
        if let Some(params) = params.numbers_mut(index) {
            for_each_run_of(params, own, WORTH_A_THREAD, |params, own, from| {
                let gradient = Gradient {
                    numbers: &gradient[from..from + params.len()],
                    scale,
                    decay,
                };
                update(params, gradient, own);
            });
        }
    }
}

/// A gradient has the sizes of its parameters.
pub(super) fn check_gradient<T: Element>(
    params: &dyn Parameters<T>,
    gradient: &dyn Parameters<T>,
) -> Result<()> {
    check_sizes(sizes(params), sizes(gradient))
}

pub(super) fn check_sizes(
    expected: impl Iterator<Item = usize> + Clone,
    found: impl Iterator<Item = usize> + Clone,
) -> Result<()> {
    if expected.clone().eq(found.clone()) {
        return Ok(());
    }
    Err(Error::ParametersMismatch {
        expected: expected.collect(),
        found: found.collect(),
    })
}

pub(super) fn tensors<T: Element>(
    params: &dyn Parameters<T>,
) -> impl Iterator<Item = &[T]> + Clone {
    (0..)
        .map_while(|index| params.tensor(index))
        .map(|tensor| tensor.numbers())
}

pub(super) fn sizes<T: Element>(params: &dyn Parameters<T>) -> impl Iterator<Item = usize> + Clone {
    tensors(params).map(<[T]>::len)
}
