use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{balanced, classes, shares};
use crate::data::Dataset;
use crate::error::Error;
use crate::rng::Rng;

/// Every sample is its own place, so that one sees where it went.
fn numbered(labels: Vec<u8>) -> Dataset<usize, u8> {
    Dataset {
        x: (0..labels.len()).collect(),
        t: labels,
    }
}

fn counts(labels: &[u8]) -> BTreeMap<u8, usize> {
    let mut counts = BTreeMap::new();
    for &label in labels {
        *counts.entry(label).or_default() += 1;
    }
    counts
}

/// The order of seed 1 was computed by xoshiro256++, SplitMix64, Lemire's and Fisher and Yates' methods, written down in Python.
#[test]
fn parts_are_the_same_on_every_machine() {
    let data = numbered(vec![0; 10]);
    let (first, rest) = data.random_split(4, 1).unwrap();
    assert_eq!(
        (first.x, rest.x),
        (SEED_1_FIRST.to_vec(), SEED_1_REST.to_vec())
    );
    let other = data.random_split(4, 2).unwrap();
    assert_ne!(other.0.x, SEED_1_FIRST);
}

const SEED_1_FIRST: [usize; 4] = [3, 4, 7, 9];
const SEED_1_REST: [usize; 6] = [0, 1, 2, 5, 6, 8];

#[test]
fn shares_add_up_and_go_to_the_largest_remainders() {
    // Hamilton's method by hand: 7·(50, 30, 20)/100 = 3.5, 2.1, 1.4, so that the one left goes to the first.
    assert_eq!(shares(&[50, 30, 20], 7), [4, 2, 1]);
    assert_eq!(shares(&[1, 1, 1], 2), [1, 1, 0]);
    assert_eq!(shares(&[3, 0], 3), [3, 0]);
    assert_eq!(shares(&[], 0), [0; 0]);
}

#[test]
fn what_cannot_be_split_is_an_error() {
    let data = numbered(vec![0; 3]);
    let error = data.random_split(4, 0).unwrap_err();
    assert!(matches!(error, Error::OutOfRange { index: 3, len: 3 }));
    for k in [0, 1, 4] {
        let error = data.k_folds(k, 0).unwrap_err();
        assert!(matches!(error, Error::HyperParameter { name: "k", .. }));
    }
    let mut data = data;
    data.t.pop();
    assert!(matches!(
        data.k_folds(2, 0),
        Err(Error::LengthMismatch { .. })
    ));
    assert!(data.stratified_split(1, 0, |&t| t).is_err());
    assert!(data.stratified_k_folds(2, 0, |&t| t).is_err());
    data.x.truncate(1);
    assert!(data.random_split(1, 0).is_err());
}

#[test]
fn rare_classes_come_as_often_as_the_others() {
    let labels: Vec<u8> = [vec![3; 1], vec![5; 7], vec![8; 92]].concat();
    let order = balanced(&classes(&labels, |&t| t), &mut Rng::seeded(4));
    let drawn: Vec<u8> = order.iter().map(|&index| labels[index]).collect();
    let mut sizes: Vec<usize> = counts(&drawn).into_values().collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [33, 33, 34]);
    // 33 or 34 draws from seven samples are 4 or 5 of each; from 92 samples, at most one of each.
    let mut times = BTreeMap::<usize, usize>::new();
    for index in order {
        *times.entry(index).or_default() += 1;
    }
    assert!(
        (1..8).all(|index| (4..=5).contains(&times[&index])),
        "{times:?}"
    );
    assert!((8..100).all(|index| times.get(&index).is_none_or(|&times| times == 1)));
    assert!(balanced(&[], &mut Rng::seeded(4)).is_empty());
}

proptest! {
    #[test]
    fn every_sample_is_in_one_part(
        labels in proptest::collection::vec(0..4_u8, 2..60),
        seed: u64,
        percent in 0..=100_usize,
    ) {
        let data = numbered(labels);
        let first = data.len() * percent / 100;
        for (a, b) in [
            data.random_split(first, seed).unwrap(),
            data.stratified_split(first, seed, |&t| t).unwrap(),
        ] {
            prop_assert_eq!(a.len(), first);
            prop_assert!(a.x.is_sorted() && b.x.is_sorted());
            let mut all = [a.x, b.x].concat();
            all.sort_unstable();
            prop_assert_eq!(&all, &data.x);
        }
    }

    #[test]
    fn a_class_is_in_both_parts_by_its_share(
        labels in proptest::collection::vec(0..4_u8, 2..60),
        seed: u64,
        percent in 0..=100_usize,
    ) {
        let data = numbered(labels);
        let first = data.len() * percent / 100;
        let (part, _) = data.stratified_split(first, seed, |&t| t).unwrap();
        let found = counts(&part.t);
        for (class, size) in counts(&data.t) {
            let exact = size as f64 * first as f64 / data.len() as f64;
            let found = found.get(&class).copied().unwrap_or_default() as f64;
            prop_assert!((found - exact).abs() < 1.0, "{} of {}", found, exact);
        }
    }

    #[test]
    fn every_sample_validates_once(
        labels in proptest::collection::vec(0..4_u8, 5..60),
        seed: u64,
        k in 2..6_usize,
    ) {
        let data = numbered(labels);
        let of_class = counts(&data.t);
        for (stratified, folds) in [
            (false, data.k_folds(k, seed).unwrap()),
            (true, data.stratified_k_folds(k, seed, |&t| t).unwrap()),
        ] {
            prop_assert_eq!(folds.len(), k);
            let mut validated = Vec::new();
            for (train, validation) in folds {
                prop_assert!(validation.len().abs_diff(data.len() / k) <= 1);
                prop_assert!(train.x.iter().all(|x| !validation.x.contains(x)));
                prop_assert_eq!(train.len() + validation.len(), data.len());
                let found = counts(&validation.t);
                for (class, size) in &of_class {
                    let found = found.get(class).copied().unwrap_or_default();
                    prop_assert!(!stratified || (size / k..=size.div_ceil(k)).contains(&found));
                }
                validated.extend(validation.x);
            }
            validated.sort_unstable();
            prop_assert_eq!(&validated, &data.x);
        }
    }
}
