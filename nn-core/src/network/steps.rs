//! Steps of training: from a batch to its gradient, and to moved parameters.

use super::{Trainable, check, cut, phases};
use crate::element::Element;
use crate::error::Result;
use crate::kernels::for_each_mut;
use crate::losses::{Losses, Shares};
use crate::optim::{Optimizer, clip_grads_by_value, clipping_factor};
use crate::params::Parameters;
use crate::workspace::numbers;

/// The mean loss of a batch; its gradient is then in [`Trainable::params_and_gradient`].
///
/// Each chunk of a large batch has its share in both: the mean over it, times what part of the batch it is by the targets that count.
pub(crate) fn gradient<N: Trainable, Y: Sync>(
    net: &mut N,
    batch: &[N::Input],
    targets: &[Y],
) -> Result<N::Element>
where
    N::Loss: Losses<N::Output, Y>,
{
    check::<N, Y>(batch, targets)?;
    phases::check::<N>(batch.len())?;
    let loss = gradient_of_checked(net, batch, targets);
    phases::settle(net);
    Ok(loss)
}

fn gradient_of_checked<N: Trainable, Y: Sync>(
    net: &mut N,
    batch: &[N::Input],
    targets: &[Y],
) -> N::Element
where
    N::Loss: Losses<N::Output, Y>,
{
    // A constant condition: networks without phases do not compile them.
    if const { N::PHASES.is_some() }
        && let Some(barriers) = N::PHASES
    {
        return phases::gradient(net, barriers, batch, targets);
    }
    let cut = cut::<N>(batch.len()).for_gradients(N::PARAMETERS);
    let room = numbers::<N::Element>(cut.length, N::TRAINING);
    let (params, workspace) = net.parts();
    let (params, (groups, rooms)) = (&*params, workspace.groups(cut.groups));
    if cut.is_whole() {
        return rooms.with_memory(room, |memory| {
            let whole = &Shares::WHOLE;
            let loss = N::forward_loss(params, batch, targets, whole, memory);
            let gradient = &mut groups[0].gradient;
            N::backward(params, batch, targets, whole, memory, gradient);
            N::Element::of(loss)
        });
    }

    let amounts = N::LOSS.amounts(targets);
    rooms.reserve(cut.groups, room, cut.adds_up());
    for_each_mut(groups, |index, group| {
        rooms.with_room(|place| {
            group.loss = 0.0;
            for (turn, chunk) in cut.chunks(index).enumerate() {
                let (x, t) = (&batch[chunk.clone()], &targets[chunk]);
                let (memory, part) = place.for_part(room);
                let shares = &N::LOSS.amounts(t).of(amounts);
                group.loss += N::forward_loss(params, x, t, shares, memory);
                if turn == 0 {
                    N::backward(params, x, t, shares, memory, &mut group.gradient);
                } else {
                    let part = part.get_or_insert_default();
                    N::backward(params, x, t, shares, memory, part);
                    add(&mut group.gradient, part);
                }
            }
        });
    });
    let mut sum = 0.0;
    if let [first, others @ ..] = groups {
        sum = first.loss;
        for other in others {
            sum += other.loss;
            add(&mut first.gradient, &other.gradient);
        }
    }
    N::Element::of(sum)
}

/// Adds one gradient to another.
pub(super) fn add<T: Element, P: Parameters<T>>(sum: &mut P, part: &P) {
    for (index, part) in part.tensors().enumerate() {
        if let Some(sum) = sum.numbers_mut(index) {
            T::add_to(sum, part.numbers());
        }
    }
}

/// How a step is made, beside what the optimizer does.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rules {
    /// Longer gradients are scaled down to this norm.
    pub(crate) max_grad: Option<f64>,
    /// Before that, larger numbers become this one, with their sign.
    pub(crate) max_grad_value: Option<f64>,
    /// Somebody looks at the gradient before the update.
    pub(crate) keeps_gradient: bool,
}

impl Rules {
    /// Whether parameters may be moved while the gradient is computed.
    fn allow_descent(self) -> bool {
        self.max_grad.is_none() && self.max_grad_value.is_none() && !self.keeps_gradient
    }
}

/// One step of training; `accept` may refuse the loss, and `prepare` sees the network and its gradient before the update. Nothing is
/// changed before everything has been accepted. Returns the loss.
pub(crate) fn step<N: Trainable, Y: Sync>(
    net: &mut N,
    optimizer: &mut (impl Optimizer<N::Element> + ?Sized),
    rules: Rules,
    batch: &[N::Input],
    targets: &[Y],
    accept: impl FnOnce(N::Element) -> Result<()>,
    prepare: impl FnOnce(&mut N, N::Element) -> Result<()>,
) -> Result<N::Element>
where
    N::Loss: Losses<N::Output, Y>,
{
    check::<N, Y>(batch, targets)?;
    phases::check::<N>(batch.len())?;
    let cut = cut::<N>(batch.len());
    let at_once = N::DESCENDS && cut.is_whole() && rules.allow_descent();
    if let (Some(lr), true) = (optimizer.descent(), at_once) {
        let room = numbers::<N::Element>(cut.length, N::TRAINING);
        let (params, workspace) = net.parts();
        return workspace.rooms().with_memory(room, |memory| {
            let loss = N::forward_loss(params, batch, targets, &Shares::WHOLE, memory);
            let loss = N::Element::of(loss);
            accept(loss)?;
            N::descend(params, batch, targets, memory, N::Element::of(lr));
            Ok(loss)
        });
    }
    let loss = gradient_of_checked(net, batch, targets);
    accept(loss)?;
    prepare(net, loss)?;
    let (params, gradient) = net.params_and_gradient();
    if let Some(max_value) = rules.max_grad_value {
        clip_grads_by_value(gradient, max_value)?;
    }
    let scale = rules
        .max_grad
        .map_or(Ok(1.0), |max_norm| clipping_factor(gradient, max_norm))?;
    optimizer.step_scaled(params, gradient, scale)?;
    phases::settle(net);
    Ok(loss)
}
