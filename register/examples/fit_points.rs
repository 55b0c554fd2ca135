//! Fits a rigid map to two lists of landmarks and prints it with its errors: `fit_points FIXED.fcsv MOVING.fcsv OUT.tfm`.
//!
//! 3D Slicer's module Fiducial Registration finds the same map. Without arguments eight corners are fitted to themselves, turned.
#![allow(clippy::print_stdout)]

use isocenter_register::{
    Rigid,
    points::{
        self, Dof,
        files::{self, Form},
    },
    transform_file::{self, Format},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (fixed, moving) = match &args[..] {
        [fixed, moving, _] => (read(fixed)?, read(moving)?),
        _ => {
            let corners =
                (0..8).map(|n| [n & 1, n >> 1 & 1, n >> 2].map(|bit| 100.0 * f64::from(bit))).collect::<Vec<_>>();
            let turn = Rigid::new([0.0, 0.0, 0.1], [4.0, -5.0, 6.0], [50.0; 3])?.to_affine();
            let turned = corners.iter().map(|p| turn.apply(*p)).collect();
            (corners, turned)
        }
    };
    let fit = points::fit(&fixed, &moving, None, Dof::Rigid)?;
    println!(
        "FRE {:.3} mm, largest residual {:.3} mm",
        fit.fre_mm(),
        fit.residuals_mm().iter().copied().fold(0.0, f64::max)
    );
    if let Some(tre) = fit.tre_mm([0.0; 3]) {
        println!("error to be expected at the origin: {tre:.3} mm");
    }
    match args.get(2) {
        Some(out) => transform_file::write(out, &fit.fixed_to_moving(), Format::Itk)?,
        None => println!("{}", transform_file::format(&fit.fixed_to_moving(), Format::Itk)?),
    }
    Ok(())
}

fn read(path: &str) -> Result<Vec<[f64; 3]>, points::Error> {
    Ok(files::read(path, Form::Fcsv)?.into_iter().map(|point| point.place_mm).collect())
}
