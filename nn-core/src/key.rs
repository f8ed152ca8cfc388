//! Keys of parameters: labels and a symbol, with points between them. They are put together when somebody asks for them, and not
//! while an optimizer goes through parameters.

use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, PoisonError};

/// A key in its parts, the innermost first: `W`, `affine1`, `encoder1`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    parts: [&'static str; Key::PARTS],
    count: usize,
}

impl Key {
    /// Deeper ones are put together on the way.
    const PARTS: usize = 4;

    /// A symbol, or a whole key.
    pub(crate) fn of(key: &'static str) -> Self {
        let mut parts = [""; Self::PARTS];
        parts[0] = key;
        Self { parts, count: 1 }
    }

    /// With this label before it.
    pub(crate) fn under(mut self, label: &'static str) -> Self {
        if self.parts[..self.count] == [""] {
            return Self::of(label);
        }
        if self.count == Self::PARTS {
            self = Self::of(self.text());
        }
        self.parts[self.count] = label;
        self.count += 1;
        self
    }

    pub(crate) fn text(&self) -> &'static str {
        match self.parts[..self.count] {
            [whole] => whole,
            ref parts => {
                let outermost_first: Vec<&str> = parts.iter().rev().copied().collect();
                kept(outermost_first.join("."))
            }
        }
    }
}

/// The same text for as long as the program runs. There are as many as there are parameters in its declarations.
fn kept(text: String) -> &'static str {
    static TEXTS: LazyLock<Mutex<HashSet<&'static str>>> = LazyLock::new(Mutex::default);
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(kept) = texts.get(text.as_str()) {
        return kept;
    }
    let kept: &'static str = text.leak();
    texts.insert(kept);
    kept
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn labels_come_first_however_many() {
        let key = Key::of("").under("W").under("affine1");
        assert_eq!(key.text(), "affine1.W");
        let deep = ["a", "b", "c", "d", "e", "f"]
            .into_iter()
            .fold(key, Key::under);
        assert_eq!(deep.text(), "f.e.d.c.b.a.affine1.W");
        assert_eq!(Key::of("hidden.b").text(), "hidden.b");
    }

    #[test]
    fn a_key_is_kept_once() {
        let text = || Key::of("W").under("kept_once").text().as_ptr();
        assert_eq!(text(), text());
    }
}
