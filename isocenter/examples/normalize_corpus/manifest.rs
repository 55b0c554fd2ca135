//! The entries of a manifest, its inputs, and what their parameters mean.

use std::path::{Path, PathBuf};

use isocenter::{
    formats,
    normalize::Region,
    volume::{Ctx, Mask, Volume},
};
use serde_json::Value;

use super::Outcome;

/// A result in the form that the comparator wants.
pub(crate) enum Found {
    Image(Box<Volume<f32>>),
    Values(Value),
    Table(String),
}

pub(crate) struct Manifest {
    folder: PathBuf,
    all: Value,
}

impl Manifest {
    pub(crate) fn read(path: &Path) -> Outcome<Self> {
        let folder = path.parent().unwrap_or(Path::new(".")).to_owned();
        Ok(Self { folder, all: serde_json::from_slice(&std::fs::read(path)?)? })
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &Value> {
        self.all["entries"].as_array().into_iter().flatten()
    }

    /// The entry that another names by the part of its id before the first `_`.
    pub(crate) fn named(&self, name: &str) -> Outcome<&Value> {
        let is_it = |e: &&Value| e["id"].as_str().and_then(|id| id.split('_').next()) == Some(name);
        Ok(self.entries().find(is_it).ok_or_else(|| format!("no entry {name}"))?)
    }

    /// A file that an entry names.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    pub(crate) fn input_path(&self, name: &str) -> Outcome<PathBuf> {
        let file = self.all["inputs"][name]["file"].as_str().ok_or_else(|| format!("no input {name}"))?;
        Ok(self.path(file))
    }

    pub(crate) fn input(&self, name: &str) -> Outcome<Volume<f32>> {
        Ok(formats::read(self.input_path(name)?)?.volume.to_real(&Ctx::default())?)
    }

    /// The n-th input of an entry.
    pub(crate) fn input_of(&self, entry: &Value, n: usize) -> Outcome<Volume<f32>> {
        self.input(entry["inputs"][n].as_str().ok_or("an input is wanted")?)
    }

    /// The region that a parameter describes, and the mask where it names one.
    pub(crate) fn region(&self, text: &str) -> Outcome<(Region, Option<Mask>)> {
        if self.all["inputs"].get(text).is_some() {
            return Ok((Region::Mask, Some(Mask::above(&self.input(text)?, 0.0))));
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let region = match words.as_slice() {
            ["all", ..] => Region::All,
            ["value", ">", "mean", ..] => Region::AboveMean,
            ["value", ">", low] => Region::Above(low.parse()?),
            ["value", "!=", "0"] => Region::NonZero,
            [low, "<", _, "<", high] => Region::Between(low.parse()?, high.parse()?),
            _ => return Err(format!("a region `{text}`").into()),
        };
        Ok((region, None))
    }
}

pub(crate) fn number(entry: &Value, key: &str) -> Outcome<f64> {
    Ok(entry["params"][key].as_f64().ok_or_else(|| format!("a number `{key}` is wanted"))?)
}

pub(crate) fn numbers(entry: &Value, key: &str) -> Outcome<Vec<f64>> {
    Ok(serde_json::from_value(entry["params"][key].clone()).map_err(|e| format!("{key}: {e}"))?)
}

pub(crate) fn count(entry: &Value, key: &str) -> Outcome<usize> {
    Ok(entry["params"][key].as_u64().ok_or_else(|| format!("a whole number `{key}` is wanted"))? as usize)
}

pub(crate) fn text<'a>(entry: &'a Value, key: &str) -> &'a str {
    entry["params"][key].as_str().unwrap_or_default()
}

/// The part of an input that `input` describes: `NAME[:, 3:9, :] / max`.
pub(crate) fn part(image: Volume<f32>, described: &str) -> Outcome<Volume<f32>> {
    let mut image = image;
    if let Some((_, rest)) = described.split_once('[') {
        let (mut start, mut size) = ([0; 3], image.shape());
        for (axis, range) in rest.split(']').next().unwrap_or_default().split(',').enumerate().take(3) {
            let (low, high) = range.trim().split_once(':').ok_or("a range is wanted")?;
            start[axis] = if low.is_empty() { 0 } else { low.parse()? };
            size[axis] = if high.is_empty() { image.shape()[axis] } else { high.parse()? } - start[axis];
        }
        image = image.crop(start, size)?;
    }
    if described.ends_with("/ max") {
        let largest = image.voxels().iter().fold(f32::MIN, |a, v| a.max(*v));
        let voxels: Vec<f32> = image.voxels().iter().map(|v| v / largest).collect();
        image = image.with_voxels(voxels, image.scaling().clone())?;
    }
    Ok(image)
}
