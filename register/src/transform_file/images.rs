//! The frames that other programs lay over a grid.

use isocenter_volume::{Affine, Geometry};

use super::{Error, text::SINGULAR};

/// The grids of the two images that a transform joins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Images<'a> {
    pub(super) fixed: &'a Geometry,
    pub(super) moving: &'a Geometry,
}

impl Images<'_> {
    /// Fixed to moving in world, from the same between other frames of the two grids.
    ///
    /// `frame` gives a grid's index-to-frame map.
    pub(super) fn to_world(self, map: &Affine, frame: impl Fn(&Geometry) -> Affine) -> Result<Affine, Error> {
        let out = self.moving.affine().compose(&undone(&frame(self.moving))?);
        let into = frame(self.fixed).compose(self.fixed.inverse_affine());
        Ok(out.compose(map).compose(&into))
    }

    /// The way back of [`Images::to_world`].
    pub(super) fn to_frame(self, map: &Affine, frame: impl Fn(&Geometry) -> Affine) -> Result<Affine, Error> {
        let out = frame(self.moving).compose(self.moving.inverse_affine());
        let into = self.fixed.affine().compose(&undone(&frame(self.fixed))?);
        Ok(out.compose(map).compose(&into))
    }
}

/// Index to FSL's scaled voxels, mm: index times spacing, i counted from the other end where the image is stored the neurological way
/// round (the determinant is positive).
///
/// Source: FSL's manual, "FLIRT FAQ: what is the format of the matrix"; the program's `newimage` (sampling matrices and `sform`).
pub(super) fn fsl(grid: &Geometry) -> Affine {
    let [x, y, z] = grid.spacing_mm();
    if grid.affine().determinant() > 0.0 {
        let last = (grid.shape()[0] - 1) as f64;
        return Affine::from_spacing_origin([-x, y, z], [last * x, 0.0, 0.0]);
    }
    Affine::from_spacing_origin([x, y, z], [0.0; 3])
}

/// Index to FreeSurfer's tkregister frame, mm: the middle of the grid is the origin, its axes are called as those of a coronal volume.
///
/// Source: FreeSurfer's wiki, "CoordinateSystems" (`vox2ras-tkr`).
pub(super) fn tkr(grid: &Geometry) -> Affine {
    let [x, y, z] = grid.spacing_mm();
    let [a, b, c] = grid.shape().map(|n| n as f64 / 2.0);
    Affine::from_rows([[-x, 0.0, 0.0, x * a], [0.0, 0.0, z, -z * c], [0.0, -y, 0.0, y * b]])
}

/// Index to AFNI's cardinal frame, LPS mm: the obliquity is dropped, each axis lies along the one it is nearest to, and the first voxel
/// stays.
///
/// Source: AFNI's `THD_dicom_real_to_card` and `README.attributes` (`IJK_TO_DICOM` beside `IJK_TO_DICOM_REAL`).
pub(super) fn afni(grid: &Geometry) -> Result<Affine, Error> {
    let spacing = grid.spacing_mm();
    let mut is_taken = [false; 3];
    let mut columns = [[0.0; 3]; 3];
    for axis in 0..3 {
        let along = grid.affine().column(axis);
        let nearest = (1..3).fold(0, |best, n| if along[n].abs() > along[best].abs() { n } else { best });
        if std::mem::replace(&mut is_taken[nearest], true) {
            return Err(Error::NotHeld {
                format: "AFNI",
                what: "a grid two of whose axes are nearest to the same direction",
            });
        }
        columns[axis][nearest] = spacing[axis] * along[nearest].signum();
    }
    Ok(Affine::from_columns(columns, grid.origin_mm()))
}

fn undone(map: &Affine) -> Result<Affine, Error> {
    map.inverse().ok_or(Error::Malformed { line: 1, what: SINGULAR })
}
