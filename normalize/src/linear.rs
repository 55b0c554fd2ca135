//! A pointwise map that is linear between two limits: what most steps come down to.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{Error, Output, error::number, region::BLOCK};

/// `(clip(x) - shift) * scale + offset`, computed in f64 and rounded once to f32.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct LinearMap {
    /// Values are first clipped to these limits, in the unit of the input.
    pub clip: Option<[f64; 2]>,
    /// Taken off, in the unit of the input.
    pub shift: f64,
    /// Multiplied with: units of the output per unit of the input.
    pub scale: f64,
    /// Added, in the unit of the output.
    pub offset: f64,
    /// Whether samples that are exactly 0 stay 0 (background outside of a mask).
    pub keep_zeros: bool,
    /// What takes the place of NaN and infinite samples, in the unit of the output; they stay as they are without it.
    pub fill: Option<f64>,
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
        let clip = clip.then_some([low, high]);
        match out {
            Output::Keep => Ok(Self { clip, ..Self::IDENTITY }),
            Output::Range([from, to]) => {
                number("output range", from)?;
                number("output range", to)?;
                if low == high {
                    return Err(Error::Constant { what: "the width of the range" });
                }
                Ok(Self { clip, ..Self::new(low, (to - from) / (high - low), from)? })
            }
        }
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
    /// [`Error::Length`].
    pub fn map_into(&self, samples: &[f32], out: &mut [f32]) -> Result<(), Error> {
        if samples.len() != out.len() {
            return Err(Error::Length { what: "the output buffer", wanted: samples.len(), found: out.len() });
        }
        out.par_chunks_mut(BLOCK).zip(samples.par_chunks(BLOCK)).for_each(|(out, samples)| {
            if self.is_plain() {
                let [low, high] = self.clip.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
                out.iter_mut().zip(samples).for_each(|(o, &s)| *o = self.inside(f64::from(s), low, high));
            } else {
                out.iter_mut().zip(samples).for_each(|(o, &s)| *o = self.value(s));
            }
        });
        Ok(())
    }

    /// Maps samples where they are.
    pub fn map_in_place(&self, samples: &mut [f32]) {
        samples.par_chunks_mut(BLOCK).for_each(|samples| {
            if self.is_plain() {
                let [low, high] = self.clip.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
                samples.iter_mut().for_each(|s| *s = self.inside(f64::from(*s), low, high));
            } else {
                samples.iter_mut().for_each(|s| *s = self.value(*s));
            }
        });
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
        let map = LinearMap::new(3.0, 0.25, -1.0).unwrap();
        let samples: Vec<f32> = (0..1000).map(|n| n as f32 * 0.37).collect();
        let mut out = vec![0.0; 1000];
        map.map_into(&samples, &mut out).unwrap();
        let mut same = samples.clone();
        map.map_in_place(&mut same);
        assert_eq!(out, same);
        assert_eq!(out[7], map.value(samples[7]));
        assert!(map.map_into(&samples, &mut out[1..]).is_err());
    }

    #[test]
    fn what_clips_has_no_inverse() {
        let map = LinearMap::between(0.0, 2.0, Output::Range([0.0, 1.0]), true).unwrap();
        assert!(matches!(map.inverse(), Err(Error::NotInvertible { .. })));
        let free = LinearMap { clip: None, ..map };
        assert_eq!(free.inverse().unwrap().value(free.value(1.25)), 1.25);
    }
}
