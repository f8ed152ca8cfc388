//! A process that trains, writes checkpoints, and goes on where the last one was stopped. `child FOLDER [MILLISECONDS PER STEP]`

mod training;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use nn_core::Event;
use training::{Net, points, trainer};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().expect("a folder"));
    let delay = arguments.next().and_then(|delay| delay.parse().ok());
    let delay = delay.map(Duration::from_millis);

    let mut net = Net::seeded(3);
    let mut trainer = trainer()
        .checkpoint(folder.join("checkpoints"), 3)
        .stop_on_ctrl_c()
        .on_event(|event| match (event, delay) {
            (Event::Step { step, .. }, Some(delay)) => {
                println!("{step}");
                std::io::stdout().flush().expect("somebody listens");
                std::thread::sleep(delay);
            }
            (Event::Stopped { .. }, _) => println!("{event}"),
            _ => {}
        });
    trainer.resume(&mut net).expect("a whole checkpoint");
    let history = trainer.fit(&mut net, &points(1), &points(2));
    if history.expect("training goes well").stopped {
        return ExitCode::from(130);
    }
    net.save(folder.join("trained.safetensors"))
        .expect("a place to write");
    ExitCode::SUCCESS
}
