//! Where a header places its volume, and how a volume's place is put into a header.

use isocenter_volume::{Affine, Frame, Geometry, GeometryDifference};

use super::{header::Header, quaternion};
use crate::{Error, Warning};

/// How far the rounded qform may place a corner from the affine and still be written.
const QFORM_HOLDS_MM: f64 = 1e-3;

/// Grid and place of a header's volume.
pub(super) fn geometry(header: &Header, shape: [usize; 3], warnings: &mut Vec<Warning>) -> Result<Geometry, Error> {
    let unit = unit_mm(header, warnings);
    let spacing = spacing(header, warnings);
    let to_mm = |rows: [[f64; 4]; 3]| rows.map(|r| r.map(|v| v * unit));
    let sform = (header.sform_code > 0).then(|| Affine::from_ras(to_mm(header.srow)));
    let qform = if header.qform_code > 0 { qform(header, spacing).map(|a| to_mm(a.rows())) } else { None };
    let qform = qform.map(Affine::from_ras);
    let patient = |a: Affine| Geometry::new(shape, a, Frame::Patient(None));
    match (sform.map(patient), qform) {
        (Some(Ok(geometry)), Some(q)) => {
            // f32 rounding stays far below what makes another grid
            if let Some(other) = patient(q).ok().filter(|other| geometry.agrees_with(other).is_err()) {
                warnings.push(Warning::FormsDisagree { distance_mm: largest_distance(&geometry, &other) });
            }
            Ok(geometry)
        }
        (Some(Ok(geometry)), None) => Ok(geometry),
        (Some(Err(_)), Some(q)) => {
            warnings.push(Warning::SingularSform);
            Ok(patient(q)?)
        }
        (Some(Err(_)), None) => {
            Err(Error::malformed("srow", "singular", "an invertible matrix where sform_code is above 0"))
        }
        (None, Some(q)) => Ok(patient(q)?),
        (None, None) if header.qform_code > 0 => {
            Err(Error::malformed("quatern", "no rotation", "b^2 + c^2 + d^2 of at most 1"))
        }
        (None, None) => {
            let affine = Affine::from_spacing_origin(spacing.map(|v| v * unit), [0.0; 3]);
            Ok(Geometry::new(shape, affine, Frame::Unknown)?)
        }
    }
}

/// Millimetres per unit of length: bits 0 to 2 of `xyzt_units`.
fn unit_mm(header: &Header, warnings: &mut Vec<Warning>) -> f64 {
    match header.xyzt_units & 7 {
        1 => 1000.0,
        // 0 is "unknown", which every tool reads as millimetres
        0 | 2 => 1.0,
        3 => 0.001,
        _ => {
            warnings.push(Warning::UnknownUnit);
            1.0
        }
    }
}

fn spacing(header: &Header, warnings: &mut Vec<Warning>) -> [f64; 3] {
    // an sform needs no pixdim: then it is nobody's loss
    let matters = header.sform_code <= 0;
    [0, 1, 2].map(|axis| {
        let step = header.pixdim[axis + 1].abs();
        if step.is_finite() && step > 0.0 {
            return step;
        }
        if matters && header.dim[0] > axis as i64 {
            warnings.push(Warning::SpacingAssumed { axis });
        }
        1.0
    })
}

/// Method 2 of `nifti1.h`, RAS+.
fn qform(header: &Header, spacing: [f64; 3]) -> Option<Affine> {
    let [x, y, z] = quaternion::to_columns(header.quatern)?;
    let handedness = if header.pixdim[0] < 0.0 { -1.0 } else { 1.0 };
    let columns = [x.map(|v| v * spacing[0]), y.map(|v| v * spacing[1]), z.map(|v| v * spacing[2] * handedness)];
    header.qoffset.iter().all(|v| v.is_finite()).then(|| Affine::from_columns(columns, header.qoffset))
}

fn largest_distance(a: &Geometry, b: &Geometry) -> f64 {
    GeometryDifference::as_stored(a, b).corner_mm()
}

/// Puts the place of a volume into a header: the sform for a patient's frame, the qform too where it can hold the affine, neither
/// for an unknown frame. `pixdim` is set in any case.
pub(super) fn set(header: &mut Header, geometry: &Geometry) {
    let spacing = geometry.spacing_mm();
    header.pixdim[0] = 1.0;
    header.pixdim[1..4].copy_from_slice(&spacing);
    if !geometry.frame().is_patient() {
        return;
    }
    header.sform_code = 1;
    header.srow = geometry.affine().to_ras();
    let ras = Affine::from_rows(header.srow);
    let handedness = if ras.determinant() < 0.0 { -1.0 } else { 1.0 };
    let unit = |axis: usize, sign: f64| ras.column(axis).map(|v| sign * v / spacing[axis]);
    header.pixdim[0] = handedness;
    header.quatern = quaternion::of_columns([unit(0, 1.0), unit(1, 1.0), unit(2, handedness)]);
    header.qoffset = ras.translation();
    header.qform_code = 1;
    // a sheared grid has no qform: whoever reads it alone would place the volume wrongly
    let rounded = Header { quatern: header.quatern.map(|v| f64::from(v as f32)), ..header.clone() };
    let holds = qform(&rounded, spacing)
        .and_then(|q| Geometry::new(geometry.shape(), Affine::from_ras(q.rows()), Frame::Patient(None)).ok())
        .is_some_and(|q| largest_distance(geometry, &q) < QFORM_HOLDS_MM);
    if !holds {
        header.qform_code = 0;
        header.quatern = [0.0; 3];
        header.qoffset = [0.0; 3];
        header.pixdim[0] = 1.0;
    }
}
