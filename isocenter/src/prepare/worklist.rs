//! From files to work: patients with their images, labels matched to images, everything else with its reason.

use std::collections::{BTreeMap, BTreeSet};

use isocenter_convert::{
    Options, SeriesPlan,
    plan::{LeftOut, plan},
};
use isocenter_dcm::{
    Instance, PatientKey, PatientKeys, ReadLimits,
    scan::{Kind, Scanned},
    series_kind::{Contrast, SeriesFacts, SeriesKind},
    tags, value,
};
use isocenter_deid::{KnownValues, Pseudonyms, burned_in};
use isocenter_formats::{labels::is_structure_name, sidecar::Sidecar};
use isocenter_volume::{Ctx, Meta};

use super::{
    assign, companions,
    companions::Companions,
    holdings::{Holdings, VolumeId},
    inputs::Inputs,
    labelling,
    labelling::LabelFile,
    layout::{Layout, Place, Role},
    look,
    pairs::Pairs,
    refusal::Refusal,
    scheme::Scheme,
    triage,
    understood::Understood,
    work::{ImageWork, Origin, PatientWork, Refused, header},
};
use crate::{
    Error, Recipe, container, rejection,
    volume_file::{self, stem},
};

/// All that is to be done, and what will not be.
pub(crate) struct WorkList {
    pub(crate) patients: Vec<PatientWork>,
    pub(crate) schemes: Vec<Scheme>,
    pub(crate) refused: Vec<Refused>,
    pub(crate) duplicates: Vec<(usize, usize)>,
    /// Frames that repeat one that is kept, of files that gave a volume.
    pub(crate) repeated_frames: Vec<(usize, usize)>,
    /// How many volumes were found, whatever became of them.
    pub(crate) volumes: usize,
    pub(crate) known: KnownValues,
    pub(crate) keys: PatientKeys,
    pub(crate) understood: Understood,
    pub(crate) instances: usize,
    pub(crate) series: usize,
}

impl WorkList {
    /// Sorts the inputs.
    pub(crate) fn build(
        inputs: &Inputs,
        pairs: &Pairs,
        layout: &Layout,
        names: &Pseudonyms,
        recipe: &Recipe,
        ctx: &Ctx<'_>,
    ) -> Result<Self, Error> {
        let mut known = KnownValues::default();
        let mut instances = 0;
        for scanned in &inputs.scanned {
            ctx.check()?;
            if let Kind::Dicom(instance) = &scanned.kind {
                known.gather(&instance.dataset, &instance.meta);
                instances += 1;
            }
        }
        let plan = plan(&inputs.facts, &Options::default().ctx(*ctx))?;
        let keys = patient_keys(&inputs.scanned);
        let mut builder = Builder { inputs, names, recipe, keys: &keys, images: BTreeMap::new(), refused: Vec::new() };
        let series = plan.series.iter().map(|s| &s.series_uid).collect::<BTreeSet<_>>().len();
        // files that hold a volume are convert's "not DICOM": they are taken here
        let volumes = &inputs.volumes;
        let found = plan.series.len() + volumes.numbers().len();
        for s in plan.series {
            builder.dicom(s, ctx);
        }
        let companions = companions::of_all(inputs, layout);
        let beside: BTreeSet<usize> = companions.values().flat_map(Companions::files).collect();
        let mut rejected: BTreeMap<(String, Option<String>), Refused> = BTreeMap::new();
        for r in &plan.rejected {
            if volumes.has(r.file) || volumes.is_part(r.file) || beside.contains(&r.file) {
                continue;
            }
            // files of one series that are kept out for one reason are one record
            let instance = header(inputs, r.file);
            let series = instance.and_then(Instance::series_instance_uid).map(|uid| names.token("series", &uid));
            let patient = instance.map(|i| names.patient_id(&keys.of(&i.dataset).to_text(), ""));
            let sentence = rejection::sentence(&r.reason, &inputs.scanned[r.file]);
            let why = Refusal::new(r.reason.code(), sentence);
            let alone = series.is_none().then(|| inputs.ids[r.file].clone());
            rejected
                .entry((why.reason.clone(), series.clone().or(alone)))
                .or_insert_with(|| Refused { holds: Holdings::default(), why, patient, series })
                .holds
                .add(&Holdings::of_files(inputs, vec![r.file]));
        }
        builder.refused.extend(rejected.into_values());
        let repeated_frames = builder.left_out(plan.left_out);
        let labels = builder.volume_files(&companions, pairs, layout, &mut known, ctx)?;
        let duplicates = plan.duplicates.iter().map(|d| (d.file, d.of)).collect();
        let schemes = assign::assign(inputs, &mut builder.images, &labels, pairs, &mut known, &mut builder.refused)?;
        let understood = assign::understood(inputs, &builder.images, &known)?;
        let Builder { images, refused, .. } = builder;
        let patients = images.into_iter().map(|(pseudonym, images)| PatientWork { pseudonym, images }).collect();
        Ok(Self {
            patients,
            schemes,
            refused,
            duplicates,
            repeated_frames,
            volumes: found,
            known,
            keys,
            understood,
            instances,
            series,
        })
    }

    /// What the caller should know of body parts that nothing states, where the recipe decides by them.
    pub(crate) fn unknown_parts(&self, recipe: &Recipe) -> Option<String> {
        let images = || self.patients.iter().flat_map(|p| &p.images);
        let unknown = images().filter(|image| !image.has_body_part()).count();
        if unknown == 0 || !recipe.asks_for_body_part() {
            return None;
        }
        let grids: Vec<&str> = recipe.grids.keys().map(String::as_str).collect();
        let not = [
            recipe.register.is_some().then(|| "not registered".to_owned()),
            (!grids.is_empty()).then(|| format!("not brought to the grid of {}", grids.join(", "))),
        ];
        let not: Vec<String> = not.into_iter().flatten().collect();
        let registered = recipe.register.iter().flat_map(|r| r.body_parts.iter().map(String::as_str));
        let known: BTreeSet<&str> = grids.iter().copied().chain(registered).collect();
        let known = known.into_iter().collect::<Vec<_>>().join(", ");
        Some(format!(
            "warning: nothing states the body part of {unknown} of {} images, and the recipe decides by it: they are {}. If all are of \
             one ({known}), say so with body_part under [files] of the recipe; of volume files also with a column body_part of --pairs",
            images().count(),
            not.join(" and "),
        ))
    }
}

struct Builder<'a> {
    inputs: &'a Inputs,
    names: &'a Pseudonyms,
    recipe: &'a Recipe,
    keys: &'a PatientKeys,
    /// By pseudonym of the patient.
    images: BTreeMap<String, Vec<ImageWork>>,
    refused: Vec<Refused>,
}

impl Builder<'_> {
    fn refuse(&mut self, file: usize, files: Vec<usize>, why: Refusal) {
        let holds = Holdings::of_volume_file(self.inputs, file, files);
        self.refused.push(Refused { holds, why, patient: None, series: None });
    }

    /// Refuses frames that are in no volume though others of their file are; those that repeat one that is kept are given back.
    fn left_out(&mut self, frames: Vec<LeftOut>) -> Vec<(usize, usize)> {
        let mut repeated = Vec::new();
        let mut refused: BTreeMap<(usize, isocenter_convert::Reason), Vec<usize>> = BTreeMap::new();
        for left in frames {
            match left.reason {
                Some(reason) => refused.entry((left.file, reason)).or_default().push(left.frame),
                None => repeated.push((left.file, left.frame)),
            }
        }
        for ((file, reason), frames) in refused {
            let instance = header(self.inputs, file);
            let series = instance.and_then(Instance::series_instance_uid).map(|uid| self.names.token("series", &uid));
            let patient = instance.map(|i| self.names.patient_id(&self.keys.of(&i.dataset).to_text(), ""));
            let frames = frames.into_iter().map(|frame| (file, frame)).collect();
            let holds = Holdings { files: vec![file], frames, ..Holdings::default() };
            self.refused.push(Refused { holds, why: Refusal::new(reason.code(), reason.to_string()), patient, series });
        }
        repeated
    }

    fn dicom(&mut self, plan: SeriesPlan, ctx: &Ctx<'_>) {
        // volumes of one series are told apart by the frames that they are made of
        let mut held: Vec<(usize, usize)> = plan.frames.iter().map(|f| (f.file, f.frame)).collect();
        // the tiles of a mosaic are one frame
        held.dedup();
        let frames: Vec<String> =
            held.iter().map(|(file, frame)| format!("{}#{frame}", self.inputs.digests[*file])).collect();
        let item_id = self.names.token("item", &frames.join(","));
        let holds =
            Holdings { files: plan.files.clone(), frames: held, volumes: vec![VolumeId::Series(item_id.clone())] };
        let series_uid = plan.series_uid.clone();
        let study_uid = plan.study_uid.clone().unwrap_or_default();
        let header = holds.files.first().and_then(|f| header(self.inputs, *f));
        let patient = header.map(|i| self.keys.of(&i.dataset).to_text()).unwrap_or_default();
        let patient = self.names.patient_id(&patient, "");
        let series = self.names.token("series", series_uid.as_deref().unwrap_or_default());
        if let Some(why) = self.burned_in(&holds.files) {
            self.refused.push(Refused { holds, why, patient: Some(patient), series: Some(series) });
            return;
        }
        if let Some(why) = triage::of_series(&plan, header) {
            self.refused.push(Refused { holds, why, patient: Some(patient), series: Some(series) });
            return;
        }
        let text = |tag| header.and_then(|instance| value::string(&instance.dataset, tag));
        let contrast = contrast_of(&plan, self.inputs, ctx);
        let image = ImageWork {
            item_id,
            study: self.names.token("study", &study_uid),
            series,
            body_part: plan
                .head
                .meta()
                .body_part
                .clone()
                .or_else(|| text(tags::BODY_PART_EXAMINED))
                .or_else(|| self.recipe.files.of_all()),
            head: plan.head.clone(),
            sample_type: plan.sample_type,
            holds,
            labels: None,
            series_uid,
            contrast,
            place: None,
            looks_like_labels: false,
            source: Origin::Series(Box::new(plan)),
        };
        self.images.entry(patient).or_default().push(image);
    }

    fn burned_in(&self, files: &[usize]) -> Option<Refusal> {
        files.iter().filter_map(|f| header(self.inputs, *f)).find_map(|instance| {
            match burned_in::judge_instance(instance) {
                burned_in::Verdict::Clear => None,
                burned_in::Verdict::Suspect(reason) => Some(Refusal::new(
                    reason.code(),
                    "text may be burned into the pixels, and pixels cannot be cleaned yet",
                )),
            }
        })
    }

    // images become work, label maps come back to be matched
    fn volume_files(
        &mut self,
        companions: &BTreeMap<usize, Companions>,
        pairs: &Pairs,
        layout: &Layout,
        known: &mut KnownValues,
        ctx: &Ctx<'_>,
    ) -> Result<Vec<LabelFile>, Error> {
        let mut labels = Vec::new();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for (&file, beside) in companions {
            ctx.check()?;
            let path = self.inputs.path(file).to_path_buf();
            let place = layout.of(&path);
            let side = beside.sidecar;
            if beside.voxels.iter().any(|f| header(self.inputs, *f).is_some()) {
                let why = "the header takes its voxels from DICOM files, which are inputs themselves";
                self.refuse(file, vec![file], Refusal::new("voxels-are-dicom", why));
                continue;
            }
            let json = side.and_then(|s| sidecar_of(&self.inputs.scanned[s]));
            let files: Vec<usize> = std::iter::once(file).chain(beside.files()).collect();
            // a member of an archive that was found to be damaged when it was hashed
            if let (Kind::Failed(error), true) = (&self.inputs.scanned[file].kind, self.inputs.digests[file].is_empty())
            {
                let reason = isocenter_convert::Reason::from(error);
                let why = Refusal::new(reason.code(), rejection::sentence(&reason, &self.inputs.scanned[file]));
                self.refuse(file, files, why);
                continue;
            }
            let content = match volume_file::read(&self.inputs.scanned[file], ctx) {
                Ok(content) => content,
                Err(error) => {
                    self.refuse(file, files, error.into());
                    continue;
                }
            };
            // names of structures go on, each checked by itself
            for (field, text) in content.texts.iter().filter(|(field, _)| !is_structure_name(field)) {
                known.gather_text(field, &labelling::without_table(text));
            }
            for (field, text) in json.iter().flat_map(Sidecar::identifying) {
                known.gather_text(field, &text);
            }
            if pairs.series_of(&path).is_some() || place.role == Role::Label {
                match LabelFile::new(file, files.clone(), &content, place, self.recipe.labels.empty, ctx) {
                    Ok(label) => labels.push(label),
                    Err(why) => self.refuse(file, files, why),
                }
                continue;
            }
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let name = stem(&name);
            if let Some(why) = triage::of_name(name) {
                self.refuse(file, files, why);
                continue;
            }
            let folder = || {
                let folder = path.parent().and_then(|p| p.file_name()).unwrap_or_default().to_string_lossy();
                container::folder_name(&folder).to_owned()
            };
            let subject = place.patient.clone().unwrap_or_else(folder);
            let patient = self.names.patient_id(&subject, "");
            let study = match &place.visit {
                Some(visit) => format!("files {subject} {visit}"),
                None => format!("files {subject}"),
            };
            let mut meta = json.as_ref().map(Sidecar::meta).unwrap_or_default();
            meta.modality = meta.modality.or_else(|| place.modality.clone());
            // a table decides over the file's own word; what is usual for a layout comes last
            let stated = place.body_part.clone().or(meta.body_part.take()).or_else(|| self.recipe.files.of_all());
            meta.body_part = stated.or_else(|| place.usual_part.map(str::to_owned));
            let digest = &self.inputs.digest_of_volume(file);
            let times = seen.entry(digest.clone()).or_default();
            *times += 1;
            let said = place.channel.as_ref().and_then(|c| c.name.as_deref()).unwrap_or_default();
            self.images.entry(patient).or_default().push(ImageWork {
                // the same bytes under two names are two files
                item_id: self.names.token("item", &repeated(digest, *times)),
                study: self.names.token("study", &study),
                series: self.names.token("series", digest),
                body_part: meta.body_part.clone(),
                head: content.volume.head().clone(),
                sample_type: content.volume.sample_type(),
                holds: Holdings::of_volume_file(self.inputs, file, files),
                labels: None,
                series_uid: None,
                contrast: contrast_of_file(&meta, &place, &format!("{name} {said}")),
                looks_like_labels: look::like_labels(&content.volume, ctx),
                place: Some(place),
                source: Origin::File(file, Box::new(meta)),
            });
        }
        ctx.check()?;
        Ok(labels)
    }
}

/// What a series shows. A file that cannot be opened any more is refused where its voxels are read.
fn contrast_of(plan: &SeriesPlan, inputs: &Inputs, ctx: &Ctx<'_>) -> Option<Contrast> {
    plan.kind(&inputs.facts, &Options::default().ctx(*ctx)).ok()?.contrast
}

/// What a volume file shows: a map that its name says, else what its sidecar does, else the words of its name.
fn contrast_of_file(meta: &Meta, place: &Place, words: &str) -> Option<Contrast> {
    let map = place.kind.and_then(Contrast::named).filter(|contrast| contrast.is_map());
    map.or_else(|| {
        let mut facts = SeriesFacts::of_meta(meta);
        words.clone_into(&mut facts.description);
        SeriesKind::of(&facts).contrast
    })
}

fn sidecar_of(file: &Scanned) -> Option<Sidecar> {
    let bytes = file.read_bytes(&ReadLimits::default().file_bytes(Sidecar::MOST_BYTES)).ok()?;
    Sidecar::parse(&bytes).ok()
}

// of volumes of the same bytes each has an id of its own
fn repeated(digest: &str, times: usize) -> String {
    if times > 1 { format!("{digest}#{times}") } else { digest.to_owned() }
}

/// What all headers say of whose they are.
fn patient_keys(scanned: &[Scanned]) -> PatientKeys {
    let headers = scanned.iter().filter_map(|s| match &s.kind {
        Kind::Dicom(instance) => Some(PatientKey::of(&instance.dataset)),
        _ => None,
    });
    headers.collect()
}
