//! What of a line may stay, by what was read in it.

use super::super::Rect;
use super::crop::is_single;
use super::grammar::{self, Token};
use super::word::Word;
use crate::cleaner::shaped;
use crate::leak::LeakScan;

/// How sure a reader has to be of a word that stays, inside of a calibrated region.
pub const SURE: f32 = 0.4;
/// The same outside, where names stand.
pub const SURE_OUTSIDE: f32 = 0.5;

/// What is known of a line besides what was read in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    /// Columns and rows of the line.
    pub(super) size: [u32; 2],
    /// Height of its capitals in pixels.
    pub(super) height: u32,
    /// Glyphs that were found in it.
    pub(super) glyphs: u32,
    /// How sure the reader has to be.
    pub(super) sure: f32,
}

/// What may become of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    /// It may stay: a measurement, a label, a marker.
    Technical,
    /// It may stay where nothing around it is strange.
    Plain,
    /// It goes.
    Gone,
}

/// A word of a line: from and to a column, and what may become of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) along: [u32; 2],
    pub(super) sense: Sense,
}

/// What was made of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Judged {
    /// Its words, from left to right; none where it is not to be trusted.
    pub(super) parts: Vec<Part>,
}

impl Judged {
    /// Whether anything in it goes.
    pub(super) fn is_strange(&self) -> bool {
        self.parts.is_empty() || self.parts.iter().any(|part| part.sense == Sense::Gone)
    }
}

/// Judges the words of a line, which are in pixels of it.
pub(super) fn line(words: &[Word], setting: &Setting, known: &LeakScan) -> Judged {
    let mut words: Vec<&Word> = words.iter().filter(|word| !word.text().trim().is_empty()).collect();
    words.sort_by_key(|word| (word.rect().x0, word.rect().x1));
    if words.is_empty() || !fits(&words, setting) {
        return Judged::default();
    }
    let tokens = tokens(&words);
    let mut senses: Vec<Sense> = (0..tokens.len()).map(|at| sense(&words, &tokens, at)).collect();

    let (text, ranges) = joined(&words);
    let shaped = shaped(&text);
    let whole = known.spellings().are_in(words.iter().map(|word| word.text()));
    let found: Vec<_> = known.found(&text).map(|(range, _)| range).collect();
    for ((word, range), sense) in words.iter().zip(&ranges).zip(&mut senses) {
        let touched = shaped.iter().chain(&found).any(|gone| gone.start < range.end && range.start < gone.end);
        let wide =
            word.rect().width() > WIDEST * setting.height * word.text().chars().count() as u32 / 10 + setting.height;
        let doubtful = word.confidence() < setting.sure || wide || is_cut(word.rect(), setting);
        if touched || doubtful || whole || known.spellings().are_like(word.text()) {
            *sense = Sense::Gone;
        }
    }
    // What announces somebody has him beside it. What is strange may be a name, and a word that names nobody the other half of it.
    if tokens.contains(&Token::Announcing) {
        senses.fill(Sense::Gone);
    } else if senses.contains(&Sense::Gone) {
        // a single letter may be an initial
        let is_initial = |word: &Word| word.text().chars().filter(|c| c.is_alphanumeric()).count() == 1;
        for (word, sense) in words.iter().zip(&mut senses) {
            if *sense == Sense::Plain || is_initial(word) {
                *sense = Sense::Gone;
            }
        }
    }
    let along = |word: &Word| [word.rect().x0, word.rect().x1.min(setting.size[0])];
    Judged { parts: words.iter().zip(senses).map(|(word, sense)| Part { along: along(word), sense }).collect() }
}

/// Tenths of the height of the capitals that a letter is wide at most, on average: what is wider has something in it that was not read.
const WIDEST: u32 = 12;
/// How many of ten glyphs have to be read.
const READ: usize = 7;

/// Whether words may be all that stands in a line: as many letters as glyphs were found, on one line.
fn fits(words: &[&Word], setting: &Setting) -> bool {
    let letters: usize = words.iter().map(|word| word.text().chars().filter(|c| !c.is_whitespace()).count()).sum();
    is_single(setting.size[1], setting.height) && letters * 10 >= setting.glyphs as usize * READ
}

/// Whether a word reaches an end of what was cut out, and so may go on behind it.
const fn is_cut(rect: Rect, setting: &Setting) -> bool {
    rect.x0 == 0 || rect.x1 >= setting.size[0]
}

/// What each word is. `Ml` before a number is no unit: it is the mechanical index, misread.
fn tokens(words: &[&Word]) -> Vec<Token> {
    let mut tokens: Vec<Token> = words.iter().map(|word| Token::of(word.text())).collect();
    for at in 0..tokens.len() {
        let is_index = words[at].text().eq_ignore_ascii_case("ml") && tokens.get(at + 1) == Some(&Token::Number);
        if is_index && (at == 0 || tokens[at - 1] != Token::Number) {
            tokens[at] = Token::Label;
        }
    }
    tokens
}

/// What a word may be, by what stands beside it.
fn sense(words: &[&Word], tokens: &[Token], at: usize) -> Sense {
    let beside = |to: Option<usize>| to.and_then(|to| tokens.get(to)).copied();
    let (before, after) = (beside(at.checked_sub(1)), beside(at.checked_add(1)));
    match tokens[at] {
        Token::Measure | Token::Mark => Sense::Technical,
        // a label with its number; alone it may be a short name
        Token::Label => {
            let value = if after == Some(Token::Mark) { beside(at.checked_add(2)) } else { after };
            let has_value = words[at].text().contains(|c: char| c.is_ascii_digit());
            if has_value || matches!(value, Some(Token::Number | Token::Measure)) {
                Sense::Technical
            } else {
                Sense::Plain
            }
        }
        Token::Unit if before == Some(Token::Number) => Sense::Technical,
        // the other half of a number that was misread is no measurement
        Token::Number if before == Some(Token::Strange) && has_digit(words[at - 1].text()) => Sense::Gone,
        Token::Number if after == Some(Token::Unit) => Sense::Technical,
        // a number after a label, or after its colon
        Token::Number => {
            let label = at.checked_sub(if before == Some(Token::Mark) { 2 } else { 1 });
            // a letter and a number may be sex and age
            let is_long = |at: usize| words[at].text().chars().filter(|c| c.is_alphabetic()).count() >= 2;
            let is_label = label.is_some_and(|at| tokens[at] == Token::Label && is_long(at));
            // two numbers side by side may be one in two parts
            let alone = after != Some(Token::Number);
            let counts = is_label && alone && !grammar::may_be_a_year(words[at].text());
            if counts { Sense::Technical } else { Sense::Gone }
        }
        Token::Plain => Sense::Plain,
        Token::Unit | Token::Announcing | Token::Strange => Sense::Gone,
    }
}

fn has_digit(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}

/// The words as one text, and where each is in it.
fn joined(words: &[&Word]) -> (String, Vec<std::ops::Range<usize>>) {
    let mut text = String::new();
    let ranges = words.iter().map(|word| {
        if !text.is_empty() {
            text.push(' ');
        }
        let from = text.len();
        text.push_str(word.text());
        from..text.len()
    });
    let ranges = ranges.collect();
    (text, ranges)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::known::{Kind, KnownValues};

    fn scan(values: &[(Kind, &str)]) -> LeakScan {
        let mut known = KnownValues::new();
        values.iter().for_each(|(kind, value)| known.add("Source", *kind, value));
        LeakScan::identities(&known).unwrap()
    }

    /// The senses of the words of a line of capitals of 10 pixels, each letter 8 wide.
    fn senses(text: &str, known: &LeakScan) -> Vec<Sense> {
        let mut at = 8;
        let words: Vec<Word> = text
            .split(' ')
            .filter(|word| !word.is_empty())
            .map(|word| {
                let from = at;
                at += 8 * (word.chars().count() as u32 + 1);
                Word::new(word, Rect::new(from, 3, at - 8, 15), 0.9)
            })
            .collect();
        let setting = Setting { size: [at + 8, 18], height: 10, glyphs: 4, sure: SURE };
        line(&words, &setting, known).parts.into_iter().map(|part| part.sense).collect()
    }

    fn stays(text: &str) -> bool {
        let senses = senses(text, &scan(&[(Kind::Name, "Roesler^Hannelore")]));
        !senses.is_empty() && !senses.contains(&Sense::Gone)
    }

    #[test]
    fn measurements_labels_and_words_that_name_nobody_stay() {
        for text in [
            "MI 0.8",
            "Ml 0.8",
            "TIS<0.4 MI=0.8 AO=100%",
            "Dist 12.7 mm",
            "+ Dist 12.7 mm",
            "20Hz",
            "Gain : 60",
            "TRV LIVER",
            "LYMPH NODE",
            "Total DLP 512.40 mGy-cm",
            "Series Type CTDIvol Phantom",
            "PRF 1500 Hz",
            "PORTABLE AP",
            "MSCSKEL",
            "Vol 120 ml",
        ] {
            assert!(stays(text), "{text}");
        }
    }

    #[test]
    fn names_dates_times_ids_and_what_announces_them_go() {
        for text in [
            "BROWN",
            "Castellanos",
            "MI 12345",
            "12345",
            "0118",
            "1987",
            "MI 1987",
            "12:34:56",
            "07/25/1936",
            "12-JUL-2011",
            "24 MAY 2002",
            "Patient Liver",
            "ID 12",
            "DOB",
            "Dr. Liver",
            "LIVER HOSPITAL",
            "BAPTIST MED CTR",
            "12 34 56",
            "01c 000 mm",
            "MRN3043202",
            "F 93",
            "93 years",
            "HANNELORE",
            "Hannel0re",
            "A Baker",
        ] {
            assert!(!stays(text), "{text}");
        }
    }

    #[test]
    fn what_stands_with_a_stranger_stays_only_if_it_is_technical() {
        use Sense::{Gone, Technical};
        let none = scan(&[]);
        assert_eq!(senses("MI 0.8 Castellanos", &none), [Technical, Technical, Gone]);
        assert_eq!(senses("LIVER Castellanos", &none), [Gone, Gone]);
        assert_eq!(senses("L Castellanos", &none), [Gone, Gone]);
        assert_eq!(senses("Map Castellanos", &none), [Gone, Gone]);
        assert_eq!(senses("Gain : 60 Castellanos", &none), [Technical, Technical, Technical, Gone]);
        assert_eq!(senses("Name: MI 0.8", &none), [Gone, Gone, Gone]);
    }

    #[test]
    fn a_word_at_the_edge_or_wider_than_its_letters_goes() {
        let known = scan(&[]);
        let judge = |rect: Rect| {
            let setting = Setting { size: [100, 18], height: 10, glyphs: 4, sure: SURE };
            line(&[Word::new("LIVER", rect, 0.9)], &setting, &known).is_strange()
        };
        assert!(!judge(Rect::new(8, 3, 50, 15)));
        assert!(judge(Rect::new(0, 3, 50, 15)) && judge(Rect::new(50, 3, 100, 15)) && judge(Rect::new(8, 3, 90, 15)));
    }

    /// A value as a reader may give it back: letters for others that look like them, in any case, and one letter wrong.
    fn misread(value: &str, picks: &[u8], wrong: Option<(usize, char)>) -> String {
        let alike = |c: char| -> &'static str {
            match c.to_ascii_lowercase() {
                'o' | '0' => "o0OQ",
                'i' | 'l' | '1' => "1Il",
                's' | '5' => "s5S",
                'b' | '8' => "b8B",
                'z' | '2' => "z2Z",
                'g' | '6' => "g6G",
                _ => "",
            }
        };
        let mut text: Vec<char> = value
            .chars()
            .zip(picks.iter().cycle())
            .map(|(c, pick)| {
                let same: Vec<char> =
                    alike(c).chars().chain([c, c.to_ascii_uppercase(), c.to_ascii_lowercase()]).collect();
                same[usize::from(*pick) % same.len()]
            })
            .collect();
        if let Some((at, c)) = wrong {
            let at = at % text.len();
            text[at] = c;
        }
        text.into_iter().collect()
    }

    proptest! {
        #[test]
        fn a_line_with_a_known_value_in_any_spelling_is_never_kept(
            name in "[a-z]{4,9}|liver|gain|depth|phantom|femur|sagittal|portable",
            id in "[0-9]{6,9}",
            picks in proptest::collection::vec(any::<u8>(), 1..8),
            wrong in proptest::option::of((any::<usize>(), proptest::char::range('a', 'z'))),
            of_id in any::<bool>(),
            before in "(MI 0\\.8 |TRV LIVER |\\+ )?",
            after in "( 20Hz| mm| 60 dB)?",
            split in any::<Option<usize>>(),
        ) {
            let known = scan(&[(Kind::Name, &format!("{name}^Ann")), (Kind::Identifier, &id)]);
            let mut value = misread(if of_id { &id } else { &name }, &picks, wrong);
            // as long as it is looked for in parts
            if let Some(at) = split.filter(|_| value.len() >= 5) {
                value.insert(1 + at % (value.len() - 1), ' ');
            }
            let text = format!("{before}{value}{after}");
            let senses = senses(&text, &known);
            let first = before.split_whitespace().count();
            let own = value.split_whitespace().count();
            prop_assert!(senses.len() < first + own || senses[first..first + own].iter().all(|sense| *sense == Sense::Gone), "{senses:?}");
        }

        #[test]
        fn any_words_are_judged(text in "(\\PC{1,8} ?){0,12}", confidence in 0.0f32..=1.0, at in 0u32..2000, width in 0u32..2000) {
            let words: Vec<Word> =
                text.split(' ').map(|word| Word::new(word, Rect::new(at, 0, at.saturating_add(width), 9), confidence)).collect();
            let setting = Setting { size: [300, 18], height: 10, glyphs: 4, sure: SURE };
            let judged = line(&words, &setting, &scan(&[(Kind::Name, "Roesler^Hannelore")]));
            prop_assert!(judged.parts.len() <= words.len());
        }
    }
}
