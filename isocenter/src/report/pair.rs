//! Two images on one grid in one picture, larger than a page shows them.

use isocenter_volume::{Cancelled, Ctx, Volume};

use super::{
    gallery::window_of,
    picture::{Cuts, Indexed, Sheet, Turned, chessboard, mosaic, overlay},
    tissue,
    window::Range,
};

/// Longest side of a slice, pixels.
const SIDE: usize = 360;

/// A row of overlays and a row of chessboards, a column for each plane, as PNG.
pub(crate) fn pair_in_planes(fixed: &Volume<f32>, moved: &Volume<f32>, ctx: &Ctx<'_>) -> Result<Vec<u8>, Cancelled> {
    let turned = [Turned::of(fixed, ctx)?, Turned::of(moved, ctx)?];
    let [below, above] = &turned;
    let windows = [window_of(fixed), window_of(moved)];
    ctx.check()?;
    let cuts = cuts_of(fixed, below);
    let mut rows = [Vec::new(), Vec::new()];
    for plane in below.planes() {
        ctx.check()?;
        rows[0].push(overlay([below, above], windows, plane, &cuts, SIDE));
        rows[1].push(chessboard([below, above], windows, plane, &cuts, SIDE));
    }
    Ok(Sheet::of(&rows).to_png())
}

/// A slice of each plane through the middle of the body: of that of another image where both lie on one grid, so that their slices are the same.
pub(crate) fn slices(image: &Volume<f32>, other: &Volume<f32>, ctx: &Ctx<'_>) -> Result<Vec<Indexed>, Cancelled> {
    let turned = Turned::of(image, ctx)?;
    let cuts = match image.geometry().agrees_with(other.geometry()) {
        Ok(()) => cuts_of(other, &Turned::of(other, ctx)?),
        Err(_) => cuts_of(image, &turned),
    };
    let window = window_of(image);
    Ok(turned.planes().into_iter().map(|plane| mosaic(&turned, plane, &cuts, window, None)).collect())
}

/// Rows of pictures as one, as PNG.
pub(crate) fn figure_rows(rows: &[Vec<Indexed>]) -> Vec<u8> {
    Sheet::of(rows).to_png()
}

fn cuts_of(image: &Volume<f32>, turned: &Turned) -> Cuts {
    let modality = image.meta().modality.as_deref();
    let is_hounsfield = tissue::is_hounsfield(image, modality);
    let range = Range::of_percentiles(image, modality);
    let cuts = Cuts::through_body(turned, tissue::above_air(is_hounsfield, range.low, range.high)).centred();
    // what takes up little of a tracer is body too, and is not told from air
    if modality == Some("PT") { cuts.whole(turned) } else { cuts }
}
