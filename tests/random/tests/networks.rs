//! Every random network: its gradient against differences, the same bits on threads and in chunks, and its table.

use std::cell::Cell;

use nn_core::{Rng, with_threads};
use nn_random_tests::{CASES, Case, Erased, Targets};

/// A gradient may differ from the differences by so much of its length.
const BOUND: f64 = 1e-6;

/// Differences that are not known to a tenth of that tell nothing: then a kink of `Relu` is near.
const TRUST: f64 = 1e-7;

/// The step of the widest difference.
const STEP: f64 = 1e-3;

/// A network with parameters, a batch and targets.
struct Trial {
    net: Box<dyn Erased>,
    x: Vec<f64>,
    targets: Vec<f64>,
}

impl Trial {
    /// Parameters, samples and targets follow from the case and a seed.
    fn new(case: &Case, seed: u64, samples: usize) -> Self {
        let rng = &mut Rng::stream(case.number, seed);
        let mut net = (case.seeded)(seed);
        // Biases start at zero, where a mistake in them could hide.
        for (index, mut numbers) in net.params().into_iter().enumerate() {
            for number in &mut numbers {
                *number += 0.2 * rng.normal();
            }
            net.set(index, &numbers);
        }
        let (inputs, outputs): (usize, usize) =
            (case.input.iter().product(), case.output.iter().product());
        let x = (0..samples * inputs).map(|_| rng.normal()).collect();
        let numbers = samples * outputs;
        let targets = match case.targets {
            Targets::Class => (0..samples).map(|_| rng.below(outputs) as f64).collect(),
            Targets::Probability => (0..numbers).map(|_| rng.uniform()).collect(),
            Targets::Number => (0..numbers).map(|_| rng.normal()).collect(),
        };
        Self { net, x, targets }
    }

    fn loss(&self) -> f64 {
        self.net.loss(&self.x, &self.targets)
    }

    fn gradient(&mut self) -> Vec<Vec<f64>> {
        self.net.gradient(&self.x, &self.targets)
    }

    /// The gradient by differences; `None` where they cannot be trusted.
    ///
    /// Central differences D(h) err by a·h² + b·h⁴ + …, so (4·D(h/2) − D(h)) / 3 errs by h⁴ only. It is made twice, with h and
    /// with h/2: where the two disagree, the loss is not smooth within a step, and the differences are no gradient. Nothing of
    /// this looks at the gradient that is to be checked.
    fn differences(&mut self) -> Option<Vec<Vec<f64>>> {
        let mut gradient = self.net.params();
        for (index, numbers) in gradient.iter_mut().enumerate() {
            let start = numbers.clone();
            let (mut moved, mut doubt) = (start.clone(), 0.0);
            for place in 0..start.len() {
                let mut at = |number: f64| {
                    moved[place] = number;
                    self.net.set(index, &moved);
                    self.net.loss(&self.x, &self.targets)
                };
                let centre = start[place];
                let mut central = |step: f64| {
                    let (above, below) = (centre + step, centre - step);
                    (at(above) - at(below)) / (above - below)
                };
                let [wide, half, narrow] = [STEP, STEP / 2.0, STEP / 4.0].map(&mut central);
                let (coarse, fine) = ((4.0 * half - wide) / 3.0, (4.0 * narrow - half) / 3.0);
                moved[place] = centre;
                numbers[place] = fine;
                doubt += (coarse - fine).powi(2);
            }
            self.net.set(index, &start);
            if doubt.sqrt() > TRUST * length(numbers) + self.rounding() {
                return None;
            }
        }
        Some(gradient)
    }

    /// What differences are wrong by because the loss is rounded: some units of the last place, divided by the narrowest step.
    fn rounding(&self) -> f64 {
        32.0 * f64::EPSILON * (1.0 + self.loss().abs()) / (STEP / 4.0)
    }
}

fn length(numbers: &[f64]) -> f64 {
    numbers.iter().map(|x| x * x).sum::<f64>().sqrt()
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    length(&a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<_>>())
}

/// Runs a check on every network, and shows those that fail.
fn every(check: impl Fn(&Case) -> Result<(), String>) {
    let failed: Vec<String> = CASES
        .iter()
        .filter_map(|case| {
            let case = &case();
            let problem = check(case).err()?;
            Some(format!(
                "network {}: {problem}\n    {}",
                case.number, case.declaration
            ))
        })
        .collect();
    assert!(
        failed.is_empty(),
        "{} of {} networks fail\n{}",
        failed.len(),
        CASES.len(),
        failed[..failed.len().min(5)].join("\n")
    );
}

/// The first trial whose differences can be trusted, and in which something depends on the parameters.
fn trial(case: &Case) -> Result<(u64, Trial, Vec<Vec<f64>>), String> {
    for seed in 0..40 {
        let mut trial = Trial::new(case, seed, 3);
        if let Some(differences) = trial.differences()
            && differences.iter().any(|numbers| length(numbers) > 1e-3)
        {
            return Ok((seed, trial, differences));
        }
    }
    Err("no differences can be trusted, or nothing depends on the parameters".to_owned())
}

#[test]
fn gradients_equal_differences() {
    let [tensors, alive, seeds] = [const { Cell::new(0) }; 3];
    every(|case| {
        let (seed, mut trial, differences) = trial(case)?;
        let gradient = trial.gradient();
        let rounding = trial.rounding();
        seeds.update(|count| count + seed + 1);
        for (index, (found, expected)) in gradient.iter().zip(&differences).enumerate() {
            let (error, size) = (distance(found, expected), length(found) + length(expected));
            tensors.update(|count| count + 1);
            alive.update(|count| count + u64::from(BOUND * size > rounding));
            if error.is_nan() || error > BOUND * size + rounding {
                return Err(format!(
                    "seed {seed}, parameter {index}: {error:e} apart, {size:e} long together"
                ));
            }
        }
        Ok(())
    });
    let [tensors, alive, seeds] = [tensors, alive, seeds].map(Cell::into_inner);
    println!("{tensors} parameters, {alive} far above rounding, {seeds} seeds");
    // What a dead `Relu` cuts off, or saturation makes tiny, is checked no closer than rounding allows.
    assert!(alive * 10 > tensors * 9, "{alive} of {tensors}");
}

/// For an optimizer whose whole rule is p − lr·g a network has code of its own.
#[test]
fn descent_is_the_gradient_too() {
    const LR: f64 = 0.25;
    every(|case| {
        let mut trial = Trial::new(case, 0, 3);
        let (start, gradient) = (trial.net.params(), trial.gradient());
        trial.net.descend(&trial.x, &trial.targets, LR);
        for ((start, gradient), found) in start.iter().zip(&gradient).zip(trial.net.params()) {
            let expected: Vec<f64> = start
                .iter()
                .zip(gradient)
                .map(|(p, g)| p - LR * g)
                .collect();
            let error = distance(&found, &expected);
            if error.is_nan() || error > 1e-12 * (1.0 + length(&expected) + length(gradient)) {
                return Err(format!("{error:e} apart"));
            }
        }
        Ok(())
    });
}

#[test]
fn single_precision_points_the_same_way() {
    every(|case| {
        let mut trial = Trial::new(case, 0, 3);
        let expected = trial.gradient().concat();
        let found = (case.single)(&trial.net.params(), &trial.x, &trial.targets).concat();
        let (error, size) = (distance(&found, &expected), length(&expected));
        if error <= 2e-3 * size + 1e-6 {
            return Ok(());
        }
        Err(format!("{error:e} apart, {size:e} long"))
    });
}

/// 4,500 samples are two chunks at least. Their mean is that of batches that are one chunk each.
#[test]
fn chunks_and_threads_do_not_show() {
    const SAMPLES: usize = 4_500;
    const PARTS: usize = 20;
    every(|case| {
        let mut trial = Trial::new(case, 0, SAMPLES);
        let mut on = |threads| with_threads(threads, || (trial.loss(), trial.gradient()));
        let (alone, others) = (on(1), on(3));
        if alone != others {
            return Err("other numbers on three threads".to_owned());
        }
        let (loss, gradient) = alone;
        let (mut mean_loss, mut mean) = (0.0, vec![0.0; case.parameters]);
        let parts = trial.x.chunks(trial.x.len() / PARTS);
        for (x, targets) in parts.zip(trial.targets.chunks(trial.targets.len() / PARTS)) {
            mean_loss += trial.net.loss(x, targets) / PARTS as f64;
            let part = trial.net.gradient(x, targets).concat();
            for (mean, part) in mean.iter_mut().zip(part) {
                *mean += part / PARTS as f64;
            }
        }
        let error = distance(&gradient.concat(), &mean) + (loss - mean_loss).abs();
        if error <= 1e-12 * (1.0 + length(&mean) + loss.abs()) {
            return Ok(());
        }
        Err(format!("the mean over parts is {error:e} away"))
    });
}

#[test]
fn tables_are_those_of_the_generator() {
    every(|case| {
        let sizes = case.found_input == case.input && case.found_output == case.output;
        if case.found_parameters != case.parameters || !sizes {
            return Err(format!(
                "{} parameters from {:?} to {:?}, not {} from {:?} to {:?}",
                case.found_parameters,
                case.found_input,
                case.found_output,
                case.parameters,
                case.input,
                case.output
            ));
        }
        if case.found_summary != case.summary {
            return Err(format!("{}\nnot\n{}", case.found_summary, case.summary));
        }
        Ok(())
    });
}
