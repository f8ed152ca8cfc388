//! Steps of training: from a batch to its gradient, and to moved parameters.

use super::{Trainable, check, training_room};
use crate::element::Element as _;
use crate::error::Result;
use crate::losses::Loss;
use crate::optim::{Optimizer, clip_grads};

/// The mean loss of a batch; its gradient is then in [`Trainable::params_and_gradient`].
pub(crate) fn gradient<N: Trainable, Y>(
    net: &mut N,
    batch: &[N::Input],
    targets: &[Y],
) -> Result<N::Element>
where
    N::Loss: Loss<N::Output, Y>,
{
    check::<N, Y>(batch, targets)?;
    let (params, workspace) = net.parts();
    let room = training_room::<N>(batch);
    Ok(workspace.with_gradient(room, |memory, gradient| {
        let loss = N::forward_loss(params, batch, targets, memory);
        N::backward(params, batch, targets, memory, gradient);
        loss
    }))
}

/// One step of training; `accept` may refuse the loss, and `max_grad` scales longer gradients down. Nothing is changed before
/// everything has been accepted. Returns the loss.
pub(crate) fn step<N: Trainable, Y>(
    net: &mut N,
    optimizer: &mut (impl Optimizer<N::Element> + ?Sized),
    max_grad: Option<f64>,
    batch: &[N::Input],
    targets: &[Y],
    accept: impl FnOnce(N::Element) -> Result<()>,
) -> Result<N::Element>
where
    N::Loss: Loss<N::Output, Y>,
{
    if let (Some(lr), None) = (optimizer.descent(), max_grad) {
        check::<N, Y>(batch, targets)?;
        let (params, workspace) = net.parts();
        let room = training_room::<N>(batch);
        return workspace.with_room(room, |memory| {
            let loss = N::forward_loss(params, batch, targets, memory);
            accept(loss)?;
            N::descend(params, batch, targets, memory, N::Element::of(lr));
            Ok(loss)
        });
    }
    let loss = gradient(net, batch, targets)?;
    accept(loss)?;
    let (params, gradient) = net.params_and_gradient();
    if let Some(max_norm) = max_grad {
        clip_grads(gradient, max_norm)?;
    }
    optimizer.step(params, gradient)?;
    Ok(loss)
}
