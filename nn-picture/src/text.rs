//! How wide text is, and how it is written into other languages.

use std::fmt::Write as _;

/// The width of a line at a font size of 1, as in the widest of the fonts that browsers use when a page says `sans-serif`.
#[must_use]
pub fn width(text: &str) -> f64 {
    text.chars().map(character_width).sum()
}

/// The same in bold letters.
pub(crate) fn bold_width(text: &str) -> f64 {
    1.13 * width(text)
}

fn character_width(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | '\'' | '|' => 0.30,
        ' ' | '.' | ',' | ':' | ';' | '·' | '!' => 0.34,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '-' | '/' | '"' => 0.42,
        'm' | 'w' | 'M' | 'W' | '×' | '…' | '@' | '%' => 1.0,
        'A'..='Z' | '=' | '+' | '<' | '>' | '&' | '~' | '#' => 0.84,
        '_' => 0.52,
        'a'..='z' | '0'..='9' => 0.64,
        character if (character as u32) < 0x1100 => 0.86,
        _ => 1.15,
    }
}

/// A line of at most so many characters.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let start: String = text.chars().take(most - 1).collect();
    format!("{}…", start.trim_end())
}

/// Digits in groups of three: `39,760`.
#[must_use]
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `SoftmaxWithLoss` as `softmax_with_loss`.
pub(crate) fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for (place, character) in name.chars().enumerate() {
        if character.is_uppercase() && place > 0 {
            text.push('_');
        }
        text.extend(character.to_lowercase());
    }
    text
}

/// As text or an attribute of XML.
#[must_use]
pub fn xml(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            character if character.is_control() => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped
}

/// As a quoted string of Graphviz.
pub(crate) fn dot(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    escaped.replace(char::is_control, " ")
}

/// As a quoted string of Mermaid, whose entities begin with `#`.
pub(crate) fn mermaid(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '#' | '"' | '<' | '>' | '&' | '`' => {
                let _ = write!(escaped, "#{};", character as u32);
            }
            character if character.is_control() => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped
}
