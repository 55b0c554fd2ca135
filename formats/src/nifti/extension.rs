//! Header extensions: a size, a code and bytes, each a multiple of 16 long.

use std::collections::BTreeMap;

use crate::{Warning, endian::Endian, labels::caret};

/// Adds the texts of the extensions in `bytes` (what lies between the extender and the voxels) by name.
pub(super) fn parse(bytes: &[u8], endian: Endian, texts: &mut BTreeMap<String, String>, warnings: &mut Vec<Warning>) {
    let mut rest = bytes;
    let mut index = 0;
    while let Some((size, code)) = prefix(rest, endian) {
        // size 0 is padding before the voxels; a size that is no multiple of 16 occurs and does no harm
        if size == 0 && rest.iter().all(|b| *b == 0) {
            return;
        }
        let Some(content) = usize::try_from(size).ok().filter(|s| *s >= 8).and_then(|s| rest.get(8..s)) else {
            warnings.push(Warning::BadExtension { index });
            return;
        };
        match text(content) {
            Some(text) => drop(texts.insert(name(index, code), text)),
            None => warnings.push(Warning::BinaryExtension { code, bytes: content.len() }),
        }
        rest = &rest[8 + content.len()..];
        index += 1;
    }
}

/// Bytes of the extensions among the texts, in their order, plus those given; each padded to a multiple of 16.
pub(super) fn to_bytes(texts: &BTreeMap<String, String>, own: &[(i32, String)]) -> Vec<u8> {
    let mut listed: Vec<(usize, i32, &str)> = texts
        .iter()
        .filter(|(_, text)| own.is_empty() || !text.contains(caret::MARK))
        .filter_map(|(key, text)| parse_name(key).map(|(index, code)| (index, code, text.as_str())))
        .collect();
    listed.sort_unstable();
    let all = listed.into_iter().map(|(_, code, text)| (code, text));
    let mut out = Vec::new();
    for (code, text) in all.chain(own.iter().map(|(code, text)| (*code, text.as_str()))) {
        let size = (8 + text.len()).next_multiple_of(16);
        let Ok(stated) = i32::try_from(size) else { continue };
        let end = out.len() + size;
        out.extend_from_slice(&stated.to_le_bytes());
        out.extend_from_slice(&code.to_le_bytes());
        out.extend_from_slice(text.as_bytes());
        out.resize(end, 0);
    }
    out
}

/// Key of an extension among the texts.
pub(super) fn name(index: usize, code: i32) -> String {
    format!("extension.{index}.{code}")
}

fn parse_name(key: &str) -> Option<(usize, i32)> {
    let (index, code) = key.strip_prefix("extension.")?.split_once('.')?;
    Some((index.parse().ok()?, code.parse().ok()?))
}

fn prefix(bytes: &[u8], endian: Endian) -> Option<(i32, i32)> {
    let of = |b: [u8; 4]| if endian == Endian::Little { i32::from_le_bytes(b) } else { i32::from_be_bytes(b) };
    let (size, rest) = bytes.split_first_chunk::<4>()?;
    Some((of(*size), of(*rest.first_chunk::<4>()?)))
}

/// The text of an extension, its padding removed; `None` where it is binary.
pub(super) fn text(content: &[u8]) -> Option<String> {
    let end = content.iter().rposition(|b| *b != 0).map_or(0, |last| last + 1);
    let text = std::str::from_utf8(&content[..end]).ok()?;
    (!text.contains('\0')).then(|| text.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_round_trip_in_their_order() {
        let texts: BTreeMap<_, _> =
            [(name(0, 6), "first".to_owned()), (name(1, 44), "a text that is longer".to_owned())].into();
        let bytes = to_bytes(&texts, &[]);
        assert_eq!(bytes.len(), 16 + 32);
        let (mut back, mut warnings) = (BTreeMap::new(), Vec::new());
        parse(&bytes, Endian::Little, &mut back, &mut warnings);
        assert_eq!((back, warnings), (texts, vec![]));
    }

    #[test]
    fn a_size_past_the_voxels_is_not_followed() {
        for size in [7i32, -16, 64, i32::MAX] {
            let mut bytes = size.to_le_bytes().to_vec();
            bytes.resize(32, 1);
            let (mut texts, mut warnings) = (BTreeMap::new(), Vec::new());
            parse(&bytes, Endian::Little, &mut texts, &mut warnings);
            assert_eq!(warnings, [Warning::BadExtension { index: 0 }]);
        }
    }
}
