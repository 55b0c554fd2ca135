//! One patient: a pure function of its files, the recipe and the key.

use std::{collections::BTreeMap, path::PathBuf};

use isocenter_convert::{Options, read::read};
use isocenter_formats::ReadOptions;
use isocenter_volume::{Affine, Ctx, DynVolume, Family, LabelMap, Layer, Segment, Stage, Volume};

use super::{
    gate, head,
    image::{self, Pair},
    labelling,
    output::{Stop, statistics, write_labels, write_volume},
    refusal::{self, Refusal},
    run::Run,
    scheme::Scheme,
    text,
    worklist::{ImageWork, LabelWork, Origin, PatientWork, Refused},
};
use crate::{
    Error, Export, contrast,
    export::nnunet::Case,
    manifest::{self, Item},
    recipe::Grid,
    report::{Figure, Gallery, Planes, Window, label_centre, to_png},
    verify,
};

/// What one patient gave.
#[derive(Default)]
pub(crate) struct Prepared {
    pub(crate) done: Vec<Done>,
    pub(crate) cases: Vec<Case>,
    pub(crate) refused: Vec<Refused>,
}

/// One prepared item.
pub(crate) struct Done {
    pub(crate) item: Item,
    pub(crate) gallery: Gallery,
    pub(crate) files: Vec<usize>,
}

/// An image in memory, as acquired, with its labels on its own grid.
struct Loaded<'a> {
    work: &'a ImageWork,
    pair: Pair,
    modality: Option<String>,
    body_part: Option<String>,
    contrast: Option<&'static str>,
    /// Whether all its voxels have one value, as acquired.
    is_constant: bool,
    warnings: Vec<String>,
}

/// Prepares every image of a patient.
///
/// # Errors
/// Only what ends the run: the system, or the caller. What is wrong with an image is in the result.
pub(crate) fn process(
    run: &Run<'_>,
    work: &PatientWork,
    schemes: &[Scheme],
    stage: &Stage<'_>,
) -> Result<Prepared, Error> {
    let mut patient = Patient { run, stage, pseudonym: &work.pseudonym, schemes, result: Prepared::default() };
    let (grouped, single) = groups(run, work);
    for image in single {
        patient.single(image)?;
    }
    for group in grouped {
        patient.group(&group)?;
    }
    patient.result.done.sort_by(|a, b| a.item.item_id.cmp(&b.item.item_id));
    Ok(patient.result)
}

// the images that the recipe registers to each other, by study; and all others
fn groups<'w>(run: &Run<'_>, work: &'w PatientWork) -> (Vec<Vec<&'w ImageWork>>, Vec<&'w ImageWork>) {
    let Some(register) = &run.prepare.recipe.register else { return (Vec::new(), work.images.iter().collect()) };
    let mut grouped: BTreeMap<(&str, &str), Vec<&ImageWork>> = BTreeMap::new();
    let mut single = Vec::new();
    for image in &work.images {
        match register.region_of(image.body_part.as_deref()) {
            Some(part) => {
                let study = if register.across_studies { "" } else { image.study.as_str() };
                grouped.entry((study, part)).or_default().push(image);
            }
            None => single.push(image),
        }
    }
    (grouped.into_values().collect(), single)
}

struct Patient<'j> {
    run: &'j Run<'j>,
    stage: &'j Stage<'j>,
    pseudonym: &'j str,
    schemes: &'j [Scheme],
    result: Prepared,
}

impl<'j> Patient<'j> {
    /// One image by itself.
    fn single(&mut self, work: &ImageWork) -> Result<(), Error> {
        let loaded = match self.load(work) {
            Ok(loaded) => loaded,
            Err(why) => return self.refuse(work, why),
        };
        let grid = self.run.prepare.recipe.grid_for(loaded.body_part.as_deref());
        let outcome = self.prepare_single(&loaded, grid);
        self.keep(&loaded, outcome)
    }

    fn prepare_single(&self, loaded: &Loaded<'_>, grid: &Grid) -> Result<Finished, Stop> {
        let steps = self.run.prepare.recipe.steps_for(loaded.contrast, loaded.modality.as_deref());
        let prepared = image::on_own_grid(&loaded.pair, grid, steps, &self.stage.ctx())?;
        let slices = self.slices(&prepared)?;
        let mut finished = self.write(loaded, &prepared, Gallery { slices, registration: Vec::new() }, None)?;
        if self.run.wants(Export::NnUnet) {
            let untouched = steps.is_empty() && prepared.image.geometry() == loaded.pair.image.geometry();
            let staged = self.staged(&loaded.work.item_id, "image");
            if untouched {
                std::fs::copy(self.run.prepare.out.join(&finished.item.image), &staged)
                    .map_err(Error::io("copy a file", &staged))?;
            } else {
                write_volume(&staged, &loaded.pair.image, &self.stage.ctx())?;
            }
            let label = self.stage_labels(loaded, loaded.pair.labels.as_ref())?;
            finished.case = Some(Case {
                name: loaded.work.item_id.clone(),
                patient: self.pseudonym.to_owned(),
                channels: vec![(channel_name(loaded), staged, loaded.work.item_id.clone())],
                label,
            });
        }
        self.passes(&finished.item)?;
        Ok(finished)
    }

    /// What was written of an item passes the privacy gate, or the item is kept out.
    fn passes(&self, item: &Item) -> Result<(), Stop> {
        gate::check(self.run, item, &self.stage.ctx())?.map_or(Ok(()), |why| Err(why.into()))
    }

    /// Images of one study that are brought to a reference.
    fn group(&mut self, works: &[&ImageWork]) -> Result<(), Error> {
        let mut members = Vec::new();
        for work in works {
            match self.load(work) {
                Ok(loaded) if can_be_registered(&loaded.pair.image) && !loaded.is_constant => members.push(loaded),
                Ok(loaded) => self.beside(loaded)?,
                Err(why) => self.refuse(work, why)?,
            }
        }
        let recipe = &self.run.prepare.recipe;
        let reference = recipe.register.as_ref().map(|r| r.reference.as_str());
        // of several references the one with the most voxels, then the first by id
        let fixed = members
            .iter()
            .enumerate()
            .filter(|(_, m)| m.contrast.or(m.modality.as_deref()) == reference)
            .max_by(|(_, a), (_, b)| {
                let voxels = |m: &Loaded<'_>| m.pair.image.geometry().len();
                voxels(a).cmp(&voxels(b)).then_with(|| b.work.item_id.cmp(&a.work.item_id))
            })
            .map(|(n, _)| n);
        let Some(fixed) = fixed else {
            for mut member in members {
                member.warnings.push("no-reference".to_owned());
                let outcome = self.prepare_single(&member, recipe.grid_for(member.body_part.as_deref()));
                self.keep(&member, outcome)?;
            }
            return Ok(());
        };
        let fixed = members.swap_remove(fixed);
        members.sort_by(|a, b| channel_name(a).cmp(&channel_name(b)).then_with(|| a.work.item_id.cmp(&b.work.item_id)));
        let outcome = self.prepare_reference(&fixed);
        let target = match outcome {
            Ok((finished, target)) => {
                self.keep(&fixed, Ok(finished))?;
                target
            }
            Err(stop) => {
                self.keep(&fixed, Err(stop))?;
                for member in members {
                    let why = Refusal::new("reference-not-usable", "the reference of its study could not be prepared");
                    self.refuse(member.work, why)?;
                }
                return Ok(());
            }
        };
        let mut channels = target.channel.into_iter().collect::<Vec<_>>();
        let mut label = target.label;
        for member in &members {
            let outcome = self.prepare_moving(member, &fixed, &target.prepared, &target.native, target.centre);
            let outcome = match outcome {
                Ok((finished, staged)) => {
                    if let Some((channel, labels)) = staged {
                        channels.push(channel);
                        label = label.or(labels);
                    }
                    Ok(finished)
                }
                Err(stop) => Err(stop),
            };
            self.keep(member, outcome)?;
        }
        if !channels.is_empty() {
            let first = channels.remove(0);
            // the reference leads, the others follow by name, so that every case has its channels in one order
            let mut ordered = vec![first];
            ordered.append(&mut channels);
            number_repeats(&mut ordered);
            self.result.cases.push(Case {
                name: fixed.work.item_id.clone(),
                patient: self.pseudonym.to_owned(),
                channels: ordered,
                label,
            });
        }
        Ok(())
    }

    /// A series of a group that cannot be registered (a localizer, a time series): it keeps its own grid.
    fn beside(&mut self, mut loaded: Loaded<'_>) -> Result<(), Error> {
        loaded.warnings.push("not-registered".to_owned());
        let orientation = self.run.prepare.recipe.grid_for(loaded.body_part.as_deref()).orientation;
        let grid = Grid { orientation, ..Grid::default() };
        let outcome = self.prepare_single(&loaded, &grid);
        self.keep(&loaded, outcome)
    }

    fn prepare_reference(&self, fixed: &Loaded<'_>) -> Result<(Finished, Target), Stop> {
        let recipe = &self.run.prepare.recipe;
        let steps = recipe.steps_for(fixed.contrast, fixed.modality.as_deref());
        let grid = recipe.grid_for(fixed.body_part.as_deref());
        let native = fixed.pair.image.to_real().map_err(Refusal::from)?;
        let prepared = image::on_own_grid(&fixed.pair, grid, steps, &self.stage.ctx())?;
        let centre = prepared.labels.as_ref().and_then(label_centre);
        let slices = self.slices(&prepared)?;
        let finished = self.write(fixed, &prepared, Gallery { slices, registration: Vec::new() }, None)?;
        let mut target = Target {
            prepared: prepared.image.to_real().map_err(Refusal::from)?,
            native,
            centre,
            channel: None,
            label: None,
        };
        if self.run.wants(Export::NnUnet) {
            let staged = self.staged(&fixed.work.item_id, "image");
            write_volume(&staged, &fixed.pair.image, &self.stage.ctx())?;
            target.channel = Some((channel_name(fixed), staged, fixed.work.item_id.clone()));
            target.label = self.stage_labels(fixed, fixed.pair.labels.as_ref())?;
        }
        self.passes(&finished.item)?;
        Ok((finished, target))
    }

    #[allow(clippy::type_complexity)]
    fn prepare_moving(
        &self,
        member: &Loaded<'_>,
        fixed: &Loaded<'_>,
        target: &Volume<f32>,
        native: &Volume<f32>,
        centre: Option<[f64; 3]>,
    ) -> Result<(Finished, Option<(Channel, Option<(PathBuf, usize)>)>), Stop> {
        let recipe = &self.run.prepare.recipe;
        let steps = recipe.steps_for(member.contrast, member.modality.as_deref());
        let kernel = recipe.grid_for(fixed.body_part.as_deref()).interpolation.kernel();
        let ctx = self.stage.ctx();
        let moving = member.pair.image.to_real().map_err(Refusal::from)?;
        let found = head::register(native, &moving, ctx)?;
        let doubts = head::warnings(&found);
        let prepared = Pair {
            image: image::on_grid_of(&moving, target.geometry(), found.transform, kernel, steps, &ctx)?,
            labels: labels_through(member.pair.labels.as_ref(), target.geometry(), found.transform, &ctx)?,
        };
        let gallery = Gallery {
            slices: self.slices(&prepared)?,
            registration: head::figures(target, &moving, found.transform, centre)?,
        };
        let record = head::record(&found, &fixed.work.item_id, native.geometry());
        let mut finished = self.write(member, &prepared, gallery, Some(record))?;
        finished.item.warnings.extend(doubts);
        let mut staged = None;
        if self.run.wants(Export::NnUnet) {
            let on_native = image::on_grid_of(&moving, native.geometry(), found.transform, kernel, &[], &ctx)?;
            let path = self.staged(&member.work.item_id, "image");
            write_volume(&path, &on_native, &ctx)?;
            let labels = labels_through(member.pair.labels.as_ref(), native.geometry(), found.transform, &ctx)?;
            let labels = self.stage_labels(member, labels.as_ref())?;
            staged = Some(((channel_name(member), path, member.work.item_id.clone()), labels));
        }
        self.passes(&finished.item)?;
        Ok((finished, staged))
    }

    fn load<'w>(&self, work: &'w ImageWork) -> Result<Loaded<'w>, Refusal> {
        let inputs = self.run.inputs;
        let mut warnings = Vec::new();
        let image = match &work.source {
            Origin::Series(plan) => {
                let converted = read(plan, &inputs.facts, &Options::default().ctx(self.stage.ctx()))?;
                warnings.extend(converted.warnings.iter().map(|w| w.code().to_owned()));
                converted.volume
            }
            Origin::File(file, meta) => {
                let content =
                    isocenter_formats::read_with(inputs.path(*file), &ReadOptions::default().ctx(self.stage.ctx()))?;
                warnings.extend(content.warnings.iter().map(|w| w.code().to_owned()));
                content.volume.with_meta((**meta).clone())
            }
        };
        let meta = image.meta();
        let scan = self.run.identities;
        let modality = text::term(meta.modality.as_deref(), scan);
        let contrast = meta
            .modality
            .as_deref()
            .filter(|m| *m == "MR")
            .and_then(|_| contrast::of_mr(&meta.mr.clone().unwrap_or_default(), work.description.as_deref()));
        let is_constant = image::is_constant(&image, &self.stage.ctx())?;
        if is_constant {
            let steps = self.run.prepare.recipe.steps_for(contrast, modality.as_deref());
            if steps.iter().any(isocenter_normalize::Step::needs_spread) {
                return Err(image::constant());
            }
            warnings.push(refusal::CONSTANT.to_owned());
        }
        let labels = work.labels.as_ref().map(|l| self.load_labels(l, &image, &mut warnings)).transpose()?;
        warnings.sort();
        warnings.dedup();
        Ok(Loaded {
            work,
            modality,
            body_part: text::term(work.body_part.as_deref(), scan),
            contrast,
            is_constant,
            pair: Pair { image, labels },
            warnings,
        })
    }

    fn load_labels(
        &self,
        work: &LabelWork,
        image: &DynVolume,
        warnings: &mut Vec<String>,
    ) -> Result<LabelMap, Refusal> {
        let ctx = self.stage.ctx();
        let content = isocenter_formats::read_with(self.run.inputs.path(work.file), &ReadOptions::default().ctx(ctx))?;
        let map = labelling::read(&content, &ctx)?;
        let scheme = &self.schemes[work.scheme];
        let moved = map.remap(&work.map, &ctx)?;
        warnings.extend(labelling::fit_warnings(work.fit, &map, &moved).map(str::to_owned));
        let values = moved.layers()[0].iter().map(|v| *scheme.renumbered.get(&v).unwrap_or(&v)).collect();
        let segments = scheme.names.iter().map(|(value, name)| Segment::new(0, *value, name.as_str()));
        // exactly the image's grid, so that both are written with one affine
        Ok(LabelMap::new(vec![Layer::smallest(values)], image.geometry().clone(), segments.collect())?)
    }

    fn slices(&self, prepared: &Pair) -> Result<Vec<Figure>, Refusal> {
        let Ok(real) = prepared.image.to_real() else { return Ok(Vec::new()) };
        let at = prepared.labels.as_ref().and_then(label_centre);
        let Some(planes) = Planes::cut(&real, at, Window::for_volume(&real)) else { return Ok(Vec::new()) };
        let figure = |caption: &str, picture| Figure { caption: caption.to_owned(), png: to_png(&picture) };
        Ok(match &prepared.labels {
            Some(labels) => {
                let outlined = planes.with_labels(labels, isocenter_labels::colours::colour_of);
                vec![figure("axial, coronal, sagittal, with label outlines", outlined)]
            }
            None => vec![figure("axial, coronal, sagittal", planes.to_picture())],
        })
    }

    fn staged(&self, item: &str, what: &str) -> PathBuf {
        self.run.staging.join(format!("{item}_{what}.nii.gz"))
    }

    fn stage_labels(&self, loaded: &Loaded<'_>, labels: Option<&LabelMap>) -> Result<Option<(PathBuf, usize)>, Stop> {
        let (Some(labels), Some(work)) = (labels, &loaded.work.labels) else { return Ok(None) };
        let path = self.staged(&loaded.work.item_id, "label");
        write_labels(&path, labels, &self.stage.ctx())?;
        Ok(Some((path, work.scheme)))
    }

    // files first, then the record that names them
    fn write(
        &self,
        loaded: &Loaded<'_>,
        prepared: &Pair,
        gallery: Gallery,
        registration: Option<manifest::Registration>,
    ) -> Result<Finished, Stop> {
        let out = &self.run.prepare.out;
        let id = &loaded.work.item_id;
        let image_name = format!("images/{}/{id}_{}.nii.gz", self.pseudonym, channel_name(loaded));
        write_volume(&out.join(&image_name), &prepared.image, &self.stage.ctx())?;
        let mut item = Item {
            item_id: id.clone(),
            patient: self.pseudonym.to_owned(),
            study: loaded.work.study.clone(),
            series: loaded.work.series.clone(),
            modality: loaded.modality.clone(),
            contrast: loaded.contrast.map(str::to_owned),
            body_part: loaded.body_part.clone(),
            image_sha256: verify::sha256_file(&out.join(&image_name))?,
            image: image_name,
            shape: prepared
                .image
                .shape()
                .into_iter()
                .chain(prepared.image.slow_axes().iter().map(|a| a.len()))
                .collect(),
            spacing_mm: prepared.image.geometry().spacing_mm(),
            orientation: prepared.image.geometry().orientation().ok().map(|o| o.to_string()),
            unit: prepared.image.scaling().unit().code().to_owned(),
            statistics: statistics(&prepared.image),
            registration,
            provenance: serde_json::to_value(prepared.image.provenance()).unwrap_or_default(),
            warnings: loaded.warnings.clone(),
            sources: self.run.inputs.ids_of(loaded.work.files.iter().copied()),
            ..Item::default()
        };
        if let (Some(labels), Some(work)) = (&prepared.labels, &loaded.work.labels) {
            let name = format!("labels/{}/{id}.nii.gz", self.pseudonym);
            write_labels(&out.join(&name), labels, &self.stage.ctx())?;
            item.label_sha256 = Some(verify::sha256_file(&out.join(&name))?);
            item.label = Some(name);
            let scheme = &self.schemes[work.scheme];
            item.labels =
                labels.values(0).into_iter().filter_map(|v| Some((v, scheme.names.get(&v)?.clone()))).collect();
            item.labels_remapped = scheme.renumbered.clone();
        }
        Ok(Finished { item, gallery, case: None })
    }

    fn keep(&mut self, loaded: &Loaded<'_>, outcome: Result<Finished, Stop>) -> Result<(), Error> {
        match outcome {
            Ok(finished) => {
                self.stage.advance(1)?;
                self.result.cases.extend(finished.case);
                self.result.done.push(Done {
                    item: finished.item,
                    gallery: finished.gallery,
                    files: loaded.work.files.clone(),
                });
                Ok(())
            }
            Err(Stop::Refused(why)) => {
                gate::remove(self.run, self.pseudonym, &loaded.work.item_id)?;
                self.refuse(loaded.work, why)
            }
            Err(Stop::Run(error)) => Err(error),
        }
    }

    fn refuse(&mut self, work: &ImageWork, why: Refusal) -> Result<(), Error> {
        if why.family == Family::Cancelled {
            return Err(Error::Cancelled);
        }
        self.stage.advance(1)?;
        self.result.refused.push(Refused {
            files: work.files.clone(),
            why,
            patient: Some(self.pseudonym.to_owned()),
            series: Some(work.series.clone()),
        });
        Ok(())
    }
}

type Channel = (String, PathBuf, String);

/// The reference of a group, prepared.
struct Target {
    prepared: Volume<f32>,
    native: Volume<f32>,
    centre: Option<[f64; 3]>,
    channel: Option<Channel>,
    label: Option<(PathBuf, usize)>,
}

struct Finished {
    item: Item,
    gallery: Gallery,
    case: Option<Case>,
}

fn labels_through(
    labels: Option<&LabelMap>,
    target: &isocenter_volume::Geometry,
    transform: Affine,
    ctx: &Ctx<'_>,
) -> Result<Option<LabelMap>, Refusal> {
    labels.map(|l| image::labels_to(l, target, transform, ctx)).transpose()
}

// slabs of a few slices hold no head to be found
fn can_be_registered(image: &DynVolume) -> bool {
    image.steps() == 1
        && image.geometry().frame().is_patient()
        && image.shape().iter().all(|n| *n > 3)
        && image.sample_type().is_real()
}

fn channel_name(loaded: &Loaded<'_>) -> String {
    let name =
        loaded.contrast.map(str::to_owned).or_else(|| loaded.modality.clone()).unwrap_or_else(|| "image".to_owned());
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

fn number_repeats(channels: &mut [Channel]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (name, _, _) in channels {
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            *name = format!("{name}-{count}");
        }
    }
}
