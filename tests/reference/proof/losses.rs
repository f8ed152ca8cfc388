//! Gradients of losses against differences; options are drawn.

use nn_core::{
    BinaryCrossEntropy, CrossEntropy, Element, Hinge, Huber, KlDivergence, LogLikelihood,
    MeanAbsoluteError, MeanSquaredError, MulticlassHinge, NegativeLogLikelihood, Rng,
    SigmoidWithLoss, SoftmaxWithLoss,
};

use super::erased::Erased;
use super::shapes::{check_shape, each_vector};

/// Where targets and options come from.
struct Targets(Rng);

impl Targets {
    fn new(seed: u64) -> Self {
        Self(Rng::stream(seed, 103))
    }

    /// A number from 0.1 to 3.1.
    fn number(&mut self) -> f64 {
        0.1 + 3.0 * self.0.uniform()
    }

    fn flip(&mut self) -> bool {
        self.0.below(2) == 1
    }

    fn labels(&mut self, n: usize, classes: usize) -> Vec<usize> {
        (0..n).map(|_| self.0.below(classes)).collect()
    }

    fn rows<T: Element, const C: usize>(
        &mut self,
        n: usize,
        mut number: impl FnMut(&mut Rng) -> f64,
    ) -> Vec<[T; C]> {
        let rng = &mut self.0;
        let mut row = || std::array::from_fn(|_| T::of(number(rng)));
        (0..n).map(|_| row()).collect()
    }

    fn normal<T: Element, const C: usize>(&mut self, n: usize) -> Vec<[T; C]> {
        self.rows(n, Rng::normal)
    }

    fn probabilities<T: Element, const C: usize>(&mut self, n: usize) -> Vec<[T; C]> {
        let rng = &mut self.0;
        let mut row = || {
            let weights: [f64; C] = std::array::from_fn(|_| rng.uniform());
            let sum: f64 = weights.iter().sum();
            weights.map(|weight| T::of(weight / sum))
        };
        (0..n).map(|_| row()).collect()
    }

    fn weights<const C: usize>(&mut self) -> [f64; C] {
        std::array::from_fn(|_| self.number())
    }
}

pub(crate) fn softmax_with_loss() {
    each_vector!("SoftmaxWithLoss", |n, seed| {
        let mut targets = Targets::new(seed);
        if targets.flip() {
            let labels = targets.labels(n, C);
            Erased::loss::<[T; C], _, _>(SoftmaxWithLoss, labels)
        } else {
            let rows = targets.probabilities::<T, C>(n);
            Erased::loss::<[T; C], _, _>(SoftmaxWithLoss, rows)
        }
    });
}

/// Label 0 or no class is ignored; the last sample has another label, so that something counts.
fn labels_with_ignored(targets: &mut Targets, n: usize, classes: usize) -> (Vec<usize>, i128) {
    let mut labels = targets.labels(n, classes);
    let ignored = if targets.flip() { 0 } else { 255 };
    for label in &mut labels {
        if ignored == 255 && targets.0.below(4) == 0 {
            *label = 255;
        }
    }
    labels[n - 1] = 1 + targets.0.below(classes - 1);
    let ignored_label = i128::from(ignored);
    (labels, ignored_label)
}

pub(crate) fn cross_entropy() {
    each_vector!("SoftmaxWithLoss(…)", |n, seed| {
        let mut targets = Targets::new(seed);
        let mut loss = CrossEntropy::<C>::new();
        if targets.flip() {
            loss = loss.smoothing(0.6 * targets.0.uniform());
        }
        if targets.flip() {
            loss = loss.weights(targets.weights());
        }
        if targets.flip() {
            let (labels, ignored) = labels_with_ignored(&mut targets, n, C);
            Erased::loss::<[T; C], _, _>(loss.ignore(ignored), labels)
        } else {
            let rows = targets.probabilities::<T, C>(n);
            Erased::loss::<[T; C], _, _>(loss, rows)
        }
    });
}

pub(crate) fn negative_log_likelihood() {
    each_vector!("NegativeLogLikelihood", |n, seed| {
        let mut targets = Targets::new(seed);
        if targets.flip() {
            let labels = targets.labels(n, C);
            Erased::loss::<[T; C], _, _>(NegativeLogLikelihood, labels)
        } else {
            let rows = targets.probabilities::<T, C>(n);
            Erased::loss::<[T; C], _, _>(NegativeLogLikelihood, rows)
        }
    });
}

pub(crate) fn log_likelihood() {
    each_vector!("NegativeLogLikelihood(…)", |n, seed| {
        let mut targets = Targets::new(seed);
        let mut loss = LogLikelihood::<C>::new();
        if targets.flip() {
            loss = loss.weights(targets.weights());
        }
        if targets.flip() {
            let (labels, ignored) = labels_with_ignored(&mut targets, n, C);
            Erased::loss::<[T; C], _, _>(loss.ignore(ignored), labels)
        } else {
            let rows = targets.probabilities::<T, C>(n);
            Erased::loss::<[T; C], _, _>(loss, rows)
        }
    });
}

/// Losses against rows of numbers.
macro_rules! of_rows {
    ($($test:ident $name:literal |$targets:ident, $n:ident| $loss:expr, $rows:expr;)*) => {$(
        pub(crate) fn $test() {
            each_vector!($name, |$n, seed| {
                let mut $targets = Targets::new(seed);
                let loss = $loss;
                Erased::loss::<[T; C], [T; C], _>(loss, $rows)
            });
        }
    )*};
}
of_rows! {
    mean_squared_error "MeanSquaredError" |targets, n| MeanSquaredError, targets.normal(n);
    mean_absolute_error "MeanAbsoluteError" |targets, n| MeanAbsoluteError, targets.normal(n);
    huber "Huber" |targets, n| Huber::new().delta(targets.number()), targets.normal(n);
    sigmoid_with_loss "SigmoidWithLoss" |targets, n| SigmoidWithLoss, targets.rows(n, Rng::uniform);
    binary_cross_entropy "SigmoidWithLoss(…)" |targets, n| BinaryCrossEntropy::new().pos_weight(targets.number()), targets.rows(n, Rng::uniform);
    kl_divergence "KlDivergence" |targets, n| KlDivergence, targets.probabilities(n);
    hinge "Hinge" |targets, n| Hinge, targets.rows(n, |rng| rng.normal().signum());
}

pub(crate) fn multiclass_hinge() {
    each_vector!("MulticlassHinge", |n, seed| {
        let mut targets = Targets::new(seed);
        let loss = MulticlassHinge::new().margin(targets.number());
        let labels = targets.labels(n, C);
        Erased::loss::<[T; C], _, _>(loss, labels)
    });
}
