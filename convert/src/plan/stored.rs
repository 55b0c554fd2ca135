//! A planned volume as it is read from a file: what code makes of frames, it must be as well.

use std::collections::BTreeSet;

use isocenter_dcm::PatientKey;
use isocenter_volume::{Head, SampleType};
use serde::{Deserialize, Deserializer, de::Error as _};

use super::{
    SeriesPlan,
    even::Even,
    kin::Kin,
    order,
    series::{FrameRef, Tile},
};
use crate::{Warning, facts::key::FACTS};

/// What stands in the file, before it is looked at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stored {
    patient: PatientKey,
    study_uid: Option<String>,
    series_uid: Option<String>,
    frame_of_reference_uid: Option<String>,
    sop_class_uid: Option<String>,
    modality: Option<String>,
    series_number: Option<i64>,
    description: Option<String>,
    image_type: Vec<String>,
    component: Option<String>,
    echo_number: Option<i64>,
    sop_instance_uids: Vec<String>,
    files: Vec<usize>,
    frames: Vec<FrameRef>,
    head: Head,
    ordered_by: Option<String>,
    sample_type: SampleType,
    warnings: Vec<Warning>,
    even: Option<Even>,
    together: Vec<(String, String)>,
    kin: Kin,
}

/// Why it is no planned volume.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Wrong(&'static str);

impl TryFrom<Stored> for SeriesPlan {
    type Error = Wrong;

    fn try_from(stored: Stored) -> Result<Self, Wrong> {
        stored.check().map_err(Wrong)?;
        let known = |name: String| order::known(&name).ok_or(Wrong("an order that is not known"));
        let fact = |(name, value): (String, String)| {
            let known = FACTS.into_iter().find(|known| *known == name);
            known.map(|name| (name, value)).ok_or(Wrong("a fact that is not known"))
        };
        Ok(Self {
            patient: stored.patient,
            study_uid: stored.study_uid,
            series_uid: stored.series_uid,
            frame_of_reference_uid: stored.frame_of_reference_uid,
            sop_class_uid: stored.sop_class_uid,
            modality: stored.modality,
            series_number: stored.series_number,
            description: stored.description,
            image_type: stored.image_type,
            component: stored.component,
            echo_number: stored.echo_number,
            sop_instance_uids: stored.sop_instance_uids,
            files: stored.files,
            frames: stored.frames,
            head: stored.head,
            ordered_by: stored.ordered_by.map(known).transpose()?,
            sample_type: stored.sample_type,
            warnings: stored.warnings,
            even: stored.even,
            together: stored.together.into_iter().map(fact).collect::<Result<_, _>>()?,
            kin: stored.kin,
        })
    }
}

// derived, it would ask for texts that live as long as the program
impl<'de> Deserialize<'de> for SeriesPlan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Stored::deserialize(deserializer)?.try_into().map_err(D::Error::custom)
    }
}

impl Stored {
    /// Whether files, frames and grid belong to each other.
    fn check(&self) -> Result<(), &'static str> {
        let files: BTreeSet<usize> = self.files.iter().copied().collect();
        let used: BTreeSet<usize> = self.frames.iter().map(|frame| frame.file).collect();
        if files.len() != self.files.len() || files != used || self.files.len() != self.sop_instance_uids.len() {
            return Err("files that are not those of the frames");
        }
        let [columns, rows, slices] = self.head.shape();
        // a plane is a frame of DICOM, or a part of one
        if [columns, rows].iter().any(|size| *size > usize::from(u16::MAX)) {
            return Err("planes that no frame fills");
        }
        let planes = match &self.even {
            Some(even) if self.head.steps() == 1 && even.is_sound(slices) => even.places.len(),
            Some(_) => return Err("slices that lie on no even grid"),
            None => slices.saturating_mul(self.head.steps()),
        };
        if self.frames.is_empty() || self.frames.len() != planes {
            return Err("frames that do not fill the volume");
        }
        let lies_within = |tile: &Tile| {
            let fits = |axis: usize, size: usize| {
                let end = tile.corner[axis].checked_add(size);
                end.is_some_and(|end| end <= tile.picture[axis]) && tile.picture[axis] <= usize::from(u16::MAX)
            };
            fits(0, columns) && fits(1, rows)
        };
        if !self.frames.iter().filter_map(|frame| frame.tile.as_ref()).all(lies_within) {
            return Err("a tile that is no part of its picture");
        }
        Ok(())
    }
}
