//! Prints format, shape, sample type, spacing, orientation, labels and oddities of a volume file, one line each.
//!
//! Shape and spacing match `nib-ls <file>`. Without an argument it writes a small file first and reads that.
#![allow(clippy::print_stdout)]

use isocenter_formats::{self as formats, File};
use isocenter_volume::{Affine, Frame, Geometry, Volume};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = match std::env::args_os().nth(1) {
        Some(path) => formats::read(path)?,
        None => formats::read_bytes(&generated()?, &formats::ReadOptions::default())?,
    };
    let geometry = file.volume.geometry();
    println!("format       {}", file.format);
    println!("shape        {:?} x {}", geometry.shape(), file.volume.steps());
    println!("samples      {}", file.volume.sample_type().name());
    println!("spacing (mm) {:?}", geometry.spacing_mm());
    match geometry.orientation() {
        Ok(orientation) => println!("orientation  {orientation}"),
        Err(reason) => println!("orientation  {reason}"),
    }
    for (value, name) in file.label_table.iter().flatten() {
        println!("label        {value} {name}");
    }
    for warning in &file.warnings {
        println!("warning      {warning}");
    }
    Ok(())
}

fn generated() -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let affine = Affine::from_spacing_origin([0.9, 0.9, 2.0], [-100.0, -120.0, 40.0]);
    let geometry = Geometry::new([4, 3, 2], affine, Frame::Patient(None))?;
    let volume = Volume::new((0..24u8).map(|n| n % 3).collect::<Vec<_>>(), geometry)?;
    let file = File::from_volume(volume.into()).with_label_table(vec![(1, "liver".into()), (2, "spleen".into())]);
    Ok(formats::write_bytes(&file, "nii.gz", &formats::WriteOptions::default())?)
}
