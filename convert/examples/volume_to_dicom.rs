//! Writes a volume file as DICOM: `volume_to_dicom VOLUME KIND OUT (FOLDER | TEMPLATE.json)...`.
//!
//! KIND is a name of `to_dicom::Kind::ALL`, such as `ct` or `enhanced-mr`; a folder is the reference series, a file the template.
#![allow(clippy::print_stdout, reason = "an example prints")]

use isocenter_convert::{
    formats,
    to_dicom::{Kind, Source, Template, ToDicom},
};
use isocenter_dcm::scan::{self, Kind as Found, ScanOptions};
use isocenter_volume::Ctx;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(volume), Some(kind), Some(out)) = (args.next(), args.next(), args.next()) else {
        return Err("usage: volume_to_dicom VOLUME KIND OUT (FOLDER | TEMPLATE.json)...".into());
    };
    let (mut headers, mut template) = (Vec::new(), Template::default());
    for path in args {
        if std::path::Path::new(&path).is_dir() {
            let scanned = scan::scan(&[&path], &ScanOptions::default(), &Ctx::default())?;
            headers.extend(scanned.into_iter().filter_map(|file| match file.kind {
                Found::Dicom(instance) => Some(instance.dataset),
                _ => None,
            }));
        } else {
            template = std::fs::read_to_string(path)?.parse()?;
        }
    }
    let source = if headers.is_empty() { Source::default() } else { Source::of_reference(&headers)? };
    let source = source.with_template(template);
    let volume = formats::read(volume)?.volume;
    let kind: Kind = kind.parse()?;
    let volume = if kind.is_capture() { volume } else { volume.assume_patient_frame() };
    let how = ToDicom::new(kind);
    let objects = how.make(&volume, &source, &Ctx::default())?;
    let written = objects.write(out, &Ctx::default())?;
    println!("{} files", written.len());
    objects.warnings().iter().for_each(|warning| println!("{warning}"));
    Ok(())
}
