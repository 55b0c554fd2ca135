//! Prints size, place and pieces of each label, its overlap with a second reader's map, and its outline in one slice.
//!
//! Volumes are those of SimpleITK's `LabelShapeStatisticsImageFilter`.
#![allow(clippy::print_stdout)]

use isocenter_labels::{Connectivity, Outline, colours, contour, overlap, stats};
use isocenter_volume::{Affine, Ctx, Frame, Geometry, LabelMap};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let grid =
        Geometry::new([24, 24, 12], Affine::from_spacing_origin([1.0, 1.0, 2.0], [0.0; 3]), Frame::Patient(None))?;
    // two balls; the second reader saw the first of them one millimetre further left
    let reader = |shift: f64| {
        let ball =
            |p: [f64; 3], c: [f64; 3], r: f64| (0..3).map(|a| (p[a] - c[a]) * (p[a] - c[a])).sum::<f64>() < r * r;
        let label = |n: usize| {
            let p = grid.world_of([n % 24, n / 24 % 24, n / 576].map(|v| v as f64));
            if ball(p, [8.0 + shift, 8.0, 12.0], 5.0) { 1 } else { 2 * u32::from(ball(p, [17.0, 17.0, 12.0], 4.0)) }
        };
        LabelMap::new(vec![(0..grid.len()).map(label).collect::<Vec<u32>>()], grid.clone(), vec![])
    };
    let ctx = Ctx::default();
    let (first, second) = (reader(0.0)?, reader(1.0)?);
    for label in stats::label_stats(&first, Some(Connectivity::Faces6), &ctx)? {
        println!("{} {} voxels, {} mm3, centre {:.2?}", label.name, label.voxels, label.volume_mm3, label.centroid_mm);
        println!("  pieces {:?}, touches the border: {}", label.components, label.touches_border);
        let outline = contour::label_outlines(&first, 0, label.value, 2, 6, Outline::Smooth)?;
        let points: Vec<usize> = outline.iter().map(Vec::len).collect();
        println!("  outline in slice 6: {points:?} points, colour {:?}", colours::colour_of(label.value));
    }
    for line in overlap::overlap(&first, &second, &ctx)? {
        println!("label {}: Dice {:.3?}, Jaccard {:.3?}", line.value, line.dice(), line.jaccard());
    }
    Ok(())
}
