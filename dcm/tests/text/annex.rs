//! The examples of DICOM PS3.5 annexes H to K, byte by byte, in both directions.

use isocenter_dcm::VR;

use super::charset;

fn both(set: &str, vr: VR, text: &str, bytes: &[u8]) {
    let charset = charset(set);
    let decoded = charset.decode(bytes, vr);
    assert_eq!((decoded.text.as_str(), decoded.damaged, decoded.undeclared), (text, false, false), "{set}");
    let encoded = charset.encode(text, vr);
    assert_eq!(encoded.as_deref(), Some(bytes), "{set}: {:02x?}", encoded.as_ref().unwrap());
}

#[test]
fn japanese_names_after_ascii() {
    let bytes = b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B";
    both("\\ISO 2022 IR 87", VR::PN, "Yamada^Tarou=山田^太郎=やまだ^たろう", bytes);
}

#[test]
fn japanese_names_after_katakana() {
    let bytes =
        b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J";
    both("ISO 2022 IR 13\\ISO 2022 IR 87", VR::PN, "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう", bytes);
}

#[test]
fn korean_names() {
    let bytes = b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf";
    both("\\ISO 2022 IR 149", VR::PN, "Hong^Gildong=洪^吉洞=홍^길동", bytes);
}

#[test]
fn korean_text_has_its_escape_at_the_head_of_a_line() {
    let text = "The first line includes 한글 .\r\nThe second line includes 한글 , too.\r\nThe third line";
    let bytes = b"\x1b$)CThe first line includes \xc7\xd1\xb1\xdb .\r\n\
        \x1b$)CThe second line includes \xc7\xd1\xb1\xdb , too.\r\nThe third line";
    both("\\ISO 2022 IR 149", VR::LT, text, bytes);
}

#[test]
fn chinese_names_in_gb18030_gbk_and_utf8() {
    let traditional = "Wang^XiaoDong=王^小東=";
    both("ISO_IR 192", VR::PN, traditional, b"Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe6\x9d\xb1=");
    let simplified = "Wang^XiaoDong=王^小东=";
    both("GB18030", VR::PN, simplified, b"Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab=");
    both("GBK", VR::PN, simplified, b"Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab=");
}

#[test]
fn chinese_names_with_escapes() {
    let bytes = b"Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=";
    both("\\ISO 2022 IR 58", VR::PN, "Zhang^XiaoDong=张^小东=", bytes);
}

#[test]
fn chinese_text_has_its_escape_where_it_starts() {
    let bytes = b"1.\x1b$)A\xb5\xda\xd2\xbb\xd0\xd0\xce\xc4\xd7\xd6\xa1\xa3\r\n\
        2.\x1b$)A\xb5\xda\xb6\xfe\xd0\xd0\xce\xc4\xd7\xd6\xa1\xa3\r\n\
        3.\x1b$)A\xb5\xda\xc8\xfd\xd0\xd0\xce\xc4\xd7\xd6\xa1\xa3\r\n";
    both("\\ISO 2022 IR 58", VR::LT, "1.第一行文字。\r\n2.第二行文字。\r\n3.第三行文字。\r\n", bytes);
}

#[test]
fn single_byte_sets() {
    for (set, text, bytes) in [
        ("ISO_IR 100", "Buc^Jérôme", &b"Buc^J\xe9r\xf4me"[..]),
        ("ISO_IR 101", "Wałęsa", b"Wa\xb3\xeasa"),
        ("ISO_IR 109", "antaŭnomo", b"anta\xfdnomo"),
        ("ISO_IR 110", "vārds", b"v\xe0rds"),
        ("ISO_IR 126", "Διονυσιος", b"\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2"),
        ("ISO_IR 127", "قباني^لنزار", b"\xe2\xc8\xc7\xe6\xea^\xe4\xe6\xd2\xc7\xd1"),
        ("ISO_IR 138", "שרון^דבורה", b"\xf9\xf8\xe5\xef^\xe3\xe1\xe5\xf8\xe4"),
        ("ISO_IR 144", "Люкceмбypг", b"\xbb\xee\xdace\xdc\xd1yp\xd3"),
        ("ISO_IR 148", "Çavuşoğlu", b"\xc7avu\xfeo\xf0lu"),
        ("ISO_IR 166", "นามสกุล", b"\xb9\xd2\xc1\xca\xa1\xd8\xc5"),
        ("ISO_IR 203", "Œuvre €", b"\xbcuvre \xa4"),
        ("ISO_IR 13", "ﾔﾏﾀﾞ", b"\xd4\xcf\xc0\xde"),
    ] {
        both(set, VR::PN, text, bytes);
    }
}

#[test]
fn the_first_set_is_restored_before_a_delimiter_and_at_the_end() {
    let bytes = b"Buc^J\xe9r\xf4me=\x1b-F\xc4\xe9\xef\x1b-A^\x1b-L\xbb\xee\xda\x1b-A\\\xe9 \x1b$)C\xb1\xe8\x1b-A";
    let sets = "ISO 2022 IR 100\\ISO 2022 IR 126\\ISO 2022 IR 144\\ISO 2022 IR 149";
    both(sets, VR::PN, "Buc^Jérôme=Διο^Люк\\é 김", bytes);
}

#[test]
fn supplementary_kanji() {
    both("\\ISO 2022 IR 87\\ISO 2022 IR 159", VR::LO, "丂山", b"\x1b$(D0!\x1b$B;3\x1b(B");
}

#[test]
fn a_backslash_in_long_text_resets_nothing() {
    both("\\ISO 2022 IR 149", VR::LT, "한\\글", b"\x1b$)C\xc7\xd1\\\xb1\xdb");
    both("\\ISO 2022 IR 149", VR::LO, "한\\글", b"\x1b$)C\xc7\xd1\\\x1b$)C\xb1\xdb");
}

#[test]
fn what_has_no_place_is_refused() {
    for (set, text) in [
        ("", "é"),
        ("ISO_IR 100", "Ł"),
        ("ISO_IR 13", "¥"),
        ("ISO_IR 166", "\u{A0}"),
        ("ISO_IR 144", "a\x1bb"),
        ("\\ISO 2022 IR 87", "①"),
        ("\\ISO 2022 IR 149", "é"),
        ("GBK", "€"),
        ("GBK", "😀"),
        ("KLINGON", "é"),
    ] {
        assert_eq!(charset(set).encode(text, VR::LO), None, "{set}");
    }
    assert!(charset("GB18030").encode("€😀", VR::LO).is_some());
}
