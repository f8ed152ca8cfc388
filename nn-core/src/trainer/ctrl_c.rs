//! Ctrl-C, and SIGTERM, with which machines are shut down: noticed between two steps, while a training asks for it.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::error::{Error, Result};

/// What the handlers look at. They are there from the first training on that asks for them, and until the end of the process.
struct Handlers {
    /// Ctrl-C was pressed.
    stop: Arc<AtomicBool>,
    /// No training asks: signals do what they did before.
    idle: Arc<AtomicBool>,
    /// How many trainings ask.
    watching: usize,
}

static HANDLERS: Mutex<Option<Handlers>> = Mutex::new(None);

fn handlers() -> MutexGuard<'static, Option<Handlers>> {
    HANDLERS.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Handlers {
    fn register() -> io::Result<Self> {
        /// What shells say of a process that a signal has ended.
        const BY_SIGNAL: i32 = 128;
        let stop = Arc::new(AtomicBool::new(false));
        let idle = Arc::new(AtomicBool::new(true));
        for signal in [SIGINT, SIGTERM] {
            // In this order: what comes first sees the flag as it was before.
            flag::register_conditional_default(signal, Arc::clone(&idle))?;
            flag::register_conditional_shutdown(signal, BY_SIGNAL + signal, Arc::clone(&stop))?;
            flag::register(signal, Arc::clone(&stop))?;
        }
        Ok(Self {
            stop,
            idle,
            watching: 0,
        })
    }
}

/// As long as it lives, a first Ctrl-C is noticed here, and a second one ends the process.
pub(super) struct CtrlC {
    stop: Arc<AtomicBool>,
}

impl CtrlC {
    pub(super) fn watch() -> Result<Self> {
        let mut handlers = handlers();
        let handlers = match &mut *handlers {
            Some(handlers) => handlers,
            none => none.insert(Handlers::register().map_err(Error::Signals)?),
        };
        if handlers.watching == 0 {
            handlers.stop.store(false, Ordering::SeqCst);
            handlers.idle.store(false, Ordering::SeqCst);
        }
        handlers.watching += 1;
        Ok(Self {
            stop: Arc::clone(&handlers.stop),
        })
    }

    pub(super) fn is_pressed(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

impl Drop for CtrlC {
    fn drop(&mut self) {
        if let Some(handlers) = &mut *handlers() {
            handlers.watching -= 1;
            if handlers.watching == 0 {
                handlers.idle.store(true, Ordering::SeqCst);
            }
        }
    }
}
