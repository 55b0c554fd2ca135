//! What is written comes back as it was.

use std::collections::BTreeMap;

use isocenter_formats::{Error, File, WriteOptions, write_bytes};
use isocenter_volume::{
    Affine, AxisKind, Column, DynVolume, Frame, Geometry, Head, Quantity, Rescale, Scaling, SlowAxis, Unit,
};
use proptest::prelude::*;

use crate::common::{KINDS, back, file, numbered, samples, small, text};

/// Any grid.
fn grid() -> impl Strategy<Value = Geometry> {
    (
        prop::array::uniform3(1usize..6),
        prop::array::uniform3(prop::array::uniform3(-2.0f64..2.0)),
        prop::array::uniform3(-500.0f64..500.0),
        prop_oneof![Just(Frame::Patient(None)), Just(Frame::Unknown), Just(Frame::Pixel)],
    )
        .prop_filter_map("flat", |(shape, mut columns, origin, frame)| {
            (0..3).for_each(|n| columns[n][n] += 5.0);
            Geometry::new(shape, Affine::from_columns(columns, origin), frame).ok()
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_type_comes_back_with_its_place_to_the_last_bit(
        grid in grid(), slow in prop::collection::vec(1usize..4, 0..3), kind in 0..KINDS, seed in any::<u64>(),
    ) {
        let written = file(grid, numbered(&slow), kind, seed);
        let read = back(&written, "h5");
        prop_assert_eq!(text(read.volume.samples()), text(written.volume.samples()));
        prop_assert_eq!(read.volume.head(), written.volume.head());
        prop_assert!(read.warnings.is_empty());
    }

    #[test]
    fn axes_and_scalings_come_back(
        channels in 1usize..5, times in 1usize..4, kind in 0..KINDS, per_plane in any::<bool>(), slope in 0.001f64..4.0,
    ) {
        let grid = Geometry::new([3, 4, 2], Affine::from_spacing_origin([0.1, 0.3, 2.7], [1.0; 3]), Frame::Patient(None)).unwrap();
        let axis = SlowAxis::numbered(AxisKind::Time, Quantity::Time, (0..times).map(|n| n as f64 * 0.7).collect()).unwrap();
        let directions = vec![[0.1, 0.2, 0.3]; times];
        let axis = axis.with_column(Column::vectors(Quantity::GradientDirection, directions).unwrap()).unwrap();
        let axis = axis.with_column(Column::matrices(Quantity::BMatrix, vec![[[1.0, 2.0, 3.0]; 3]; times]).unwrap()).unwrap();
        let slow = vec![SlowAxis::new(AxisKind::Channel, channels).unwrap(), axis];
        let planes = 2 * channels * times;
        let pairs = (0..planes).map(|n| Rescale::new(slope + if per_plane { n as f64 } else { 0.0 }, -1024.0).unwrap());
        let scaling = Scaling::per_plane(pairs.collect(), Unit::Hu);
        let head = Head::new(grid).with_slow_axes(slow).unwrap().with_scaling(scaling).unwrap();
        let written = File::from_volume(DynVolume::from_parts(head.clone(), samples(kind, head.len(), 3)).unwrap());
        let read = back(&written, "hdf5");
        prop_assert_eq!(read.volume.head(), &head);
        prop_assert_eq!(text(read.volume.samples()), text(written.volume.samples()));
    }
}

#[test]
fn texts_and_labels_come_back() {
    let texts = BTreeMap::from([("a key".to_owned(), "a value, é".to_owned()), ("empty".to_owned(), String::new())]);
    let written = small(0).with_texts(texts).with_label_table(vec![(1, "liver".to_owned()), (2, "kidney".to_owned())]);
    let read = back(&written, "h5");
    assert_eq!(read.label_table, written.label_table);
    assert!(read.is_label);
    assert_eq!(read.texts.get("a key").map(String::as_str), Some("a value, é"));
    assert_eq!(read.texts.get("empty").map(String::as_str), Some(""));
    let refused = small(0).with_texts(BTreeMap::from([("a/b".to_owned(), "c".to_owned())]));
    let refused = write_bytes(&refused, "h5", &WriteOptions::default());
    assert!(matches!(refused, Err(Error::Unsupported { .. })));
}
