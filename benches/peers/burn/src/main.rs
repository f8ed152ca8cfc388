//! The jobs in burn.

use std::hint::black_box;

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::loss::CrossEntropyLossConfig;
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer, SgdConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Int, Tensor, TensorData};
use common::{
    Arguments, EVALUATED, Result, forward_flops, mean_loss, products, report, step_flops_of, time,
};

const PEER: &str = "burn";

/// [maps, channels, places] of job f's convolutions, of 5 × 5.
const CONVOLUTIONS: [[usize; 3]; 2] = [[16, 1, 24 * 24], [32, 16, 8 * 8]];
const KERNEL: usize = 5;

/// Convolutions, each with Relu and pooling, if there are any; then affine layers with Relu between them.
#[derive(Module, Debug)]
struct Model {
    convolutions: Vec<Conv2d>,
    pool: MaxPool2d,
    layers: Vec<Linear>,
}

impl Model {
    fn load(
        arguments: &Arguments,
        convolutions: &[[usize; 3]],
        sizes: &[usize],
        device: &Device,
    ) -> Result<Self> {
        let mut model = Self {
            convolutions: Vec::new(),
            pool: MaxPool2dConfig::new([2, 2]).init(),
            layers: Vec::new(),
        };
        for (index, &[maps, channels, _]) in convolutions.iter().enumerate() {
            let (weight, bias) = arguments.convolution(index + 1)?;
            let weight = TensorData::new(weight, [maps, channels, KERNEL, KERNEL]);
            let mut layer = Conv2dConfig::new([channels, maps], [KERNEL; 2]).init(device);
            layer.weight = Param::from_tensor(Tensor::from_data(weight, device));
            let bias = Tensor::from_data(TensorData::new(bias, [maps]), device);
            layer.bias = Some(Param::from_tensor(bias));
            model.convolutions.push(layer);
        }
        for (index, pair) in sizes.windows(2).enumerate() {
            let (weight, bias) = arguments.affine(index + 1)?;
            let weight = Tensor::from_data(TensorData::new(weight, [pair[0], pair[1]]), device);
            let bias = Tensor::from_data(TensorData::new(bias, [pair[1]]), device);
            model.layers.push(Linear {
                weight: Param::from_tensor(weight),
                bias: Some(Param::from_tensor(bias)),
            });
        }
        Ok(model)
    }

    fn forward(&self, mut x: Tensor<2>) -> Tensor<2> {
        if !self.convolutions.is_empty() {
            let [samples, _] = x.dims();
            let mut maps = x.reshape([samples, 1, 28, 28]);
            for layer in &self.convolutions {
                maps = self.pool.forward(relu(layer.forward(maps)));
            }
            x = maps.flatten(1, 3);
        }
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
    convolutions: &[[usize; 3]],
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
    let mut model = Some(Model::load(arguments, convolutions, sizes, &device)?);
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
    let convolved = convolutions
        .iter()
        .map(|[maps, channels, places]| maps * channels * KERNEL * KERNEL * places);
    let products: Vec<usize> = convolved.chain(products(sizes)).collect();
    let flops = step_flops_of(&products, batch);
    report(&arguments.job, PEER, &times, flops, final_loss);
    Ok(())
}

fn infer(arguments: &Arguments) -> Result<()> {
    let device = Device::flex();
    let sizes = [784, 50, 10];
    let model = Model::load(arguments, &[], &sizes, &device)?;
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
        "a" => {
            let sgd = SgdConfig::new().init();
            train(&arguments, &[], &[784, 50, 10], 100, sgd, 0.1)
        }
        "b" => {
            let adam = AdamConfig::new().with_epsilon(1e-8).init();
            train(&arguments, &[], &[784, 512, 512, 10], 128, adam, 0.001)
        }
        "c" => infer(&arguments),
        "f" => {
            let sgd = SgdConfig::new().init();
            train(&arguments, &CONVOLUTIONS, &[512, 10], 64, sgd, 0.1)
        }
        other => Err(format!("no job {other}").into()),
    }
}
