//! Without the feature `ctrl-c` nobody can ask for it.

use crate::error::{Error, Result};

pub(super) enum CtrlC {}

impl CtrlC {
    pub(super) fn watch() -> Result<Self> {
        Err(Error::Signals(std::io::ErrorKind::Unsupported.into()))
    }

    pub(super) fn is_pressed(&self) -> bool {
        match *self {}
    }
}
