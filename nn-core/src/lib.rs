//! Neural networks that are declared, not assembled.

#![doc = ""]

extern crate self as nn_core;

mod batch;
mod buffer;
mod data;
mod element;
mod error;
mod init;
mod kernels;
mod layers;
mod losses;
mod network;
mod optim;
mod params;
mod rng;
mod sample;
mod trainer;

pub use batch::{Batch, Targets};
pub use data::Dataset;
pub use element::Element;
pub use error::{Error, Result};
pub use init::Init;
pub use layers::{Affine, Layer, MatMul, Relu, Sigmoid, Softmax, Tanh};
pub use losses::{
    ClassTarget, Loss, MeanSquaredError, SigmoidWithLoss, SoftmaxWithLoss, ValueTarget,
};
pub use network::{Network, Trainable};
pub use optim::{AdaGrad, Adam, Momentum, Optimizer, RmsProp, Sgd, clip_grads};
pub use params::{Param, Parameters, Tensor};
pub use rng::Rng;
pub use sample::{Sample, Shape};
pub use trainer::{EpochRecord, Event, History, LossRecord, Trainer};

pub mod prelude {
    pub use crate::{
        AdaGrad, Adam, Affine, MatMul, MeanSquaredError, Momentum, Network, Optimizer, Parameters,
        Relu, RmsProp, Sgd, Sigmoid, SigmoidWithLoss, Softmax, SoftmaxWithLoss, Tanh, Trainer,
    };
}
