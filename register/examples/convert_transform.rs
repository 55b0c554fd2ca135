//! Takes transforms from one program's file to another's: `convert_transform IN OUT [FROM] [TO] [FIXED MOVING]`.
//!
//! FROM and TO are names of `transform_file::Format`, `-` for what file or name say; FIXED and MOVING are the volumes, which FSL and
//! FreeSurfer speak of. nitransforms does the same in Python. Without arguments a turn is printed as several programs write it.
#![allow(clippy::print_stdout)]

use isocenter_formats::ReadOptions;
use isocenter_register::{
    Rigid,
    transform_file::{self, Format, Options},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [from, to, rest @ ..] = &args[..] else {
        let turn = Rigid::new([0.0, 0.0, 0.1], [4.0, -5.0, 6.0], [10.0, 20.0, -30.0])?.to_affine();
        for format in [Format::Itk, Format::RasMatrix, Format::Lta, Format::Afni, Format::Minc] {
            println!("{}:\n{}", format.name(), transform_file::format(&turn, format)?);
        }
        return Ok(());
    };
    let mut grids = Vec::new();
    for path in rest.iter().skip(2) {
        grids.push(isocenter_formats::read_head(path, &ReadOptions::default())?.head.geometry().clone());
    }
    let mut options = Options::default();
    if let [fixed, moving] = &grids[..] {
        options = options.images(fixed, moving);
    }
    let stated = |n: usize| rest.get(n).and_then(|name| Format::ALL.into_iter().find(|f| format!("{f:?}") == *name));
    let transforms = stated(0).map_or(options, |f| options.format(f)).read_all(from)?;
    for transform in &transforms {
        println!("{:?}", transform.rows());
    }
    stated(1).map_or(options, |f| options.format(f)).write(to, &transforms)?;
    Ok(())
}
