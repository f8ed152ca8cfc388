//! Messages of `event.proto` and `summary.proto` in the wire format of protocol buffers.

use crate::logs::Histogram;

/// A message `Event`: `double wall_time = 1; int64 step = 2;` and one of the others.
pub(super) struct Event(Message);

impl Event {
    fn new(seconds: f64, step: usize) -> Self {
        let mut event = Message::default();
        event.double(1, seconds);
        event.number(2, step as u64);
        Self(event)
    }

    /// `string file_version = 3;`, the first of a file.
    pub(super) fn version(seconds: f64) -> Self {
        let mut event = Self::new(seconds, 0);
        event.0.bytes(3, b"brain.Event:2");
        event
    }

    /// `SessionLog session_log = 7;` with `SessionStatus status = 1;` `START`: what was written of this step and later ones does not count.
    pub(super) fn restart(seconds: f64, step: usize) -> Self {
        const START: u64 = 1;
        let (mut event, mut log) = (Self::new(seconds, step), Message::default());
        log.number(1, START);
        event.0.bytes(7, &log.0);
        event
    }

    /// `float simple_value = 2;`
    pub(super) fn scalar(seconds: f64, step: usize, tag: &str, value: f64) -> Self {
        let mut message = Message::default();
        message.float(2, value);
        Self::summary(seconds, step, tag, message)
    }

    /// `HistogramProto histo = 5;`: `double min = 1; double max = 2; double num = 3; double sum = 4; double sum_squares = 5; repeated double
    /// bucket_limit = 6; repeated double bucket = 7;`. A limit is the upper end of a bucket.
    pub(super) fn histogram(seconds: f64, step: usize, tag: &str, histogram: &Histogram) -> Self {
        let (mut message, mut numbers) = (Message::default(), Message::default());
        numbers.double(1, histogram.min().unwrap_or(0.0));
        numbers.double(2, histogram.max().unwrap_or(0.0));
        numbers.double(3, histogram.count() as f64);
        numbers.double(4, histogram.sum);
        numbers.double(5, histogram.sum_of_squares);
        numbers.doubles(6, histogram.limits.iter().skip(1).copied());
        numbers.doubles(7, histogram.counts.iter().map(|&count| count as f64));
        message.bytes(5, &numbers.0);
        Self::summary(seconds, step, tag, message)
    }

    /// `Summary summary = 5;` with one `Value value = 1;`, whose `string tag = 1;` this is.
    fn summary(seconds: f64, step: usize, tag: &str, mut content: Message) -> Self {
        let (mut event, mut summary) = (Self::new(seconds, step), Message::default());
        content.bytes(1, tag.as_bytes());
        summary.bytes(1, &content.0);
        event.0.bytes(5, &summary.0);
        event
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0.0
    }
}

/// The step of an event that was written here; 0 if there is none.
pub(super) fn step(mut event: &[u8]) -> usize {
    // Time and step come first.
    while let Some((&key, rest)) = event.split_first() {
        match key {
            0x09 => event = rest.get(8..).unwrap_or_default(),
            0x10 => {
                let bytes = rest.iter().take(10).enumerate();
                let mut number = 0_u64;
                for (place, byte) in bytes {
                    number |= u64::from(byte & 0x7f) << (7 * place).min(63);
                    if byte & 0x80 == 0 {
                        break;
                    }
                }
                return usize::try_from(number).unwrap_or(usize::MAX);
            }
            _ => return 0,
        }
    }
    0
}

/// Fields one behind the other: a key, (number << 3) | kind of content, and the content.
#[derive(Default)]
struct Message(Vec<u8>);

const VARINT: u64 = 0;
const EIGHT_BYTES: u64 = 1;
const WITH_LENGTH: u64 = 2;
const FOUR_BYTES: u64 = 5;

impl Message {
    /// Seven bits in a byte, the lowest first; the eighth says whether there are more.
    fn varint(&mut self, mut number: u64) {
        loop {
            let [low, ..] = number.to_le_bytes();
            number >>= 7;
            if number == 0 {
                self.0.push(low & 0x7f);
                return;
            }
            self.0.push(low | 0x80);
        }
    }

    fn key(&mut self, field: u64, kind: u64) {
        self.varint(field << 3 | kind);
    }

    fn number(&mut self, field: u64, number: u64) {
        self.key(field, VARINT);
        self.varint(number);
    }

    fn double(&mut self, field: u64, number: f64) {
        self.key(field, EIGHT_BYTES);
        self.0.extend(number.to_le_bytes());
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "TensorBoard's scalars are f32"
    )]
    fn float(&mut self, field: u64, number: f64) {
        self.key(field, FOUR_BYTES);
        self.0.extend((number as f32).to_le_bytes());
    }

    fn bytes(&mut self, field: u64, content: &[u8]) {
        self.key(field, WITH_LENGTH);
        self.varint(content.len() as u64);
        self.0.extend(content);
    }

    /// Packed.
    fn doubles(&mut self, field: u64, numbers: impl Iterator<Item = f64>) {
        let bytes: Vec<u8> = numbers.flat_map(f64::to_le_bytes).collect();
        self.bytes(field, &bytes);
    }
}
