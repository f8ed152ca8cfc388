use std::panic::{AssertUnwindSafe, catch_unwind};

use super::DataLoader;
use crate::data::Dataset;
use crate::error::Error;
use crate::rng::Rng;

type Batches = Vec<(Vec<[f64; 1]>, Vec<usize>)>;

fn numbered(len: usize) -> Dataset<[f64; 1], usize> {
    Dataset {
        x: (0..len).map(|index| [index as f64]).collect(),
        t: (0..len).collect(),
    }
}

fn batches(loader: &mut DataLoader<'_, [f64; 1], usize>, epoch: u64, skip: usize) -> Batches {
    let mut batches = Batches::new();
    let used: Result<(), Error> = loader.epoch(epoch).unwrap().skip(skip).for_each(|x, t| {
        batches.push((x.to_vec(), t.to_vec()));
        Ok(())
    });
    used.unwrap();
    batches
}

fn noise(x: &mut [f64; 1], t: &mut usize, rng: &mut Rng) {
    x[0] += rng.normal();
    *t += rng.below(1_000);
}

#[test]
fn without_more_the_data_come_in_their_order() {
    let data = numbered(5);
    let mut loader = DataLoader::new(&data).batch_size(2);
    let targets: Vec<Vec<usize>> = batches(&mut loader, 0, 0)
        .into_iter()
        .map(|(_, t)| t)
        .collect();
    assert_eq!(targets, [vec![0, 1], vec![2, 3], vec![4]]);
    let mut loader = loader.drop_last(true);
    assert_eq!((loader.batches(), batches(&mut loader, 0, 0).len()), (2, 2));
}

/// The order of xoshiro256++ as in the test of splits: seeds of streams, Fisher and Yates' method, written down in Python.
#[test]
fn shuffled_epochs_have_every_sample_once_and_orders_of_their_own() {
    let data = numbered(10);
    let mut loader = DataLoader::new(&data).batch_size(10).shuffle(1);
    let order = |loader: &mut _, epoch| batches(loader, epoch, 0).remove(0).1;
    assert_eq!(order(&mut loader, 0), SEED_1_EPOCH_0);
    assert_eq!(order(&mut loader, 3), SEED_1_EPOCH_3);
    for (x, t) in batches(&mut loader, 0, 0) {
        assert!(x.iter().zip(t).all(|(x, t)| x[0] == t as f64));
    }
}

const SEED_1_EPOCH_0: [usize; 10] = [3, 9, 4, 8, 5, 2, 6, 7, 0, 1];
const SEED_1_EPOCH_3: [usize; 10] = [4, 1, 3, 6, 0, 8, 9, 5, 2, 7];

#[test]
fn the_same_bits_come_out_with_prefetching_or_without_and_from_any_batch_on() {
    let data = numbered(103);
    let loader = || {
        DataLoader::new(&data)
            .batch_size(10)
            .shuffle(7)
            .augment(noise)
    };
    for epoch in 0..3 {
        let expected = batches(&mut loader(), epoch, 0);
        assert_eq!(expected.len(), 11);
        for ahead in [1, 2, 5, 100] {
            let mut loader = loader().prefetch(ahead);
            assert_eq!(batches(&mut loader, epoch, 0), expected);
            assert_eq!(batches(&mut loader, epoch, 4), expected[4..]);
        }
        assert_eq!(batches(&mut loader(), epoch, 10), expected[10..]);
        assert!(batches(&mut loader().prefetch(1), epoch, 12).is_empty());
    }
    assert_ne!(batches(&mut loader(), 0, 0), batches(&mut loader(), 1, 0));
}

#[test]
fn augmentation_differs_from_place_to_place_and_leaves_the_data_alone() {
    let data = Dataset {
        x: vec![[0.0]; 50],
        t: vec![0; 50],
    };
    let before = data.clone();
    let mut loader = DataLoader::new(&data).batch_size(50).augment(noise);
    let mut drawn = Vec::new();
    for epoch in 0..2 {
        drawn.extend(batches(&mut loader, epoch, 0).remove(0).0);
    }
    drawn.sort_by(|a, b| a[0].total_cmp(&b[0]));
    drawn.dedup();
    assert_eq!((drawn.len(), &data), (100, &before));
}

#[test]
fn balanced_epochs_have_every_class_equally_often() {
    let mut data = numbered(100);
    data.t = (0..100).map(|index| usize::from(index >= 90)).collect();
    let mut loader = DataLoader::new(&data)
        .batch_size(100)
        .balance(|&t| t)
        .shuffle(2);
    let mut orders = Vec::new();
    for epoch in 0..2 {
        let (x, t) = batches(&mut loader, epoch, 0).remove(0);
        assert_eq!(t.iter().sum::<usize>(), 50);
        assert!(x.iter().zip(t).all(|(x, t)| (x[0] >= 90.0) == (t == 1)));
        orders.push(x);
    }
    assert_ne!(orders[0], orders[1]);
}

#[test]
fn an_error_ends_the_epoch_and_the_loader_goes_on() {
    let data = numbered(40);
    for ahead in [0, 3] {
        let mut loader = DataLoader::new(&data)
            .batch_size(4)
            .shuffle(1)
            .prefetch(ahead);
        let expected = batches(&mut loader, 1, 0);
        let mut used = 0;
        let ended = loader.epoch(0).unwrap().for_each(|_, _| {
            used += 1;
            if used == 3 { Err("enough") } else { Ok(()) }
        });
        assert_eq!((ended, used), (Err("enough"), 3));
        assert_eq!(batches(&mut loader, 1, 0), expected);
    }
}

#[test]
fn a_panic_in_augmentation_reaches_the_caller() {
    let data = numbered(40);
    let mut loader = DataLoader::new(&data)
        .batch_size(4)
        .augment(|_, t, _| assert!(*t < 20, "too large"))
        .prefetch(2);
    let mut used = 0;
    let panic = catch_unwind(AssertUnwindSafe(|| {
        let count = |_: &[_], _: &[_]| -> Result<(), Error> {
            used += 1;
            Ok(())
        };
        loader.epoch(0).unwrap().for_each(count)
    }));
    let panic = panic.unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"too large"));
    assert_eq!(used, 5);
}

#[test]
fn what_cannot_be_loaded_is_an_error() {
    let (data, none) = (numbered(3), Dataset::<[f64; 1], usize>::empty());
    assert!(matches!(DataLoader::new(&none).epoch(0), Err(Error::Empty)));
    let mut loader = DataLoader::new(&data).batch_size(0);
    assert!(matches!(
        loader.epoch(0),
        Err(Error::HyperParameter {
            name: "batch_size",
            ..
        })
    ));
    let mut loader = DataLoader::new(&data).batch_size(4).drop_last(true);
    assert!(matches!(
        loader.epoch(0),
        Err(Error::NoFullBatch {
            batch_size: 4,
            samples: 3
        })
    ));
    let mut uneven = numbered(3);
    uneven.t.pop();
    assert!(matches!(
        DataLoader::new(&uneven).epoch(0),
        Err(Error::LengthMismatch { .. })
    ));
}

#[test]
fn buffers_are_used_again() {
    let data = numbered(40);
    for ahead in [0, 2] {
        let mut loader = DataLoader::new(&data).batch_size(4).prefetch(ahead);
        let mut places = std::collections::BTreeSet::new();
        for epoch in 0..5 {
            let used: Result<(), Error> = loader.epoch(epoch).unwrap().for_each(|x, _| {
                places.insert(x.as_ptr());
                Ok(())
            });
            used.unwrap();
        }
        assert!(places.len() <= ahead + 1, "{} places", places.len());
    }
}
