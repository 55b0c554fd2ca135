//! Laws of character sets.

use isocenter_dcm::VR;
use proptest::prelude::*;

use super::charset;

const SETS: [&str; 22] = [
    "ISO_IR 100",
    "ISO_IR 101",
    "ISO_IR 109",
    "ISO_IR 110",
    "ISO_IR 126",
    "ISO_IR 127",
    "ISO_IR 138",
    "ISO_IR 144",
    "ISO_IR 148",
    "ISO_IR 166",
    "ISO_IR 203",
    "ISO_IR 13",
    "ISO_IR 192",
    "GB18030",
    "GBK",
    "\\ISO 2022 IR 87",
    "ISO 2022 IR 13\\ISO 2022 IR 87\\ISO 2022 IR 159",
    "\\ISO 2022 IR 149",
    "\\ISO 2022 IR 58",
    "ISO 2022 IR 100\\ISO 2022 IR 126\\ISO 2022 IR 144\\ISO 2022 IR 149",
    "ISO 2022 IR 6\\ISO 2022 IR 127\\ISO 2022 IR 138\\ISO 2022 IR 166",
    "\\ISO 2022 IR 58\\ISO 2022 IR 149\\ISO 2022 IR 13\\ISO 2022 IR 159\\ISO 2022 IR 101",
];
const VRS: [VR; 3] = [VR::PN, VR::LO, VR::UT];

/// Characters that the sets are full of, and those that end escapes.
const ALPHABET: &str = "aZ 0~^=\\\r\n\t\u{85}éñŁęĝāέΔЖюقשğǿนŒﾔﾞ山田かな洪한글张东丂仅■、①€中國龘";

fn text() -> impl Strategy<Value = String> {
    let alphabet: Vec<char> = ALPHABET.chars().collect();
    let character = prop_oneof![3 => prop::sample::select(alphabet), 1 => any::<char>()];
    prop::collection::vec(character, 0..24).prop_map(|characters| characters.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn decoding_undoes_encoding(text in text(), set in 0..SETS.len(), vr in 0..VRS.len()) {
        let (charset, vr) = (charset(SETS[set]), VRS[vr]);
        // What has no place is left out, so that most texts are not refused as a whole.
        let kept: String = text.chars().filter(|c| charset.encode(&c.to_string(), vr).is_some()).collect();
        let bytes = charset.encode(&kept, vr);
        prop_assert!(bytes.is_some(), "each character has a place, all together have not");
        let decoded = charset.decode(&bytes.unwrap(), vr);
        prop_assert!(!decoded.damaged && !decoded.undeclared);
        prop_assert_eq!(decoded.text, kept);
    }

    #[test]
    fn text_that_decodes_whole_encodes_to_what_decodes_the_same(
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(0x1B), 0xA1..=0xFEu8], 0..24),
        set in 0..SETS.len(),
        vr in 0..VRS.len(),
    ) {
        let (charset, vr) = (charset(SETS[set]), VRS[vr]);
        let decoded = charset.decode(&bytes, vr);
        if let Some(again) = charset.encode(&decoded.text, vr) {
            prop_assert_eq!(charset.decode(&again, vr).text, decoded.text);
        }
    }

    #[test]
    fn every_part_of_a_value_stands_by_itself(text in text(), set in 0..SETS.len()) {
        let charset = charset(SETS[set]);
        let kept: String = text.chars().filter(|c| charset.encode(&c.to_string(), VR::PN).is_some()).collect();
        let parts: Vec<Vec<u8>> = kept.split('\\').map(|part| charset.encode(part, VR::PN).unwrap()).collect();
        prop_assert_eq!(charset.encode(&kept, VR::PN).unwrap(), parts.join(&b'\\'));
    }
}
