use crate::data::Dataset;
use crate::error::Result;
use crate::losses::SoftmaxWithLoss;
use crate::network::Network as _;
use crate::optim::Sgd;
use crate::trainer::tiny::Tiny;
use crate::trainer::{Callback, Context, Trainer, anomaly};

type Net = Tiny<SoftmaxWithLoss>;
type Points = Dataset<[f64; 2], u8>;

fn points() -> Points {
    Dataset {
        x: vec![
            [1.0, 2.0],
            [-1.0, 0.5],
            [0.25, -2.0],
            [3.0, 1.0],
            [-0.5, -0.75],
        ],
        t: vec![0, 1, 1, 0, 0],
    }
}

/// Spoils a parameter after the second step.
struct Spoiler;

impl Callback<Net> for Spoiler {
    fn after_step(&mut self, net: &mut Net, at: &mut Context<'_>) -> Result<()> {
        if at.step == 2 {
            net.params.affine1.b[1] = f64::NAN;
        }
        Ok(())
    }
}

/// Each is provoked by numbers that f64 cannot hold, or by what is no number from the beginning.
#[test]
fn anomalies_are_named() {
    let Dataset { x, t } = points();
    let step = |x: &[[f64; 2]], change: &dyn Fn(&mut Net), lr: f64| {
        let mut net = Net::seeded(0);
        change(&mut net);
        let mut trainer = Trainer::new(Sgd::new(lr)).detect_anomaly(true);
        let error = trainer.step(&mut net, x, &t[..x.len()]);
        error.map_err(|error| error.to_string())
    };
    let nothing = |_: &mut Net| {};
    assert!(step(&x, &nothing, 0.5).is_ok());
    let spoilt = |net: &mut Net| net.params.affine1.W[1][0] = f64::INFINITY;
    assert_eq!(
        step(&x, &spoilt, 0.5).unwrap_err(),
        "step 1: the parameter `affine1.W` (layer 1, `Affine(2, 2)`) is inf at [1, 0] before it"
    );
    // Finite, but 1e308·1e308 is not.
    let large = |net: &mut Net| net.params.affine1.W[0][1] = 1e308;
    let error = step(&[[1.0, 1.0], [1e308, 0.0]], &large, 0.5).unwrap_err();
    assert_eq!(
        error,
        "step 1: `affine1` (layer 1, `Affine(2, 2)`) gives inf at [1] for sample 1 of the batch, although what it reads and all \
         parameters are finite"
    );
    let error = step(&[[1.0, 1.0], [0.0, f64::NEG_INFINITY]], &nothing, 0.5).unwrap_err();
    assert!(
        error.starts_with("step 1: sample 1 of the batch has -inf as number 1"),
        "{error}"
    );
    // The gradient of W is x·dy, and of b dy.
    let error = step(&[[-1e200, 1.0]], &nothing, 1e200).unwrap_err();
    assert!(
        error.contains("the parameter `affine1.W` (layer 1, `Affine(2, 2)`) is")
            && error.contains("after the update"),
        "{error}"
    );

    let mut trainer = Trainer::new(Sgd::new(0.5))
        .batch_size(2)
        .detect_anomaly(true)
        .silent()
        .callback(Spoiler);
    let error = trainer
        .fit(&mut Net::seeded(0), &points(), &points())
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "step 3: the parameter `affine1.b` (layer 1, `Affine(2, 2)`) is NaN at [1] before it"
    );
}

/// The last of the gradient's parameters is the first on the way back.
#[test]
fn a_gradient_is_looked_through_from_its_end() {
    let mut params = Net::seeded(0).params;
    assert_eq!(anomaly::in_gradient(&params, Net::LAYERS), None);
    params.affine1.W[1][0] = f64::NAN;
    let culprit = anomaly::in_gradient(&params, Net::LAYERS).unwrap();
    assert_eq!((culprit.key, culprit.index), ("affine1.W", vec![1, 0]));
    params.affine1.b[1] = f64::NEG_INFINITY;
    let culprit = anomaly::in_gradient(&params, Net::LAYERS).unwrap();
    assert_eq!(
        culprit.to_string(),
        "`affine1.b` (layer 1, `Affine(2, 2)`) is -inf at [1]"
    );
    assert_eq!(
        anomaly::in_params(&params, Net::LAYERS).unwrap().key,
        "affine1.W"
    );
}
