//! What is to be prepared: patients, their images, their labels; and what is kept out.

use isocenter_convert::SeriesPlan;
use isocenter_dcm::{Instance, scan::Kind, series_kind::Contrast, term};
use isocenter_deid::LeakScan;
use isocenter_labels::matching::Fit;
use isocenter_volume::{Head, IndexMap, Meta, SampleType};

use super::{
    holdings::Holdings,
    inputs::Inputs,
    layout::{By, Place},
    refusal::Refusal,
    text,
};
use crate::quarantine;

/// What is kept out.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    pub(crate) holds: Holdings,
    pub(crate) why: Refusal,
    pub(crate) patient: Option<String>,
    pub(crate) series: Option<String>,
}

impl Refused {
    /// The record that goes into the output; `own` is what no item and no other record has.
    pub(crate) fn record(&self, inputs: &Inputs, own: &Holdings) -> quarantine::Record {
        let mut detail = self.why.detail.clone();
        if own.files.is_empty() && !self.holds.files.is_empty() {
            detail.push_str(" (a further volume of files that are accounted for elsewhere)");
        }
        quarantine::Record {
            reason: self.why.reason.clone(),
            detail,
            files: inputs.ids_of(own.files.iter().copied()),
            volumes: own.volumes.len(),
            frames: own.frames.len(),
            patient: self.patient.clone(),
            series: self.series.clone(),
        }
    }
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
    /// Files it is made of, sidecar included, with frames and volumes.
    pub(crate) holds: Holdings,
    /// Body Part Examined, or what else states the body part.
    pub(crate) body_part: Option<String>,
    /// Its grid and steps, as the headers say.
    pub(crate) head: Head,
    pub(crate) sample_type: SampleType,
    pub(crate) labels: Option<LabelWork>,
    /// What the values of an MR image show, as far as its header, its sidecar or the words of its description say; those go no further.
    pub(crate) contrast: Option<Contrast>,
    /// Where a volume file belongs.
    pub(crate) place: Option<Place>,
    /// Whether the voxels of a file that is taken as an image look like labels.
    pub(crate) looks_like_labels: bool,
    pub(super) series_uid: Option<String>,
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
    /// The file and what belongs to it.
    pub(crate) holds: Holdings,
    /// Brings the labels' grid to the image's.
    pub(crate) map: IndexMap,
    /// How much of the image they cover.
    pub(crate) fit: Fit,
    /// Number of its scheme.
    pub(crate) scheme: usize,
    /// What said whose it is.
    pub(super) by: By,
}

impl ImageWork {
    /// Whether its body part is stated, in a word that can be compared.
    pub(crate) fn has_body_part(&self) -> bool {
        self.body_part.as_deref().is_some_and(|part| term::are_terms(part.trim()))
    }

    /// The name of its channel, made safe, where something states one.
    pub(crate) fn channel(&self, scan: &LeakScan) -> Option<String> {
        let place = self.place.as_ref()?;
        let by_number = |number: usize| format!("channel{number}");
        let channel = place.channel.as_ref();
        let stated = channel.and_then(|c| c.name.as_ref()).map(|name| text::label_name(name, scan));
        match (stated, channel.and_then(|c| c.number)) {
            (Some(Some(name)), _) => Some(name),
            (Some(None), number) => Some(by_number(number.unwrap_or(0))),
            (None, Some(number)) => Some(place.kind.map_or_else(|| by_number(number), str::to_owned)),
            (None, None) => place.kind.map(str::to_owned),
        }
    }
}

/// The header of a DICOM file.
pub(crate) fn header(inputs: &Inputs, file: usize) -> Option<&Instance> {
    match &inputs.scanned[file].kind {
        Kind::Dicom(instance) => Some(instance),
        _ => None,
    }
}
