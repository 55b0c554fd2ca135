//! Lines read, each once, and parted into what stays and what goes.

use std::collections::HashMap;
use std::fmt;

use isocenter_volume::Ctx;
use rayon::prelude::*;

use super::super::detect::Found;
use super::super::{Error, Rect};
use super::crop::{Line, Shown};
use super::judge::{self, Judged, SURE, SURE_OUTSIDE, Setting};
use super::row::{self, Told};
use super::word::Word;
use super::{Error as ReadError, Reader};
use crate::leak::LeakScan;

/// Text that was found, and its line, cut out of the frame in each way in which it may be read.
pub(in super::super) struct Seen {
    pub(in super::super) found: Found,
    pub(in super::super) lines: Vec<Line>,
}

/// What stays and what goes, by frame.
#[derive(Default)]
pub(in super::super) struct Parted {
    pub(in super::super) kept: Vec<Vec<Found>>,
    pub(in super::super) hide: Vec<Vec<Found>>,
}

/// The reading of one instance.
pub(in super::super) struct Reading<'a> {
    reader: &'a dyn Reader,
    known: &'a LeakScan,
    /// Words by line, in pixels of it: what stands still in a cine is read once.
    memory: HashMap<Line, Vec<Word>>,
}

/// How many lines it remembers.
impl fmt::Debug for Reading<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading").field("lines", &self.memory.len()).finish_non_exhaustive()
    }
}

/// Lines that a reader gets at once.
const BATCH: usize = 40;
/// Words of one line.
const MOST_WORDS: usize = 256;
/// Bytes of one word.
const LONGEST: usize = 512;

impl<'a> Reading<'a> {
    pub(in super::super) fn new(reader: &'a dyn Reader, known: &'a LeakScan) -> Self {
        Self { reader, known, memory: HashMap::new() }
    }

    /// Reads what was found in some frames and parts it. `regions` are calibrated ones. The stage `read` counts lines.
    ///
    /// # Errors
    /// [`Error::Read`], [`Error::Cancelled`].
    pub(in super::super) fn part(
        &mut self,
        frames: &[Vec<Seen>],
        regions: &[Rect],
        ctx: &Ctx<'_>,
    ) -> Result<Parted, Error> {
        self.read(frames.iter().flatten().flat_map(|seen| &seen.lines), ctx)?;
        let this = &*self;
        let one = |frame: &Vec<Seen>| {
            let mut told: Vec<Told<'_>> = frame.iter().map(|seen| this.told(seen, regions)).collect();
            row::doubt(&mut told);
            let (kept, hide): (Vec<_>, Vec<_>) = told.iter().map(Told::parted).unzip();
            (kept.concat(), hide.concat())
        };
        let parted: Vec<(Vec<Found>, Vec<Found>)> = ctx.install(|| frames.par_iter().map(one).collect());
        let (kept, hide) = parted.into_iter().unzip();
        Ok(agreed(Parted { kept, hide }))
    }

    /// Reads lines that were not read before.
    fn read<'l>(&mut self, lines: impl Iterator<Item = &'l Line>, ctx: &Ctx<'_>) -> Result<(), Error> {
        let mut new: Vec<&Line> = Vec::new();
        let mut met = std::collections::HashSet::new();
        new.extend(lines.filter(|line| !self.memory.contains_key(*line) && met.insert(*line)));
        let stage = ctx.stage("read", new.len() as u64);
        let batch = |lines: &[&Line]| -> Result<Vec<Vec<Word>>, Error> {
            stage.check()?;
            let shown: Vec<Shown> = lines.iter().map(|line| line.shown()).collect();
            let planes: Vec<_> = shown.iter().map(|shown| shown.plane.clone()).collect();
            let read = self.reader.read_all(&planes)?;
            if read.len() != lines.len() {
                return Err(ReadError::Malformed { what: "another number of lines than was asked for" }.into());
            }
            let read =
                read.into_iter().zip(&shown).map(|(words, shown)| checked(words, shown)).collect::<Result<_, _>>()?;
            stage.advance(lines.len() as u64)?;
            Ok(read)
        };
        // a few lines for each thread, as long as there are
        let size = new.len().div_ceil(rayon::current_num_threads()).clamp(4, BATCH);
        let read: Vec<Result<_, Error>> = ctx.install(|| new.par_chunks(size).map(batch).collect());
        let read: Vec<Vec<Vec<Word>>> = read.into_iter().collect::<Result<_, _>>()?;
        self.memory.extend(new.into_iter().cloned().zip(read.into_iter().flatten()));
        Ok(())
    }

    fn told<'s>(&self, seen: &'s Seen, regions: &[Rect]) -> Told<'s> {
        let rect = seen.found.rect;
        let (x, y) = ((rect.x0 + rect.x1) / 2, (rect.y0 + rect.y1) / 2);
        let inside = regions.iter().any(|region| region.contains(x, y));
        let read = |line: &'s Line| (line, self.memory.get(line).map_or(&[][..], Vec::as_slice));
        let weight = |words: &[Word]| {
            words.iter().map(|word| f64::from(word.confidence()) * word.text().chars().count() as f64).sum::<f64>()
        };
        // the way in which most of it can be read
        let best = seen.lines.iter().map(read).reduce(|a, b| if weight(b.1) > weight(a.1) { b } else { a });
        let judged = best.map_or_else(Judged::default, |(line, words)| {
            let size = [line.plane.columns() as u32, line.plane.rows() as u32];
            let sure = if inside { SURE } else { SURE_OUTSIDE };
            judge::line(words, &Setting { size, height: line.height, glyphs: seen.found.glyphs, sure }, self.known)
        });
        Told { found: seen.found, line: best.map(|(line, _)| line), judged }
    }
}

/// Words as a reader may give them, in pixels of the line.
fn checked(words: Vec<Word>, shown: &Shown) -> Result<Vec<Word>, ReadError> {
    if words.len() > MOST_WORDS {
        return Err(ReadError::Limit { what: "words in a line", limit: MOST_WORDS });
    }
    let whole = Rect::new(0, 0, shown.plane.columns() as u32, shown.plane.rows() as u32);
    let one = |word: Word| {
        if word.text().len() > LONGEST {
            return Err(ReadError::Limit { what: "bytes in a word", limit: LONGEST });
        }
        if word.rect().is_empty() || word.rect().intersect(whole) != Some(word.rect()) {
            return Err(ReadError::Malformed { what: "a word outside of its line" });
        }
        if !(0.0..=1.0).contains(&word.confidence()) {
            return Err(ReadError::Malformed { what: "a confidence that is not from 0 to 1" });
        }
        Ok(Word::new(word.text(), shown.back(word.rect()), word.confidence()))
    };
    words.into_iter().map(one).collect()
}

/// What stays in one frame and goes in another at the same place goes: one of the two was misread.
fn agreed(mut parted: Parted) -> Parted {
    let gone: std::collections::BTreeSet<Rect> = parted.hide.iter().flatten().map(|found| found.rect).collect();
    for (kept, hide) in parted.kept.iter_mut().zip(&mut parted.hide) {
        let (stays, goes) = kept.iter().partition(|one| {
            let shared = |rect: &Rect| rect.intersect(one.rect).map_or(0, |both| both.area());
            gone.iter().all(|rect| shared(rect) * 3 < one.rect.area())
        });
        *kept = stays;
        let goes: Vec<Found> = goes;
        hide.extend(goes);
    }
    parted
}
