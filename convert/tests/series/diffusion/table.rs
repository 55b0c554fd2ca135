//! The table of a volume that is stored in any order of axes.

use isocenter_convert::GradientTable;
use isocenter_volume::{
    Affine, AxisKind, Column, Frame, Geometry, Head, Orientation, Quantity, SlowAxis,
    meta::{Diffusion, Meta, Mr},
};
use proptest::prelude::*;

use super::made::{Vector, dot};

fn head(geometry: Geometry, axes: Vec<SlowAxis>) -> Head {
    Head::new(geometry).with_slow_axes(axes).unwrap()
}

fn axis(vectors: &[Vector]) -> SlowAxis {
    let b_values = vectors.iter().map(|v| if *v == [0.0; 3] { 0.0 } else { 1000.0 }).collect();
    SlowAxis::numbered(AxisKind::Diffusion, Quantity::BValue, b_values)
        .and_then(|axis| axis.with_column(Column::vectors(Quantity::GradientDirection, vectors.to_vec()).unwrap()))
        .unwrap()
}

/// The rotation of a quaternion.
fn rotation(q: [f64; 4]) -> [Vector; 3] {
    let length = q.iter().map(|v| v * v).sum::<f64>().sqrt();
    let [w, x, y, z] = q.map(|v| v / length);
    [
        [1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y + w * z), 2.0 * (x * z - w * y)],
        [2.0 * (x * y - w * z), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z + w * x)],
        [2.0 * (x * z + w * y), 2.0 * (y * z - w * x), 1.0 - 2.0 * (x * x + y * y)],
    ]
}

fn unit() -> impl Strategy<Value = Vector> {
    let any = [-1.0..1.0, -1.0..1.0, -1.0..1.0f64];
    any.prop_filter_map("no length", |v: Vector| {
        let length = dot(v, v).sqrt();
        (length > 0.1).then(|| v.map(|v| v / length))
    })
}

proptest! {
    #[test]
    fn the_world_comes_back_from_text_and_affine(
        q in [-1.0..1.0, -1.0..1.0, -1.0..1.0, 0.1..1.0f64],
        sizes in [0.4..4.0, 0.4..4.0, 0.4..8.0f64],
        gradients in prop::collection::vec(unit(), 1..5),
    ) {
        let turn = rotation(q);
        let columns = [0, 1, 2].map(|n| turn[n].map(|v| v * sizes[n]));
        let grid = Geometry::new([3, 4, 5], Affine::from_columns(columns, [7.0; 3]), Frame::Patient(None)).unwrap();
        for wanted in Orientation::all() {
            let stored = grid.remap(&grid.map_to_orientation(wanted).unwrap()).unwrap();
            let table = GradientTable::of(&head(stored.clone(), vec![axis(&gradients)])).unwrap();
            let text = table.to_bvec().unwrap();
            let rows: Vec<Vec<f64>> = text.lines().map(|l| l.split(' ').map(|v| v.parse().unwrap()).collect()).collect();
            // as FSL reads them: x is negated where the RAS+ affine is right-handed
            let ras = Affine::from_rows(stored.affine().to_ras());
            let x = if ras.determinant() > 0.0 { -1.0 } else { 1.0 };
            for (step, gradient) in gradients.iter().enumerate() {
                let image = [x * rows[0][step], rows[1][step], rows[2][step]];
                let mut world = [0.0; 3];
                for (n, along) in image.iter().enumerate() {
                    let column = ras.column(n);
                    let length = dot(column, column).sqrt();
                    world.iter_mut().zip(column).for_each(|(w, c)| *w += along * c / length);
                }
                let found = [-world[0], -world[1], world[2]];
                prop_assert!(dot(found, *gradient) > 1.0 - 1e-7, "{wanted:?} {found:?} {gradient:?}");
            }
        }
    }
}

fn grid() -> Geometry {
    Geometry::new([2, 2, 2], Affine::from_spacing_origin([2.0; 3], [0.0; 3]), Frame::Patient(None)).unwrap()
}

#[test]
fn other_axes_repeat_the_weightings_in_memory_order() {
    let diffusion = axis(&[[0.0; 3], [0.0, 0.0, 1.0]]);
    let echo = SlowAxis::new(AxisKind::Echo, 2).unwrap();
    let fast = GradientTable::of(&head(grid(), vec![diffusion.clone(), echo.clone()])).unwrap();
    assert_eq!(fast.to_bval(), "0 1000 0 1000\n");
    let slow = GradientTable::of(&head(grid(), vec![echo, diffusion])).unwrap();
    assert_eq!(slow.to_bval(), "0 0 1000 1000\n");
    assert_eq!(slow.to_bvec().unwrap(), "0 0 0 0\n0 0 0 0\n0 0 1 1\n");
    assert_eq!(slow.to_mrtrix().unwrap(), "0 0 0 0\n0 0 0 0\n0 0 1 1000\n0 0 1 1000\n");
}

#[test]
fn a_weighting_of_the_whole_volume_is_that_of_every_step() {
    let mut mr = Mr::default();
    mr.diffusion = Some(Diffusion::new(500.0, Some([1.0, 0.0, 0.0])));
    let mut meta = Meta::default();
    meta.mr = Some(mr);
    let time = SlowAxis::new(AxisKind::Time, 2).unwrap();
    let table = GradientTable::of(&head(grid(), vec![time]).with_meta(meta)).unwrap();
    assert_eq!((table.to_bval(), table.to_bvec().unwrap()), ("500 500\n".to_owned(), "-1 -1\n0 0\n0 0\n".to_owned()));
}

#[test]
fn nothing_said_and_no_patient_are_no_table() {
    assert_eq!(GradientTable::of(&head(grid(), Vec::new())), None);
    let loose = grid().with_frame(Frame::Unknown);
    assert_eq!(GradientTable::of(&head(loose, vec![axis(&[[0.0, 0.0, 1.0]])])), None);
}
