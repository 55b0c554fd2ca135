//! The samples of a volume as the pixels of an object: exact where whole numbers of 16 bits hold them, else rounded with the least
//! slope.
//!
//! *Exact*: stored values that are whole and span at most 65536 numbers are kept, moved by a constant where they must be, with the
//! volume's own slope and an intercept that takes the move back. *Rounded*: real values are counted from the least in steps of the
//! span's 65535th part; a PET, whose intercept is always 0, in steps of each plane's greatest value.

mod range;

use isocenter_dcm::dicom_core::PrimitiveValue;
use isocenter_volume::{Ctx, DynSamples, DynVolume, Real, Rescale, Rgb, SampleType, with_real_samples};

use self::range::Range;
use super::{
    decimal,
    error::Error,
    kind::{Branch, Kind},
    warning::Warning,
};

/// How samples become pixels.
#[derive(Clone, Debug)]
pub(super) struct Pixels {
    pub(super) form: Form,
    /// Of each plane of the volume, or one for all.
    scaling: Vec<Rescale>,
    way: Way,
    /// Least and greatest finite stored value, of floats.
    pub(super) span: Option<[f64; 2]>,
}

/// What a pixel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Byte,
    Word { signed: bool },
    Colour,
    Float,
    Double,
}

#[derive(Clone, Debug)]
enum Way {
    /// Stored values less a constant.
    Exact(f64),
    /// Real values by the scaling.
    Rounded,
}

impl Pixels {
    /// How the samples of a volume become the pixels of a kind, and what that loses.
    pub(super) fn of(volume: &DynVolume, kind: Kind, ctx: &Ctx<'_>) -> Result<(Self, Vec<Warning>), Error> {
        let found = volume.sample_type();
        if found == SampleType::Rgb && kind.is_capture() {
            return Ok((
                Self { form: Form::Colour, scaling: vec![Rescale::IDENTITY], way: Way::Exact(0.0), span: None },
                Vec::new(),
            ));
        }
        if !found.is_real() {
            return Err(Error::SampleType { kind, found });
        }
        if kind == Kind::ParametricMap {
            let single = matches!(found, SampleType::F16 | SampleType::F32) || found.is_integer() && found.bytes() < 4;
            let form = if single { Form::Float } else { Form::Double };
            let range = Self::range(volume, kind, ctx)?;
            let span = (range.stored[0] <= range.stored[1]).then_some(range.stored);
            return Ok((Self { form, scaling: own_scaling(volume), way: Way::Exact(0.0), span }, Vec::new()));
        }
        let range = Self::range(volume, kind, ctx)?;
        if range.not_finite > 0 {
            return Err(Error::NotFinite { samples: range.not_finite });
        }
        match Self::exact(volume, kind, &range) {
            Some((pixels, warnings)) => Ok((pixels, warnings)),
            None => Self::rounded(volume, kind, &range, ctx),
        }
    }

    fn range(volume: &DynVolume, kind: Kind, ctx: &Ctx<'_>) -> Result<Range, Error> {
        let stage = ctx.stage("look at samples", volume.head().planes() as u64);
        with_real_samples!(volume.samples(), s => Range::of(s, volume, &stage),
            else Err(Error::SampleType { kind, found: volume.sample_type() }))
    }

    /// Whole stored values that 16 bits hold.
    fn exact(volume: &DynVolume, kind: Kind, range: &Range) -> Option<(Self, Vec<Warning>)> {
        let [low, high] = range.stored;
        if !range.is_whole || low.abs().max(high.abs()) > MOST_WHOLE {
            return None;
        }
        let own = own_scaling(volume);
        // a PET has no intercept: stored values take it in, where it is a whole number of steps
        let moved = if kind.branch() == Branch::Pet { -whole_steps(&own)? } else { 0.0 };
        let [low, high] = [low - moved, high - moved];
        let bytes = kind.is_capture() && (0.0..256.0).contains(&low) && high < 256.0;
        let signed = (-32768.0..32768.0).contains(&low) && high < 32768.0;
        let unsigned = low >= 0.0 && high < 65536.0;
        let prefers_signed = !matches!(volume.sample_type(), SampleType::U8 | SampleType::U16 | SampleType::U32);
        let (form, more) = match () {
            () if bytes && volume.sample_type().bytes() == 1 => (Form::Byte, 0.0),
            () if kind.is_capture() && unsigned => (Form::Word { signed: false }, 0.0),
            () if signed && (prefers_signed || !unsigned) => (Form::Word { signed: true }, 0.0),
            () if unsigned => (Form::Word { signed: false }, 0.0),
            () if high - low < 65536.0 && kind.branch() != Branch::Pet => (Form::Word { signed: false }, low),
            () => return None,
        };
        let offset = moved + more;
        let shift = |pair: &Rescale| {
            let intercept = if kind.branch() == Branch::Pet { 0.0 } else { pair.intercept() + pair.slope() * offset };
            Rescale::new(decimal::rounded(pair.slope()), decimal::rounded(intercept)).ok().map(|new| (new, intercept))
        };
        let shifted = own.iter().map(shift).collect::<Option<Vec<_>>>()?;
        let most = (low - more).abs().max((high - more).abs());
        let miss = |(pair, (new, intercept)): (&Rescale, &(Rescale, f64))| {
            (pair.slope() - new.slope()).abs() * most + (intercept - new.intercept()).abs()
        };
        let largest_error = own.iter().zip(&shifted).map(miss).fold(0.0, f64::max);
        let warnings = (largest_error > 0.0).then_some(Warning::ScalingRounded { largest_error });
        let scaling = shifted.into_iter().map(|(new, _)| new).collect();
        Some((Self { form, scaling, way: Way::Exact(offset), span: None }, warnings.into_iter().collect()))
    }

    /// Real values in the smallest steps that 16 bits allow.
    fn rounded(volume: &DynVolume, kind: Kind, range: &Range, ctx: &Ctx<'_>) -> Result<(Self, Vec<Warning>), Error> {
        let is_pet = kind.branch() == Branch::Pet;
        let whole =
            range.planes.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |a, p| [a[0].min(p[0]), a[1].max(p[1])]);
        let signed = is_pet && whole[0] < 0.0;
        let pair = |[low, high]: [f64; 2]| {
            let (step, from) = match (is_pet, signed) {
                (true, true) => ((-low / 32768.0).max(high / 32767.0), 0.0),
                (true, false) => (high / 65535.0, 0.0),
                (false, _) => ((high - low) / 65535.0, decimal::rounded(low)),
            };
            // a blank plane has any step; a step that was rounded down would not reach
            let step = if step > 0.0 && step.is_finite() { decimal::rounded(step) } else { 1.0 };
            Rescale::new(step, from).unwrap_or(Rescale::IDENTITY)
        };
        let scaling: Vec<Rescale> =
            if is_pet { range.planes.iter().map(|p| pair(*p)).collect() } else { vec![pair(whole)] };
        let pixels = Self { form: Form::Word { signed }, scaling, way: Way::Rounded, span: None };
        let stage = ctx.stage("round samples", volume.head().planes() as u64);
        let largest_error = with_real_samples!(volume.samples(), s => pixels.miss(s, volume, &stage)?, else 0.0);
        Ok((pixels, vec![Warning::Quantized { largest_error }]))
    }

    /// How far the written values are from the volume's at most.
    fn miss<T: Real>(
        &self,
        samples: &[T],
        volume: &DynVolume,
        stage: &isocenter_volume::Stage<'_>,
    ) -> Result<f64, Error> {
        let [columns, rows, _] = volume.shape();
        let mut worst = 0.0f64;
        for (plane, samples) in samples.chunks_exact(columns * rows).enumerate() {
            let (own, new) = (volume.scaling().of_plane(plane), self.of_plane(plane));
            for sample in samples {
                let real = own.apply(sample.to_f64());
                worst = worst.max((new.apply(self.count(real, new)) - real).abs());
            }
            stage.advance(1)?;
        }
        Ok(worst)
    }

    /// The whole number nearest to a real value, within the form.
    fn count(&self, real: f64, pair: Rescale) -> f64 {
        let [low, high] = if self.form == (Form::Word { signed: true }) { [-32768.0, 32767.0] } else { [0.0, 65535.0] };
        pair.invert(real).round().clamp(low, high)
    }

    /// The scaling of a plane of the volume.
    pub(super) fn of_plane(&self, plane: usize) -> Rescale {
        self.scaling.get(plane).or_else(|| self.scaling.first()).copied().unwrap_or(Rescale::IDENTITY)
    }

    /// Whether all planes have one scaling.
    pub(super) fn is_uniform(&self) -> bool {
        self.scaling.windows(2).all(|pair| pair[0] == pair[1])
    }

    /// Bytes of a pixel.
    pub(super) const fn bytes(&self) -> usize {
        match self.form {
            Form::Byte => 1,
            Form::Word { .. } => 2,
            Form::Colour => 3,
            Form::Float => 4,
            Form::Double => 8,
        }
    }

    /// The pixels of some planes of the volume, one after another.
    pub(super) fn of_planes(&self, volume: &DynVolume, planes: &[usize]) -> PrimitiveValue {
        let samples = volume.samples();
        match self.form {
            Form::Colour => {
                let colours = samples.get::<Rgb>().map(|s| s.as_slice()).unwrap_or_default();
                let bytes = pick(colours, volume, planes, |_, rgb| rgb);
                even(bytes.into_iter().flat_map(|rgb| rgb.0).collect())
            }
            Form::Byte => even(self.real(samples, volume, planes, |v| v as u8)),
            Form::Word { signed: true } => PrimitiveValue::I16(self.real(samples, volume, planes, |v| v as i16).into()),
            Form::Word { signed: false } => {
                PrimitiveValue::U16(self.real(samples, volume, planes, |v| v as u16).into())
            }
            Form::Float => PrimitiveValue::F32(self.real(samples, volume, planes, |v| v as f32).into()),
            Form::Double => PrimitiveValue::F64(self.real(samples, volume, planes, |v| v).into()),
        }
    }

    fn real<U: Clone>(&self, samples: &DynSamples, volume: &DynVolume, planes: &[usize], to: fn(f64) -> U) -> Vec<U> {
        with_real_samples!(samples, s => pick(s, volume, planes, |plane, sample| {
            let stored = sample.to_f64();
            to(match self.way {
                Way::Exact(offset) => stored - offset,
                Way::Rounded => self.count(volume.scaling().of_plane(plane).apply(stored), self.of_plane(plane)),
            })
        }), else Vec::new())
    }
}

/// The samples of planes, each made something else.
fn pick<T: Copy, U>(samples: &[T], volume: &DynVolume, planes: &[usize], to: impl Fn(usize, T) -> U) -> Vec<U> {
    let [columns, rows, _] = volume.shape();
    let size = columns * rows;
    let mut found = Vec::with_capacity(size * planes.len());
    for &plane in planes {
        let range = plane * size..(plane + 1) * size;
        found.extend(samples.get(range).unwrap_or_default().iter().map(|sample| to(plane, *sample)));
    }
    found
}

/// Bytes of an even number, as a value must be.
fn even(mut bytes: Vec<u8>) -> PrimitiveValue {
    if !bytes.len().is_multiple_of(2) {
        bytes.push(0);
    }
    PrimitiveValue::U8(bytes.into())
}

/// The scalings of the planes, or the one of all.
fn own_scaling(volume: &DynVolume) -> Vec<Rescale> {
    match volume.scaling().as_per_plane() {
        Some(pairs) => pairs.to_vec(),
        None => vec![volume.scaling().of_plane(0)],
    }
}

/// The intercept in steps of the slope, where that is one whole number for all planes.
fn whole_steps(scaling: &[Rescale]) -> Option<f64> {
    let steps = |pair: &Rescale| pair.intercept() / pair.slope();
    let first = scaling.first().map(steps)?;
    (first.fract() == 0.0 && scaling.iter().all(|pair| steps(pair) == first)).then_some(first)
}

/// Beyond it not every whole number is a 64-bit float.
const MOST_WHOLE: f64 = 9_007_199_254_740_992.0;
