//! From files to work: patients with their images, labels matched to images, everything else with its reason.

use std::collections::{BTreeMap, BTreeSet};

use isocenter_convert::{Options, SeriesPlan, plan::plan};
use isocenter_dcm::{
    Instance, PatientKey, PatientKeys,
    scan::{Kind, Scanned},
    tags, value,
};
use isocenter_deid::{KnownValues, Pseudonyms, burned_in};
use isocenter_formats::{ReadOptions, labels::is_structure_name, sidecar::Sidecar};
use isocenter_labels::matching::Fit;
use isocenter_volume::{Ctx, Geometry, IndexMap, Meta};

use super::{
    inputs::Inputs,
    labelling,
    labelling::LabelFile,
    outcome::{Outcome, Planned},
    pairs::Pairs,
    refusal::Refusal,
    scheme,
    scheme::Scheme,
};
use crate::{
    Error, Funnel, Recipe, quarantine,
    volume_file::{data_files, may_hold_volume},
};

/// All that is to be done, and what will not be.
pub(crate) struct WorkList {
    pub(crate) patients: Vec<PatientWork>,
    pub(crate) schemes: Vec<Scheme>,
    pub(crate) refused: Vec<Refused>,
    pub(crate) duplicates: Vec<(usize, usize)>,
    pub(crate) known: KnownValues,
    pub(crate) keys: PatientKeys,
    pub(crate) instances: usize,
    pub(crate) series: usize,
}

/// Files that are kept out.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    pub(crate) files: Vec<usize>,
    pub(crate) why: Refusal,
    pub(crate) patient: Option<String>,
    pub(crate) series: Option<String>,
}

/// One patient: a work item.
pub(crate) struct PatientWork {
    pub(crate) pseudonym: String,
    pub(crate) images: Vec<ImageWork>,
}

/// One image to be prepared.
pub(crate) struct ImageWork {
    pub(crate) item_id: String,
    pub(crate) study: String,
    pub(crate) series: String,
    pub(crate) source: Origin,
    /// Files it is made of, sidecar included.
    pub(crate) files: Vec<usize>,
    /// Body Part Examined as the header has it.
    pub(crate) body_part: Option<String>,
    /// The words of the series' description; they decide a contrast where times do not, and go no further.
    pub(crate) description: Option<String>,
    pub(crate) geometry: Option<Geometry>,
    pub(crate) labels: Option<LabelWork>,
    series_uid: Option<String>,
}

/// What an image is made from.
pub(crate) enum Origin {
    /// A DICOM series.
    Series(Box<SeriesPlan>),
    /// A file that holds a volume, and the facts of its sidecar.
    File(usize, Box<Meta>),
}

/// The label map of an image.
pub(crate) struct LabelWork {
    pub(crate) file: usize,
    /// Brings the labels' grid to the image's.
    pub(crate) map: IndexMap,
    /// How much of the image they cover.
    pub(crate) fit: Fit,
    /// Number of its scheme.
    pub(crate) scheme: usize,
}

impl WorkList {
    /// Sorts the inputs.
    pub(crate) fn build(inputs: &Inputs, pairs: &Pairs, names: &Pseudonyms, ctx: &Ctx<'_>) -> Result<Self, Error> {
        let mut known = KnownValues::default();
        let mut instances = 0;
        for scanned in &inputs.scanned {
            if let Kind::Dicom(instance) = &scanned.kind {
                known.gather(&instance.dataset, &instance.meta);
                instances += 1;
            }
        }
        let plan = plan(&inputs.facts, &Options::default().ctx(*ctx))?;
        let keys = patient_keys(&inputs.scanned);
        let mut builder = Builder { inputs, names, keys: &keys, images: BTreeMap::new(), refused: Vec::new() };
        let series = plan.series.iter().map(|s| &s.series_uid).collect::<BTreeSet<_>>().len();
        // files that hold a volume are convert's "not DICOM": they are taken here
        let data = data_files(&inputs.scanned, ctx);
        let parts: BTreeSet<usize> = data.values().flatten().copied().collect();
        let volumes: BTreeSet<usize> =
            (0..inputs.scanned.len()).filter(|f| may_hold_volume(&inputs.scanned[*f]) && !parts.contains(f)).collect();
        for s in plan.series {
            builder.dicom(s);
        }
        let companions = builder.companions(&volumes, &data);
        let beside: BTreeSet<usize> = companions.values().flat_map(Companions::files).chain(parts).collect();
        let mut rejected: BTreeMap<(String, Option<String>), Refused> = BTreeMap::new();
        for r in &plan.rejected {
            if volumes.contains(&r.file) || beside.contains(&r.file) {
                continue;
            }
            // files of one series that are kept out for one reason are one record
            let instance = header(inputs, r.file);
            let series = instance.and_then(Instance::series_instance_uid).map(|uid| names.token("series", &uid));
            let patient = instance.map(|i| names.patient_id(&keys.of(&i.dataset).to_text(), ""));
            let why = Refusal::new(r.reason.code(), r.reason.to_string());
            let alone = series.is_none().then(|| inputs.ids[r.file].clone());
            rejected
                .entry((why.reason.clone(), series.clone().or(alone)))
                .or_insert_with(|| Refused { files: Vec::new(), why, patient, series })
                .files
                .extend(std::iter::once(r.file).chain(data.get(&r.file).into_iter().flatten().copied()));
        }
        builder.refused.extend(rejected.into_values());
        let labels = builder.volume_files(&volumes, &companions, pairs, &mut known, ctx)?;
        let duplicates = plan.duplicates.iter().map(|d| (d.file, d.of)).collect();
        let schemes = builder.match_labels(labels, pairs, &mut known)?;
        let Builder { images, refused, .. } = builder;
        let patients = images.into_iter().map(|(pseudonym, images)| PatientWork { pseudonym, images }).collect();
        Ok(Self { patients, schemes, refused, duplicates, known, keys, instances, series })
    }

    /// What a dry run tells.
    pub(crate) fn outcome_of_dry_run(self, inputs: &Inputs, recipe: &Recipe, remarks: Vec<String>) -> Outcome {
        let mut planned = Vec::new();
        let mut in_items = BTreeSet::new();
        for image in self.patients.iter().flat_map(|p| &p.images) {
            in_items.extend(image.files.iter().copied());
            in_items.extend(image.labels.as_ref().map(|l| l.file));
            let modality = match &image.source {
                Origin::Series(s) => s.modality.clone(),
                Origin::File(_, meta) => meta.modality.clone(),
            };
            let mut what = vec![match recipe.grid_for(image.body_part.as_deref()).spacing_mm {
                Some(s) => format!("to {} x {} x {} mm", s[0], s[1], s[2]),
                None => "native grid".to_owned(),
            }];
            if recipe.register.as_ref().is_some_and(|r| r.region_of(image.body_part.as_deref()).is_some()) {
                what.push("registered within its study".to_owned());
            }
            what.extend(recipe.steps_for(None, modality.as_deref()).iter().map(|s| s.name().to_owned()));
            if image.labels.is_some() {
                what.push("with labels".to_owned());
            }
            let kind = [image.body_part.clone(), modality].into_iter().flatten().collect::<Vec<_>>().join(" ");
            planned.push(Planned { kind, files: image.files.len(), what: what.join(", ") });
        }
        let quarantine: Vec<quarantine::Record> = self.refused.iter().map(|r| r.record(inputs)).collect();
        let reasons = quarantine::counts(&quarantine);
        let funnel = Funnel {
            files: inputs.scanned.len(),
            in_items: in_items.len(),
            duplicates: self.duplicates.len(),
            quarantined: reasons.values().sum(),
            reasons,
            instances: self.instances,
            series: self.series,
            items: planned.len(),
            labelled: self.patients.iter().flat_map(|p| &p.images).filter(|i| i.labels.is_some()).count(),
            patients: self.patients.len(),
        };
        Outcome { funnel, quarantine, remarks, planned, dry_run: true, ..Outcome::default() }
    }
}

impl Refused {
    /// The record that goes into the output.
    pub(crate) fn record(&self, inputs: &Inputs) -> quarantine::Record {
        quarantine::Record {
            reason: self.why.reason.clone(),
            detail: self.why.detail.clone(),
            files: inputs.ids_of(self.files.iter().copied()),
            patient: self.patient.clone(),
            series: self.series.clone(),
        }
    }
}

/// Files that belong to a volume file.
#[derive(Clone, Default)]
struct Companions {
    sidecar: Option<usize>,
    voxels: Vec<usize>,
}

impl Companions {
    fn files(&self) -> impl Iterator<Item = usize> {
        self.sidecar.into_iter().chain(self.voxels.iter().copied())
    }
}

struct Builder<'a> {
    inputs: &'a Inputs,
    names: &'a Pseudonyms,
    keys: &'a PatientKeys,
    /// By pseudonym of the patient.
    images: BTreeMap<String, Vec<ImageWork>>,
    refused: Vec<Refused>,
}

impl Builder<'_> {
    fn refuse(&mut self, files: Vec<usize>, why: Refusal) {
        self.refused.push(Refused { files, why, patient: None, series: None });
    }

    fn dicom(&mut self, plan: SeriesPlan) {
        let files = plan.files.clone();
        let series_uid = plan.series_uid.clone();
        let study_uid = plan.study_uid.clone().unwrap_or_default();
        let header = files.first().and_then(|f| header(self.inputs, *f));
        let patient = header.map(|i| self.keys.of(&i.dataset).to_text()).unwrap_or_default();
        let patient = self.names.patient_id(&patient, "");
        let series = self.names.token("series", series_uid.as_deref().unwrap_or_default());
        if let Some(why) = self.burned_in(&files) {
            self.refused.push(Refused { files, why, patient: Some(patient), series: Some(series) });
            return;
        }
        let text = |tag| header.and_then(|instance| value::string(&instance.dataset, tag));
        // volumes of one series are told apart by the frames that they are made of
        let frames: Vec<String> =
            plan.frames.iter().map(|f| format!("{}#{}", self.inputs.digests[f.file], f.frame)).collect();
        let item_id = self.names.token("item", &frames.join(","));
        let image = ImageWork {
            item_id,
            study: self.names.token("study", &study_uid),
            series,
            body_part: text(tags::BODY_PART_EXAMINED),
            description: plan.description.clone(),
            geometry: Some(plan.head.geometry().clone()),
            files,
            labels: None,
            series_uid,
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

    // by the volume's number: a JSON file beside it of the same name, and the voxels that its header names
    fn companions(&self, volumes: &BTreeSet<usize>, data: &BTreeMap<usize, Vec<usize>>) -> BTreeMap<usize, Companions> {
        let by_path: BTreeMap<_, usize> = self
            .inputs
            .scanned
            .iter()
            .enumerate()
            .filter(|(_, s)| !s.is_unopened())
            .map(|(n, s)| (s.path.clone(), n))
            .collect();
        let of = |volume: usize| {
            let path = self.inputs.path(volume);
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let stem = name.strip_suffix(".gz").unwrap_or(&name);
            let (stem, _) = stem.rsplit_once('.').unwrap_or((stem, ""));
            let sidecar = by_path.get(&path.with_file_name(format!("{stem}.json"))).copied();
            Companions { sidecar, voxels: data.get(&volume).cloned().unwrap_or_default() }
        };
        volumes.iter().map(|volume| (*volume, of(*volume))).collect()
    }

    // images become work, label maps come back to be matched
    fn volume_files(
        &mut self,
        volumes: &BTreeSet<usize>,
        companions: &BTreeMap<usize, Companions>,
        pairs: &Pairs,
        known: &mut KnownValues,
        ctx: &Ctx<'_>,
    ) -> Result<Vec<LabelFile>, Error> {
        let mut labels = Vec::new();
        for &file in volumes {
            ctx.check()?;
            let path = self.inputs.path(file).to_path_buf();
            let beside = companions.get(&file).cloned().unwrap_or_default();
            let side = beside.sidecar;
            if beside.voxels.iter().any(|f| header(self.inputs, *f).is_some()) {
                let why = "the header takes its voxels from DICOM files, which are inputs themselves";
                self.refuse(vec![file], Refusal::new("voxels-are-dicom", why));
                continue;
            }
            let json = side.and_then(|s| Sidecar::read(self.inputs.path(s)).ok());
            let files: Vec<usize> = std::iter::once(file).chain(beside.files()).collect();
            let content = match isocenter_formats::read_with(&path, &ReadOptions::default().ctx(*ctx)) {
                Ok(content) => content,
                Err(error) => {
                    self.refuse(files, error.into());
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
            if pairs.series_of(&path).is_some() || labelling::is_label_file(&path, content.is_label) {
                match LabelFile::new(file, files.clone(), &content, ctx) {
                    Ok(label) => labels.push(label),
                    Err(why) => self.refuse(files, why),
                }
                continue;
            }
            let subject = labelling::subject_of(&path);
            let patient = self.names.patient_id(&subject, "");
            let mut meta = json.as_ref().map(Sidecar::meta).unwrap_or_default();
            meta.modality = meta.modality.or_else(|| labelling::modality_of(&path).map(str::to_owned));
            let digest = &self.inputs.digests[file];
            self.images.entry(patient).or_default().push(ImageWork {
                item_id: self.names.token("item", digest),
                study: self.names.token("study", &format!("files {subject}")),
                series: self.names.token("series", digest),
                body_part: meta.body_part.clone(),
                description: path.file_stem().map(|s| s.to_string_lossy().into_owned()),
                geometry: Some(content.volume.geometry().clone()),
                files,
                labels: None,
                series_uid: None,
                source: Origin::File(file, Box::new(meta)),
            });
        }
        ctx.check()?;
        Ok(labels)
    }

    fn match_labels(
        &mut self,
        labels: Vec<LabelFile>,
        pairs: &Pairs,
        known: &mut KnownValues,
    ) -> Result<Vec<Scheme>, Error> {
        for images in self.images.values_mut() {
            images.sort_by(|a, b| a.item_id.cmp(&b.item_id));
        }
        let places: Vec<(String, usize)> =
            self.images.iter().flat_map(|(p, images)| (0..images.len()).map(move |n| (p.clone(), n))).collect();
        let scan = labelling::search_of_names(&labels, known)?;
        let mut matched = Vec::new();
        for label in labels {
            let candidates: Vec<(usize, &ImageWork)> = places
                .iter()
                .map(|(p, n)| &self.images[p][*n])
                .enumerate()
                .filter(|(_, i)| i.labels.is_none())
                .collect();
            let series = pairs.series_of(self.inputs.path(label.file));
            let allowed = candidates
                .into_iter()
                .filter(|(_, image)| {
                    series.is_none_or(|s| {
                        image.series_uid.as_deref() == Some(s)
                            || image.files.iter().any(|f| self.inputs.path(*f).to_string_lossy() == s)
                    })
                })
                .filter_map(|(n, image)| Some((n, image.geometry.as_ref()?, image.item_id.as_str())));
            match labelling::find(&label, allowed) {
                Ok((place, found)) => {
                    let (patient, n) = &places[place];
                    if let Some(image) = self.images.get_mut(patient).and_then(|i| i.get_mut(*n)) {
                        image.files.extend(label.files.iter().copied());
                        image.labels = Some(LabelWork { file: label.file, map: found.map, fit: found.fit, scheme: 0 });
                        matched.push((place, label.facts(&scan)));
                    }
                }
                Err(why) => {
                    // the images that have labels already were not asked: say so, where one of them is meant
                    let taken = places.iter().map(|(p, n)| &self.images[p][*n]).filter(|i| i.labels.is_some());
                    let taken = taken.filter_map(|i| Some((0, i.geometry.as_ref()?, i.item_id.as_str())));
                    let second = why.reason == "label-without-image" && labelling::find(&label, taken).is_ok();
                    let why = if second {
                        Refusal::new(
                            "second-label-map",
                            "the image on whose grid it lies has another label map already",
                        )
                    } else {
                        why
                    };
                    self.refuse(label.files.clone(), why);
                }
            }
        }
        let facts: Vec<scheme::LabelFacts> = matched.iter().map(|(_, f)| f.clone()).collect();
        let (schemes, which) = scheme::schemes(&facts);
        for ((place, _), scheme) in matched.iter().zip(which) {
            let (patient, n) = &places[*place];
            if let Some(work) = self.images.get_mut(patient).and_then(|i| i.get_mut(*n)).and_then(|i| i.labels.as_mut())
            {
                work.scheme = scheme;
            }
        }
        Ok(schemes)
    }
}

/// What all headers say of whose they are.
fn patient_keys(scanned: &[Scanned]) -> PatientKeys {
    let headers = scanned.iter().filter_map(|s| match &s.kind {
        Kind::Dicom(instance) => Some(PatientKey::of(&instance.dataset)),
        _ => None,
    });
    headers.collect()
}

/// The header of a DICOM file.
pub(crate) fn header(inputs: &Inputs, file: usize) -> Option<&Instance> {
    match &inputs.scanned[file].kind {
        Kind::Dicom(instance) => Some(instance),
        _ => None,
    }
}
