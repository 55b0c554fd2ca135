//! DICOM series written for a test: 4 columns, 3 rows, one file a slice.

use std::path::PathBuf;

use isocenter_convert::{Converted, Facts, Options, Plan, plan::plan, read::read};
use isocenter_dcm::{
    Dataset, FileMeta, Instance, Tag, VR,
    dicom_core::{DataElement, PrimitiveValue, value::DataSetSequence},
    scan::{self, Scanned},
    tags,
};
use isocenter_volume::Ctx;

pub(crate) const COLUMNS: usize = 4;
pub(crate) const ROWS: usize = 3;
pub(crate) const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
pub(crate) const MR: &str = "1.2.840.10008.5.1.4.1.1.4";
pub(crate) const PET: &str = "1.2.840.10008.5.1.4.1.1.128";

/// A folder of files, thrown away at the end.
pub(crate) struct Study {
    folder: tempfile::TempDir,
    files: usize,
}

impl Study {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), files: 0 }
    }

    /// Writes the next file; its name counts up, so the order of calls is the order of paths.
    pub(crate) fn add(&mut self, dataset: &Dataset) -> PathBuf {
        self.add_as(dataset, FileMeta::default())
    }

    /// The same in a transfer syntax.
    pub(crate) fn add_as(&mut self, dataset: &Dataset, meta: FileMeta) -> PathBuf {
        let path = self.folder.path().join(format!("{:04}.dcm", self.files));
        self.files += 1;
        std::fs::write(&path, Instance::new(meta, dataset.clone()).to_bytes().unwrap()).unwrap();
        path
    }

    pub(crate) fn of(datasets: impl IntoIterator<Item = Dataset>) -> Self {
        let mut study = Self::new();
        datasets.into_iter().for_each(|ds| {
            study.add(&ds);
        });
        study
    }

    pub(crate) fn path(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub(crate) fn facts(&self) -> Vec<Facts> {
        Facts::of_all(&self.scan())
    }

    pub(crate) fn scan(&self) -> Vec<Scanned> {
        scan::scan(&[self.folder.path()], &Facts::scan_options(), &Ctx::default()).unwrap()
    }

    /// Plans, and sees that no file vanished.
    pub(crate) fn plan(&self) -> (Plan, Vec<Facts>) {
        let files = self.facts();
        let plan = plan(&files, &Options::default()).unwrap();
        assert!(plan.funnel(&files).adds_up(), "{:?}", plan.funnel(&files));
        (plan, files)
    }

    /// Plans and reads all volumes.
    pub(crate) fn convert(&self) -> Vec<Converted> {
        let (plan, files) = self.plan();
        assert_eq!(plan.rejected, [], "nothing was to be rejected");
        plan.series.iter().map(|s| read(s, &files, &Options::default()).unwrap()).collect()
    }

    /// The one reason of all files that are rejected, with their number.
    pub(crate) fn refusal(&self) -> (&'static str, usize) {
        let (plan, _) = self.plan();
        let code = plan.rejected.first().map_or("none", |r| r.reason.code());
        (code, plan.rejected.iter().filter(|r| r.reason.code() == code).count())
    }
}

pub(crate) fn text(ds: &mut Dataset, tag: Tag, vr: VR, value: &str) {
    ds.put(DataElement::new(tag, vr, PrimitiveValue::from(value)));
}

pub(crate) fn number(ds: &mut Dataset, tag: Tag, value: f64) {
    text(ds, tag, VR::DS, &format!("{value}"));
}

pub(crate) fn numbers(ds: &mut Dataset, tag: Tag, values: &[f64]) {
    let parts: Vec<String> = values.iter().map(f64::to_string).collect();
    text(ds, tag, VR::DS, &parts.join("\\"));
}

pub(crate) fn short(ds: &mut Dataset, tag: Tag, value: u16) {
    ds.put(DataElement::new(tag, VR::US, PrimitiveValue::from(value)));
}

pub(crate) fn words(ds: &mut Dataset, values: &[u16]) {
    ds.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(values.iter().copied().collect())));
}

pub(crate) fn item(entries: impl FnOnce(&mut Dataset)) -> Dataset {
    let mut ds = Dataset::new_empty();
    entries(&mut ds);
    ds
}

pub(crate) fn sequence(ds: &mut Dataset, tag: Tag, items: Vec<Dataset>) {
    ds.put(DataElement::new(tag, VR::SQ, DataSetSequence::from(items)));
}

/// The image pixel module of 12 bits in 16.
pub(crate) fn pixel_module(ds: &mut Dataset) {
    for (tag, value) in [
        (tags::ROWS, ROWS as u16),
        (tags::COLUMNS, COLUMNS as u16),
        (tags::SAMPLES_PER_PIXEL, 1),
        (tags::BITS_ALLOCATED, 16),
        (tags::BITS_STORED, 12),
        (tags::HIGH_BIT, 11),
        (tags::PIXEL_REPRESENTATION, 0),
    ] {
        short(ds, tag, value);
    }
    text(ds, tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2");
}

/// What every object has.
pub(crate) fn object(class: &str, modality: &str, uid: usize) -> Dataset {
    let mut ds = Dataset::new_empty();
    text(&mut ds, tags::SOP_CLASS_UID, VR::UI, class);
    text(&mut ds, tags::SOP_INSTANCE_UID, VR::UI, &format!("1.2.3.{}", uid + 1));
    text(&mut ds, tags::STUDY_INSTANCE_UID, VR::UI, "1.2.4");
    text(&mut ds, tags::SERIES_INSTANCE_UID, VR::UI, "1.2.5");
    text(&mut ds, tags::FRAME_OF_REFERENCE_UID, VR::UI, "1.2.6");
    text(&mut ds, tags::MODALITY, VR::CS, modality);
    text(&mut ds, tags::PATIENT_ID, VR::LO, "secret-patient");
    text(&mut ds, tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY\\AXIAL");
    ds
}

/// An axial slice at `position`; every pixel is `value`, but the first, which is `value + 1`.
pub(crate) fn slice(class: &str, uid: usize, position: [f64; 3], value: u16) -> Dataset {
    let modality = match class {
        PET => "PT",
        MR => "MR",
        _ => "CT",
    };
    let mut ds = object(class, modality, uid);
    text(&mut ds, tags::INSTANCE_NUMBER, VR::IS, &(uid + 1).to_string());
    numbers(&mut ds, tags::IMAGE_POSITION_PATIENT, &position);
    numbers(&mut ds, tags::IMAGE_ORIENTATION_PATIENT, &[1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
    numbers(&mut ds, tags::PIXEL_SPACING, &[0.5, 0.75]);
    number(&mut ds, tags::SLICE_THICKNESS, 3.0);
    pixel_module(&mut ds);
    let mut pixels = vec![value; ROWS * COLUMNS];
    pixels[0] += 1;
    words(&mut ds, &pixels);
    ds
}

/// `n` CT slices, 2 mm apart from z = 10, slice `k` of value `100 * k`.
pub(crate) fn ct(n: usize) -> Vec<Dataset> {
    (0..n).map(|k| slice(CT, k, [-5.0, 7.0, 10.0 + 2.0 * k as f64], 100 * k as u16)).collect()
}

/// First value of each plane, less 1.
pub(crate) fn planes(converted: &Converted) -> Vec<f64> {
    let v = match converted.volume.samples() {
        isocenter_volume::DynSamples::U16(v) => v.iter().map(|&x| f64::from(x)).collect::<Vec<_>>(),
        isocenter_volume::DynSamples::I16(v) => v.iter().map(|&x| f64::from(x)).collect(),
        other => panic!("not 16 bits: {:?}", other.sample_type()),
    };
    v.chunks_exact(ROWS * COLUMNS).map(|plane| plane[0] - 1.0).collect()
}

pub(crate) fn near(a: [f64; 3], b: [f64; 3]) -> bool {
    a.iter().zip(&b).all(|(x, y)| (x - y).abs() < 1e-9)
}
