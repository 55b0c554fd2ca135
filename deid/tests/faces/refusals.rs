//! What is refused, and why.

use isocenter_dcm::dicom_core::{DataElement, PrimitiveValue};
use isocenter_dcm::{Instance, OpenOptions, VR, tags};
use isocenter_deid::faces::{Alignment, Error, Faces};
use isocenter_deid::{Ctx, Family};
use isocenter_phantom::Vendor;
use isocenter_phantom::series::Modality;
use isocenter_volume::{Affine, Frame, Geometry, Mask, Volume};
use std::sync::atomic::AtomicBool;

use crate::scene::{WORLD, brain, builder, faces, grids, mask, nameless, series};

fn new(mask: Mask) -> Result<Faces, Error> {
    Faces::new(mask, &Ctx::default())
}

fn slices() -> Vec<Instance> {
    series(&builder(Modality::Ct, &grids()[1], Vendor::Siemens))
}

fn apply(faces: &Faces, instance: &mut Instance) -> Result<u64, Error> {
    let before = instance.to_bytes().unwrap();
    let result = faces.apply(instance, &Ctx::default()).map(|defaced| defaced.voxels);
    assert!(result.is_ok() || instance.to_bytes().unwrap() == before, "changed although refused");
    result
}

fn shifted(grid: &Geometry, by: [f64; 3], frame: Frame) -> Geometry {
    Geometry::new(grid.shape(), Affine::translation_by(by).compose(grid.affine()), frame).unwrap()
}

#[test]
fn masks_that_cannot_be_a_faces() {
    let grid = mask().geometry().clone();
    assert!(matches!(new(Mask::none(grid.clone())), Err(Error::EmptyMask)));
    assert!(matches!(new(Mask::full(grid.clone().with_frame(Frame::Unknown))), Err(Error::World(_))));
    let long =
        Geometry::new([9, 9, 90], Affine::from_spacing_origin([10.0; 3], [0.0; 3]), Frame::Patient(None)).unwrap();
    assert!(matches!(new(Mask::full(long)), Err(Error::MaskTooLarge { extent_mm, .. }) if extent_mm == 900.0));
    let singular = Affine::from_rows([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0]]);
    let infinite = Affine::translation_by([f64::INFINITY, 0.0, 0.0]);
    for map in [singular, infinite] {
        assert!(matches!(Alignment::image_from_template(map), Err(Error::BadAlignment)));
        assert!(matches!(Alignment::template_from_image(map), Err(Error::BadAlignment)));
    }
}

#[test]
fn a_mask_that_would_remove_brain_or_most_of_the_image() {
    let grid = &grids()[0];
    let brain = brain(grid);
    let wrong = new(mask().complement()).unwrap();
    assert!(matches!(wrong.clone().with_brain(brain.clone()), Err(Error::Brain { share }) if share > 0.5));
    let small = grids()[0].clone();
    let most = new(Mask::full(small.clone())).unwrap();
    assert!(matches!(most.on(&small, &Ctx::default()), Err(Error::TooMuch { share }) if share == 1.0));
    let apart = Frame::Patient(Some("1.2.3".to_owned()));
    let elsewhere = Mask::from_words(brain.words().to_vec(), grid.clone().with_frame(apart)).unwrap();
    assert!(matches!(faces().with_brain(elsewhere.clone()), Err(Error::World(_))));
    assert!(matches!(faces().and(elsewhere, &Ctx::default()), Err(Error::World(_))));
    let guarded = faces().with_brain(brain.clone()).unwrap();
    assert!(matches!(guarded.and(brain.clone(), &Ctx::default()), Err(Error::Brain { .. })));
    assert!(matches!(faces().with_brain(Mask::none(grid.clone())), Err(Error::EmptyMask)));
}

#[test]
fn volumes_that_lie_nowhere_in_another_world_or_away_from_the_mask() {
    let grid = nameless(&grids()[1]);
    let on = |grid: &Geometry| faces().on(grid, &Ctx::default());
    assert!(on(&grid).is_ok());
    for frame in [Frame::Unknown, Frame::Pixel] {
        let mut volume = Volume::new(vec![1u8; grid.len()], grid.clone().with_frame(frame)).unwrap();
        let result = faces().apply_to_volume(&mut volume, &Ctx::default());
        assert!(matches!(result, Err(Error::NoGeometry { frame: 0 })));
        assert!(volume.voxels().iter().all(|&voxel| voxel == 1));
    }
    assert!(matches!(on(&grid.clone().with_frame(Frame::Patient(Some("1.2.3".to_owned())))), Err(Error::World(_))));
    let away = shifted(&grid, [0.0, 0.0, 400.0], Frame::Patient(None));
    assert!(matches!(on(&away), Err(Error::NotInView { distance_mm }) if distance_mm > 200.0));
    assert!(faces().allow_untouched().on(&away, &Ctx::default()).unwrap().is_empty());
    // the top of a head: beside the mask in no direction but above
    let top =
        Geometry::new([40, 40, 3], Affine::from_spacing_origin([2.0; 3], [-40.0, 10.0, -20.0]), Frame::Patient(None))
            .unwrap();
    let result = on(&top);
    assert!(matches!(result, Err(Error::NothingCovered)), "{result:?}");
}

#[test]
fn images_that_lie_nowhere_or_in_another_world() {
    let mut none = slices().remove(4);
    none.dataset.remove_element(tags::IMAGE_POSITION_PATIENT);
    assert!(matches!(apply(&faces(), &mut none), Err(Error::NoGeometry { frame: 0 })));
    let mut other = slices().remove(4);
    other.dataset.put(DataElement::new(tags::FRAME_OF_REFERENCE_UID, VR::UI, "1.2.3"));
    let error = apply(&faces(), &mut other).unwrap_err();
    assert_eq!((error.reason(), error.family()), ("face-other-world", Family::Argument));
}

#[test]
fn slices_that_lie_far_from_the_mask_pass_only_where_the_world_is_surely_the_same() {
    let far = shifted(mask().geometry(), [0.0, 900.0, 0.0], Frame::Patient(None));
    let unsure = new(Mask::from_words(mask().words().to_vec(), far.clone()).unwrap()).unwrap();
    let sure =
        new(Mask::from_words(mask().words().to_vec(), far.with_frame(Frame::Patient(Some(WORLD.to_owned())))).unwrap())
            .unwrap();
    for plane in [0, 15, 29] {
        let mut slice = slices().remove(plane);
        assert!(matches!(apply(&unsure, &mut slice), Err(Error::NotInView { distance_mm }) if distance_mm > 500.0));
        assert_eq!(apply(&sure, &mut slice).unwrap(), 0);
        assert_eq!(apply(&unsure.clone().allow_untouched(), &mut slice).unwrap(), 0);
    }
    // a slice of the same head above the face
    assert_eq!(apply(&faces(), &mut slices().remove(29)).unwrap(), 0);
    // all slices in one: nothing of it is covered, and nothing is although the mask lies right behind the head, which is outward of it
    let mut all = series(&builder(Modality::Mr, &grids()[2], Vendor::Siemens).enhanced(true)).remove(0);
    assert_eq!(apply(&sure, &mut all).unwrap_err().reason(), "face-not-in-view");
    let behind = shifted(mask().geometry(), [0.0, 280.0, 0.0], Frame::Patient(None));
    let behind = new(Mask::from_words(mask().words().to_vec(), behind).unwrap()).unwrap();
    assert!(behind.holds([0.0, -15.0, -80.0]));
    assert!(matches!(apply(&behind, &mut all), Err(Error::NotInView { .. } | Error::NothingCovered)));
    assert!(matches!(behind.on(&grids()[2], &Ctx::default()), Err(Error::NotInView { .. } | Error::NothingCovered)));
}

#[test]
fn projections_mosaics_and_headers_alone() {
    let mut scout = slices().remove(4);
    let kind = |text: &str| {
        let terms = text.split('\\').map(str::to_owned).collect();
        DataElement::new(tags::IMAGE_TYPE, VR::CS, PrimitiveValue::Strs(terms))
    };
    scout.dataset.put(kind("ORIGINAL\\PRIMARY\\LOCALIZER"));
    assert!(matches!(apply(&faces(), &mut scout), Err(Error::Unsupported { .. })));
    for terms in ["DERIVED\\SECONDARY\\PROJECTION IMAGE", "DERIVED\\PRIMARY\\CSA MIP", "ORIGINAL\\PRIMARY\\M\\MOSAIC"] {
        scout.dataset.put(kind(terms));
        assert_eq!(apply(&faces(), &mut scout).unwrap_err().family(), Family::Unsupported);
    }
    let bytes = slices().remove(4).to_bytes().unwrap();
    let mut header = OpenOptions::new().header_only(true).parse(&bytes).unwrap();
    assert_eq!(faces().apply(&mut header, &Ctx::default()).unwrap_err().reason(), "header-only");
}

#[test]
fn a_caller_can_stop_it() {
    struct Stop(AtomicBool);
    impl isocenter_volume::Observer for Stop {
        fn is_cancelled(&self) -> bool {
            self.0.load(std::sync::atomic::Ordering::Relaxed)
        }
    }
    let stop = Stop(AtomicBool::new(true));
    let ctx = Ctx::default().with_observer(&stop);
    assert!(matches!(Faces::new(mask(), &ctx), Err(Error::Cancelled)));
    assert!(matches!(faces().on(&grids()[1], &ctx), Err(Error::Cancelled)));
    assert!(matches!(faces().apply(&mut slices().remove(4), &ctx), Err(Error::Cancelled)));
}
