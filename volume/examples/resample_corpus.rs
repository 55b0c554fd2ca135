//! Writes this crate's answer to every geometry entry of a reference manifest as OUT/<id>.nii.gz.
//!
//! usage: resample_corpus MANIFEST OUT [PREFIX,PREFIX...]. Without arguments it resamples a generated ramp and prints its samples,
//! which are what SimpleITK's Resample with linear interpolation gives.
#![allow(clippy::print_stdout)]
#[path = "../tests/support/mod.rs"]
mod support;

use std::path::Path;

use isocenter_volume::{Affine, Frame, Geometry, GridPolicy, Resample, Volume};
use support::{Result, manifest, nifti};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, out, rest @ ..] = arguments.as_slice() else {
        let grid = Geometry::new([4, 1, 1], Affine::from_spacing_origin([1.5; 3], [0.0; 3]), Frame::Patient(None))?;
        let ramp = Volume::new(vec![0.0f32, 15.0, 30.0, 45.0], grid)?;
        let fine = Resample::to_spacing([1.0, 1.5, 1.5]).policy(GridPolicy::Itk).apply(&ramp)?;
        println!("{:?}", fine.voxels());
        return Ok(());
    };
    let (path, out) = (Path::new(path), Path::new(out));
    std::fs::create_dir_all(out)?;
    let (manifest, entries) = manifest::entries(path)?;
    for entry in &entries {
        let id = manifest::text(&entry["id"]);
        if rest.first().is_some_and(|only| !only.split(',').any(|p| id.starts_with(p))) {
            continue;
        }
        let file = out.join(format!("{id}.nii.gz"));
        match manifest::run(path.parent().unwrap_or(Path::new(".")), &manifest, entry)? {
            Some(manifest::Output::Image(v)) => nifti::write_f32(&file, &v)?,
            Some(manifest::Output::Labels(l)) => nifti::write_u32(&file, l.geometry(), &l.layers()[0].to_u32())?,
            None => continue,
        }
        println!("{id}");
    }
    Ok(())
}
