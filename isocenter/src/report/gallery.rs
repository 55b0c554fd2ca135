//! All that the page shows of one item beside its row of the manifest: pictures and histograms.

use isocenter_volume::{Cancelled, Ctx, DynVolume, LabelMap, Volume};

use super::{
    Preset, Range, Window,
    histogram::Histogram,
    picture::{By, Cuts, Indexed, OVERLAY, Plane, Turned, mosaic, overlay},
    tissue,
};

/// A picture of an item, with what it shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Figure {
    /// `axial`, `coronal`, `sagittal`, or index axes where the sides of the patient are not known.
    pub(crate) plane: String,
    /// How many slices, where, and what is drawn on them.
    pub(crate) caption: String,
    /// Indices of the slices along the axis through them, counted to the left, the back or the head; as stored where sides are unknown.
    pub(crate) slices: Vec<usize>,
    /// What is black and white in it.
    pub(crate) range: Option<Range>,
    pub(crate) size: [usize; 2],
    pub(crate) png: Vec<u8>,
}

/// What is shown of one item.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gallery {
    pub(crate) slices: Vec<Figure>,
    pub(crate) registration: Vec<Figure>,
    pub(crate) histograms: Vec<Histogram>,
    /// What the slices go through.
    pub(crate) cuts: Cuts,
    /// Whether the sides of the patient are known, where there are pictures.
    pub(crate) sides_known: bool,
}

/// An image that is to be shown.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    /// As it was prepared.
    pub(crate) image: &'a DynVolume,
    /// The same grid before the intensity steps, where there were any.
    pub(crate) before: Option<&'a Volume<f32>>,
    /// Whether voxels of it that are NaN are padding and nothing else.
    pub(crate) is_blanked: bool,
    pub(crate) labels: Option<&'a LabelMap>,
    pub(crate) modality: Option<&'a str>,
    pub(crate) body_part: Option<&'a str>,
    /// Slices of the image that it was brought to, so that the same ones are shown.
    pub(crate) follow: Option<&'a Cuts>,
}

impl Gallery {
    /// Draws an image. Colour and complex samples have no picture.
    ///
    /// # Errors
    /// Where the run is cancelled.
    pub(crate) fn of(subject: &Subject<'_>, ctx: &Ctx<'_>) -> Result<Self, Cancelled> {
        let real = subject.image.to_real(ctx);
        ctx.check()?;
        let Ok(real) = real else { return Ok(Self::default()) };
        let histograms = histograms(subject, &real);
        ctx.check()?;
        // a CT is looked at in HU, whatever its steps made of them; it has the same grid
        let hounsfield = subject.before.unwrap_or(&real);
        let is_hounsfield = tissue::is_hounsfield(hounsfield, subject.modality);
        let shown = if is_hounsfield { hounsfield } else { &real };
        let turned = Turned::of(shown, ctx)?;
        let labels = subject.labels.map(|map| turned.labels(map, ctx)).transpose()?;
        let ranges = ranges(shown, subject, is_hounsfield);
        ctx.check()?;
        let mut body = Cuts::through_body(&turned, tissue::above_air(is_hounsfield, ranges[0].low, ranges[0].high));
        if subject.modality == Some("PT") {
            // what takes up little is body too, and is not told from air
            body = body.whole(&turned);
        }
        let own = labels.as_ref().and_then(Cuts::through_labels).map(|cuts| cuts.widened(&body));
        // where it has no labels of its own, what it was brought to may have some
        let follows = own.is_none() && subject.follow.is_some();
        let cuts = own.or_else(|| subject.follow.cloned()).unwrap_or(body);

        ctx.check()?;
        let mut slices = Vec::new();
        for (n, range) in ranges.iter().enumerate() {
            for plane in turned.planes().into_iter().take(if n == 0 { 3 } else { 1 }) {
                ctx.check()?;
                let picture = mosaic(&turned, plane, &cuts, range.window(), labels.as_ref());
                let caption = caption(&turned, plane, &cuts, subject, follows);
                slices.push(figure(&turned, plane, &picture, caption, cuts.of(plane).to_vec(), Some(range.clone())));
            }
        }
        Ok(Self { slices, registration: Vec::new(), histograms, cuts, sides_known: turned.sides_known })
    }

    /// Draws two images on one grid over each other, for each way of bringing one to the other.
    ///
    /// # Errors
    /// Where the run is cancelled.
    pub(crate) fn overlays(
        fixed: &Volume<f32>,
        ways: &[(&str, Volume<f32>)],
        cuts: &Cuts,
        ctx: &Ctx<'_>,
    ) -> Result<Vec<Figure>, Cancelled> {
        let below = Turned::of(fixed, ctx)?;
        // the window of what moves is that of its first way, so that a change of the picture is a change of place
        let Some(moving) = ways.first().map(|(_, v)| window_of(v)) else { return Ok(Vec::new()) };
        ctx.check()?;
        let fixed = window_of(fixed);
        let mut figures = Vec::new();
        for (how, moved) in ways {
            let above = Turned::of(moved, ctx)?;
            for plane in below.planes() {
                ctx.check()?;
                let picture = overlay([&below, &above], [fixed, moving], plane, cuts, OVERLAY);
                figures.push(figure(&below, plane, &picture, (*how).to_owned(), vec![cuts.middle(plane)], None));
            }
        }
        Ok(figures)
    }
}

/// How an image is shown over another: a CT in the window of soft tissue.
pub(super) fn window_of(image: &Volume<f32>) -> Window {
    let modality = image.meta().modality.as_deref();
    match tissue::is_hounsfield(image, modality) {
        true => Range::of_preset(Preset::SoftTissue).window(),
        false => Range::of_percentiles(image, modality).window(),
    }
}

fn figure(
    turned: &Turned,
    plane: Plane,
    picture: &Indexed,
    caption: String,
    slices: Vec<usize>,
    range: Option<Range>,
) -> Figure {
    let plane = plane.name(turned.sides_known).to_owned();
    Figure { plane, caption, slices, range, size: picture.size(), png: picture.to_png() }
}

fn histograms(subject: &Subject<'_>, real: &Volume<f32>) -> Vec<Histogram> {
    let judged = subject.before.unwrap_or(real);
    let judged = Some(judged).filter(|v| tissue::is_hounsfield(v, subject.modality));
    match subject.before {
        Some(before) => {
            let [before, after] =
                [("before", before), ("after", real)].map(|(s, v)| Histogram::of(s, v, judged, subject.is_blanked));
            before.into_iter().chain(after).collect()
        }
        None => Histogram::of("as-is", real, judged, false).into_iter().collect(),
    }
}

fn ranges(shown: &Volume<f32>, subject: &Subject<'_>, is_hounsfield: bool) -> Vec<Range> {
    if is_hounsfield {
        let (first, second) = Preset::for_content(tissue::content(shown, subject.body_part));
        return std::iter::once(first).chain(second).map(Range::of_preset).collect();
    }
    vec![Range::of_percentiles(shown, subject.modality)]
}

/// What the slices of an image go through that was brought to another.
pub(super) const FOLLOWED: &str = "at the places of its reference";

fn caption(turned: &Turned, plane: Plane, cuts: &Cuts, subject: &Subject<'_>, follows: bool) -> String {
    let slices = cuts.of(plane);
    let through_what = if follows { FOLLOWED } else { cuts.by.name() };
    let mut text = match slices {
        [_] => format!("one slice {through_what}"),
        _ => format!("{} slices {through_what}, {}", slices.len(), plane.order(turned.sides_known)),
    };
    let through = plane.axes()[2];
    if turned.volume.shape()[through] == 1 {
        "the only slice".clone_into(&mut text);
    }
    let tilt = turned.tilt_deg(plane);
    if turned.sides_known && tilt >= 5.0 {
        text.push_str(&format!(", tilted by {tilt:.0} degrees"));
    }
    if subject.image.steps() > 1 {
        text.push_str(&format!(", the first of {} steps", subject.image.steps()));
    }
    if subject.labels.is_some() && cuts.by == By::Labels {
        text.push_str(", with the outlines of labels");
    }
    text
}
