//! Images whose truth is known, and the program over them.

use std::{fs, path::Path, process::Command};

use isocenter::{
    formats,
    volume::{Affine, AxisKind, DynVolume, Frame, Geometry, Head as VolumeHead, SlowAxis, Volume},
};
use isocenter_phantom::{
    Contrast, Head,
    grid::{Grid, Plane, pose},
};

/// What the program said.
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap()
    }
}

/// Runs `isocenter register` in a folder.
pub(crate) fn register(dir: &Path, args: &[&str]) -> Said {
    run(dir, &[&["register"], args].concat())
}

pub(crate) fn run(dir: &Path, args: &[&str]) -> Said {
    let out = Command::new(env!("CARGO_BIN_EXE_isocenter"))
        .args(args)
        .current_dir(dir)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Said { code: out.status.code(), out: text(&out.stdout), err: text(&out.stderr) }
}

pub(crate) fn write(path: &Path, volume: impl Into<DynVolume>) {
    formats::write(path, &formats::File::from_volume(volume.into())).unwrap();
}

pub(crate) fn read(path: &Path) -> Volume<f32> {
    formats::read(path).unwrap().volume.to_real(&Default::default()).unwrap()
}

pub(crate) fn bytes(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap()
}

/// A grid that lies askew in the patient.
pub(crate) fn oblique(shape: [usize; 3], spacing_mm: [f64; 3]) -> Geometry {
    let turned = pose([7.0, -4.0, 11.0], [0.0; 3]);
    let centred = [0, 1, 2].map(|a| -0.5 * (shape[a] - 1) as f64 * spacing_mm[a]);
    let affine = turned.compose(&Affine::from_spacing_origin(spacing_mm, centred));
    Geometry::new(shape, affine, Frame::Patient(None)).unwrap()
}

/// Its value at a place is linear in it, so that linear interpolation is exact.
pub(crate) fn ramp_at(p: [f64; 3]) -> f64 {
    100.0 + 0.9 * p[0] - 0.4 * p[1] + 0.25 * p[2]
}

/// Places of a grid, `i` fastest.
pub(crate) fn places(grid: &Geometry) -> Vec<[f64; 3]> {
    let [nx, ny, _] = grid.shape();
    (0..grid.len()).map(|n| grid.world_of([n % nx, n / nx % ny, n / (nx * ny)].map(|v| v as f64))).collect()
}

pub(crate) fn ramp(grid: &Geometry) -> Volume<f32> {
    Volume::new(places(grid).into_iter().map(|p| ramp_at(p) as f32).collect::<Vec<_>>(), grid.clone()).unwrap()
}

/// Whether a place lies a voxel or more within a grid, where nothing is taken from its border.
pub(crate) fn is_well_inside(grid: &Geometry, p: [f64; 3]) -> bool {
    let at = grid.index_of(p);
    (0..3).all(|a| (1.0..=grid.shape()[a] as f64 - 2.0).contains(&at[a]))
}

/// A grid of a head, coarse.
pub(crate) fn head_grid() -> Geometry {
    Grid::new(Plane::Axial, [48, 56, 44], [4.0, 4.0, 4.0]).geometry().unwrap()
}

pub(crate) fn head(grid: &Geometry, at: &Affine, contrast: Contrast, seed: u64) -> Volume<f32> {
    Head::new(1).render(grid, at, contrast, seed).unwrap()
}

/// One volume after the other in time.
pub(crate) fn series(steps: &[Volume<f32>]) -> Volume<f32> {
    let time = SlowAxis::new(AxisKind::Time, steps.len()).unwrap();
    let head = VolumeHead::new(steps[0].geometry().clone()).with_slow_axes(vec![time]).unwrap();
    Volume::from_parts(head, steps.iter().flat_map(|v| v.voxels().iter().copied()).collect::<Vec<f32>>()).unwrap()
}

/// The largest distance between where two maps take points of a head, mm.
pub(crate) fn apart_mm(a: &Affine, b: &Affine) -> f64 {
    let ends = [-60.0, 60.0];
    let mut most = 0.0f64;
    for x in ends {
        for y in ends {
            for z in ends {
                let (p, q) = (a.apply([x, y, z]), b.apply([x, y, z]));
                most = most.max((0..3).map(|n| (p[n] - q[n]).powi(2)).sum::<f64>().sqrt());
            }
        }
    }
    most
}

/// The map in a result's JSON.
pub(crate) fn map_of(json: &serde_json::Value) -> Affine {
    Affine::from_rows(serde_json::from_value(json["fixed_to_moving_lps"].clone()).unwrap())
}
