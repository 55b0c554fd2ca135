//! Where sform, qform and units place a volume.

use isocenter_volume::{Affine, Frame};

use crate::support::{Bytes, codes};

fn file() -> Bytes {
    let mut file = Bytes::new(&[2, 2, 2], 2, 8, false);
    file.f32(80, 2.0).f32(84, 3.0).f32(88, 4.0);
    file.bytes.extend_from_slice(&[0; 8]);
    file
}

#[test]
fn a_qform_alone_places_the_volume() {
    // 180 degrees about y, as the label file of the corpus has it: x and z reversed, then z back by qfac
    let mut file = file();
    file.i16(252, 1).f32(76, -1.0).f32(260, 1.0).f32(268, 10.0).f32(272, 20.0).f32(276, 30.0);
    let geometry = file.read().unwrap().volume.geometry().clone();
    assert_eq!(geometry.affine().to_ras(), [[-2.0, 0.0, 0.0, 10.0], [0.0, 3.0, 0.0, 20.0], [0.0, 0.0, 4.0, 30.0]]);
    assert_eq!(geometry.frame(), &Frame::Patient(None));
    assert_eq!(geometry.orientation().unwrap().to_string(), "LAS");
}

#[test]
fn no_form_leaves_left_and_right_open() {
    let geometry = file().read().unwrap().volume.geometry().clone();
    assert_eq!(geometry.frame(), &Frame::Unknown);
    assert_eq!(*geometry.affine(), Affine::from_spacing_origin([2.0, 3.0, 4.0], [0.0; 3]));
    assert!(geometry.orientation().is_err());
}

#[test]
fn the_sform_wins_and_a_disagreement_is_said() {
    let rows = [[2.0, 0.0, 0.0, 5.0], [0.0, 3.0, 0.0, 6.0], [0.0, 0.0, 4.0, 7.0]];
    let file = file().i16(252, 1).sform(rows).read().unwrap();
    assert_eq!(file.volume.geometry().affine().to_ras()[0][3], 5.0);
    assert_eq!(codes(&file), ["forms-disagree"]);
}

#[test]
fn a_singular_sform_falls_back_or_fails() {
    let flat = [[0.0; 4]; 3];
    assert!(file().sform(flat).read().is_err());
    let file = file().sform(flat).i16(252, 1).read().unwrap();
    assert_eq!(codes(&file), ["singular-sform"]);
    assert_eq!(file.volume.geometry().spacing_mm(), [2.0, 3.0, 4.0]);
}

#[test]
fn metres_and_microns_become_millimetres() {
    let rows = [[2.0, 0.0, 0.0, 5.0], [0.0, 3.0, 0.0, 6.0], [0.0, 0.0, 4.0, 7.0]];
    for (unit, factor) in [(0, 1.0), (1, 1000.0), (2, 1.0), (3, 0.001)] {
        let geometry = file().put(123, &[unit]).sform(rows).read().unwrap().volume.geometry().clone();
        assert_eq!(geometry.affine().to_ras()[2], [0.0, 0.0, 4.0 * factor, 7.0 * factor]);
        let plain = file().put(123, &[unit]).read().unwrap().volume.geometry().clone();
        assert_eq!(plain.spacing_mm(), [2.0 * factor, 3.0 * factor, 4.0 * factor]);
    }
    assert_eq!(codes(&file().put(123, &[7]).read().unwrap()), ["unknown-unit"]);
}

#[test]
fn a_spacing_of_0_is_assumed_aloud() {
    let file = file().f32(84, 0.0).read().unwrap();
    assert_eq!(codes(&file), ["spacing-assumed"]);
    assert_eq!(file.volume.geometry().spacing_mm(), [2.0, 1.0, 4.0]);
}
