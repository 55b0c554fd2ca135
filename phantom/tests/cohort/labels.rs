//! Labels agree with the images whose grid they have.

use std::collections::BTreeMap;

use isocenter_phantom::{Contrast, Head, truth::Kind};
use isocenter_volume::Affine;

use crate::fixture::cohort;

struct Nifti {
    shape: [usize; 3],
    /// Index to LPS.
    affine: Affine,
    labels: Vec<u8>,
}

fn read(path: &std::path::Path) -> Nifti {
    let bytes = std::fs::read(path).unwrap();
    let i16_at = |at: usize| i16::from_le_bytes(bytes[at..at + 2].try_into().unwrap());
    let f32_at = |at: usize| f32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    assert_eq!(&bytes[344..348], b"n+1\0");
    let shape = [42, 44, 46].map(|at| i16_at(at) as usize);
    let rows = [280, 296, 312].map(|row| [0, 4, 8, 12].map(|c| f64::from(f32_at(row + c))));
    Nifti { shape, affine: Affine::from_ras(rows), labels: bytes[f32_at(108) as usize..].to_vec() }
}

#[test]
fn the_mean_of_each_structure_is_its_tissues() {
    let fixture = cohort();
    let mut heads = 0;
    for labels in &fixture.truth.labels {
        let series = fixture.truth.series.iter().find(|s| s.series_uid == labels.series_uid).unwrap();
        let file = read(&fixture.path(&labels.path));
        assert_eq!(file.labels.len(), file.shape.iter().product::<usize>());
        let values = fixture.values(series);
        let to_index = Affine::from_rows(series.affine).inverse().unwrap().compose(&file.affine);
        let [nx, ny, _] = series.shape;
        let mut of_label: BTreeMap<u8, Vec<f64>> = BTreeMap::new();
        for (n, &label) in file.labels.iter().enumerate() {
            let at = [n % file.shape[0], n / file.shape[0] % file.shape[1], n / file.shape[0] / file.shape[1]];
            let index = to_index.apply(at.map(|v| v as f64));
            let voxel = index.map(f64::round);
            assert!((0..3).all(|a| (index[a] - voxel[a]).abs() < 1e-3 && voxel[a] >= 0.0));
            let [i, j, k] = voxel.map(|v| v as usize);
            of_label.entry(label).or_default().push(values[i + nx * (j + ny * k)]);
        }
        for (label, mut seen) in of_label {
            assert_eq!(
                labels.voxels.get(&u32::from(label)).copied().unwrap_or(0),
                if label == 0 { 0 } else { seen.len() as u64 }
            );
            let Some(tissue) = Head::tissue_of(u32::from(label)).filter(|_| series.kind == Kind::Head) else {
                continue;
            };
            heads += 1;
            // the median leaves the edges out, where two tissues mix; shading is up to 12 % and noise 16 units
            seen.sort_by(f64::total_cmp);
            let (median, wanted) = (seen[seen.len() / 2], tissue.value(Contrast::T1));
            assert!(
                (median - wanted).abs() < 0.1 * wanted + 12.0,
                "{}: {median} for {wanted}",
                labels.names[&u32::from(label)]
            );
        }
    }
    assert!(heads >= 40, "{heads}");
}

#[test]
fn a_label_map_has_its_axes_in_another_order() {
    let fixture = cohort();
    assert_eq!(fixture.truth.labels.len(), 6);
    for labels in &fixture.truth.labels {
        let series = fixture.truth.series.iter().find(|s| s.series_uid == labels.series_uid).unwrap();
        let file = read(&fixture.path(&labels.path));
        let mut a = file.shape;
        let mut b = series.shape;
        a.sort_unstable();
        b.sort_unstable();
        assert_eq!(a, b);
        let image = Affine::from_rows(series.affine);
        let same = (0..3).all(|c| crate::fixture::distance(file.affine.column(c), image.column(c)) < 0.1);
        assert!(!same, "{}", labels.path);
        assert!(labels.names.values().any(|n| n == "lesion" || n == "tumour"));
    }
}
