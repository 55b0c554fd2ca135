//! Writes a volume file as DICOM: `volume_to_dicom VOLUME KIND OUT (FOLDER | TEMPLATE.json)...`.
//!
//! KIND is a name of `to_dicom::Kind::ALL`, such as `ct` or `enhanced-mr`; a folder is the reference series, a file the template. Without
//! arguments, a small CT is made and written.
#![allow(clippy::print_stdout, reason = "an example prints")]

use std::path::{Path, PathBuf};

use isocenter_convert::{
    formats,
    to_dicom::{Kind, Source, Template, ToDicom},
};
use isocenter_dcm::scan::{self, Kind as Found, ScanOptions};
use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume};

/// A volume of four slices, as a file.
fn small(folder: &Path) -> Result<PathBuf, Box<dyn std::error::Error>> {
    let affine = Affine::from_spacing_origin([0.8, 0.8, 2.5], [-10.0, -12.0, 40.0]);
    let grid = Geometry::new([16, 12, 4], affine, Frame::Patient(None))?;
    let volume = Volume::new((0..grid.len()).map(|n| n as i16 - 300).collect::<Vec<_>>(), grid)?;
    let path = folder.join("small.nii");
    formats::write(&path, &formats::File::from_volume(volume.into()))?;
    Ok(path)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let scratch = tempfile::tempdir()?;
    let mut args = std::env::args().skip(1);
    let (volume, kind, out) = match (args.next(), args.next(), args.next()) {
        (Some(volume), Some(kind), Some(out)) => (volume.into(), kind, out.into()),
        (None, ..) => (small(scratch.path())?, "ct".to_owned(), scratch.path().join("out")),
        _ => return Err("usage: volume_to_dicom VOLUME KIND OUT (FOLDER | TEMPLATE.json)...".into()),
    };
    let (mut headers, mut template) = (Vec::new(), Template::default());
    for path in args {
        if Path::new(&path).is_dir() {
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
    let how = ToDicom::new(kind);
    let objects = how.make(&volume, &source, &Ctx::default())?;
    let written = objects.write(out, &Ctx::default())?;
    println!("{} files", written.len());
    objects.warnings().iter().for_each(|warning| println!("{warning}"));
    Ok(())
}
