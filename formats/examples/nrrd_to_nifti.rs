//! Converts between volume files: the input's format is found by content, the output's by extension.
//!
//! `nrrd_to_nifti in.nrrd out.nii.gz` does what `c3d in.nrrd -o out.nii.gz` does, and keeps every bit of an integer and the names
//! of labels. Without arguments it converts a small file in memory.
#![allow(clippy::print_stdout)]

use isocenter_formats::{self as formats, File, ReadOptions, WriteOptions};
use isocenter_volume::{Affine, Frame, Geometry, Volume};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    if let [from, to] = arguments.as_slice() {
        formats::write(to, &formats::read(from)?)?;
        return Ok(());
    }
    let affine = Affine::from_spacing_origin([1.0, 1.0, 5.0], [-8.0, -9.0, 10.0]);
    let geometry = Geometry::new([2, 1, 1], affine, Frame::Patient(None))?;
    let file = File::from_volume(Volume::new(vec![16_777_217i32, -1], geometry)?.into());
    let nrrd = formats::write_bytes(&file, "nrrd", &WriteOptions::default())?;

    let read = formats::read_bytes(&nrrd, &ReadOptions::default())?;
    let nifti = formats::write_bytes(&read, "nii", &WriteOptions::default())?;
    let back = formats::read_bytes(&nifti, &ReadOptions::default())?;
    println!("{} of {} bytes -> {} of {} bytes", read.format, nrrd.len(), back.format, nifti.len());
    println!("same place: {}", back.volume.geometry() == file.volume.geometry());
    Ok(())
}
