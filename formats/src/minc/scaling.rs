//! What stored integers mean, slice by slice.

use isocenter_volume::{Rescale, SampleType, Scaling, Unit};

use super::axes::Axis;
use crate::{
    Error,
    h5::{attributes::Value, dataset::Dataset, tree::Tree},
};

/// Least and largest value of integers.
fn range(sample: SampleType) -> Option<[f64; 2]> {
    Some(match sample {
        SampleType::U8 => [0.0, f64::from(u8::MAX)],
        SampleType::I8 => [f64::from(i8::MIN), f64::from(i8::MAX)],
        SampleType::U16 => [0.0, f64::from(u16::MAX)],
        SampleType::I16 => [f64::from(i16::MIN), f64::from(i16::MAX)],
        SampleType::U32 => [0.0, f64::from(u32::MAX)],
        SampleType::I32 => [f64::from(i32::MIN), f64::from(i32::MAX)],
        _ => return None,
    })
}

/// The scaling; `axes` are those of the file in its order, `planes` the axes of space k and then the slow axes, in the order of the volume.
pub(super) fn read(
    tree: &Tree,
    group: &str,
    image: &Dataset,
    sample: SampleType,
    axes: &[Axis],
    planes: &[&Axis],
) -> Result<Scaling, Error> {
    let Some(full) = range(sample) else { return Ok(Scaling::default()) };
    let valid = match image.attributes.get("valid_range").map(Value::numbers) {
        None => full,
        Some(Some([a, b])) if a.is_finite() && b.is_finite() && a != b => [a.min(*b), a.max(*b)],
        Some(_) => return Err(Error::malformed("valid_range", "another value", "two numbers")),
    };
    // without either, the standard has real values from 0 to 1
    let said = ["image-min", "image-max"].map(|name| tree.find(&format!("{group}/{name}")));
    let [least, largest] = said;
    if least?.is_none() && largest?.is_none() {
        let slope = 1.0 / (valid[1] - valid[0]);
        return Ok(Scaling::uniform(Rescale::new(slope, -valid[0] * slope)?, Unit::Arbitrary));
    }
    let bound = |name: &'static str| {
        let path = format!("{group}/{name}");
        let found =
            tree.dataset(&path)?.ok_or_else(|| Error::malformed(name, "missing", "the range of real values"))?;
        let value = found.value(&tree.image)?;
        let numbers = value.numbers().filter(|numbers| numbers.iter().all(|n| n.is_finite()));
        let numbers = numbers.ok_or_else(|| Error::malformed(name, "no finite numbers", "numbers"))?.to_vec();
        Ok::<_, Error>((found.space.shape, numbers))
    };
    let ((shape, least), (other, largest)) = (bound("image-min")?, bound("image-max")?);
    // one for each slice along the first axes of the image
    let leading = axes.get(..shape.len()).unwrap_or_default();
    let fits = shape == other && leading.iter().map(|axis| axis.len).eq(shape.iter().copied());
    if !fits || least.len() != largest.len() {
        return Err(Error::malformed("image-min", format!("{shape:?}"), "the lengths of the first axes of the image"));
    }
    if let Some(within) = leading.iter().find(|axis| !planes.iter().any(|plane| plane.name == axis.name)) {
        return Err(Error::unsupported("a scaling for each line of voxels", &within.name));
    }
    let pairs = least.iter().zip(&largest).map(|(least, largest)| {
        // a slice of one value
        let slope = Some((largest - least) / (valid[1] - valid[0])).filter(|s| *s != 0.0).unwrap_or(f64::MIN_POSITIVE);
        Rescale::new(slope, least - valid[0] * slope)
    });
    let pairs = pairs.collect::<Result<Vec<_>, _>>()?;
    if leading.is_empty() {
        let one = pairs.first().copied().unwrap_or(Rescale::IDENTITY);
        return Ok(Scaling::uniform(one, Unit::Arbitrary));
    }
    // as many planes as the volume has, each with the pair of its place along the first axes
    let count: u64 = planes.iter().fold(1, |n, axis| n.saturating_mul(axis.len));
    let of_plane = |plane: u64| {
        let mut rest = plane;
        let places: Vec<(&str, u64)> = planes
            .iter()
            .map(|axis| {
                let at = rest % axis.len;
                rest /= axis.len;
                (axis.name.as_str(), at)
            })
            .collect();
        let at = leading.iter().fold(0, |n, axis| {
            n * axis.len + places.iter().find(|place| place.0 == axis.name).map_or(0, |place| place.1)
        });
        pairs.get(at as usize).copied().unwrap_or(Rescale::IDENTITY)
    };
    Ok(Scaling::per_plane((0..count).map(of_plane).collect(), Unit::Arbitrary))
}
