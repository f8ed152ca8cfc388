//! How many instructions steps took when somebody accepted them, and what has changed since.

use std::collections::BTreeMap;
use std::error::Error;

use serde_json::{Value, json};

/// A change of more than this share is one. Counts repeat to a few instructions, so noise is not what this is for: edits
/// elsewhere move what the compiler inlines, by some tenths of a percent; a pass too many, or a loop that is no vector code any
/// more, changes the row of its kernel by a lot.
const TOLERANCE: f64 = 0.02;

/// Counts, and what they hang on besides the source.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// What `rustc --version` prints.
    pub compiler: String,
    /// The target, and the instruction sets that the counted program found.
    pub processor: String,
    /// Instructions of one step, by its name.
    pub counts: BTreeMap<String, u64>,
}

/// What a comparison says.
#[derive(Debug, PartialEq)]
pub enum Verdict {
    /// Nothing has changed by more than the tolerance.
    Same,
    /// Some steps take fewer instructions, and none takes more.
    Fewer,
    /// A step takes more instructions, or one is new or gone.
    Failed,
}

impl Record {
    /// Reads what [`Record::to_json`] wrote.
    ///
    /// # Errors
    /// Which part is not there or not of its type.
    pub fn parse(text: &str) -> Result<Self, Box<dyn Error>> {
        let record: Value = serde_json::from_str(text)?;
        let word = |name: &str| {
            let word = record[name].as_str().map(str::to_owned);
            word.ok_or(format!("no text under `{name}`"))
        };
        let counts = record["instructions_per_step"].as_object();
        let counts = counts.ok_or("no counts under `instructions_per_step`")?;
        let count = |(name, count): (&String, &Value)| {
            let count = count.as_u64().ok_or(format!("no count under `{name}`"));
            count.map(|count| (name.clone(), count))
        };
        Ok(Self {
            compiler: word("compiler")?,
            processor: word("processor")?,
            counts: counts.iter().map(count).collect::<Result<_, _>>()?,
        })
    }

    /// The record as a file's text.
    #[must_use]
    pub fn to_json(&self) -> String {
        let record = json!({
            "compiler": self.compiler,
            "processor": self.processor,
            "instructions_per_step": self.counts,
        });
        format!("{record:#}\n")
    }

    /// Why counts made with this compiler and processor cannot be compared with these, if so.
    #[must_use]
    pub fn incomparable(&self, compiler: &str, processor: &str) -> Option<String> {
        let differs = |recorded: &str, here: &str| {
            (recorded != here).then(|| format!("recorded with `{recorded}`, here is `{here}`"))
        };
        differs(&self.compiler, compiler).or_else(|| differs(&self.processor, processor))
    }

    /// A line for each step, and what they say together.
    #[must_use]
    pub fn compare(&self, now: &BTreeMap<String, u64>) -> (Vec<String>, Verdict) {
        let (mut lines, mut verdict) = (Vec::new(), Verdict::Same);
        for (name, &count) in now {
            let Some(&recorded) = self.counts.get(name) else {
                lines.push(format!("{name:10} {count:>12}  not recorded"));
                verdict = Verdict::Failed;
                continue;
            };
            let change = count as f64 / recorded as f64 - 1.0;
            let word = if change > TOLERANCE {
                verdict = Verdict::Failed;
                "  MORE"
            } else if change < -TOLERANCE {
                if verdict == Verdict::Same {
                    verdict = Verdict::Fewer;
                }
                "  fewer"
            } else {
                ""
            };
            let percent = change * 100.0;
            lines.push(format!(
                "{name:10} {count:>12}  {percent:+7.2} % of {recorded}{word}"
            ));
        }
        for name in self.counts.keys().filter(|name| !now.contains_key(*name)) {
            lines.push(format!("{name:10} is recorded, and not counted any more"));
            verdict = Verdict::Failed;
        }
        (lines, verdict)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Record, Verdict};

    fn counts<const N: usize>(counts: [(&str, u64); N]) -> BTreeMap<String, u64> {
        counts.map(|(name, n)| (name.to_owned(), n)).into()
    }

    fn record() -> Record {
        Record {
            compiler: "rustc 1.95.0".to_owned(),
            processor: "x86_64-linux avx2 fma".to_owned(),
            counts: counts([("a", 1_000), ("b", 50_000)]),
        }
    }

    #[test]
    fn a_record_survives_its_file() {
        assert_eq!(Record::parse(&record().to_json()).unwrap(), record());
    }

    #[test]
    fn what_is_wrong_with_a_file() {
        for (text, expected) in [
            ("{}", "instructions_per_step"),
            (r#"{"instructions_per_step": {}}"#, "compiler"),
            (
                r#"{"instructions_per_step": {"a": 1.5}, "compiler": "", "processor": ""}"#,
                "`a`",
            ),
            ("a = 1", "expected"),
        ] {
            let error = Record::parse(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn two_percent_up_fail_and_two_percent_down_are_told() {
        for (now, expected) in [
            (counts([("a", 1_019), ("b", 49_001)]), Verdict::Same),
            (counts([("a", 1_021), ("b", 50_000)]), Verdict::Failed),
            (counts([("a", 979), ("b", 50_000)]), Verdict::Fewer),
            (counts([("a", 979), ("b", 51_001)]), Verdict::Failed),
            (counts([("a", 1_021), ("b", 48_000)]), Verdict::Failed),
            (counts([("a", 1_000)]), Verdict::Failed),
            (
                counts([("a", 1_000), ("b", 50_000), ("c", 1)]),
                Verdict::Failed,
            ),
        ] {
            assert_eq!(record().compare(&now).1, expected, "{now:?}");
        }
    }

    #[test]
    fn lines_name_what_changed() {
        let (lines, _) = record().compare(&counts([("a", 1_500), ("b", 40_000)]));
        assert!(lines[0].contains("+50.00 %") && lines[0].ends_with("MORE"));
        assert!(lines[1].contains("-20.00 %") && lines[1].ends_with("fewer"));
    }

    #[test]
    fn another_compiler_or_processor_is_no_yardstick() {
        let why = |compiler, processor| record().incomparable(compiler, processor);
        assert_eq!(why("rustc 1.95.0", "x86_64-linux avx2 fma"), None);
        assert!(why("rustc 1.96.0", "x86_64-linux avx2 fma").is_some());
        assert!(why("rustc 1.95.0", "aarch64-linux").is_some());
    }
}
