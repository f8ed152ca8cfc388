//! Patterns of parameter keys.

use crate::element::Element;
use crate::params::Parameters;

/// The indices of the parameters that a pattern names: `*` stands for any characters, dots too, `?` for any single one. Without
/// either it is a key as it is looked up everywhere, `W1` for short.
pub(super) fn matches<T: Element>(pattern: &str, params: &dyn Parameters<T>) -> Vec<usize> {
    if !pattern.contains(['*', '?']) {
        return params.index_of(pattern).into_iter().collect();
    }
    keys(params)
        .enumerate()
        .filter(|(_, key)| distance(pattern, key) == 0)
        .map(|(index, _)| index)
        .collect()
}

/// The few keys that a pattern comes nearest to.
pub(super) fn nearest<T: Element>(pattern: &str, params: &dyn Parameters<T>) -> Vec<String> {
    const MOST: usize = 3;
    let least = keys(params).map(|key| distance(pattern, key)).min();
    keys(params)
        .filter(|key| Some(distance(pattern, key)) == least)
        .take(MOST)
        .map(str::to_owned)
        .collect()
}

fn keys<T: Element>(params: &dyn Parameters<T>) -> impl Iterator<Item = &str> {
    (0..)
        .map_while(|index| params.tensor(index))
        .map(|tensor| tensor.key())
}

/// How far a key is from matching a pattern: 2 for each character that must be changed, added or left out, 1 for one that is
/// only of the other case.
fn distance(pattern: &str, key: &str) -> usize {
    const EDIT: usize = 2;
    let key: Vec<char> = key.chars().collect();
    // The distance of what was seen of the pattern to each beginning of the key.
    let mut row: Vec<usize> = (0..=key.len()).map(|length| length * EDIT).collect();
    for symbol in pattern.chars() {
        let mut before = row[0];
        if symbol != '*' {
            row[0] += EDIT;
        }
        for (place, &character) in key.iter().enumerate() {
            let change = if symbol == '?' || symbol == character {
                0
            } else if symbol.to_lowercase().eq(character.to_lowercase()) {
                1
            } else {
                EDIT
            };
            let changed = before + change;
            before = row[place + 1];
            row[place + 1] = if symbol == '*' {
                before.min(row[place])
            } else {
                changed.min(before + EDIT).min(row[place] + EDIT)
            };
        }
    }
    row[key.len()]
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn patterns_match_whole_keys() {
        for (pattern, key) in [
            ("*", ""),
            ("*", "affine1.W"),
            ("*.b", "affine1.b"),
            ("*.b", "encoder1.affine1.b"),
            ("head.*", "head.affine1.W"),
            ("affine?.W", "affine7.W"),
            ("*affine*.*", "my_affine1.W"),
            ("**", "affine1.W"),
            ("a*e*1.?", "affine1.W"),
            ("affine1.W", "affine1.W"),
        ] {
            assert_eq!(distance(pattern, key), 0, "{pattern} {key}");
        }
    }

    /// Counted by hand: characters to change, to add or to leave out, each twice, and those of the other case once.
    #[test]
    fn distances_are_counted_in_characters() {
        for (pattern, key, expected) in [
            ("*.b", "affine1.W", 2),
            ("*.w", "affine1.W", 1),
            ("*.bias", "affine1.b", 6),
            ("heads.*", "head.W", 2),
            ("hed.*", "head.W", 2),
            ("affine?.W", "affine10.W", 2),
            ("affine?.W", "affine.W", 2),
            ("?", "", 2),
            ("", "abc", 6),
            ("abc", "", 6),
            ("kitten", "sitting", 6),
        ] {
            assert_eq!(distance(pattern, key), expected, "{pattern} {key}");
        }
    }
}
