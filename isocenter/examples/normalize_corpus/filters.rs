//! Filters, and bias fields.

use isocenter::{
    normalize::{Map, N4, Region, Step, head, moments},
    volume::{Ctx, Mask, Volume},
};
use serde_json::{Value, json};

use super::{
    Outcome, by_op,
    manifest::{Found, Manifest},
};

pub(crate) fn run(manifest: &Manifest, entry: &Value) -> Outcome<Option<Found>> {
    if entry["op"] == "n4_quality" {
        return quality(manifest, entry).map(Some);
    }
    let Some(step) = by_op::step(entry) else { return Ok(None) };
    let ctx = Ctx::default();
    let image = by_op::prepared(manifest.input_of(entry, 0)?, entry);
    let found = if let Step::N4(n4) = step {
        let mask = match entry["inputs"].get(1).and_then(Value::as_str) {
            Some(name) => Mask::above(&manifest.input(name)?, 0.0),
            None => head::mask(&image, &ctx)?,
        };
        log_field(&n4, &image, &mask)?
    } else {
        step.apply(&image, None, &ctx)?.0
    };
    Ok(Some(Found::Image(Box::new(found))))
}

fn log_field(n4: &N4, image: &Volume<f32>, mask: &Mask) -> Outcome<Volume<f32>> {
    let fitted = n4.fit(image, Some(mask), &Ctx::default())?;
    let Map::Bias(field) = fitted.map() else { return Err("no field".into()) };
    Ok(field.log_field(image.geometry(), &Ctx::default())?)
}

/// What our default leaves of a known field: the standard deviation of the logarithms' difference over the mask.
fn quality(manifest: &Manifest, entry: &Value) -> Outcome<Found> {
    let [image, mask, truth] = [0, 1, 2].map(|n| manifest.input_of(entry, n));
    let (image, truth, mask) = (image?, truth?, Mask::above(&mask?, 0.0));
    let log = log_field(&N4::default().region(Region::Mask), &image, &mask)?;
    let apart = log.voxels().iter().zip(truth.voxels()).map(|(a, b)| a - libm::logf(*b));
    let apart = image.with_voxels(apart.collect::<Vec<f32>>(), image.scaling().clone())?;
    let residual = moments(&apart, Region::Mask, Some(&mask), &Ctx::default())?.standard_deviation(0);
    Ok(Found::Values(json!({ "residual": residual })))
}
