//! How transforms and registrations are stored: with a version, checked when read, to the bit in any text format.

use isocenter_volume::{Affine, Provenance, exact};
use serde::{Deserialize, Serialize};

use crate::{Dof, Doubt, Metric, Registration, Rigid, Start, Verdict, rotation::Rotation};

/// The version that is written of a motion; a record without one is of version 0, whose fields are the same.
const VERSION: u32 = 1;
/// The version that is written of a registration. Those before 2 know neither doubts nor the mirror, those before 3 rigid maps alone, those before 4 no start (it reads as the headers').
const REGISTRATION_VERSION: u32 = 4;

/// How far a stored matrix may be from the motion beside it: it is there to be read by others.
const MATRIX_TOLERANCE: f64 = 1e-6;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RigidRepr {
    #[serde(default)]
    version: u32,
    #[serde(with = "exact::array")]
    quaternion_wxyz: [f64; 4],
    #[serde(with = "exact::array")]
    translation_mm: [f64; 3],
    #[serde(with = "exact::array")]
    centre_mm: [f64; 3],
}

impl From<Rigid> for RigidRepr {
    fn from(rigid: Rigid) -> Self {
        Self {
            version: VERSION,
            quaternion_wxyz: rigid.rotation().quaternion(),
            translation_mm: rigid.translation_mm(),
            centre_mm: rigid.centre_mm(),
        }
    }
}

impl TryFrom<RigidRepr> for Rigid {
    type Error = String;

    fn try_from(r: RigidRepr) -> Result<Self, String> {
        check(r.version, VERSION)?;
        let rotation = Rotation::from_unit(r.quaternion_wxyz).ok_or("the quaternion is not of unit length")?;
        let rigid = Self::from_parts(rotation, r.translation_mm, r.centre_mm);
        rigid.ok_or_else(|| "a number of the rigid motion is not finite".to_owned())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegistrationRepr {
    #[serde(default)]
    version: u32,
    rigid: Rigid,
    #[serde(default)]
    dof: Dof,
    /// Rows of the map of points of the fixed image to points of the moving image, LPS mm.
    fixed_to_moving: [[exact::Exact; 4]; 3],
    #[serde(default)]
    inputs: [Provenance; 2],
    metric: Metric,
    #[serde(with = "exact")]
    metric_before: f64,
    #[serde(with = "exact")]
    metric_after: f64,
    #[serde(default)]
    start: Start,
    #[serde(with = "exact")]
    overlap: f64,
    #[serde(with = "exact")]
    sharpness: f64,
    #[serde(with = "exact")]
    rivalry: f64,
    #[serde(with = "exact", default)]
    mirror: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    distance_mm: Option<exact::Exact>,
    #[serde(with = "exact", default)]
    residual_mm: f64,
    #[serde(with = "exact", default)]
    residual_upper_mm: f64,
    verdict: Verdict,
    #[serde(default)]
    doubts: Vec<Doubt>,
}

impl From<Registration> for RegistrationRepr {
    fn from(r: Registration) -> Self {
        Self {
            version: REGISTRATION_VERSION,
            rigid: r.rigid,
            dof: r.dof,
            fixed_to_moving: r.transform.rows().map(|row| row.map(exact::Exact)),
            inputs: r.inputs,
            metric: r.metric,
            metric_before: r.metric_before,
            metric_after: r.metric_after,
            start: r.start,
            overlap: r.overlap,
            sharpness: r.sharpness,
            rivalry: r.rivalry,
            mirror: r.mirror,
            distance_mm: r.distance_mm.map(exact::Exact),
            residual_mm: r.residual_mm,
            residual_upper_mm: r.residual_upper_mm,
            verdict: r.verdict,
            doubts: r.doubts,
        }
    }
}

impl TryFrom<RegistrationRepr> for Registration {
    type Error = String;

    fn try_from(r: RegistrationRepr) -> Result<Self, String> {
        check(r.version, REGISTRATION_VERSION)?;
        let stored = Affine::from_rows(r.fixed_to_moving.map(|row| row.map(|exact::Exact(v)| v)));
        let transform = if r.dof.stretches() == 0 {
            // the matrix is made from the motion, as it was when it was found
            let transform = r.rigid.to_affine();
            let mut pairs = transform.rows().into_iter().flatten().zip(stored.rows().into_iter().flatten());
            // written so that NaN fails
            if !pairs.all(|(a, b)| (a - b).abs() <= MATRIX_TOLERANCE) {
                return Err("matrix and rigid motion are not the same map".to_owned());
            }
            transform
        } else {
            let keeps_hand = stored.is_finite() && stored.determinant() > 0.0 && stored.inverse().is_some();
            if !keeps_hand {
                return Err("the matrix is no map that can be undone and keeps the hand".to_owned());
            }
            stored
        };
        let in_unit = [r.overlap, r.sharpness, r.rivalry].iter().all(|v| (0.0..=1.0).contains(v));
        // written so that NaN fails
        let distance = r.distance_mm.as_ref().map_or(0.0, |exact::Exact(mm)| *mm);
        let is_share =
            [r.mirror, r.residual_mm, r.residual_upper_mm, distance].iter().all(|v| *v >= 0.0 && v.is_finite());
        if !in_unit || !is_share || !r.metric_before.is_finite() || !r.metric_after.is_finite() {
            return Err("a number that speaks for the registration is out of its range".to_owned());
        }
        Ok(Self {
            transform,
            rigid: r.rigid,
            dof: r.dof,
            inputs: r.inputs,
            metric: r.metric,
            metric_before: r.metric_before,
            metric_after: r.metric_after,
            start: r.start,
            overlap: r.overlap,
            sharpness: r.sharpness,
            rivalry: r.rivalry,
            mirror: r.mirror,
            distance_mm: r.distance_mm.map(|exact::Exact(mm)| mm),
            residual_mm: r.residual_mm,
            residual_upper_mm: r.residual_upper_mm,
            verdict: r.verdict,
            doubts: r.doubts,
            converged: r.verdict != Verdict::Failed,
        })
    }
}

fn check(version: u32, newest: u32) -> Result<(), String> {
    if version <= newest { Ok(()) } else { Err(format!("version {version} of a record, {newest} is the newest known")) }
}
