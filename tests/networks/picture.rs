//! `Net::graph()` and `Net::MACS`: the graph that was declared, with the numbers behind constants.

use nn_core::prelude::*;
use nn_core::{Graph, GraphRole};

const HIDDEN: usize = 50;

network! {
    struct Mnist< Affine(784, HIDDEN) -> Relu -> Affine(_, 10) -> SoftmaxWithLoss >;
}

network! {
    struct Residual<
        x: Input(4, 3) -> Sum -> ( [ Affine(3, 3) -> Relu | Identity ] -> Add ) * 3 -> Concat(add1) -> Affine(_, 2)
    >;
}

network! {
    struct Product<
        Input(4) -> [ Affine(4, 3) -> Repeat(2) | MatMul(4, 5) -> Repeat(3) ] -> MatMul -> Scale(0.5) -> last: Identity
    >;
}

network! {
    struct FromTheSample< [ Affine(4, 8) -> Affine(8, 4) | Identity ] -> Mul -> Affine(4, 1) -> MeanSquaredError >;
}

network! {
    struct Tied<
        encoder: Affine(5, 3) -> Tanh -> ( block: Affine(3, 3) -> Affine(3, 3, W = block.W.T) -> Tanh ) * 4
            -> decoder: Affine(3, 5, W = encoder.W.T) -> MeanSquaredError
    >;
}

network! {
    struct Several<
        [ left: Input(3) | right: Input(2) ] -> Concat -> Affine(_, 4)
            -> [ SoftmaxWithLoss(weight = 0.3) | Identity ] -> last: MeanSquaredError
    >;
}

network! {
    struct Outputs< Affine(3, 4) -> Relu -> [ mean: Affine(4, 2) | hidden: Identity ] >;
}

/// Every edge as the labels of its ends.
fn edges(graph: &Graph) -> Vec<String> {
    let label = |node: usize| graph.nodes[node].label.as_str();
    let edges = graph.edges.iter();
    edges
        .map(|edge| format!("{} > {}", label(edge.from), label(edge.to)))
        .collect()
}

#[test]
fn a_chain_begins_with_its_samples_and_ends_in_its_loss() {
    let graph = Mnist::graph();
    assert_eq!(graph.name, "Mnist");
    let nodes: Vec<_> = graph
        .nodes
        .iter()
        .map(|node| {
            (
                node.role,
                node.kind.as_str(),
                node.output,
                node.parameters,
                node.macs,
            )
        })
        .collect();
    assert_eq!(
        nodes,
        [
            (GraphRole::Input, "Input(784)", &[784][..], 0, 0),
            (
                GraphRole::Inner,
                "Affine(784, HIDDEN)",
                &[50],
                39_250,
                39_200
            ),
            (GraphRole::Inner, "Relu", &[50], 0, 0),
            (GraphRole::Inner, "Affine(_, 10)", &[10], 510, 500),
            (GraphRole::Criterion, "SoftmaxWithLoss", &[], 0, 0),
        ]
    );
    assert_eq!(
        edges(&graph),
        [
            "input > affine1",
            "affine1 > relu1",
            "relu1 > affine2",
            "affine2 > softmax_with_loss1"
        ]
    );
    assert_eq!(graph.edges[1].shape, [50]);
    assert_eq!(
        (graph.parameters(), graph.macs()),
        (Mnist::PARAMETERS, Mnist::MACS)
    );
    assert_eq!(Mnist::<f64>::graph(), graph);
}

#[test]
fn branches_and_points_are_edges_and_identity_is_no_node() {
    let graph = Residual::graph();
    assert_eq!(
        edges(&graph),
        [
            "x > sum1",
            "sum1 > affine1",
            "affine1 > relu1",
            "relu1 > add1",
            "sum1 > add1",
            "add1 > affine2",
            "affine2 > relu2",
            "relu2 > add2",
            "add1 > add2",
            "add2 > affine3",
            "affine3 > relu3",
            "relu3 > add3",
            "add2 > add3",
            "add3 > concat1",
            "add1 > concat1",
            "concat1 > affine4",
            "affine4 > output",
        ]
    );
    let place = |label: &str| {
        graph
            .nodes
            .iter()
            .find(|node| node.label == label)
            .unwrap()
            .place
    };
    assert_eq!(place("affine1"), place("affine3"));
    assert_ne!(place("affine1"), place("relu1"));
    assert_eq!(graph.nodes.last().unwrap().role, GraphRole::Output);

    assert_eq!(
        edges(&FromTheSample::graph()),
        [
            "input > affine1",
            "affine1 > affine2",
            "affine2 > mul1",
            "input > mul1",
            "mul1 > affine3",
            "affine3 > mean_squared_error1",
        ]
    );
}

/// By hand: 4·3 and 4·5 products of the layers, and [2, 3]·[3, 5].
#[test]
fn multiply_adds_are_those_of_matrix_products() {
    assert_eq!(Product::MACS, 12 + 20 + 2 * 3 * 5);
    assert_eq!(Mnist::MACS, 784 * 50 + 50 * 10);
    assert_eq!(Product::graph().nodes.last().unwrap().output, [2, 5]);
    assert_eq!(edges(&Product::graph()).last().unwrap(), "scale1 > output");
}

#[test]
fn it_is_a_list_of_layers_too() {
    let expected = "\
Mnist
  input: Input(784)
  affine1: Affine(784, HIDDEN) <- input
  relu1: Relu <- affine1
  affine2: Affine(_, 10) <- relu1
  softmax_with_loss1: SoftmaxWithLoss <- affine2";
    assert_eq!(Mnist::graph().to_string(), expected);
}

#[test]
fn the_numbers_are_in_the_pictures() {
    let graph = Mnist::graph();
    for picture in [graph.to_svg(), graph.to_dot(), graph.to_mermaid()] {
        assert!(picture.contains("39,250 parameters"), "{picture}");
    }
    assert!(
        graph
            .to_svg()
            .contains("39,760 parameters · 39,700 multiply-adds per sample")
    );
    let turns = Residual::graph().to_mermaid();
    assert_eq!(
        turns.matches("Affine(3, 3)").count(),
        3,
        "add1 is read further down: {turns}"
    );
}

#[test]
fn shared_parameters_name_their_owners() {
    let graph = Tied::graph();
    let label = |node: usize| graph.nodes[node].label.as_str();
    let shares: Vec<String> = graph
        .nodes
        .iter()
        .flat_map(|node| {
            node.shares
                .iter()
                .map(|share| format!("{}: {share} of {}", node.label, label(share.of)))
        })
        .collect();
    assert_eq!(
        shares,
        [
            "affine3: W = block1.W.T of block1",
            "affine5: W = block2.W.T of block2",
            "affine7: W = block3.W.T of block3",
            "affine9: W = block4.W.T of block4",
            "decoder: W = encoder.W.T of encoder",
        ]
    );
    // The weights of a shared parameter are counted once, the products at each place.
    assert_eq!(graph.parameters(), 18 + 4 * (12 + 3) + 5);
    assert_eq!(graph.macs(), 15 + 4 * 18 + 15);
    // Turns that share among themselves are one block.
    assert!(graph.to_svg().contains("× 4"), "{}", graph.to_svg());
}

#[test]
fn several_inputs_losses_and_outputs_are_nodes() {
    let graph = Several::graph();
    assert_eq!(
        edges(&graph),
        [
            "left > concat1",
            "right > concat1",
            "concat1 > affine1",
            "affine1 > softmax_with_loss1",
            "affine1 > last",
        ]
    );
    let roles = |role| graph.nodes.iter().filter(|node| node.role == role).count();
    assert_eq!(
        (
            roles(GraphRole::Input),
            roles(GraphRole::Criterion),
            roles(GraphRole::Output)
        ),
        (2, 2, 0)
    );

    let graph = Outputs::graph();
    assert_eq!(
        edges(&graph),
        [
            "input > affine1",
            "affine1 > relu1",
            "relu1 > mean",
            "mean > mean",
            "relu1 > hidden"
        ]
    );
    assert_eq!(graph.nodes.last().unwrap().output, [4]);
}
