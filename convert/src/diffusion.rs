//! Tables of diffusion gradients as the tools of the field read them.
//!
//! A [`GradientTable`] has a b-value in s/mm^2 for every 3-D step of a volume, in memory order, which is that of the volumes of a NIfTI
//! file, and a direction where one is known. Directions are kept in world (the patient's LPS+); text has them
//! - for FSL ([`GradientTable::to_bval`], [`GradientTable::to_bvec`]) along the axes of the image as it is stored: along i, j and k of the
//!   rotation nearest to the affine, whatever the voxels' size, shear or order. Where the affine in RAS+ has a positive determinant, FSL
//!   counts i from the other end, and x is negated. One line of b-values; a line each of x, y and z;
//! - for MRtrix3 ([`GradientTable::to_mrtrix`]) in the scanner's RAS+: a line `x y z b` for each step.
//!
//! A volume that is written with other axes has another table: take it from the head that is written.
//!
//! Which volumes have a table: those whose steps differ in weighting; a single weighted volume, or several weighted alike; and a
//! diffusion series without any weighting, as the second half of a pair of opposed phase encodings often is: all zero. Where no step has
//! a direction and all are weighted (trace images), there are b-values alone; trace images beside unweighted ones have zero vectors,
//! which FSL's readers ask for.
//!
//! Source: FSL's FDT user guide and its questions on the conventions of bvecs; MRtrix3's documentation of the gradient scheme.
//!
//! # Examples
//! ```
//! use isocenter_convert::GradientTable;
//! use isocenter_convert::volume::{Affine, AxisKind, Column, Frame, Geometry, Head, Quantity, SlowAxis};
//!
//! let axis = SlowAxis::new(AxisKind::Diffusion, 2)?
//!     .with_column(Column::numbers(Quantity::BValue, vec![0.0, 1000.0])?)?
//!     .with_column(Column::vectors(Quantity::GradientDirection, vec![[0.0; 3], [0.0, 0.6, 0.8]])?)?;
//! // columns to the left, rows to the back: in RAS+ the determinant is positive
//! let grid = Geometry::new([4, 4, 2], Affine::from_spacing_origin([2.0, 2.0, 3.0], [0.0; 3]), Frame::Patient(None))?;
//! let table = GradientTable::of(&Head::new(grid).with_slow_axes(vec![axis])?).ok_or("no table")?;
//! assert_eq!(table.to_bval(), "0 1000\n");
//! assert_eq!(table.to_bvec().ok_or("no directions")?, "0 0\n0 0.6\n0 0.8\n");
//! assert_eq!(table.to_mrtrix().ok_or("no directions")?, "0 0 0 0\n0 -0.6 0.8 1000\n");
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod rotation;
mod text;

use isocenter_volume::{Head, Quantity, affine::dot};

/// The diffusion weighting of every 3-D step of a volume.
#[derive(Clone, Debug, PartialEq)]
pub struct GradientTable {
    b_values: Vec<f64>,
    directions: Option<Vec<[f64; 3]>>,
    /// Directions of i, j and k in world, orthonormal; left-handed where the grid is.
    axes: [[f64; 3]; 3],
}

impl GradientTable {
    /// The table of a volume; `None` where nothing is said of a diffusion weighting, or where its grid does not lie in a patient.
    pub fn of(head: &Head) -> Option<Self> {
        if !head.geometry().frame().is_patient() {
            return None;
        }
        let (b_values, directions) = weighted(head).or_else(|| uniform(head))?;
        let axes = rotation::nearest(head.geometry().affine())?;
        Some(Self { b_values, directions, axes })
    }

    /// b-values, s/mm^2, one for each step.
    pub fn b_values(&self) -> &[f64] {
        &self.b_values
    }

    /// Directions, unit vectors in world (LPS+), one for each step: zero where a step has none; `None` where no step has one.
    pub fn directions(&self) -> Option<&[[f64; 3]]> {
        self.directions.as_deref()
    }

    /// Directions along the axes of the image, as FSL has them, one for each step.
    pub fn image_directions(&self) -> Option<Vec<[f64; 3]>> {
        let [i, j, k] = self.axes;
        // the determinant in RAS+ is that in LPS+: two axes are turned round
        let x = if dot(isocenter_volume::affine::cross(i, j), k) > 0.0 { -1.0 } else { 1.0 };
        let along = |v: &[f64; 3]| [x * dot(*v, i), dot(*v, j), dot(*v, k)];
        Some(self.directions.as_ref()?.iter().map(along).collect())
    }

    /// The text of a `.bval` file: one line.
    pub fn to_bval(&self) -> String {
        text::line(self.b_values.iter().copied(), text::B_VALUE)
    }

    /// The text of a `.bvec` file: lines of x, y and z.
    pub fn to_bvec(&self) -> Option<String> {
        let vectors = self.image_directions()?;
        Some((0..3).map(|axis| text::line(vectors.iter().map(|v| v[axis]), text::DIRECTION)).collect())
    }

    /// The text of a gradient scheme of MRtrix3 (`.b`, option `-grad`): a line `x y z b` for each step, RAS+.
    pub fn to_mrtrix(&self) -> Option<String> {
        let steps = self.directions.as_ref()?.iter().zip(&self.b_values);
        let line = |([x, y, z], b): (&[f64; 3], &f64)| {
            let vector = [-x, -y, *z].map(|v| text::number(v, text::DIRECTION));
            format!("{} {}\n", vector.join(" "), text::number(*b, text::B_VALUE))
        };
        Some(steps.map(line).collect())
    }
}

type Weightings = (Vec<f64>, Option<Vec<[f64; 3]>>);

/// The weightings of the slow axis that has them.
fn weighted(head: &Head) -> Option<Weightings> {
    let (at, axis) = head.slow_axes().iter().enumerate().find(|(_, axis)| axis.column(&Quantity::BValue).is_some())?;
    let b_values = axis.numbers(&Quantity::BValue)?;
    let directions = axis.vectors(&Quantity::GradientDirection).map(<[_]>::to_vec);
    let is_partly_weighted = b_values.iter().any(|b| *b <= UNWEIGHTED);
    let directions = directions.or_else(|| is_partly_weighted.then(|| vec![[0.0; 3]; b_values.len()]));
    let steps = (0..head.steps()).map(|step| head.indices_of(step)?.get(at).copied()).collect::<Option<Vec<_>>>()?;
    let of_steps = steps.iter().filter_map(|step| b_values.get(*step).copied()).collect();
    Some((of_steps, directions.map(|all| steps.iter().filter_map(|step| all.get(*step).copied()).collect())))
}

/// What the gradients of imaging weigh, s/mm^2: images of no more are called unweighted.
const UNWEIGHTED: f64 = 50.0;

/// The one weighting of all steps.
fn uniform(head: &Head) -> Option<Weightings> {
    let one = head.meta().mr.as_ref()?.diffusion?;
    let steps = head.steps();
    Some((vec![one.b_value; steps], one.direction.map(|direction| vec![direction; steps])))
}
