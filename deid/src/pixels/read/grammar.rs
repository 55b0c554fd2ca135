//! What is written on images and names nobody: measurements, labels of the technique, markers. Words that name nobody are those of `data/`.

use crate::known::{is_name_too, is_ordinary};

/// What a word is, taken by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A label, a marker, or a label with its number in one (`TIs0.4`, `MI=0.8`).
    Label,
    /// A number with its unit in one (`20Hz`).
    Measure,
    /// A number alone.
    Number,
    /// A unit alone.
    Unit,
    /// A word that names nobody.
    Plain,
    /// Marks without a letter or digit (`+`, `:`).
    Mark,
    /// A word that says that a person or a place is about to be named, or that stands in the names of places.
    Announcing,
    /// Anything else.
    Strange,
}

impl Token {
    /// What a word as it was read is.
    pub(super) fn of(word: &str) -> Self {
        let core = word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '%' | '°' | '²' | '³'));
        if core.is_empty() {
            return if word.chars().count() <= 2 { Self::Mark } else { Self::Strange };
        }
        let lower = core.to_lowercase();
        if ANNOUNCING.contains(&lower.as_str()) {
            return Self::Announcing;
        }
        if is_number(core) {
            return Self::Number;
        }
        if is_label(&lower) {
            return Self::Label;
        }
        if is_unit(&lower) {
            return Self::Unit;
        }
        let digits = lower.find(|c: char| !is_numeral(c)).unwrap_or(lower.len());
        let (number, unit) = lower.split_at(digits);
        if is_number(number) && is_unit(unit) {
            return Self::Measure;
        }
        let letters = lower.find(|c: char| !c.is_alphabetic()).unwrap_or(lower.len());
        let (label, rest) = lower.split_at(letters);
        let number = rest.trim_start_matches(['=', '<', '>', ':', '≤', '≥']);
        // `C6` may be a code of the console or a seat; two letters are a label
        if label.len() >= 2 && is_label(label) && (is_number(number) || Self::of(number) == Self::Measure) {
            return Self::Label;
        }
        let parts = || core.split(['-', '/', '.', ',']).filter(|part| !part.is_empty());
        let is_listed = |part: &str| part.chars().count() >= 2 && is_label(&part.to_lowercase());
        match () {
            () if !core.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '/' | '.' | ',')) => Self::Strange,
            () if parts().all(is_listed) => Self::Label,
            () if parts().all(|part| is_plain(part) || is_listed(part)) => Self::Plain,
            () => Self::Strange,
        }
    }
}

/// Digits of a number that stands without a unit and is nobody's: one of more may be an id.
pub(super) const DIGITS: usize = 4;

/// Whether a number without a unit may be a year.
pub(super) fn may_be_a_year(word: &str) -> bool {
    let digits: String = word.chars().filter(char::is_ascii_digit).collect();
    !word.contains(['.', ','])
        && digits.len() == 4
        && (digits.starts_with("18") || digits.starts_with("19") || digits.starts_with("20"))
}

const fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '.' | ',')
}

/// Up to four digits, and as many behind a point; not a number and a half.
fn is_number(text: &str) -> bool {
    let mut parts = text.split(['.', ',']);
    let part = |part: Option<&str>| {
        part.is_some_and(|part| (1..=DIGITS).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
    };
    let whole = part(parts.next());
    match parts.next() {
        None => whole,
        fraction => whole && part(fraction) && parts.next().is_none() && text.len() <= DIGITS + 3,
    }
}

fn is_label(lower: &str) -> bool {
    LABELS.contains(&lower)
}

fn is_unit(lower: &str) -> bool {
    UNITS.contains(&lower)
}

/// Whether a word names nobody, and is no name either.
fn is_plain(word: &str) -> bool {
    let lower = word.to_lowercase();
    lower.chars().count() >= 2 && lower.chars().all(char::is_alphabetic) && is_ordinary(&lower) && !is_name_too(&lower)
}

/// Labels of consoles, in lower case: ultrasound (after the legends of the usual makers and IEC 62359: thermal and mechanical index), radiography,
/// computed tomography (IEC 60601-2-44: dose), and markers of side and position (PS3.3 C.7.6.1.1.1, C.7.3.1.1.2). A number may follow.
const LABELS: &[&str] = &[
    // indices and output
    "mi",
    "ti",
    "tis",
    "tib",
    "tic",
    "ao",
    "pwr",
    "power",
    "ispta",
    // gain, depth, frequency, filters
    "gain",
    "gn",
    "dgain",
    "tgc",
    "depth",
    "dep",
    "freq",
    "frq",
    "fr",
    "fps",
    "prf",
    "wf",
    "map",
    "persist",
    "pers",
    "dyn",
    "compr",
    "thi",
    "harm",
    "harmonic",
    "harmonics",
    "chi",
    "cri",
    "xres",
    "sri",
    "zoom",
    "focus",
    "foc",
    "lgain",
    "dva",
    "fov",
    "sv",
    "gate",
    "angle",
    "steer",
    "scale",
    "sweep",
    "hgen",
    "hpen",
    "hres",
    "pen",
    "res",
    "gen",
    // modes
    "b",
    "2d",
    "3d",
    "4d",
    "bd",
    "cf",
    "cfm",
    "cpa",
    "cpd",
    "pd",
    "pdi",
    "pw",
    "cw",
    "tdi",
    "dop",
    "doppler",
    "color",
    "colour",
    "mmode",
    "cine",
    // what is measured
    "dist",
    "area",
    "circ",
    "vol",
    "pi",
    "ri",
    "psv",
    "edv",
    "hr",
    "bpm",
    "vmax",
    "vmin",
    "vmean",
    "tamax",
    "bpd",
    "hc",
    "ac",
    "crl",
    "efw",
    "gs",
    "afi",
    "ivsd",
    "lvidd",
    "lvids",
    "lvpwd",
    "ef",
    "sd",
    // what is looked at
    "trv",
    "trans",
    "sag",
    "cor",
    "axi",
    "ob",
    "gyn",
    "obgyn",
    "msk",
    "mscskel",
    "abd",
    "vasc",
    "thy",
    "neo",
    "smp",
    // radiography and tomography
    "kv",
    "kvp",
    "ma",
    "mas",
    "dap",
    "dlp",
    "ctdi",
    "ctdivol",
    "ctdiw",
    "ssde",
    "tr",
    "te",
    "fa",
    "thk",
    "sl",
    "ww",
    "wl",
    // sides and positions
    "l",
    "r",
    "a",
    "p",
    "h",
    "f",
    "i",
    "s",
    "m",
    "lt",
    "rt",
    "ap",
    "pa",
    "lat",
    "lao",
    "rao",
    "supine",
    "prone",
    "portable",
    "erect",
    "upright",
    "semierect",
    "decub",
    "cc",
    "mlo",
];

/// Units, in lower case, and as they are often misread (`em` for cm).
const UNITS: &[&str] = &[
    "mm", "cm", "em", "cm2", "mm2", "cm²", "mm²", "cm3", "cm³", "cc", "ml", "mm/s", "cm/s", "em/s", "m/s", "cm/sec",
    "m/sec", "cm/s2", "mhz", "khz", "hz", "db", "%", "bpm", "s", "ms", "sec", "msec", "us", "µs", "°", "deg", "°c",
    "kv", "kvp", "ma", "mas", "mw", "mw/cm2", "mw/cm²", "mgy", "mgy-cm", "mgy-em", "mgy*cm", "mgycm", "gy", "hu",
    "fps", "g", "mmhg", "mm/mv",
];

/// Words before which or in which a person, an id or a place is named; some are ordinary everywhere else.
const ANNOUNCING: &[&str] = &[
    "name",
    "names",
    "patient",
    "pat",
    "pt",
    "id",
    "pid",
    "mrn",
    "no",
    "nr",
    "number",
    "code",
    "dob",
    "born",
    "birth",
    "birthday",
    "age",
    "sex",
    "acc",
    "accession",
    "exam",
    "case",
    "visit",
    "date",
    "time",
    "dr",
    "doctor",
    "prof",
    "mr",
    "mrs",
    "miss",
    "md",
    "phd",
    "physician",
    "operator",
    "technologist",
    "technician",
    "tech",
    "nurse",
    "sonographer",
    "radiologist",
    "ref",
    "referring",
    "referred",
    "attending",
    "by",
    "for",
    "from",
    "hospital",
    "clinic",
    "clinical",
    "center",
    "centre",
    "ctr",
    "medical",
    "med",
    "department",
    "dept",
    "radiology",
    "university",
    "institute",
    "institution",
    "community",
    "ward",
    "saint",
    "st",
    "female",
    "male",
    "subject",
    "record",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_consoles_write_is_told_from_everything_else() {
        use Token::{Announcing, Label, Mark, Measure, Number, Plain, Strange, Unit};
        for (wanted, words) in [
            (
                Label,
                &[
                    "MI",
                    "TIs",
                    "TIs0.4",
                    "MI=0.8",
                    "TIS<0.4",
                    "Gain",
                    "Dist:",
                    "(AP)",
                    "PORTABLE",
                    "L",
                    "PRF=1500Hz",
                    "CTDIvol",
                    "__MSCSKEL",
                ][..],
            ),
            (Measure, &["20Hz", "12.7mm", "94%", "11cm", "0.5cm/s", "37°C"]),
            (Number, &["0.8", "12,7", "60", "1500", "+12"]),
            (Unit, &["mm", "cm/s", "mGy-cm", "%", "dB"]),
            (Plain, &["LIVER", "Phantom", "TRV.LIVER", "head-neck", "Gallbladder"]),
            (Mark, &["+", ":", "="]),
            (Announcing, &["Name:", "ID", "DOB", "Hospital", "Dr.", "MRN:"]),
            (
                Strange,
                &[
                    "Castellanos",
                    "BROWN",
                    "Baker",
                    "MRN3043202",
                    "12-JUL-2011",
                    "07/25/1936",
                    "12:34:56",
                    "2:56",
                    "44CG43",
                    "78F",
                    "12345",
                    "1.2.3",
                    "C6",
                    "A.H",
                    "J",
                    "3/3/4",
                    "IM#2",
                    "J.DOE",
                    "Grace",
                ],
            ),
        ] {
            for word in words {
                assert_eq!(Token::of(word), wanted, "{word}");
            }
        }
    }

    #[test]
    fn no_label_is_an_ordinary_name_or_announces_one() {
        for word in LABELS.iter().chain(UNITS) {
            assert!(!ANNOUNCING.contains(word), "{word}");
        }
        for word in LABELS.iter().filter(|word| is_name_too(word)) {
            // what a console calls a mode
            assert!(["color", "colour"].contains(word), "{word}");
        }
    }
}
