//! The rule.

use super::{
    by_description, by_maker, by_times, by_words,
    contrast::Contrast,
    facts::{Maker, SeriesFacts, is_derived},
    found::{Entities, Found},
    map,
    part::Part,
    suffix::{Datatype, Suffix},
};

/// What kind of series an image is of; what nothing decides is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeriesKind {
    /// The folder of BIDS.
    pub datatype: Option<Datatype>,
    /// What the name ends with.
    pub suffix: Option<Suffix>,
    /// Which entities of a name tell such series apart.
    pub entities: Entities,
    /// What the values of an MR image show. It is told for a localizer too.
    pub contrast: Option<Contrast>,
    /// Whether it only serves to place other series: a localizer, a scout, a few slices.
    pub is_localizer: bool,
    /// Whether it was computed from other images. What two inversions of an MP2RAGE give together is taken as acquired.
    pub is_derived: bool,
    /// Whether a contrast agent was given, as far as the header says.
    pub has_agent: bool,
}

impl SeriesKind {
    /// The kind that the facts tell.
    pub fn of(facts: &SeriesFacts) -> Self {
        let plain = |datatype, suffix| Self { datatype: Some(datatype), suffix: Some(suffix), ..Self::default() };
        match facts.modality.as_deref() {
            Some("PT") => plain(Datatype::Pet, Suffix::Pet),
            Some("CT") => plain(Datatype::Ct, Suffix::Ct),
            Some("MR") => Self::of_mr(facts),
            _ => Self::default(),
        }
    }

    fn of_mr(facts: &SeriesFacts) -> Self {
        let found = found(facts);
        let localizer = is_localizer(facts).then(Found::localizer).or(found.filter(|f| f.suffix == Suffix::Localizer));
        let kept = localizer.or(found);
        let suffix = kept.map(|found| found.suffix);
        Self {
            datatype: kept.and_then(|found| found.datatype),
            suffix,
            entities: kept.map(|found| found.entities).unwrap_or_default(),
            contrast: map_of(facts).or_else(|| weighting(facts, found)),
            is_localizer: localizer.is_some(),
            is_derived: is_derived(&facts.image_type) && suffix != Some(Suffix::Unit1),
            has_agent: facts.has_agent,
        }
    }

    /// The folder, as dcm2niix names it: that of BIDS, but `derived` for what was computed and `discard` for what only serves to place
    /// other series.
    pub fn folder(&self) -> Option<&'static str> {
        self.suffix?;
        if self.is_derived {
            Some("derived")
        } else if self.is_localizer {
            Some("discard")
        } else {
            self.datatype.map(Datatype::folder)
        }
    }
}

/// A few slices, or images of several orientations, or what the header calls so.
fn is_localizer(facts: &SeriesFacts) -> bool {
    let few = if facts.maker == Some(Maker::Philips) { 4 } else { 2 };
    let is_few = facts.slices.is_some_and(|slices| slices < few) && facts.steps.unwrap_or(1) < few;
    is_few || facts.has_other_planes || facts.shows("LOCALIZER")
}

fn found(facts: &SeriesFacts) -> Option<Found> {
    by_maker::of(facts).or_else(|| by_words::of(facts)).or_else(|| by_rest(facts).map(belongs))
}

/// What is left to ask where neither the maker nor the words of the sequence decide.
fn by_rest(facts: &SeriesFacts) -> Option<Suffix> {
    by_times::of(facts)
        .or_else(|| by_words::of_acquisition_contrast(facts))
        .or_else(|| by_description::of(&facts.description))
}

/// The folder of a suffix that was found alone.
fn belongs(suffix: Suffix) -> Found {
    match suffix {
        Suffix::Bold | Suffix::Sbref => Found::directed(Datatype::Func, suffix),
        Suffix::Dwi => Found::directed(Datatype::Dwi, suffix),
        Suffix::Asl | Suffix::M0scan => Found::new(Datatype::Perf, suffix),
        Suffix::T2starw | Suffix::Megre => Found::parted(suffix),
        _ => Found::anat(suffix),
    }
}

fn map_of(facts: &SeriesFacts) -> Option<Contrast> {
    let by_part = match facts.part {
        Some(Part::FieldMap) => Some(Contrast::FieldMap),
        Some(Part::Phase) => Some(Contrast::Phase),
        Some(Part::Real) => Some(Contrast::Real),
        Some(Part::Imaginary) => Some(Contrast::Imaginary),
        Some(Part::Magnitude) | None => None,
    };
    let by_type = map::of_image_type(facts.own_type(), facts.component.as_deref(), &facts.unit);
    // the sequence of a field map may say so where its type does not
    by_part.filter(|part| *part == Contrast::FieldMap).or(by_type).or(by_part)
}

fn weighting(facts: &SeriesFacts, found: Option<Found>) -> Option<Contrast> {
    let suffix = match found.map(|found| found.suffix) {
        None | Some(Suffix::Localizer) => by_rest(facts)?,
        Some(suffix) => suffix,
    };
    Some(match suffix {
        Suffix::T1w | Suffix::Unit1 => Contrast::T1,
        Suffix::Mp2rage if facts.is_second_inversion() => Contrast::Pd,
        Suffix::Mp2rage => Contrast::T1,
        Suffix::T2w => Contrast::T2,
        Suffix::Flair => Contrast::Flair,
        Suffix::PDw => Contrast::Pd,
        Suffix::T2starw | Suffix::Megre if facts.shows("SWI") => Contrast::Swi,
        // one early echo: steady state has the name, not the weighting
        Suffix::T2starw if by_times::is_early(facts) => match by_times::of(facts)? {
            Suffix::T1w => Contrast::T1,
            _ => return None,
        },
        Suffix::T2starw | Suffix::Megre => Contrast::T2Star,
        Suffix::T1map => Contrast::T1Map,
        Suffix::Angio => Contrast::Angio,
        Suffix::Dwi => Contrast::Dwi,
        Suffix::Sbref if facts.is_diffusion => Contrast::Dwi,
        Suffix::Sbref | Suffix::Bold => Contrast::Bold,
        Suffix::Asl | Suffix::M0scan => Contrast::Asl,
        Suffix::Epi
        | Suffix::Magnitude(_)
        | Suffix::Phasediff
        | Suffix::Fieldmap
        | Suffix::Tb1tfl
        | Suffix::Pet
        | Suffix::Ct
        | Suffix::Localizer => return None,
    })
}
