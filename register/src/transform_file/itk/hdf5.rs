//! ITK's transforms in HDF5: `/TransformGroup/N` with class, parameters and fixed parameters.
//!
//! ITK before 5.0 wrote `TranformParameters` without an s; both are read.

use isocenter_formats::hdf5::container::{Builder, Tree};
use isocenter_volume::Affine;

use super::{super::Error, Stored, WRITTEN, maps, parameters};

const NAME: &str = "ITK HDF5";
const GROUP: &str = "TransformGroup";

/// Most transforms of a file.
const MOST: usize = 4096;

pub(in crate::transform_file) fn parse(tree: &Tree) -> Result<Vec<Affine>, Error> {
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
        if !is_linear {
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
        let values = list(["TransformParameters", "TranformParameters"])?;
        let fixed = list(["TransformFixedParameters", "TranformFixedParameters"])?;
        stored.push(Stored { kind, parameters: values.unwrap_or_default(), fixed: fixed.unwrap_or_default(), line: n });
    }
    maps(&stored, |n, what| Error::broken(NAME, format!("transform {n}: {what}")))
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
