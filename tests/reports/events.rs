//! Event files, as far as the tests read them: records and messages, without checksums. TensorBoard reads them in `read_events.py`.

use std::path::Path;

/// Step, tag and value of each scalar; a histogram's value is the number of its numbers.
pub(crate) fn read(folder: &Path) -> Vec<(u64, String, f64)> {
    let files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1, "{files:?}");
    let bytes = std::fs::read(&files[0]).unwrap();
    let (mut rest, mut found) = (&bytes[..], Vec::new());
    let mut is_first = true;
    while !rest.is_empty() {
        let length = usize::try_from(u64::from_le_bytes(rest[..8].try_into().unwrap())).unwrap();
        let event = fields(&rest[12..12 + length]);
        rest = &rest[12 + length + 4..];
        let version = event.iter().any(|(field, _)| *field == 3);
        assert_eq!(version, is_first);
        is_first = false;
        let step = event.iter().find_map(|(field, content)| match content {
            Content::Number(step) if *field == 2 => Some(*step),
            _ => None,
        });
        for (field, content) in &event {
            let (5, Content::Bytes(summary)) = (field, content) else {
                continue;
            };
            for (_, value) in fields(summary) {
                let Content::Bytes(value) = value else {
                    panic!("no value")
                };
                let value = fields(value);
                let tag = value.iter().find_map(|(field, content)| match content {
                    Content::Bytes(tag) if *field == 1 => {
                        Some(String::from_utf8(tag.to_vec()).unwrap())
                    }
                    _ => None,
                });
                let number =
                    value.iter().find_map(|(field, content)| match content {
                        Content::Single(number) => Some(f64::from(*number)),
                        Content::Bytes(histogram) if *field == 5 => fields(histogram)
                            .iter()
                            .find_map(|(field, content)| match content {
                                Content::Double(count) if *field == 3 => Some(*count),
                                _ => None,
                            }),
                        _ => None,
                    });
                found.push((step.unwrap_or(0), tag.unwrap(), number.unwrap()));
            }
        }
    }
    found
}

enum Content<'a> {
    Number(u64),
    Double(f64),
    Bytes(&'a [u8]),
    Single(f32),
}

fn fields(mut message: &[u8]) -> Vec<(u64, Content<'_>)> {
    let mut found = Vec::new();
    while !message.is_empty() {
        let key = varint(&mut message);
        let content = match key & 7 {
            0 => Content::Number(varint(&mut message)),
            1 => Content::Double(f64::from_le_bytes(
                take(&mut message, 8).try_into().unwrap(),
            )),
            2 => {
                let length = usize::try_from(varint(&mut message)).unwrap();
                Content::Bytes(take(&mut message, length))
            }
            5 => Content::Single(f32::from_le_bytes(
                take(&mut message, 4).try_into().unwrap(),
            )),
            kind => panic!("{kind}"),
        };
        found.push((key >> 3, content));
    }
    found
}

fn take<'a>(message: &mut &'a [u8], length: usize) -> &'a [u8] {
    let (taken, rest) = message.split_at(length);
    *message = rest;
    taken
}

fn varint(message: &mut &[u8]) -> u64 {
    let mut number = 0;
    for place in 0.. {
        let byte = take(message, 1)[0];
        number |= u64::from(byte & 0x7f) << (7 * place);
        if byte < 0x80 {
            break;
        }
    }
    number
}
