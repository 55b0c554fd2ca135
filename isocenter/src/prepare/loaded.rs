//! One image in memory, as acquired, and what it shows.

use isocenter_convert::{Options, read::read as series};
use isocenter_normalize::Step;
use isocenter_volume::{Ctx, DynVolume, LabelMap, Layer, Segment, meta::Padding};

use super::{
    image::{self, Pair},
    labelling, padding,
    padding::Blanked,
    refusal::{self, Refusal},
    run::Run,
    scheme::Scheme,
    shown::{self, Shown},
    work::{ImageWork, LabelWork, Origin},
};
use crate::{recipe::EmptyMaps, volume_file};

/// An image in memory, as acquired, with its labels on its own grid.
pub(super) struct Loaded<'w> {
    pub(super) work: &'w ImageWork,
    pub(super) pair: Pair,
    pub(super) shown: Shown,
    /// What fills the image where nothing was measured.
    pub(super) padding: Option<Padding>,
    /// Why it has no labels though there is a label map for it.
    pub(super) without_labels: Option<Refusal>,
    /// Whether all its voxels have one value, as acquired.
    is_constant: bool,
    pub(super) warnings: Vec<String>,
}

impl<'w> Loaded<'w> {
    /// Reads an image and its labels.
    pub(super) fn read(run: &Run<'_>, schemes: &[Scheme], work: &'w ImageWork, ctx: Ctx<'_>) -> Result<Self, Refusal> {
        let inputs = run.inputs;
        let mut warnings = Vec::new();
        let image = match &work.source {
            Origin::Series(plan) => {
                let converted = series(plan, &inputs.facts, &Options::default().ctx(ctx))?;
                warnings.extend(converted.warnings.iter().map(|w| w.code().to_owned()));
                converted.volume
            }
            Origin::File(file, meta) => {
                let content = volume_file::read(&inputs.scanned[*file], &ctx)?;
                warnings.extend(content.warnings.iter().map(|w| w.code().to_owned()));
                content.volume.with_meta((**meta).clone())
            }
        };
        warnings.sort();
        warnings.dedup();
        let mut without_labels = None;
        let labels =
            work.labels.as_ref().map(|l| labels_of(run, schemes, l, &image, &mut warnings, ctx)).transpose()?;
        let labels = labels.filter(|labels| {
            let is_lost = run.prepare.recipe.labels.empty == EmptyMaps::Refuse && labelling::is_unlabelled(labels);
            without_labels = is_lost.then(|| labelling::unlabelled("no labelled voxel lies on the image"));
            !is_lost
        });
        if work.looks_like_labels {
            warnings.push("looks-like-labels".to_owned());
        }
        let shown = Shown::of(work, image.meta(), run.identities);
        if shown.body_part.is_none() && run.prepare.recipe.asks_for_body_part() {
            warnings.push("body-part-unknown".to_owned());
        }
        let padding = padding::of(&image, shown.modality.as_deref(), &ctx)?;
        let is_constant = image::is_constant(&image, &ctx)?;
        if is_constant {
            if shown.steps(&run.prepare.recipe).iter().any(Step::needs_spread) {
                return Err(image::constant());
            }
            warnings.push(refusal::CONSTANT.to_owned());
        }
        Ok(Self { work, shown, is_constant, pair: Pair { image, labels }, padding, without_labels, warnings })
    }

    /// Its real values without padding.
    pub(super) fn blanked(&self, ctx: &Ctx<'_>) -> Result<Blanked, Refusal> {
        Blanked::of(&self.pair.image, self.padding, ctx)
    }

    /// Whether it can be brought to another.
    pub(super) fn can_be_registered(&self) -> bool {
        let image = &self.pair.image;
        !self.is_constant && shown::can_be_registered(self.work, image.head(), image.sample_type())
    }
}

fn labels_of(
    run: &Run<'_>,
    schemes: &[Scheme],
    work: &LabelWork,
    image: &DynVolume,
    warnings: &mut Vec<String>,
    ctx: Ctx<'_>,
) -> Result<LabelMap, Refusal> {
    let content = volume_file::read(&run.inputs.scanned[work.file], &ctx)?;
    let map = labelling::read(&content, &ctx)?;
    let check = || ctx.check().map_err(isocenter_volume::Error::from);
    check()?;
    let scheme = &schemes[work.scheme];
    let moved = map.remap(&work.map, &ctx)?;
    check()?;
    warnings.extend(labelling::fit_warnings(work.fit, &map, &moved).map(str::to_owned));
    check()?;
    let values = moved.layers()[0].iter().map(|v| *scheme.renumbered.get(&v).unwrap_or(&v)).collect();
    let segments = scheme.names.iter().map(|(value, name)| Segment::new(0, *value, name.as_str()));
    // exactly the image's grid, so that both are written with one affine
    Ok(LabelMap::new(vec![Layer::smallest(values)], image.geometry().clone(), segments.collect())?)
}
