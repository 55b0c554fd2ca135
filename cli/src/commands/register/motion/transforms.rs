//! Where the transforms of all steps go: one file that holds many, or a folder of numbered ones.

use std::path::{Path, PathBuf};

use isocenter::{
    Error,
    register::transform_file::Format,
    volume::{Affine, Geometry},
};

use crate::{
    args::TransformFormat,
    commands::register::{
        outputs::{self, Planned, format_of, usage},
        write,
    },
};

/// A file or a folder, and the convention of what is in it.
#[derive(Debug)]
pub(super) struct Place<'a> {
    path: &'a Path,
    format: Format,
}

impl<'a> Place<'a> {
    pub(super) fn of(path: &'a Path, stated: Option<TransformFormat>) -> Result<Self, Error> {
        let format = format_of(path, stated)?;
        if stated.is_none() && !format.holds_many() {
            return Err(usage(format!(
                "a file of {} holds one transform, and a series has many: {}; .aff12.1D, .tfm, .lta, .h5 and .x5 hold all of them, and \
                 with --transform-format -t names a folder",
                format.name(),
                path.display()
            )));
        }
        Ok(Self { path, format })
    }

    pub(super) const fn path(&self) -> &'a Path {
        self.path
    }

    /// Adds the files that will be written for so many steps.
    pub(super) fn plan(&self, steps: usize, planned: &mut Planned) -> Result<(), Error> {
        if self.format.holds_many() {
            planned.add("the transforms", self.path);
            return Ok(());
        }
        outputs::folder(self.path)?;
        // in a folder that is still to be made nothing stands in the way
        if self.path.is_dir() {
            for step in 0..steps {
                planned.add(format!("the transform of step {step}"), self.of_step(step));
            }
        }
        Ok(())
    }

    /// Says before the work begins whether the convention can speak of these grids.
    pub(super) fn can_hold(&self, grids: [&Geometry; 2], steps: usize) -> Result<(), Error> {
        write::can_hold(self.path, self.format, grids, if self.format.holds_many() { steps } else { 1 })
    }

    /// Writes the maps of points of the reference to points of each step.
    pub(super) fn write(&self, maps: &[Affine], grids: [&Geometry; 2]) -> Result<(), Error> {
        if self.format.holds_many() {
            return write::transforms(self.path, self.format, maps, grids);
        }
        outputs::make_folder(self.path)?;
        for (step, map) in maps.iter().enumerate() {
            write::transforms(&self.of_step(step), self.format, std::slice::from_ref(map), grids)?;
        }
        Ok(())
    }

    fn of_step(&self, step: usize) -> PathBuf {
        self.path.join(format!("step-{step:04}.{}", self.format.extension()))
    }
}
