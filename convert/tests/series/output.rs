//! From a plan to files.

use std::path::{Path, PathBuf};

use isocenter_convert::{
    Options, formats,
    output::{Conflict, Error, Identity, Outputs, Record},
};
use isocenter_dcm::{
    Dataset, Tag, VR,
    dicom_core::{DataElement, PrimitiveValue},
    tags,
};
use isocenter_volume::{Ctx, DynSamples};

use crate::support::{COLUMNS, CT, MR, ROWS, Study, ct, number, numbers, short, slice, text, words};

fn write(study: &Study, outputs: &Outputs) -> Result<Vec<Record>, Error> {
    let (mut plan, files) = study.plan();
    let records = outputs.write(&mut plan, &files, &Options::default())?;
    assert!(plan.funnel(&files).adds_up());
    Ok(records)
}

fn first_outputs(records: &[Record]) -> Vec<PathBuf> {
    records.iter().filter_map(|record| record.outputs.first().cloned()).collect()
}

fn read(path: &Path) -> isocenter_volume::DynVolume {
    formats::read(path).unwrap().volume
}

#[test]
fn a_series_becomes_a_file_that_reads_as_the_volume() {
    let study = Study::of(ct(3).into_iter().map(|mut ds| {
        text(&mut ds, tags::SERIES_NUMBER, VR::IS, "7");
        ds
    }));
    let out = tempfile::tempdir().unwrap();
    let records = write(&study, &Outputs::to(out.path())).unwrap();
    assert_eq!(first_outputs(&records), [PathBuf::from("7_CT.nii.gz")]);
    let (found, wanted) = (read(&out.path().join("7_CT.nii.gz")), &study.convert()[0].volume);
    assert_eq!(found.samples(), wanted.samples());
    assert!(found.geometry().agrees_with(wanted.geometry()).is_ok());
    assert_eq!((records[0].files, records[0].frames, records[0].inputs.len()), (3, 3, 3));
    // the second time it is there already
    assert!(matches!(write(&study, &Outputs::to(out.path())), Err(Error::Exists { .. })));
    write(&study, &Outputs::to(out.path()).conflict(Conflict::Replace)).unwrap();
}

#[test]
fn names_follow_the_template_and_keep_out_what_identifies() {
    let study = Study::of(ct(2).into_iter().map(|mut ds| {
        text(&mut ds, tags::SERIES_NUMBER, VR::IS, "7");
        text(&mut ds, tags::SERIES_DESCRIPTION, VR::LO, "../Anna: head");
        text(&mut ds, tags::MANUFACTURER, VR::LO, "SIEMENS");
        ds
    }));
    let out = tempfile::tempdir().unwrap();
    let named = |template: &str| Outputs::to(out.path()).names(template.parse().unwrap()).extension("nii");
    assert!(matches!(write(&study, &named("%s_%d")), Err(Error::Identifies('d'))));
    assert!(std::fs::read_dir(out.path()).unwrap().next().is_none());
    let kept = write(&study, &named("%m/%3s_%d").identity(Identity::Keep)).unwrap();
    assert_eq!(first_outputs(&kept), [PathBuf::from("Siemens/007_.._Anna__head.nii")]);
    assert_eq!(kept[0].description.as_deref(), Some("../Anna: head"));
    assert!(out.path().join("Siemens/007_.._Anna__head.nii").exists());
    let dropped = write(&study, &named("%v_%q")).unwrap();
    assert_eq!((first_outputs(&dropped), &dropped[0].description), (vec![PathBuf::from("Si_CT.nii")], &None));
}

#[test]
fn volumes_of_one_series_are_told_apart_by_echo_part_and_letter() {
    let mut all = Vec::new();
    for (n, (echo, part, orientation)) in
        [(5.0, "M", 0), (7.0, "M", 0), (7.0, "P", 0), (7.0, "P", 1)].into_iter().enumerate()
    {
        for k in 0..2 {
            let mut ds = slice(MR, 2 * n + k, [0.0, 0.0, 3.0 * k as f64], 1);
            text(&mut ds, tags::SERIES_NUMBER, VR::IS, "4");
            number(&mut ds, tags::ECHO_TIME, echo);
            text(&mut ds, tags::IMAGE_TYPE, VR::CS, &format!("ORIGINAL\\PRIMARY\\{part}\\ND"));
            if orientation == 1 {
                numbers(&mut ds, tags::IMAGE_ORIENTATION_PATIENT, &[0.0, 1.0, 0.0, 0.0, 0.0, -1.0]);
                numbers(&mut ds, tags::IMAGE_POSITION_PATIENT, &[3.0 * k as f64, 0.0, 0.0]);
            }
            all.push(ds);
        }
    }
    let out = tempfile::tempdir().unwrap();
    let records = write(&Study::of(all), &Outputs::to(out.path()).extension("nrrd")).unwrap();
    let mut names: Vec<String> = first_outputs(&records).iter().map(|path| path.display().to_string()).collect();
    names.sort();
    assert_eq!(names, ["4_MR_e1.nrrd", "4_MR_e2.nrrd", "4_MR_e2_ph.nrrd", "4_MR_e2_pha.nrrd"]);
    assert_eq!(records.iter().filter(|record| record.renamed).count(), 1);
}

/// The second pixel of the first row, and the last of the last.
fn overlay(ds: &mut Dataset) {
    for (element, value) in [(0x0010, ROWS as u16), (0x0011, COLUMNS as u16), (0x0100, 1), (0x0102, 0)] {
        short(ds, Tag(0x6002, element), value);
    }
    text(ds, Tag(0x6002, 0x0040), VR::CS, "R");
    let origin = PrimitiveValue::I16([1, 1].into_iter().collect());
    ds.put(DataElement::new(Tag(0x6002, 0x0050), VR::SS, origin));
    ds.put(DataElement::new(Tag(0x6002, 0x3000), VR::OW, PrimitiveValue::from(vec![0b10u8, 0b1000])));
}

#[test]
fn a_mask_takes_no_other_volumes_name_and_one_that_cannot_be_read_is_told() {
    let one = |n: usize, description: &str| {
        let mut ds = slice(CT, n, [0.0; 3], 5);
        text(&mut ds, tags::SERIES_INSTANCE_UID, VR::UI, &format!("1.2.3.{n}"));
        text(&mut ds, tags::SERIES_DESCRIPTION, VR::LO, description);
        overlay(&mut ds);
        ds
    };
    let mut broken = one(2, "broken");
    short(&mut broken, Tag(0x6002, 0x0010), 0);
    let out = tempfile::tempdir().unwrap();
    let outputs = Outputs::to(out.path()).names("%d".parse().unwrap()).extension("nii").sidecar(false);
    let study = Study::of([one(0, "a"), one(1, "A_ROI2"), broken]);
    let records = write(&study, &outputs.identity(Identity::Keep).overlays(true)).unwrap();
    let mut all: Vec<String> = records.iter().flat_map(|r| r.outputs.iter().map(|p| p.display().to_string())).collect();
    all.sort();
    assert_eq!(all, ["A_ROI2.nii", "A_ROI2_ROI2.nii", "a.nii", "a_ROI2a.nii", "broken.nii"]);
    assert!(matches!(read(&out.path().join("A_ROI2.nii")).samples(), DynSamples::U16(_) | DynSamples::I16(_)));
    let told = records.iter().flat_map(|r| &r.warnings).filter(|note| note.code == "overlay-unreadable").count();
    assert_eq!(told, 1, "{records:?}");
}

#[test]
fn an_overlay_is_a_mask_beside_its_volume() {
    let study = Study::of(ct(2).into_iter().enumerate().map(|(k, mut ds)| {
        if k == 1 {
            overlay(&mut ds);
        }
        ds
    }));
    let out = tempfile::tempdir().unwrap();
    let records = write(&study, &Outputs::to(out.path()).sidecar(false).overlays(true)).unwrap();
    assert_eq!(records[0].outputs[1..], [PathBuf::from("0_CT_ROI2.nii.gz")]);
    let mask = read(&out.path().join("0_CT_ROI2.nii.gz"));
    let DynSamples::U8(bits) = mask.samples() else { panic!("a mask is of bytes") };
    let set: Vec<usize> = bits.iter().enumerate().filter(|(_, bit)| **bit == 1).map(|(at, _)| at).collect();
    assert_eq!(set, [ROWS * COLUMNS + 1, 2 * ROWS * COLUMNS - 1]);
    assert!(mask.geometry().agrees_with(study.convert()[0].volume.geometry()).is_ok());
}

#[test]
fn a_picture_is_upright_for_who_counts_rows_from_the_bottom() {
    let mut ds = crate::support::object("1.2.840.10008.5.1.4.1.1.7", "OT", 0);
    crate::support::pixel_module(&mut ds);
    let pixels: Vec<u16> = (0..(ROWS * COLUMNS) as u16).collect();
    crate::support::words(&mut ds, &pixels);
    let out = tempfile::tempdir().unwrap();
    write(&Study::of([ds]), &Outputs::to(out.path()).extension("nii")).unwrap();
    let DynSamples::U16(found) = read(&out.path().join("0_OT.nii")).samples().clone() else { panic!("not 16 bits") };
    let rows: Vec<&[u16]> = pixels.chunks(COLUMNS).rev().collect();
    assert_eq!(&found[..], rows.concat());
}

/// A stack whose slices are shifted along their columns by a quarter of a pixel each; each is a ramp along its columns.
#[cfg(feature = "upright")]
#[test]
fn a_tilted_gantry_is_made_upright_beside_the_sheared_volume() {
    let ramp = |shift: f64| -> Vec<u16> {
        (0..ROWS).flat_map(|row| vec![(1000.0 + 100.0 * (row as f64 + shift)) as u16; COLUMNS]).collect()
    };
    let study = Study::of((0..5).map(|k| {
        // rows lie 0.5 mm apart
        let shift = 0.25 * k as f64;
        let mut ds = slice(CT, k, [0.0, 0.5 * shift, 2.0 * k as f64], 0);
        crate::support::words(&mut ds, &ramp(shift));
        ds
    }));
    let out = tempfile::tempdir().unwrap();
    let records = write(&study, &Outputs::to(out.path()).sidecar(false).upright(true).extension("nii")).unwrap();
    assert_eq!(records[0].outputs, ["0_CT.nii", "0_CT_Tilt.nii"].map(PathBuf::from));
    let (sheared, upright) = (read(&out.path().join("0_CT.nii")), read(&out.path().join("0_CT_Tilt.nii")));
    assert!(sheared.geometry().shear() > 0.01 && upright.geometry().shear() < 1e-9);
    assert_eq!(upright.shape(), [COLUMNS, ROWS + 1, 5]);
    let DynSamples::U16(voxels) = upright.samples() else { panic!("not 16 bits") };
    // every voxel that its slice covers is on the ramp of the patient: 100 for each row's distance
    for (at, value) in voxels.iter().enumerate() {
        let (row, k) = (at / COLUMNS % (ROWS + 1), at / COLUMNS / (ROWS + 1));
        let within = row as f64 - 0.25 * k as f64;
        if within >= 0.0 && within <= (ROWS - 1) as f64 {
            let wanted = 1000.0 + 100.0 * row as f64;
            assert!((f64::from(*value) - wanted).abs() <= 1.0, "{row} {k}: {value} for {wanted}");
        }
    }
    // slices that are not shifted have nothing to be made upright
    let straight = write(&Study::of(ct(3)), &Outputs::to(out.path().join("b")).sidecar(false).upright(true)).unwrap();
    assert_eq!(straight[0].outputs.len(), 1);
}

#[test]
fn repetitions_are_as_far_apart_as_the_sidecar_says() {
    let study = Study::of((0..6).map(|n| {
        let mut ds = slice(MR, n, [0.0, 0.0, 3.0 * (n % 2) as f64], n as u16);
        number(&mut ds, tags::REPETITION_TIME, 2500.0);
        text(&mut ds, tags::TEMPORAL_POSITION_IDENTIFIER, VR::IS, &(n / 2 + 1).to_string());
        ds
    }));
    let out = tempfile::tempdir().unwrap();
    write(&study, &Outputs::to(out.path()).extension("nii")).unwrap();
    let volume = read(&out.path().join("0_MR.nii"));
    let times = volume.slow_axes()[0].numbers(&isocenter_volume::Quantity::Time);
    assert_eq!(times, Some(&[0.0, 2.5, 5.0][..]));
    let sidecar = std::fs::read_to_string(out.path().join("0_MR.json")).unwrap();
    assert!(sidecar.contains("\"RepetitionTime\": 2.5"), "{sidecar}");
}

#[test]
fn what_a_kind_of_file_cannot_hold_keeps_no_other_volume_back() {
    let mut picture = crate::support::object("1.2.840.10008.5.1.4.1.1.7", "OT", 9);
    crate::support::pixel_module(&mut picture);
    for (tag, value) in
        [(tags::SAMPLES_PER_PIXEL, 3), (tags::BITS_ALLOCATED, 8), (tags::BITS_STORED, 8), (tags::HIGH_BIT, 7)]
    {
        short(&mut picture, tag, value);
    }
    short(&mut picture, tags::PLANAR_CONFIGURATION, 0);
    text(&mut picture, tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "RGB");
    text(&mut picture, tags::SERIES_INSTANCE_UID, VR::UI, "1.2.5.9");
    crate::support::words(&mut picture, &[7; 3 * ROWS * COLUMNS / 2]);
    let study = Study::of(ct(3).into_iter().chain([picture]));
    let out = tempfile::tempdir().unwrap();
    let records = write(&study, &Outputs::to(out.path()).extension("mgz")).unwrap();
    let refused: Vec<bool> = records.iter().map(|record| record.refused.is_some()).collect();
    assert_eq!((records.len(), refused.iter().filter(|is| **is).count()), (2, 1), "{records:?}");
    assert!(out.path().join("0_CT.mgz").exists());
}

#[test]
fn a_file_that_stands_beside_is_not_replaced_either() {
    let out = tempfile::tempdir().unwrap();
    std::fs::write(out.path().join("0_CT.json"), "mine").unwrap();
    assert!(matches!(write(&Study::of(ct(3)), &Outputs::to(out.path())), Err(Error::Exists { .. })));
    let lettered = write(&Study::of(ct(3)), &Outputs::to(out.path()).conflict(Conflict::Letter)).unwrap();
    assert_eq!(first_outputs(&lettered), [PathBuf::from("0_CTa.nii.gz")]);
    assert_eq!(std::fs::read_to_string(out.path().join("0_CT.json")).unwrap(), "mine");
}

/// Names of volumes of GE, each of two slices of a kind (0043,102F), and whatever else a header of it has.
fn ge_names(kinds: &[i64], change: impl Fn(&mut isocenter_dcm::Dataset)) -> Vec<String> {
    let slices = kinds.iter().enumerate().flat_map(|(n, kind)| (0..2).map(move |k| (n, *kind, k)));
    let study = Study::of(slices.map(|(n, kind, k)| {
        let mut ds = slice(MR, 2 * n + k, [0.0, 0.0, 3.0 * k as f64], 1);
        text(&mut ds, tags::SERIES_NUMBER, VR::IS, "4");
        for (element, value) in [(0x2F, kind), (0x30, 0)] {
            isocenter_dcm::value::put_private(&mut ds, 0x0043, "GEMS_PARM_01", element, VR::IS, value.to_string())
                .unwrap();
        }
        change(&mut ds);
        ds
    }));
    let out = tempfile::tempdir().unwrap();
    let records = write(&study, &Outputs::to(out.path()).extension("nii")).unwrap();
    let mut names: Vec<String> = first_outputs(&records).iter().map(|path| path.display().to_string()).collect();
    names.sort();
    names
}

#[test]
fn only_a_field_map_of_ge_is_named_so() {
    let by = |sequence: &'static str| {
        ge_names(&[0], |ds| {
            text(ds, tags::MANUFACTURER, VR::LO, "GE MEDICAL SYSTEMS");
            isocenter_dcm::value::put_private(ds, 0x0019, "GEMS_ACQU_01", 0x9C, VR::LO, sequence).unwrap();
        })
    };
    assert_eq!(by("epiRT"), ["4_MR.nii"]);
    assert_eq!(by("b0map"), ["4_MR_fieldmaphz.nii"]);
}

#[test]
fn parts_of_ge_are_kept_apart_by_its_elements_alone() {
    assert_eq!(ge_names(&[0, 1], |_| {}), ["4_MR.nii", "4_MR_ph.nii"]);
}

#[test]
fn rows_from_the_bottom_are_the_same_volume_with_directions_along_its_axes() {
    let all = (0..4).map(|n: usize| {
        let mut ds = slice(MR, n, [0.0, 0.0, 3.0 * (n % 2) as f64], 0);
        let values: Vec<u16> = (0..ROWS * COLUMNS).map(|at| (at * 7 % 101 + n) as u16).collect();
        words(&mut ds, &values);
        number(&mut ds, tags::DIFFUSION_B_VALUE, if n < 2 { 0.0 } else { 1000.0 });
        if n >= 2 {
            numbers(&mut ds, tags::DIFFUSION_GRADIENT_ORIENTATION, &[0.0, 0.6, 0.8]);
        }
        ds
    });
    let study = Study::of(all);
    let out = tempfile::tempdir().unwrap();
    let store = |name: &str, from_bottom: bool| {
        let outputs =
            Outputs::to(out.path()).names(name.parse().unwrap()).extension("nii").rows_from_bottom(from_bottom);
        let records = write(&study, &outputs).unwrap();
        assert_eq!(records.len(), 1, "{records:?}");
        let text = |end: &str| std::fs::read_to_string(out.path().join(format!("{name}.{end}"))).unwrap();
        (read(&out.path().join(format!("{name}.nii"))), text("bvec"))
    };
    let ((plain, along), (turned, against)) = (store("plain", false), store("turned", true));
    assert!(plain.geometry().is_right_handed() && !turned.geometry().is_right_handed());
    let back = turned.reorient(plain.geometry().orientation().unwrap(), &Ctx::default()).unwrap();
    assert_eq!(back.samples(), plain.samples());
    back.geometry().agrees_with(plain.geometry()).unwrap();
    // FSL counts i from the other end where the determinant is positive: x keeps its sign, y changes it
    assert_eq!((along.as_str(), against.as_str()), ("0 0\n0 0.6\n0 0.8\n", "0 0\n0 -0.6\n0 0.8\n"));
}

#[test]
fn shards_write_together_what_one_run_writes() {
    let all: Vec<_> = (0..7)
        .flat_map(|series: usize| {
            (0..2 + series % 3).map(move |n| {
                let mut ds = slice(CT, 10 * series + n, [0.0, 0.0, 3.0 * n as f64], series as u16);
                text(&mut ds, tags::SERIES_INSTANCE_UID, VR::UI, &format!("1.2.3.{series}"));
                text(&mut ds, tags::SERIES_NUMBER, VR::IS, "5");
                ds
            })
        })
        .collect();
    let study = Study::of(all);
    let outputs = |target: &Path| Outputs::to(target).extension("nii").sidecar(false);
    let contents = |folder: &Path| {
        let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        paths.map(|path| (path.file_name().unwrap().to_owned(), std::fs::read(path).unwrap())).collect()
    };
    let (one, many) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(&study, &outputs(one.path())).unwrap();
    let whole: std::collections::BTreeMap<_, _> = contents(one.path());
    for count in [1, 3, 20] {
        let target = many.path().join(count.to_string());
        let sizes: Vec<usize> =
            (0..count).map(|index| write(&study, &outputs(&target).shard(index, count)).unwrap().len()).collect();
        assert_eq!(sizes.iter().sum::<usize>(), 7);
        assert!(count != 3 || sizes.iter().all(|size| (2..=3).contains(size)), "{sizes:?}");
        assert_eq!(contents(&target), whole, "{count}");
    }
    assert!(write(&study, &outputs(one.path()).shard(3, 3)).unwrap().is_empty());
}
