//! What is not told of a mosaic is not guessed.

use isocenter_convert::{Facts, Options, plan::plan};
use isocenter_dcm::{Dataset, Tag, VR, tags};
use proptest::prelude::*;

use super::made::{AXIAL, Slab, bytes, image_header, put, series_header};
use crate::support::{Study, ct, number, numbers, short, text};

fn with(change: impl FnOnce(&mut Dataset)) -> (&'static str, usize) {
    let mut ds = Slab::new(AXIAL, 9, 1.0).siemens(0);
    change(&mut ds);
    Study::of([ds]).refusal()
}

#[test]
fn one_that_does_not_say_how_many_slices_it_has_is_refused() {
    assert_eq!(Study::of([Slab::new(AXIAL, 9, 1.0).bare(0)]).refusal(), ("mosaic", 1));
    let mut slices = ct(1);
    text(&mut slices[0], tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY\\M\\ND\\MOSAIC");
    let (plan, _) = Study::of(slices).plan();
    assert!(plan.rejected[0].reason.to_string().contains("how many"), "{}", plan.rejected[0].reason);
    let header = |ds: &mut Dataset, count: &str| {
        image_header(ds, &[("NumberOfImagesInMosaic", &[count]), ("SliceNormalVector", &["0", "0", "1"])]);
    };
    for count in ["0", "-4", "8.5", "many", "4294967297", "1e300"] {
        assert_eq!(with(|ds| header(ds, count)), ("mosaic", 1), "{count}");
    }
}

#[test]
fn a_number_that_the_picture_cannot_hold_is_refused() {
    // 3 by 3 tiles of 5 by 4: neither 4 nor 7 tiles in a row part it
    for count in ["10", "49", "2000"] {
        let refused = with(|ds| {
            image_header(ds, &[("NumberOfImagesInMosaic", &[count]), ("SliceNormalVector", &["0", "0", "1"])]);
        });
        assert_eq!(refused, ("mosaic", 1), "{count}");
    }
    // tiles that are smaller than what was acquired
    let slab = Slab { tile: [6, 6], ..Slab::new(AXIAL, 9, 1.0) };
    let mut ds = slab.siemens(0);
    numbers(&mut ds, tags::ACQUISITION_MATRIX, &[6.0, 0.0, 0.0, 6.0]);
    assert_eq!(Study::of([ds.clone()]).convert().len(), 1);
    image_header(&mut ds, &[("NumberOfImagesInMosaic", &["36"]), ("SliceNormalVector", &["0", "0", "1"])]);
    assert_eq!(Study::of([ds]).refusal(), ("mosaic", 1));
}

#[test]
fn headers_that_contradict_themselves_are_refused() {
    let other_count = |ds: &mut Dataset| {
        text(ds, Tag(0x0019, 0x0010), VR::LO, "SIEMENS MR HEADER");
        short(ds, Tag(0x0019, 0x100A), 8);
    };
    assert_eq!(with(other_count), ("mosaic", 1));
    let other_normal = |ds: &mut Dataset| {
        image_header(ds, &[("NumberOfImagesInMosaic", &["9"]), ("SliceNormalVector", &["0", "1", "0"])]);
    };
    assert_eq!(with(other_normal), ("mosaic", 1));
    // the slices of the protocol are somewhere else, and only they tell the number
    let slab = Slab::new(AXIAL, 9, 1.0);
    for first in [[-31.0, 12.5, 55.0], [-24.0, 12.5, -40.0]] {
        let mut ds = slab.bare(0);
        series_header(&mut ds, &Slab { first, ..slab.clone() }.protocol());
        assert_eq!(Study::of([ds]).refusal(), ("mosaic", 1));
    }
}

#[test]
fn one_without_a_place_or_a_distance_is_refused() {
    for tag in [tags::IMAGE_POSITION_PATIENT, tags::PIXEL_SPACING, tags::SPACING_BETWEEN_SLICES] {
        let refused = with(|ds| {
            ds.remove_element(tag);
        });
        assert_eq!(refused, ("mosaic", 1), "{tag:?}");
    }
}

#[test]
fn a_grid_whose_tiles_have_no_places_of_their_own_is_refused() {
    let slab = Slab::new(AXIAL, 6, 1.0);
    let mut none = slab.united_imaging(0);
    none.remove_element(Tag(0x0065, 0x1051));
    let mut more = slab.united_imaging(0);
    number(&mut more, Tag(0x0065, 0x1050), 7.0);
    let mut larger = slab.united_imaging(0);
    let items = Slab { count: 26, ..slab.clone() }.united_imaging(0).element(Tag(0x0065, 0x1051)).unwrap().clone();
    larger.put(items);
    number(&mut larger, Tag(0x0065, 0x1050), 26.0);
    for ds in [none, more, larger] {
        assert_eq!(Study::of([ds]).refusal(), ("mosaic", 1));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_header_ends_in_a_volume_or_in_a_reason(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..40),
        length in any::<prop::sample::Index>(),
        is_series: bool,
    ) {
        let slab = Slab::new(AXIAL, 4, 1.0);
        let mut ds = slab.siemens(0);
        let protocol = slab.protocol();
        let mut header = if is_series {
            bytes(&[("MrPhoenixProtocol", &[&protocol])])
        } else {
            bytes(&[("NumberOfImagesInMosaic", &["4"]), ("SliceNormalVector", &["0", "0", "1"])])
        };
        for (at, byte) in changes {
            let at = at.index(header.len());
            header[at] = byte;
        }
        header.truncate(length.index(header.len()) + 1);
        put(&mut ds, Tag(0x0029, if is_series { 0x1020 } else { 0x1010 }), header);
        let study = Study::of([ds]);
        let files: Vec<Facts> = study.facts();
        let plan = plan(&files, &Options::default()).unwrap();
        prop_assert!(plan.funnel(&files).adds_up());
    }
}
