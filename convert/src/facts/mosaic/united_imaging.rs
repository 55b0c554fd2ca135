//! Grids of United Imaging, (0065,xx50) and (0065,xx51) of the creator `Image Private Header`.
//!
//! The first is the number of tiles, the second a sequence with a header for each of them, in the order of the tiles, each with its own
//! Image Position. The picture itself has an orientation and no position. A grid has as many rows as it needs: 20 tiles are 5 by 4.

use isocenter_dcm::{Dataset, Tag, plane::FramePlane, tags, value};

use super::{
    super::frame,
    grid::{Grid, Mosaic},
};

/// Whether the header holds an element of a grid.
pub(super) fn is_stated(ds: &Dataset) -> bool {
    value::f64(ds, tag(ds, 0x50)).is_some_and(|count| count > 1.0) || ds.get(tag(ds, 0x51)).is_some()
}

/// The tiles, and the plane of the first.
pub(super) fn mosaic(ds: &Dataset, size: [u16; 2]) -> Option<(Mosaic, FramePlane)> {
    let items = value::sequence(ds, tag(ds, 0x51))?;
    if value::f64(ds, tag(ds, 0x50)).is_some_and(|count| count != items.len() as f64) {
        return None;
    }
    let position = |item: &Dataset| <[f64; 3]>::try_from(value::f64s(item, tags::IMAGE_POSITION_PATIENT)).ok();
    let positions: Box<[[f64; 3]]> = items.iter().map(position).collect::<Option<_>>()?;
    let grid = Grid::short(positions.len(), size)?.acquired_as(&value::f64s(ds, tags::ACQUISITION_MATRIX))?;
    let [x, y, z, u, v, w] = <[f64; 6]>::try_from(value::f64s(ds, tags::IMAGE_ORIENTATION_PATIENT)).ok()?;
    let spacing = <[f64; 2]>::try_from(value::f64s(ds, tags::PIXEL_SPACING)).ok()?;
    if spacing.iter().any(|mm| *mm <= 0.0) {
        return None;
    }
    let plane = frame::sound(FramePlane::new(*positions.first()?, [x, y, z], [u, v, w], spacing))?;
    Some((Mosaic { grid, positions, is_assumed: false }, plane))
}

fn tag(ds: &Dataset, element: u8) -> Tag {
    value::private_tag(ds, 0x0065, "Image Private Header", element).unwrap_or(Tag(0x0065, 0x1000 | u16::from(element)))
}
