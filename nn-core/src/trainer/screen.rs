//! What a training shows: a progress bar and a table on a terminal, plain lines elsewhere.

mod live;
mod text;

pub(super) use text::{bytes, count};

use std::env;
use std::io::{self, IsTerminal as _, Write as _};
use std::time::Instant;

use super::Event;
use live::{Live, Look};

/// Where events are shown, and how.
#[derive(Clone, Debug, Default)]
pub(super) struct Screen {
    pub(super) choice: Choice,
    /// Whether the layers are shown before the first step; by default where there is a progress bar.
    pub(super) summary: Option<bool>,
    /// They have been.
    has_summary: bool,
    shown: Shown,
}

/// What the user wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Choice {
    /// Whatever the output is.
    #[default]
    Auto,
    Lines,
    Nothing,
}

/// How the present call of `fit` is shown.
#[derive(Clone, Debug, Default)]
enum Shown {
    #[default]
    Nothing,
    Lines,
    Live(Box<(Live, Instant)>),
}

impl Screen {
    /// A call of `fit` begins. `summary` is asked for where it is shown.
    pub(super) fn begin(&mut self, samples_per_step: usize, summary: &dyn Fn() -> String) {
        self.shown = match self.choice {
            Choice::Nothing => Shown::Nothing,
            Choice::Lines => Shown::Lines,
            Choice::Auto => match look() {
                Some(look) => {
                    let live = Live::new(look, samples_per_step);
                    Shown::Live(Box::new((live, Instant::now())))
                }
                None => Shown::Lines,
            },
        };
        let wanted = match self.shown {
            Shown::Nothing => false,
            Shown::Lines => self.summary.unwrap_or(false),
            Shown::Live(_) => self.summary.unwrap_or(true),
        };
        if wanted && !self.has_summary {
            self.has_summary = true;
            write(&format!("{}\n\n", summary()));
        }
    }

    pub(super) fn show(&mut self, event: &Event) {
        match &mut self.shown {
            Shown::Nothing => {}
            Shown::Lines => {
                if !matches!(event, Event::Step { .. }) {
                    write(&format!("{event}\n"));
                }
            }
            Shown::Live(live) => {
                let (live, start) = &mut **live;
                write(&live.show(event, start.elapsed()));
            }
        }
    }

    /// The call of `fit` has come to its end, whatever that was.
    pub(super) fn end(&mut self) {
        if let Shown::Live(live) = &mut self.shown {
            write(&live.0.clear());
        }
        self.shown = Shown::Nothing;
    }
}

/// A closed pipe, as behind `| head`, is no reason to stop.
fn write(text: &str) {
    if text.is_empty() {
        return;
    }
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}

/// What the terminal can show; `None` where there is none, or one that only knows lines.
fn look() -> Option<Look> {
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    if !io::stdout().is_terminal() || is_dumb {
        return None;
    }
    // The first of these that is set says which characters there are.
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter();
    let locale = locale
        .filter_map(env::var_os)
        .find(|value| !value.is_empty());
    let is_utf8 = locale.is_some_and(|locale| {
        let locale = locale.to_string_lossy().to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    });
    Some(Look {
        unicode: is_utf8 || cfg!(windows),
        color: !is_set("NO_COLOR"),
    })
}
