//! Turns the activity of a PET into uptake values by body weight, from the facts that its header gave.
//!
//! For a header, QIBA's vendor-neutral pseudo-code gives the same factor.
#![allow(clippy::print_stdout)]

use isocenter_normalize::{Step, Suv};
use isocenter_volume::{Affine, Ctx, Frame, Geometry, Meta, Rescale, Scaling, Unit, Volume, meta::Pet};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut pet = Pet::default();
    pet.units = Some("BQML".into());
    pet.decay_correction = Some("START".into());
    pet.corrected_for_decay_and_attenuation = Some(true);
    pet.injected_dose_bq = Some(350e6);
    pet.half_life_s = Some(6586.2); // F-18
    pet.injection_to_reference_s = Some(3600.0);
    pet.weight_kg = Some(70.0);
    let mut meta = Meta::default();
    meta.pet = Some(pet.clone());

    let grid = Geometry::new([4, 1, 1], Affine::from_spacing_origin([4.0; 3], [0.0; 3]), Frame::Patient(None))?;
    let activity = Volume::new(vec![0.0f32, 3_400.0, 6_800.0, 34_000.0], grid)?
        .with_scaling(Scaling::uniform(Rescale::IDENTITY, Unit::BqPerMl))?
        .with_meta(meta);

    let found = Suv::body_weight(&pet)?;
    println!("{:?}: {:e} per Bq/ml", found.rule, found.factor);
    let (suv, _) = Step::Suv(Suv::default()).apply(&activity, None, &Ctx::default())?;
    println!("{:?} {}", suv.voxels(), suv.scaling().unit().code());
    pet.weight_kg = None;
    if let Err(error) = Suv::body_weight(&pet) {
        println!("without a weight: {error}");
    }
    Ok(())
}
