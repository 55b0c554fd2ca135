//! Three numbers of a recipe, one for each axis, or one for all.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Deserialize)]
#[serde(untagged)]
enum Repr<T> {
    One(T),
    Three([T; 3]),
}

/// Always written as three.
pub(super) fn serialize<T: Serialize, S: Serializer>(three: &[T; 3], serializer: S) -> Result<S::Ok, S::Error> {
    three.serialize(serializer)
}

pub(super) fn deserialize<'de, T, D>(deserializer: D) -> Result<[T; 3], D::Error>
where
    T: Copy + Deserialize<'de>,
    D: Deserializer<'de>,
{
    match Repr::deserialize(deserializer) {
        Ok(Repr::One(one)) => Ok([one; 3]),
        Ok(Repr::Three(three)) => Ok(three),
        Err(_) => Err(serde::de::Error::custom("one number of 0 or above is wanted, or three, along i, j, k")),
    }
}
