//! Takes transforms from one program's file to another's, and prints them: fixed to moving, LPS millimetres.
//!
//! `convert_transform IN OUT [FROM] [TO] [FIXED MOVING]`: names of formats as in `transform_file::Format`, `-` for what the file says;
//! FIXED and MOVING are the volumes, which FSL and FreeSurfer's register.dat speak of. nitransforms does the same in Python.
#![allow(clippy::print_stdout)]

use isocenter_formats::ReadOptions;
use isocenter_register::transform_file::{Format, Options};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [from, to, rest @ ..] = &args[..] else {
        return Err("usage: convert_transform IN OUT [FROM] [TO] [FIXED MOVING]".into());
    };
    let grid = |n: usize| match rest.get(n) {
        Some(path) => {
            isocenter_formats::read_head(path, &ReadOptions::default()).map(|file| Some(file.head.geometry().clone()))
        }
        None => Ok(None),
    };
    let grids = (grid(2)?, grid(3)?);
    let mut options = Options::default();
    if let (Some(fixed), Some(moving)) = (&grids.0, &grids.1) {
        options = options.images(fixed, moving);
    }
    let stated = |n: usize| rest.get(n).and_then(|name| format(name));
    let transforms = stated(0).map_or(options, |f| options.format(f)).read_all(from)?;
    for transform in &transforms {
        println!("{:?}", transform.rows());
    }
    stated(1).map_or(options, |f| options.format(f)).write(to, &transforms)?;
    Ok(())
}

fn format(name: &str) -> Option<Format> {
    use Format as F;
    let all = [
        F::Itk,
        F::ItkHdf5,
        F::Ants,
        F::RasMatrix,
        F::Sform,
        F::Fsl,
        F::Lta,
        F::RegisterDat,
        F::Afni,
        F::Minc,
        F::X5,
        F::Elastix,
    ];
    all.into_iter().find(|f| format!("{f:?}").eq_ignore_ascii_case(name))
}
