//! What a DICOM file's values mean, and how a viewer shows them. Axes of the results are (row, column, frame).

use isocenter::{
    dcm::{
        Instance, OpenOptions,
        pixel::{DecodeOptions, Padding, Photometric},
        scaling,
    },
    volume::{Affine, Ctx, Frame, Geometry, Volume},
};
use serde_json::Value;

use super::{
    Outcome,
    manifest::{Found, Manifest, text},
};

pub(crate) fn run(manifest: &Manifest, entry: &Value) -> Outcome<Option<Found>> {
    let op = entry["op"].as_str().unwrap_or_default();
    if !["modality_lut", "voi_lut", "padding_mask"].contains(&op) {
        return Ok(None);
    }
    let instance = OpenOptions::new().open(manifest.path(text(entry, "file")))?;
    let decoded = instance.decode_all(&DecodeOptions::default(), &Ctx::default())?;
    let info = decoded.info;
    let values: Vec<f64> = match op {
        "padding_mask" => {
            let padding = Padding::of(&instance.dataset, &info)?;
            let is_padding = |stored: &f64| padding.as_ref().is_some_and(|padding| padding.contains(*stored));
            decoded.to_f64().iter().map(|v| f64::from(u8::from(!is_padding(v)))).collect()
        }
        "voi_lut" => shown(&instance, entry, scaling::real_values(&instance.dataset, 0, &decoded)?)?,
        _ => scaling::real_values(&instance.dataset, 0, &decoded)?,
    };
    let (rows, columns) = (info.rows as usize, info.columns as usize);
    let frames = values.len() / (rows * columns);
    let turned = (0..values.len()).map(|n| {
        let [row, column, frame] = [n % rows, n / rows % columns, n / (rows * columns)];
        values[(frame * rows + row) * columns + column] as f32
    });
    let geometry = Geometry::new(
        [rows, columns, frames],
        Affine::from_ras([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]),
        Frame::Patient(None),
    )?;
    Ok(Some(Found::Image(Box::new(Volume::new(turned.collect::<Vec<f32>>(), geometry)?))))
}

/// Levels 0 to 1 by the view that is asked for, MONOCHROME1 turned round last.
fn shown(instance: &Instance, entry: &Value, real: Vec<f64>) -> Outcome<Vec<f64>> {
    let frame = instance.frame(0)?;
    let wanted = entry["params"]["view"].as_u64().unwrap_or(0) as usize;
    let view = frame.views()?.into_iter().nth(wanted).ok_or("no such view")??;
    let is_inverse = frame.info()?.photometric == Photometric::Monochrome1;
    Ok(real
        .iter()
        .map(|v| view.transform.level(*v))
        .map(|level| if is_inverse { 1.0 - level } else { level })
        .collect())
}
