//! What was understood of the volume files: whose each is, and what; told before the run, and part of the report.
//!
//! Only keyed ids, counts and defined words stand here; the names that they were read from do not.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::layout::By;

/// What was understood of all volume files.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Understood {
    /// One row for each way in which files were placed.
    pub layouts: Vec<LayoutRow>,
    /// One row for each file, in the order of ids.
    pub files: Vec<FileRow>,
}

/// Files that were placed in one way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LayoutRow {
    /// `pairs`, `recipe`, `BIDS`, `nnU-Net`, `Decathlon`, `list`, `folder a patient`, `flat`, or `grid` (label maps that only their grid places).
    pub layout: String,
    /// Patients.
    pub patients: usize,
    /// Visits of patients.
    pub visits: usize,
    /// Image files.
    pub images: usize,
    /// Label maps that found their image.
    pub labels: usize,
    /// Kinds of images, by channel, contrast or modality.
    pub channels: Vec<String>,
    /// Whether every case was taken for a patient, since nothing says whose it is.
    pub case_is_patient: bool,
}

/// What one volume file is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct FileRow {
    /// Keyed id of the file.
    pub file: String,
    /// What placed it, as in [`LayoutRow::layout`].
    pub layout: String,
    /// Pseudonym of the patient.
    pub patient: String,
    /// Keyed id of the visit.
    pub visit: String,
    /// Modality, where one is known.
    pub modality: Option<String>,
    /// `image` or `label`.
    pub role: String,
    /// The kind of image.
    pub channel: Option<String>,
    /// Whether its voxels look like labels though nothing says so.
    pub looks_like_labels: bool,
}

impl Understood {
    /// Counts the rows of files.
    pub(super) fn of(mut files: Vec<(By, FileRow)>) -> Self {
        files.sort_by(|a, b| a.1.cmp(&b.1));
        files.dedup_by(|a, b| a.1 == b.1);
        let mut rows: BTreeMap<By, Vec<&FileRow>> = BTreeMap::new();
        for (by, row) in &files {
            rows.entry(*by).or_default().push(row);
        }
        let of_layout = |(by, rows): (By, Vec<&FileRow>)| {
            let images: Vec<&&FileRow> = rows.iter().filter(|r| r.role == "image").collect();
            LayoutRow {
                layout: by.name().to_owned(),
                patients: rows.iter().map(|r| &r.patient).collect::<BTreeSet<_>>().len(),
                visits: rows.iter().map(|r| (&r.patient, &r.visit)).collect::<BTreeSet<_>>().len(),
                images: images.len(),
                labels: rows.iter().filter(|r| r.role == "label").map(|r| &r.file).collect::<BTreeSet<_>>().len(),
                channels: images
                    .iter()
                    .filter_map(|r| r.channel.clone().or_else(|| r.modality.clone()))
                    .collect::<BTreeSet<_>>()
                    .into_iter()
                    .collect(),
                case_is_patient: by.takes_cases_for_patients(),
            }
        };
        let layouts = rows.into_iter().map(of_layout).collect();
        Self { layouts, files: files.into_iter().map(|f| f.1).collect() }
    }

    /// What the caller should know of it.
    pub(super) fn remarks(&self) -> Vec<String> {
        let cases = self.layouts.iter().filter(|l| l.case_is_patient && l.patients > 0).map(|l| {
            format!(
                "{}: nothing says whose the cases are; each is taken as a patient of its own ({} patients). If several are of one, \
                 say so with --pairs or a rule in the recipe",
                l.layout, l.patients
            )
        });
        let doubts = self.files.iter().filter(|f| f.looks_like_labels).map(|f| {
            format!(
                "warning: the voxels of {} look like labels, and nothing says that they are; it is taken as an image (--pairs with the \
                 role label makes it a label map)",
                f.file
            )
        });
        cases.chain(doubts).collect()
    }
}
