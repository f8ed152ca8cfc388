//! The jobs in burn.

use std::hint::black_box;

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer, SgdConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Int, Tensor, TensorData};
use common::{Arguments, EVALUATED, Result, forward_flops, mean_loss, report, step_flops, time};

const PEER: &str = "burn";

#[derive(Module, Debug)]
struct Mlp {
    layers: Vec<Linear>,
}

impl Mlp {
    fn load(arguments: &Arguments, sizes: &[usize], device: &Device) -> Result<Self> {
        let mut layers = Vec::new();
        for (index, pair) in sizes.windows(2).enumerate() {
            let (weight, bias) = arguments.affine(index + 1)?;
            let weight = Tensor::from_data(TensorData::new(weight, [pair[0], pair[1]]), device);
            let bias = Tensor::from_data(TensorData::new(bias, [pair[1]]), device);
            layers.push(Linear {
                weight: Param::from_tensor(weight),
                bias: Some(Param::from_tensor(bias)),
            });
        }
        Ok(Self { layers })
    }

    fn forward(&self, mut x: Tensor<2>) -> Tensor<2> {
        for (index, layer) in self.layers.iter().enumerate() {
            x = layer.forward(if index == 0 { x } else { relu(x) });
        }
        x
    }
}

fn rows(x: &[f32], device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(x.to_vec(), [x.len() / 784, 784]), device)
}

fn train(
    arguments: &Arguments,
    sizes: &[usize],
    batch: usize,
    mut optimizer: ModuleOptimizer,
    lr: f64,
) -> Result<()> {
    let device = Device::flex().autodiff();
    let (x, t) = (arguments.images()?, arguments.labels()?);
    let batches: Vec<(Tensor<2>, Tensor<1, Int>)> = x
        .chunks_exact(batch * 784)
        .zip(t.chunks_exact(batch))
        .map(|(x, t)| {
            let labels: Vec<i32> = t.iter().map(|&label| label.into()).collect();
            let labels = TensorData::new(labels, [batch]);
            (rows(x, &device), Tensor::from_data(labels, &device))
        })
        .collect();
    let loss = CrossEntropyLossConfig::new().init(&device);
    // `step` takes the model by value and gives it back.
    let mut model = Some(Mlp::load(arguments, sizes, &device)?);
    let step = |index: usize| {
        let (x, t) = &batches[index % batches.len()];
        let before = model.take().ok_or("the model is there")?;
        let loss = loss.forward(before.forward(x.clone()), t.clone());
        let gradients = GradientsParams::from_grads(loss.backward(), &before);
        model = Some(optimizer.step(lr, before, gradients));
        Ok(())
    };
    let times = time(arguments.steps, step, || Ok(device.sync()?))?;

    let trained = model.ok_or("the model is there")?;
    let scores = trained.forward(rows(&x[..EVALUATED * 784], &device));
    let scores = scores.into_data().try_to_vec::<f32>()?;
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
    let device = Device::flex();
    let sizes = [784, 50, 10];
    let model = Mlp::load(arguments, &sizes, &device)?;
    let (x, t) = (arguments.images()?, arguments.labels()?);
    for (job, batch, calls) in [
        ("c1", 1, arguments.steps),
        ("c1000", 1_000, (arguments.steps / 1_000).max(100)),
    ] {
        let inputs: Vec<Tensor<2>> = x[..1_000 * 784]
            .chunks_exact(batch * 784)
            .map(|x| rows(x, &device))
            .collect();
        let scores_of = |x: &Tensor<2>| model.forward(x.clone()).into_data();
        let mut scores = Vec::new();
        for x in &inputs {
            scores.extend(scores_of(x).try_to_vec::<f32>()?);
        }
        let call = |index: usize| {
            black_box(scores_of(&inputs[index % inputs.len()]));
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
        "a" => train(
            &arguments,
            &[784, 50, 10],
            100,
            SgdConfig::new().init(),
            0.1,
        ),
        "b" => {
            let adam = AdamConfig::new().with_epsilon(1e-8).init();
            train(&arguments, &[784, 512, 512, 10], 128, adam, 0.001)
        }
        "c" => infer(&arguments),
        other => Err(format!("no job {other}").into()),
    }
}
