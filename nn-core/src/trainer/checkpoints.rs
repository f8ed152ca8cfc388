//! The folder of checkpoints: which is the newest, and which are too many.

use std::fs;
use std::io;
use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::files::UNFINISHED;

/// Where checkpoints are written, and when.
#[derive(Clone, Debug)]
pub(super) struct Checkpoints {
    pub(super) folder: PathBuf,
    /// After how many steps.
    pub(super) every: usize,
    /// How many of the newest stay.
    pub(super) keep: usize,
}

const PREFIX: &str = "step-";
const SUFFIX: &str = ".safetensors";

impl Checkpoints {
    /// The file for a checkpoint after so many steps: in the order of steps, where names are sorted.
    pub(super) fn path(&self, step: usize) -> PathBuf {
        self.folder.join(format!("{PREFIX}{step:010}{SUFFIX}"))
    }

    /// The steps after which there is a checkpoint, from the first on; none in a folder that is not there.
    fn steps(&self) -> Result<Vec<usize>> {
        let mut steps: Vec<usize> = self
            .names()?
            .iter()
            .filter_map(|name| step_of(name))
            .collect();
        steps.sort_unstable();
        Ok(steps)
    }

    fn create_folder(&self) -> Result<()> {
        fs::create_dir_all(&self.folder).map_err(|source| Error::io(&self.folder, source))
    }

    /// Removes checkpoints beyond those that are kept, and what was being written when a process ended.
    pub(super) fn remove_surplus(&self) -> Result<()> {
        let steps = self.steps()?;
        let surplus = steps.len().saturating_sub(self.keep.max(1));
        let old = steps[..surplus].iter().map(|&step| self.path(step));
        let names = self.names()?;
        let unfinished = names.iter().filter(|name| {
            let name = name.strip_prefix('.').unwrap_or_default();
            name.starts_with(PREFIX) && name.ends_with(UNFINISHED)
        });
        for path in old.chain(unfinished.map(|name| self.folder.join(name))) {
            fs::remove_file(&path).map_err(|source| Error::io(&path, source))?;
        }
        Ok(())
    }

    pub(super) fn check_interval(&self) -> Result<()> {
        super::settings::positive("checkpoint", self.every)
    }

    /// Makes a folder that a trainer which has made so many steps can write to.
    pub(super) fn make_ready(&self, steps: usize) -> Result<()> {
        self.create_folder()?;
        match self.steps()?.last() {
            Some(&step) if step > steps => Err(Error::Checkpoints {
                folder: self.folder.clone(),
                step,
            }),
            _ => Ok(()),
        }
    }

    /// The newest one.
    pub(super) fn newest(&self) -> Result<Option<PathBuf>> {
        Ok(self.steps()?.last().map(|&step| self.path(step)))
    }

    fn names(&self) -> Result<Vec<String>> {
        let names = || -> io::Result<Vec<String>> {
            let entries = match fs::read_dir(&self.folder) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
                entries => entries?,
            };
            let name = |entry: io::Result<fs::DirEntry>| Ok(entry?.file_name().into_string().ok());
            entries
                .filter_map(|entry| name(entry).transpose())
                .collect()
        };
        names().map_err(|source| Error::io(&self.folder, source))
    }
}

fn step_of(name: &str) -> Option<usize> {
    name.strip_prefix(PREFIX)?
        .strip_suffix(SUFFIX)?
        .parse()
        .ok()
}
