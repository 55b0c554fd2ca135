//! Registers two volumes and writes the transform, a 4x4 matrix in RAS mm: `register_files FIXED MOVING OUT.txt`.
//!
//! `greedy -d 3 -a -dof 6 -m NMI -i FIXED MOVING -o OUT.txt` writes the same kind of file. Without arguments two small images are
//! made and registered, and the matrix is printed.
#![allow(clippy::print_stdout)]

use isocenter_register::{RegistrationOptions, transform_file as file};
use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (fixed, moving) = match &args[..] {
        [fixed, moving, _] => (read(fixed)?, read(moving)?),
        _ => (image([0.0; 3])?, image([4.0, -3.0, 2.0])?),
    };
    let found = RegistrationOptions::default().register(&fixed, &moving)?;
    println!("{:?}: {:.2} degrees, {:.2} mm", found.verdict, found.rigid.angle_deg(), found.rigid.shift_mm());
    match args.get(2) {
        Some(out) => file::write(out, &found.transform, file::Format::RasMatrix)?,
        None => println!("{}", file::format(&found.transform, file::Format::RasMatrix)?),
    }
    Ok(())
}

fn read(path: &str) -> Result<Volume<f32>, Box<dyn std::error::Error>> {
    Ok(isocenter_formats::read(path)?.volume.to_real(&Ctx::default())?)
}

/// Three ellipsoids, shifted in space.
fn image(shift: [f64; 3]) -> Result<Volume<f32>, isocenter_volume::Error> {
    let geometry = Geometry::new([48; 3], Affine::from_spacing_origin([3.0; 3], [-70.5; 3]), Frame::Patient(None))?;
    let parts = [([0.0; 3], 50.0, 1.0), ([28.0, 10.0, -12.0], 24.0, 1.0), ([-20.0, -25.0, 20.0], 25.0, -0.7)];
    let value = |n: usize| {
        let p = geometry.world_of([(n % 48) as f64, (n / 48 % 48) as f64, (n / 2304) as f64]);
        let square = |c: [f64; 3]| (0..3).map(|a| [1.3, 0.7, 1.0][a] * (p[a] - c[a] - shift[a]).powi(2)).sum::<f64>();
        parts.iter().map(|(c, r, height)| height * (1.0 - square(*c) / (r * r)).max(0.0)).sum::<f64>() as f32
    };
    Volume::new((0..geometry.len()).map(value).collect::<Vec<f32>>(), geometry.clone())
}
