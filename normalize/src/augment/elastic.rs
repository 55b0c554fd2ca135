//! A smooth random deformation.

use isocenter_volume::{Affine as Map, Geometry, WorldMap, affine::dot, provenance::Parameter};
use serde::{Deserialize, Serialize};

use super::{Range, affine::MOST_MM, draws::Draws, range::within, rigid};
use crate::Error;

/// Moves places by a cubic B-spline over a coarse grid of control points, each of which is drawn. As TorchIO's `RandomElasticDeformation`, by the splines it describes.
///
/// A deformation may fold where a displacement is larger than half the distance of control points, which is the size of the image by the number of points less 3.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Elastic {
    /// Control points along each axis of the grid, 4 to 64, one of which lies before and one behind the image ([7, 7, 7]).
    pub control_points: [usize; 3],
    /// Largest displacement of a control point along x, y and z of the world, mm ([7.5, 7.5, 7.5]).
    #[serde(with = "isocenter_volume::exact::array")]
    pub max_displacement_mm: [f64; 3],
    /// Layers of control points, from the outside, that stay: 0, 1 or 2 (2).
    pub locked_borders: usize,
}

impl Default for Elastic {
    fn default() -> Self {
        Self { control_points: [7; 3], max_displacement_mm: [7.5; 3], locked_borders: 2 }
    }
}

/// The displacements of an [`Elastic`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawnElastic {
    control_points: [usize; 3],
    /// For each point, the first axis fastest, mm.
    #[serde(with = "isocenter_volume::exact::vectors")]
    displacements_mm: Vec<[f64; 3]>,
}

impl Elastic {
    pub(super) fn check(&self) -> Result<(), Error> {
        check_points(self.control_points)?;
        within("locked borders", self.locked_borders as f64, 0.0, 2.0)?;
        self.max_displacement_mm.iter().try_for_each(|v| within("a displacement", *v, 0.0, MOST_MM))?;
        if self.locked_borders == 2 && self.control_points.contains(&4) {
            let wanted = "5 or more where two borders stay: nothing would move";
            return Err(Error::BadParameter { what: "the number of control points", wanted, found: 4.0 });
        }
        Ok(())
    }

    pub(super) fn draw(&self, draws: &mut Draws, strength: f64) -> DrawnElastic {
        let [nx, ny, nz] = self.control_points;
        let displacements_mm = (0..nx * ny * nz)
            .map(|n| {
                let at = [n % nx, n / nx % ny, n / (nx * ny)];
                // drawn for points that stay, too: to lock a border moves no other point
                let share = draws.three(Range::around_zero(1.0));
                let is_locked = at
                    .iter()
                    .zip(self.control_points)
                    .any(|(i, count)| *i < self.locked_borders || i + self.locked_borders >= count);
                if is_locked { [0.0; 3] } else { [0, 1, 2].map(|a| share[a] * self.max_displacement_mm[a] * strength) }
            })
            .collect();
        DrawnElastic { control_points: self.control_points, displacements_mm }
    }
}

impl DrawnElastic {
    pub(super) fn check(&self) -> Result<(), Error> {
        check_points(self.control_points)?;
        let wanted = self.control_points.iter().product();
        let found = self.displacements_mm.len();
        if found != wanted {
            return Err(Error::Length { what: "the list of displacements", wanted, found });
        }
        let numbers = self.displacements_mm.iter().flatten();
        numbers.into_iter().try_for_each(|v| within("a displacement", *v, -MOST_MM, MOST_MM))
    }

    pub(super) fn is_identity(&self) -> bool {
        self.displacements_mm.iter().flatten().all(|v| *v == 0.0)
    }

    pub(super) fn map(&self, reference: &Geometry) -> Result<Bent, Error> {
        let normal = rigid::thin_axis(reference)?.map(|thin| rigid::normal(reference, thin));
        Ok(Bent { to_index: *reference.inverse_affine(), shape: reference.shape(), normal, own: self.clone() })
    }

    pub(super) fn parameters(&self) -> Vec<(&'static str, Parameter)> {
        let numbers = self.displacements_mm.iter().flatten().copied().collect();
        vec![("control_points", self.control_points.into()), ("displacements_mm", Parameter::Numbers(numbers))]
    }
}

/// The deformation over a grid; beyond the grid its border's displacement goes on.
pub(super) struct Bent {
    to_index: Map,
    shape: [usize; 3],
    /// Across a slice, in whose plane places stay.
    normal: Option<[f64; 3]>,
    own: DrawnElastic,
}

impl WorldMap for Bent {
    fn map(&self, world: [f64; 3]) -> [f64; 3] {
        let (at, count) = (self.to_index.apply(world), self.own.control_points);
        let (mut first, mut weights) = ([0; 3], [[0.0; 4]; 3]);
        for a in 0..3 {
            // the outer edges of the grid are the second and the last but one control point
            let spans = (count[a] - 3) as f64;
            let place = ((at[a] + 0.5) / self.shape[a] as f64 * spans).clamp(0.0, spans);
            if place.is_nan() {
                return [f64::NAN; 3];
            }
            first[a] = (place as usize).min(count[a] - 4);
            weights[a] = cubic(place - first[a] as f64);
        }
        let mut by = [0.0; 3];
        for (k, wz) in weights[2].iter().enumerate() {
            for (j, wy) in weights[1].iter().enumerate() {
                let row = ((first[2] + k) * count[1] + first[1] + j) * count[0] + first[0];
                for (wx, vector) in weights[0].iter().zip(&self.own.displacements_mm[row..row + 4]) {
                    let weight = wx * wy * wz;
                    by.iter_mut().zip(vector).for_each(|(sum, v)| *sum += weight * v);
                }
            }
        }
        if let Some(normal) = self.normal {
            let across = dot(by, normal);
            by = [0, 1, 2].map(|a| by[a] - across * normal[a]);
        }
        [0, 1, 2].map(|a| world[a] + by[a])
    }

    fn note(&self) -> String {
        format!("elastic deformation of {:?} control points", self.own.control_points)
    }
}

/// The four weights of a cubic B-spline at a share of a span.
fn cubic(t: f64) -> [f64; 4] {
    let (s, t2, t3) = (1.0 - t, t * t, t * t * t);
    [s * s * s / 6.0, (3.0 * t3 - 6.0 * t2 + 4.0) / 6.0, (-3.0 * t3 + 3.0 * t2 + 3.0 * t + 1.0) / 6.0, t3 / 6.0]
}

fn check_points(points: [usize; 3]) -> Result<(), Error> {
    match points.iter().find(|n| !(4..=MOST_POINTS).contains(*n)) {
        Some(found) => Err(Error::BadParameter {
            what: "the number of control points",
            wanted: "between 4 and 64 along each axis",
            found: *found as f64,
        }),
        None => Ok(()),
    }
}

const MOST_POINTS: usize = 64;
