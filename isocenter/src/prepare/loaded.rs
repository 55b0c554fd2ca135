//! One image in memory, as acquired, and what it shows.

use isocenter_convert::{Options, read::read as series};
use isocenter_formats::ReadOptions;
use isocenter_normalize::Step;
use isocenter_volume::{Ctx, DynVolume, LabelMap, Layer, Segment};

use super::{
    image::{self, Pair},
    labelling,
    refusal::{self, Refusal},
    run::Run,
    scheme::Scheme,
    text,
    work::{ImageWork, LabelWork, Origin},
};
use crate::{Recipe, contrast};

/// An image in memory, as acquired, with its labels on its own grid.
pub(super) struct Loaded<'w> {
    pub(super) work: &'w ImageWork,
    pub(super) pair: Pair,
    pub(super) modality: Option<String>,
    pub(super) body_part: Option<String>,
    pub(super) contrast: Option<&'static str>,
    /// Its channel, where something states one.
    channel: Option<String>,
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
                let content = isocenter_formats::read_with(inputs.path(*file), &ReadOptions::default().ctx(ctx))?;
                warnings.extend(content.warnings.iter().map(|w| w.code().to_owned()));
                content.volume.with_meta((**meta).clone())
            }
        };
        warnings.sort();
        warnings.dedup();
        let labels =
            work.labels.as_ref().map(|l| labels_of(run, schemes, l, &image, &mut warnings, ctx)).transpose()?;
        let meta = image.meta();
        let scan = run.identities;
        if work.looks_like_labels {
            warnings.push("looks-like-labels".to_owned());
        }
        let modality = text::term(meta.modality.as_deref(), scan);
        let contrast = work.map.or_else(|| {
            let mr = (meta.modality.as_deref() == Some("MR")).then(|| meta.mr.clone().unwrap_or_default())?;
            contrast::of_mr(&mr, work.description.as_deref())
        });
        let is_constant = image::is_constant(&image, &ctx)?;
        if is_constant {
            let steps = steps(&run.prepare.recipe, contrast, modality.as_deref());
            if steps.iter().any(Step::needs_spread) {
                return Err(image::constant());
            }
            warnings.push(refusal::CONSTANT.to_owned());
        }
        Ok(Self {
            work,
            channel: work.channel(scan),
            modality,
            body_part: text::term(work.body_part.as_deref(), scan),
            contrast,
            is_constant,
            pair: Pair { image, labels },
            warnings,
        })
    }

    /// The recipe's intensity steps; those for a modality are not meant for its maps, whose values are angles or hertz.
    pub(super) fn steps<'r>(&self, recipe: &'r Recipe) -> &'r [Step] {
        steps(recipe, self.contrast, self.modality.as_deref())
    }

    /// The name of its channel: what something states, else what it shows.
    pub(super) fn channel_name(&self) -> String {
        let stated = self.work.place.as_ref().is_some_and(|p| p.channel.is_some());
        let shown = || self.contrast.map(str::to_owned);
        let channel = self.channel.clone();
        let name = if stated { channel.or_else(shown) } else { shown().or(channel) };
        let name = name.or_else(|| self.modality.clone()).unwrap_or_else(|| "image".to_owned());
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
    }

    /// Whether it can be brought to another: no map, and a volume; slabs of a few slices hold no head to be found
    pub(super) fn can_be_registered(&self) -> bool {
        let image = &self.pair.image;
        self.work.map.is_none()
            && !self.is_constant
            && image.steps() == 1
            && image.geometry().frame().is_patient()
            && image.shape().iter().all(|n| *n > 3)
            && image.sample_type().is_real()
    }
}

fn steps<'r>(recipe: &'r Recipe, contrast: Option<&'static str>, modality: Option<&str>) -> &'r [Step] {
    recipe.steps_for(contrast, modality.filter(|_| !contrast::map::is_map(contrast)))
}

fn labels_of(
    run: &Run<'_>,
    schemes: &[Scheme],
    work: &LabelWork,
    image: &DynVolume,
    warnings: &mut Vec<String>,
    ctx: Ctx<'_>,
) -> Result<LabelMap, Refusal> {
    let content = isocenter_formats::read_with(run.inputs.path(work.file), &ReadOptions::default().ctx(ctx))?;
    let map = labelling::read(&content, &ctx)?;
    let scheme = &schemes[work.scheme];
    let moved = map.remap(&work.map, &ctx)?;
    warnings.extend(labelling::fit_warnings(work.fit, &map, &moved).map(str::to_owned));
    let values = moved.layers()[0].iter().map(|v| *scheme.renumbered.get(&v).unwrap_or(&v)).collect();
    let segments = scheme.names.iter().map(|(value, name)| Segment::new(0, *value, name.as_str()));
    // exactly the image's grid, so that both are written with one affine
    Ok(LabelMap::new(vec![Layer::smallest(values)], image.geometry().clone(), segments.collect())?)
}
