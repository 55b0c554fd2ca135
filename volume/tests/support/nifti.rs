//! The least of NIfTI-1: one little-endian .nii.gz of u8, i16, f32, u16 or u32.

use std::io::{Read, Write};
use std::path::Path;

use isocenter_volume::{Affine, DynVolume, Frame, Geometry, Rescale, SampleType, Scaling, Unit, Volume, Voxel};

use super::Result;

pub fn read(path: &Path) -> Result<DynVolume> {
    let mut bytes = Vec::new();
    flate2::read::MultiGzDecoder::new(std::fs::File::open(path)?).read_to_end(&mut bytes)?;
    let i16_at = |at: usize| i16::from_le_bytes([bytes[at], bytes[at + 1]]);
    let f32_at = |at: usize| f32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    let shape = [0, 1, 2].map(|a| i16_at(42 + 2 * a).max(1) as usize);
    let (slope, intercept) = (f64::from(f32_at(112)), f64::from(f32_at(116)));
    let rescale = if slope == 0.0 { Rescale::IDENTITY } else { Rescale::new(slope, intercept)? };
    let row = |r: usize| [0, 1, 2, 3].map(|c| f64::from(f32_at(280 + 16 * r + 4 * c)));
    let affine = if i16_at(254) > 0 { Affine::from_ras([row(0), row(1), row(2)]) } else { quaternion(&f32_at) };
    let geometry = Geometry::new(shape, affine, Frame::Patient(None))?;
    let data = &bytes[f32_at(108) as usize..];
    let len = geometry.len();
    let volume: DynVolume = match i16_at(70) {
        2 => Volume::new(data[..len].to_vec(), geometry)?.into(),
        4 => Volume::new(samples(data, len, i16::from_le_bytes), geometry)?.into(),
        8 => Volume::new(samples(data, len, i32::from_le_bytes), geometry)?.into(),
        16 => Volume::new(samples(data, len, f32::from_le_bytes), geometry)?.into(),
        64 => Volume::new(samples(data, len, f64::from_le_bytes), geometry)?.into(),
        512 => Volume::new(samples(data, len, u16::from_le_bytes), geometry)?.into(),
        768 => Volume::new(samples(data, len, u32::from_le_bytes), geometry)?.into(),
        code => return Err(format!("data type {code}").into()),
    };
    Ok(volume.with_scaling(Scaling::uniform(rescale, Unit::Arbitrary))?)
}

/// The qform of NIfTI-1, RAS+ made LPS+.
fn quaternion(f32_at: &dyn Fn(usize) -> f32) -> Affine {
    let [b, c, d, x, y, z] = [0, 1, 2, 3, 4, 5].map(|n| f64::from(f32_at(256 + 4 * n)));
    let [q, sx, sy, sz] = [0, 1, 2, 3].map(|n| f64::from(f32_at(76 + 4 * n)));
    let sz = if q < 0.0 { -sz } else { sz };
    let a = (1.0 - b * b - c * c - d * d).max(0.0).sqrt();
    Affine::from_ras([
        [(a * a + b * b - c * c - d * d) * sx, 2.0 * (b * c - a * d) * sy, 2.0 * (b * d + a * c) * sz, x],
        [2.0 * (b * c + a * d) * sx, (a * a + c * c - b * b - d * d) * sy, 2.0 * (c * d - a * b) * sz, y],
        [2.0 * (b * d - a * c) * sx, 2.0 * (c * d + a * b) * sy, (a * a + d * d - c * c - b * b) * sz, z],
    ])
}

fn samples<T, const N: usize>(data: &[u8], len: usize, from: fn([u8; N]) -> T) -> Vec<T> {
    data.as_chunks::<N>().0[..len].iter().map(|c| from(*c)).collect()
}

/// Writes f32 samples.
pub fn write_f32(path: &Path, volume: &Volume<f32>) -> Result<()> {
    write(path, volume.geometry(), f32::TYPE, volume.voxels().iter().flat_map(|v| v.to_le_bytes()).collect())
}

/// Writes labels as u32.
pub fn write_u32(path: &Path, geometry: &Geometry, labels: &[u32]) -> Result<()> {
    write(path, geometry, u32::TYPE, labels.iter().flat_map(|v| v.to_le_bytes()).collect())
}

fn write(path: &Path, geometry: &Geometry, kind: SampleType, data: Vec<u8>) -> Result<()> {
    let mut header = vec![0u8; 352];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &348i32.to_le_bytes());
    put(40, &3i16.to_le_bytes());
    for a in 0..3 {
        put(42 + 2 * a, &(geometry.shape()[a] as i16).to_le_bytes());
        put(80 + 4 * a, &(geometry.spacing_mm()[a] as f32).to_le_bytes());
    }
    put(70, &(if kind == SampleType::F32 { 16i16 } else { 768 }).to_le_bytes());
    put(72, &32i16.to_le_bytes());
    put(108, &352f32.to_le_bytes());
    put(254, &1i16.to_le_bytes());
    for (n, value) in geometry.affine().to_ras().iter().flatten().enumerate() {
        put(280 + 4 * n, &(*value as f32).to_le_bytes());
    }
    put(344, b"n+1\0");
    let mut out = flate2::write::GzEncoder::new(std::fs::File::create(path)?, flate2::Compression::fast());
    out.write_all(&header)?;
    out.write_all(&data)?;
    out.finish()?;
    Ok(())
}
