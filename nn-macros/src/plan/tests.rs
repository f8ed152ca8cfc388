//! Plans of whole networks, worked out by hand.

mod branches;

use super::{Call, Plan, plan};
use crate::report::Report;

fn planned(declaration: proc_macro2::TokenStream) -> Plan {
    let mut report = Report::default();
    let declaration = crate::syntax::parse(declaration, &mut report).expect("a declaration");
    let graph = crate::graph::resolve(&declaration, &mut report);
    assert!(report.is_empty());
    plan(&graph)
}

/// The size of each slot, and the sizes of the values that lie in it, in their order.
fn slots(program: &super::Program) -> Vec<Vec<usize>> {
    let size = |&value: &usize| program.number(value).expect("a number");
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
