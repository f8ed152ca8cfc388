//! Which values share a slot of the memory: those that are never needed at the same time. It knows nothing of layers: values
//! have numbers, and calls read and write them.

use std::collections::{BTreeSet, HashMap};

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
    let mut lives: Vec<Option<Life>> = vec![None; count];
    for (call, access) in calls.iter().enumerate() {
        for &value in access.reads.iter().chain(&access.writes) {
            let first = lives[value].map_or(call, |life| life.first);
            lives[value] = Some(Life { first, last: call });
        }
    }
    let unneeded = Life { first: 0, last: 0 };
    let lives = lives.into_iter();
    lives.map(|life| life.unwrap_or(unneeded)).collect()
}

/// How many numbers a value holds for each sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    /// Where no constant of the user's is in it.
    pub(super) number: Option<usize>,
    /// As it is written: equal texts are equal numbers.
    pub(super) text: String,
}

/// A part of the memory: what has been in it.
#[derive(Default)]
struct Slot<'a> {
    values: Vec<Value>,
    /// Each text once.
    texts: Vec<&'a str>,
    /// The largest number; `None` if only the compiler can tell.
    size: Option<usize>,
}

impl<'a> Slot<'a> {
    fn put(&mut self, value: Value, extent: &'a Extent) {
        self.size = match (self.values.is_empty(), self.size, extent.number) {
            (true, _, number) => number,
            (false, Some(size), Some(number)) => Some(size.max(number)),
            _ => None,
        };
        self.values.push(value);
        if !self.texts.contains(&extent.text.as_str()) {
            self.texts.push(&extent.text);
        }
    }
}

/// The slots that nobody needs at the moment, in the orders in which they are asked for; large networks have many.
#[derive(Default)]
struct Free<'a> {
    all: BTreeSet<usize>,
    by_text: HashMap<&'a str, BTreeSet<usize>>,
    /// With their sizes, where these are known.
    by_size: BTreeSet<(usize, usize)>,
}

impl<'a> Free<'a> {
    fn insert(&mut self, place: usize, slot: &Slot<'a>) {
        self.all.insert(place);
        for text in &slot.texts {
            self.by_text.entry(text).or_default().insert(place);
        }
        self.by_size.extend(slot.size.map(|size| (size, place)));
    }

    fn remove(&mut self, place: usize, slot: &Slot<'a>) {
        self.all.remove(&place);
        for text in &slot.texts {
            if let Some(places) = self.by_text.get_mut(text) {
                places.remove(&place);
            }
        }
        if let Some(size) = slot.size {
            self.by_size.remove(&(size, place));
        }
    }

    /// The slot that suits best: one that held as much before, else the one that grows least, else the one that wastes least.
    fn best(&self, extent: &Extent) -> Option<usize> {
        let same = self.by_text.get(extent.text.as_str());
        if let Some(&place) = same.and_then(BTreeSet::first) {
            return Some(place);
        }
        let sized = extent.number.and_then(|number| {
            let (smaller, larger) = (..(number, 0), (number, 0)..);
            let first = |size| self.by_size.range((size, 0)..).next();
            let grown = || first(self.by_size.range(smaller).next_back()?.0);
            self.by_size.range(larger).next().or_else(grown)
        });
        // Where only the compiler can tell, sharing can still only save memory.
        sized
            .map(|&(_, place)| place)
            .or_else(|| self.all.first().copied())
    }
}

/// The slots of these values. A value gets a slot that is free all its life, the one that suits it best, else a new one.
pub(super) fn slots(values: &[Value], lives: &[Life], extents: &[Extent]) -> Vec<Vec<Value>> {
    let mut slots: Vec<Slot<'_>> = Vec::new();
    let mut free = Free::default();
    // By the last call that needs what is in them.
    let mut busy: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut values = values.to_vec();
    values.sort_by_key(|&value| lives[value].first);
    for value in values {
        let (Life { first, last }, extent) = (lives[value], &extents[value]);
        while let Some(&(done, place)) = busy.first().filter(|(done, _)| *done < first) {
            busy.remove(&(done, place));
            free.insert(place, &slots[place]);
        }
        let place = free.best(extent).unwrap_or(slots.len());
        match slots.get_mut(place) {
            Some(slot) => free.remove(place, slot),
            None => slots.push(Slot::default()),
        }
        slots[place].put(value, extent);
        busy.insert((last, place));
    }
    slots.into_iter().map(|slot| slot.values).collect()
}

#[cfg(test)]
mod tests {
    use super::{Access, Extent, Life, Value, lives};

    fn slots(lives: &[Life], extents: &[Extent]) -> Vec<Vec<Value>> {
        let values: Vec<Value> = (0..lives.len()).collect();
        super::slots(&values, lives, extents)
    }

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
