//! Prints what is drawn for five items, and what it does to a made-up image: `augment [RECIPE.toml]`.
//!
//! The recipe is a list of changes, as `isocenter_normalize::augment::Augment` reads it; without one, it is the list below.
#![allow(clippy::print_stdout)]

use std::error::Error;

use isocenter_normalize::augment::{Affine, Augment, BiasField, Chance, Gamma, Noise, Random};
use isocenter_volume::{Ctx, Frame, Geometry, Volume};

fn main() -> Result<(), Box<dyn Error>> {
    let augment: Augment = match std::env::args().nth(1) {
        Some(path) => toml::from_str(&std::fs::read_to_string(path)?)?,
        None => Augment::new([
            Random::Affine(Affine::default()).with_probability(0.8),
            Random::BiasField(BiasField::default()).with_probability(0.5),
            Random::Gamma(Gamma::default()).with_probability(0.5),
            Chance::from(Random::Noise(Noise::default())),
        ])?,
    };
    // a bright cube in the dark
    let grid = Geometry::new([32, 32, 32], isocenter_volume::Affine::IDENTITY, Frame::Patient(None))?;
    let is_inside = |n: usize| [n % 32, n / 32 % 32, n / 1024].iter().all(|i| (8..24).contains(i));
    let image =
        Volume::new((0..grid.len()).map(|n| f32::from(u8::from(is_inside(n)))).collect::<Vec<_>>(), grid.clone())?;
    for item in 0..5 {
        let drawn = augment.draw(2026, &format!("item {item}"));
        let out = drawn.apply(&grid, &image, &Ctx::default())?;
        let mean = out.voxels().iter().map(|v| f64::from(*v)).sum::<f64>() / grid.len() as f64;
        println!("item {item}: mean {mean:.4} of {:.4}", 0.125);
        for operation in out.head().provenance().operations().iter().filter(|o| o.name().starts_with("augment")) {
            println!("    {} {:?}", operation.name(), operation.parameters());
        }
    }
    Ok(())
}
