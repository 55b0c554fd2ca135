//! One patient: a pure function of its files, the recipe and the key.

use std::{collections::BTreeMap, path::PathBuf};

use isocenter_volume::{Family, LabelMap, Stage};

use super::{
    channels::{self, Channel, Single, number_repeats},
    finished::{Finished, Target, gallery, labels_through},
    gate, head,
    holdings::Holdings,
    image::{self, Interpolated, Prepared as Made},
    labelling,
    loaded::Loaded,
    output::{Stop, copy, write_labels, write_volume},
    refusal::{EMPTY_LABELS, Refusal},
    run::Run,
    scheme::Scheme,
    shown, text,
    work::{ImageWork, PatientWork, Refused},
};
use crate::{
    Error, Export, Recipe,
    export::nnunet::Case,
    manifest::{self, Item},
    recipe::{EmptyMaps, Grid},
    report::Gallery,
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
    pub(crate) holds: Holdings,
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
    let mut patient =
        Patient { run, stage, pseudonym: &work.pseudonym, schemes, singles: Vec::new(), result: Prepared::default() };
    let (grouped, single) = groups(&run.prepare.recipe, work);
    for image in single {
        patient.single(image)?;
    }
    for group in grouped {
        patient.group(&group)?;
    }
    patient.result.cases.extend(channels::joined(std::mem::take(&mut patient.singles)));
    patient.result.done.sort_by(|a, b| a.item.item_id.cmp(&b.item.item_id));
    Ok(patient.result)
}

/// The images that a recipe registers to each other, by study; and all others.
pub(super) fn groups<'w>(recipe: &Recipe, work: &'w PatientWork) -> (Vec<Vec<&'w ImageWork>>, Vec<&'w ImageWork>) {
    let Some(register) = &recipe.register else { return (Vec::new(), work.images.iter().collect()) };
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
    /// Cases of volume files that may be channels of larger ones.
    singles: Vec<Single>,
    result: Prepared,
}

impl<'j> Patient<'j> {
    /// One image by itself.
    fn single(&mut self, work: &ImageWork) -> Result<(), Error> {
        let loaded = match self.load(work) {
            Ok(loaded) => loaded,
            Err(why) => return self.refuse(work, why),
        };
        let grid = loaded.shown.grid(&self.run.prepare.recipe);
        let outcome = self.prepare_single(&loaded, grid);
        self.keep(&loaded, outcome)
    }

    fn prepare_single(&self, loaded: &Loaded<'_>, grid: &Grid) -> Result<Finished, Stop> {
        let steps = loaded.shown.steps(&self.run.prepare.recipe);
        let prepared = image::on_own_grid(&loaded.pair, grid, steps, loaded.padding, &self.stage.ctx())?;
        let gallery = gallery(loaded, &prepared, None, &self.stage.ctx())?;
        let mut finished = self.write(loaded, &prepared, gallery, None)?;
        if self.run.wants(Export::NnUnet) {
            let untouched = steps.is_empty() && prepared.image.geometry() == loaded.pair.image.geometry();
            let staged = self.staged(&loaded.work.item_id, "image");
            if untouched {
                copy(&self.run.prepare.out.join(&finished.item.image), &staged, &self.stage.ctx())?;
            } else {
                write_volume(&staged, &loaded.pair.image, &self.stage.ctx())?;
            }
            let label = self.stage_labels(loaded, loaded.pair.labels.as_ref())?;
            finished.exports_labels = label.is_some();
            finished.case = Some(Case {
                name: loaded.work.item_id.clone(),
                patient: self.pseudonym.to_owned(),
                channels: self.stage_steps(loaded, staged)?,
                label,
            });
        }
        self.passes(&finished.item)?;
        Ok(finished)
    }

    /// What was written of an item passes the privacy gate, or the item is kept out.
    fn passes(&self, item: &Item) -> Result<(), Stop> {
        match gate::check(self.run, item, &self.stage.ctx())? {
            Some(why) => Err(why.into()),
            None => {
                self.run.pending.item_is_settled(&item.item_id);
                Ok(())
            }
        }
    }

    /// Images of one study that are brought to a reference.
    fn group(&mut self, works: &[&ImageWork]) -> Result<(), Error> {
        let mut members = Vec::new();
        for work in works {
            match self.load(work) {
                // nothing can be brought to a map of phase or field, nor is it interpolated without its magnitude
                Ok(loaded) if loaded.can_be_registered() => members.push(loaded),
                Ok(loaded) => self.beside(loaded)?,
                Err(why) => self.refuse(work, why)?,
            }
        }
        let recipe = &self.run.prepare.recipe;
        let of = |m: &'_ Loaded<'_>| m.pair.image.geometry().len();
        let candidates = || members.iter().map(|m| (&m.shown, of(m), m.work.item_id.as_str()));
        let fixed = recipe.register.as_ref().and_then(|r| shown::reference(candidates(), &r.reference));
        let Some(fixed) = fixed else {
            for mut member in members {
                member.warnings.push("no-reference".to_owned());
                let outcome = self.prepare_single(&member, member.shown.grid(recipe));
                self.keep(&member, outcome)?;
            }
            return Ok(());
        };
        let fixed = members.swap_remove(fixed);
        members.sort_by(|a, b| {
            a.shown.channel_name().cmp(&b.shown.channel_name()).then_with(|| a.work.item_id.cmp(&b.work.item_id))
        });
        let outcome = self.prepare_reference(&fixed);
        let mut target = match outcome {
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
        let mut channels = target.channel.take().into_iter().collect::<Vec<_>>();
        let mut label = target.label.take();
        for member in &members {
            let outcome = self.prepare_moving(member, &fixed, &target);
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
        let orientation = loaded.shown.grid(&self.run.prepare.recipe).orientation;
        let grid = Grid { orientation, ..Grid::default() };
        let outcome = self.prepare_single(&loaded, &grid);
        self.keep(&loaded, outcome)
    }

    fn prepare_reference(&self, fixed: &Loaded<'_>) -> Result<(Finished, Target), Stop> {
        let recipe = &self.run.prepare.recipe;
        let steps = fixed.shown.steps(recipe);
        let grid = fixed.shown.grid(recipe);
        let native = fixed.blanked(&self.stage.ctx())?.real;
        let prepared = image::on_own_grid(&fixed.pair, grid, steps, fixed.padding, &self.stage.ctx())?;
        let gallery = gallery(fixed, &prepared, None, &self.stage.ctx())?;
        let cuts = gallery.cuts.clone();
        let mut finished = self.write(fixed, &prepared, gallery, None)?;
        let mut target = Target {
            prepared: prepared.image.to_real(&self.stage.ctx()).map_err(Refusal::from)?,
            native,
            cuts,
            channel: None,
            label: None,
        };
        if self.run.wants(Export::NnUnet) {
            let staged = self.staged(&fixed.work.item_id, "image");
            write_volume(&staged, &fixed.pair.image, &self.stage.ctx())?;
            target.channel = Some((fixed.shown.channel_name(), staged, fixed.work.item_id.clone()));
            target.label = self.stage_labels(fixed, fixed.pair.labels.as_ref())?;
            finished.exports_labels = target.label.is_some();
        }
        self.passes(&finished.item)?;
        Ok((finished, target))
    }

    #[allow(clippy::type_complexity)]
    fn prepare_moving(
        &self,
        member: &Loaded<'_>,
        fixed: &Loaded<'_>,
        target: &Target,
    ) -> Result<(Finished, Option<(Channel, Option<(PathBuf, usize)>)>), Stop> {
        let recipe = &self.run.prepare.recipe;
        let steps = member.shown.steps(recipe);
        let grid = fixed.shown.grid(recipe);
        let by = |clamp: bool| Interpolated { kernel: grid.interpolation.kernel(), clamp };
        let ctx = self.stage.ctx();
        let moving = member.blanked(&ctx)?;
        let Target { prepared: onto, native, .. } = target;
        let found = head::register(
            native,
            &moving.real,
            recipe.register.as_ref().map(|r| r.doubtful).unwrap_or_default(),
            ctx,
        )?;
        let doubts = head::warnings(&found);
        let of_item = by(grid.clamp.unwrap_or(false));
        let (image, statistics, before) =
            image::on_grid_of(&moving, onto.geometry(), found.transform, of_item, steps, &ctx)?;
        let labels = labels_through(member.pair.labels.as_ref(), onto.geometry(), found.transform, &ctx)?;
        let prepared = Made { image, labels, statistics, before };
        let registration = head::figures(onto, &moving.real, found.transform, &target.cuts, ctx)?;
        let gallery = Gallery { registration, ..gallery(member, &prepared, Some(&target.cuts), &ctx)? };
        let record = head::record(&found, &fixed.work.item_id, native.geometry());
        let mut finished = self.write(member, &prepared, gallery, Some(record))?;
        finished.item.warnings.extend(doubts);
        let mut staged = None;
        if self.run.wants(Export::NnUnet) {
            let of_export = by(grid.clamp.unwrap_or(true));
            let (on_native, ..) = image::on_grid_of(&moving, native.geometry(), found.transform, of_export, &[], &ctx)?;
            let path = self.staged(&member.work.item_id, "image");
            write_volume(&path, &on_native, &ctx)?;
            let labels = labels_through(member.pair.labels.as_ref(), native.geometry(), found.transform, &ctx)?;
            let labels = self.stage_labels(member, labels.as_ref())?;
            finished.exports_labels = labels.is_some();
            staged = Some(((member.shown.channel_name(), path, member.work.item_id.clone()), labels));
        }
        self.passes(&finished.item)?;
        Ok((finished, staged))
    }

    fn load<'w>(&self, work: &'w ImageWork) -> Result<Loaded<'w>, Refusal> {
        Loaded::read(self.run, self.schemes, work, self.stage.ctx())
    }

    fn staged(&self, item: &str, what: &str) -> PathBuf {
        self.run.staging.join(format!("{item}_{what}.nii.gz"))
    }

    /// The channels of a staged image: itself, or each step of one file whose data set names as many channels.
    fn stage_steps(&self, loaded: &Loaded<'_>, staged: PathBuf) -> Result<Vec<Channel>, Stop> {
        let item = &loaded.work.item_id;
        let names = loaded.work.place.as_ref().map(|p| p.channels.as_slice()).unwrap_or_default();
        if names.len() < 2 || names.len() != loaded.pair.image.steps() {
            return Ok(vec![(loaded.shown.channel_name(), staged, item.clone())]);
        }
        let mut channels = Vec::new();
        for (n, name) in names.iter().enumerate() {
            let path = self.staged(item, &format!("image_{n:04}"));
            write_volume(&path, &loaded.pair.image.extract_step(n).map_err(Refusal::from)?, &self.stage.ctx())?;
            let name = text::label_name(name, self.run.identities).unwrap_or_else(|| format!("channel{n}"));
            channels.push((name, path, item.clone()));
        }
        number_repeats(&mut channels);
        Ok(channels)
    }

    fn stage_labels(&self, loaded: &Loaded<'_>, labels: Option<&LabelMap>) -> Result<Option<(PathBuf, usize)>, Stop> {
        let (Some(labels), Some(work)) = (labels, &loaded.work.labels) else { return Ok(None) };
        if self.refuses_empty() && labelling::is_unlabelled(labels) {
            return Ok(None);
        }
        let path = self.staged(&loaded.work.item_id, "label");
        write_labels(&path, labels, &self.stage.ctx())?;
        Ok(Some((path, work.scheme)))
    }

    // files first, then the record that names them
    fn write(
        &self,
        loaded: &Loaded<'_>,
        prepared: &Made,
        gallery: Gallery,
        registration: Option<manifest::Registration>,
    ) -> Result<Finished, Stop> {
        let out = &self.run.prepare.out;
        let id = &loaded.work.item_id;
        self.run.pending.item(id, self.pseudonym);
        let image_name = format!("images/{}/{id}_{}.nii.gz", self.pseudonym, loaded.shown.channel_name());
        write_volume(&out.join(&image_name), &prepared.image, &self.stage.ctx())?;
        let mut item = Item {
            item_id: id.clone(),
            patient: self.pseudonym.to_owned(),
            study: loaded.work.study.clone(),
            series: loaded.work.series.clone(),
            modality: loaded.shown.modality.clone(),
            contrast: loaded.shown.contrast.map(|contrast| contrast.name().to_owned()),
            body_part: loaded.shown.body_part.clone(),
            image_sha256: verify::sha256_file(&out.join(&image_name), &self.stage.ctx())?,
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
            statistics: prepared.statistics,
            registration,
            provenance: serde_json::to_value(prepared.image.provenance()).unwrap_or_default(),
            warnings: loaded.warnings.clone(),
            sources: self.run.inputs.ids_of(loaded.work.holds.files.iter().copied()),
            ..Item::default()
        };
        let is_empty = prepared.labels.as_ref().is_some_and(labelling::is_unlabelled);
        if is_empty {
            item.warnings.push(EMPTY_LABELS.to_owned());
        }
        let loses_labels = is_empty && self.refuses_empty();
        let labels = prepared.labels.as_ref().filter(|_| !loses_labels);
        if let (Some(labels), Some(work)) = (labels, &loaded.work.labels) {
            let name = format!("labels/{}/{id}.nii.gz", self.pseudonym);
            write_labels(&out.join(&name), labels, &self.stage.ctx())?;
            item.label_sha256 = Some(verify::sha256_file(&out.join(&name), &self.stage.ctx())?);
            item.label = Some(name);
            let scheme = &self.schemes[work.scheme];
            item.labels =
                labels.values(0).into_iter().filter_map(|v| Some((v, scheme.names.get(&v)?.clone()))).collect();
            item.label_volumes_ml = manifest::label_volumes_ml(labels);
            item.labels_remapped = scheme.renumbered.clone();
        }
        Ok(Finished { item, gallery, case: None, loses_labels, exports_labels: false })
    }

    fn refuses_empty(&self) -> bool {
        self.run.prepare.recipe.labels.empty == EmptyMaps::Refuse
    }

    /// Keeps the label map of an item out that has none of its labels, and gives what the item is made of.
    fn without_lost_labels(&mut self, loaded: &Loaded<'_>, finished: &mut Finished) -> Holdings {
        let mut holds = loaded.work.holds.clone();
        let emptied = finished.loses_labels && !finished.exports_labels;
        let why = loaded
            .without_labels
            .clone()
            .or_else(|| emptied.then(|| labelling::unlabelled("no labelled voxel is left on the grid of the item")));
        if let (Some(why), Some(labels)) = (why, &loaded.work.labels) {
            holds.leave(&labels.holds);
            finished.item.sources = self.run.inputs.ids_of(holds.files.iter().copied());
            self.result.refused.push(Refused {
                holds: labels.holds.clone(),
                why,
                patient: Some(self.pseudonym.to_owned()),
                series: Some(loaded.work.series.clone()),
            });
        }
        holds
    }

    fn keep(&mut self, loaded: &Loaded<'_>, outcome: Result<Finished, Stop>) -> Result<(), Error> {
        match outcome {
            Ok(mut finished) => {
                self.stage.advance(1)?;
                let holds = self.without_lost_labels(loaded, &mut finished);
                match (&loaded.work.place, finished.case) {
                    (Some(place), Some(case)) => self.singles.push(Single {
                        case,
                        study: loaded.work.study.clone(),
                        grid: loaded.pair.image.geometry().clone(),
                        number: place.channel.as_ref().and_then(|c| c.number),
                        label: loaded.work.labels.as_ref().map(|l| l.file),
                    }),
                    (_, case) => self.result.cases.extend(case),
                }
                self.result.done.push(Done { item: finished.item, gallery: finished.gallery, holds });
                Ok(())
            }
            Err(Stop::Refused(why)) => {
                gate::remove(self.run, self.pseudonym, &loaded.work.item_id)?;
                self.run.pending.item_is_settled(&loaded.work.item_id);
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
            holds: work.holds.clone(),
            why,
            patient: Some(self.pseudonym.to_owned()),
            series: Some(work.series.clone()),
        });
        Ok(())
    }
}
