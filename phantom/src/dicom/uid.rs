//! Unique identifiers from a seed: `2.25.` and 128 bits as a decimal number (PS3.5 B.2).

use crate::random::Stream;

/// A UID that depends on the stream and the words alone.
pub fn uid(stream: Stream, words: &[&str]) -> String {
    let stream = words.iter().fold(stream.fork("uid"), |s, w| s.fork(w));
    // a UUID of version 4 and the variant of RFC 4122, as the root asks for
    let bits = (u128::from(stream.bits(0)) << 64) | u128::from(stream.bits(1));
    let bits = bits & !(0xf << 76) & !(0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    isocenter_files::uid::of_bits(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_valid_and_stable() {
        let a = uid(Stream::new(1), &["study", "0"]);
        assert!(a.len() <= 64 && a.starts_with("2.25."));
        assert_eq!(a, uid(Stream::new(1), &["study", "0"]));
        assert_ne!(a, uid(Stream::new(1), &["study", "1"]));
    }
}
