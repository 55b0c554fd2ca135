//! Philips PAR/REC.

use std::collections::BTreeMap;

use isocenter_formats::{
    Error, File, Format, ReadOptions, Region, Source, WriteOptions, data_files, open, par::Par, read, read_bytes,
    read_from,
};
use isocenter_volume::{AxisKind, Quantity};

use crate::{
    support::{
        codes,
        par::{GENERAL, Row, slice, text},
    },
    voxels,
};

fn pair(text: &str, values: usize) -> Result<File, Error> {
    let data: Vec<u8> = (0..values as i16).flat_map(i16::to_le_bytes).collect();
    let beside = BTreeMap::from([("a.REC".to_owned(), data)]);
    read_from(Source::from_bytes(text.as_bytes())?.beside("a.PAR", &beside), &ReadOptions::default())
}

#[test]
fn a_stack_lies_about_its_centre() {
    let file = pair(&text(GENERAL, &[slice(1), Row { index: 1, ..slice(2) }]), 8).unwrap();
    assert_eq!((file.format, voxels!(file, I16)), ("PAR/REC", (0..8).collect::<Vec<i16>>()));
    let geometry = file.volume.geometry();
    assert_eq!(geometry.spacing_mm(), [3.75, 3.75, 8.0]);
    // LPS+ is (RL, AP, FH); rows run to the left, columns to the back, slices up
    assert_eq!(geometry.origin_mm(), [-16.0 - 1.875, 2.5 - 1.875, 26.0]);
    assert_eq!(geometry.affine().column(0), [3.75, 0.0, 0.0]);
    assert_eq!(geometry.affine().column(1), [0.0, 3.75, 0.0]);
    assert_eq!(geometry.affine().column(2), [0.0, 0.0, 8.0]);
    let pair = file.volume.scaling().as_uniform().unwrap();
    assert_eq!((pair.slope(), pair.intercept()), (1.5, -10.0));
    let mr = file.volume.head().meta().mr.clone().unwrap();
    assert_eq!((mr.repetition_time_s, mr.echo_time_s, mr.flip_angle_deg), (Some(2.0), Some(0.015), Some(90.0)));
    assert_eq!(file.texts["Patient name"], "phantom");
    assert!(file.warnings.is_empty());
}

#[test]
fn a_turned_stack_is_turned_about_the_patients_axes() {
    let general = GENERAL.replace("0.000  0.000  0.000", "0.000  0.000  90.000");
    let rows = [1, 2].map(|n| Row {
        centre: [2.5 - 4.0 + 8.0 * f64::from(n - 1), 30.0, -16.0],
        index: n as usize - 1,
        ..slice(n)
    });
    let rows_text = text(&general, &rows).replace(" 0.00 0.00 0.00 ", " 0.00 0.00 90.00 ");
    let file = pair(&rows_text, 8).unwrap();
    // a quarter turn about RL takes P to S and S to -P: columns run up, slices to the front
    let affine = file.volume.geometry().affine();
    let near = |a: [f64; 3], b: [f64; 3]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12);
    assert!(near(affine.column(1), [0.0, 0.0, 3.75]), "{affine:?}");
    // the images' centres run to the back: so do the slices
    assert!(near(affine.column(2), [0.0, 8.0, 0.0]), "{affine:?}");
}

#[test]
fn images_go_to_their_places_whatever_their_order() {
    let mut rows = Vec::new();
    for (n, (dynamic, echo, s)) in
        [(1, 1, 2), (1, 1, 1), (2, 1, 1), (1, 2, 1), (2, 2, 2), (2, 1, 2), (1, 2, 2), (2, 2, 1)].into_iter().enumerate()
    {
        rows.push(Row { dynamic, echo, index: 7 - n, ..slice(s) });
    }
    let text = text(GENERAL, &rows);
    let file = pair(&text, 32).unwrap();
    // slices, echoes, dynamics: the first value of each plane is four times its index in the file
    let planes: Vec<i16> = voxels!(file, I16).iter().step_by(4).map(|v| v / 4).collect();
    assert_eq!(planes, [6, 7, 4, 1, 5, 2, 0, 3]);
    let slow = file.volume.slow_axes();
    assert_eq!((slow[0].kind(), slow[0].numbers(&Quantity::EchoTime)), (&AxisKind::Echo, Some(&[0.015, 0.03][..])));
    assert_eq!((slow[1].kind(), slow[1].numbers(&Quantity::Time)), (&AxisKind::Time, Some(&[0.0, 2.0][..])));
    // a region of them
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("b.par"), &text).unwrap();
    std::fs::write(folder.path().join("b.rec"), (0..32i16).flat_map(i16::to_le_bytes).collect::<Vec<_>>()).unwrap();
    let path = folder.path().join("b.par");
    let part = open(&path, &ReadOptions::default())
        .unwrap()
        .read_region(&Region::block([1, 0, 1], [1, 2, 1]).of_step(2))
        .unwrap();
    assert_eq!(voxels!(part, I16), [9, 11]);
    assert_eq!(read(&path).unwrap().volume.head(), file.volume.head());
    assert_eq!(data_files(&path, &ReadOptions::default()).unwrap(), [folder.path().join("b.rec")]);
}

#[test]
fn weightings_have_their_directions_in_the_world() {
    let weighted = [(1, 0.0, 1, [0.0; 3]), (2, 1000.0, 1, [0.0, 0.0, 1.0]), (2, 1000.0, 2, [0.6, 0.8, 0.0])];
    let rows: Vec<Row> = weighted
        .iter()
        .enumerate()
        .flat_map(|(n, w)| [1, 2].map(|s| Row { diffusion: Some(*w), index: 2 * n + s as usize - 1, ..slice(s) }))
        .collect();
    let file = pair(&text(GENERAL, &rows), 24).unwrap();
    let axis = &file.volume.slow_axes()[0];
    assert_eq!(
        (axis.kind(), axis.numbers(&Quantity::BValue)),
        (&AxisKind::Diffusion, Some(&[0.0, 1000.0, 1000.0][..]))
    );
    let wanted = [[0.0; 3], [1.0, 0.0, 0.0], [0.0, 0.6, 0.8]];
    assert_eq!(axis.vectors(&Quantity::GradientDirection), Some(&wanted[..]));
}

#[test]
fn slopes_of_their_own_stay_with_their_planes() {
    let rows = [slice(1), Row { index: 1, slope: "2.5", ..slice(2) }];
    let file = pair(&text(GENERAL, &rows), 8).unwrap();
    let slopes: Vec<f64> = file.volume.scaling().as_per_plane().unwrap().iter().map(|p| p.slope()).collect();
    assert_eq!(slopes, [1.5, 2.5]);
}

#[test]
fn what_is_missing_or_contradicts_is_said_or_refused() {
    let whole = [slice(1), Row { index: 1, ..slice(2) }];
    // an interrupted dynamic
    let mut rows = whole.to_vec();
    rows.push(Row { dynamic: 2, index: 2, ..slice(1) });
    let file = pair(&text(GENERAL, &rows), 12).unwrap();
    assert_eq!((codes(&file), file.volume.steps()), (vec!["incomplete-steps"], 1));
    // twice the same: an axis of volumes in the order of the table
    rows.push(Row { dynamic: 1, index: 3, ..slice(2) });
    rows[2].dynamic = 1;
    let file = pair(&text(GENERAL, &rows), 16).unwrap();
    assert_eq!(file.volume.slow_axes()[0].kind(), &AxisKind::Other("volume".to_owned()));
    // a stack that has lost its numbers
    let lost = GENERAL.replace("2.500  30.000  -16.000", "0  0  0");
    let file = pair(&text(&lost, &whole), 8).unwrap();
    assert_eq!((codes(&file), file.volume.geometry().origin_mm()[2]), (vec!["stack-disagrees"], 26.0));
    for (rows, general, values, reason) in [
        (vec![slice(1), Row { index: 1, orientation: 2, ..slice(2) }], GENERAL, 8, "unsupported"),
        (vec![slice(1), Row { index: 1, centre: [2.5, 39.0, -16.0], ..slice(2) }], GENERAL, 8, "unsupported"),
        (
            vec![slice(1), Row { index: 0, dynamic: 1, ..slice(2) }, Row { index: 1, ..slice(3) }],
            GENERAL,
            12,
            "malformed",
        ),
        (vec![Row { orientation: 4, ..slice(1) }], GENERAL, 4, "malformed"),
        (whole.to_vec(), "", 8, "malformed"),
        (whole.to_vec(), ".  Angulation midslice : 0 0\n.  Off Centre midslice : 0 0 0", 8, "malformed"),
        (whole.to_vec(), GENERAL, 7, "truncated"),
        (vec![slice(1), Row { index: 60_000, ..slice(2) }], GENERAL, 8, "truncated"),
        (Vec::new(), GENERAL, 8, "malformed"),
    ] {
        let found = pair(&text(general, &rows), values);
        assert_eq!(found.as_ref().map_err(Error::reason).unwrap_err(), reason, "{found:?}");
    }
    assert_eq!(
        read_bytes(text(GENERAL, &whole).as_bytes(), &ReadOptions::default()).unwrap_err().reason(),
        "unsupported"
    );
    // it is read, and not written
    assert!(Par.extensions().is_empty());
    assert!(
        isocenter_formats::write_bytes(&pair(&text(GENERAL, &whole), 8).unwrap(), "par", &WriteOptions::default())
            .is_err()
    );
}

#[test]
fn a_damaged_text_is_an_error_or_a_volume() {
    let whole = text(GENERAL, &[slice(1), Row { index: 1, ..slice(2) }]);
    for n in 0..whole.len() {
        let _ = pair(&whole[..n], 8);
        for with in ["", "-", "9", " ", "e", "\n", "NaN"] {
            let mut changed = whole.clone();
            changed.replace_range(n..n + 1, with);
            let _ = pair(&changed, 8);
        }
    }
}
