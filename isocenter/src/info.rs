//! What is in a folder: patients, studies, series, geometry, transfer syntaxes, privacy risks.
//!
//! Patients and studies are numbered, not named: a listing is made to be shown.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use isocenter_convert::{Facts, Options, plan::plan};
use isocenter_dcm::{
    Instance,
    scan::{self, FileKind, Kind},
    tags, value,
};
use isocenter_deid::burned_in;
use isocenter_formats::ReadOptions;
use isocenter_volume::Ctx;
use serde::Serialize;

use crate::{
    Error, Funnel,
    prepare::{Given, Layout, Role},
    recipe::Files,
    volume_file::{data_files, may_hold_volume},
};

/// What is in a folder.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Info {
    /// Where every file belongs; `items` counts volumes.
    pub funnel: Funnel,
    /// Number of studies.
    pub studies: usize,
    /// One row for each volume that can be made.
    pub series: Vec<SeriesRow>,
}

/// One volume that can be made.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct SeriesRow {
    /// Number of the patient, from 1, by the rule that [`Prepare`](crate::Prepare) has; 0 of a label map, which is its image's.
    pub patient: usize,
    /// Number of the study, from 1; 0 of a label map.
    pub study: usize,
    /// Number of the series, from 1.
    pub series: usize,
    /// Modality.
    pub modality: Option<String>,
    /// What kind of volume it is.
    pub what: String,
    /// Number of files.
    pub files: usize,
    /// Voxels along i, j, k and the slow axes.
    pub voxels: String,
    /// Voxel size, mm.
    pub spacing: String,
    /// Axis code.
    pub orientation: Option<String>,
    /// Transfer syntax of the files, or `NIfTI`, `NRRD`.
    pub transfer_syntax: String,
    /// Codes of what makes the files a privacy risk.
    pub privacy: Vec<String>,
}

/// Reads the headers of everything under `paths`.
///
/// # Errors
/// [`Error::Usage`] for a path that cannot be read, [`Error::Cancelled`], [`Error::Verification`] where a file is not accounted for.
pub fn info(paths: &[PathBuf], ctx: &Ctx<'_>) -> Result<Info, Error> {
    let paths = crate::prepare::checked_inputs(paths)?;
    let scanned = crate::prepare::scan_files(&paths, ctx)?;
    let plan = plan(&Facts::of_all(&scanned), &Options::default().ctx(*ctx))?;
    let mut numbers = Numbers::default();
    let mut rows = Vec::new();
    let mut in_items = BTreeSet::new();
    for s in &plan.series {
        let files = s.files.clone();
        in_items.extend(files.iter().copied());
        let headers: Vec<&Instance> = files
            .iter()
            .filter_map(|f| match &scanned[*f].kind {
                Kind::Dicom(instance) => Some(&**instance),
                _ => None,
            })
            .collect();
        let study = s.study_uid.clone().unwrap_or_default();
        let patient = s.patient.to_text();
        let geometry = s.head.geometry();
        rows.push(SeriesRow {
            patient: numbers.patient(&patient),
            study: numbers.study(&study),
            series: numbers.series(s.series_uid.as_deref().unwrap_or_default()),
            modality: s.modality.clone(),
            what: headers.first().and_then(|i| value::string(&i.dataset, tags::BODY_PART_EXAMINED)).unwrap_or_default(),
            files: files.len(),
            voxels: shape_text(Some(geometry.shape()), s.head.slow_axes().iter().map(|a| a.len()).product()),
            spacing: geometry.spacing_mm().map(|v| format!("{v:.3}")).join(" x "),
            orientation: geometry.orientation().ok().map(|o| o.to_string()),
            transfer_syntax: syntaxes(&headers),
            privacy: risks(&headers),
        });
    }
    // a listing asks nothing: what can be read in two ways is numbered in the first of them
    let data = data_files(&scanned, ctx);
    let parts: BTreeSet<usize> = data.values().flatten().copied().collect();
    let layout = crate::prepare::read_layout(&scanned, &parts, &paths, &Given::default(), &Files::default());
    for rejected in plan.rejected.iter().filter(|r| !parts.contains(&r.file)) {
        if let Some(row) = volume_row(&scanned[rejected.file], &layout, &mut numbers) {
            let held = data.get(&rejected.file).map(Vec::as_slice).unwrap_or_default();
            in_items.insert(rejected.file);
            in_items.extend(held);
            rows.push(SeriesRow { files: 1 + held.len(), ..row });
        }
    }
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for rejected in plan.rejected.iter().filter(|r| !in_items.contains(&r.file)) {
        *reasons.entry(rejected.reason.code().to_owned()).or_default() += 1;
    }
    rows.sort_by_key(|r| (r.patient, r.study, r.series));
    let funnel = Funnel {
        files: scanned.len(),
        in_items: in_items.len(),
        duplicates: plan.duplicates.len(),
        quarantined: reasons.values().sum(),
        reasons,
        instances: scanned.iter().filter(|s| matches!(s.kind, Kind::Dicom(_))).count(),
        series: numbers.series.len(),
        items: rows.len(),
        labelled: 0,
        patients: numbers.patients.len(),
        ..Funnel::default()
    };
    funnel.check()?;
    Ok(Info { funnel, studies: numbers.studies.len(), series: rows })
}

#[derive(Default)]
struct Numbers {
    patients: BTreeMap<String, usize>,
    studies: BTreeMap<String, usize>,
    series: BTreeMap<String, usize>,
}

impl Numbers {
    fn of(map: &mut BTreeMap<String, usize>, key: &str) -> usize {
        let next = map.len() + 1;
        *map.entry(key.to_owned()).or_insert(next)
    }

    fn patient(&mut self, key: &str) -> usize {
        Self::of(&mut self.patients, key)
    }

    fn study(&mut self, key: &str) -> usize {
        Self::of(&mut self.studies, key)
    }

    fn series(&mut self, key: &str) -> usize {
        Self::of(&mut self.series, key)
    }
}

fn volume_row(scanned: &scan::Scanned, layout: &Layout, numbers: &mut Numbers) -> Option<SeriesRow> {
    if !may_hold_volume(scanned) {
        return None;
    }
    let content = isocenter_formats::read_head(&scanned.path, &ReadOptions::default()).ok()?;
    let head = &content.head;
    let place = layout.of(&scanned.path);
    let labels = place.role == Role::Label;
    let subject = place.patient.unwrap_or_default();
    let visit = place.visit.unwrap_or_default();
    let texts = content.texts.values().any(|t| !t.trim().is_empty());
    Some(SeriesRow {
        patient: if labels { 0 } else { numbers.patient(&subject) },
        study: if labels { 0 } else { numbers.study(&format!("files {subject} {visit}")) },
        series: numbers.series(&scanned.path.to_string_lossy()),
        modality: place.modality.filter(|_| !labels),
        what: if labels { "labels".to_owned() } else { content.sample_type.name().to_owned() },
        files: 1,
        voxels: shape_text(Some(head.shape()), head.steps()),
        spacing: head.geometry().spacing_mm().map(|v| format!("{v:.3}")).join(" x "),
        orientation: head.geometry().orientation().ok().map(|o| o.to_string()),
        transfer_syntax: if matches!(scanned.kind, Kind::NotDicom(FileKind::Nrrd)) { "NRRD" } else { "NIfTI" }
            .to_owned(),
        privacy: if texts { vec!["free-text".to_owned()] } else { Vec::new() },
    })
}

fn shape_text(shape: Option<[usize; 3]>, steps: usize) -> String {
    let mut text = shape.map(|s| s.map(|n| n.to_string()).join(" x ")).unwrap_or_default();
    if steps > 1 {
        text.push_str(&format!(" x {steps}"));
    }
    text
}

fn syntaxes(headers: &[&Instance]) -> String {
    let names: BTreeSet<String> = headers.iter().map(|i| syntax_name(&i.meta.transfer_syntax_uid).to_owned()).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

// PS3.5 section 10 and PS3.6 Annex A; a UID that is none of these is not shown, it may be anything
fn syntax_name(uid: &str) -> &'static str {
    match uid {
        "1.2.840.10008.1.2" => "implicit LE",
        "" | "1.2.840.10008.1.2.1" => "explicit LE",
        "1.2.840.10008.1.2.1.99" => "deflated",
        "1.2.840.10008.1.2.2" => "explicit BE",
        "1.2.840.10008.1.2.5" => "RLE",
        "1.2.840.10008.1.2.4.50" => "JPEG baseline",
        "1.2.840.10008.1.2.4.51" => "JPEG extended",
        "1.2.840.10008.1.2.4.57" | "1.2.840.10008.1.2.4.70" => "JPEG lossless",
        "1.2.840.10008.1.2.4.80" => "JPEG-LS",
        "1.2.840.10008.1.2.4.81" => "JPEG-LS near-lossless",
        "1.2.840.10008.1.2.4.90" => "JPEG 2000 lossless",
        "1.2.840.10008.1.2.4.91" => "JPEG 2000",
        "1.2.840.10008.1.2.4.201" | "1.2.840.10008.1.2.4.202" | "1.2.840.10008.1.2.4.203" => "HTJ2K",
        "1.2.840.10008.1.2.4.110" | "1.2.840.10008.1.2.4.111" | "1.2.840.10008.1.2.4.112" => "JPEG XL",
        _ => "other",
    }
}

fn risks(headers: &[&Instance]) -> Vec<String> {
    let mut found = BTreeSet::new();
    for instance in headers {
        if let burned_in::Verdict::Suspect(reason) = burned_in::judge_instance(instance) {
            found.insert(reason.code().to_owned());
        }
        let has = |tag| value::string(&instance.dataset, tag).is_some_and(|t| !t.is_empty());
        if has(tags::PATIENT_NAME) || has(tags::PATIENT_BIRTH_DATE) {
            found.insert("identified".to_owned());
        }
        if instance.dataset.iter().any(|e| e.header().tag.group() % 2 == 1) {
            found.insert("private".to_owned());
        }
    }
    found.into_iter().collect()
}
