//! Checkpoints that do not fit, or are damaged: nothing is changed.

use nn_core::prelude::*;
use nn_core::{Callback, Error, Event, LoadProblem, Parameters, StateProblem};

use crate::training::{Net, points};
use crate::{bits, timeless};

network! {
    struct Other< Affine(4, 8) -> Relu -> Affine(8, 3) -> SoftmaxWithLoss >;
}

/// The same keys and shapes, but another activation inside.
mod before {
    nn_core::network! { pub struct Inner< Affine(4, 8) -> Tanh >; }
    nn_core::network! { pub struct Outer< inner: Inner -> Affine(8, 3) -> SoftmaxWithLoss >; }
}

mod after {
    nn_core::network! { pub struct Inner< Affine(4, 8) -> Relu >; }
    nn_core::network! { pub struct Outer< inner: Inner -> Affine(8, 3) -> SoftmaxWithLoss >; }
}

/// The bytes of a checkpoint in the middle of an epoch.
fn checkpoint() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let trainer = Trainer::new(Adam::new(0.01))
        .batch_size(8)
        .steps(3)
        .silent();
    let mut trainer = trainer.checkpoint(folder.path(), 2);
    trainer
        .fit(&mut Net::seeded(3), &points(1), &points(2))
        .unwrap();
    std::fs::read(folder.path().join("step-0000000002.safetensors")).unwrap()
}

/// What comes of resuming a network and a trainer, which must be as before if it is an error.
fn resumed<N: Trainable, O: Optimizer<N::Element>>(
    mut net: N,
    trainer: &mut Trainer<O>,
    content: &[u8],
) -> Result<(), Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.safetensors");
    std::fs::write(&path, content).unwrap();
    let (before, lr) = (bits(&net), trainer.optimizer().lr());
    let result = trainer.resume_from(&mut net, &path);
    if result.is_err() {
        assert_eq!(bits(&net), before);
        assert_eq!(trainer.optimizer().lr(), lr);
    }
    result
}

fn adam() -> Trainer<Adam> {
    Trainer::new(Adam::new(0.5)).batch_size(8).steps(3).silent()
}

fn problem(result: Result<(), Error>) -> String {
    match result {
        Err(Error::Load { problem, .. }) => problem.to_string(),
        other => panic!("expected a problem with the file, found {other:?}"),
    }
}

#[test]
fn another_network_is_refused_by_the_layer_that_differs() {
    let found = problem(resumed(Other::seeded(1), &mut adam(), &checkpoint()));
    let expected = "is a checkpoint of another network: `tanh1: Tanh, [8] -> [8], reads [1]` there, \
                    `relu1: Relu, [8] -> [8], reads [1]` here";
    assert_eq!(found, expected);
    let mut adam = Trainer::new(Adam::new(0.1));
    let found = problem(resumed(Net::<f64>::seeded(1), &mut adam, &checkpoint()));
    assert_eq!(
        found,
        "is a checkpoint that cannot be read: `numbers` should be `f64`"
    );
}

#[test]
fn a_network_inside_that_has_changed_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut trainer = adam().checkpoint(folder.path(), 2);
    let mut net = before::Outer::seeded(3);
    trainer.fit(&mut net, &points(1), &points(2)).unwrap();
    let file = folder.path().join("step-0000000002.safetensors");
    let content = std::fs::read(file).unwrap();
    assert!(resumed(before::Outer::seeded(1), &mut adam(), &content).is_ok());
    let found = problem(resumed(after::Outer::seeded(1), &mut adam(), &content));
    let expected = "is a checkpoint of another network: `inner.tanh1: Tanh, [8] -> [8], reads [1]` there, \
                    `inner.relu1: Relu, [8] -> [8], reads [1]` here";
    assert_eq!(found, expected);

    // So does the hash that files of parameters carry.
    let hash = |net: &dyn Fn(&std::path::Path)| {
        let path = folder.path().join("net.safetensors");
        net(&path);
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        let start = text.find("\"declaration\"").unwrap();
        text[start..start + 32].to_owned()
    };
    let of_before = hash(&|path| before::Outer::seeded(1).save(path).unwrap());
    let of_after = hash(&|path| after::Outer::seeded(1).save(path).unwrap());
    assert_ne!(of_before, of_after);
    let again = hash(&|path| before::Outer::seeded(2).save(path).unwrap());
    assert_eq!(of_before, again);
}

#[test]
fn another_optimizer_is_refused() {
    let mut trainer = Trainer::new(Momentum::new(0.1, 0.9));
    let error = resumed(Net::seeded(1), &mut trainer, &checkpoint()).unwrap_err();
    assert!(
        matches!(&error, Error::State { part, problem: StateProblem::Missing } if part == "velocity"),
        "{error}"
    );
}

#[test]
fn other_batches_are_refused_before_the_first_step() {
    let content = checkpoint();
    let (train, test) = (points(1), points(2));
    let mut fewer = points(1);
    fewer.x.pop();
    fewer.t.pop();
    let fit = |trainer: Trainer<Adam>, data: &Dataset<[f32; 4], u8>| {
        let mut trainer = trainer;
        resumed(Net::seeded(3), &mut trainer, &content).unwrap();
        trainer
            .fit(&mut Net::seeded(3), data, &test)
            .unwrap_err()
            .to_string()
    };
    let expected = |what: &str| {
        format!(
            "the training that goes on here has {what}: with that it would not be the same; \
             begin a new one from its parameters, `Network::load`"
        )
    };
    assert_eq!(
        fit(adam().batch_size(16), &train),
        expected("batch_size = 8, and now 16")
    );
    assert_eq!(fit(adam().seed(1), &train), expected("seed = 0, and now 1"));
    assert_eq!(
        fit(adam().drop_last(true), &train),
        expected("drop_last = false, and now true")
    );
    assert_eq!(
        fit(adam(), &fewer),
        expected("samples of training = 51, and now 50")
    );
}

#[test]
fn parameters_alone_are_no_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.safetensors");
    Net::seeded(1).save(&path).unwrap();
    let content = std::fs::read(&path).unwrap();
    let found = problem(resumed(Net::seeded(1), &mut adam(), &content));
    assert!(found.starts_with("is no checkpoint"), "{found}");
}

#[test]
fn every_byte_that_is_wrong_and_every_end_that_is_missing_is_noticed() {
    let content = checkpoint();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.safetensors");
    let load = |content: &[u8]| {
        std::fs::write(&path, content).unwrap();
        let (mut net, mut trainer) = (Net::seeded(1), adam());
        let result = trainer.resume_from(&mut net, &path);
        if result.is_err() {
            assert_eq!(bits(&net), bits(&Net::seeded(1)));
        }
        result
    };
    load(&content).unwrap();
    for length in 0..content.len() {
        assert!(
            matches!(load(&content[..length]), Err(Error::Load { .. })),
            "{length}"
        );
    }
    for place in 0..content.len() {
        let mut content = content.clone();
        content[place] ^= 1 << (place % 8);
        assert!(matches!(load(&content), Err(Error::Load { .. })), "{place}");
    }
}

/// Forged, with the right checksum: each text and each array is checked by itself.
#[test]
fn what_cannot_be_is_refused() {
    let content = checkpoint();
    let forged = |from: &str, to: &str| {
        assert_eq!(from.len(), to.len());
        let place = content
            .windows(from.len())
            .position(|bytes| bytes == from.as_bytes());
        let place = place.expect(from);
        let mut content = content.clone();
        content[place..place + from.len()].copy_from_slice(to.as_bytes());
        // CRC-32 of zlib over everything, with zeros for its own digits.
        let digits = 8 + r#"{"__metadata__":{"crc32":""#.len();
        content[digits..digits + 8].copy_from_slice(b"00000000");
        let crc = content.iter().fold(!0_u32, |crc, &byte| {
            let byte = crc ^ u32::from(byte);
            (0..8).fold(byte, |crc, _| {
                (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
            })
        });
        content[digits..digits + 8].copy_from_slice(format!("{:08x}", !crc).as_bytes());
        problem(resumed(Net::seeded(1), &mut adam(), &content))
    };
    let cannot = |part: &str| format!("is a checkpoint that cannot be read: {part}");
    assert_eq!(
        forged(r#""checkpoint":"1""#, r#""checkpoint":"2""#),
        cannot("`checkpoint` should be `1`")
    );
    assert_eq!(
        forged(r#""steps":"2""#, r#""steps":"x""#),
        cannot("`steps` should be a whole number from 0 on")
    );
    assert_eq!(
        forged(r#""steps":"2""#, r#""steps":"1""#),
        cannot("`steps` should be the steps before the run, and those of the epoch, at least")
    );
    assert_eq!(
        forged(r#""draws_step":"2""#, r#""draws_step":"x""#),
        cannot("`draws_step` should be a whole number")
    );
    assert_eq!(
        forged(r#""draws_seed":"3""#, r#""draws_need":"3""#),
        cannot("`draws_seed` should be in the header")
    );
    assert_eq!(
        forged(r#""epochs":"0""#, r#""epoch2":"0""#),
        cannot("`epochs` should be in the header")
    );
    assert_eq!(
        forged(r#""drop_last":"false""#, r#""drop_last":"fals ""#),
        cannot("`drop_last` should be `true` or `false`")
    );
    assert_eq!(
        forged("trainer/mean\"", "trainer/mess\""),
        cannot("`trainer/mean` should be among the arrays")
    );
    assert_eq!(
        forged("history/losses", "history/lasses"),
        cannot("`history/losses` should be among the arrays")
    );
    assert_eq!(
        forged(r#""shape":[1,5]"#, r#""shape":[5,1]"#),
        cannot("`history/losses` should be rows of 5 numbers")
    );
}

struct Forgetful(Sgd);

impl Optimizer<f32> for Forgetful {
    fn step(
        &mut self,
        params: &mut dyn Parameters<f32>,
        gradient: &dyn Parameters<f32>,
    ) -> nn_core::Result<()> {
        self.0.step(params, gradient)
    }

    fn lr(&self) -> f64 {
        Optimizer::<f32>::lr(&self.0)
    }

    fn set_lr(&mut self, lr: f64) {
        Optimizer::<f32>::set_lr(&mut self.0, lr);
    }
}

#[test]
fn what_cannot_be_saved_is_said_before_the_first_step() {
    let (train, test) = (points(1), points(2));
    let folder = tempfile::tempdir().unwrap();
    let mut net = Net::seeded(3);
    let mut steps = 0;
    let mut fit = |trainer: Trainer<Forgetful>| {
        let mut trainer = trainer.on_event(|_: &Event| steps += 1);
        trainer.fit(&mut net, &train, &test).unwrap_err()
    };
    let trainer = || Trainer::new(Forgetful(Sgd::new(0.1)));
    assert!(matches!(
        fit(trainer().checkpoint(folder.path(), 5)),
        Error::NoState
    ));
    let never = fit(trainer().checkpoint(folder.path(), 0));
    assert!(
        matches!(
            never,
            Error::HyperParameter {
                name: "checkpoint",
                ..
            }
        ),
        "{never}"
    );
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    assert_eq!(steps, 0);
    let mut sgd = Trainer::new(Sgd::new(0.1)).checkpoint(&file, 5).silent();
    assert!(matches!(
        sgd.fit(&mut net, &train, &test),
        Err(Error::Io { .. })
    ));
    assert_eq!(bits(&net), bits(&Net::seeded(3)));
}

#[test]
fn two_trainings_do_not_share_a_folder() {
    let (train, test) = (points(1), points(2));
    let folder = tempfile::tempdir().unwrap();
    let trainer = || adam().checkpoint(folder.path(), 2);
    let mut net = Net::seeded(3);
    let history = trainer().fit(&mut net, &train, &test).unwrap();
    let error = trainer()
        .fit(&mut Net::seeded(3), &train, &test)
        .unwrap_err();
    assert!(
        matches!(error, Error::Checkpoints { step: 3, .. }),
        "{error}"
    );
    // The same one may go on.
    let (mut again, mut resuming) = (Net::seeded(3), trainer());
    assert_eq!(resuming.resume(&mut again).unwrap(), Some(3));
    let resumed = resuming.fit(&mut again, &train, &test).unwrap();
    assert_eq!(timeless(&resumed), timeless(&history));
    resuming.fit(&mut again, &train, &test).unwrap();
    assert_eq!(trainer().resume(&mut again).unwrap(), Some(6));
    // Nor does a damaged file pass for the newest.
    std::fs::write(folder.path().join("step-0000000007.safetensors"), "x").unwrap();
    let error = trainer().resume(&mut again).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Load {
                problem: LoadProblem::Truncated { .. },
                ..
            }
        ),
        "{error}"
    );
}

/// A checkpoint goes on with the callbacks that remember something, no more and no fewer of them; others do not matter.
#[test]
fn callbacks_that_remember_must_be_the_same() {
    struct Idle;
    impl Callback<Net> for Idle {}
    let stopping = || EarlyStopping::new(Watch::TestLoss);
    let fresh = || {
        Trainer::new(Adam::new(0.01))
            .batch_size(8)
            .steps(2)
            .silent()
    };
    let folder = tempfile::tempdir().unwrap();
    let mut trainer = fresh().callback(stopping()).checkpoint(folder.path(), 2);
    let fit = trainer.fit(&mut Net::seeded(3), &points(1), &points(2));
    fit.unwrap();

    let folder = folder.path();
    let mut net = Net::seeded(4);
    let before = bits(&net);
    let mut without = fresh().checkpoint(folder, 2);
    let two = fresh().callback(stopping()).callback(stopping());
    let mut two = two.checkpoint(folder, 2);
    let errors = [without.resume(&mut net), two.resume(&mut net)].map(|it| it.unwrap_err());
    assert_eq!(
        errors.map(|error| error.to_string()),
        [
            "the state does not fit: `early_stopping/best` is not remembered here",
            "the state does not fit: `early_stopping2/best` is missing",
        ]
    );
    assert_eq!(bits(&net), before);
    // The first one had found its part, and gave it back.
    let (((), first), second) = two.callbacks();
    assert_eq!((first.best(), second.best()), (None, None));

    let mut same = fresh().callback(Idle).callback(stopping()).callback(Idle);
    same = same.checkpoint(folder, 2);
    assert_eq!(same.resume(&mut net).unwrap(), Some(2));
    assert!(same.callbacks().0.1.best().is_some());
}
