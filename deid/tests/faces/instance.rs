//! DICOM instances: one slice a file or all in one, native or compressed.

use isocenter_dcm::dicom_core::value::{DataSetSequence, PrimitiveValue};
use isocenter_dcm::dicom_core::{DataElement, Length};
use isocenter_dcm::pixel::{self, DecodeOptions};
use isocenter_dcm::{Dataset, Instance, OpenOptions, VR, tags, value};
use isocenter_deid::Ctx;
use isocenter_deid::faces::Background;
use isocenter_phantom::Vendor;
use isocenter_phantom::series::Modality;

use crate::scene::{Truth, builder, faces, grids, head, series, turned};

fn samples(instance: &Instance, frame: usize) -> Vec<f64> {
    instance.frame(frame).unwrap().decode(&DecodeOptions::default()).unwrap().to_f64()
}

/// Written and read back, as a file would be.
fn through_file(instance: &Instance) -> Instance {
    OpenOptions::new().parse(&instance.to_bytes().unwrap()).unwrap()
}

#[test]
fn slices_of_every_maker_lose_the_face_to_the_stored_value_of_air_and_nothing_else() {
    let ctx = Ctx::default();
    for (grid, modality, vendor, background) in [
        (&grids()[1], Modality::Ct, Vendor::Siemens, 24.0), // unsigned, 12 bits, intercept -1024
        (&grids()[3], Modality::Ct, Vendor::Ge, 24.0),      // signed, padded with -2000, tilted gantry
        (&grids()[2], Modality::Mr, Vendor::Philips, 0.0),  // with a slope
        (&grids()[1], Modality::Mr, Vendor::Canon, 0.0),
        (&grids()[1], Modality::Pet, Vendor::Siemens, 0.0), // signed, a slope for each plane
    ] {
        let (truth, mut gone) = (Truth::of(grid), 0);
        for (plane, mut instance) in series(&builder(modality, grid, vendor)).into_iter().enumerate() {
            let before = samples(&instance, 0);
            let defaced = faces().apply(&mut instance, &ctx).unwrap();
            let instance = through_file(&instance);
            let changed = truth.check(plane * before.len(), &before, &samples(&instance, 0), background);
            assert!(defaced.voxels >= changed as u64);
            gone += changed;
        }
        assert!(gone > 1000, "{modality:?} {vendor:?}: {gone}");
    }
}

#[test]
fn slices_and_the_volume_they_make_lose_the_same_voxels() {
    let grid = &grids()[1];
    let mask = faces().on(grid, &Ctx::default()).unwrap();
    let mut differ = 0;
    for (plane, mut instance) in series(&builder(Modality::Ct, grid, Vendor::Siemens)).into_iter().enumerate() {
        faces().background(Background::Value(1000.0)).apply(&mut instance, &Ctx::default()).unwrap();
        for (n, value) in samples(&instance, 0).into_iter().enumerate() {
            differ += usize::from((value == 2024.0) != mask.get(plane * grid.shape()[0] * grid.shape()[1] + n));
        }
    }
    // positions in a header have sixteen characters
    assert!(differ < 5, "{differ}");
}

#[test]
fn an_enhanced_image_loses_the_face_frame_by_frame_in_any_order() {
    let grid = &grids()[2];
    let planes = grid.shape()[2];
    let mut image = series(&builder(Modality::Mr, grid, Vendor::Siemens).enhanced(true).reverse()).remove(0);
    let before: Vec<Vec<f64>> = (0..planes).map(|frame| samples(&image, frame)).collect();
    let defaced = faces().apply(&mut image, &Ctx::default()).unwrap();
    let image = through_file(&image);
    let truth = Truth::of(grid);
    let frames = before.iter().enumerate();
    let gone: usize = frames
        .map(|(frame, old)| truth.check((planes - 1 - frame) * old.len(), old, &samples(&image, frame), 0.0))
        .sum();
    assert!(gone > 1000 && defaced.planes > 10 && defaced.planes <= planes);
}

#[test]
fn compressed_images_stay_in_a_syntax_without_loss_and_frames_without_a_face_keep_their_streams() {
    let grid = &grids()[1];
    let (ctx, truth) = (Ctx::default(), Truth::of(grid));
    // RLE, JPEG lossless, JPEG-LS, JPEG 2000
    for syntax in ["1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90"]
    {
        let mut image = series(&builder(Modality::Mr, grid, Vendor::Siemens).enhanced(true)).remove(0);
        pixel::transcode(&mut image, syntax, &ctx).unwrap();
        let before = through_file(&image);
        faces().apply(&mut image, &ctx).unwrap();
        let after = through_file(&image);
        assert_eq!(after.meta.transfer_syntax_uid, syntax);
        let streams =
            |image: &Instance| image.dataset.get(tags::PIXEL_DATA).unwrap().value().fragments().unwrap().to_vec();
        let (old, new) = (streams(&before), streams(&after));
        let mut kept = 0;
        for frame in 0..grid.shape()[2] {
            let old_samples = samples(&before, frame);
            let gone = truth.check(frame * old_samples.len(), &old_samples, &samples(&after, frame), 0.0);
            assert!(gone > 0 || old[frame] == new[frame], "{syntax} {frame}");
            kept += usize::from(old[frame] == new[frame]);
        }
        assert!(kept > 3);
        let mut twice = after.clone();
        faces().apply(&mut twice, &ctx).unwrap();
        assert_eq!(twice.to_bytes().unwrap(), after.to_bytes().unwrap());
    }
}

#[test]
fn the_icon_goes_and_pixels_that_lie_beside_the_samples_of_others_stay() {
    let grid = &grids()[1];
    let teeth = turned().apply(head().landmarks()[6].at_mm);
    let plane = grid.index_of(teeth)[2].round() as usize;
    let mut instance = series(&builder(Modality::Mr, grid, Vendor::Canon)).remove(plane);
    let icon = DataSetSequence::new(vec![Dataset::new_empty()], Length::UNDEFINED);
    instance.dataset.put(DataElement::new_with_len(tags::ICON_IMAGE_SEQUENCE, VR::SQ, Length::UNDEFINED, icon));
    // bits above the twelve that are stored
    let words: Vec<u16> = samples(&instance, 0).iter().map(|&v| v as u16 | 0x3000).collect();
    instance.dataset.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(words.clone().into())));
    faces().apply(&mut instance, &Ctx::default()).unwrap();
    assert!(instance.dataset.get(tags::ICON_IMAGE_SEQUENCE).is_none());
    let bytes = value::bytes(instance.dataset.get(tags::PIXEL_DATA).unwrap());
    let after: Vec<u16> = bytes.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    assert!(after.iter().zip(&words).all(|(new, old)| new == old || *new == 0));
    assert!(after.contains(&0) && after.iter().any(|word| word & 0x3000 != 0));
}
