//! ITK's transforms in HDF5: `/TransformGroup/N` with class, parameters and fixed parameters.
//!
//! ITK before 5.0 wrote `TranformParameters` without an s; both are read.

use isocenter_formats::hdf5::container::{Builder, Tree};
use isocenter_volume::{Affine, world_map::Composed};

use super::{super::Error, Stored, WRITTEN, chain, maps, parameters};

const NAME: &str = "ITK HDF5";
const GROUP: &str = "TransformGroup";

/// Most transforms of a file.
const MOST: usize = 4096;

/// Most numbers of a field: 512 voxels along each axis.
const MOST_FLOATS: u64 = 3 << 27;

pub(in crate::transform_file) fn parse(tree: &Tree) -> Result<Vec<Affine>, Error> {
    maps(&read(tree, false)?, broken_at)
}

/// The one map of a file, fields of displacements among its parts.
pub(in crate::transform_file) fn parse_chain(tree: &Tree) -> Result<Composed<'static>, Error> {
    chain(read(tree, true)?, broken_at)
}

fn broken_at(n: usize, what: &'static str) -> Error {
    Error::broken(NAME, format!("transform {n}: {what}"))
}

fn read(tree: &Tree, fields: bool) -> Result<Vec<Stored>, Error> {
    let broken = |why: isocenter_formats::Error| Error::broken(NAME, why.to_string());
    let members = tree.members(GROUP).map_err(broken)?;
    if members.is_empty() || members.len() > MOST {
        return Err(Error::broken(NAME, "it holds no transforms, or more than 4096"));
    }
    let mut stored = Vec::new();
    for n in 0..members.len() {
        let group = format!("{GROUP}/{n}");
        let kind = tree.text(&format!("{group}/TransformType")).map_err(broken)?;
        let kind = kind.ok_or_else(|| Error::broken(NAME, "a transform has no class"))?;
        // a field or a spline has as many parameters as voxels: it is refused by its name, before they are read
        let is_linear = kind.starts_with(super::COMPOSITE) || super::kinds::is_known(&kind);
        let is_field = fields && super::field::is_field(&kind);
        if !is_linear && !is_field {
            return Err(Error::unsupported(&kind));
        }
        let list = |names: [&str; 2]| {
            for name in names {
                if let Some(found) = tree.numbers(&format!("{group}/{name}")).map_err(broken)? {
                    return Ok(Some(found.values));
                }
            }
            Ok::<_, Error>(None)
        };
        let names = ["TransformParameters", "TranformParameters"];
        let vectors = |name| tree.floats(&format!("{group}/{name}"), MOST_FLOATS).map_err(broken);
        let (parameters, vectors) = if is_field {
            let found = vectors(names[0])?.map_or_else(|| vectors(names[1]), |found| Ok(Some(found)))?;
            (Vec::new(), found.unwrap_or_default())
        } else {
            (list(names)?.unwrap_or_default(), Vec::new())
        };
        let fixed = list(["TransformFixedParameters", "TranformFixedParameters"])?.unwrap_or_default();
        stored.push(Stored { kind, parameters, fixed, vectors, line: n });
    }
    Ok(stored)
}

pub(in crate::transform_file) fn format(maps: &[Affine]) -> Result<Vec<u8>, Error> {
    let mut file = Builder::default();
    // ITK asks for a version; its own reader takes any
    file.texts("ITKVersion", &["5.4.0"]);
    file.texts("HDFVersion", &["HDF5 library version: 1.12.1"]);
    file.texts("OSName", &["unknown"]);
    file.texts("OSVersion", &["unknown"]);
    for (n, map) in maps.iter().enumerate() {
        file.texts(&format!("{GROUP}/{n}/TransformType"), &[WRITTEN]);
        file.numbers(&format!("{GROUP}/{n}/TransformParameters"), &[12], parameters(map));
        file.numbers(&format!("{GROUP}/{n}/TransformFixedParameters"), &[3], vec![0.0; 3]);
    }
    file.to_bytes().map_err(|why| Error::broken(NAME, why.to_string()))
}
