//! MINC 2.

use isocenter_formats::{ReadOptions, read_bytes};

use crate::{
    files::{self, plain},
    read, voxels,
};

#[test]
fn slices_have_their_scaling_and_axes_their_place() {
    let read = read(files::MINC).unwrap();
    assert_eq!((read.format, read.volume.shape()), ("MINC2", [5, 4, 3]));
    let grid = read.volume.geometry();
    assert!(grid.frame().is_patient());
    // nibabel 5.4.2 in RAS, its axes z, y, x: x steps by -0.5 along (0.8, 0.6, 0), y by 0.75 along (-0.6, 0.8, 0)
    let ras = [[-0.4, -0.45, 0.0, 20.0], [-0.3, 0.6, 0.0, -10.0], [0.0, 0.0, 2.0, 30.5]];
    for (row, wanted) in grid.affine().to_ras().iter().zip(ras) {
        for (found, wanted) in row.iter().zip(wanted) {
            assert!((found - wanted).abs() < 1e-12, "{row:?}");
        }
    }
    let stored = voxels!(read, U8);
    let pairs = read.volume.scaling().as_per_plane().unwrap();
    assert_eq!(pairs.len(), 3);
    for (n, stored) in stored.iter().enumerate() {
        let real = pairs[n / 20].apply(f64::from(*stored));
        // 20 values in 256 steps
        assert!((real - n as f64).abs() < 0.04, "{n}: {real}");
    }
    assert_eq!(pairs[2].apply(f64::from(stored[59])), 59.0);
}

#[test]
fn what_the_axes_say_must_hold() {
    let bytes = plain(files::MINC);
    let with = |old: &[u8], new: &[u8]| {
        let mut changed = bytes.clone();
        let places: Vec<usize> = (0..bytes.len() - old.len()).filter(|n| bytes[*n..].starts_with(old)).collect();
        assert!(!places.is_empty());
        places.iter().for_each(|at| changed[*at..at + new.len()].copy_from_slice(new));
        read_bytes(&changed, &ReadOptions::default())
    };
    let error = with(b"regular__\0", b"irregular\0").unwrap_err();
    assert!(error.to_string().contains("not evenly spaced"), "{error}");
    let error = with(b"zspace,yspace,xspace", b"yspace,yspace,xspace").unwrap_err();
    assert_eq!(error.reason(), "malformed");
    // in another order the axes go elsewhere, and lengths no longer fit
    assert_eq!(with(b"zspace,yspace,xspace", b"xspace,yspace,zspace").unwrap_err().reason(), "malformed");
}
