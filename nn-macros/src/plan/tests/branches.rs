//! Values that several layers read, losses on the way and side by side, several inputs.

use super::super::{Call, Plan};
use super::{planned, slots};

/// The calls behind the loss.
fn backward(plan: Plan) -> Vec<Call> {
    let calls = plan.training.expect("there is a loss").calls;
    let loss = calls
        .iter()
        .position(|call| matches!(call, Call::LossGradient { .. }));
    calls[loss.expect("a loss") + 1..].to_vec()
}

/// The gradient of a sum is that of each of its parts: nobody may overwrite it before all have read it.
#[test]
fn a_residual_block() {
    let plan = planned(quote::quote!(
        struct F< Affine(3, 4) -> Tanh -> [ Affine(4, 4) -> Relu | Identity ] -> Add -> MeanSquaredError >;
    ));
    // The scores lie where Relu's output lies while predicting: nobody needs that. Layers: 0 Affine, 1 Tanh, 2 Affine,
    // 3 Relu, 4 Identity, 5 Add.
    assert_eq!(slots(&plan.prediction), [[4], [4]]);
    let training = plan.training.as_ref().expect("there is a loss");
    let (tanh, relu, scores, saved, d, d_relu, d_tanh) = (0, 1, 2, 3, 4, 5, 6);
    let forward = [
        Call::Forward {
            layer: 0,
            x: None,
            y: tanh,
            relu: false,
        },
        Call::ForwardInPlace { layer: 1, y: tanh },
        Call::Forward {
            layer: 2,
            x: Some(tanh),
            y: relu,
            relu: true,
        },
        // Both are needed for the backward pass.
        Call::Merge {
            layer: 5,
            x: vec![Some(relu), Some(tanh)],
            y: scores,
        },
        Call::Loss {
            scores: vec![scores],
            saved: vec![saved],
        },
    ];
    assert_eq!(training.calls[..5], forward);
    let expected = [
        Call::BackwardAside {
            layer: 3,
            y: Some(relu),
            dy: d,
            dx: d_relu,
        },
        Call::Backward {
            layer: 2,
            x: Some(tanh),
            dy: d_relu,
            dx: Some(d_tanh),
            relu: false,
        },
        // Only now is d free. It is the gradient of `Tanh` too, and is added to what the branch has for it.
        Call::Add {
            sum: d_tanh,
            part: Some(d),
            layer: None,
        },
        Call::BackwardInPlace {
            layer: 1,
            y: Some(tanh),
            d: d_tanh,
        },
        Call::Backward {
            layer: 0,
            x: None,
            dy: d_tanh,
            dx: None,
            relu: false,
        },
    ];
    assert_eq!(backward(plan), expected);
}

/// A value that two layers read is overwritten by the last of them, and only if nobody needs it backwards.
#[test]
fn what_two_layers_read() {
    let plan = planned(quote::quote!(
        struct G< Affine(3, 4) -> [ Tanh | Sigmoid ] -> Mul >;
    ));
    let calls = [
        Call::Forward {
            layer: 0,
            x: None,
            y: 0,
            relu: false,
        },
        Call::Forward {
            layer: 1,
            x: Some(0),
            y: 1,
            relu: false,
        },
        Call::ForwardInPlace { layer: 2, y: 0 },
        Call::Merge {
            layer: 3,
            x: vec![Some(1), Some(0)],
            y: 2,
        },
    ];
    assert_eq!(plan.prediction.calls, calls);
    assert_eq!(slots(&plan.prediction), [[4], [4], [4]]);

    // Two readers of an Affine, of which one is Relu: neither fused nor in place, since the other comes later.
    let plan = planned(quote::quote!(
        struct H< Affine(3, 4) -> raw: Identity -> Relu -> Mul(raw) >;
    ));
    let relu = Call::Forward {
        layer: 2,
        x: Some(0),
        y: 1,
        relu: false,
    };
    assert_eq!(plan.prediction.calls[1], relu);
}

/// Copies that are added again: the gradient of the sum comes three times, and is added up once.
#[test]
fn shared_gradients_are_added_into_a_new_value() {
    let plan = planned(quote::quote!(
        struct I< Affine(3, 4) -> [ Identity | Shift(1.0) | Identity ] -> Add -> MeanSquaredError >;
    ));
    let d = plan.training.as_ref().expect("a loss").values.len() - 2;
    let expected = [
        Call::Sum {
            parts: vec![d, d, d],
            sum: d + 1,
        },
        Call::Backward {
            layer: 0,
            x: None,
            dy: d + 1,
            dx: None,
            relu: false,
        },
    ];
    assert_eq!(backward(plan), expected);
}

/// No parameter lies before the branches: nothing but the last layer has a backward pass.
#[test]
fn nothing_to_learn_in_branches() {
    let plan = planned(quote::quote!(
        struct J< x: Input(4) -> [ Tanh | Scale(2) ] -> Mul -> Add(x) -> Affine(_, 2) -> MeanSquaredError >;
    ));
    let calls = backward(plan);
    assert!(matches!(
        calls.as_slice(),
        [Call::Backward {
            layer: 4,
            dx: None,
            ..
        }]
    ));
}

/// Both scores are there until the losses have read them; gradients of scores are computed together, and meet in the trunk.
#[test]
fn losses_side_by_side() {
    let plan = planned(quote::quote!(
        struct C<
            Affine(6, 5) -> [ Affine(5, 3) -> SoftmaxWithLoss | Relu -> Affine(5, 2) -> MeanSquaredError ]
        >;
    ));
    // Relu lies over the trunk, which no one reads after it.
    assert_eq!(plan.prediction.scores, [1, 2]);
    assert_eq!(slots(&plan.prediction), [[5], [3], [2]]);

    let training = plan.training.expect("there are losses");
    let (trunk, first, relu, second) = (0, 1, 2, 3);
    let (saved, d, d_relu, d_trunk) = (vec![4, 5], vec![6, 7], 8, 9);
    let expected = [
        Call::Loss {
            scores: vec![first, second],
            saved: saved.clone(),
        },
        Call::LossGradient {
            saved,
            d: d.clone(),
        },
        Call::Backward {
            layer: 3,
            x: Some(relu),
            dy: d[1],
            dx: Some(d_relu),
            relu: true,
        },
        Call::Backward {
            layer: 1,
            x: Some(trunk),
            dy: d[0],
            dx: Some(d_trunk),
            relu: false,
        },
        // `Relu` is done, so what came of it is the gradient of the trunk too, and is added to what was made for that.
        Call::Add {
            sum: d_trunk,
            part: Some(d_relu),
            layer: None,
        },
        Call::Backward {
            layer: 0,
            x: None,
            dy: d_trunk,
            dx: None,
            relu: false,
        },
    ];
    assert_eq!(training.calls[4..], expected);
}

/// A score that is read further on is not overwritten, and no `Relu` behind it is part of the layer that gives it.
#[test]
fn a_loss_on_the_way() {
    let plan = planned(quote::quote!(
        struct D< Affine(6, 5) -> [ MeanSquaredError | Relu ] -> Affine(5, 5) -> MeanSquaredError >;
    ));
    let (scores, relu) = (0, 1);
    let expected = [
        Call::Forward {
            layer: 0,
            x: None,
            y: scores,
            relu: false,
        },
        Call::Forward {
            layer: 1,
            x: Some(scores),
            y: relu,
            relu: false,
        },
    ];
    assert_eq!(plan.prediction.calls[..2], expected);
    assert_eq!(plan.prediction.scores, [scores, 2]);
}

/// Inputs are copied where they are first read: the second one lies where the first one was.
#[test]
fn two_inputs() {
    let plan = planned(quote::quote!(
        struct E<
            [ Input(6) -> Affine(_, 4) | Input(6) -> Tanh -> Affine(_, 4) ] -> Add -> Affine(_, 2) -> SoftmaxWithLoss
        >;
    ));
    let (first, a, second, b) = (0, 1, 2, 3);
    let expected = [
        Call::Input { part: 0, y: first },
        Call::Forward {
            layer: 0,
            x: Some(first),
            y: a,
            relu: false,
        },
        Call::Input { part: 1, y: second },
        Call::ForwardInPlace {
            layer: 1,
            y: second,
        },
        Call::Forward {
            layer: 2,
            x: Some(second),
            y: b,
            relu: false,
        },
    ];
    assert_eq!(plan.prediction.calls[..5], expected);
    assert_eq!(slots(&plan.prediction), [vec![6, 6], vec![4], vec![4, 2]]);
}
