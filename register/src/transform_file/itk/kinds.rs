//! What the parameters of each class mean.
//!
//! Source: the ITK Software Guide, "Transforms", and what ITK 5.4 itself makes of them (the tests hold its numbers).

use isocenter_volume::Affine;

use crate::{
    matrix3::{self, Matrix},
    rotation::Rotation,
};

/// Why a class and its numbers give no map.
#[derive(Debug)]
pub(in crate::transform_file) enum Fault {
    Wrong(&'static str),
    Unknown(String),
}

/// Whether a class is a linear map, by its full name.
#[cfg(feature = "hdf5")]
pub(super) fn is_known(kind: &str) -> bool {
    // a class that is not known says so before it looks at numbers
    !matches!(map(kind, &[], &[]), Err(Fault::Unknown(_)))
}

/// The map of a class by its full name, `Euler3DTransform_double_3_3`.
pub(in crate::transform_file) fn map(kind: &str, p: &[f64], fixed: &[f64]) -> Result<Affine, Fault> {
    if kind.ends_with("_2_2") {
        return Err(Fault::Unknown(format!("{kind}, of two dimensions: its plane in the patient is not said")));
    }
    // the precision of the parameters (double, float) stands in the name
    let name = kind.strip_suffix("_3_3").and_then(|k| k.strip_suffix("_double").or(k.strip_suffix("_float")));
    let Some(name) = name else { return Err(Fault::Unknown(kind.to_owned())) };
    let (m, t): (Matrix, [f64; 3]) = match name {
        "AffineTransform" | "MatrixOffsetTransformBase" | "ScalableAffineTransform" | "Rigid3DTransform" => {
            let p = exactly::<12>(p)?;
            ([0, 3, 6].map(|r| [p[r], p[r + 1], p[r + 2]]), [p[9], p[10], p[11]])
        }
        "CenteredAffineTransform" => {
            // the centre is among the parameters
            let p = exactly::<15>(p)?;
            let m = [0, 3, 6].map(|r| [p[r], p[r + 1], p[r + 2]]);
            return Ok(matrix3::about(&m, [p[12], p[13], p[14]], [p[9], p[10], p[11]]));
        }
        "Euler3DTransform" => {
            let p = exactly::<6>(p)?;
            (euler([p[0], p[1], p[2]], is_zyx(fixed)?), [p[3], p[4], p[5]])
        }
        "CenteredEuler3DTransform" => {
            let p = exactly::<9>(p)?;
            let m = euler([p[0], p[1], p[2]], is_zyx(fixed)?);
            return Ok(matrix3::about(&m, [p[6], p[7], p[8]], [p[3], p[4], p[5]]));
        }
        "VersorRigid3DTransform" => {
            let p = exactly::<6>(p)?;
            (versor([p[0], p[1], p[2]])?, [p[3], p[4], p[5]])
        }
        "VersorTransform" => (versor(exactly::<3>(p)?)?, [0.0; 3]),
        "QuaternionRigidTransform" => {
            let p = exactly::<7>(p)?;
            let length: f64 = p[..4].iter().map(|v| v * v).sum();
            if (length - 1.0).abs() > 1e-4 {
                return Err(Fault::Wrong("a quaternion is 1 long"));
            }
            (Rotation::from_quaternion([p[3], p[0], p[1], p[2]]).matrix(), [p[4], p[5], p[6]])
        }
        "Similarity3DTransform" => {
            let p = exactly::<7>(p)?;
            (matrix3::scaled(&versor([p[0], p[1], p[2]])?, p[6]), [p[3], p[4], p[5]])
        }
        "ScaleVersor3DTransform" => {
            let p = exactly::<9>(p)?;
            let grown = matrix3::diagonal([p[6] - 1.0, p[7] - 1.0, p[8] - 1.0]);
            (matrix3::sum(&versor([p[0], p[1], p[2]])?, &grown), [p[3], p[4], p[5]])
        }
        "ScaleSkewVersor3DTransform" => {
            // scales and skews are added to the rotation, not multiplied
            let p = exactly::<15>(p)?;
            let added = [[p[6] - 1.0, p[9], p[10]], [p[11], p[7] - 1.0, p[12]], [p[13], p[14], p[8] - 1.0]];
            (matrix3::sum(&versor([p[0], p[1], p[2]])?, &added), [p[3], p[4], p[5]])
        }
        "ComposeScaleSkewVersor3DTransform" => {
            let p = exactly::<12>(p)?;
            let skew = [[1.0, p[9], p[10]], [0.0, 1.0, p[11]], [0.0, 0.0, 1.0]];
            let grown = matrix3::product(&matrix3::diagonal([p[6], p[7], p[8]]), &skew);
            (matrix3::product(&versor([p[0], p[1], p[2]])?, &grown), [p[3], p[4], p[5]])
        }
        "ScaleTransform" => (matrix3::diagonal(exactly::<3>(p)?), [0.0; 3]),
        "ScaleLogarithmicTransform" => (matrix3::diagonal(exactly::<3>(p)?.map(libm::exp)), [0.0; 3]),
        "TranslationTransform" => return Ok(Affine::translation_by(exactly::<3>(p)?)),
        "IdentityTransform" => return Ok(Affine::IDENTITY),
        _ => return Err(Fault::Unknown(kind.to_owned())),
    };
    Ok(matrix3::about(&m, t, centre(fixed)?))
}

/// Angles about x, y and z, radians: `Rz Ry Rx` or ITK's default, `Rz Rx Ry`.
pub(in crate::transform_file) fn euler(angles: [f64; 3], is_zyx: bool) -> Matrix {
    let turn = |axis: usize| {
        let mut v = [0.0; 3];
        v[axis] = angles[axis];
        Rotation::from_vector(v)
    };
    let [x, y, z] = [turn(0), turn(1), turn(2)];
    if is_zyx { z.compose(y).compose(x) } else { z.compose(x).compose(y) }.matrix()
}

/// The rotation of a versor's vector part, whose scalar part is not negative.
pub(in crate::transform_file) fn versor(v: [f64; 3]) -> Result<Matrix, Fault> {
    let square: f64 = v.iter().map(|x| x * x).sum();
    // six digits are printed: a half turn may read a little above one; written so that NaN fails
    let is_versor = square <= 1.0 + 1e-5;
    if !is_versor {
        return Err(Fault::Wrong("the vector part of a versor is at most 1 long"));
    }
    Ok(Rotation::from_quaternion([(1.0 - square).max(0.0).sqrt(), v[0], v[1], v[2]]).matrix())
}

/// Whether Euler angles compose as ZYX; a fourth fixed parameter says so, ZXY without.
fn is_zyx(fixed: &[f64]) -> Result<bool, Fault> {
    match fixed.get(3) {
        None => Ok(false),
        Some(v) if *v == 0.0 => Ok(false),
        Some(v) if *v == 1.0 => Ok(true),
        Some(_) => Err(Fault::Wrong("the order of the Euler angles must be 0 or 1")),
    }
}

fn centre(fixed: &[f64]) -> Result<[f64; 3], Fault> {
    match *fixed {
        [] => Ok([0.0; 3]),
        [x, y, z] | [x, y, z, _] => Ok([x, y, z]),
        _ => Err(Fault::Wrong("the fixed parameters must be the three numbers of a centre")),
    }
}

fn exactly<const N: usize>(found: &[f64]) -> Result<[f64; N], Fault> {
    found.try_into().map_err(|_| Fault::Wrong("the number of parameters is wrong for this transform"))
}
