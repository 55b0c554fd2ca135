//! Timing by the makers' own words, of headers made by code with times that are known.

mod directions;
mod ge;
mod philips;
mod siemens;
mod stacks;
mod united_imaging;

use std::collections::BTreeMap;

use isocenter_convert::{Options, timing};
use isocenter_dcm::{
    Dataset, Tag, VR,
    dicom_core::{DataElement, PrimitiveValue},
    tags,
};
use serde_json::Value;

use crate::support::{MR, Study, number, slice, text};

type Entries = BTreeMap<&'static str, Value>;

/// The entries of the one volume of a study.
fn entries(study: &Study) -> Entries {
    let (plan, files) = study.plan();
    assert_eq!(plan.series.len(), 1, "{:?}", plan.rejected);
    let found = timing::entries(&plan.series[0], &files, &Options::default()).unwrap();
    let count = found.len();
    let found: Entries = found.into_iter().collect();
    assert_eq!(found.len(), count, "a key came twice");
    found
}

fn slice_times(study: &Study) -> Option<Vec<f64>> {
    let found = entries(study);
    let times = found.get("SliceTiming")?.as_array()?;
    times.iter().map(Value::as_f64).collect()
}

fn value(found: &Entries, key: &str) -> f64 {
    found.get(key).and_then(Value::as_f64).unwrap_or(f64::NAN)
}

fn word<'e>(found: &'e Entries, key: &str) -> Option<&'e str> {
    found.get(key)?.as_str()
}

fn double(ds: &mut Dataset, tag: Tag, values: &[f64]) {
    ds.put(DataElement::new(tag, VR::FD, PrimitiveValue::F64(values.iter().copied().collect())));
}

fn maker(ds: &mut Dataset, name: &str) {
    text(ds, tags::MANUFACTURER, VR::LO, name);
}

/// An echo planar slice of a 2-D scan, of repetition `step` from 0, phase encoded down the columns.
fn planar(name: &str, uid: usize, step: usize, z: f64, tr_ms: f64) -> Dataset {
    let mut ds = slice(MR, uid, [-5.0, 7.0, z], 10 + uid as u16);
    maker(&mut ds, name);
    text(&mut ds, tags::SCANNING_SEQUENCE, VR::CS, "EP\\GR");
    text(&mut ds, tags::MR_ACQUISITION_TYPE, VR::CS, "2D");
    text(&mut ds, tags::IN_PLANE_PHASE_ENCODING_DIRECTION, VR::CS, "COL");
    text(&mut ds, tags::ACQUISITION_NUMBER, VR::IS, &(step + 1).to_string());
    number(&mut ds, tags::REPETITION_TIME, tr_ms);
    ds
}
