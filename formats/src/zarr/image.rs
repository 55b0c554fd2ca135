//! What the attributes of a group say of an image: axes, levels, and where each level lies.

use serde_json::{Map, Value};

use crate::Error;

/// Most axes of an image: five, by the specification; more would do no harm.
const MOST_AXES: usize = 8;

/// An image of OME-NGFF.
#[derive(Debug)]
pub(super) struct Image {
    pub(super) axes: Vec<Axis>,
    /// The levels, the finest first.
    pub(super) levels: Vec<Level>,
    pub(super) name: Option<String>,
}

/// One axis of an image, in the order of the array.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) unit: Option<String>,
    /// Which way it runs in the body, such as `left-to-right`.
    pub(super) orientation: Option<String>,
}

/// What an axis is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Space,
    Time,
    Channel,
    Other,
}

/// One level of an image.
#[derive(Debug)]
pub(super) struct Level {
    /// The array, below the group.
    pub(super) path: String,
    /// Steps along the axes, in their units; `None` where nothing is said.
    pub(super) scale: Option<Vec<f64>>,
    pub(super) translation: Vec<f64>,
}

/// The attributes of OME: version 0.5 has a field of its own for them.
pub(super) fn ome(attributes: &Map<String, Value>) -> &Map<String, Value> {
    attributes.get("ome").and_then(Value::as_object).unwrap_or(attributes)
}

impl Image {
    /// The first image that attributes describe; `None` where they describe none.
    pub(super) fn parse(attributes: &Map<String, Value>) -> Result<Option<Self>, Error> {
        let Some(all) = ome(attributes).get("multiscales") else { return Ok(None) };
        let image = all.as_array().and_then(|all| all.first()).and_then(Value::as_object);
        let image = image.ok_or_else(|| wrong("multiscales", "a list of images"))?;
        let axes = axes(image.get("axes"))?;
        let whole = Transform::parse(image.get("coordinateTransformations"), axes.len())?;
        let levels = image.get("datasets").and_then(Value::as_array);
        let levels = levels.filter(|l| !l.is_empty()).ok_or_else(|| wrong("datasets", "a list of levels"))?;
        let levels = levels.iter().map(|level| {
            let path =
                level.get("path").and_then(Value::as_str).ok_or_else(|| wrong("path", "the name of an array"))?;
            let own = Transform::parse(level.get("coordinateTransformations"), axes.len())?;
            let (scale, translation) = own.then(&whole, axes.len());
            Ok(Level { path: path.to_owned(), scale, translation })
        });
        Ok(Some(Self {
            levels: levels.collect::<Result<_, Error>>()?,
            axes,
            name: image.get("name").and_then(Value::as_str).map(ToOwned::to_owned),
        }))
    }
}

fn wrong(field: &'static str, wanted: &'static str) -> Error {
    Error::malformed(field, "missing, or another value", wanted)
}

/// The axes: objects since 0.4, names in 0.3, five that go without saying before.
fn axes(value: Option<&Value>) -> Result<Vec<Axis>, Error> {
    let of_name = |name: &str| Axis {
        name: name.to_owned(),
        kind: match name {
            "x" | "y" | "z" => Kind::Space,
            "t" => Kind::Time,
            "c" => Kind::Channel,
            _ => Kind::Other,
        },
        unit: None,
        orientation: None,
    };
    let Some(value) = value else { return Ok(["t", "c", "z", "y", "x"].map(of_name).to_vec()) };
    let list = value.as_array().filter(|list| (1..=MOST_AXES).contains(&list.len()));
    let list = list.ok_or_else(|| wrong("axes", "a list of axes"))?;
    let axis = |value: &Value| {
        if let Some(name) = value.as_str() {
            return Ok(of_name(name));
        }
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        let name = text("name").ok_or_else(|| wrong("name of an axis", "a text"))?;
        let kind = match text("type") {
            Some("space") => Kind::Space,
            Some("time") => Kind::Time,
            Some("channel") => Kind::Channel,
            _ => Kind::Other,
        };
        let orientation = value.get("orientation").and_then(|o| o.get("value").unwrap_or(o).as_str());
        let (unit, orientation) = (text("unit").map(ToOwned::to_owned), orientation.map(ToOwned::to_owned));
        Ok(Axis { name: name.to_owned(), kind, unit, orientation })
    };
    let axes = list.iter().map(axis).collect::<Result<Vec<_>, Error>>()?;
    if axes.iter().enumerate().any(|(n, axis)| axes[..n].iter().any(|other| other.name == axis.name)) {
        return Err(Error::malformed("axes", "a name twice", "names that differ"));
    }
    Ok(axes)
}

/// A scale, and a translation after it.
#[derive(Debug, Default)]
struct Transform {
    scale: Option<Vec<f64>>,
    translation: Option<Vec<f64>>,
}

impl Transform {
    fn parse(value: Option<&Value>, axes: usize) -> Result<Self, Error> {
        let field = "coordinateTransformations";
        let mut found = Self::default();
        let list = match value {
            None | Some(Value::Null) => return Ok(found),
            Some(value) => value.as_array().ok_or_else(|| wrong(field, "a list"))?,
        };
        for step in list {
            let numbers = |key: &str| -> Result<Vec<f64>, Error> {
                if step.get("path").is_some() {
                    return Err(Error::unsupported("a transformation in a file of its own", ""));
                }
                let list = step.get(key).and_then(Value::as_array);
                let numbers: Option<Vec<f64>> = list.and_then(|list| list.iter().map(Value::as_f64).collect());
                let numbers = numbers.filter(|n| n.len() == axes && n.iter().all(|v| v.is_finite()));
                numbers.ok_or_else(|| wrong(field, "a number for every axis"))
            };
            match step.get("type").and_then(Value::as_str) {
                Some("identity") => {}
                Some("scale") if found.scale.is_none() && found.translation.is_none() => {
                    found.scale = Some(numbers("scale")?);
                }
                Some("translation") if found.translation.is_none() => {
                    found.translation = Some(numbers("translation")?);
                }
                Some("scale" | "translation") => {
                    return Err(Error::unsupported("transformations in another order", "scale, then translation"));
                }
                Some(other) => return Err(Error::unsupported("transformation of OME-NGFF", other)),
                None => return Err(wrong(field, "a type")),
            }
        }
        Ok(found)
    }

    /// This, and another after it.
    fn then(&self, other: &Self, axes: usize) -> (Option<Vec<f64>>, Vec<f64>) {
        let of = |list: &Option<Vec<f64>>, n: usize, else_: f64| list.as_ref().map_or(else_, |list| list[n]);
        let translation = |n| of(&self.translation, n, 0.0) * of(&other.scale, n, 1.0) + of(&other.translation, n, 0.0);
        let scale = |n| of(&self.scale, n, 1.0) * of(&other.scale, n, 1.0);
        let is_stated = self.scale.is_some() || other.scale.is_some();
        (is_stated.then(|| (0..axes).map(scale).collect()), (0..axes).map(translation).collect())
    }
}
