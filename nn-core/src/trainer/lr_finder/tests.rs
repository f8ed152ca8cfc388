use crate::data::Dataset;
use crate::error::Error;
use crate::losses::SoftmaxWithLoss;
use crate::network::{Network as _, Trainable as _};
use crate::optim::{Momentum, Sgd};
use crate::trainer::tiny::Tiny;
use crate::trainer::{LrFinder, Trainer};

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

// By NumPy: the gradient xᵀ·(softmax(x·W + b) − t) / n of all five points at rates 0.01·(3000/0.01)^(i/11), losses smoothed by
// s ← s/2 + loss/2 and s / (1 − 0.5^(i+1)), until that is 4 times its least value; the slope is `numpy.gradient` over the logarithm of the rate.
const LOSSES: [f64; 10] = [
    0.627_581_388_779_002_3,
    0.623_203_958_964_809_6,
    0.610_014_883_178_015_4,
    0.573_826_757_765_103_5,
    0.499_461_659_896_028_2,
    0.431_551_412_234_502_94,
    0.417_863_048_957_090_14,
    0.436_327_680_252_873_9,
    1.860_718_702_727_328_6,
    31.977_755_883_730_396,
];
const SMOOTHED: [f64; 10] = [
    0.627_581_388_779_002_3,
    0.624_663_102_236_207_1,
    0.616_292_691_345_812,
    0.593_644_193_436_100_8,
    0.545_033_853_544_450_4,
    0.487_391_978_593_366,
    0.452_353_777_831_778_2,
    0.444_309_305_321_583_1,
    1.153_899_923_199_999_6,
    16.580_893_326_710_815,
];

#[test]
fn a_sweep_over_rates_is_that_of_numpy_and_leaves_everything_as_it_was() {
    let data = points();
    let mut net = Net::seeded(0);
    let mut trainer = Trainer::new(Sgd::new(0.5)).batch_size(5).silent();
    let finder = LrFinder::new()
        .rates(0.01, 3_000.0)
        .steps(12)
        .smoothing(0.5);
    let sweep = trainer.find_lr(&mut net, &data, &finder).unwrap();
    let close = |found: f64, expected: f64| (found - expected).abs() < 1e-10 * expected;
    assert_eq!(sweep.points.len(), 10);
    for (index, point) in sweep.points.iter().enumerate() {
        let (loss, smoothed) = (LOSSES[index], SMOOTHED[index]);
        assert!(
            close(point.loss, loss) && close(point.smoothed, smoothed),
            "{point:?}"
        );
    }
    assert!((sweep.points[2].lr - 0.099_046_75).abs() < 1e-8);
    assert!(close(sweep.suggestion().unwrap(), 0.981_025_861_486_856_8));
    assert_eq!(sweep.lowest(), Some(sweep.points[7]));
    assert_eq!(net.params, Net::seeded(0).params);

    // A training after it is one without it, with an optimizer in mid-course too.
    let run = |sweep| {
        let mut net = Net::seeded(0);
        let mut trainer = Trainer::new(Momentum::new(0.1, 0.9)).batch_size(2).silent();
        let mut history = trainer.fit(&mut net, &data, &data).unwrap();
        if sweep {
            trainer.find_lr(&mut net, &data, &LrFinder::new()).unwrap();
        }
        history.epochs = trainer.fit(&mut net, &data, &data).unwrap().epochs;
        let losses: Vec<f64> = history.epochs.iter().map(|record| record.loss).collect();
        (net.params, losses)
    };
    assert_eq!(run(true), run(false));
}

#[test]
fn what_cannot_be_swept_is_an_error() {
    let data = points();
    let none = Points {
        x: Vec::new(),
        t: Vec::new(),
    };
    let mut net = Net::seeded(0);
    let mut trainer = Trainer::new(Sgd::new(0.5)).silent();
    let finder = LrFinder::new();
    for (finder, expected) in [
        (
            finder.rates(0.0, 1.0),
            "from = 0 is not valid: a finite number above 0",
        ),
        (
            finder.rates(1.0, 1.0),
            "to = 1 is not valid: a number above `from`",
        ),
        (
            finder.steps(2),
            "steps = 2 is not valid: a whole number from 3 on",
        ),
        (
            finder.smoothing(1.0),
            "smoothing = 1 is not valid: a number from 0 on, below 1",
        ),
        (
            finder.diverged(1.0),
            "diverged = 1 is not valid: a number above 1",
        ),
    ] {
        let error = trainer.find_lr(&mut net, &data, &finder).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    let error = trainer.find_lr(&mut net, &none, &finder);
    assert!(matches!(error, Err(Error::Empty)));
    // Data that are no numbers end it at once, and the network is whole.
    let broken = Dataset {
        x: vec![[f64::NAN; 2]; 5],
        t: data.t.clone(),
    };
    let sweep = trainer.find_lr(&mut net, &broken, &finder).unwrap();
    assert_eq!(
        (sweep.points.len(), sweep.suggestion(), sweep.lowest()),
        (0, None, None)
    );
    assert_eq!(net.params, Net::seeded(0).params);
    let _ = net.loss(&data.x, &data.t).unwrap();
}
