//! Registers two volumes and writes the transform: `register_files FIXED MOVING OUT.txt` (or OUT.tfm).
//!
//! `greedy -d 3 -a -dof 6 -m NMI -i FIXED MOVING -o OUT.txt` writes the same kind of matrix. Without arguments two small images
//! are made and registered, and the matrix is printed.
#![allow(clippy::print_stdout)]

use isocenter_register::{RigidOptions, transform_file as file};
use isocenter_volume::{Affine, Frame, Geometry, Volume};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (fixed, moving) = match &args[..] {
        [fixed, moving, _] => (read(fixed)?, read(moving)?),
        _ => (image([0.0; 3])?, image([4.0, -3.0, 2.0])?),
    };
    let found = RigidOptions::default().register(&fixed, &moving)?;
    println!("{:?}: {:.2} degrees, {:.2} mm", found.verdict, found.rigid.angle_deg(), found.rigid.shift_mm());
    match args.get(2) {
        Some(out) if out.ends_with(".tfm") => file::write(out.as_ref(), &found.transform, file::Format::Itk)?,
        Some(out) => file::write(out.as_ref(), &found.transform, file::Format::RasMatrix)?,
        None => println!("{}", file::format(&found.transform, file::Format::RasMatrix)),
    }
    Ok(())
}

fn read(path: &str) -> Result<Volume<f32>, Box<dyn std::error::Error>> {
    Ok(isocenter_formats::read(path)?.volume.to_real()?)
}

/// Three ellipsoids, one in the other, shifted in space.
fn image(shift: [f64; 3]) -> Result<Volume<f32>, isocenter_volume::Error> {
    let parts = [
        ([0.0; 3], [45.0, 55.0, 50.0]),
        ([15.0, 5.0, 0.0], [9.0, 14.0, 11.0]),
        ([-8.0, -20.0, 12.0], [12.0, 8.0, 9.0]),
    ];
    let geometry = Geometry::new([48; 3], Affine::from_spacing_origin([3.0; 3], [-70.5; 3]), Frame::Patient(None))?;
    let value = |n: usize| {
        let p = geometry.world_of([(n % 48) as f64, (n / 48 % 48) as f64, (n / 2304) as f64]);
        let r = |(c, half): &([f64; 3], [f64; 3])| {
            (0..3).map(|a| ((p[a] - c[a] - shift[a]) / half[a]).powi(2)).sum::<f64>()
        };
        parts.iter().filter(|part| r(part) < 1.0).count() as f32
    };
    Volume::new((0..geometry.len()).map(value).collect::<Vec<f32>>(), geometry.clone())
}
