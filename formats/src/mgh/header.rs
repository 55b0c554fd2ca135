//! The fixed header, and where it places the volume.

use isocenter_volume::{Affine, Frame, Geometry, SampleType};

use super::bytes::Bytes;
use crate::{
    Error, Warning,
    fixed::{single, single_length},
    place,
};

/// Bytes of the header: what is used, and zeros up to the voxels.
pub(super) const BYTES: usize = 284;

/// The fields of a header.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Header {
    /// Width, height, depth.
    pub(super) shape: [i32; 3],
    pub(super) frames: i32,
    pub(super) sample: SampleType,
    /// Degrees of freedom of a statistic; 1 where there is none.
    pub(super) dof: i32,
    /// Whether the direction cosines and the centre say something.
    pub(super) has_place: bool,
    pub(super) spacing: [f64; 3],
    /// Directions of the grid's axes, RAS+.
    pub(super) directions: [[f64; 3]; 3],
    /// Where the voxel at half the dimensions lies, RAS+ millimetres.
    pub(super) centre: [f64; 3],
}

impl Header {
    /// Reads the header.
    pub(super) fn parse(bytes: &[u8; BYTES]) -> Result<Self, Error> {
        let mut b = Bytes(bytes);
        // the header is as long as it has to be
        let mut whole = || b.i32().unwrap_or_default();
        let version = whole();
        if version != 1 {
            return Err(Error::malformed("version", version, "1"));
        }
        let (shape, frames) = ([whole(), whole(), whole()], whole());
        if let Some(bad) = shape.iter().chain([&frames]).find(|n| **n < 1) {
            return Err(Error::malformed("width, height, depth or nframes", bad, "at least 1"));
        }
        let sample = of_code(whole())?;
        let dof = whole();
        let has_place = b.i16().unwrap_or_default() > 0;
        let mut float = || b.f32().unwrap_or_default();
        let mut vector = || [float(), float(), float()];
        let spacing = vector();
        let directions = [vector(), vector(), vector()];
        Ok(Self { shape, frames, sample, dof, has_place, spacing, directions, centre: vector() })
    }

    /// The header's bytes.
    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let mut out = Vec::with_capacity(BYTES);
        let [x, y, z] = self.shape;
        for whole in [1, x, y, z, self.frames, code_of(self.sample)?, self.dof] {
            out.extend(whole.to_be_bytes());
        }
        out.extend(i16::from(self.has_place).to_be_bytes());
        for step in self.spacing {
            out.extend(single_length(step)?.to_be_bytes());
        }
        for float in self.directions.as_flattened().iter().chain(&self.centre) {
            out.extend(single(*float)?.to_be_bytes());
        }
        if self.has_place {
            let rounded =
                |axis: usize| self.directions[axis].map(|v| f64::from(v as f32) * f64::from(self.spacing[axis] as f32));
            let shape = self.shape.map(|n| usize::try_from(n).unwrap_or(1));
            place::holds(shape, Affine::from_columns([0, 1, 2].map(rounded), [0.0; 3]))?;
        }
        out.resize(BYTES, 0);
        Ok(out)
    }

    /// Grid and place.
    pub(super) fn geometry(&self, warnings: &mut Vec<Warning>) -> Result<Geometry, Error> {
        let shape = self.shape.map(|n| n as usize);
        if !self.has_place {
            warnings.push(Warning::NoRasFlag);
            let usable = |axis: usize| self.spacing[axis].is_finite() && self.spacing[axis] > 0.0;
            let spacing = [0, 1, 2].map(|axis| {
                if usable(axis) {
                    return self.spacing[axis];
                }
                warnings.push(Warning::SpacingAssumed { axis });
                1.0
            });
            return Ok(Geometry::new(shape, Affine::from_spacing_origin(spacing, [0.0; 3]), Frame::Unknown)?);
        }
        let columns = [0, 1, 2].map(|a| self.directions[a].map(|v| v * self.spacing[a]));
        let to_centre = Affine::from_columns(columns, [0.0; 3]).apply(self.half());
        let origin = [0, 1, 2].map(|n| self.centre[n] - to_centre[n]);
        let affine = Affine::from_ras(Affine::from_columns(columns, origin).rows());
        Ok(Geometry::new(shape, affine, Frame::Patient(None))?)
    }

    /// Puts the place of a volume into the header; of an unknown frame the spacing alone.
    pub(super) fn set_place(&mut self, geometry: &Geometry) {
        self.spacing = geometry.spacing_mm();
        self.has_place = geometry.frame().is_patient();
        if !self.has_place {
            // what FreeSurfer takes for such a volume in any case
            self.directions = [[-1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]];
            self.centre = [0.0; 3];
            return;
        }
        let ras = Affine::from_rows(geometry.affine().to_ras());
        self.directions = [0, 1, 2].map(|a| ras.column(a).map(|v| v / self.spacing[a]));
        self.centre = ras.apply(self.half());
    }

    /// The index at half the dimensions, which FreeSurfer calls the centre.
    fn half(&self) -> [f64; 3] {
        self.shape.map(|n| f64::from(n) / 2.0)
    }
}

/// The sample type of a code (`mri.h`).
fn of_code(code: i32) -> Result<SampleType, Error> {
    let unsupported = |what| Err(Error::unsupported("sample type", what));
    match code {
        0 => Ok(SampleType::U8),
        1 => Ok(SampleType::I32),
        3 => Ok(SampleType::F32),
        4 => Ok(SampleType::I16),
        10 => Ok(SampleType::U16),
        2 => unsupported("long, type 2"),
        5 => unsupported("bitmap, type 5"),
        6 => unsupported("tensor, type 6"),
        7 | 8 => unsupported("complex, type 7 or 8"),
        9 => unsupported("RGB, type 9"),
        other => Err(Error::malformed("type", other, "0, 1, 3, 4 or 10")),
    }
}

/// The code of a sample as it is written; half floats become f32.
fn code_of(sample: SampleType) -> Result<i32, Error> {
    Ok(match sample {
        SampleType::U8 => 0,
        SampleType::I32 => 1,
        SampleType::F32 | SampleType::F16 => 3,
        SampleType::I16 => 4,
        SampleType::U16 => 10,
        other => return Err(Error::unsupported("sample type in MGH", other.name())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_round_trips() {
        let header = Header {
            shape: [256, 255, 1],
            frames: 7,
            sample: SampleType::U16,
            dof: 1,
            has_place: true,
            spacing: [1.0, 2.0, 0.5],
            directions: [[-1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]],
            centre: [3.0, -4.0, 5.5],
        };
        let bytes = header.to_bytes().unwrap();
        assert_eq!(Header::parse(bytes.as_slice().try_into().unwrap()).unwrap(), header);
    }
}
