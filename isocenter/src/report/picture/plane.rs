//! The three planes of a volume, and where their edges point to.

use isocenter_volume::{Cancelled, Ctx, Direction, Geometry, LabelMap, Orientation, Volume};

/// A cut through a volume, named by the body's axis that it is nearest to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Plane {
    Axial,
    Coronal,
    Sagittal,
}

impl Plane {
    pub(crate) const ALL: [Self; 3] = [Self::Axial, Self::Coronal, Self::Sagittal];

    /// Its number in lists of planes.
    pub(crate) const fn number(self) -> usize {
        match self {
            Self::Axial => 0,
            Self::Coronal => 1,
            Self::Sagittal => 2,
        }
    }

    /// Index axes of a turned volume: across the picture, down the picture, through it.
    pub(crate) const fn axes(self) -> [usize; 3] {
        match self {
            Self::Axial => [0, 1, 2],
            Self::Coronal => [0, 2, 1],
            Self::Sagittal => [1, 2, 0],
        }
    }

    /// Whether the picture's rows run against the index, so that the head is up.
    pub(crate) const fn flips_down(self) -> bool {
        !matches!(self, Self::Axial)
    }

    /// Its name where the sides of the patient are known, else that of its index axes.
    pub(crate) const fn name(self, sides_known: bool) -> &'static str {
        match (self, sides_known) {
            (Self::Axial, true) => "axial",
            (Self::Coronal, true) => "coronal",
            (Self::Sagittal, true) => "sagittal",
            (Self::Axial, false) => "plane of i and j",
            (Self::Coronal, false) => "plane of i and k",
            (Self::Sagittal, false) => "plane of j and k",
        }
    }

    /// The way that its slices follow each other in a mosaic.
    pub(crate) const fn order(self, sides_known: bool) -> &'static str {
        match (self, sides_known) {
            (Self::Axial, true) => "from the feet up",
            (Self::Coronal, true) => "from front to back",
            (Self::Sagittal, true) => "from the right to the left",
            (_, false) => "in the order of the index",
        }
    }
}

/// A volume whose axes run as nearly as they can to the left, the back and the head, where its frame is the patient's; else as stored.
pub(crate) struct Turned {
    pub(crate) volume: Volume<f32>,
    pub(crate) sides_known: bool,
}

impl Turned {
    /// Turns an image.
    ///
    /// # Errors
    /// Where the run is cancelled.
    pub(crate) fn of(volume: &Volume<f32>, ctx: &Ctx<'_>) -> Result<Self, Cancelled> {
        let turned = volume.reorient(Orientation::LPS, ctx);
        ctx.check()?;
        Ok(match turned {
            Ok(volume) => Self { volume, sides_known: true },
            Err(_) => Self { volume: volume.clone(), sides_known: false },
        })
    }

    /// The labels of the image, turned as it was.
    ///
    /// # Errors
    /// Where the run is cancelled.
    pub(crate) fn labels(&self, map: &LabelMap, ctx: &Ctx<'_>) -> Result<LabelMap, Cancelled> {
        let turned = if self.sides_known { map.reorient(Orientation::LPS, ctx).ok() } else { None };
        ctx.check()?;
        Ok(turned.unwrap_or_else(|| map.clone()))
    }

    pub(crate) fn geometry(&self) -> &Geometry {
        self.volume.geometry()
    }

    /// The planes that are worth a picture: those whose sides are more than a few voxels long, and at least one.
    pub(crate) fn planes(&self) -> Vec<Plane> {
        let shape = self.volume.shape();
        let least = |plane: Plane| {
            let [across, down, _] = plane.axes();
            shape[across].min(shape[down])
        };
        let shown: Vec<Plane> = Plane::ALL.into_iter().filter(|p| least(*p) >= LEAST_VOXELS).collect();
        if !shown.is_empty() {
            return shown;
        }
        Plane::ALL.into_iter().max_by_key(|p| (least(*p), std::cmp::Reverse(p.number()))).into_iter().collect()
    }

    /// What lies at the left, right, top and bottom edge of a plane: one letter, or two and three where it is cut obliquely.
    pub(crate) fn edges(&self, plane: Plane) -> Option<[String; 4]> {
        if !self.sides_known {
            return None;
        }
        let [across, down, _] = plane.axes();
        let direction = self.geometry().direction();
        let reversed = |v: [f64; 3]| v.map(|c| -c);
        let down_the_picture = if plane.flips_down() { reversed(direction[down]) } else { direction[down] };
        let ends = [reversed(direction[across]), direction[across], reversed(down_the_picture), down_the_picture];
        Some(ends.map(letters))
    }

    /// The angle between a plane's normal and the body's axis that it is named by, degrees.
    pub(crate) fn tilt_deg(&self, plane: Plane) -> f64 {
        let [across, down, through] = plane.axes();
        let [a, b] = [across, down].map(|axis| self.geometry().direction()[axis]);
        let normal = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
        let length = normal.iter().map(|c| c * c).sum::<f64>().sqrt();
        if length > 0.0 { libm::acos((normal[through].abs() / length).min(1.0)).to_degrees() } else { 0.0 }
    }
}

/// A direction in the patient as letters, the nearest first; another is named where it is off by more than 22.5 degrees.
fn letters(direction: [f64; 3]) -> String {
    let mut axes = [0, 1, 2];
    axes.sort_by(|a, b| direction[*b].abs().total_cmp(&direction[*a].abs()));
    axes.into_iter()
        .enumerate()
        .filter(|(rank, axis)| *rank == 0 || direction[*axis].abs() > SIN_22_5)
        .map(|(_, axis)| Direction::from_lps(axis, direction[axis] > 0.0).letter())
        .collect()
}

/// The sine of 22.5 degrees: half-way between two of the eight directions that letters name.
const SIN_22_5: f64 = 0.382_683_432_365_089_8;

/// A stack of fewer slices shows nothing when it is cut across.
const LEAST_VOXELS: usize = 8;
