//! NIfTI-1 files made byte by byte, independently of the crate's own writer.
#![allow(dead_code, missing_docs, unreachable_pub)]

pub mod ecat;
pub mod par;

use isocenter_formats::{Error, File, ReadOptions, read_bytes};

/// A NIfTI-1 single file whose fields are set by their offset.
#[derive(Clone)]
pub struct Bytes {
    pub bytes: Vec<u8>,
    pub big: bool,
}

impl Bytes {
    /// Header, empty extender, no voxels yet; 3-D, no form, unit unknown, slope 0.
    pub fn new(dim: &[i16], datatype: i16, bits: i16, big: bool) -> Self {
        let mut file = Self { bytes: vec![0; 352], big };
        file.i32(0, 348).i16(40, dim.len() as i16).i16(70, datatype).i16(72, bits).f32(108, 352.0);
        for n in 0..7 {
            file.i16(42 + 2 * n, dim.get(n).copied().unwrap_or(1)).f32(80 + 4 * n, 1.0);
        }
        file.put(344, b"n+1\0");
        file
    }

    pub fn put(&mut self, at: usize, bytes: &[u8]) -> &mut Self {
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    fn number<const N: usize>(&mut self, at: usize, mut little: [u8; N]) -> &mut Self {
        if self.big {
            little.reverse();
        }
        self.put(at, &little)
    }

    pub fn i16(&mut self, at: usize, value: i16) -> &mut Self {
        self.number(at, value.to_le_bytes())
    }

    pub fn i32(&mut self, at: usize, value: i32) -> &mut Self {
        self.number(at, value.to_le_bytes())
    }

    pub fn f32(&mut self, at: usize, value: f32) -> &mut Self {
        self.number(at, value.to_le_bytes())
    }

    /// Sform rows, RAS, code 1.
    pub fn sform(&mut self, rows: [[f32; 4]; 3]) -> &mut Self {
        self.i16(254, 1);
        for (n, value) in rows.iter().flatten().enumerate() {
            self.f32(280 + 4 * n, *value);
        }
        self
    }

    /// Voxels in the byte order of the header.
    pub fn voxels<const N: usize>(&mut self, samples: impl IntoIterator<Item = [u8; N]>) -> &mut Self {
        for mut little in samples {
            if self.big {
                little.reverse();
            }
            self.bytes.extend_from_slice(&little);
        }
        self
    }

    pub fn read(&self) -> Result<File, Error> {
        read_bytes(&self.bytes, &ReadOptions::default())
    }
}

/// Codes of the warnings of a file.
pub fn codes(file: &File) -> Vec<&'static str> {
    file.warnings.iter().map(|w| w.code()).collect()
}

/// The typed samples of a volume.
#[macro_export]
macro_rules! voxels {
    ($file:expr, $arm:ident) => {
        match $file.volume.samples() {
            isocenter_volume::DynSamples::$arm(v) => v.to_vec(),
            other => panic!("another type: {:?}", other.sample_type()),
        }
    };
}

/// Members of gzip: the bytes cut at the given place.
pub fn gzip(parts: &[&[u8]]) -> Vec<u8> {
    use std::io::Write;
    let member = |data: &&[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    };
    parts.iter().flat_map(member).collect()
}
