//! Draws networks: `cargo run --example graph`, or `-- FOLDER` for a place of your choice.

use std::error::Error;
use std::path::{Path, PathBuf};

use nn_core::Graph;
use nn_core::prelude::*;

network! {
    /// A two-layer perceptron for handwritten digits.
    pub struct Mnist< Affine(784, 50) -> Relu -> Affine(50, 10) -> SoftmaxWithLoss >;
}

network! {
    /// Blocks that add to what they read: twelve layers with weights, of which the block holds two.
    pub struct Residual<
        Affine(784, 64) -> Relu
            -> ( [ Affine(64, 64) -> Relu -> Affine(64, 64) | Identity ] -> Add -> Relu ) * 5
            -> Affine(64, 10) -> SoftmaxWithLoss
    >;
}

network! {
    /// Branches of different depth side by side, and a gate that reads a point further up.
    pub struct Branches<
        image: Input(784)
            -> [ Affine(_, 64) -> Relu -> Affine(_, 32) -> Tanh | Affine(_, 32) -> Sigmoid | Affine(_, 16) ] -> Concat
            -> features: Relu -> Affine(_, 80) -> Sigmoid -> Mul(features) -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

network! {
    /// A network of sixty layers with weights.
    pub struct Deep<
        Affine(16, 50) -> Relu -> ( Affine(50, 50) -> Tanh -> [ Affine(50, 50) -> Relu | Identity ] -> Add ) * 30
            -> Affine(50, 4) -> MeanSquaredError
    >;
}

network! {
    /// A decoder that reads with the weights of the encoder, the other way round.
    pub struct Autoencoder<
        encoder: Affine(784, 64) -> Relu -> code: Affine(64, 16) -> Relu
            -> Affine(16, 64, W = code.W.T) -> Relu -> Affine(64, 784, W = encoder.W.T) -> MeanSquaredError
    >;
}

network! {
    /// What was trained before stays as it is: dashed.
    pub struct Tuned<
        #[freeze] features: ( Affine(784, 128) -> Relu -> ( Affine(128, 128) -> Relu ) * 4 )
            -> Affine(128, 32) -> Relu -> Affine(32, 5) -> SoftmaxWithLoss
    >;
}

network! {
    /// Two samples, whose branches have the same weights, and three questions about them.
    pub struct Several<
        [
            left: Input(784) -> first: Affine(_, 128) -> Relu
            | right: Input(784) -> Affine(_, 128, W = first.W, b = first.b) -> Relu -> Scale(-1.0)
        ]
            -> difference: Add -> Affine(_, 64) -> Relu
            -> [ aux: ( Affine(_, 10) -> SoftmaxWithLoss(weight = 0.3) ) | Identity ]
            -> Affine(_, 32) -> Tanh
            -> [ same: ( Affine(_, 1) -> SigmoidWithLoss ) | sum: ( Affine(_, 19) -> SoftmaxWithLoss(weight = 0.1) ) ]
    >;
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = match std::env::args_os().nth(1) {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/graphs"),
    };
    std::fs::create_dir_all(&folder)?;
    let graphs = [
        ("mnist", Mnist::graph()),
        ("residual", Residual::graph()),
        ("residual-unfolded", Residual::graph().unfolded()),
        ("branches", Branches::graph()),
        ("autoencoder", Autoencoder::graph()),
        ("tuned", Tuned::graph()),
        ("several", Several::graph()),
        ("deep", Deep::graph()),
        ("deep-unfolded", Deep::graph().unfolded()),
    ];
    for (name, graph) in graphs {
        write(&folder, name, &graph)?;
    }
    Ok(())
}

/// Writes a network's picture in all three forms, and says where.
fn write(folder: &Path, name: &str, graph: &Graph) -> std::io::Result<()> {
    let forms = [
        ("svg", graph.to_svg()),
        ("dot", graph.to_dot()),
        ("mmd", graph.to_mermaid()),
    ];
    for (ending, text) in forms {
        let path = folder.join(name).with_extension(ending);
        std::fs::write(&path, text)?;
        println!("{}", path.display());
    }
    Ok(())
}
