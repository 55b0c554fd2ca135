//! Tags behind the footer: a number, a length, bytes.
//!
//! The length has 8 bytes. Of the oldest tags one has a length of 4 (which counts a zero byte that is not there), three have none.

use std::collections::BTreeMap;

use super::{
    bytes::{Bytes, text_of},
    colours,
};
use crate::labels::caret::Label;

/// What tags say.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Tags {
    /// `cmdline.N`, `xfm`, `pedir`.
    pub(super) texts: BTreeMap<String, String>,
    pub(super) labels: Option<Vec<Label>>,
    /// How many are not read.
    pub(super) others: usize,
    /// Bytes behind a tag that does not fit its place, or behind the last.
    pub(super) rest: usize,
}

const COLOURS: i32 = 1;
const OLD_USE_RAS: i32 = 2;
const COMMAND: i32 = 3;
const OLD_SURFACE: i32 = 20;
const OLD_XFORM: i32 = 30;
const XFORM: i32 = 31;
const PHASE_ENCODING: i32 = 41;

/// What the keys of commands begin with.
const COMMAND_KEY: &str = "cmdline.";

impl Tags {
    /// Reads all tags.
    pub(super) fn parse(mut bytes: Bytes<'_>) -> Self {
        let mut tags = Self::default();
        let mut commands = 0;
        loop {
            let before = bytes;
            if tags.take(&mut bytes, &mut commands).is_none() {
                // zeros are no tag: padding is not worth a word
                tags.rest = before.0.iter().rposition(|b| *b != 0).map_or(0, |last| last + 1);
                return tags;
            }
        }
    }

    fn take(&mut self, bytes: &mut Bytes<'_>, commands: &mut usize) -> Option<()> {
        let tag = bytes.i32().filter(|t| *t != 0)?;
        let len = match tag {
            OLD_USE_RAS | OLD_SURFACE => 0,
            COLOURS => {
                self.labels = Some(colours::take(bytes)?);
                return Some(());
            }
            OLD_XFORM => i64::from(bytes.i32()?) - 1,
            _ => bytes.i64()?,
        };
        let content = bytes.take(len)?;
        let key = match tag {
            COMMAND => {
                *commands += 1;
                format!("{COMMAND_KEY}{}", *commands - 1)
            }
            OLD_XFORM | XFORM => "xfm".to_owned(),
            PHASE_ENCODING => "pedir".to_owned(),
            _ => {
                self.others += 1;
                return Some(());
            }
        };
        let text = text_of(content);
        if !text.is_empty() {
            self.texts.insert(key, text);
        }
        Some(())
    }
}

/// The bytes of the tags that texts and a label table make.
pub(super) fn to_bytes(texts: &BTreeMap<String, String>, labels: &[Label]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut put = |tag: i32, text: &str| {
        out.extend(tag.to_be_bytes());
        out.extend((text.len() as i64 + 1).to_be_bytes());
        out.extend(text.as_bytes());
        out.push(0);
    };
    for (key, tag) in [("xfm", XFORM), ("pedir", PHASE_ENCODING)] {
        texts.get(key).into_iter().for_each(|text| put(tag, text));
    }
    let number = |key: &String| key.strip_prefix(COMMAND_KEY)?.parse::<usize>().ok();
    let mut commands: Vec<(usize, &String)> = texts.iter().filter_map(|(k, t)| Some((number(k)?, t))).collect();
    commands.sort_unstable();
    commands.into_iter().for_each(|(_, text)| put(COMMAND, text));
    if !labels.is_empty() {
        out.extend(COLOURS.to_be_bytes());
        out.extend(colours::to_bytes(labels));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_round_trip_in_their_order() {
        let mut texts: BTreeMap<String, String> =
            (0..11).map(|n| (format!("{COMMAND_KEY}{n}"), format!("mri_convert {n}"))).collect();
        texts.insert("xfm".to_owned(), "a/talairach.xfm".to_owned());
        texts.insert("pedir".to_owned(), "ROW".to_owned());
        let labels = vec![(4, "a".to_owned(), Some([9, 8, 7]))];
        let bytes = to_bytes(&texts, &labels);
        let found = Tags::parse(Bytes(&bytes));
        assert_eq!(found, Tags { texts, labels: Some(labels), others: 0, rest: 0 });
    }

    #[test]
    fn old_tags_and_unknown_ones_are_passed() {
        let mut bytes = [0, 0, 0, 2, 0, 0, 0, 20, 0, 0, 0, 30, 0, 0, 0, 4].to_vec();
        bytes.extend(b"xfm");
        bytes.extend([0, 0, 0, 33, 0, 0, 0, 0, 0, 0, 0, 2, 7, 7]);
        bytes.extend([0, 0, 0, 41, 0, 0, 0, 0, 0, 0, 0, 4]);
        bytes.extend(b"ROW\0");
        let found = Tags::parse(Bytes(&bytes));
        assert_eq!((found.texts["xfm"].as_str(), found.texts["pedir"].as_str()), ("xfm", "ROW"));
        assert_eq!((found.others, found.rest), (3, 0));
    }

    #[test]
    fn a_tag_past_the_end_is_rest() {
        for len in [5i64, -1, i64::MAX] {
            let bytes = [3i32.to_be_bytes().as_slice(), &len.to_be_bytes(), b"abcd"].concat();
            assert_eq!(Tags::parse(Bytes(&bytes)), Tags { rest: bytes.len(), ..Tags::default() });
        }
    }
}
