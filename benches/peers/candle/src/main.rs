//! The jobs in candle.

use std::hint::black_box;

use candle_core::{Device, Tensor, Var};
use candle_nn::{AdamW, Linear, Module, Optimizer, ParamsAdamW, SGD, loss};
use common::{Arguments, EVALUATED, Result, forward_flops, mean_loss, report, step_flops, time};

const PEER: &str = "candle";

struct Mlp {
    layers: Vec<Linear>,
    variables: Vec<Var>,
}

impl Mlp {
    /// candle keeps W transposed.
    fn load(arguments: &Arguments, sizes: &[usize]) -> Result<Self> {
        let (mut layers, mut variables) = (Vec::new(), Vec::new());
        for (index, pair) in sizes.windows(2).enumerate() {
            let (weight, bias) = arguments.affine(index + 1)?;
            let weight = Tensor::from_vec(weight, (pair[0], pair[1]), &Device::Cpu)?;
            let weight = Var::from_tensor(&weight.t()?.contiguous()?)?;
            let bias = Var::from_tensor(&Tensor::from_vec(bias, pair[1], &Device::Cpu)?)?;
            layers.push(Linear::new(
                weight.as_tensor().clone(),
                Some(bias.as_tensor().clone()),
            ));
            variables.extend([weight, bias]);
        }
        Ok(Self { layers, variables })
    }

    /// The same network, of whose work no record is kept.
    fn detached(self) -> Self {
        let detach =
            |layer: &Linear| Linear::new(layer.weight().detach(), layer.bias().map(Tensor::detach));
        let layers = self.layers.iter().map(detach).collect();
        Self {
            layers,
            variables: Vec::new(),
        }
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let mut x = x.clone();
        for (index, layer) in self.layers.iter().enumerate() {
            x = layer.forward(&if index == 0 { x } else { x.relu()? })?;
        }
        Ok(x)
    }
}

fn rows(x: &[f32]) -> Result<Tensor> {
    Ok(Tensor::from_slice(x, (x.len() / 784, 784), &Device::Cpu)?)
}

fn numbers(scores: &Tensor) -> Result<Vec<f32>> {
    Ok(scores.flatten_all()?.to_vec1()?)
}

fn train<O: Optimizer>(
    arguments: &Arguments,
    sizes: &[usize],
    batch: usize,
    config: O::Config,
) -> Result<()> {
    let (x, t) = (arguments.images()?, arguments.labels()?);
    let mut batches = Vec::new();
    for (x, t) in x.chunks_exact(batch * 784).zip(t.chunks_exact(batch)) {
        let labels: Vec<u32> = t.iter().map(|&label| label.into()).collect();
        batches.push((rows(x)?, Tensor::from_vec(labels, batch, &Device::Cpu)?));
    }
    let model = Mlp::load(arguments, sizes)?;
    let mut optimizer = O::new(model.variables.clone(), config)?;
    let step = |index: usize| {
        let (x, t) = &batches[index % batches.len()];
        let loss = loss::cross_entropy(&model.forward(x)?, t)?;
        Ok(optimizer.backward_step(&loss)?)
    };
    let times = time(arguments.steps, step, || Ok(()))?;

    let scores = numbers(&model.forward(&rows(&x[..EVALUATED * 784])?)?)?;
    let final_loss = mean_loss(&scores, &t[..EVALUATED]);
    report(
        &arguments.job,
        PEER,
        &times,
        step_flops(sizes, batch),
        final_loss,
    );
    Ok(())
}

fn infer(arguments: &Arguments) -> Result<()> {
    let sizes = [784, 50, 10];
    let model = Mlp::load(arguments, &sizes)?.detached();
    let (x, t) = (arguments.images()?, arguments.labels()?);
    for (job, batch, calls) in [
        ("c1", 1, arguments.steps),
        ("c1000", 1_000, (arguments.steps / 1_000).max(100)),
    ] {
        let inputs = x[..1_000 * 784].chunks_exact(batch * 784).map(rows);
        let inputs = inputs.collect::<Result<Vec<_>>>()?;
        let mut scores = Vec::new();
        for x in &inputs {
            scores.extend(numbers(&model.forward(x)?)?);
        }
        let call = |index: usize| {
            black_box(model.forward(&inputs[index % inputs.len()])?);
            Ok(())
        };
        let times = time(calls, call, || Ok(()))?;
        report(
            job,
            PEER,
            &times,
            forward_flops(&sizes, batch),
            mean_loss(&scores, &t),
        );
    }
    Ok(())
}

fn main() -> Result<()> {
    let arguments = Arguments::parse()?;
    match arguments.job.as_str() {
        "a" => train::<SGD>(&arguments, &[784, 50, 10], 100, 0.1),
        "b" => {
            let adam = ParamsAdamW {
                lr: 0.001,
                weight_decay: 0.0,
                ..ParamsAdamW::default()
            };
            train::<AdamW>(&arguments, &[784, 512, 512, 10], 128, adam)
        }
        "c" => infer(&arguments),
        other => Err(format!("no job {other}").into()),
    }
}
