//! Mosaics of Siemens.
//!
//! The places are a square, the smallest that holds all tiles. Image Position is that of a picture as large as the mosaic whose middle
//! is the middle of the slice that the *first* tile shows: the first pixel of that tile lies half of what the picture is larger away
//! from it. Slices are Spacing Between Slices apart along the normal.
//!
//! Which way they follow each other is told, in this order, by
//! - the centres of the slices in the protocol: the first tile lies at one end of them, the others on the side of the rest;
//! - SliceNormalVector of the image header, which points from the first tile to the second;
//! - the numbering: without a word to the contrary slices go to the patient's left, back or head, along the axis that is nearest to the
//!   normal. They go the other way where ProtocolSliceNumber says that the first tile is the last slice of the protocol, or
//!   `sSliceArray.ucImageNumbSag`, `Cor` or `Tra` is 1.
//!
//! A header without any of these gets the usual way, and a warning.

use isocenter_dcm::{Dataset, Tag, plane::FramePlane, tags, value};
use isocenter_volume::affine::{dot, norm};

use super::{
    super::{csa, csa::Csa, protocol::Protocol},
    grid::{Grid, Mosaic},
};

pub(super) const CREATOR: &str = "SIEMENS MR HEADER";

/// The tiles, and the plane of the first; `picture` is the plane that the header states.
pub(super) fn mosaic(ds: &Dataset, picture: FramePlane, size: [u16; 2]) -> Option<(Mosaic, FramePlane)> {
    let (image, series) = (csa::image(ds), csa::series(ds));
    let modern = value::private(ds, 0x0021, "SIEMENS MR SDS 01", 0x19).map(value::bytes);
    let image = image.as_deref().and_then(Csa::parse);
    let protocol = Protocol::of(series.as_deref(), modern.as_deref());
    let header = Header { ds, image, protocol, picture };

    let grid = header.count()?.and_then(|count| Grid::square(count, size)).or_else(|| header.planned(size))?;
    let grid = grid.acquired_as(&value::f64s(ds, tags::ACQUISITION_MATRIX))?;
    let first = header.first(grid);
    let spacing = header.spacing_mm()?;
    let (way, is_assumed) = header.way(first, grid.count(), spacing)?;
    let step = picture.normal().map(|n| n * way * spacing);
    let positions = (0..grid.count()).map(|k| [0, 1, 2].map(|axis| first[axis] + k as f64 * step[axis])).collect();
    let mut plane = picture;
    plane.position = first;
    Some((Mosaic { grid, positions, is_assumed }, plane))
}

struct Header<'a> {
    ds: &'a Dataset,
    image: Option<Csa<'a>>,
    protocol: Option<Protocol<'a>>,
    picture: FramePlane,
}

impl Header<'_> {
    /// The number of tiles, where an element states it, or as many times of acquisition as there are tiles; the outer `None` where
    /// elements contradict each other.
    fn count(&self) -> Option<Option<usize>> {
        let own = |element: u8| {
            value::private_tag(self.ds, 0x0019, CREATOR, element).unwrap_or(Tag(0x0019, 0x1000 | u16::from(element)))
        };
        let image = self.image.as_ref();
        let positive = |number: Option<f64>| number.filter(|n| *n >= 1.0 && n.fract() == 0.0).map(|n| n as usize);
        let stated = [
            positive(image.and_then(|header| header.number("NumberOfImagesInMosaic"))),
            positive(value::f64(self.ds, own(0x0A))),
        ];
        if let [Some(a), Some(b)] = stated
            && a != b
        {
            return None;
        }
        let timed = [
            image.map_or(0, |header| header.numbers("MosaicRefAcqTimes").len()),
            value::f64s(self.ds, own(0x29)).len(),
        ];
        let timed = timed.into_iter().find(|times| *times > 1);
        Some(stated.into_iter().flatten().next().or(timed))
    }

    /// The grid of as many tiles as the protocol has slices, where one end of these is where the picture says.
    fn planned(&self, size: [u16; 2]) -> Option<Grid> {
        if self.count()?.is_some() {
            return None;
        }
        let slices = self.slices();
        let count = slices.len();
        let grid = Grid::square(count, size).filter(|_| count > 1)?;
        // the middle of the picture is the middle of a slice, if Image Position is what it is in older software
        let middle = self.picture.world_of(f64::from(size[0]) / 2.0, f64::from(size[1]) / 2.0);
        let pixel_mm = self.picture.spacing[0].max(self.picture.spacing[1]);
        let is_here = |slice: &[f64; 3]| norm([0, 1, 2].map(|axis| slice[axis] - middle[axis])) <= 2.0 * pixel_mm;
        slices.iter().find(|slice| is_here(slice))?;
        self.end(self.first(grid), count, self.spacing_mm()?).map(|_| grid)
    }

    /// The first pixel of the first tile, LPS mm.
    fn first(&self, grid: Grid) -> [f64; 3] {
        let ([columns, rows], tile) = (grid.picture(), grid.tile().map(f64::from));
        self.picture.world_of((columns as f64 - tile[0]) / 2.0, (rows as f64 - tile[1]) / 2.0)
    }

    fn spacing_mm(&self) -> Option<f64> {
        let stated = value::f64(self.ds, tags::SPACING_BETWEEN_SLICES).map(f64::abs);
        stated.filter(|mm| *mm > 0.0).or_else(|| {
            let along = self.along([0.0; 3]);
            let (low, high) = ends(&along)?;
            Some((high - low) / (along.len() as f64 - 1.0)).filter(|mm| *mm > 0.0)
        })
    }

    /// 1 where slices follow the normal, -1 where they go against it, and whether that was assumed; `None` where the header states a
    /// normal that is none of the picture's.
    fn way(&self, first: [f64; 3], count: usize, spacing: f64) -> Option<(f64, bool)> {
        if let Some(way) = self.end(first, count, spacing) {
            return Some((way, false));
        }
        let normal = self.picture.normal();
        let stated = self.image.as_ref().map(|header| header.numbers("SliceNormalVector"));
        if let Some(stated) = stated.and_then(|normal| <[f64; 3]>::try_from(normal).ok()) {
            let cosine = dot(normal, stated);
            return (cosine.abs() > SAME_NORMAL).then(|| (cosine.signum(), false));
        }
        let (main, name) = [(normal[0], "Sag"), (normal[1], "Cor"), (normal[2], "Tra")]
            .into_iter()
            .reduce(|a, b| if b.0.abs() > a.0.abs() { b } else { a })?;
        let last = self.image.as_ref().and_then(|header| header.number("ProtocolSliceNumber"));
        let numbered = self.protocol.as_ref();
        let numbered =
            numbered.map(|p| p.number(&format!("sSliceArray.ucImageNumb{name}")).is_some_and(|order| order == 1.0));
        let is_reversed = last.map(|slice| slice > 0.0).or(numbered);
        let usual = main.signum();
        Some((if is_reversed == Some(true) { -usual } else { usual }, is_reversed.is_none() && count > 1))
    }

    /// The way from the first tile to the other slices of the protocol, where the tile lies at one end of them.
    fn end(&self, first: [f64; 3], count: usize, spacing: f64) -> Option<f64> {
        let along = self.along(first);
        let (low, high) = ends(&along).filter(|_| along.len() == count)?;
        let is_here = |distance: f64| distance.abs() <= spacing / 4.0;
        match (is_here(low), is_here(high)) {
            (true, false) => Some(1.0),
            (false, true) => Some(-1.0),
            _ => None,
        }
    }

    /// How far the slices of the protocol lie from a place, along the normal, mm.
    fn along(&self, from: [f64; 3]) -> Vec<f64> {
        let normal = self.picture.normal();
        self.slices().iter().map(|slice| dot(normal, [0, 1, 2].map(|axis| slice[axis] - from[axis]))).collect()
    }

    fn slices(&self) -> Vec<[f64; 3]> {
        self.protocol.as_ref().map(Protocol::slices).unwrap_or_default()
    }
}

/// The least and the largest of several numbers.
fn ends(along: &[f64]) -> Option<(f64, f64)> {
    let least = along.iter().copied().reduce(f64::min)?;
    let most = along.iter().copied().reduce(f64::max)?;
    (along.len() > 1).then_some((least, most))
}

/// The cosine between two statements of one normal: text of four digits leaves more.
const SAME_NORMAL: f64 = 0.99;
