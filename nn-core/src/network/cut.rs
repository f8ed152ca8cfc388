use std::ops::Range;

/// The memory that a chunk of a batch works in, in bytes: what stays in a core's cache from layer to layer.
const CHUNK: usize = 256 * 1024;

/// Chunks have so many samples at least, where parameters need more memory than so many samples: every chunk reads them all.
const LEAST: usize = 256;

/// Chunks have so many samples at most.
const MOST: usize = 4096;

/// Every chunk but the last is a multiple of these.
const STEP: usize = 16;

/// Sums are made for so many groups of chunks at most.
pub(super) const GROUPS: usize = 16;

/// Networks of more parameters add up all chunks in one group: each group has a gradient of its own.
const SMALL: usize = 1 << 18;

/// How a batch is cut into chunks, and chunks are dealt to groups. It depends on sizes alone and never on threads, and sums are
/// made in the order of chunks and groups: so every number of threads gives the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// The samples of the batch.
    samples: usize,
    /// The samples of a chunk; the last one may have fewer.
    pub(super) length: usize,
    chunks: usize,
    pub(super) groups: usize,
}

impl Cut {
    /// For a batch of some samples, at least one, and parameters of so many bytes.
    pub(super) fn new(samples: usize, bytes_per_sample: usize, bytes_of_parameters: usize) -> Self {
        let in_steps = |count: usize| count / STEP * STEP;
        let most = in_steps(CHUNK / bytes_per_sample.max(1));
        // Few parameters that are used again and again, as those of convolutions, are read for a few samples too.
        let least = in_steps(bytes_of_parameters / bytes_per_sample.max(1));
        let most = most.clamp(least.clamp(STEP, LEAST), MOST);
        let length = if samples <= most {
            samples
        } else {
            let chunks = samples.div_ceil(most);
            samples.div_ceil(chunks).next_multiple_of(STEP)
        };
        let chunks = samples.div_ceil(length);
        Self {
            samples,
            length,
            chunks,
            groups: chunks.min(GROUPS),
        }
    }

    /// The same, for groups that each have a gradient of so many numbers.
    pub(super) fn for_gradients(self, parameters: usize) -> Self {
        let most = if parameters > SMALL { 1 } else { GROUPS };
        Self {
            groups: self.chunks.min(most),
            ..self
        }
    }

    /// Whether the batch is one chunk.
    pub(super) fn is_whole(self) -> bool {
        self.chunks == 1
    }

    /// Whether a group has several chunks.
    pub(super) fn adds_up(self) -> bool {
        self.chunks > self.groups
    }

    /// The samples of a group.
    pub(super) fn group(self, group: usize) -> Range<usize> {
        let first = |group: usize| group * self.chunks / self.groups * self.length;
        first(group)..first(group + 1).min(self.samples)
    }

    /// Cuts what belongs to samples into what belongs to groups, of which the last ones may have nothing. Where there is nothing for any sample,
    /// there is nothing for any group.
    pub(super) fn parts<R>(self, all: &mut [R]) -> [&mut [R]; GROUPS] {
        let mut rest = all;
        std::array::from_fn(|group| {
            let length = if group < self.groups {
                self.group(group).len().min(rest.len())
            } else {
                0
            };
            let (part, behind) = std::mem::take(&mut rest).split_at_mut(length);
            rest = behind;
            part
        })
    }

    /// The samples of each chunk of a group.
    pub(super) fn chunks(self, group: usize) -> impl Iterator<Item = Range<usize>> {
        let Range { start, end } = self.group(group);
        let starts = (start..end).step_by(self.length);
        starts.map(move |start| start..(start + self.length).min(end))
    }
}

#[cfg(test)]
mod tests {
    use super::Cut;

    fn cut(samples: usize, bytes: usize) -> (usize, usize, usize) {
        let cut = Cut::new(samples, bytes, 1 << 40);
        (cut.length, cut.chunks, cut.groups)
    }

    /// 2^18 bytes hold 595 samples of 440 bytes, 592 in steps of 16; 780 of 336 bytes, 768.
    #[test]
    fn lengths_by_hand() {
        assert_eq!(cut(100, 440), (100, 1, 1));
        assert_eq!(cut(592, 440), (592, 1, 1));
        // 593 = 2·296.5, in steps of 16: 304 and 289.
        assert_eq!(cut(593, 440), (304, 2, 2));
        // 3000 = 6·500, in steps of 16: five of 512 and 440.
        assert_eq!(cut(3_000, 440), (512, 6, 6));
        // 10,000 / 768 is 13.02: 14 of at most 714.3, in steps of 16.
        assert_eq!(cut(10_000, 336), (720, 14, 14));
        assert_eq!(cut(60_000, 440), (592, 102, 16));
        // At least 256, at most 4096, whatever a sample needs.
        assert_eq!(cut(1_000, 1 << 24), (256, 4, 4));
        assert_eq!(cut(10_000, 0), (3_344, 3, 3));
        // 16 more than the rest would fill: a chunk less than planned.
        assert_eq!(cut(257 * 16, 1 << 24), (256, 17, 16));
    }

    /// Parameters of 1 MiB: 2^20 bytes are 16 samples of 2^16, and 10 of 100,000, for which the least step is taken.
    #[test]
    fn few_parameters_by_hand() {
        let cut = |samples, bytes| Cut::new(samples, bytes, 1 << 20).length;
        assert_eq!(cut(64, 1 << 16), 16);
        assert_eq!(cut(64, 100_000), 16);
        // 2^20 / 10,000 = 104.9, in steps of 16: 96; 200 = 3·66.7, in steps of 16: 80.
        assert_eq!(cut(200, 10_000), 80);
        // Never more than 256 for their sake.
        assert_eq!(cut(1_000, 1_000), 256);
    }

    #[test]
    fn groups_by_hand() {
        let cut = Cut::new(10_000, 600, 1 << 40);
        // 2^18 / 600 = 436, in steps of 16: 432; 24 chunks of 416.7: 432 again, 23.1 of them.
        assert_eq!((cut.length, cut.chunks, cut.groups), (432, 24, 16));
        assert_eq!(cut.group(0), 0..432);
        // Group 1 begins at chunk 24/16 = 1, group 2 at 3.
        let second: Vec<_> = cut.chunks(1).collect();
        assert_eq!(second, [432..864, 864..1_296]);
        let last: Vec<_> = cut.chunks(15).collect();
        assert_eq!(last, [9_504..9_936, 9_936..10_000]);
        assert!(cut.adds_up());

        let one = cut.for_gradients((1 << 18) + 1);
        assert_eq!((one.groups, one.group(0)), (1, 0..10_000));
        assert_eq!(one.chunks(0).count(), 24);
        assert_eq!(cut.for_gradients(1 << 18), cut);
    }

    #[test]
    fn every_sample_is_in_one_chunk() {
        for samples in (1..2_000).chain([4_096, 9_999, 123_457]) {
            for bytes in [1, 100, 440, 1_000, 5_000] {
                let cut = Cut::new(samples, bytes, 1 << 20);
                let mut next = 0;
                for chunk in (0..cut.groups).flat_map(|group| cut.chunks(group)) {
                    assert_eq!(chunk.start, next);
                    assert!(chunk.len() <= cut.length && !chunk.is_empty());
                    next = chunk.end;
                }
                assert_eq!(next, samples);
            }
        }
    }
}
