//! ECAT 7.

use isocenter_formats::{Error, File, ReadOptions, Region, Source, open_from, read_bytes};
use isocenter_volume::{Affine, AxisKind, Frame, Geometry, Quantity, Unit};

use crate::{
    support::{
        codes,
        ecat::{Matrix, ONE, file},
    },
    voxels,
};

fn read(bytes: &[u8]) -> Result<File, Error> {
    read_bytes(bytes, &ReadOptions::default())
}

#[test]
fn a_volume_lies_about_its_centre() {
    let file = read(&file(&[ONE], 31)).unwrap();
    assert_eq!((file.format, voxels!(file, I16)), ("ECAT 7", vec![1, -2, 3, 32_767]));
    let affine = Affine::from_spacing_origin([2.5, 5.0, 7.5], [f64::from(0.1f32) * 10.0 - 1.25, 0.0, -3.75]);
    assert_eq!(file.volume.geometry(), &Geometry::new([2, 1, 2], affine, Frame::Unknown).unwrap());
    let scaling = file.volume.scaling();
    assert_eq!((scaling.as_uniform().unwrap().slope(), scaling.unit()), (1.0, &Unit::BqPerMl));
    assert_eq!(file.texts["patient_name"], "DOE^JANE");
    assert!(file.warnings.is_empty() && file.volume.slow_axes().is_empty());
}

#[test]
fn frames_and_gates_go_to_their_places() {
    let matrix = |n: u32, frame, gate| Matrix {
        frame,
        gate,
        block: 3 + 2 * n,
        scale: frame as f32,
        start_ms: 1500 * (frame - 1),
        values: [n as i16; 4],
    };
    let matrices = [matrix(0, 2, 1), matrix(1, 1, 2), matrix(2, 1, 1), matrix(3, 2, 2)];
    let bytes = file(&matrices, 3);
    let whole = read(&bytes).unwrap();
    let first: Vec<i16> = voxels!(whole, I16).iter().step_by(4).copied().collect();
    assert_eq!(first, [2, 0, 1, 3]);
    let slow = whole.volume.slow_axes();
    assert_eq!((slow[0].kind(), slow[0].numbers(&Quantity::Time)), (&AxisKind::Time, Some(&[0.0, 1.5][..])));
    assert_eq!((slow[1].kind(), slow[1].len()), (&AxisKind::Phase, 2));
    let slopes: Vec<f64> = whole.volume.scaling().as_per_plane().unwrap().iter().map(|p| p.slope()).collect();
    assert_eq!(slopes, [2.0, 2.0, 4.0, 4.0, 2.0, 2.0, 4.0, 4.0]);
    let opened = open_from(Source::from_bytes(&bytes).unwrap(), &ReadOptions::default()).unwrap();
    let part = opened.read_region(&Region::planes([2, 1, 2], 1, 1).of_step(3)).unwrap();
    assert_eq!((voxels!(part, I16), part.volume.scaling().as_uniform().map(|p| p.slope())), (vec![3, 3], Some(4.0)));
}

#[test]
fn what_is_no_volume_is_refused() {
    let whole = file(&[ONE], 31);
    let with = |at: usize, value: &[u8]| {
        let mut bytes = whole.clone();
        bytes[at..at + value.len()].copy_from_slice(value);
        read(&bytes)
    };
    assert_eq!(codes(&with(1024 + 34, &[0; 4]).unwrap()), ["spacing-assumed"]);
    for (at, value, reason) in [
        (50, &[0u8, 11][..], "unsupported"),                // sinograms
        (1024, &[0, 1], "unsupported"),                     // bytes
        (1024, &[0, 9], "malformed"),                       // no type
        (1024 + 4, &[0, 0], "malformed"),                   // no voxels
        (1024 + 4, &[0xff, 0xff], "truncated"),             // more than there are
        (512 + 12, &[0, 0, 0, 0], "malformed"),             // no matrix
        (512 + 12, &[0, 0, 0, 32], "malformed"),            // more than a block holds
        (512 + 4, &[0, 0, 0, 0], "malformed"),              // no next block
        (512 + 4, &[0, 0, 0, 99], "truncated"),             // a block that is not there
        (512 + 20, &[0x7f, 0xff, 0xff, 0xff], "truncated"), // a matrix that is not there
        (512 + 28, &[0xff, 0xff, 0xff, 0xff], "malformed"), // deleted
        (1024 + 26, &f32::NAN.to_be_bytes()[..], "geometry"),
    ] {
        assert_eq!(with(at, value).map(|_| ()).unwrap_err().reason(), reason, "{at} {value:?}");
    }
    // a ring that misses the first block
    let mut ring = file(&[ONE, Matrix { frame: 2, block: 5, ..ONE }], 1);
    let at = ring.len() - 512;
    ring[at + 4..at + 8].copy_from_slice(&7u32.to_be_bytes());
    assert_eq!(read(&ring).unwrap_err().reason(), "malformed");
    // the same twice
    assert_eq!(read(&file(&[ONE, Matrix { block: 5, ..ONE }], 31)).unwrap_err().reason(), "malformed");
    for n in (0..whole.len()).step_by(3) {
        let _ = read(&whole[..n]);
        for value in [0, 1, 0x7f, 0x80, 0xff] {
            let _ = with(n, &[value]);
        }
    }
}
