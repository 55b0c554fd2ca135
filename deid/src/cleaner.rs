//! Free text without what identifies: known values of the patient, and what has the shape of an identifier, become `***`, the rest stays.
//!
//! What is looked for, in this order of precedence where two overlap:
//! - dates in the usual spellings (moved by the patient's days where those are, if it is certain which number is the month), and UIDs (mapped);
//! - what is known of the patient ([`LeakScan::identities`](crate::LeakScan::identities)), names also within longer words, short names as whole words;
//! - shapes: e-mail and web addresses, IP addresses, telephone numbers, social security numbers, record numbers, what follows a label
//!   such as `MRN`, streets with their numbers, names behind a title or a role, ages above 89 years.
//!
//! A word of `data/words.txt` or `data/terms.txt` is never taken for a name by its place: `by contrast` and `HAND PA` stay.
//!
//! - words written as names are (`Abernathy` in `HEAD ROUTINE Abernathy`) that no list has: `data/vocabulary.txt`, `data/foreign.txt` and the above.
//!
//! What cannot be found: the name of somebody whom no field of the files names, and which is an ordinary word, begins a text in another language than
//! English, or is written in capitals or small letters throughout. PS3.15 E.3.5 asks for no more than a best effort; a person has to look where that is not enough.

mod dates;
mod names;
mod shapes;

use std::ops::Range;

use dicom_core::header::Header;
use dicom_core::value::PrimitiveValue;
use dicom_core::{DataElement, VR};
use isocenter_dcm::{Element, term};

use crate::known::Kind;
use crate::leak::LeakScan;
use crate::pseudonym::Pseudonyms;

/// What takes the place of an identifier.
pub(crate) const MARK: &str = "***";

/// What becomes of the dates in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dates {
    Remove,
    Keep,
    /// Moved by this many days.
    Shift(i64),
}

/// Cleans texts of one patient.
#[derive(Clone, Copy)]
pub(crate) struct Cleaner<'a> {
    known: &'a LeakScan,
    dates: Dates,
    pseudonyms: &'a Pseudonyms,
}

/// A part of a text and what takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    range: Range<usize>,
    new: String,
}

impl Piece {
    fn gone(range: Range<usize>) -> Self {
        Self { range, new: MARK.to_owned() }
    }
}

impl<'a> Cleaner<'a> {
    pub(crate) fn new(known: &'a LeakScan, dates: Dates, pseudonyms: &'a Pseudonyms) -> Self {
        Self { known, dates, pseudonyms }
    }

    /// An element with each of its values cleaned; `None` where there is nothing to do.
    pub(crate) fn element(&self, element: &Element, vr: VR) -> Option<Element> {
        let value = element.value().primitive()?;
        let parts: Vec<&str> = match value {
            PrimitiveValue::Strs(parts) => parts.iter().map(String::as_str).collect(),
            PrimitiveValue::Str(text) => vec![text],
            _ => return None,
        };
        let cleaned: Vec<Option<String>> = parts.iter().map(|part| self.value(part, vr)).collect();
        if cleaned.iter().all(Option::is_none) {
            return None;
        }
        let new = parts.iter().zip(cleaned).map(|(old, new)| new.unwrap_or_else(|| (*old).to_owned()));
        let new = match value {
            PrimitiveValue::Str(_) => PrimitiveValue::Str(new.collect()),
            _ => PrimitiveValue::Strs(new.collect()),
        };
        Some(DataElement::new(element.tag(), vr, new))
    }

    /// One value of a VR.
    fn value(&self, text: &str, vr: VR) -> Option<String> {
        // A code string is a term or has a name in it; a part of one would be neither.
        if vr == VR::CS {
            let hit = |hit: &crate::Hit| !(term::is_code_string(text) && matches!(hit.kind, Kind::Name | Kind::Place));
            return self.known.scan(text.as_bytes()).iter().any(hit).then(|| crate::dummy::TEXT.to_owned());
        }
        self.text(text).map(|new| fitting(new, vr))
    }

    /// A value that stays, without what is known of the patient; `None` where there is nothing to do. It may be a code or a parameter: what only
    /// has a shape stays.
    pub(crate) fn known_gone(&self, text: &str, vr: VR) -> Option<String> {
        if vr == VR::CS {
            return self.value(text, vr);
        }
        let known = self.known.found(text).map(|(range, _)| Piece::gone(range));
        join(text, known.collect()).map(|new| fitting(new, vr))
    }

    /// A text without what identifies; `None` where there is nothing to do.
    pub(crate) fn text(&self, text: &str) -> Option<String> {
        let first = self.once(text, self.dates, false)?;
        // What stood beside something that is gone may show now; what moved is where it should be. Each round takes letters away, so that it ends.
        let later = if self.dates == Dates::Remove { Dates::Remove } else { Dates::Keep };
        let again = |cleaned: &String| self.once(cleaned, later, true);
        std::iter::successors(Some(first), again).last()
    }

    fn once(&self, text: &str, dates: Dates, is_mapped: bool) -> Option<String> {
        let mut pieces = dates::find(text, dates);
        pieces.extend(shapes::uids(text).map(|range| {
            let old = &text[range.clone()];
            let new = if is_mapped { old.to_owned() } else { self.pseudonyms.uid(old) };
            Piece { range, new }
        }));
        // what is certain of itself is not cut by what only has a shape, nor a date that moves by the same date that is known; an id that looks like
        // a date is an id
        let certain = pieces.clone();
        let is_within = |range: &Range<usize>| {
            certain.iter().any(|piece| piece.range.start <= range.start && range.end <= piece.range.end)
        };
        let stays = |range: &Range<usize>, kind: Kind| match kind {
            Kind::Date | Kind::Time => dates == Dates::Keep || is_within(range),
            Kind::Uid => is_within(range),
            _ => false,
        };
        let known = self.known.found(text).filter(|(range, kind)| !stays(range, *kind));
        pieces.extend(known.map(|(range, _)| Piece::gone(range)));
        pieces.extend(names::find(text).filter(|range| !is_within(range)).map(Piece::gone));
        pieces.extend(shapes::find(text).filter(|range| !is_within(range)).map(Piece::gone));
        join(text, pieces)
    }
}

/// What in a text is a date, a UID, or has the shape of an identifier, whoever the patient is.
pub(crate) fn shaped(text: &str) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = dates::find(text, Dates::Remove).into_iter().map(|piece| piece.range).collect();
    ranges.extend(shapes::uids(text).chain(shapes::find(text)));
    ranges
}

/// What is too long for its VR with the marks loses them.
fn fitting(new: String, vr: VR) -> String {
    let most = match vr {
        VR::SH => 16,
        VR::LO => 64,
        VR::ST => 1024,
        VR::LT => 10_240,
        _ => usize::MAX,
    };
    if new.chars().count() <= most {
        return new;
    }
    let bare = new.replace(MARK, "");
    match bare.trim() {
        "" => MARK.to_owned(),
        rest => rest.chars().take(most).collect(),
    }
}

/// Puts the pieces into a text; those that overlap are gone as one.
fn join(text: &str, mut pieces: Vec<Piece>) -> Option<String> {
    let whole = |range: &Range<usize>| text.get(range.clone()).is_some();
    if !pieces.iter().all(|piece| whole(&piece.range)) {
        // half a letter is no place to cut at: rather too much goes than too little
        return Some(MARK.to_owned());
    }
    pieces.sort_by_key(|piece| (piece.range.start, piece.range.end));
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        match joined.last_mut() {
            Some(last) if piece.range.start < last.range.end => {
                if piece.range.end > last.range.end || piece.new == MARK {
                    *last = Piece::gone(last.range.start..last.range.end.max(piece.range.end));
                }
            }
            _ => joined.push(piece),
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for piece in joined {
        out.push_str(&text[from..piece.range.start]);
        // two gone pieces with a space between them are one
        let follows = piece.new == MARK && out.trim_end().ends_with(MARK) && from > 0;
        if follows && text[from..piece.range.start].trim().is_empty() {
            out.truncate(out.trim_end().len());
        } else {
            out.push_str(&piece.new);
        }
        from = piece.range.end;
    }
    out.push_str(&text[from..]);
    (out != text).then_some(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Key, KnownValues};

    fn known() -> LeakScan {
        let mut known = KnownValues::new();
        for (kind, value) in [
            (Kind::Name, "Papadopoulou^Kim^Zoë"),
            (Kind::Name, "Hand^Maria"),
            (Kind::Identifier, "MRN4471"),
            (Kind::Date, "19690421"),
            (Kind::Place, "Nordheim Clinic"),
        ] {
            known.add("Source", kind, value);
        }
        LeakScan::identities(&known).unwrap()
    }

    fn cleaned(text: &str, dates: Dates) -> String {
        let (known, names) = (known(), Pseudonyms::new(&Key::demo()));
        Cleaner::new(&known, dates, &names).text(text).unwrap_or_else(|| text.to_owned())
    }

    #[test]
    fn what_is_known_goes_and_the_rest_stays() {
        for (text, wanted) in [
            ("CT thorax of Papadopoulou, Kim", "CT thorax of ***"),
            ("papadopouloulungs 5mm AXIAL", "***lungs 5mm AXIAL"),
            ("KIM: T2 tra", "***: T2 tra"),
            ("kimono T2", "kimono T2"),
            ("T1_KIM4 tra", "T1_KIM4 tra"), // a code
            ("HAND PA", "HAND PA"),
            ("hand of Maria Hand", "hand of ***"),
            ("at Nordheim Clinic, 12.7 mm", "at ***, 12.7 mm"),
            ("born 1969-04-21, MRN4471", "born ***, ***"),
            ("Zoë tolerated it", "*** tolerated it"),
            ("ISOVUE300 100 ml, 2097 views, T1 0.5s", "ISOVUE300 100 ml, 2097 views, T1 0.5s"),
        ] {
            assert_eq!(cleaned(text, Dates::Remove), wanted);
        }
    }

    #[test]
    fn dates_in_text_move_with_the_patients_others() {
        let days = Dates::Shift(-40);
        assert_eq!(cleaned("prior of 2016-02-28 and 20160301", days), "prior of 2016-01-19 and 20160121");
        assert_eq!(cleaned("born 19690421", days), "born 19690312");
        assert_eq!(cleaned("prior of 2016-02-28", Dates::Keep), "prior of 2016-02-28");
        // an id that looks like a date
        let mut known = KnownValues::new();
        known.add("PatientID", Kind::Identifier, "20160228");
        let (search, names) = (LeakScan::identities(&known).unwrap(), Pseudonyms::new(&Key::demo()));
        for dates in [Dates::Keep, days, Dates::Remove] {
            let text = Cleaner::new(&search, dates, &names).text("record 20160228 again");
            assert_eq!(text.as_deref(), Some("record *** again"));
        }
        assert_eq!(cleaned("see 1.2.840.113619.2.55.3", Dates::Keep).find("1.2.840.113619"), None);
    }

    #[test]
    fn values_fit_their_vr() {
        let (known, names) = (known(), Pseudonyms::new(&Key::demo()));
        let cleaner = Cleaner::new(&known, Dates::Remove, &names);
        assert_eq!(cleaner.value("KIM KIM 12 345678", VR::SH).as_deref(), Some("*** 12 ***"));
        assert_eq!(cleaner.value("Hand", VR::CS), None);
        assert_eq!(cleaner.value("HAND", VR::CS), None);
        assert_eq!(cleaner.value("MRN4471", VR::CS).as_deref(), Some("REMOVED"));
    }

    proptest! {
        #[test]
        fn any_text_is_cleaned_once_and_for_all(text in "(\\PC|[0-9./ -]|Kim|MRN4471|Dr\\. |19690421){0,40}") {
            for dates in [Dates::Remove, Dates::Keep] {
                let once = cleaned(&text, dates);
                prop_assert_eq!(&cleaned(&once, dates), &once);
                prop_assert!(!once.contains("MRN4471"));
            }
        }
    }
}
