//! Jobs that show how fast `nn-core` is, made so that every other framework can do the same work: the same data, the same
//! initial weights, and a final loss that shows it.
//!
//! | job | network | what is timed |
//! |---|---|---|
//! | a | 784-50-10, Relu, softmax and cross entropy | a step of SGD at 0.1, batches of 100 in order |
//! | b | 784-512-512-10, Relu, softmax and cross entropy | a step of Adam at 0.001, batches of 128 in order |
//! | c1 | that of a, after 1,000 steps | the scores of one sample |
//! | c1000 | the same | the scores of 1,000 samples |
//! | d | 4-32-16-4, Tanh, mean squared error | a step of Adam at 0.001 on all 10,000 samples: an epoch |
//! | f | convolutions of 16 and 32 maps, 5 × 5, each with Relu and pooling of 2 × 2; 512-10 | a step of SGD at 0.1, batches of 64 in order |
//!
//! The binary `job` runs them; `benches/compare` runs it and its peers in alternation. The binary `instructions` counts what
//! a step executes, and `.ci/instructions` compares that with what was accepted.

pub mod data;
pub mod files;
pub mod instructions;
pub mod jobs;
pub mod networks;
pub mod steps;
pub mod timing;
