//! X5, the BIDS draft in HDF5: 4x4 matrices in RAS mm, points of the reference (fixed) to points of the moving image.
//!
//! Source: the draft "BIDS X5", and the files of nitransforms, which alone writes it.

use isocenter_formats::hdf5::container::{Builder, Tree};
use isocenter_volume::Affine;

use super::Error;

const NAME: &str = "X5";
const GROUP: &str = "TransformGroup";

/// Most groups of a file.
const MOST: usize = 4096;

/// Whether a file says that it is X5.
pub(super) fn is_x5(tree: &Tree) -> bool {
    matches!(tree.attribute_text("", "Format"), Ok(Some(found)) if found == "X5")
}

pub(super) fn parse(tree: &Tree) -> Result<Vec<Affine>, Error> {
    let broken = |why: isocenter_formats::Error| Error::broken(NAME, why.to_string());
    let members = tree.members(GROUP).map_err(broken)?;
    if members.is_empty() || members.len() > MOST {
        return Err(Error::broken(NAME, "it holds no transforms, or more than 4096"));
    }
    let mut maps = Vec::new();
    for n in 0..members.len() {
        let group = format!("{GROUP}/{n}");
        match tree.attribute_text(&group, "Type").map_err(broken)?.as_deref() {
            Some("linear") => {}
            Some(other) => return Err(Error::unsupported(&format!("an X5 transform of type {other}"))),
            None => return Err(Error::broken(NAME, "a transform has no type")),
        }
        let found = tree.numbers(&format!("{group}/Transform")).map_err(broken)?;
        let found = found.ok_or_else(|| Error::broken(NAME, "a transform has no matrix"))?;
        if !matches!(found.shape[..], [4, 4] | [_, 4, 4]) {
            return Err(Error::broken(NAME, "a matrix must have four rows and columns"));
        }
        for matrix in found.values.chunks_exact(16) {
            let row = |r: usize| [0, 1, 2, 3].map(|c| matrix[4 * r + c]);
            if row(3) != [0.0, 0.0, 0.0, 1.0] {
                return Err(Error::broken(NAME, "the last row must be 0 0 0 1"));
            }
            maps.push(Affine::from_ras_to_ras([row(0), row(1), row(2)]));
        }
    }
    Ok(maps)
}

/// One group, which holds all matrices: a list as nitransforms reads it.
pub(super) fn format(maps: &[Affine]) -> Result<Vec<u8>, Error> {
    let mut values = Vec::new();
    for map in maps {
        values.extend(map.to_ras_to_ras().into_iter().flatten());
        values.extend([0.0, 0.0, 0.0, 1.0]);
    }
    let shape: &[u64] = if maps.len() == 1 { &[4, 4] } else { &[maps.len() as u64, 4, 4] };
    let mut file = Builder::default();
    file.attribute_text("", "Format", "X5");
    file.attribute_whole("", "Version", 1);
    let group = format!("{GROUP}/0");
    file.numbers(&format!("{group}/Transform"), shape, values);
    file.texts(&format!("{group}/DimensionKinds"), &["space", "space", "space", "vector"]);
    file.attribute_text(&group, "Type", "linear");
    file.attribute_text(&group, "SubType", "affine");
    file.attribute_text(&group, "Representation", "matrix");
    file.attribute_whole(&group, "ArrayLength", maps.len() as u64);
    file.to_bytes().map_err(|why| Error::broken(NAME, why.to_string()))
}
