//! Mosaics of Siemens lie where their headers say.

use isocenter_dcm::{Tag, VR, tags};
use proptest::prelude::*;

use super::made::{AXIAL, CORONAL, SAGITTAL, Slab, image_header, is_true, series_header};
use crate::support::{Study, short, text};

const PLANES: [[[f64; 3]; 2]; 3] = [AXIAL, CORONAL, SAGITTAL];

fn codes(converted: &isocenter_convert::Converted) -> Vec<&'static str> {
    converted.warnings.iter().map(isocenter_convert::Warning::code).collect()
}

#[test]
fn the_header_tells_number_and_direction() {
    for (plane, count, way) in PLANES.into_iter().flat_map(|p| [(p, 2, 1.0), (p, 9, -1.0), (p, 10, 1.0), (p, 50, -1.0)])
    {
        let slab = Slab::new(plane, count, way);
        let found = Study::of([slab.siemens(0)]).convert();
        assert_eq!((found.len(), found[0].volume.shape()), (1, [5, 4, count]), "{slab:?}");
        assert_eq!(codes(&found[0]), [""; 0]);
        assert!(is_true(&found[0]), "{slab:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_voxel_of_an_oblique_mosaic_lies_where_it_says(
        turn in prop::array::uniform2(-3.1..3.1f64),
        count in 2..=50usize,
        tile in prop::array::uniform2(1..7usize),
        spacing in prop::array::uniform2(1.0..3.0f64),
        step_mm in 1.0..4.0f64,
        is_reversed: bool,
    ) {
        let [[sa, ca], [sb, cb]] = turn.map(|angle: f64| [libm::sin(angle), libm::cos(angle)]);
        let (row, column) = ([ca, sa, 0.0], [-sa * cb, ca * cb, sb]);
        let first = [4.0, -17.25, 30.5];
        let slab = Slab { row, column, tile, count, spacing, step_mm, first, way: if is_reversed { -1.0 } else { 1.0 } };
        let found = Study::of([slab.siemens(0)]).convert();
        prop_assert_eq!(found[0].volume.shape(), [tile[0], tile[1], count]);
        prop_assert!(is_true(&found[0]));
    }
}

#[test]
fn slices_of_the_protocol_tell_the_direction_before_a_normal_does() {
    for (plane, way) in PLANES.into_iter().flat_map(|plane| [(plane, 1.0), (plane, -1.0)]) {
        let slab = Slab::new(plane, 11, way);
        // old software turns the order round and leaves the normal as it is
        let mut ds = Slab { way: 1.0, ..slab.clone() }.siemens(0);
        ds.put(slab.siemens(0).element(tags::PIXEL_DATA).unwrap().clone());
        series_header(&mut ds, &slab.protocol());
        let found = Study::of([ds]).convert();
        assert!(is_true(&found[0]) && codes(&found[0]).is_empty(), "{slab:?}");
    }
}

#[test]
fn numbering_tells_the_direction_where_no_place_does() {
    let numbering = |name: &str| {
        format!(
            "### ASCCONV BEGIN ###\nsSliceArray.lSize = 10\nsSliceArray.ucImageNumb{name} = 0x1\n### ASCCONV END ###"
        )
    };
    // along the patient's axis: the normal of the sagittal plane goes the other way
    for (plane, usual, name) in [(AXIAL, 1.0, "Tra"), (CORONAL, 1.0, "Cor"), (SAGITTAL, -1.0, "Sag")] {
        for (is_reversed, last) in [(false, "0"), (true, "9")] {
            let slab = Slab::new(plane, 10, if is_reversed { -usual } else { usual });
            let mut by_number = slab.bare(0);
            image_header(&mut by_number, &[("NumberOfImagesInMosaic", &["10"]), ("ProtocolSliceNumber", &[last])]);
            let mut by_order = slab.bare(0);
            image_header(&mut by_order, &[("NumberOfImagesInMosaic", &["10"])]);
            series_header(&mut by_order, &numbering(if is_reversed { name } else { "None" }));
            for ds in [by_number, by_order] {
                let found = Study::of([ds]).convert();
                assert!(is_true(&found[0]) && codes(&found[0]).is_empty(), "{name} {is_reversed}");
            }
        }
    }
}

#[test]
fn the_usual_direction_is_assumed_where_nothing_tells_it_and_that_is_said() {
    for (plane, usual) in [(AXIAL, 1.0), (CORONAL, 1.0), (SAGITTAL, -1.0)] {
        let mut ds = Slab::new(plane, 7, usual).bare(0);
        text(&mut ds, Tag(0x0019, 0x0010), VR::LO, "SIEMENS MR HEADER");
        short(&mut ds, Tag(0x0019, 0x100A), 7);
        let found = Study::of([ds]).convert();
        assert_eq!(found[0].volume.shape()[2], 7);
        assert_eq!(codes(&found[0]), ["slice-direction-assumed"]);
        assert!(is_true(&found[0]));
    }
}

#[test]
fn the_number_may_be_that_of_the_times_or_of_the_slices_in_the_protocol() {
    let slab = Slab::new(AXIAL, 3, -1.0);
    let mut timed = slab.bare(0);
    image_header(
        &mut timed,
        &[("SliceNormalVector", &["0", "0", "-1"]), ("MosaicRefAcqTimes", &["0.0", "70.0", "140.0"])],
    );
    let mut planned = slab.bare(0);
    series_header(&mut planned, &slab.protocol());
    let mut modern = slab.bare(0);
    text(&mut modern, Tag(0x0021, 0x0010), VR::LO, "SIEMENS MR SDS 01");
    super::made::put(&mut modern, Tag(0x0021, 0x1019), slab.protocol().into_bytes());
    for ds in [timed, planned, modern] {
        let found = Study::of([ds]).convert();
        assert_eq!(found[0].volume.shape()[2], 3);
        assert!(is_true(&found[0]) && codes(&found[0]).is_empty());
    }
}

#[test]
fn the_distance_may_be_that_of_the_slices_in_the_protocol() {
    let slab = Slab::new(CORONAL, 6, 1.0);
    let mut ds = slab.siemens(0);
    ds.remove_element(tags::SPACING_BETWEEN_SLICES);
    series_header(&mut ds, &slab.protocol());
    assert!(is_true(&Study::of([ds]).convert()[0]));
}
