//! A label table as a header extension: the `CaretExtension` XML of Connectome Workbench, as TotalSegmentator writes it.
//!
//! ```xml
//! <CaretExtension><VolumeInformation Index="0"><LabelTable>
//! <Label Key="1" Red="0.0" Green="1.0" Blue="0.0" Alpha="1"><![CDATA[spleen]]></Label>
//! ```

use std::fmt::Write;

use quick_xml::{Reader, escape, events::Event};

/// What tells such an extension from others, whatever its code.
pub(crate) const MARK: &str = "<CaretExtension";

/// Code of the extension: 0 ("unknown"), as TotalSegmentator writes it; 30 is the registered one, and both are read.
pub(crate) const CODE: i32 = 0;

/// A label of the table: value, name, colour.
pub(crate) type Label = (u32, String, Option<[u8; 3]>);

/// The labels of a table, ascending by value; `None` where the text is no such table.
pub(crate) fn parse(text: &str) -> Option<Vec<Label>> {
    if !text.contains(MARK) {
        return None;
    }
    let mut reader = Reader::from_str(text);
    let mut labels = Vec::new();
    let mut open: Option<(u32, Option<[u8; 3]>)> = None;
    let mut name = String::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) if tag.name().as_ref() == b"Label" => {
                open = attributes(&tag);
                name.clear();
            }
            Event::Text(part) => name.push_str(&part.decode().ok()?),
            Event::CData(part) => name.push_str(&part.decode().ok()?),
            Event::GeneralRef(part) => name.push_str(&resolve(&part)?),
            Event::End(tag) if tag.name().as_ref() == b"Label" => {
                if let Some((value, colour)) = open.take() {
                    labels.push((value, name.trim().to_owned(), colour));
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    labels.sort();
    labels.dedup_by_key(|l| l.0);
    (!labels.is_empty()).then_some(labels)
}

/// The five predefined entities and character numbers; no other is expanded.
fn resolve(part: &quick_xml::events::BytesRef<'_>) -> Option<String> {
    if let Some(character) = part.resolve_char_ref().ok()? {
        return Some(character.to_string());
    }
    escape::resolve_xml_entity(&part.decode().ok()?).map(str::to_owned)
}

fn attributes(tag: &quick_xml::events::BytesStart<'_>) -> Option<(u32, Option<[u8; 3]>)> {
    let get = |name: &str| {
        let attribute = tag.try_get_attribute(name).ok()??;
        std::str::from_utf8(&attribute.value).ok().map(|v| v.trim().to_owned())
    };
    let channel = |name| {
        let value: f64 = get(name)?.parse().ok()?;
        (0.0..=1.0).contains(&value).then_some((value * 255.0 + 0.5) as u8)
    };
    let colour = || Some([channel("Red")?, channel("Green")?, channel("Blue")?]);
    Some((get("Key")?.parse().ok()?, colour()))
}

/// The table as such an extension. Labels without a colour take one from a fixed list, since the format wants one.
pub(crate) fn to_text(labels: &[Label]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CaretExtension>\n<VolumeInformation Index=\"0\">\n<LabelTable>\n",
    );
    for (value, name, colour) in labels {
        let [r, g, b] = colour.unwrap_or(FALLBACK[*value as usize % FALLBACK.len()]).map(|c| f64::from(c) / 255.0);
        let name = escape::escape(name.as_str());
        // writing to a String cannot fail
        let _ =
            writeln!(out, r#"<Label Key="{value}" Red="{r:?}" Green="{g:?}" Blue="{b:?}" Alpha="1">{name}</Label>"#);
    }
    out.push_str("</LabelTable>\n<StudyMetaDataLinkSet></StudyMetaDataLinkSet>\n<VolumeType>Label</VolumeType>\n");
    out.push_str("</VolumeInformation>\n</CaretExtension>\n");
    out
}

/// Twelve colours that differ.
const FALLBACK: [[u8; 3]; 12] = [
    [128, 128, 128],
    [230, 60, 60],
    [60, 160, 60],
    [60, 90, 220],
    [230, 200, 50],
    [170, 70, 190],
    [70, 200, 210],
    [240, 140, 40],
    [150, 200, 90],
    [240, 150, 190],
    [140, 100, 60],
    [90, 130, 140],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_field_writes() {
        let text = r#"<?xml version="1.0" encoding="UTF-8"?> <CaretExtension>  <Date><![CDATA[2013-07-14]]></Date>
            <VolumeInformation Index="0"> <LabelTable>
            <Label Key="2" Red="0.0" Green="0.0" Blue="1.0" Alpha="1"><![CDATA[kidney_right]]></Label>
            <Label Key="1" Red="0.0" Green="0.5019607843137255" Blue="0.0" Alpha="1"><![CDATA[spleen]]></Label>
            </LabelTable></VolumeInformation></CaretExtension>"#;
        let wanted =
            vec![(1, "spleen".to_owned(), Some([0, 128, 0])), (2, "kidney_right".to_owned(), Some([0, 0, 255]))];
        assert_eq!(parse(text), Some(wanted));
    }

    #[test]
    fn names_round_trip_whatever_is_in_them() {
        let labels = vec![
            (3, "a < b & \"c\" ]]> \u{e4}".to_owned(), Some([1, 128, 254])),
            (4_294_967_295, "largest".to_owned(), Some([0, 0, 0])),
        ];
        assert_eq!(parse(&to_text(&labels)), Some(labels));
    }

    #[test]
    fn broken_xml_is_no_table() {
        assert_eq!(parse("<CaretExtension><Label Key=\"1\">a</Lab"), None);
        assert_eq!(parse("<CaretExtension><Label Key=\"x\">a</Label></CaretExtension>"), None);
        assert_eq!(parse("no table"), None);
    }
}
