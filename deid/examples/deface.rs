//! Removes the face from a volume: `deface IMAGE MASKS MATRICES OUT [BRAIN] [MM]`. Without arguments it does so with a phantom's T1 and CT, in memory.
//!
//! MASKS are templates' (1 where the face is; `-MASK`: 0 where it is, as pydeface and mridefacer have it), with a comma between. MATRICES are as many that greedy
//! wrote with the image fixed and the template moving: 4x4, RAS millimetres, points of the image to points of the template; `identity` where the mask is the
//! image's own. BRAIN is a mask in the image's world that always stays (`-`: none), MM is how much the masks grow. `pydeface IMAGE` finds the matrix itself.
#![allow(clippy::print_stdout, reason = "an example prints")]

use isocenter_deid::Ctx;
use isocenter_deid::faces::{Alignment, Faces};
use isocenter_deid::volume::{
    Affine, DynVolume, Mask, Rescale, Scaling, Unit, Volume, morphology::Ball, with_real_volume,
};
use isocenter_formats as formats;
use isocenter_phantom::{Contrast, Head, grid::Grid, grid::Plane, grid::pose};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let (arguments, ctx) = (std::env::args().skip(1).collect::<Vec<_>>(), Ctx::default());
    let [image, masks, matrices, out, more @ ..] = arguments.as_slice() else { return phantom(&ctx) };
    let mut file = formats::read(image)?;
    let margin_mm: f64 = more.get(1).map_or(Ok(0.0), |text| text.parse())?;
    let mut faces: Option<Faces> = None;
    for (mask, matrix) in masks.split(',').zip(matrices.split(',')) {
        let (path, inverted) = mask.strip_prefix('-').map_or((mask, false), |path| (path, true));
        let mut mask = read_mask(path)?;
        if inverted {
            mask = mask.complement();
        }
        if margin_mm > 0.0 {
            mask = mask.dilated(&Ball::of_radius_mm(mask.geometry(), margin_mm), &ctx)?;
        }
        let placed = Alignment::template_from_image(read_matrix(matrix)?)?.place(&mask)?;
        faces = Some(match faces {
            Some(faces) => faces.and(placed, &ctx)?,
            None => Faces::new(placed, &ctx)?,
        });
    }
    let mut faces = faces.ok_or("no mask")?;
    if let Some(brain) = more.first().filter(|path| *path != "-") {
        faces = faces.with_brain(read_mask(brain)?)?;
    }
    let defaced = faces.apply_to(&mut file.volume, &ctx)?;
    println!("{} of {} voxels in {} planes", defaced.voxels, file.volume.geometry().len(), defaced.planes);
    Ok(formats::write(out, &file)?)
}

fn read_mask(path: &str) -> Result<Mask, Failure> {
    let volume = formats::read(path)?.volume;
    Ok(with_real_volume!(&volume, v => Mask::above(&v, 0.5), else return Err("a mask is gray".into())))
}

fn read_matrix(path: &str) -> Result<Affine, Failure> {
    if path == "identity" {
        return Ok(Affine::IDENTITY);
    }
    let text = std::fs::read_to_string(path)?;
    let numbers: Vec<f64> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    let row = |r: usize| <[f64; 4]>::try_from(numbers.get(4 * r..4 * r + 4).unwrap_or_default());
    Ok(Affine::from_ras_to_ras([row(0)?, row(1)?, row(2)?]))
}

/// A head whose nose is known: the mask is what lies before its eyes.
fn phantom(ctx: &Ctx<'_>) -> Result<(), Failure> {
    let (head, turned) = (Head::new(7), pose([4.0, -3.0, 6.0], [3.0, 5.0, -2.0]));
    let coarse = Grid::new(Plane::Axial, [48, 50, 50], [4.0; 3]).centre_mm([0.0, -70.0, -80.0]).geometry()?;
    let place = |n: usize| coarse.world_of([n % 48, n / 48 % 50, n / 2400].map(|i| i as f64));
    let mask = Mask::from_fn(coarse.clone(), |n| place(n)[1] < -75.0 && place(n)[2] < -30.0);
    let faces = Faces::of_template(&mask, &Alignment::image_from_template(turned)?, ctx)?;
    let grid = Grid::new(Plane::Sagittal, [110, 110, 36], [2.0, 2.0, 5.0]).centre_mm([0.0, -15.0, -20.0]).geometry()?;
    for (contrast, unit) in [(Contrast::T1, Unit::Arbitrary), (Contrast::Ct, Unit::Hu)] {
        let image: Volume<f32> = head.render(&grid, &turned, contrast, 1)?;
        let mut image = DynVolume::from(image).with_scaling(Scaling::uniform(Rescale::IDENTITY, unit))?;
        let defaced = faces.apply_to(&mut image, ctx)?;
        println!("{}: {} of {} voxels in {} planes", contrast.name(), defaced.voxels, grid.len(), defaced.planes);
    }
    Ok(())
}
