//! A pointwise map that is linear between two limits: what most steps come down to.

use isocenter_volume::Ctx;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{Error, Output, error::number};

/// Samples of one block of work.
pub(crate) const BLOCK: usize = 1 << 16;

/// `(clip(x) - shift) * scale + offset`, computed in f64 and rounded once to f32.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Repr", into = "Repr")]
pub struct LinearMap {
    clip: Option<[f64; 2]>,
    shift: f64,
    scale: f64,
    offset: f64,
    keep_zeros: bool,
    fill: Option<f64>,
}

impl LinearMap {
    /// The map that changes nothing.
    pub const IDENTITY: Self = Self { clip: None, shift: 0.0, scale: 1.0, offset: 0.0, keep_zeros: false, fill: None };

    /// `(x - shift) * scale + offset`.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless all three are finite.
    pub fn new(shift: f64, scale: f64, offset: f64) -> Result<Self, Error> {
        number("shift", shift)?;
        number("scale", scale)?;
        number("offset", offset)?;
        Ok(Self { shift, scale, offset, ..Self::IDENTITY })
    }

    /// Takes `low..=high` to the output, clipped to it where `clip`.
    ///
    /// # Errors
    /// [`Error::Constant`] where `low` equals `high` and a range is asked for; [`Error::BadParameter`].
    pub fn between(low: f64, high: f64, out: Output, clip: bool) -> Result<Self, Error> {
        number("lower limit", low)?;
        number("upper limit", high)?;
        if low > high {
            return Err(Error::BadParameter { what: "lower limit", wanted: "below the upper one", found: low });
        }
        let map = match out {
            Output::Keep => Self::IDENTITY,
            Output::Range([from, to]) => {
                number("output range", from)?;
                number("output range", to)?;
                if low == high {
                    return Err(Error::Constant { what: "the width of the range" });
                }
                Self::new(low, (to - from) / (high - low), from)?
            }
        };
        if clip { map.clipping([low, high]) } else { Ok(map) }
    }

    /// With values first clipped to these limits, in the unit of the input.
    ///
    /// # Errors
    /// [`Error::BadParameter`] unless both are numbers and in order.
    pub fn clipping(self, [low, high]: [f64; 2]) -> Result<Self, Error> {
        number("lower limit", low)?;
        number("upper limit", high)?;
        if low > high {
            return Err(Error::BadParameter { what: "lower limit", wanted: "below the upper one", found: low });
        }
        Ok(Self { clip: Some([low, high]), ..self })
    }

    /// With samples that are exactly 0 kept at 0 (background outside of a mask), or not.
    #[must_use]
    pub const fn keeping_zeros(self, keep_zeros: bool) -> Self {
        Self { keep_zeros, ..self }
    }

    /// With a value, in the unit of the output, in the place of NaN and infinite samples; they stay as they are without it.
    ///
    /// # Errors
    /// [`Error::BadParameter`] for what is no number itself.
    pub fn filling(self, with: f64) -> Result<Self, Error> {
        Ok(Self { fill: Some(number("fill", with)?), ..self })
    }

    /// The limits that values are first clipped to, in the unit of the input.
    pub const fn clip(&self) -> Option<[f64; 2]> {
        self.clip
    }

    /// What is taken off, in the unit of the input.
    pub const fn shift(&self) -> f64 {
        self.shift
    }

    /// What is multiplied with: units of the output per unit of the input.
    pub const fn scale(&self) -> f64 {
        self.scale
    }

    /// What is added, in the unit of the output.
    pub const fn offset(&self) -> f64 {
        self.offset
    }

    /// Whether samples that are exactly 0 stay 0.
    pub const fn keeps_zeros(&self) -> bool {
        self.keep_zeros
    }

    /// What takes the place of NaN and infinite samples, in the unit of the output.
    pub const fn fill(&self) -> Option<f64> {
        self.fill
    }

    /// The value of one sample.
    #[inline]
    pub fn value(&self, sample: f32) -> f32 {
        if let Some(fill) = self.fill.filter(|_| !sample.is_finite()) {
            return fill as f32;
        }
        if self.keep_zeros && sample == 0.0 {
            return 0.0;
        }
        let [low, high] = self.clip.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
        self.inside(f64::from(sample), low, high)
    }

    #[inline(always)]
    fn inside(&self, x: f64, low: f64, high: f64) -> f32 {
        // NaN fails both comparisons and stays NaN
        let x = if x < low { low } else { x };
        let x = if x > high { high } else { x };
        ((x - self.shift) * self.scale + self.offset) as f32
    }

    /// Maps samples into a buffer of the same length.
    ///
    /// # Errors
    /// [`Error::Length`]; [`Error::Cancelled`], the buffer is filled in part then.
    pub fn map_into(&self, samples: &[f32], out: &mut [f32], ctx: &Ctx<'_>) -> Result<(), Error> {
        if samples.len() != out.len() {
            return Err(Error::Length { what: "the output buffer", wanted: samples.len(), found: out.len() });
        }
        let stage = ctx.stage("apply", samples.len().div_ceil(BLOCK) as u64);
        out.par_chunks_mut(BLOCK).zip(samples.par_chunks(BLOCK)).try_for_each(|(out, samples)| {
            stage.check()?;
            if self.is_plain() {
                let [low, high] = self.clip.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
                out.iter_mut().zip(samples).for_each(|(o, &s)| *o = self.inside(f64::from(s), low, high));
            } else {
                out.iter_mut().zip(samples).for_each(|(o, &s)| *o = self.value(s));
            }
            stage.advance(1)
        })?;
        Ok(())
    }

    /// Maps samples where they are.
    ///
    /// # Errors
    /// [`Error::Cancelled`]; some of the samples are mapped then.
    pub fn map_in_place(&self, samples: &mut [f32], ctx: &Ctx<'_>) -> Result<(), Error> {
        let stage = ctx.stage("apply", samples.len().div_ceil(BLOCK) as u64);
        samples.par_chunks_mut(BLOCK).try_for_each(|samples| {
            stage.check()?;
            self.map_block(samples);
            stage.advance(1)
        })?;
        Ok(())
    }

    /// Maps samples where they are, on the thread that asks.
    pub(crate) fn map_block(&self, samples: &mut [f32]) {
        if self.is_plain() {
            let [low, high] = self.clip.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
            samples.iter_mut().for_each(|s| *s = self.inside(f64::from(*s), low, high));
        } else {
            samples.iter_mut().for_each(|s| *s = self.value(*s));
        }
    }

    /// The map back: `shift` and `offset` change places.
    ///
    /// # Errors
    /// [`Error::NotInvertible`] where the map clips, fills, keeps zeros apart or has scale 0.
    pub fn inverse(&self) -> Result<Self, Error> {
        let lost = |why| Err(Error::NotInvertible { why });
        match self {
            Self { clip: Some(_), .. } => lost("values outside the limits were clipped"),
            Self { keep_zeros: true, .. } => lost("zeros were kept apart from the mean"),
            Self { fill: Some(_), .. } => lost("values that were not finite were replaced"),
            Self { scale, .. } if *scale == 0.0 || !(1.0 / scale).is_finite() => lost("the scale is 0"),
            _ => Self::new(self.offset, 1.0 / self.scale, self.shift),
        }
    }

    const fn is_plain(&self) -> bool {
        !self.keep_zeros && self.fill.is_none()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repr {
    #[serde(with = "isocenter_volume::exact::optional_limits", default)]
    clip: Option<[f64; 2]>,
    #[serde(with = "isocenter_volume::exact")]
    shift: f64,
    #[serde(with = "isocenter_volume::exact")]
    scale: f64,
    #[serde(with = "isocenter_volume::exact")]
    offset: f64,
    keep_zeros: bool,
    #[serde(with = "isocenter_volume::exact::optional", default)]
    fill: Option<f64>,
}

impl TryFrom<Repr> for LinearMap {
    type Error = Error;

    fn try_from(r: Repr) -> Result<Self, Error> {
        let map = Self::new(r.shift, r.scale, r.offset)?.keeping_zeros(r.keep_zeros);
        let map = r.clip.map_or(Ok(map), |limits| map.clipping(limits))?;
        r.fill.map_or(Ok(map), |with| map.filling(with))
    }
}

impl From<LinearMap> for Repr {
    fn from(map: LinearMap) -> Self {
        let LinearMap { clip, shift, scale, offset, keep_zeros, fill } = map;
        Self { clip, shift, scale, offset, keep_zeros, fill }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_go_exactly_to_the_ends() {
        let map = LinearMap::between(-160.0, 240.0, Output::Range([0.0, 1.0]), true).unwrap();
        let got = [-1000.0, -160.0, 40.0, 240.0, 3000.0].map(|v| map.value(v));
        assert_eq!(got, [0.0, 0.0, 0.5, 1.0, 1.0]);
        assert_eq!([f32::NEG_INFINITY, f32::INFINITY].map(|v| map.value(v)), [0.0, 1.0]);
        assert!(map.value(f32::NAN).is_nan());
    }

    #[test]
    fn buffer_and_in_place_give_the_same() {
        let (map, ctx) = (LinearMap::new(3.0, 0.25, -1.0).unwrap(), Ctx::default());
        let samples: Vec<f32> = (0..1000).map(|n| n as f32 * 0.37).collect();
        let mut out = vec![0.0; 1000];
        map.map_into(&samples, &mut out, &ctx).unwrap();
        let mut same = samples.clone();
        map.map_in_place(&mut same, &ctx).unwrap();
        assert_eq!(out, same);
        assert_eq!(out[7], map.value(samples[7]));
        assert!(map.map_into(&samples, &mut out[1..], &ctx).is_err());
    }

    #[test]
    fn what_clips_has_no_inverse() {
        let map = LinearMap::between(0.0, 2.0, Output::Range([0.0, 1.0]), true).unwrap();
        assert!(matches!(map.inverse(), Err(Error::NotInvertible { .. })));
        let free = LinearMap::between(0.0, 2.0, Output::Range([0.0, 1.0]), false).unwrap();
        assert_eq!(free.inverse().unwrap().value(free.value(1.25)), 1.25);
    }
}
