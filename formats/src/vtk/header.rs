//! What a header says, up to the values.

use isocenter_volume::SampleType;

use super::kind::{self, Kind};
use crate::{Error, lines::Lines, source::Source};

/// How every file begins.
pub(super) const MAGIC: &[u8] = b"# vtk DataFile Version ";

/// What a header says.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) title: String,
    pub(super) is_text: bool,
    pub(super) sizes: [u64; 3],
    pub(super) origin: [f64; 3],
    pub(super) spacing: [f64; 3],
    /// The type of one number.
    pub(super) kind: Kind,
    /// Numbers of a voxel.
    pub(super) components: u64,
    /// Whether they are bytes of a colour.
    pub(super) is_colour: bool,
}

/// Where the values of an attribute stand, and what they are.
struct Attribute {
    kind: Kind,
    components: u64,
    is_colour: bool,
}

impl Header {
    /// Reads a header, after which `source` is about to give the values.
    pub(super) fn read(source: &mut Source<'_>, limit: u64) -> Result<Self, Error> {
        let mut lines = Lines::new(source, limit);
        let mut line = || lines.next()?.ok_or(Error::Truncated { what: "header", wanted: 1, found: 0 });
        line()?;
        let title = line()?.trim().to_owned();
        let is_text = match line()?.trim().to_ascii_uppercase().as_str() {
            "ASCII" => true,
            "BINARY" => false,
            other => return Err(Error::malformed("format", other, "ASCII or BINARY")),
        };
        let (mut sizes, mut origin, mut spacing, mut points) = (None, [0.0; 3], [1.0; 3], None);
        let attribute = loop {
            let text = line()?;
            let words: Vec<&str> = text.split_ascii_whitespace().collect();
            let Some((keyword, values)) = words.split_first() else { continue };
            match keyword.to_ascii_uppercase().as_str() {
                "DATASET" if values.first().is_some_and(|v| v.eq_ignore_ascii_case("STRUCTURED_POINTS")) => {}
                "DATASET" => return Err(Error::unsupported("a data set of VTK but STRUCTURED_POINTS", "")),
                "DIMENSIONS" => sizes = Some(three::<u64>("DIMENSIONS", values)?),
                "ORIGIN" => origin = three("ORIGIN", values)?,
                "SPACING" | "ASPECT_RATIO" => spacing = three("SPACING", values)?,
                "POINT_DATA" => points = Some(whole("POINT_DATA", values.first().copied())?),
                "CELL_DATA" => return Err(Error::unsupported("values of cells in VTK", "")),
                // in which file format 5 says what there is: names and units of components
                "METADATA" => while !line()?.trim().is_empty() {},
                // the data set's own fields, before its points
                "FIELD" if points.is_none() => return Err(Error::unsupported("fields before the points in VTK", "")),
                "FIELD" => {
                    let array = line()?;
                    break field(&array.split_ascii_whitespace().collect::<Vec<_>>(), points, is_text)?;
                }
                _ if points.is_none() => return Err(Error::malformed("header", "another line", "POINT_DATA")),
                attribute => {
                    let found = one(attribute, values, is_text)?;
                    if attribute == "SCALARS" {
                        let table = line()?;
                        if !table.trim_start().to_ascii_uppercase().starts_with("LOOKUP_TABLE") {
                            return Err(Error::malformed("SCALARS", "another line behind it", "LOOKUP_TABLE"));
                        }
                    }
                    break found;
                }
            }
        };
        let sizes = sizes.ok_or_else(|| Error::malformed("DIMENSIONS", "missing", "the line"))?;
        if sizes.contains(&0) {
            return Err(Error::malformed("DIMENSIONS", 0, "axes of at least 1"));
        }
        let product = sizes.iter().try_fold(1u64, |n, size| n.checked_mul(*size));
        if let Some(found) = points.filter(|points| Some(*points) != product) {
            return Err(Error::malformed("POINT_DATA", found, "the product of DIMENSIONS"));
        }
        let Attribute { kind, components, is_colour } = attribute;
        Ok(Self { title, is_text, sizes, origin, spacing, kind, components, is_colour })
    }
}

/// The line of an attribute that is no field.
fn one(keyword: &str, values: &[&str], is_text: bool) -> Result<Attribute, Error> {
    let word =
        |n: usize| values.get(n).copied().ok_or_else(|| Error::malformed("attribute", "a short line", "name and type"));
    let of = |components| Ok(Attribute { kind: kind::of_name(word(1)?, is_text)?, components, is_colour: false });
    match keyword {
        "SCALARS" => of(components(values.get(2).copied().unwrap_or("1"))?),
        "VECTORS" | "NORMALS" => of(3),
        "TENSORS" => of(9),
        "TENSORS6" => of(6),
        "COLOR_SCALARS" if is_text => Err(Error::unsupported("spelled colours of VTK, parts of 1", "")),
        "COLOR_SCALARS" => {
            Ok(Attribute { kind: Kind::Of(SampleType::U8), components: components(word(1)?)?, is_colour: true })
        }
        _ => Err(Error::unsupported("an attribute of VTK but scalars, colours, vectors, tensors and fields", "")),
    }
}

/// The line of the first array of a field.
fn field(values: &[&str], points: Option<u64>, is_text: bool) -> Result<Attribute, Error> {
    let [_, count, tuples, name] = values else {
        return Err(Error::malformed("FIELD", "another line behind it", "name, components, tuples and type"));
    };
    if Some(whole("FIELD", Some(tuples))?) != points {
        return Err(Error::malformed("FIELD", *tuples, "as many tuples as points"));
    }
    Ok(Attribute { kind: kind::of_name(name, is_text)?, components: components(count)?, is_colour: false })
}

fn components(text: &str) -> Result<u64, Error> {
    let count = text.parse().ok().filter(|n: &u64| *n > 0);
    count.ok_or_else(|| Error::malformed("numComp", text, "a whole number of at least 1"))
}

fn whole(field: &'static str, text: Option<&str>) -> Result<u64, Error> {
    let text = text.unwrap_or_default();
    text.parse().map_err(|_| Error::malformed(field, text, "a whole number"))
}

fn three<T: std::str::FromStr + Copy>(field: &'static str, values: &[&str]) -> Result<[T; 3], Error> {
    let numbers: Option<Vec<T>> = values.iter().map(|v| v.parse().ok()).collect();
    match numbers.as_deref() {
        Some([x, y, z]) => Ok([*x, *y, *z]),
        _ => Err(Error::malformed(field, values.join(" "), "three numbers")),
    }
}
