//! A process that is killed at any moment.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use nn_core::Rng;

use crate::training::{Net, points, trainer};
use crate::{bits, timeless};

const KILLS: usize = 200;

/// 8 an epoch.
const STEPS: usize = 8 * 50;

fn child(folder: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_interrupted_training"))
        .arg(folder)
        .stdout(Stdio::null())
        .spawn()
        .expect("the program is built with the tests")
}

/// 200 times: kill it, see that the newest checkpoint is whole, and that a training which goes on from it here ends in the same
/// bits as one that was never interrupted. The process goes on from there too, until it is killed again or has finished.
#[test]
fn a_training_that_is_killed_loses_at_most_a_few_steps() {
    let (train, test) = (points(1), points(2));
    let mut whole = Net::seeded(3);
    let history = trainer().fit(&mut whole, &train, &test).unwrap();
    let (whole, history) = (bits(&whole), timeless(&history));
    assert_eq!(history.steps, STEPS);

    let rng = &mut Rng::seeded(1);
    let folder = tempfile::tempdir().unwrap();
    let checkpoints = folder.path().join("checkpoints");
    let trained = folder.path().join("trained.safetensors");
    let (mut kills, mut finished, mut in_training) = (0, 0, 0);
    while kills < KILLS {
        let mut child = child(folder.path());
        std::thread::sleep(Duration::from_micros(rng.below(60_000) as u64));
        child.kill().unwrap();
        let ended = child.wait().unwrap();

        let (mut net, mut resumed) = (Net::seeded(4), trainer().checkpoint(&checkpoints, 1));
        let step = resumed.resume(&mut net).unwrap();
        // Without writing: the process is to go on itself.
        let (mut net, mut resumed) = (Net::seeded(3), trainer());
        if let Some(step) = step {
            let newest = checkpoints.join(format!("step-{step:010}.safetensors"));
            resumed.resume_from(&mut net, &newest).unwrap();
            in_training += usize::from(step < STEPS);
        }
        let now = resumed.fit(&mut net, &train, &test).unwrap();
        assert_eq!(bits(&net), whole, "after step {step:?}");
        assert_eq!(timeless(&now), history, "after step {step:?}");

        if ended.success() {
            finished += 1;
            assert_eq!(bits(&Net::load(&trained).unwrap()), whole);
            std::fs::remove_dir_all(&checkpoints).unwrap();
        } else {
            kills += 1;
        }
    }
    println!("{kills} kills, {in_training} of them in training, {finished} trainings to the end");
    assert!(in_training > KILLS / 4, "{in_training}");
    assert!(finished > 0);
}
