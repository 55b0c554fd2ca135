//! AFNI's `.aff12.1D`: a transform a line, twelve numbers by rows, points of the base (fixed) to points of the source (moving), LPS mm.
//!
//! AFNI forgets that a grid is oblique: its matrices join the cardinal frames of both grids. With both grids at hand this is made good;
//! without them the numbers are taken as they stand, which is right for grids along the axes of the scanner.
//!
//! Source: AFNI's `3dAllineate -help` (`-1Dmatrix_save`), `cat_matvec -help`.

use isocenter_volume::{Affine, Geometry};

use super::{
    Error,
    images::{self, Images},
    text::{joined, numbers, said},
};

const COMMENT: &str = "# 3dvolreg matrices (DICOM-to-DICOM, row-by-row):";

pub(super) fn is_afni(text: &str) -> bool {
    text.starts_with('#') && text.lines().next().is_some_and(|line| line.contains("(DICOM-to-DICOM"))
}

pub(super) fn parse(text: &str, images: Option<Images<'_>>) -> Result<Vec<Affine>, Error> {
    let lines = said(text).filter(|(_, line)| !line.trim_start().starts_with('#'));
    let rows = lines.map(|(n, line)| Ok((n, numbers(line, n)?))).collect::<Result<Vec<_>, Error>>()?;
    let wrong = |line| Error::Malformed { line, what: "twelve numbers a line, or three lines of four, are wanted" };
    let maps: Vec<Affine> = if rows.len() == 3 && rows.iter().all(|(_, row)| row.len() == 4) {
        vec![map(&rows.iter().flat_map(|(_, row)| row.iter().copied()).collect::<Vec<_>>()).ok_or_else(|| wrong(1))?]
    } else {
        rows.iter().map(|(n, row)| map(row).ok_or_else(|| wrong(*n))).collect::<Result<_, _>>()?
    };
    if maps.is_empty() {
        return Err(wrong(1));
    }
    let Some(images) = images.filter(|i| is_oblique(i.fixed) || is_oblique(i.moving)) else { return Ok(maps) };
    let (fixed, moving) = (images::afni(images.fixed)?, images::afni(images.moving)?);
    maps.iter().map(|m| images.to_world(m, |g| if g == images.fixed { fixed } else { moving })).collect()
}

pub(super) fn format(maps: &[Affine], images: Option<Images<'_>>) -> Result<String, Error> {
    let mut text = format!("{COMMENT}\n");
    for map in maps {
        let map = match images.filter(|i| is_oblique(i.fixed) || is_oblique(i.moving)) {
            None => *map,
            Some(images) => {
                let (fixed, moving) = (images::afni(images.fixed)?, images::afni(images.moving)?);
                images.to_frame(map, |g| if g == images.fixed { fixed } else { moving })?
            }
        };
        text.push_str(&joined(map.rows().into_iter().flatten()));
        text.push('\n');
    }
    Ok(text)
}

fn map(numbers: &[f64]) -> Option<Affine> {
    let [a, b, c, d, e, f, g, h, i, j, k, l] = numbers[..] else { return None };
    Some(Affine::from_rows([[a, b, c, d], [e, f, g, h], [i, j, k, l]]))
}

/// Whether an axis leaves those of the world, by however little.
fn is_oblique(grid: &Geometry) -> bool {
    (0..3).any(|axis| grid.affine().column(axis).iter().filter(|v| **v != 0.0).count() != 1)
}
