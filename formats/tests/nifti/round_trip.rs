//! What is written is read back, by us and by the crate `nifti`.

use isocenter_formats::{Error, File, ReadOptions, WriteOptions, read, read_bytes, write, write_bytes};
use isocenter_volume::{
    Affine, AxisKind, DynVolume, Frame, Geometry, Head, Quantity, Rescale, Scaling, SlowAxis, Unit, Volume,
};
use nifti::{InMemNiftiObject, NiftiObject};
use proptest::prelude::*;

use crate::voxels;

/// f32 keeps 24 bits: half a unit in the last place, relative.
const F32_ROUNDING: f64 = 6e-8;

fn geometry() -> impl Strategy<Value = Geometry> {
    let column = prop::array::uniform3(-3.0..3.0f64);
    (prop::array::uniform3(1usize..5), prop::array::uniform3(column), prop::array::uniform3(-900.0..900.0f64))
        .prop_filter_map("flat", |(shape, columns, origin)| {
            let affine = Affine::from_columns(columns, origin);
            (affine.determinant().abs() > 0.1).then(|| Geometry::new(shape, affine, Frame::Patient(None)).unwrap())
        })
}

fn back(file: &File, extension: &str, options: &WriteOptions<'_>) -> File {
    read_bytes(&write_bytes(file, extension, options).unwrap(), &ReadOptions::default()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn voxels_are_equal_and_places_within_f32(g in geometry(), seed in any::<i32>(), steps in 1usize..4) {
        let samples: Vec<i32> = (0..g.len() * steps).map(|n| seed.wrapping_mul(n as i32).wrapping_add(seed)).collect();
        let axis = SlowAxis::new(AxisKind::Other("dim4".to_owned()), steps).unwrap();
        let axes = if steps > 1 { vec![axis] } else { vec![] };
        let volume = Volume::from_parts(Head::new(g.clone()).with_slow_axes(axes.clone()).unwrap(), samples.clone()).unwrap();
        let file = File::from_volume(volume.into());
        let one = back(&file, "nii.gz", &WriteOptions::default());
        prop_assert_eq!(voxels!(one, I32), samples.clone());
        prop_assert_eq!(one.volume.slow_axes(), axes.as_slice());
        prop_assert!(one.warnings.is_empty(), "{:?}", one.warnings);
        for (a, b) in one.volume.geometry().affine().rows().iter().flatten().zip(g.affine().rows().iter().flatten()) {
            prop_assert!((a - b).abs() <= F32_ROUNDING * b.abs());
        }
        let two = back(&file, "nii", &WriteOptions::default().with_nifti2(true));
        prop_assert_eq!(two.format, "NIfTI-2");
        prop_assert_eq!(voxels!(two, I32), samples);
        prop_assert_eq!(two.volume.geometry(), &g);
    }

    #[test]
    fn floats_keep_their_bits(bits in prop::collection::vec(any::<u64>(), 1..9), slope in 0.001..9.0f64) {
        let g = Geometry::new([bits.len(), 1, 1], Affine::IDENTITY, Frame::Patient(None)).unwrap();
        let scaling = Scaling::uniform(Rescale::new(slope, -slope).unwrap(), Unit::Arbitrary);
        let doubles: Vec<f64> = bits.iter().map(|b| f64::from_bits(*b)).collect();
        let volume = Volume::new(doubles, g).unwrap().with_scaling(scaling.clone()).unwrap();
        let two = back(&File::from_volume(volume.into()), "nii", &WriteOptions::default().with_nifti2(true));
        let found: Vec<u64> = voxels!(two, F64).iter().map(|v| v.to_bits()).collect();
        prop_assert_eq!(found, bits);
        prop_assert_eq!(two.volume.scaling(), &scaling);
    }

    #[test]
    fn the_crate_nifti_reads_the_same(g in geometry(), first in any::<i16>()) {
        let samples: Vec<i16> = (0..g.len()).map(|n| first.wrapping_add(n as i16 * 257)).collect();
        let file = File::from_volume(Volume::new(samples.clone(), g.clone()).unwrap().into());
        let bytes = write_bytes(&file, "nii", &WriteOptions::default()).unwrap();
        let theirs = InMemNiftiObject::from_reader(bytes.as_slice()).unwrap();
        prop_assert_eq!(theirs.header().sform_code, 1);
        let row = g.affine().to_ras()[0].map(|v| v as f32);
        prop_assert_eq!(theirs.header().srow_x, row);
        prop_assert_eq!(theirs.into_volume().into_nifti_typed_data::<i16>().unwrap(), samples);
    }
}

fn turned(shear: f64) -> File {
    // 3-4-5: a rotation without a rounding error worth a word, slices stacked in reverse
    let columns = [[0.8 * 2.0, 0.6 * 2.0, 0.0], [-0.6 * 3.0, 0.8 * 3.0, shear], [0.0, 0.0, -4.0]];
    let geometry = Geometry::new([2, 2, 2], Affine::from_columns(columns, [7.0, 8.0, 9.0]), Frame::Patient(None));
    File::from_volume(Volume::new(vec![0u8; 8], geometry.unwrap()).unwrap().into())
}

#[test]
fn both_forms_are_written_where_the_grid_is_rectangular() {
    let bytes = write_bytes(&turned(0.0), "nii", &WriteOptions::default()).unwrap();
    assert_eq!((bytes[252], bytes[254]), (1, 1));
    // with the sform switched off, the qform says the same
    let mut qform = bytes.clone();
    qform[254] = 0;
    let file = read_bytes(&qform, &ReadOptions::default()).unwrap();
    let apart = file.volume.geometry().affine().rows();
    for (a, b) in apart.iter().flatten().zip(turned(0.0).volume.geometry().affine().rows().iter().flatten()) {
        assert!((a - b).abs() < 1e-5);
    }
}

#[test]
fn a_sheared_grid_has_no_qform() {
    let bytes = write_bytes(&turned(0.5), "nii", &WriteOptions::default()).unwrap();
    assert_eq!((bytes[252], bytes[254]), (0, 1));
    let file = read_bytes(&bytes, &ReadOptions::default()).unwrap();
    assert!(file.volume.geometry().shear() > 0.1);
}

#[test]
fn times_and_texts_survive() {
    let geometry = Geometry::new([1, 1, 1], Affine::IDENTITY, Frame::Patient(None)).unwrap();
    let time = SlowAxis::numbered(AxisKind::Time, Quantity::Time, vec![0.5, 3.0, 5.5]).unwrap();
    let volume =
        Volume::from_parts(Head::new(geometry).with_slow_axes(vec![time.clone()]).unwrap(), vec![1u16, 2, 3]).unwrap();
    let texts = [("descrip", "a scan"), ("aux_file", "b"), ("extension.0.6", "comment"), ("extension.1.44", "{}")];
    let texts = texts.map(|(k, t)| (k.to_owned(), t.to_owned())).into();
    let file = File::from_volume(volume.into()).with_texts(texts);
    let again = back(&file, "nii.gz", &WriteOptions::default());
    assert_eq!(again.volume.slow_axes(), [time]);
    assert_eq!(again.texts, file.texts);
}

#[test]
fn the_same_file_gives_the_same_bytes_and_replaces_the_old() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("1.2.840.nii.gz");
    write(&path, &turned(0.0)).unwrap();
    let first = std::fs::read(&path).unwrap();
    write(&path, &turned(0.0)).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), first);
    assert_eq!(first[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, first[8], 255]);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    assert!(read(&path).is_ok());
}

#[test]
fn what_the_format_cannot_hold_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let geometry = Geometry::new([1, 1, 2], Affine::IDENTITY, Frame::Patient(None)).unwrap();
    let pairs = vec![Rescale::IDENTITY, Rescale::new(2.0, 0.0).unwrap()];
    let planes = Volume::new(vec![1u8, 2], geometry).unwrap();
    let planes = planes.with_scaling(Scaling::per_plane(pairs, Unit::Hu)).unwrap();
    let file = File::from_volume(planes.into());
    assert!(matches!(write(folder.path().join("a.nii"), &file), Err(Error::PerPlaneScaling)));
    assert!(matches!(write(folder.path().join("a.nrrd"), &file), Err(Error::PerPlaneScaling)));
    let long = Geometry::new([40_000, 1, 1], Affine::IDENTITY, Frame::Patient(None)).unwrap();
    let long = File::from_volume(Volume::new(vec![0u8; 40_000], long).unwrap().into());
    assert_eq!(write(folder.path().join("a.nii.gz"), &long).unwrap_err().reason(), "unsupported");
    assert!(write_bytes(&long, "nii", &WriteOptions::default().with_nifti2(true)).is_ok());
    assert!(matches!(write(folder.path().join("a.txt"), &long), Err(Error::UnknownExtension)));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    let missing = folder.path().join("missing/a.nii");
    assert!(matches!(write(&missing, &long), Err(Error::Io { path, .. }) if path == missing));
}

#[test]
fn half_floats_become_f32() {
    let geometry = Geometry::new([2, 1, 1], Affine::IDENTITY, Frame::Unknown).unwrap();
    let halves = [half::f16::from_f32(0.1), half::f16::MAX].to_vec();
    let file = File::from_volume(DynVolume::from(Volume::new(halves.clone(), geometry).unwrap()));
    for extension in ["nii", "nrrd"] {
        let again = back(&file, extension, &WriteOptions::default());
        assert_eq!(voxels!(again, F32), [halves[0].to_f32(), halves[1].to_f32()]);
        assert_eq!(again.volume.geometry().frame(), &Frame::Unknown);
    }
}

#[test]
fn a_leftover_of_a_killed_process_is_in_nobodys_way() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.nii");
    for number in 0..200 {
        std::fs::write(folder.path().join(format!(".isocenter-{}-{number}.part", std::process::id())), b"").unwrap();
    }
    write(&path, &turned(0.0)).unwrap();
    assert!(read(&path).is_ok());
}
