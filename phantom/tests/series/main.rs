//! Single series: the builder's switches, and left and right.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use isocenter_dcm::{OpenOptions, pixel::DecodeOptions, tags, value};
use isocenter_phantom::{
    Artifacts, Contrast, Head, Tissue, Vendor,
    grid::{Grid, Plane, pose},
    series::{Modality, SeriesBuilder, WrittenSeries},
};
use isocenter_volume::{Affine, Geometry, Volume};

fn ramp(geometry: Geometry) -> Volume<f32> {
    Volume::new((0..geometry.len()).map(|n| (n % 900) as f32).collect::<Vec<_>>(), geometry).unwrap()
}

fn written(builder: &SeriesBuilder) -> (tempfile::TempDir, WrittenSeries) {
    let folder = tempfile::tempdir().unwrap();
    let series = builder.write(folder.path()).unwrap();
    (folder, series)
}

#[test]
fn a_tilted_gantry_is_written_as_one() {
    let grid = Grid::new(Plane::Axial, [10, 8, 4], [1.0, 1.0, 3.0]).tilt_deg(18.0).geometry().unwrap();
    let (_folder, series) = written(&SeriesBuilder::new(Modality::Ct, ramp(grid)).vendor(Vendor::Ge));
    let open = |k: usize| OpenOptions::new().open(&series.files[k]).unwrap();
    assert!((value::f64(&open(0).dataset, tags::GANTRY_DETECTOR_TILT).unwrap() - 18.0).abs() < 1e-6);
    let [a, b] = [0, 1].map(|k| open(k).frame(0).unwrap().plane().unwrap());
    let step = [0, 1, 2].map(|n| b.position[n] - a.position[n]);
    assert!((step[2] - 3.0).abs() < 1e-9 && step[0].abs() < 1e-9 && step[1].abs() < 1e-9);
    assert!((b.distance() - a.distance() - 3.0 * libm::cos(18f64.to_radians())).abs() < 1e-9);
}

#[test]
fn an_enhanced_image_holds_all_planes_in_the_order_asked_for() {
    let grid = Grid::new(Plane::Sagittal, [6, 5, 7], [1.0, 1.0, 2.0]).geometry().unwrap();
    let volume = ramp(grid);
    let (_folder, series) = written(&SeriesBuilder::new(Modality::Mr, volume.clone()).enhanced(true).reverse());
    assert_eq!(series.files.len(), 1);
    let instance = OpenOptions::new().open(&series.files[0]).unwrap();
    for frame in 0..7 {
        let k = 6 - frame;
        let position = instance.frame(frame).unwrap().plane().unwrap().position;
        let wanted = volume.geometry().world_of([0.0, 0.0, k as f64]);
        assert!((0..3).all(|n| (position[n] - wanted[n]).abs() < 1e-9));
        let stored = instance.frame(frame).and_then(|f| f.decode(&DecodeOptions::default())).unwrap().to_f64();
        let real: Vec<f64> = volume.voxels()[k * 30..][..30].iter().map(|v| f64::from(*v)).collect();
        assert_eq!(stored, real);
    }
}

#[test]
fn every_maker_gives_back_the_values() {
    let grid = Grid::new(Plane::Axial, [10, 8, 3], [1.0, 1.0, 3.0]).geometry().unwrap();
    for vendor in [Vendor::Siemens, Vendor::Ge, Vendor::Philips, Vendor::Canon] {
        for modality in [Modality::Ct, Modality::Mr] {
            let volume = ramp(grid.clone());
            let (_folder, series) = written(&SeriesBuilder::new(modality, volume.clone()).vendor(vendor));
            for (k, file) in series.files.iter().enumerate() {
                let instance = OpenOptions::new().open(file).unwrap();
                let pair = instance.frame(0).unwrap().scaling().unwrap();
                let stored = instance.frame(0).and_then(|f| f.decode(&DecodeOptions::default())).unwrap().to_f64();
                for (s, real) in stored.iter().zip(&volume.voxels()[k * 80..]) {
                    let gap = s * pair.slope + pair.intercept - f64::from(*real);
                    assert!(gap.abs() <= pair.slope / 2.0 + 1e-9, "{vendor:?} {modality:?}: {gap}");
                }
            }
        }
    }
}

#[test]
fn left_and_right_differ_in_every_contrast() {
    // an even number of columns about x = 0: reversing a row is the mirror
    let grid = Grid::new(Plane::Axial, [80, 100, 60], [2.4, 2.4, 3.0]).centre_mm([0.0, 0.0, -10.0]).geometry().unwrap();
    let head = Head::new(3).with_artifacts(Artifacts::NONE);
    for contrast in [Contrast::T1, Contrast::T2, Contrast::Flair, Contrast::Ct] {
        let v = head.render(&grid, &Affine::IDENTITY, contrast, 0).unwrap();
        let (mut gap, mut spread) = (0.0f64, 0.0f64);
        for row in v.voxels().chunks(80) {
            for (a, b) in row.iter().zip(row.iter().rev()) {
                gap += f64::from(a - b).powi(2);
                spread += f64::from(a - v.voxels()[0]).powi(2);
            }
        }
        // of CT, bone against air makes most of the spread, and the skull is the most alike
        assert!(gap > 0.005 * spread, "{contrast:?}: {gap} of {spread}");
    }
}

#[test]
fn a_pose_moves_the_image_as_it_says() {
    let head = Head::new(4).with_artifacts(Artifacts::NONE);
    let turned = pose([6.0, -4.0, 8.0], [9.0, -7.0, 5.0]);
    let grid = Grid::new(Plane::Coronal, [70, 70, 60], [3.0, 3.0, 3.2]).geometry().unwrap();
    // the same grid carried along by the pose sees the same head
    let carried = Geometry::new(grid.shape(), turned.compose(grid.affine()), grid.frame().clone()).unwrap();
    let a = head.render(&grid, &Affine::IDENTITY, Contrast::T1, 0).unwrap();
    let b = head.render(&carried, &turned, Contrast::T1, 0).unwrap();
    let worst = a.voxels().iter().zip(b.voxels()).map(|(x, y)| (x - y).abs()).fold(0.0, f32::max);
    assert!(worst < 0.01, "{worst}");
}

#[test]
fn the_lesion_is_where_the_head_says() {
    let head = Head::new(9).with_artifacts(Artifacts::NONE);
    let turned = pose([3.0, 2.0, -5.0], [4.0, 0.0, -6.0]);
    let grid = Grid::new(Plane::Axial, [90, 110, 60], [2.0, 2.0, 2.5]).geometry().unwrap();
    let labels = head.labels(&grid, &turned).unwrap();
    let is_lesion: Vec<u32> =
        labels.segments().iter().filter(|s| s.name.starts_with("lesion")).map(|s| s.value).collect();
    let (mut sum, mut count) = ([0.0; 3], 0.0);
    for (n, value) in labels.layers()[0].to_u32().iter().enumerate() {
        if is_lesion.contains(value) {
            let p = grid.world_of([n % 90, n / 90 % 110, n / 9900].map(|v| v as f64));
            sum = [0, 1, 2].map(|a| sum[a] + p[a]);
            count += 1.0;
        }
    }
    let wanted = turned.apply(head.lesion().centre_mm);
    assert!((0..3).all(|a| (sum[a] / count - wanted[a]).abs() < 0.4));
    assert_eq!(Head::tissue_of(is_lesion[0]), Some(Tissue::Lesion));
}
