//! Losses and their gradients against PyTorch: `make_losses.py` beside this file.

use nn_core::{
    BinaryCrossEntropy, ClassTarget, CrossEntropy, Element, Hinge, Huber, KlDivergence, Loss,
    MeanAbsoluteError, MeanSquaredError, MulticlassHinge, NegativeLogLikelihood, Sample,
    SoftmaxWithLoss,
};

use crate::fixture::{Case, Fixtures, allowed_by_torch, assert_close, each_size, nan};
use nn_tests::tally;

pub(crate) fn compare<X: Sample, Y, L: Loss<X, Y>>(loss: &L, targets: &[Y], case: &Case<'_>) {
    tally::case(case.name);
    let x = case.samples::<X>("x");
    let (mut saved, mut dx) = (nan::<X>(x.len()), nan::<X>(x.len()));
    loss.check(targets).unwrap();
    let found = loss.forward(&x, targets, &mut saved);
    loss.backward(&saved, targets, X::Element::of(1.0), &mut dx);
    let allowed = allowed_by_torch::<X::Element>;
    let name = |array: &str| format!("{array} of {}", case.name);
    assert_close(&name("the loss"), &[found], &case.numbers("loss"), allowed);
    assert_close(&name("dx"), X::flat(&dx), &case.numbers("dx"), allowed);
}

/// Calls a check with all cases of a kind.
fn each(kind: &str, count: usize, check: impl Fn(&Case<'_>)) {
    let fixtures = Fixtures::torch_losses();
    let cases: Vec<Case<'_>> = fixtures.of_kind(kind).collect();
    assert_eq!(cases.len(), count);
    cases.iter().for_each(check);
}

fn cross_entropy<const C: usize>(case: &Case<'_>) -> CrossEntropy<C> {
    let mut loss = CrossEntropy::new();
    if let Some(smoothing) = case.optional("smoothing") {
        loss = loss.smoothing(smoothing);
    }
    if let Some(label) = case.optional("ignore") {
        #[expect(clippy::cast_possible_truncation, reason = "a label")]
        let label = label as i128;
        loss = loss.ignore(label);
    }
    if case.has("weights") {
        loss = loss.weights(case.samples::<[f64; C]>("weights")[0]);
    }
    loss
}

fn check_labels<T: Element, const C: usize>(case: &Case<'_>) {
    let labels = case.whole_numbers("labels");
    compare::<[T; C], _, _>(&cross_entropy::<C>(case), &labels, case);
    if case.optional("ignore").is_none() {
        // A one-hot row is what its label is.
        let row = |&label: &usize| -> [T; C] {
            std::array::from_fn(|j| ClassTarget::<T, C>::probability(&label, j))
        };
        let one_hot: Vec<[T; C]> = labels.iter().map(row).collect();
        compare::<[T; C], _, _>(&cross_entropy::<C>(case), &one_hot, case);
    }
}

fn cross_entropy_of_labels() {
    each("CrossEntropy labels", 20, |case| {
        each_size!(case, |C, T| check_labels::<T, C>(case));
    });
}

fn cross_entropy_of_rows() {
    each("CrossEntropy rows", 20, |case| {
        each_size!(case, |C, T| {
            let rows = case.samples::<[T; C]>("rows");
            compare::<[T; C], _, _>(&cross_entropy::<C>(case), &rows, case);
        });
    });
}

pub(crate) fn cross_entropy_options() {
    cross_entropy_of_labels();
    cross_entropy_of_rows();
}

/// A loss of x − t, or of questions, against each output.
macro_rules! values {
    ($($test:ident $kind:literal $loss:expr $(, $option:ident)?;)*) => {$(
        pub(crate) fn $test() {
            each($kind, 10, |case| {
                let loss = $loss;
                $(let loss = match case.optional(stringify!($option)) {
                    Some(value) => loss.$option(value),
                    None => loss,
                };)?
                each_size!(case, |C, T| {
                    compare::<[T; C], _, _>(&loss, &case.samples::<[T; C]>("t"), case);
                    // Deeper samples are their numbers in row-major order.
                    compare::<[[T; 1]; C], _, _>(&loss, &case.samples::<[[T; 1]; C]>("t"), case);
                });
            });
        }
    )*};
}
values! {
    mean_squared_error "MeanSquaredError" MeanSquaredError;
    mean_absolute_error "MeanAbsoluteError" MeanAbsoluteError;
    huber "Huber" Huber::new(), delta;
    binary_cross_entropy "BinaryCrossEntropy" BinaryCrossEntropy::new(), pos_weight;
    hinge "Hinge" Hinge;
}

pub(crate) fn multiclass_hinge() {
    each("MulticlassHinge", 10, |case| {
        let loss = MulticlassHinge::new();
        let loss = case
            .optional("margin")
            .map_or(loss, |margin| loss.margin(margin));
        let labels = case.whole_numbers("labels");
        each_size!(case, |C, T| compare::<[T; C], _, _>(&loss, &labels, case));
    });
}

pub(crate) fn negative_log_likelihood() {
    each("NegativeLogLikelihood", 10, |case| {
        let labels = case.whole_numbers("labels");
        each_size!(case, |C, T| compare::<[T; C], _, _>(
            &NegativeLogLikelihood,
            &labels,
            case
        ));
    });
}

pub(crate) fn kl_divergence() {
    each("KlDivergence", 10, |case| {
        each_size!(case, |C, T| {
            let rows = case.samples::<[T; C]>("rows");
            compare::<[T; C], _, _>(&KlDivergence, &rows, case);
        });
    });
}

/// Without options it is the other loss, to the last bit.
#[test]
fn options_that_are_not_given_change_nothing() {
    let scores = [[0.5_f64, -2.0, 3.0], [1.0, 1.5, -0.25]];
    let mut saved = nan::<[f64; 3]>(2);
    let plain = SoftmaxWithLoss.forward(&scores, &[2_u8, 0], &mut saved);
    let tuned = CrossEntropy::new().forward(&scores, &[2_u8, 0], &mut saved);
    assert_close("the loss", &[tuned], &[plain], |_| 0.0);
}

/// By hand: nothing is left of a mean over no target.
#[test]
fn a_batch_in_which_nothing_counts_is_refused() {
    let check = |loss: CrossEntropy<2>, labels: &[u8]| {
        Loss::<[f32; 2], _>::check(&loss, labels).map_err(|error| error.to_string())
    };
    let expected = "none of the 2 targets counts: their labels are ignored, or their classes have the weight 0";
    let ignoring = CrossEntropy::new().ignore(255);
    assert_eq!(check(ignoring, &[255, 255]), Err(expected.to_owned()));
    assert_eq!(check(ignoring, &[255, 1]), Ok(()));
    let weighing = CrossEntropy::new().weights([0.0, 1.0]);
    assert_eq!(check(weighing, &[0, 0]), Err(expected.to_owned()));
    // Another label that is no class is none that is ignored.
    let error = check(ignoring, &[255, 2]).unwrap_err();
    assert_eq!(
        error,
        "target 1 is class 2, but there are 2 classes: 0 to 1"
    );
    // A part of a batch in which nothing counts adds nothing.
    let (mut probs, mut dx) = (nan::<[f32; 2]>(1), nan::<[f32; 2]>(1));
    assert_eq!(ignoring.forward(&[[1.0, 2.0]], &[255_u8], &mut probs), 0.0);
    ignoring.backward(&probs, &[255_u8], 1.0, &mut dx);
    assert_eq!(dx, [[0.0; 2]]);
}

/// Two of four samples are right, and one of the others is not looked at.
#[test]
fn ignored_labels_are_not_judged() {
    let loss = CrossEntropy::new().ignore(9);
    let scores = [[1.0_f32, 2.0], [2.0, 1.0], [2.0, 1.0], [1.0, 2.0]];
    let labels = [1_u8, 0, 9, 0];
    assert_eq!(loss.hits(&scores, &labels), Some(2));
    assert_eq!(Loss::<[f32; 2], _>::judged(&loss, &labels), 3);
}
