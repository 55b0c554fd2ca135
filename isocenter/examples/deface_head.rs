//! Finds the face of a volume by a template and removes it: `deface IMAGE OUT HEAD MASK[,MASK] [BRAIN]`; a MASK that is 0 where the face is (pydeface's,
//! mridefacer's) has a minus sign in front. Without arguments it does so with a phantom, in memory.
#![allow(clippy::print_stdout, reason = "an example prints")]

use isocenter::{
    faces::{MaskFile, Template},
    formats,
    volume::{Ctx, Mask},
};
use isocenter_phantom::{Contrast, Head, grid::Grid, grid::Plane, grid::pose};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let (arguments, ctx) = (std::env::args().skip(1).collect::<Vec<_>>(), Ctx::default());
    let [image, out, head, masks, brain @ ..] = arguments.as_slice() else { return phantom(&ctx) };
    let of = |path: &str| match path.strip_prefix('-') {
        Some(path) => MaskFile::of_rest(path),
        None => MaskFile::of_face(path),
    };
    let masks: Vec<MaskFile> = masks.split(',').map(of).collect();
    let template = Template::read(head.as_ref(), &masks, brain.first().map(AsRef::as_ref), &ctx)?;
    let mut file = formats::read(image)?;
    let found = template.find(&file.volume.to_real(&ctx)?, &ctx)?;
    let defaced = found.faces().apply_to(&mut file.volume, &ctx)?;
    println!("{:?}, {:.1} mm: {} voxels", found.verdict(), found.residual_mm(), defaced.voxels);
    Ok(formats::write(out, &file)?)
}

/// A head that is larger than the template, and lies otherwise.
fn phantom(ctx: &Ctx<'_>) -> Result<(), Failure> {
    let grid = Grid::new(Plane::Axial, [72, 88, 72], [3.0; 3]).centre_mm([0.0, -15.0, -20.0]).geometry()?;
    let place = |n: usize| grid.world_of([n % 72, n / 72 % 88, n / 6336].map(|i| i as f64));
    let mask = Mask::from_fn(grid.clone(), |n| place(n)[1] < -75.0 && place(n)[2] < -30.0);
    let template =
        Template::new(Head::new(7).render(&grid, &pose([0.0; 3], [0.0; 3]), Contrast::T1, 1)?)?.with_mask(mask)?;
    let turned = pose([4.0, -3.0, 6.0], [3.0, 5.0, -2.0]);
    let mut image = Head::new(3).render(&grid, &turned, Contrast::T2, 2)?;
    let found = template.find(&image, ctx)?;
    let defaced = found.faces().apply_to_volume(&mut image, ctx)?;
    println!("{:?}, {:.1} mm: {} voxels", found.verdict(), found.residual_mm(), defaced.voxels);
    Ok(())
}
