//! Finds the image that a label map lies on, brings the labels onto its grid and numbers them 1..n.
//!
//! SimpleITK's `DICOMOrient` on both gives the same voxels where the grids are axis-aligned.
#![allow(clippy::print_stdout)]

use isocenter_labels::{matching, remap};
use isocenter_volume::{Affine, Ctx, Frame, Geometry, IndexMap, LabelMap, Segment};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let grid = |shape, origin| {
        Geometry::new(shape, Affine::from_spacing_origin([0.9, 0.9, 2.0], origin), Frame::Patient(None))
    };
    let images = [grid([6, 5, 4], [0.0; 3])?, grid([6, 5, 4], [0.0, 0.0, 40.0])?, grid([5, 5, 4], [0.0; 3])?];

    // labels 10 and 200 on the second image, as a tool wrote them: axes in another order, one of them reversed
    let voxels: Vec<u32> = (0..120).map(|n| [0, 0, 10, 0, 200][n % 5]).collect();
    let liver = Segment::new(0, 10, "liver");
    let stored = IndexMap::permute_flip([6, 5, 4], [2, 0, 1], [false, true, false])?;
    let labels = LabelMap::new(vec![voxels], images[1].clone(), vec![liver])?.remap(&stored, &Ctx::default())?;

    let ctx = Ctx::default();
    let (which, found) = matching::find_image(labels.geometry(), &images)?;
    println!("image {which}, corners {:.1e} mm apart", found.corner_distance_mm);
    println!("axes {:?}, reversed {:?}", found.map.axes(), found.map.flip());
    let (labels, table) =
        remap::remap_consecutive(&matching::bring_onto(&labels, &images[which], &found, &ctx)?, &ctx)?;
    for line in &table {
        println!("{} -> {} {}", line.from, line.to, line.name);
    }
    println!("first voxels {:?}", labels.layers()[0].iter().take(10).collect::<Vec<_>>());
    Ok(())
}
