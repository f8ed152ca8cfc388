//! The header of a safetensors file: JSON of one form, in which no key may come twice.

use std::collections::HashSet;
use std::fmt;

use serde_core::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

/// What the header says of arrays, in its order, and the texts beside them.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Header {
    pub(super) arrays: Vec<(String, Declared)>,
    pub(super) metadata: Vec<(String, String)>,
}

/// What the header says of one array.
#[derive(Debug, PartialEq)]
pub(super) struct Declared {
    pub(super) dtype: String,
    pub(super) shape: Vec<usize>,
    /// The first byte of its numbers and the one behind them, counted from the end of the header.
    pub(super) data_offsets: [u64; 2],
}

pub(super) const METADATA: &str = "__metadata__";

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: Deserializer<'de>>(header: D) -> Result<Self, D::Error> {
        header.deserialize_map(HeaderVisitor)
    }
}

struct HeaderVisitor;

impl<'de> Visitor<'de> for HeaderVisitor {
    type Value = Header;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of arrays by their keys")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Header, M::Error> {
        let (mut header, mut keys) = (Header::default(), HashSet::new());
        while let Some(key) = map.next_key::<String>()? {
            if !keys.insert(key.clone()) {
                return Err(twice(&key));
            }
            if key == METADATA {
                header.metadata = map.next_value::<Texts>()?.0;
            } else {
                header.arrays.push((key, map.next_value()?));
            }
        }
        Ok(header)
    }
}

/// An object of texts.
struct Texts(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(texts: D) -> Result<Self, D::Error> {
        texts.deserialize_map(TextsVisitor)
    }
}

struct TextsVisitor;

impl<'de> Visitor<'de> for TextsVisitor {
    type Value = Texts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of strings")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Texts, M::Error> {
        let (mut texts, mut keys) = (Vec::new(), HashSet::new());
        while let Some((key, text)) = map.next_entry::<String, String>()? {
            if !keys.insert(key.clone()) {
                return Err(twice(&key));
            }
            texts.push((key, text));
        }
        Ok(Texts(texts))
    }
}

impl<'de> Deserialize<'de> for Declared {
    fn deserialize<D: Deserializer<'de>>(declared: D) -> Result<Self, D::Error> {
        declared.deserialize_map(DeclaredVisitor)
    }
}

struct DeclaredVisitor;

impl<'de> Visitor<'de> for DeclaredVisitor {
    type Value = Declared;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of `dtype`, `shape` and `data_offsets`")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Declared, M::Error> {
        let (mut dtype, mut shape, mut data_offsets) = (None, None, None);
        while let Some(key) = map.next_key::<String>()? {
            let again = match key.as_str() {
                "dtype" => dtype.replace(map.next_value()?).is_some(),
                "shape" => shape.replace(map.next_value()?).is_some(),
                "data_offsets" => data_offsets.replace(map.next_value()?).is_some(),
                _ => {
                    let known = &["dtype", "shape", "data_offsets"];
                    return Err(M::Error::unknown_field(&key, known));
                }
            };
            if again {
                return Err(twice(&key));
            }
        }
        Ok(Declared {
            dtype: dtype.ok_or_else(|| M::Error::missing_field("dtype"))?,
            shape: shape.ok_or_else(|| M::Error::missing_field("shape"))?,
            data_offsets: data_offsets.ok_or_else(|| M::Error::missing_field("data_offsets"))?,
        })
    }
}

fn twice<E: Error>(key: &str) -> E {
    E::custom(format_args!("`{key}` is there twice"))
}
