//! Samples that a picture holds: as they are, as 16 bits where they fit, or a window of them as 8 bits.

use isocenter_volume::{DynSamples, SampleType, with_real_samples};

use crate::{Error, File, WriteOptions, options::Gray};

/// What a kind of picture holds besides bytes and colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// Whole numbers of two bytes, without a sign.
    Bytes2,
    /// Every real type.
    Real,
}

/// The samples to write.
pub(super) fn planes(file: &File, options: &WriteOptions<'_>, holds: Holds) -> Result<DynSamples, Error> {
    if let Some(gray) = options.gray {
        return windowed(file, gray, options);
    }
    file.refuse_scaling()?;
    let samples = file.volume.samples();
    match (samples.sample_type(), holds) {
        (SampleType::Complex32 | SampleType::Complex64, _) => {
            Err(Error::unsupported("sample type in a picture", samples.sample_type().name()))
        }
        (SampleType::U8 | SampleType::U16 | SampleType::Rgb, _) | (_, Holds::Real) => Ok(samples.clone()),
        _ => sixteen(samples).ok_or_else(|| {
            Error::unsupported("values that 16 bits do not hold in PNG", "with_gray writes a window of them")
        }),
    }
}

/// Whole numbers of 0 to 65,535, of whatever type.
fn sixteen(samples: &DynSamples) -> Option<DynSamples> {
    macro_rules! narrowed {
        ($samples:expr) => {
            $samples.iter().map(|v| u16::try_from(*v).ok()).collect::<Option<Vec<u16>>>().map(Into::into)
        };
    }
    match samples {
        DynSamples::I8(s) => narrowed!(s),
        DynSamples::I16(s) => narrowed!(s),
        DynSamples::U32(s) => narrowed!(s),
        DynSamples::I32(s) => narrowed!(s),
        DynSamples::U64(s) => narrowed!(s),
        DynSamples::I64(s) => narrowed!(s),
        _ => None,
    }
}

/// Real values of a window as 8 bits.
fn windowed(file: &File, gray: Gray, options: &WriteOptions<'_>) -> Result<DynSamples, Error> {
    let volume = &file.volume;
    if matches!(volume.sample_type(), SampleType::Rgb | SampleType::Complex32 | SampleType::Complex64) {
        return Err(Error::unsupported("a window of samples that are no real numbers", volume.sample_type().name()));
    }
    let pixels = volume.shape()[0] * volume.shape()[1];
    let stage = options.ctx.stage("window", volume.samples().len() as u64);
    let each = |act: &mut dyn FnMut(f64)| -> Result<(), Error> {
        with_real_samples!(volume.samples(), samples => {
            for (plane, part) in samples.as_slice().chunks(pixels.max(1)).enumerate() {
                stage.check()?;
                let rescale = volume.scaling().of_plane(plane);
                part.iter().for_each(|s| act(rescale.apply(isocenter_volume::Real::to_f64(*s))));
            }
        }, else {});
        Ok(())
    };
    let (low, high) = match gray {
        Gray::Window { centre, width } if width > 0.0 && centre.is_finite() && width.is_finite() => {
            (centre - width / 2.0, centre + width / 2.0)
        }
        Gray::Window { width, .. } => return Err(Error::unsupported("a window of this width", width)),
        Gray::Range => {
            let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
            each(&mut |v| {
                if v.is_finite() {
                    (low, high) = (low.min(v), high.max(v));
                }
            })?;
            (low, high)
        }
    };
    let mut bytes = Vec::with_capacity(volume.samples().len());
    // of one value alone, and of NaN, nothing is seen
    each(&mut |v| {
        bytes.push(if high > low { ((v - low) / (high - low) * 255.0).clamp(0.0, 255.0).round() as u8 } else { 0 })
    })?;
    Ok(bytes.into())
}
