//! What a sidecar is about: the header of the volume's first image, and what the plan says of all of them.

use isocenter_dcm::{Dataset, Tag, tags, value};

use super::header::Header;
use crate::{
    Facts, Options, SeriesPlan,
    facts::{ImageFacts, maker::Maker, vendor::ge_maps_field},
    options::PhilipsScaling,
    part::Part,
    plan::FrameRef,
};

/// What is written about.
pub(super) struct Subject<'a> {
    pub(super) header: Header<'a>,
    pub(super) series: &'a SeriesPlan,
    pub(super) files: &'a [Facts],
    /// Which frame of its file the header is of.
    pub(super) frame: usize,
    /// Which part of a complex image it is.
    pub(super) part: Option<Part>,
    /// Whether GE's sequence for field maps made it.
    pub(super) is_ge_field_map: bool,
    /// Whether its pixels are colours of a table.
    pub(super) is_palette: bool,
    /// Whether the series has images of other echoes.
    pub(super) is_multi_echo: bool,
    /// Which of its two scalings the samples of a Philips image have.
    pub(super) philips: PhilipsScaling,
}

impl<'a> Subject<'a> {
    pub(super) fn new(
        top: &'a Dataset,
        lead: FrameRef,
        series: &'a SeriesPlan,
        files: &'a [Facts],
        open: &Options<'_>,
    ) -> Self {
        let header = Header::new(top, lead.frame);
        let unit = series.head.scaling().unit().code();
        let is_ge_field_map = header.by(Maker::Ge) && ge_maps_field(top);
        let mut kinds = value::strings(top, tags::IMAGE_TYPE);
        kinds.extend(series.image_type.iter().skip(2).cloned());
        let mut part = Part::of(series.component.as_deref(), &kinds, unit);
        // of the two kinds that share the series the map has flag 0
        if is_ge_field_map
            && series.component.as_deref().is_some_and(|kind| kind.ends_with("-0-map") || part == Some(Part::Real))
        {
            part = Some(Part::FieldMap);
        }
        let is_palette =
            value::string(top, tags::PHOTOMETRIC_INTERPRETATION).is_some_and(|kind| kind == "PALETTE COLOR");
        let number = files.get(lead.file).and_then(|file| file.image().ok()?.frames.get(lead.frame)?.key.echo_number);
        let is_multi_echo = number.is_some_and(|number| series.kin.has_other_echo(number));
        let frame = lead.frame;
        Self { header, series, files, frame, part, is_ge_field_map, is_palette, is_multi_echo, philips: open.philips }
    }

    /// Number of steps of the slow axes together.
    pub(super) fn steps(&self) -> usize {
        self.series.head.slow_axes().iter().map(isocenter_volume::SlowAxis::len).product()
    }

    /// The first frame of each step.
    pub(super) fn step_frames(&self) -> Vec<FrameRef> {
        let slices = self.series.head.shape()[2].max(1);
        self.series.frames.iter().step_by(slices).copied().collect()
    }

    /// The facts of a frame.
    pub(super) fn facts(&self, frame: FrameRef) -> Option<(&'a ImageFacts, &'a crate::facts::FrameFacts)> {
        let image = self.files.get(frame.file)?.image().ok()?;
        Some((image, image.frames.get(frame.frame)?))
    }

    /// When each step began, seconds after the first; `None` where one does not say, or none is later than another.
    pub(super) fn onsets_s(&self) -> Option<Vec<f64>> {
        let clock = |frame: FrameRef| self.facts(frame)?.1.order.acquisition_s;
        let times = self.step_frames().into_iter().map(clock).collect::<Option<Vec<f64>>>()?;
        let first = *times.first()?;
        // a time of day may pass midnight
        let after = |t: &f64| if *t < first { t - first + DAY_S } else { t - first };
        let onsets: Vec<f64> = times.iter().map(after).collect();
        onsets.windows(2).all(|pair| pair[0] < pair[1]).then_some(onsets)
    }

    /// A private element's number.
    pub(super) fn private(&self, group: u16, creator: &str, element: u8) -> Option<f64> {
        self.header.private(group, creator, element).and_then(super::header::number_of)
    }

    /// Whether the header has a tag with this value.
    pub(super) fn says(&self, tag: Tag, word: &str) -> bool {
        self.header.strings(tag).iter().any(|text| text == word)
    }
}

const DAY_S: f64 = 86_400.0;
