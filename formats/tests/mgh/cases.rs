//! Headers, footers, tags.

use isocenter_formats::{Error, File, ReadOptions, labels, read_bytes};
use isocenter_volume::{AxisKind, Frame, Quantity};

use crate::{
    support::{codes, gzip},
    voxels,
};

/// A file made byte by byte.
struct Mgh {
    bytes: Vec<u8>,
}

impl Mgh {
    /// A header without a place: zeros behind the flag.
    fn new(shape: [i32; 4], code: i32) -> Self {
        let mut bytes: Vec<u8> =
            [[1].as_slice(), &shape, &[code, 1]].concat().iter().flat_map(|n| n.to_be_bytes()).collect();
        bytes.resize(284, 0);
        Self { bytes }
    }

    fn placed(mut self, floats: [f32; 15]) -> Self {
        self.bytes[29] = 1;
        for (n, float) in floats.iter().enumerate() {
            self.bytes[30 + 4 * n..34 + 4 * n].copy_from_slice(&float.to_be_bytes());
        }
        self
    }

    fn and<const N: usize>(mut self, numbers: impl IntoIterator<Item = [u8; N]>) -> Self {
        self.bytes.extend(numbers.into_iter().flatten());
        self
    }

    fn tag(self, tag: i32, content: &[u8]) -> Self {
        let mut file = self.and([tag.to_be_bytes()]).and([(content.len() as i64).to_be_bytes()]);
        file.bytes.extend(content);
        file
    }

    fn read(&self) -> Result<File, Error> {
        read_bytes(&self.bytes, &ReadOptions::default())
    }
}

/// Spacing 1, 2, 3; coronal axes; a centre. As nibabel writes an image of that affine.
const CORONAL: [f32; 15] = [1.0, 2.0, 3.0, -1.0, 0.0, 0.0, 0.0, 0.0, -1.0, 0.0, 1.0, 0.0, 5.0, -6.0, 7.0];

#[test]
fn all_types_are_big_endian() {
    let file =
        Mgh::new([3, 1, 1, 1], 4).placed(CORONAL).and([-2i16, 258, 32_767].map(i16::to_be_bytes)).read().unwrap();
    assert_eq!((voxels!(file, I16), file.format), (vec![-2, 258, 32_767], "MGH"));
    assert!(file.warnings.is_empty() && file.texts.is_empty());
    let file = Mgh::new([2, 1, 1, 1], 10).placed(CORONAL).and([1u16, 65_535].map(u16::to_be_bytes)).read().unwrap();
    assert_eq!(voxels!(file, U16), [1, 65_535]);
    let file = Mgh::new([2, 1, 1, 1], 1).placed(CORONAL).and([-1i32, 1 << 30].map(i32::to_be_bytes)).read().unwrap();
    assert_eq!(voxels!(file, I32), [-1, 1 << 30]);
    let file = Mgh::new([2, 1, 1, 1], 3).placed(CORONAL).and([0.1f32, -5e9].map(f32::to_be_bytes)).read().unwrap();
    assert_eq!(voxels!(file, F32), [0.1, -5e9]);
    let file = Mgh::new([2, 1, 1, 1], 0).placed(CORONAL).and([[1u8], [2]]);
    assert_eq!(voxels!(file.read().unwrap(), U8), [1, 2]);
    assert_eq!(voxels!(read_bytes(&gzip(&[&file.bytes]), &ReadOptions::default()).unwrap(), U8), [1, 2]);
}

#[test]
fn the_centre_lies_at_half_the_dimensions() {
    let file = Mgh::new([4, 2, 3, 1], 0).placed(CORONAL).and([[0u8]; 24]).read().unwrap();
    let geometry = file.volume.geometry();
    // RAS rows, which nibabel 5.4.2 gives too: [-1 0 0 7], [0 0 3 -10.5], [0 -2 0 9]
    assert_eq!(geometry.affine().to_ras(), [[-1.0, 0.0, 0.0, 7.0], [0.0, 0.0, 3.0, -10.5], [0.0, -2.0, 0.0, 9.0]]);
    assert_eq!(
        (geometry.frame(), geometry.orientation().unwrap().to_string().as_str()),
        (&Frame::Patient(None), "LIA")
    );
}

#[test]
fn without_the_flag_nobody_knows_left_from_right() {
    let file = Mgh::new([1, 1, 1, 1], 0).and([[9u8]]).read().unwrap();
    assert_eq!(file.volume.geometry().frame(), &Frame::Unknown);
    assert_eq!(codes(&file), ["no-ras-flag", "spacing-assumed", "spacing-assumed", "spacing-assumed"]);
    let mut spaced = Mgh::new([1, 1, 1, 1], 0).placed(CORONAL).and([[9u8]]);
    spaced.bytes[29] = 0;
    let file = spaced.read().unwrap();
    assert_eq!((file.volume.geometry().spacing_mm(), codes(&file)), ([1.0, 2.0, 3.0], vec!["no-ras-flag"]));
    assert_eq!(file.volume.geometry().frame(), &Frame::Unknown);
}

#[test]
fn frames_are_an_axis_and_parameters_are_facts() {
    let file = Mgh::new([1, 1, 1, 3], 0).placed(CORONAL).and([[1u8], [2], [3]]);
    // TR, flip angle, TE, TI, field of view: milliseconds, radians
    let file =
        file.and([2300.0f32, std::f32::consts::FRAC_PI_2, 2.5, 900.0, 256.0].map(f32::to_be_bytes)).read().unwrap();
    let axis = &file.volume.slow_axes()[0];
    assert_eq!(
        (axis.kind(), axis.len(), axis.numbers(&Quantity::Time)),
        (&AxisKind::Other("frame".to_owned()), 3, None)
    );
    let mr = file.volume.meta().mr.clone().unwrap();
    assert_eq!((mr.repetition_time_s, mr.echo_time_s, mr.inversion_time_s), (Some(2.3), Some(0.0025), Some(0.9)));
    assert!((mr.flip_angle_deg.unwrap() - 90.0).abs() < 1e-5);
    // some writers end within the footer, and zeros say nothing
    let file = Mgh::new([1, 1, 1, 1], 0).placed(CORONAL).and([[1u8]]).and([0.0f32, 0.0, 3.0].map(f32::to_be_bytes));
    let mr = file.read().unwrap().volume.meta().mr.clone().unwrap();
    assert_eq!((mr.repetition_time_s, mr.flip_angle_deg, mr.echo_time_s), (None, None, Some(0.003)));
}

#[test]
fn tags_become_texts_and_a_label_table() {
    let whole = |n: &[i32]| n.iter().flat_map(|n| n.to_be_bytes()).collect::<Vec<u8>>();
    let colours =
        [whole(&[1, -2, 18, 4]), b"lut\0".to_vec(), whole(&[1, 17, 5]), b"Hipp\0".to_vec(), whole(&[220, 216, 20, 0])];
    let mut file = Mgh::new([2, 1, 1, 1], 0).placed(CORONAL).and([[0u8], [17]]).and([[0u8; 20]]);
    file = file.tag(31, b"/subjects/smith/talairach.xfm\0").tag(33, &[0; 64]);
    file.bytes.extend(colours.concat());
    let file = file.tag(3, b"mri_convert a b\0").tag(3, b"mri_cc\0").tag(41, b"ROW\0").read().unwrap();
    let texts = |key: &str| file.texts[key].as_str();
    assert_eq!((texts("cmdline.0"), texts("cmdline.1"), texts("pedir")), ("mri_convert a b", "mri_cc", "ROW"));
    assert_eq!(texts("xfm"), "/subjects/smith/talairach.xfm");
    assert_eq!((file.is_label, &file.label_table), (true, &Some(vec![(17, "Hipp".to_owned())])));
    assert_eq!(codes(&file), ["ignored-tags"]);
    let map = labels::read_label_map(&file).unwrap();
    assert_eq!(map.segments()[0].colour, Some([220, 216, 20]));
    for warning in &file.warnings {
        assert!(!warning.to_string().contains("smith"));
    }
}

#[test]
fn what_follows_the_last_tag_is_told() {
    let file = Mgh::new([1, 1, 1, 1], 0).placed(CORONAL).and([[1u8]]).and([[0u8; 20]]);
    let padded = Mgh { bytes: [file.bytes.clone(), vec![0; 30]].concat() };
    assert!(padded.read().unwrap().warnings.is_empty());
    let garbage = Mgh { bytes: [file.bytes, b"\0\0\0\x03 garbage".to_vec()].concat() };
    assert_eq!(codes(&garbage.read().unwrap()), ["trailing-bytes"]);
}
