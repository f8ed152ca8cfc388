//! Writes event files for `read_events.py`: of a training that is killed and resumed; and, as JSON lines, of one that is not.

mod training;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("expected a folder");
        return ExitCode::FAILURE;
    };
    match write(Path::new(&folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(folder: &Path) -> nn_core::Result<()> {
    for (name, kills) in [("whole", &[][..]), ("killed", &[11, 17, 33])] {
        let folder = folder.join(name);
        std::fs::create_dir_all(&folder).map_err(nn_core::Error::callback)?;
        for &step in kills {
            let _ = training::run(&folder, 7, Some(step));
        }
        let net = training::run(&folder, 7, None)?;
        net.save(folder.join("parameters.npz"))?;
    }
    training::Net::seeded(3).save(folder.join("initial.npz"))
}
