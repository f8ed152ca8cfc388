//! Plans of whole networks, worked out by hand.

use super::{Call, Plan, plan};
use crate::report::Report;

fn planned(declaration: proc_macro2::TokenStream) -> Plan {
    let mut report = Report::default();
    let declaration = crate::syntax::parse(declaration, &mut report).expect("a declaration");
    let graph = crate::graph::resolve(&declaration.chain, &mut report);
    assert!(report.is_empty());
    plan(&graph)
}

/// The size of each slot, and the sizes of the values that lie in it, in their order.
fn slots(program: &super::Program) -> Vec<Vec<usize>> {
    let size = |&value: &usize| crate::size::product(&program.values[value]).expect("a number");
    let slots = program.slots.iter();
    slots.map(|slot| slot.iter().map(size).collect()).collect()
}

#[test]
fn a_classifier() {
    let plan = planned(quote::quote!(
        struct A< Affine(784, 50) -> Relu -> Affine(50, 10) -> SoftmaxWithLoss >;
    ));
    assert_eq!(slots(&plan.prediction), [[50], [10]]);
    let training = plan.training.expect("there is a loss");
    let (y1, scores, saved, d_scores, d1) = (0, 1, 2, 3, 4);
    let expected = [
        Call::Forward {
            layer: 0,
            x: None,
            y: y1,
            relu: true,
        },
        Call::Forward {
            layer: 2,
            x: Some(y1),
            y: scores,
            relu: false,
        },
        Call::Loss {
            scores: vec![scores],
            saved: vec![saved],
        },
        Call::LossGradient {
            saved: vec![saved],
            d: vec![d_scores],
        },
        Call::Backward {
            layer: 2,
            x: Some(y1),
            dy: d_scores,
            dx: Some(d1),
            relu: true,
        },
        Call::Backward {
            layer: 0,
            x: None,
            dy: d1,
            dx: None,
            relu: false,
        },
    ];
    assert_eq!(training.calls, expected);
    // The scores are done with when the loss is known, what it saved when its gradient is.
    let expected = [vec![y1], vec![scores, d_scores], vec![saved, d1]];
    assert_eq!(training.slots, expected);
}

#[test]
fn activations_keep_what_their_backward_pass_needs() {
    let plan = planned(quote::quote!(
        struct B<
            Input(6) -> Tanh -> Sigmoid -> Affine(_, 5) -> Sigmoid -> Tanh -> MatMul(_, 4) -> MeanSquaredError
        >;
    ));
    // Tanh from the batch, Sigmoid over it; the scores where they were, since a slot of 6 has room for them.
    assert_eq!(slots(&plan.prediction), [vec![6, 4], vec![5]]);
    let training = plan.training.expect("there is a loss");
    let (squashed, sigmoid, tanh, scores, saved, d_scores, d_tanh) = (0, 1, 2, 3, 4, 5, 6);
    let backward = [
        Call::LossGradient {
            saved: vec![saved],
            d: vec![d_scores],
        },
        Call::Backward {
            layer: 5,
            x: Some(tanh),
            dy: d_scores,
            dx: Some(d_tanh),
            relu: false,
        },
        Call::BackwardInPlace {
            layer: 4,
            y: Some(tanh),
            d: d_tanh,
        },
        Call::BackwardInPlace {
            layer: 3,
            y: Some(sigmoid),
            d: d_tanh,
        },
        Call::Backward {
            layer: 2,
            x: Some(squashed),
            dy: d_tanh,
            dx: None,
            relu: false,
        },
    ];
    assert_eq!(training.calls[7..], backward);
    // No parameter lies before the first two layers: the second may overwrite the first.
    let sigmoid_over_tanh = Call::ForwardInPlace {
        layer: 1,
        y: squashed,
    };
    assert_eq!(training.calls[1], sigmoid_over_tanh);
    let expected = [
        vec![squashed],
        vec![sigmoid],
        vec![tanh],
        vec![scores, d_scores],
        vec![saved, d_tanh],
    ];
    assert_eq!(training.slots, expected);
}

/// A `Relu` behind another activation has a value of its own, and is still one pass with the layer behind it; one before the loss
/// is not, and one that no parameter lies before has no backward pass.
#[test]
fn relu_in_other_places() {
    let plan = planned(quote::quote!(
        struct E<
            Input(3) -> Relu -> Affine(_, 4) -> Tanh -> Relu -> Affine(_, 2) -> Relu -> MeanSquaredError
        >;
    ));
    let training = plan.training.expect("there is a loss");
    let backward: Vec<(usize, bool)> = training
        .calls
        .iter()
        .filter_map(|call| match *call {
            Call::Backward { layer, relu, .. } => Some((layer, relu)),
            Call::BackwardInPlace { layer, .. } => Some((layer, false)),
            _ => None,
        })
        .collect();
    assert_eq!(backward, [(5, false), (4, true), (2, false), (1, false)]);
}

#[test]
fn a_deep_network_predicts_in_two_slots() {
    let plan = planned(quote::quote!(
        struct C< Affine(4, 32) -> Tanh -> Affine(32, 16) -> Tanh -> Affine(16, 8) -> Affine(8, 4) >;
    ));
    assert_eq!(slots(&plan.prediction), [[32, 8], [16, 4]]);
    assert!(plan.training.is_none());
}

#[test]
fn constants_share_slots_too() {
    let plan = planned(quote::quote!(
        struct D< Affine(PIXELS, HIDDEN) -> Relu -> Affine(HIDDEN, HIDDEN) -> Relu -> Affine(HIDDEN, 10) >;
    ));
    assert_eq!(plan.prediction.slots, [vec![0, 2], vec![1]]);
}

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
        // Only now is d free.
        Call::Add {
            sum: d,
            part: Some(d_tanh),
        },
        Call::BackwardInPlace {
            layer: 1,
            y: Some(tanh),
            d,
        },
        Call::Backward {
            layer: 0,
            x: None,
            dy: d,
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
        Call::Add {
            sum: d_relu,
            part: Some(d_trunk),
        },
        Call::Backward {
            layer: 0,
            x: None,
            dy: d_relu,
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
