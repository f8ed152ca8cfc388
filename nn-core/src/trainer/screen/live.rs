//! The progress bar of an epoch, and the table of those that have been.
//!
//! A bar is one line that is written over again and again. It is told not to be wrapped, so that a narrow terminal cuts it off at its edge,
//! wherever that is: what matters most stands first, and nobody has to know how wide the terminal is.

use std::time::Duration;

use super::text::{clock, count, name, number, per_step, rate, seconds};
use crate::metrics::MetricValue;
use crate::trainer::Event;

/// What the terminal can show.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    pub(super) unicode: bool,
    pub(super) color: bool,
}

/// How often the bar is drawn at most.
const FRAME: Duration = Duration::from_millis(100);

/// To the beginning of the line, and nothing in it.
const CLEAR: &str = "\r\x1b[2K";
const NO_WRAP: &str = "\x1b[?7l";
const WRAP: &str = "\x1b[?7h";
const GREEN: &str = "\x1b[32m";
const DIM: &str = "\x1b[2m";
const PLAIN: &str = "\x1b[0m";

/// How many characters the bar has.
const BAR: usize = 10;

#[derive(Clone, Debug)]
pub(super) struct Live {
    look: Look,
    samples_per_step: usize,
    /// Whether there is a bar on the screen.
    is_drawn: bool,
    drawn_at: Duration,
    /// The names of the columns, once they are there.
    header: String,
    epoch_began: Duration,
    /// The losses of the epoch so far.
    sum: f64,
    steps: usize,
    /// The steps of this call of `fit`.
    all_steps: usize,
}

impl Live {
    pub(super) fn new(look: Look, samples_per_step: usize) -> Self {
        Self {
            look,
            samples_per_step,
            is_drawn: false,
            drawn_at: Duration::ZERO,
            header: String::new(),
            epoch_began: Duration::ZERO,
            sum: 0.0,
            steps: 0,
            all_steps: 0,
        }
    }

    /// What is written to the terminal when this happens, so long after the beginning.
    pub(super) fn show(&mut self, event: &Event, now: Duration) -> String {
        match event {
            Event::Step { loss, .. } => {
                self.sum += loss;
                self.steps += 1;
                self.all_steps += 1;
                // Epochs that are shorter than that have no bar: it would only flicker.
                if now.saturating_sub(self.drawn_at) < FRAME {
                    return String::new();
                }
                self.drawn_at = now;
                self.is_drawn = true;
                let bar = self.bar(event, now);
                format!("{CLEAR}{NO_WRAP}{bar}{WRAP}")
            }
            Event::Interval { .. } => String::new(),
            Event::Epoch { .. } => {
                let row = self.row(event, now);
                (self.sum, self.steps, self.epoch_began) = (0.0, 0, now);
                format!("{}{row}", self.clear())
            }
            _ => format!("{}{event}\n", self.clear()),
        }
    }

    /// Takes the bar away.
    pub(super) fn clear(&mut self) -> String {
        if std::mem::take(&mut self.is_drawn) {
            CLEAR.to_owned()
        } else {
            String::new()
        }
    }

    fn bar(&self, event: &Event, now: Duration) -> String {
        let &Event::Step {
            epoch,
            iter,
            iters,
            step,
            last_step,
            ..
        } = event
        else {
            return String::new();
        };
        let left_of_all = last_step.saturating_sub(step);
        let end = iters.min(iter.saturating_add(left_of_all)).max(iter);
        let epochs = epoch + (left_of_all.saturating_sub(end - iter)).div_ceil(iters.max(1));
        let of_epoch = now.saturating_sub(self.epoch_began).as_secs_f64() / self.steps as f64;
        let mut parts = vec![
            format!("{epoch}/{epochs} {} {iter}/{end}", self.gauge(iter, end)),
            format!("loss {}", number(self.sum / self.steps as f64)),
            format!("{} left", clock(of_epoch * (end - iter) as f64)),
            per_step(of_epoch, self.look.unicode),
            format!(
                "{} samples/s",
                count(self.samples_per_step as f64 / of_epoch)
            ),
        ];
        if left_of_all > end - iter {
            // With the evaluations, which come after epochs.
            let each = now.as_secs_f64() / self.all_steps as f64;
            parts.push(format!("{} in all", clock(each * left_of_all as f64)));
        }
        parts.join("  ")
    }

    /// How much of an epoch has passed.
    fn gauge(&self, iter: usize, end: usize) -> String {
        let halves = 2 * BAR * iter / end.max(1);
        let (full, half) = (halves / 2, halves % 2);
        let Look { unicode, color } = self.look;
        if !unicode {
            return format!("[{}{}]", "#".repeat(full), "-".repeat(BAR - full));
        }
        let done = "━".repeat(full) + ["", "╸"][half];
        let rest = BAR - full - half;
        if color {
            format!("{GREEN}{done}{PLAIN}{DIM}{}{PLAIN}", "━".repeat(rest))
        } else {
            format!("{done}{}", " ".repeat(rest))
        }
    }

    /// The row of an epoch, below the names of the columns where they are not there yet.
    fn row(&mut self, event: &Event, now: Duration) -> String {
        let Event::Epoch {
            epoch,
            lr,
            loss,
            test_loss,
            train_accuracy,
            test_accuracy,
            metrics,
            ..
        } = event
        else {
            return String::new();
        };
        let mut cells = vec![
            ("epoch".to_owned(), epoch.to_string()),
            ("loss".to_owned(), number(*loss)),
        ];
        let figures = [
            ("test loss", test_loss),
            ("train acc", train_accuracy),
            ("test acc", test_accuracy),
        ];
        for (name, figure) in figures {
            cells.extend(figure.map(|figure| (name.to_owned(), number(figure))));
        }
        for MetricValue { name: given, value } in metrics {
            cells.push((name(given), number(*value)));
        }
        let time = now.saturating_sub(self.epoch_began).as_secs_f64();
        cells.push(("lr".to_owned(), rate(*lr)));
        cells.push(("time".to_owned(), seconds(time)));

        let aligned = |index: usize, text: &str| {
            let least = if index == 0 { 5 } else { 8 };
            let width = cells[index].0.chars().count().max(least);
            format!("{text:>width$}")
        };
        let names = cells.iter().enumerate();
        let header: Vec<String> = names
            .map(|(index, (name, _))| aligned(index, name))
            .collect();
        let values = cells.iter().enumerate();
        let row: Vec<String> = values
            .map(|(index, (_, cell))| aligned(index, cell))
            .collect();
        let (header, row) = (header.join("  "), row.join("  "));
        if header == self.header {
            return format!("{row}\n");
        }
        let shown = if self.look.color {
            format!("{DIM}{header}{PLAIN}\n{row}\n")
        } else {
            format!("{header}\n{row}\n")
        };
        self.header = header;
        shown
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Live, Look};
    use crate::metrics::MetricValue;
    use crate::trainer::{EpochRecord, Event};

    fn live(unicode: bool, color: bool) -> Live {
        Live::new(Look { unicode, color }, 100)
    }

    fn step(step: usize, loss: f64) -> Event {
        Event::Step {
            epoch: (step - 1) / 600 + 1,
            iter: (step - 1) % 600 + 1,
            iters: 600,
            step,
            last_step: 1_500,
            loss,
            lr: 0.1,
        }
    }

    fn epoch(epoch: usize, metrics: Vec<MetricValue>) -> Event {
        Event::from(EpochRecord {
            epoch,
            lr: 0.1,
            loss: 0.5,
            test_loss: Some(0.25),
            test_accuracy: Some(0.875),
            metrics,
            ..EpochRecord::default()
        })
    }

    fn at(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// By hand: 300 steps of 600 in 0.3 s are 1 ms a step, 100,000 samples a second; 0.3 s are left of the epoch, 1.2 s of all 1,500 steps, which are
    /// three epochs.
    #[test]
    fn a_bar_says_how_far_and_how_fast() {
        let mut bar = live(true, false);
        for index in 1..300 {
            assert_eq!(bar.show(&step(index, 1.0), at(index as u64 / 3)), "");
        }
        let expected = "\r\x1b[2K\x1b[?7l1/3 ━━━━━      300/600  loss 1.0000  0:00 left  \
                        1.00 ms/step  100 k samples/s  0:01 in all\x1b[?7h";
        assert_eq!(bar.show(&step(300, 1.0), at(300)), expected);
        // Not again at once; and a row takes its place.
        assert_eq!(bar.show(&step(301, 1.0), at(350)), "");
        let expected = "\r\x1b[2Kepoch      loss  test loss  test acc        lr      time\n    \
                        1    0.5000     0.2500    0.8750       0.1    0.60 s\n";
        assert_eq!(bar.show(&epoch(1, Vec::new()), at(600)), expected);
        assert_eq!(bar.clear(), "");
    }

    /// The last epoch ends after 300 steps; the loss is the mean of 2 and 1.
    #[test]
    fn the_last_epoch_may_be_shorter() {
        let mut bar = live(false, false);
        let _ = bar.show(&epoch(2, Vec::new()), at(10_000));
        assert!(!bar.show(&step(1_201, 2.0), at(10_001)).is_empty());
        let shown = bar.show(&step(1_275, 1.0), at(10_150));
        let expected =
            "3/3 [##--------] 75/300  loss 1.5000  0:17 left  75.0 ms/step  1333 samples/s";
        assert_eq!(shown, format!("\r\x1b[2K\x1b[?7l{expected}\x1b[?7h"));
        assert_eq!(bar.clear(), "\r\x1b[2K");
    }

    #[test]
    fn a_header_comes_again_where_columns_change() {
        let mut table = live(true, true);
        let metric = |name: &str| {
            let (name, value) = (name.to_owned(), 0.5);
            vec![MetricValue { name, value }]
        };
        let first = table.show(&epoch(1, metric("f1")), at(1_000));
        assert_eq!(first.lines().count(), 2);
        assert!(first.starts_with("\x1b[2mepoch") && first.contains("        f1  "));
        assert_eq!(
            table
                .show(&epoch(2, metric("f1")), at(2_000))
                .lines()
                .count(),
            1
        );
        assert_eq!(
            table
                .show(&epoch(3, metric("a\nb")), at(3_000))
                .lines()
                .count(),
            2
        );
        let half = table.show(&step(45, 1.0), at(4_000));
        assert!(
            half.contains("1/3 \x1b[32m╸\x1b[0m\x1b[2m━━━━━━━━━\x1b[0m 45/600"),
            "{half}"
        );
        let ended = Event::Ended {
            epoch: 3,
            step: 45,
            reason: "enough".to_owned(),
        };
        let expected = "\r\x1b[2K| epoch 3 | ended after step 45: enough\n";
        assert_eq!(table.show(&ended, at(5_000)), expected);
    }

    #[test]
    fn steps_of_no_time_and_epochs_of_no_steps_are_shown_too() {
        let mut bar = live(true, false);
        let huge = Event::Step {
            epoch: 1,
            iter: 1,
            iters: 0,
            step: 1,
            last_step: usize::MAX,
            loss: f64::INFINITY,
            lr: 0.1,
        };
        let shown = bar.show(&huge, at(200));
        assert!(
            shown.contains("loss inf") && shown.contains("years in all"),
            "{shown}"
        );
    }
}
