//! How often each value occurs in an image, before and after its intensity steps.

use std::fmt::Write;

use isocenter_volume::{Volume, stats};
use serde::Serialize;

use super::{html, number, tissue, window::unit_word};

/// Shares of voxels in equal bins.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Histogram {
    /// `before` the intensity steps or `after` them; `as-is` where there are none.
    pub(crate) stage: &'static str,
    /// What the values are counted in.
    pub(crate) unit: String,
    /// Lower end of the first bin.
    pub(crate) low: f64,
    /// Upper end of the last bin.
    pub(crate) high: f64,
    /// Share of the counted voxels in each bin, 0 to 1.
    pub(crate) shares: Vec<f64>,
    /// Share of the counted voxels that lie below the first bin or above the last.
    pub(crate) outside: f64,
    /// Share of all voxels that are padding of a CT and are not counted.
    pub(crate) padding: f64,
    /// Share of all voxels that are NaN or infinite and are not counted.
    pub(crate) not_finite: f64,
}

/// Bins of a histogram.
const BINS: usize = 64;

impl Histogram {
    /// Counts the values of `volume`; what is padding is judged by `judged`, the same voxels in HU, of which NaN is padding too where it
    /// `is_blanked`.
    pub(crate) fn of(
        stage: &'static str,
        volume: &Volume<f32>,
        judged: Option<&Volume<f32>>,
        is_blanked: bool,
    ) -> Option<Self> {
        let samples = volume.step(0)?;
        let hounsfield = judged.and_then(|v| v.step(0));
        let is_padding = |n: usize| {
            let value = hounsfield.and_then(|h| h.get(n));
            value.is_some_and(|v| *v < tissue::PADDING_BELOW_HU || (is_blanked && v.is_nan()))
        };
        let mut counted = Vec::with_capacity(samples.len());
        let mut not_finite = 0usize;
        for (_, value) in samples.iter().enumerate().filter(|(n, _)| !is_padding(*n)) {
            if value.is_finite() {
                counted.push(*value);
            } else {
                not_finite += 1;
            }
        }
        let ends = stats::percentiles(&counted, &[0.0, 0.1, 99.9, 100.0]).ok()?;
        let [least, low, high, most] = ends.try_into().ok()?;
        // a few far values may not press all others into one bin, and where there are none the ends are the ends
        let low = if low - least < (high - low) / 4.0 { least } else { low };
        let high = if most - high < (high - low) / 4.0 { most } else { high };
        let (low, high) = if high > low { (low, high) } else { (low - 0.5, low + 0.5) };
        let mut bins = stats::Histogram::new(low, high, BINS).ok()?;
        bins.add(&counted);
        let share = |n: u64, of: usize| if of == 0 { 0.0 } else { rounded(n as f64 / of as f64) };
        let (below, above, _) = bins.outside();
        Some(Self {
            stage,
            unit: volume.scaling().unit().code().to_owned(),
            low,
            high,
            shares: bins.counts().iter().map(|n| share(*n, counted.len())).collect(),
            outside: share(below + above, counted.len()),
            padding: share((samples.len() - counted.len() - not_finite) as u64, samples.len()),
            not_finite: share(not_finite as u64, samples.len()),
        })
    }

    /// What it shows, in words.
    pub(crate) fn title(&self) -> &'static str {
        match self.stage {
            "before" => "Before the intensity steps",
            "after" => "After the intensity steps",
            _ => "Values as they are; no intensity step",
        }
    }

    /// A small drawing; heights are the square roots of shares, so that the air does not hide all tissue.
    pub(crate) fn to_svg(&self, of_what: &str) -> String {
        let most = self.shares.iter().copied().fold(0.0, f64::max);
        let mut path = String::from("M0 64");
        for (n, share) in self.shares.iter().enumerate() {
            let height = if most > 0.0 { (64.0 * (share / most).sqrt()).ceil() as usize } else { 0 };
            let _ = write!(path, "V{}H{}", 64 - height.min(64), 4 * (n + 1));
        }
        path.push_str("V64Z");
        let unit = unit_word(&self.unit);
        let mut notes = String::new();
        for (share, what) in [
            (self.outside, "of the counted voxels lie beyond both ends"),
            (self.padding, "of all voxels are padding and not counted"),
            (self.not_finite, "of all voxels are not finite and not counted"),
        ] {
            if share > 0.0 {
                let _ = write!(notes, "; {} % {what}", number::short(100.0 * share));
            }
        }
        let (low, high) = (number::short(self.low), number::short(self.high));
        format!(
            "<figure class=\"histogram\"><svg viewBox=\"0 0 256 65\" preserveAspectRatio=\"none\" role=\"img\" \
             aria-label=\"{}: histogram from {low} to {high}{}\"><path d=\"{path}\"/></svg><div class=\"ends\"><span>{low}</span>\
             <span>{high}{}</span></div><figcaption>{}{notes}</figcaption></figure>",
            html::escape(of_what),
            html::escape(&unit),
            html::escape(&unit),
            self.title(),
        )
    }
}

/// A share to a millionth, and no share of something to nothing.
fn rounded(share: f64) -> f64 {
    let millionths = (share * 1e6).round();
    if millionths == 0.0 && share > 0.0 { 1e-6 } else { millionths / 1e6 }
}

#[cfg(test)]
mod tests {
    use isocenter_volume::{Affine, Frame, Geometry};

    use super::*;

    fn of(values: Vec<f32>) -> Volume<f32> {
        let grid = Geometry::new([values.len(), 1, 1], Affine::IDENTITY, Frame::Patient(None)).unwrap();
        Volume::new(values, grid).unwrap()
    }

    #[test]
    fn padding_and_what_is_not_finite_are_told_and_not_counted() {
        let mut values = vec![-3024.0; 500];
        values.extend((0..498).map(|n| n as f32));
        values.extend([f32::NAN, f32::INFINITY]);
        let ct = of(values);
        let found = Histogram::of("before", &ct, Some(&ct), false).unwrap();
        assert_eq!((found.low, found.high, found.padding, found.not_finite), (0.0, 497.0, 0.5, 0.002));
        assert!((found.shares.iter().sum::<f64>() + found.outside - 1.0).abs() < 1e-4);
        let svg = found.to_svg("Item");
        assert!(svg.contains("50 % of all voxels are padding") && svg.contains("0.2 % of all voxels are not finite"));
        // after a step the padding is no longer -3024, and is left out by what it was
        let after = of(ct.voxels().iter().map(|v| v / 100.0 + 7.0).collect());
        assert_eq!(Histogram::of("after", &after, Some(&ct), false).unwrap().padding, 0.5);
        // padding that was taken out before is NaN, and told as padding all the same
        let blanked = of(ct.voxels().iter().map(|v| if *v < -1500.0 { f32::NAN } else { *v }).collect());
        let found = Histogram::of("before", &blanked, Some(&blanked), true).unwrap();
        assert_eq!((found.padding > 0.49, found.not_finite < 0.01), (true, true));
    }

    #[test]
    fn a_far_value_is_told_and_does_not_squeeze_the_others() {
        let mut values: Vec<f32> = (0..10_000).map(|n| (n % 100) as f32).collect();
        values[5] = 1e9;
        let found = Histogram::of("as-is", &of(values), None, false).unwrap();
        assert!(found.high < 101.0 && found.outside > 0.0);
        assert!(found.shares.iter().all(|s| *s > 0.0));
        assert!(Histogram::of("as-is", &of(vec![3.0; 8]), None, false).is_some());
        assert!(Histogram::of("as-is", &of(vec![f32::NAN; 8]), None, false).is_none());
    }
}
