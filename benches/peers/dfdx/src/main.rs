//! The jobs in dfdx.

use std::hint::black_box;

use common::{Arguments, EVALUATED, Result, forward_flops, mean_loss, report, step_flops, time};
use dfdx::optim::{Adam, AdamConfig, Optimizer, Sgd, SgdConfig};
use dfdx::prelude::*;

const PEER: &str = "dfdx";

type Small = ((Linear<784, 50>, ReLU), Linear<50, 10>);
type SmallModel = <Small as BuildOnDevice<Cpu, f32>>::Built;
type Wide = (
    (Linear<784, 512>, ReLU),
    (Linear<512, 512>, ReLU),
    Linear<512, 10>,
);
type WideModel = <Wide as BuildOnDevice<Cpu, f32>>::Built;
type Rows<const N: usize, const O: usize> = Tensor<Rank2<N, O>, f32, Cpu>;

/// dfdx keeps W transposed.
fn load<const I: usize, const O: usize>(
    layer: &mut modules::Linear<I, O, f32, Cpu>,
    arguments: &Arguments,
    index: usize,
) -> Result<()> {
    let (weight, bias) = arguments.affine(index)?;
    let transposed: Vec<f32> = (0..O)
        .flat_map(|o| weight[o..].iter().step_by(O).copied())
        .collect();
    layer.weight.copy_from(&transposed);
    layer.bias.copy_from(&bias);
    Ok(())
}

fn small(arguments: &Arguments, device: &Cpu) -> Result<SmallModel> {
    let mut model = device.build_module::<Small, f32>();
    load(&mut model.0.0, arguments, 1)?;
    load(&mut model.1, arguments, 2)?;
    Ok(model)
}

fn wide(arguments: &Arguments, device: &Cpu) -> Result<WideModel> {
    let mut model = device.build_module::<Wide, f32>();
    load(&mut model.0.0, arguments, 1)?;
    load(&mut model.1.0, arguments, 2)?;
    load(&mut model.2, arguments, 3)?;
    Ok(model)
}

/// Trains on batches of N.
fn train<const N: usize, M>(
    arguments: &Arguments,
    sizes: &[usize],
    device: &Cpu,
    mut model: M,
    mut optimizer: impl Optimizer<M, Cpu, f32>,
) -> Result<()>
where
    M: ZeroGrads<f32, Cpu>
        + ModuleMut<
            Tensor<Rank2<N, 784>, f32, Cpu, OwnedTape<f32, Cpu>>,
            Output = Tensor<Rank2<N, 10>, f32, Cpu, OwnedTape<f32, Cpu>>,
            Error = CpuError,
        > + Module<Rows<EVALUATED, 784>, Output = Rows<EVALUATED, 10>, Error = CpuError>,
{
    let (x, t) = (arguments.images()?, arguments.labels()?);
    let batches: Vec<(Rows<N, 784>, Rows<N, 10>)> = x
        .chunks_exact(N * 784)
        .zip(t.chunks_exact(N))
        .map(|(x, t)| (device.tensor(x.to_vec()), device.tensor(one_hot(t))))
        .collect();
    // The tape takes the gradients by value and gives them back.
    let mut gradients = Some(model.alloc_grads());
    let step = |index: usize| {
        let (x, t) = &batches[index % batches.len()];
        let traced = x
            .clone()
            .traced(gradients.take().ok_or("the gradients are there")?);
        let loss = cross_entropy_with_logits_loss(model.forward_mut(traced), t.clone());
        let mut computed = loss.backward();
        optimizer
            .update(&mut model, &computed)
            .map_err(|error| format!("{error:?}"))?;
        model.zero_grads(&mut computed);
        gradients = Some(computed);
        Ok(())
    };
    let times = time(arguments.steps, step, || Ok(()))?;

    let scores = model
        .forward(device.tensor(x[..EVALUATED * 784].to_vec()))
        .as_vec();
    let final_loss = mean_loss(&scores, &t[..EVALUATED]);
    report(
        &arguments.job,
        PEER,
        &times,
        step_flops(sizes, N),
        final_loss,
    );
    Ok(())
}

fn one_hot(labels: &[u8]) -> Vec<f32> {
    let row = |&label: &u8| (0..10).map(move |class| f32::from(u8::from(class == label)));
    labels.iter().flat_map(row).collect()
}

/// Scores batches of N.
fn infer<const N: usize>(
    arguments: &Arguments,
    job: &str,
    calls: usize,
    device: &Cpu,
) -> Result<()> {
    let model = small(arguments, device)?;
    let (x, t) = (arguments.images()?, arguments.labels()?);
    let rows = |x: &[f32]| -> Rows<N, 784> { device.tensor(x.to_vec()) };
    let inputs: Vec<_> = x[..1_000 * 784].chunks_exact(N * 784).map(rows).collect();
    let scores_of = |x: &Rows<N, 784>| -> Rows<N, 10> { model.forward(x.clone()) };
    let scores: Vec<f32> = inputs.iter().flat_map(|x| scores_of(x).as_vec()).collect();
    let call = |index: usize| {
        black_box(scores_of(&inputs[index % inputs.len()]));
        Ok(())
    };
    let times = time(calls, call, || Ok(()))?;
    report(
        job,
        PEER,
        &times,
        forward_flops(&[784, 50, 10], N),
        mean_loss(&scores, &t),
    );
    Ok(())
}

fn main() -> Result<()> {
    let arguments = Arguments::parse()?;
    let device = Cpu::default();
    match arguments.job.as_str() {
        "a" => {
            let model = small(&arguments, &device)?;
            let config = SgdConfig {
                lr: 0.1,
                momentum: None,
                weight_decay: None,
            };
            let sgd = Sgd::new(&model, config);
            train::<100, _>(&arguments, &[784, 50, 10], &device, model, sgd)
        }
        "b" => {
            let model = wide(&arguments, &device)?;
            let config = AdamConfig {
                lr: 0.001,
                betas: [0.9, 0.999],
                eps: 1e-8,
                weight_decay: None,
            };
            let adam = Adam::new(&model, config);
            train::<128, _>(&arguments, &[784, 512, 512, 10], &device, model, adam)
        }
        "c" => {
            infer::<1>(&arguments, "c1", arguments.steps, &device)?;
            infer::<1_000>(
                &arguments,
                "c1000",
                (arguments.steps / 1_000).max(100),
                &device,
            )
        }
        other => Err(format!("no job {other}").into()),
    }
}
