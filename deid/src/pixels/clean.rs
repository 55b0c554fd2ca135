//! Clean Pixel Data: text found and blanked, and looked for again.
//!
//! 1. The gate ([`burned_in`]) and the kind of image say whether it is searched ([`Search`]).
//! 2. Rules for devices give rectangles, searched or not.
//! 3. Text is looked for in every frame. What [`zones`] take for a measurement or a label stays, all else is to be blanked. In a cine, what
//!    stands at one place in at least two frames is blanked in all of them: where tissue hides a letter from the search, text
//!    does not stay.
//! 4. The rectangles are [blanked](blank).
//! 5. What is there now is decoded and searched again, and blanked again where text is still found, a few times.
//!
//! The header is not changed but where [`blank`] codes pixels anew. Burned In Annotation and the method code 113101 are the caller's to set, by
//! [`Cleaned::verdict`].
//!
//! With a [reader](Cleaning::reader), what was found is read, and what names nobody stays, inside of regions and outside; what is not read for sure goes, inside of
//! them too. What stays is not looked at again in step 5.
//!
//! Without reading text, harmless labels outside of calibrated regions go too, and a missed name stays: text that is slanted, hand-written,
//! smaller than 5 pixels, or fainter than what is around it is not found.
//!
//! Source: DICOM PS3.15 E.3.1.
//!
//! # Examples
//! ```
//! use isocenter_deid::{Ctx, dcm::{Dataset, FileMeta, Instance}, pixels::{Cleaning, Verdict}};
//! let mut no_image = Instance::new(FileMeta::default(), Dataset::new_empty());
//! let cleaned = Cleaning::new().apply(&mut no_image, &Ctx::default())?;
//! assert_eq!(cleaned.verdict(), Verdict::NotSearched);
//! # Ok::<_, isocenter_deid::pixels::Error>(())
//! ```

use std::sync::Arc;

use isocenter_dcm::pixel::DecodeOptions;
use isocenter_dcm::{FunctionalGroups, Instance};
use isocenter_volume::Ctx;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::detect::{Evidence, Found};
use super::read::{self, Parted, Reader, Reading, Seen};
use super::zones::Inside;
use super::{Areas, Error, Plane, Rect, Rules, blank, detect, zones};
use crate::burned_in;
use crate::known::KnownValues;
use crate::leak::LeakScan;

/// How pixels are cleaned.
#[derive(Clone, Debug, Default)]
pub struct Cleaning {
    search: Search,
    inside: Inside,
    rules: Arc<Rules>,
    reader: Option<Arc<dyn Reader>>,
}

/// Which images are searched for text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Search {
    /// None: rules alone decide.
    None,
    /// Those that the header makes [suspect](burned_in).
    Suspect,
    /// Those, and projection radiographs (CR, DX, MG, RF, XA and the like), on which text is typed at the console. Slices that scanners make (CT,
    /// MR, PET, NM) are not searched: they hold no text, and now and then a row of vessels looks like it.
    #[default]
    Usual,
    /// All.
    All,
}

/// Whether an image shows text now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Verdict {
    /// It was not searched; rules may have been applied.
    NotSearched,
    /// No text was found.
    NoText,
    /// Text was found and blanked, and none is found any more.
    Cleaned,
    /// None is found but what was taken for measurements and labels in calibrated regions.
    LabelsKept,
    /// Text is still found.
    TextLeft,
}

/// What was done to an image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Cleaned {
    /// Whether it was searched.
    pub searched: bool,
    /// The names of the rules that applied.
    pub rules: Vec<String>,
    /// Text that was found and blanked, by frame.
    pub blanked: Vec<Vec<Found>>,
    /// Text that was left as a measurement or a label, by frame; where it was read, parts of lines too.
    pub kept: Vec<Vec<Found>>,
    /// Whether text was read.
    #[serde(default)]
    pub read: bool,
    /// Text that is still found, by frame.
    pub residual: Vec<Vec<Found>>,
    /// All that was blanked.
    pub areas: Areas,
    /// Whether any pixel was.
    pub changed: bool,
}

impl Cleaned {
    /// Whether text is left.
    pub fn verdict(&self) -> Verdict {
        let any = |frames: &[Vec<Found>]| frames.iter().any(|found| !found.is_empty());
        match self.searched {
            false => Verdict::NotSearched,
            true if any(&self.residual) => Verdict::TextLeft,
            true if any(&self.kept) => Verdict::LabelsKept,
            true if any(&self.blanked) => Verdict::Cleaned,
            true => Verdict::NoText,
        }
    }
}

impl Cleaning {
    /// The usual search, labels in calibrated regions kept, no rules.
    pub fn new() -> Self {
        Self::default()
    }

    /// Which images are searched.
    #[must_use]
    pub fn search(mut self, search: Search) -> Self {
        self.search = search;
        self
    }

    /// What to do with text inside calibrated regions.
    #[must_use]
    pub fn inside(mut self, inside: Inside) -> Self {
        self.inside = inside;
        self
    }

    /// Rules for devices.
    #[must_use]
    pub fn rules(mut self, rules: impl Into<Arc<Rules>>) -> Self {
        self.rules = rules.into();
        self
    }

    /// What reads text, so that what names nobody stays.
    #[must_use]
    pub fn reader(mut self, reader: impl Into<Arc<dyn Reader>>) -> Self {
        self.reader = Some(reader.into());
        self
    }

    /// Whether text is searched for and read.
    pub fn reads(&self) -> bool {
        self.reader.is_some() && self.search != Search::None
    }

    /// Whether the pixels of an image have to be looked at, by its header.
    pub fn needs_pixels(&self, header: &Instance) -> bool {
        header.has_pixels() && (!self.rules.is_empty() || self.is_searched(header))
    }

    /// Cleans the pixels of an instance with its original header. Where no rule applies and no text is found nothing changes, bit for bit. Stages
    /// `search`, `read` and `blank` count frames, lines and frames. What is read is held against what the header tells of the patient.
    ///
    /// # Errors
    /// [`Error::HeaderOnly`]; those of decoding, of [`blank::areas`]; [`Error::Read`], [`Error::Patterns`], [`Error::Cancelled`]. The instance may then have been cleaned
    /// in part.
    pub fn apply(&self, instance: &mut Instance, ctx: &Ctx<'_>) -> Result<Cleaned, Error> {
        let mut known = KnownValues::new();
        if self.reader.is_some() {
            known.gather(&instance.dataset, &instance.meta);
        }
        let known = LeakScan::identities(&known).map_err(|source| Error::Patterns { source: Box::new(source) })?;
        self.apply_with(instance, &known, ctx)
    }

    /// The same, with what is read held against all that is known of the patient (the [identities](LeakScan::identities)).
    ///
    /// # Errors
    /// As [`apply`](Self::apply).
    pub fn apply_with(&self, instance: &mut Instance, known: &LeakScan, ctx: &Ctx<'_>) -> Result<Cleaned, Error> {
        let mut cleaned = Cleaned::default();
        if !instance.has_pixels() {
            return Ok(cleaned);
        }
        if instance.is_header_only() {
            return Err(Error::HeaderOnly);
        }
        cleaned.searched = self.is_searched(instance);
        if !cleaned.searched && self.rules.is_empty() {
            return Ok(cleaned);
        }
        let info = instance.frame(0)?.info()?;
        let size = [u32::from(info.columns), u32::from(info.rows)];
        for rule in self.rules.matching(&instance.dataset, size) {
            cleaned.rules.push(rule.name().to_owned());
            rule.areas().iter().for_each(|&rect| cleaned.areas.add_everywhere(rect));
        }
        if !cleaned.searched {
            cleaned.changed = blank::areas(instance, &cleaned.areas, ctx)?;
            return Ok(cleaned);
        }
        let regions = match self.inside {
            Inside::Keep => zones::calibrated(&instance.dataset, size),
            Inside::Clean => Vec::new(),
        };
        let mut parting = match self.reader.as_deref() {
            Some(reader) => Parting::Read(Box::new(Reading::new(reader, known)), &regions),
            None => Parting::Placed(&regions),
        };
        cleaned.read = self.reader.is_some();
        let frames = FunctionalGroups::new(&instance.dataset).frames();
        let all: Vec<usize> = (0..frames).collect();
        let Parted { kept, hide } = parting.part(search(instance, &all, cleaned.read, ctx)?, ctx)?;
        steady(&hide).into_iter().for_each(|rect| cleaned.areas.add_everywhere(rect));
        for (frame, found) in hide.iter().enumerate() {
            found.iter().for_each(|one| cleaned.areas.add(frame, one.rect));
        }
        cleaned.changed = blank::areas(instance, &cleaned.areas, ctx)?;
        (cleaned.kept, cleaned.blanked) = (kept, hide);
        cleaned.residual = vec![Vec::new(); frames];
        if cleaned.changed {
            again(instance, &mut parting, &mut cleaned, ctx)?;
        }
        Ok(cleaned)
    }

    fn is_searched(&self, instance: &Instance) -> bool {
        let suspect = || burned_in::judge_instance(instance) != burned_in::Verdict::Clear;
        let modality = instance.modality().unwrap_or_default();
        match self.search {
            Search::None => false,
            Search::Suspect => suspect(),
            Search::Usual => PROJECTIONS.contains(&modality.trim()) || suspect(),
            Search::All => true,
        }
    }
}

/// Looks for text in frames that were changed, and blanks what is still found.
fn again(
    instance: &mut Instance,
    parting: &mut Parting<'_>,
    cleaned: &mut Cleaned,
    ctx: &Ctx<'_>,
) -> Result<(), Error> {
    let mut open: Vec<usize> = (0..cleaned.residual.len()).filter(|&frame| cleaned.areas.touches(frame)).collect();
    for round in 0..=ROUNDS {
        let mut seen = search(instance, &open, cleaned.read, ctx)?;
        if cleaned.read {
            for (&frame, seen) in open.iter().zip(&mut seen) {
                seen.retain(|seen| !is_settled(&seen.found, &cleaned.kept[frame], &cleaned.areas.of(frame)));
            }
        }
        let Parted { kept, hide } = parting.part(seen, ctx)?;
        let mut more = Areas::new();
        for ((&frame, hide), kept) in open.iter().zip(hide).zip(kept) {
            hide.iter().for_each(|one| more.add(frame, one.rect));
            cleaned.residual[frame] = hide;
            if cleaned.read {
                cleaned.kept[frame].extend(kept);
            }
        }
        if more.is_empty() || round == ROUNDS {
            break;
        }
        blank::areas(instance, &more, ctx)?;
        open.retain(|&frame| more.touches(frame));
        for &frame in &open {
            more.of(frame).into_iter().for_each(|rect| cleaned.areas.add(frame, rect));
            let blanked = cleaned.residual[frame].clone();
            cleaned.blanked[frame].extend(blanked);
        }
    }
    Ok(())
}

/// Whether what is found again is what was read and stays, or the edge of what is blanked.
fn is_settled(found: &Found, kept: &[Found], blanked: &[Rect]) -> bool {
    let rects: Vec<Rect> =
        kept.iter().map(|one| &one.rect).chain(blanked).filter_map(|rect| rect.intersect(found.rect)).collect();
    let inside = (found.rect.y0..found.rect.y1)
        .flat_map(|y| (found.rect.x0..found.rect.x1).map(move |x| (x, y)))
        .filter(|&(x, y)| rects.iter().any(|rect| rect.contains(x, y)))
        .count();
    // a fifth: the margin of what is found may differ
    inside as u64 * 5 > found.rect.area() * 4
}

/// What decides of text that was found.
enum Parting<'a> {
    /// Where it stands.
    Placed(&'a [Rect]),
    /// What it says.
    Read(Box<Reading<'a>>, &'a [Rect]),
}

impl Parting<'_> {
    fn part(&mut self, frames: Vec<Vec<Seen>>, ctx: &Ctx<'_>) -> Result<Parted, Error> {
        match self {
            Self::Read(reading, regions) => reading.part(&frames, regions, ctx),
            Self::Placed(regions) => {
                let found = frames.into_iter().map(|seen| seen.into_iter().map(|seen| seen.found).collect());
                let (kept, hide) = found.map(|found| part(found, regions)).unzip();
                Ok(Parted { kept, hide })
            }
        }
    }
}

/// How often text that is found again is blanked again.
const ROUNDS: usize = 2;
/// Modalities of projection radiographs (PS3.3 C.7.3.1.1.1); an image that does not say what it is may be one.
const PROJECTIONS: [&str; 10] = ["CR", "DX", "MG", "RF", "XA", "RG", "PX", "IO", "DF", ""];

/// Text in some frames, cut out where it is to be read.
fn search(instance: &Instance, frames: &[usize], cut: bool, ctx: &Ctx<'_>) -> Result<Vec<Vec<Seen>>, Error> {
    let stage = ctx.stage("search", frames.len() as u64);
    let one = |&frame: &usize| -> Result<Vec<Seen>, Error> {
        stage.check()?;
        let view = instance.frame(frame).map_err(Error::at(frame))?;
        let pixels = view.decode(&DecodeOptions::default()).map_err(Error::at(frame))?;
        let plane =
            Plane::of(&pixels).ok_or(Error::Unsupported { what: "a frame of another size than its header says" })?;
        let seen = detect::text(&plane).into_iter().flat_map(|found| match cut {
            true => read::cut(&plane, &found),
            false => vec![Seen { found, lines: Vec::new() }],
        });
        let seen = seen.collect();
        stage.advance(1)?;
        Ok(seen)
    };
    let found: Vec<Result<_, Error>> = ctx.install(|| frames.par_iter().map(one).collect());
    found.into_iter().collect()
}

/// What stays, and what goes. A short run goes with a line of its row that goes.
fn part(found: Vec<Found>, regions: &[Rect]) -> (Vec<Found>, Vec<Found>) {
    let gone: Vec<Found> = found.iter().copied().filter(|one| !zones::keeps(regions, one)).collect();
    let beside = |one: &Found| {
        gone.iter().filter(|line| line.evidence == Evidence::Line).any(|line| {
            let rows = (one.rect.y0.max(line.rect.y0), one.rect.y1.min(line.rect.y1));
            rows.1 > rows.0 && (rows.1 - rows.0) * 2 > one.rect.height()
        })
    };
    let stays = |one: &Found| zones::keeps(regions, one) && !(one.evidence == Evidence::Companion && beside(one));
    found.into_iter().partition(stays)
}

/// Rectangles of text that stands at one place in at least two frames.
fn steady(frames: &[Vec<Found>]) -> Vec<Rect> {
    let mut places: Vec<(Rect, usize, usize)> = Vec::new();
    for (frame, found) in frames.iter().enumerate() {
        for one in found.iter().filter(|one| one.evidence == Evidence::Line) {
            let same = places.iter_mut().find(|(rect, ..)| {
                let shared = rect.intersect(one.rect).map_or(0, |both| both.area());
                shared * 2 > rect.area().max(one.rect.area())
            });
            match same {
                Some((rect, last, times)) => {
                    *times += usize::from(*last != frame);
                    (*rect, *last) = (rect.union(one.rect), frame);
                }
                None => places.push((one.rect, frame, 1)),
            }
        }
    }
    places.into_iter().filter(|(.., times)| *times > 1).map(|(rect, ..)| rect).collect()
}
