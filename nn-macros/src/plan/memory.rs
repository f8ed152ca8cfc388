//! Which values share a slot of the memory: those that are never needed at the same time. It knows nothing of layers: values
//! have numbers, and calls read and write them.

/// A value that is computed and kept for a while: its number.
pub(crate) type Value = usize;

/// The values that one call reads and those that it writes. One that it overwrites is in both.
#[derive(Debug, Default)]
pub(super) struct Access {
    pub(super) reads: Vec<Value>,
    pub(super) writes: Vec<Value>,
}

/// The first and the last call that needs a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Life {
    first: usize,
    last: usize,
}

/// The life of each of `count` values, from the call that writes it to the last one that reads it.
pub(super) fn lives(count: usize, calls: &[Access]) -> Vec<Life> {
    let life = |value: Value| {
        let needs =
            |access: &Access| access.reads.contains(&value) || access.writes.contains(&value);
        Life {
            first: calls.iter().position(needs).unwrap_or_default(),
            last: calls.iter().rposition(needs).unwrap_or_default(),
        }
    };
    (0..count).map(life).collect()
}

/// How many numbers a value holds for each sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    /// Where no constant of the user's is in it.
    pub(super) number: Option<usize>,
    /// As it is written: equal texts are equal numbers.
    pub(super) text: String,
}

/// A part of the memory.
#[derive(Debug)]
struct Slot {
    /// The last call that needs what is in it.
    last: usize,
    /// The values that have been in it.
    values: Vec<Value>,
}

/// What it costs to put a value into a slot: first the numbers by which the slot grows, then those that stay unused.
type Cost = (usize, usize);

fn cost(slot: &Slot, value: &Extent, extents: &[Extent]) -> Cost {
    let held = || slot.values.iter().map(|&value| &extents[value]);
    if held().any(|other| other.text == value.text) {
        return (0, 0);
    }
    let size = held()
        .map(|extent| extent.number)
        .try_fold(0, |size, number| Some(number?.max(size)));
    match (size, value.number) {
        (Some(size), Some(number)) => (number.saturating_sub(size), size.saturating_sub(number)),
        // Only the compiler can tell.
        _ => (usize::MAX, usize::MAX),
    }
}

/// The values of each slot. A value gets a slot that is free all its life, the one that suits it best, else a new one.
pub(super) fn slots(lives: &[Life], extents: &[Extent]) -> Vec<Vec<Value>> {
    let mut slots: Vec<Slot> = Vec::new();
    let mut values: Vec<Value> = (0..lives.len()).collect();
    values.sort_by_key(|&value| lives[value].first);
    for value in values {
        let Life { first, last } = lives[value];
        let free = slots.iter_mut().filter(|slot| slot.last < first);
        match free.min_by_key(|slot| cost(slot, &extents[value], extents)) {
            Some(slot) => {
                slot.last = last;
                slot.values.push(value);
            }
            None => slots.push(Slot {
                last,
                values: vec![value],
            }),
        }
    }
    slots.into_iter().map(|slot| slot.values).collect()
}

#[cfg(test)]
mod tests {
    use super::{Access, Extent, Life, lives, slots};

    fn call(reads: &[usize], writes: &[usize]) -> Access {
        Access {
            reads: reads.to_vec(),
            writes: writes.to_vec(),
        }
    }

    fn life(first: usize, last: usize) -> Life {
        Life { first, last }
    }

    fn numbers<const N: usize>(numbers: [usize; N]) -> [Extent; N] {
        numbers.map(|number| Extent {
            number: Some(number),
            text: number.to_string(),
        })
    }

    fn constant(text: &str) -> Extent {
        Extent {
            number: None,
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_value_lives_from_its_first_call_to_its_last() {
        // 0 is overwritten in call 1 and read by 2 and 3; 1 is read by the call that writes 2.
        let calls = [
            call(&[], &[0]),
            call(&[0], &[0]),
            call(&[0], &[1]),
            call(&[1, 0], &[2]),
        ];
        assert_eq!(lives(3, &calls), [life(0, 3), life(2, 3), life(3, 3)]);
    }

    #[test]
    fn values_that_one_call_reads_and_writes_lie_apart() {
        let found = slots(&[life(0, 1), life(1, 2), life(2, 3)], &numbers([5, 5, 5]));
        assert_eq!(found, [vec![0, 2], vec![1]]);
    }

    /// Two branches read value 0 and are merged: all three are there at once, and only the result can lie where 0 was.
    #[test]
    fn branches() {
        let calls = [
            call(&[], &[0]),
            call(&[0], &[1]),
            call(&[0], &[2]),
            call(&[1, 2], &[3]),
        ];
        let found = slots(&lives(4, &calls), &numbers([9, 9, 9, 9]));
        assert_eq!(found, [vec![0, 3], vec![1], vec![2]]);
    }

    #[test]
    fn of_the_free_slots_the_one_that_grows_least_then_the_one_that_wastes_least() {
        let early = [life(0, 1), life(0, 1), life(0, 1)];
        let with = |extents: [usize; 4]| {
            let lives = [early.as_slice(), &[life(2, 3)]].concat();
            let found = slots(&lives, &numbers(extents));
            found.iter().position(|values| values.contains(&3))
        };
        assert_eq!(with([100, 60, 20, 50]), Some(1));
        assert_eq!(with([30, 20, 10, 50]), Some(0));
        assert_eq!(with([90, 50, 10, 50]), Some(1));
        // A slot grows with what is put into it.
        let lives = [life(0, 1), life(0, 1), life(2, 3), life(4, 5)];
        let found = slots(&lives, &numbers([10, 40, 50, 45]));
        assert_eq!(found, [vec![0], vec![1, 2, 3]]);
    }

    #[test]
    fn constants_lie_where_the_same_constant_lay() {
        let lives = [life(0, 1), life(0, 1), life(2, 3), life(2, 3)];
        let ten = numbers([10])[0].clone();
        let extents = [ten.clone(), constant("HIDDEN"), constant("HIDDEN"), ten];
        assert_eq!(slots(&lives, &extents), [vec![0, 3], vec![1, 2]]);
        let others = [constant("A"), constant("B")];
        // Sharing can only save memory, whatever the sizes are.
        assert_eq!(slots(&[life(0, 1), life(2, 3)], &others), [vec![0, 1]]);
    }
}
