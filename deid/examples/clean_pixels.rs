//! Blanks text that is burned into the pixels of the DICOM files in a folder; writes them into another, changed or not, and prints what was done:
//! `clean_pixels IN OUT [CTP_SCRIPT]`. Without arguments it does so with one made image.
//!
//! Headers stay as they are: this is one step of de-identification, not the whole.
#![allow(clippy::print_stdout, reason = "an example prints")]

use isocenter_deid::Ctx;
use isocenter_deid::dcm::dicom_core::{DataElement, PrimitiveValue, VR};
use isocenter_deid::dcm::{Dataset, FileMeta, Instance, OpenOptions, tags};
use isocenter_deid::pixels::{Cleaning, Rules};
use std::path::PathBuf;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let demo = tempfile::tempdir()?;
    let (from, to) = match (arguments.next(), arguments.next()) {
        (Some(from), Some(to)) => (from, to),
        _ => (demo.path().join("in"), demo.path().join("out")),
    };
    if from.starts_with(demo.path()) {
        std::fs::create_dir_all(&from)?;
        ultrasound().write(from.join("a.dcm"))?;
    }
    let rules = arguments.next().map(std::fs::read_to_string).transpose()?;
    let cleaning = Cleaning::new().rules(Rules::from_ctp(&rules.unwrap_or_default())?);
    for entry in walkdir::WalkDir::new(&from).sort_by_file_name() {
        let entry = entry?;
        let name = entry.path().strip_prefix(&from)?;
        let Ok(mut instance) = OpenOptions::new().open(entry.path()) else { continue };
        let start = Instant::now();
        let cleaned = match cleaning.apply(&mut instance, &Ctx::default()) {
            Ok(cleaned) => cleaned,
            Err(error) => {
                println!("{}: not written, {error}", name.display());
                continue;
            }
        };
        let (seconds, frames) = (start.elapsed().as_secs_f64(), cleaned.blanked.len().max(1));
        let count = cleaned.blanked.iter().flatten().count();
        let per_frame = 1000.0 * seconds / frames as f64;
        println!("{}: {:?}, {count} blanked, {per_frame:.1} ms a frame", name.display(), cleaned.verdict());
        let out = to.join(name);
        std::fs::create_dir_all(out.parent().unwrap_or(&to))?;
        instance.write(out)?;
    }
    Ok(())
}

/// A dark ultrasound image with a row of bright strokes, as of letters, on its upper margin.
fn ultrasound() -> Instance {
    let mut pixels = vec![10u8; 64 * 128];
    for letter in 0..8 {
        for y in 8..18 {
            let stem = y * 128 + 10 + letter * 9;
            pixels[stem..stem + if y % 9 == 8 { 6 } else { 2 }].fill(250);
        }
    }
    let mut dataset = Dataset::new_empty();
    for (tag, vr, text) in [
        (tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.6.1"),
        (tags::SOP_INSTANCE_UID, VR::UI, "1.2.3"),
        (tags::MODALITY, VR::CS, "US"),
        (tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"),
    ] {
        dataset.put(DataElement::new(tag, vr, text));
    }
    for (tag, number) in [
        (tags::SAMPLES_PER_PIXEL, 1u16),
        (tags::ROWS, 64),
        (tags::COLUMNS, 128),
        (tags::BITS_ALLOCATED, 8),
        (tags::BITS_STORED, 8),
        (tags::HIGH_BIT, 7),
        (tags::PIXEL_REPRESENTATION, 0),
    ] {
        dataset.put(DataElement::new(tag, VR::US, PrimitiveValue::from(number)));
    }
    dataset.put(DataElement::new(tags::PIXEL_DATA, VR::OB, PrimitiveValue::from(pixels)));
    Instance::new(FileMeta::default(), dataset)
}
