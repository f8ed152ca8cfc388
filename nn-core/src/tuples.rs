//! Tuples of up to 6: what networks with several inputs, outputs or losses read, give and are trained by.

use std::borrow::Cow;
use std::slice;

use crate::batch::{Batch, Targets};
use crate::error::{Error, Result};
use crate::losses::{
    Amounts, Hits, Loss, Losses, Shares, Verdict, contribution, hits, verdict, weighted,
};
use crate::record::Record;
use crate::sample::Sample;

/// For tuples of each length: the trait of such a tuple of targets and what is said of others; the first part, the others, and all
/// of them with their places. Behind a place stand its accessor, and the types of sample, loss, target and batch.
macro_rules! tuples {
    ($(
        $Tuple:ident $message:literal
        ($first:ident $(, $other:ident)*): $($place:tt $part:ident $X:ident $L:ident $Y:ident $B:ident),*;
    )*) => {$(
        /// The targets of a sample, one for each loss.
        #[diagnostic::on_unimplemented(
            message = $message,
            label = "expected a tuple, in the order of the losses",
            note = "targets of several losses are a batch of tuples, or a tuple of batches"
        )]
        pub trait $Tuple {
            $(
                /// One of the targets.
                type $Y;

                /// One of the targets.
                fn $part(&self) -> &Self::$Y;
            )*
        }

        #[diagnostic::do_not_recommend]
        impl<$($Y),*> $Tuple for ($($Y,)*) {
            $(
                type $Y = $Y;

                fn $part(&self) -> &$Y {
                    &self.$place
                }
            )*
        }

        impl<$first: Sample $(, $other: Sample<Element = $first::Element>)*> Record for ($($X,)*) {
            type Element = $first::Element;
            type Columns<'a> = ($(&'a [$X],)*);
            type ColumnsMut<'a> = ($(&'a mut [$X],)*);

            fn zeros(count: usize) -> Vec<Self> {
                let mut records = Vec::with_capacity(count);
                if count > 0 {
                    // One record passes over the stack; it is then copied from place to place.
                    records.push(($($X::ZERO,)*));
                }
                for _ in 1..count {
                    records.extend_from_within(..1);
                }
                records
            }

            fn write(columns: Self::Columns<'_>, records: &mut [Self]) {
                $(
                    for (record, column) in records.iter_mut().zip(columns.$place.chunks_exact(1)) {
                        slice::from_mut(&mut record.$place).copy_from_slice(column);
                    }
                )*
            }

            fn first(columns: Self::Columns<'_>) -> Self {
                ($(columns.$place[0],)*)
            }

            fn first_not_finite(&self) -> Option<(usize, Self::Element)> {
                let mut before = 0;
                $(
                    if let Some((place, number)) = self.$place.first_not_finite() {
                        return Some((before + place, number));
                    }
                    before += <$X as Sample>::LEN;
                )*
                let _ = before;
                None
            }
        }

        impl<$first: Sample $(, $other: Sample<Element = $first::Element>)*, Y: $Tuple, $($L: Loss<$X, Y::$Y>),*>
            Losses<($($X,)*), Y> for ($($L,)*)
        {
            fn check_targets(&self, targets: &[Y]) -> Result<()> {
                $(in_part($place, self.$place.check(targets.iter().map(Y::$part)))?;)*
                Ok(())
            }

            fn amounts(&self, targets: &[Y]) -> Amounts {
                Amounts::new([$(self.$place.amount(targets.iter().map(Y::$part))),*])
            }

            fn mean(
                &self,
                scores: ($(&[$X],)*),
                targets: &[Y],
                shares: &Shares,
                saved: ($(&mut [$X],)*),
            ) -> f64 {
                let mut sum = 0.0;
                $(
                    let targets_of_loss = targets.iter().map(Y::$part);
                    let mean = self.$place.forward(scores.$place, targets_of_loss, saved.$place);
                    sum += contribution(&self.$place, mean, shares.of_loss($place));
                )*
                sum
            }

            fn gradient(
                &self,
                saved: ($(&[$X],)*),
                targets: &[Y],
                shares: &Shares,
                d: ($(&mut [$X],)*),
            ) {
                $(
                    let targets_of_loss = targets.iter().map(Y::$part);
                    let share = weighted(&self.$place, shares.of_loss($place));
                    self.$place.backward(saved.$place, targets_of_loss, share, d.$place);
                )*
            }

            fn count_right(&self, scores: ($(&[$X],)*), targets: &[Y]) -> Option<Hits> {
                let mut last = None;
                $(
                    let targets_of_loss = targets.iter().map(Y::$part);
                    last = hits(&self.$place, scores.$place, targets_of_loss).or(last);
                )*
                last
            }

            fn verdicts(&self, scores: ($(&[$X],)*), targets: &[Y]) -> Vec<Verdict> {
                vec![$({
                    let targets_of_loss = targets.iter().map(Y::$part);
                    verdict(&self.$place, scores.$place, targets_of_loss)
                }),*]
            }
        }

        #[diagnostic::do_not_recommend]
        impl<'a, $first: Sample $(, $other: Sample<Element = $first::Element>)*, $($B: Batch<'a, $X>),*>
            Batch<'a, ($($X,)*)> for ($($B,)*)
        {
            fn samples(self) -> Result<Cow<'a, [($($X,)*)]>> {
                let parts = ($(in_part($place, self.$place.samples())?,)*);
                let length = same_length(&[$(parts.$place.len()),*])?;
                let mut records = Record::zeros(length);
                Record::write(($(&*parts.$place,)*), &mut records);
                Ok(Cow::Owned(records))
            }
        }

        #[diagnostic::do_not_recommend]
        impl<'a, $($X,)* $($B: Targets<'a, $X>),*> Targets<'a, ($($X,)*)> for ($($B,)*) {
            type Target = ($($B::Target,)*);

            fn targets(self) -> Result<Cow<'a, [Self::Target]>> {
                let parts = ($(in_part($place, self.$place.targets())?,)*);
                let length = same_length(&[$(parts.$place.len()),*])?;
                let mut targets = Vec::with_capacity(length);
                for index in 0..length {
                    targets.push(($(parts.$place[index].clone(),)*));
                }
                Ok(Cow::Owned(targets))
            }
        }
    )*};
}

tuples! {
    Tuple2 "`{Self}` is no target for 2 losses"
    (A, B): 0 first A LA YA BA, 1 second B LB YB BB;
    Tuple3 "`{Self}` is no target for 3 losses"
    (A, B, C): 0 first A LA YA BA, 1 second B LB YB BB, 2 third C LC YC BC;
    Tuple4 "`{Self}` is no target for 4 losses"
    (A, B, C, D): 0 first A LA YA BA, 1 second B LB YB BB, 2 third C LC YC BC, 3 fourth D LD YD BD;
    Tuple5 "`{Self}` is no target for 5 losses"
    (A, B, C, D, E): 0 first A LA YA BA, 1 second B LB YB BB, 2 third C LC YC BC, 3 fourth D LD YD BD, 4 fifth E LE YE BE;
    Tuple6 "`{Self}` is no target for 6 losses"
    (A, B, C, D, E, F): 0 first A LA YA BA, 1 second B LB YB BB, 2 third C LC YC BC, 3 fourth D LD YD BD, 4 fifth E LE YE BE, 5 sixth F LF YF BF;
}

/// Says in which part of a tuple something is wrong.
fn in_part<R>(place: usize, result: Result<R>) -> Result<R> {
    result.map_err(|source| Error::Part {
        part: place + 1,
        source: Box::new(source),
    })
}

/// The parts of a tuple belong to each other, sample by sample.
fn same_length(lengths: &[usize]) -> Result<usize> {
    let first = lengths[0];
    match lengths.iter().position(|&length| length != first) {
        None => Ok(first),
        Some(place) => Err(Error::PartLength {
            part: place + 1,
            found: lengths[place],
            first,
        }),
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, Array2};

    use super::{Amounts, Batch, Hits, Losses, Record, Shares, Targets};
    use crate::{MeanSquaredError, Result, SigmoidWithLoss, SoftmaxWithLoss, Weighted};

    type Pair = ([f32; 2], [f32; 1]);

    fn hits(right: usize, judged: usize) -> Hits {
        Hits { right, judged }
    }

    #[test]
    fn records_are_written_column_by_column() {
        let mut pairs = Pair::zeros(2);
        assert_eq!(pairs, [([0.0; 2], [0.0]); 2]);
        Pair::write((&[[1., 2.], [3., 4.]], &[[5.], [6.]]), &mut pairs);
        assert_eq!(pairs, [([1., 2.], [5.]), ([3., 4.], [6.])]);
        assert_eq!(Pair::first((&[[1., 2.]], &[[5.]])), ([1., 2.], [5.]));
        assert!(Pair::zeros(0).is_empty());
    }

    #[test]
    fn a_tuple_of_batches_is_a_batch_of_tuples() -> Result<()> {
        let (left, right) = (vec![[1., 2.], [3., 4.]], Array2::from_elem((2, 1), 7.0_f32));
        let pairs: Vec<Pair> = Batch::<Pair>::samples((&left, &right))?.into_owned();
        assert_eq!(pairs, [([1., 2.], [7.]), ([3., 4.], [7.])]);
        let error = Batch::<Pair>::samples((&left, &[[1.0]])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "part 2 of the tuple has 1 samples, part 1 has 2"
        );
        let error = Batch::<Pair>::samples((&left, &Array2::zeros((2, 3)))).unwrap_err();
        assert_eq!(
            error.to_string(),
            "part 2 of the tuple: expected an array of shape [N, 1] for N samples, found [2, 3]"
        );
        Ok(())
    }

    #[test]
    fn a_tuple_of_targets_is_a_batch_of_tuples() -> Result<()> {
        let digits = Array1::from_vec(vec![3_u8, 1]);
        let targets = Targets::<([f32; 10], [f32; 1])>::targets((&digits, &[true, false]))?;
        assert_eq!(*targets, [(3, true), (1, false)]);
        let error = Targets::<([f32; 10], [f32; 1])>::targets((&digits, &[true])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "part 2 of the tuple has 1 samples, part 1 has 2"
        );
        Ok(())
    }

    /// Scores ln 3 and 0 of two classes: probabilities ¾ and ¼. By hand.
    #[test]
    fn losses_are_weighted_and_added() {
        let losses = (
            Weighted::new(SoftmaxWithLoss, 2.0),
            Weighted::new(MeanSquaredError, 0.5),
        );
        let (a, b) = ([[3.0_f64.ln(), 0.0]], [[3.0_f64]]);
        let (mut saved_a, mut saved_b) = ([[0.0; 2]], [[0.0]]);
        let targets = [(1_u8, 1.0)];
        let saved = (&mut saved_a[..], &mut saved_b[..]);
        let mean = losses.mean((&a, &b), &targets, &Shares::WHOLE, saved);
        assert!((mean - (2.0 * 4.0_f64.ln() + 0.5 * 4.0)).abs() < 1e-15);
        let (mut da, mut db) = ([[0.0; 2]], [[0.0]]);
        let half = Amounts::new([1.0, 1.0]).of(Amounts::new([2.0, 2.0]));
        losses.gradient((&saved_a, &saved_b), &targets, &half, (&mut da, &mut db));
        assert!((da[0][0] - 0.75).abs() < 1e-15 && (da[0][1] + 0.75).abs() < 1e-15);
        assert_eq!(db, [[1.0]]); // ½·½·2·(3 − 1)
        let verdicts = losses.verdicts((&a, &b), &targets);
        assert_eq!((verdicts[1].loss, verdicts[1].weight), (4.0, 0.5));
        assert_eq!(
            (verdicts[0].right, verdicts[1].right),
            (Some(hits(0, 1)), None)
        );
    }

    #[test]
    fn the_last_loss_with_classes_counts_what_is_right() {
        let scores = ([[1.0_f32, 0.0]; 2], [[1.0_f32]; 2]);
        let columns = (&scores.0[..], &scores.1[..]);
        let both = (SoftmaxWithLoss, SigmoidWithLoss);
        assert_eq!(
            both.count_right(columns, &[(0_u8, true), (0, false)]),
            Some(hits(1, 2))
        );
        let first = (SoftmaxWithLoss, MeanSquaredError);
        assert_eq!(
            first.count_right(columns, &[(0_u8, 0.5_f32), (0, 0.5)]),
            Some(hits(2, 2))
        );
        let none = (MeanSquaredError, MeanSquaredError);
        assert_eq!(
            none.count_right(columns, &[([0.5_f32, 0.5], 0.5_f32); 2]),
            None
        );
    }

    #[test]
    fn a_target_that_is_not_valid_is_found_in_its_part() {
        let both = (SoftmaxWithLoss, SoftmaxWithLoss);
        let check =
            |targets: &[(u8, u8)]| Losses::<([f32; 2], [f32; 5]), _>::check_targets(&both, targets);
        assert!(check(&[(1, 4), (0, 0)]).is_ok());
        assert_eq!(
            check(&[(1, 4), (0, 5)]).unwrap_err().to_string(),
            "part 2 of the tuple: target 1 is class 5, but there are 5 classes: 0 to 4"
        );
    }
}
