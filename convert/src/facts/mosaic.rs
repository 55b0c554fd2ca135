//! Mosaics: pictures whose tiles are the slices of one volume.
//!
//! Tiles follow each other as words on a page, the last places of the grid may be blank. How many there are, where the first lies and
//! which way the others follow is told by the makers' own elements: see the two makers' files. Where they do not tell it, the picture
//! is kept out by name.

mod grid;
mod siemens;
mod united_imaging;

use isocenter_dcm::{Instance, Tag, pixel::PixelInfo, plane::FramePlane, tags, value};

pub(crate) use grid::{Grid, Mosaic};

use super::frame;

/// How a picture shows slices.
#[derive(Clone, PartialEq)]
pub(crate) enum Tiles {
    /// It is one slice.
    None,
    /// Its tiles are slices.
    Known(Mosaic),
    /// Its tiles are slices, and their number or place is not known.
    Unknown,
}

impl Tiles {
    /// The tiles of an instance, and the plane that the first of them lies in.
    pub(crate) fn of(instance: &Instance, info: &PixelInfo) -> (Self, Option<FramePlane>) {
        if !is_mosaic(instance) {
            return (Self::None, None);
        }
        let (ds, size) = (&instance.dataset, [info.columns, info.rows]);
        let picture = || frame::plane_of(&instance.frame(0).ok()?);
        let found = match united_imaging::is_stated(ds) {
            _ if info.frames != 1 => None,
            true => united_imaging::mosaic(ds, size),
            false => picture().and_then(|plane| siemens::mosaic(ds, plane, size)),
        };
        let is_sound = |mosaic: &Mosaic| mosaic.positions.iter().flatten().all(|mm| mm.is_finite());
        match found.filter(|(mosaic, _)| is_sound(mosaic)) {
            Some((mosaic, plane)) => (Self::Known(mosaic), Some(plane)),
            None => (Self::Unknown, None),
        }
    }

    /// The mosaic, where it is known.
    pub(crate) const fn mosaic(&self) -> Option<&Mosaic> {
        match self {
            Self::Known(mosaic) => Some(mosaic),
            _ => None,
        }
    }
}

/// Whether a picture holds several slices as tiles.
fn is_mosaic(instance: &Instance) -> bool {
    let ds = &instance.dataset;
    let named = value::strings(ds, tags::IMAGE_TYPE).iter().any(|v| v == "MOSAIC" || v == "VFRAME");
    let several = |tag: Tag| value::f64(ds, tag).is_some_and(|n| n > 1.0);
    let siemens = value::private_tag(ds, 0x0019, siemens::CREATOR, 0x0A).is_some_and(several);
    named || siemens || united_imaging::is_stated(ds)
}
