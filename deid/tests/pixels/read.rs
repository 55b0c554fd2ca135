//! Text that is read: what names nobody stays, everything else goes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use isocenter_dcm::{Instance, VR, tags};
use isocenter_deid::Ctx;
use isocenter_deid::pixels::read::{Error as ReadError, Word};
use isocenter_deid::pixels::{Cleaned, Cleaning, Error, Plane, Reader, Rect, Verdict};

use crate::font::ADVANCE;
use crate::image::{ULTRASOUND, of_scenes, stored, text};
use crate::scene::{Pen, Scene};

const PEN: Pen = Pen { scale: 2, level: 255, upright: false };
/// Pixels of a letter in what a reader is shown: the font's, drawn twice and shown three times as large.
const LETTER: u32 = ADVANCE as u32 * 2 * 3;

/// Knows the lines that were drawn by their length, and says of each what it was told to.
#[derive(Debug, Default)]
struct Told {
    /// As drawn, and as read.
    lines: Vec<(&'static str, &'static str)>,
    confidence: f32,
    asked: AtomicUsize,
}

impl Told {
    fn new(lines: &[(&'static str, &'static str)]) -> Self {
        Self { lines: lines.to_vec(), confidence: 0.9, asked: AtomicUsize::new(0) }
    }
}

impl Reader for Told {
    fn read(&self, line: &Plane) -> Result<Vec<Word>, ReadError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let columns = line.columns();
        let dark = |column: &usize| line.levels().iter().skip(*column).step_by(columns).any(|&level| level < 128);
        let (Some(first), Some(last)) = ((0..columns).find(dark), (0..columns).rev().find(dark)) else {
            return Ok(Vec::new());
        };
        let letters = (last - first) as u32 / LETTER + 1;
        let Some((_, read)) = self.lines.iter().find(|(drawn, _)| drawn.len() as u32 == letters) else {
            return Ok(Vec::new());
        };
        let mut at = first as u32;
        let words = read.split(' ').map(|word| {
            let (from, rows) = (at, line.rows() as u32);
            at += (word.len() as u32 + 1) * LETTER;
            Word::new(word, Rect::new(from, 2, (at - LETTER - 6).min(columns as u32), rows - 2), self.confidence)
        });
        Ok(words.collect())
    }
}

/// Lines drawn below each other, read and cleaned: for each whether its letters are all there (of those from and to a letter).
fn cleaned(reader: Told, lines: &[&str], patient: &str) -> (Instance, Vec<Vec<(usize, usize)>>, Cleaned) {
    let mut scene = Scene::flat(500, 60 + 40 * lines.len(), 20);
    let drawn = lines.iter().enumerate().map(|(n, line)| scene.write(line, 30, 30 + 40 * n, PEN)).collect();
    let mut instance = of_scenes(ULTRASOUND, &[scene]);
    text(&mut instance.dataset, tags::PATIENT_NAME, VR::PN, patient);
    let cleaned =
        Cleaning::new().reader(Arc::new(reader) as Arc<dyn Reader>).apply(&mut instance, &Ctx::default()).unwrap();
    (instance, drawn, cleaned)
}

fn stays(instance: &Instance, drawn: &[(usize, usize)], columns: std::ops::Range<usize>) -> bool {
    let after = stored(instance, 0);
    let inside = drawn.iter().filter(|(x, _)| columns.contains(x));
    inside.map(|(x, y)| after[y * 500 + x]).all(|level| level == 255.0)
}

fn is_gone(instance: &Instance, drawn: &[(usize, usize)], columns: std::ops::Range<usize>) -> bool {
    let after = stored(instance, 0);
    let inside = drawn.iter().filter(|(x, _)| columns.contains(x));
    inside.map(|(x, y)| after[y * 500 + x]).all(|level| level == 0.0)
}

const ALL: std::ops::Range<usize> = 0..500;

#[test]
fn labels_stay_and_names_go_outside_of_any_region() {
    let lines = ["DIST 12.7 MM", "CASTELLANOS ANNELIESE", "TRV LIVER"];
    let (instance, drawn, cleaned) = cleaned(Told::new(&lines.map(|line| (line, line))), &lines, "Doe^Jane");
    assert_eq!(cleaned.verdict(), Verdict::LabelsKept);
    assert!(stays(&instance, &drawn[0], ALL) && is_gone(&instance, &drawn[1], ALL) && stays(&instance, &drawn[2], ALL));
    assert_eq!(cleaned.kept[0].len(), 2);
}

#[test]
fn of_a_line_that_names_somebody_the_measurement_stays() {
    let line = "MI 0.8 CASTELLANOS";
    let (instance, drawn, _) = cleaned(Told::new(&[(line, line)]), &[line], "Doe^Jane");
    // six letters of twelve pixels
    assert!(stays(&instance, &drawn[0], 0..30 + 6 * 12) && is_gone(&instance, &drawn[0], 30 + 7 * 12..500));
    // words that name nobody may be the other half of a name
    let line = "LIVER CASTELLANOS";
    let (instance, drawn, _) = cleaned(Told::new(&[(line, line)]), &[line], "Doe^Jane");
    assert!(is_gone(&instance, &drawn[0], ALL));
}

#[test]
fn what_the_header_tells_goes_however_it_is_read() {
    for (drawn, read, patient) in [
        ("TRV LIVER", "TRV LIVER", "Liver^Ann"),
        ("TRV LIVER", "TRV LIVER", "Livers^Ann"),
        ("GAIN 60", "GAIN 60", "Gain^Ann"),
        ("DEPTH 12CM", "DEPTH 12CM", "Depths^Ann"),
    ] {
        let (instance, pixels, _) = cleaned(Told::new(&[(drawn, read)]), &[drawn], patient);
        let from = if read.starts_with("TRV") { 30 + 4 * 12 } else { 0 };
        let to = if read.starts_with("TRV") { 500 } else { 30 + 4 * 12 };
        assert!(is_gone(&instance, &pixels[0], from..to), "{drawn} of {patient}");
    }
}

#[test]
fn what_is_doubtful_goes() {
    let line = "TRV LIVER";
    let unsure = Told { confidence: 0.2, ..Told::new(&[(line, line)]) };
    for reader in [
        unsure,
        // nothing was read
        Told::new(&[]),
        // far fewer letters than there are
        Told::new(&[(line, "MI")]),
        // a word announces somebody
        Told::new(&[(line, "ID LIVERS")]),
        Told::new(&[(line, "1234 5678")]),
        Told::new(&[(line, "MI 12:34H")]),
    ] {
        let said = format!("{reader:?}");
        let (instance, drawn, cleaned) = cleaned(reader, &[line], "Doe^Jane");
        let gone = is_gone(&instance, &drawn[0], 30 + 3 * 12..500);
        assert!(gone && cleaned.verdict() != Verdict::TextLeft, "{said}");
    }
}

#[test]
fn a_label_that_stands_still_in_a_cine_is_read_once() {
    let mut scene = Scene::flat(500, 100, 20);
    let drawn = scene.write("TRV LIVER", 30, 30, PEN);
    let mut instance = of_scenes(ULTRASOUND, &vec![scene; 12]);
    let reader = Arc::new(Told::new(&[("TRV LIVER", "TRV LIVER")]));
    let cleaned =
        Cleaning::new().reader(reader.clone() as Arc<dyn Reader>).apply(&mut instance, &Ctx::default()).unwrap();
    assert_eq!((cleaned.verdict(), cleaned.changed), (Verdict::LabelsKept, false));
    assert_eq!(reader.asked.load(Ordering::Relaxed), 1);
    assert!(stays(&instance, &drawn, ALL));
}

/// Answers as no reader may.
#[derive(Debug)]
enum Hostile {
    Fails,
    Outside,
    Empty,
    ManyWords,
    LongWord,
    NoNumber,
    OtherCount,
}

impl Reader for Hostile {
    fn read(&self, line: &Plane) -> Result<Vec<Word>, ReadError> {
        let whole = Rect::new(0, 0, line.columns() as u32, line.rows() as u32);
        match self {
            Self::Fails => Err(ReadError::Other { source: "no".into() }),
            Self::Outside => Ok(vec![Word::new("MI", Rect { x1: whole.x1 + 1, ..whole }, 0.9)]),
            Self::Empty => Ok(vec![Word::new("MI", Rect::new(5, 5, 5, 9), 0.9)]),
            Self::ManyWords => Ok(vec![Word::new("MI", whole, 0.9); 100_000]),
            Self::LongWord => Ok(vec![Word::new("MI".repeat(100_000), whole, 0.9)]),
            Self::NoNumber => Ok(vec![Word::new("MI", whole, f32::NAN)]),
            Self::OtherCount => Ok(Vec::new()),
        }
    }

    fn read_all(&self, lines: &[Plane]) -> Result<Vec<Vec<Word>>, ReadError> {
        match self {
            Self::OtherCount => Ok(vec![Vec::new(); lines.len() + 1]),
            _ => lines.iter().map(|line| self.read(line)).collect(),
        }
    }
}

#[test]
fn answers_that_cannot_be_are_errors_and_change_nothing() {
    let mut scene = Scene::flat(300, 100, 20);
    scene.write("TRV LIVER", 30, 30, PEN);
    for reader in [
        Hostile::Fails,
        Hostile::Outside,
        Hostile::Empty,
        Hostile::ManyWords,
        Hostile::LongWord,
        Hostile::NoNumber,
        Hostile::OtherCount,
    ] {
        let mut instance = of_scenes(ULTRASOUND, std::slice::from_ref(&scene));
        let before = instance.to_bytes().unwrap();
        let said = format!("{reader:?}");
        let failed = Cleaning::new().reader(Arc::new(reader) as Arc<dyn Reader>).apply(&mut instance, &Ctx::default());
        assert!(matches!(failed, Err(Error::Read(_))), "{said}");
        assert_eq!(instance.to_bytes().unwrap(), before, "{said}");
    }
}

#[test]
fn words_are_not_shown() {
    let word = Word::new("CASTELLANOS", Rect::new(0, 0, 9, 9), 0.5);
    assert!(!format!("{word:?}").contains("CAST"));
}
