//! Files and text.

use super::*;

/// ReadLimits small enough for a fuzzer's memory.
fn limits() -> ReadLimits {
    ReadLimits::default().file_bytes(16 << 20).frame_bytes(16 << 20).image_bytes(64 << 20).frames(4096)
}

/// Opens bytes whole and header only, and decodes what pixels there are.
pub fn open(data: &[u8]) {
    let _ = OpenOptions::new().limits(limits()).header_only(true).parse(data);
    let Ok(instance) = OpenOptions::new().limits(limits()).parse(data) else { return };
    let _ = instance.decode_all(&pixel::DecodeOptions::default(), &Ctx::default());
    let _ = instance.frame(0).and_then(|frame| frame.scaling());
    let _ = text::all_strings(&instance.dataset);
}

/// What is written opens, and is written the same again; a value kept as UN may take its dictionary's VR once, and an escape
/// character in a text that stands before Specific Character Set, where none can, may be read as another one.
pub fn write_round_trip(data: &[u8]) {
    let Ok(instance) = OpenOptions::new().limits(limits()).parse(data) else { return };
    let escaped = |element: &Element| {
        element.header().tag < tags::SPECIFIC_CHARACTER_SET
            && element.value().to_str().is_ok_and(|text| text.contains('\x1B'))
    };
    if instance.dataset.iter().any(escaped) {
        return;
    }
    let Ok(once) = instance.to_bytes() else { return };
    let back = match OpenOptions::new().parse(&once) {
        Ok(back) => back,
        // Plain bytes under a syntax of fragments are held against their frames only when they are written as native.
        Err(Error::Truncated { .. }) if !instance.transfer_syntax().is_ok_and(|s| !s.is_encapsulated()) => return,
        Err(error) => panic!("what was written does not open: {error}"),
    };
    let twice = back.to_bytes().expect("what was opened can be written");
    let again = OpenOptions::new().parse(&twice).expect("what was written again opens");
    let thrice = again.to_bytes().expect("what was opened again can be written");
    assert!(twice == thrice, "written again, two results");
    let resolved = back.warnings.iter().any(|warning| matches!(warning, Warning::UnknownVrResolved { .. }));
    assert!(once == twice || resolved, "written twice, two results");
}

const SETS: [&str; 26] = [
    "",
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
    "ISO 2022 IR 100\\ISO 2022 IR 144\\ISO 2022 IR 126",
    "ISO 2022 IR 6\\ISO 2022 IR 127\\ISO 2022 IR 138",
    "ISO 2022 IR 166\\ISO 2022 IR 109",
    "ISO 2022 IR 101\\ISO 2022 IR 110\\ISO 2022 IR 148\\ISO 2022 IR 203",
    "\\ISO 2022 IR 13\\ISO 2022 IR 149\\ISO 2022 IR 58\\ISO 2022 IR 87",
    "KLINGON",
];

/// The first byte picks a character set, the second a VR; text that can be encoded decodes to itself.
pub fn charset(data: &[u8]) {
    let &[set, vr, ref bytes @ ..] = data else { return };
    let names: Vec<String> = SETS[usize::from(set) % SETS.len()].split('\\').map(str::to_owned).collect();
    let vr = [VR::PN, VR::LO, VR::UT][usize::from(vr) % 3];
    let charset = Charset::of(&names);
    let text = charset.decode(bytes, vr).text;
    if let Some(again) = charset.encode(&text, vr) {
        let back = charset.decode(&again, vr);
        assert!(back.text == text && !back.damaged, "encoded text is another one");
    }
}
