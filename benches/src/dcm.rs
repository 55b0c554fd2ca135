//! Cases of `isocenter-dcm`, each beside dicom-rs 0.10.1 in the same process.
//!
//! A case is a verb and a file; it is set up once, and run as often as its timing needs.

use std::error::Error;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use dicom_object::{InMemDicomObject, OpenFileOptions};
use dicom_pixeldata::PixelDecoder;
use isocenter_dcm::dicom_core::{DataElement, PrimitiveValue, VR};
use isocenter_dcm::{Dataset, FileMeta, Instance, OpenOptions, pixel, tags, value};

/// The verbs: what is done to the file, by whom.
pub const VERBS: [&str; 9] =
    ["header", "header_dicom_rs", "open", "open_dicom_rs", "hu", "hu_loop", "hu_dicom_rs", "frame", "frame_dicom_rs"];

/// Something to be timed.
pub type Run = Box<dyn FnMut() -> Result<(), Box<dyn Error>>>;

/// A slice of CT: 512 x 512 values of 16 bits, 12 stored, and the elements that such a file has (some 70).
pub fn slice() -> Instance {
    let mut ds = Dataset::new_empty();
    let text = |ds: &mut Dataset, tag, vr, text: &str| ds.put(DataElement::new(tag, vr, text)).is_some();
    text(&mut ds, tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.2");
    text(&mut ds, tags::SOP_INSTANCE_UID, VR::UI, "1.2.826.0.1.3680043.9.7.1");
    text(&mut ds, tags::RESCALE_SLOPE, VR::DS, "1");
    text(&mut ds, tags::RESCALE_INTERCEPT, VR::DS, "-1024");
    text(&mut ds, tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2");
    for element in 0..60u16 {
        text(&mut ds, isocenter_dcm::Tag(0x0018, 0x9300 + element), VR::LO, "a value of some length");
    }
    for (tag, number) in [
        (tags::ROWS, 512u16),
        (tags::COLUMNS, 512),
        (tags::SAMPLES_PER_PIXEL, 1),
        (tags::BITS_ALLOCATED, 16),
        (tags::BITS_STORED, 12),
        (tags::HIGH_BIT, 11),
        (tags::PIXEL_REPRESENTATION, 0),
    ] {
        ds.put(DataElement::new(tag, VR::US, PrimitiveValue::from(number)));
    }
    let words: Vec<u16> = (0..512u32 * 512).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u16 + 900).collect();
    ds.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(words.into())));
    Instance::new(FileMeta::default(), ds)
}

/// Writes [`slice()`] as a file.
pub fn write_slice(path: &Path) -> Result<(), Box<dyn Error>> {
    Ok(slice().write(path)?)
}

/// Sets a case up.
///
/// # Errors
/// A verb that is not of [`VERBS`], or a file that cannot be read.
pub fn prepare(verb: &str, file: &Path) -> Result<Run, Box<dyn Error>> {
    let path: PathBuf = file.to_owned();
    Ok(match verb {
        "header" => {
            let options = OpenOptions::new().header_only(true);
            Box::new(move || {
                black_box(options.open(&path)?);
                Ok(())
            })
        }
        "header_dicom_rs" => Box::new(move || {
            black_box(OpenFileOptions::new().read_until(tags::PIXEL_DATA).open_file(&path)?);
            Ok(())
        }),
        "open" => Box::new(move || {
            black_box(OpenOptions::new().open(&path)?);
            Ok(())
        }),
        "open_dicom_rs" => Box::new(move || {
            black_box(dicom_object::open_file(&path)?);
            Ok(())
        }),
        "hu" => {
            let (instance, mut out) = opened(&path)?;
            Box::new(move || Ok(instance.frame(0)?.real_into(black_box(&mut out))?))
        }
        "hu_loop" => {
            let (instance, mut out) = opened(&path)?;
            let element = instance.dataset.element(tags::PIXEL_DATA)?;
            let words = element.uint16_slice()?.to_vec();
            let number = |tag| value::f64(&instance.dataset, tag).unwrap_or(0.0) as f32;
            let (slope, intercept) = (number(tags::RESCALE_SLOPE), number(tags::RESCALE_INTERCEPT));
            Box::new(move || {
                let out = black_box(&mut out);
                out.iter_mut().zip(&words).for_each(|(place, &word)| *place = f32::from(word) * slope + intercept);
                Ok(())
            })
        }
        "hu_dicom_rs" => {
            let object: dicom_object::FileDicomObject<InMemDicomObject> = dicom_object::open_file(&path)?;
            Box::new(move || {
                black_box(object.decode_pixel_data()?.to_ndarray::<f32>()?);
                Ok(())
            })
        }
        "frame" => {
            let instance = OpenOptions::new().open(&path)?;
            Box::new(move || {
                black_box(instance.frame(0)?.decode(&pixel::DecodeOptions::default())?);
                Ok(())
            })
        }
        "frame_dicom_rs" => {
            let object = dicom_object::open_file(&path)?;
            Box::new(move || {
                black_box(object.decode_pixel_data_frame(0)?);
                Ok(())
            })
        }
        _ => return Err(format!("no such case: {verb}").into()),
    })
}

fn opened(path: &Path) -> Result<(Instance, Vec<f32>), Box<dyn Error>> {
    let instance = OpenOptions::new().open(path)?;
    let samples = pixel::PixelInfo::of(&instance.dataset)?.samples();
    Ok((instance, vec![0.0; samples]))
}
