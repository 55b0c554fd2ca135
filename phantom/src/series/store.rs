//! Real values to the integers that a scanner stores.

use isocenter_volume::Volume;

use super::Modality;
use crate::{Contrast, dicom::vendor::Vendor};

/// Stored pixels and how they become real values.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    words: Vec<u16>,
    plane_len: usize,
    pub(crate) signed: bool,
    pub(crate) bits: u16,
    slopes: Vec<f64>,
    pub(crate) intercept: f64,
    pub(crate) padding: Option<i16>,
    /// Centre and width, real values.
    pub(crate) window: [f64; 2],
}

impl Stored {
    /// Stores real values; `factor` takes uptake to activity for PET and is 1 otherwise.
    pub(crate) fn new(
        volume: &Volume<f32>,
        modality: Modality,
        contrast: Contrast,
        vendor: Vendor,
        factor: f64,
    ) -> Self {
        let plane_len = volume.shape()[0] * volume.shape()[1];
        let real = volume.voxels();
        match modality {
            Modality::Ct => {
                // GE stores signed values with padding outside, the others unsigned ones
                let signed = vendor == Vendor::Ge;
                let words = real.iter().map(|&v| {
                    let stored = (f64::from(v) + 1024.0).round().clamp(0.0, 4095.0);
                    stored as u16
                });
                Self {
                    words: words.collect(),
                    plane_len,
                    signed,
                    bits: if signed { 16 } else { 12 },
                    slopes: vec![1.0],
                    intercept: -1024.0,
                    padding: signed.then_some(-2000),
                    window: [40.0, 400.0],
                }
            }
            Modality::Mr => {
                let slope = vendor.mr_slope(contrast);
                let words = real.iter().map(|&v| (f64::from(v) / slope).round().clamp(0.0, 4095.0) as u16);
                Self {
                    words: words.collect(),
                    plane_len,
                    signed: false,
                    bits: 12,
                    slopes: vec![slope],
                    intercept: 0.0,
                    padding: None,
                    window: [450.0, 900.0],
                }
            }
            Modality::Pet => pet(real, plane_len, factor),
        }
    }

    /// The pixels of one plane.
    pub(crate) fn plane(&self, plane: usize) -> &[u16] {
        &self.words[plane * self.plane_len..][..self.plane_len]
    }

    /// The slope of one plane.
    pub(crate) fn slope(&self, plane: usize) -> f64 {
        self.slopes[plane.min(self.slopes.len() - 1)]
    }
}

/// Every plane uses the whole range of signed 16 bits, with a slope of its own.
fn pet(real: &[f32], plane_len: usize, factor: f64) -> Stored {
    let (mut words, mut slopes, mut top) = (Vec::with_capacity(real.len()), Vec::new(), 0.0f64);
    for plane in real.chunks(plane_len) {
        let most = plane.iter().fold(0.0f64, |m, &v| m.max(f64::from(v) * factor));
        top = top.max(most);
        // the slope as its decimal string says it, rounded up so that nothing exceeds the range
        let text = format!("{:.9e}", (most / 32_767.0).max(1e-6) * (1.0 + 1e-8));
        let slope: f64 = text.parse().unwrap_or(1.0);
        words.extend(plane.iter().map(|&v| (f64::from(v) * factor / slope).round().clamp(0.0, 32_767.0) as u16));
        slopes.push(slope);
    }
    Stored {
        words,
        plane_len,
        signed: true,
        bits: 16,
        slopes,
        intercept: 0.0,
        padding: None,
        window: [(top / 4.0).round(), (top / 2.0).round().max(1.0)],
    }
}
