//! Two images on one grid in one picture, larger than a page shows them.

use isocenter_volume::{Cancelled, Ctx, Volume};

use super::{
    gallery::window_of,
    picture::{Cuts, Sheet, Turned, chessboard, overlay},
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
    let modality = fixed.meta().modality.as_deref();
    let is_hounsfield = tissue::is_hounsfield(fixed, modality);
    let range = Range::of_percentiles(fixed, modality);
    let mut cuts = Cuts::through_body(below, tissue::above_air(is_hounsfield, range.low, range.high)).centred();
    if modality == Some("PT") {
        // what takes up little is body too, and is not told from air
        cuts = cuts.whole(below);
    }
    let mut rows = [Vec::new(), Vec::new()];
    for plane in below.planes() {
        ctx.check()?;
        rows[0].push(overlay([below, above], windows, plane, &cuts, SIDE));
        rows[1].push(chessboard([below, above], windows, plane, &cuts, SIDE));
    }
    Ok(Sheet::of(&rows).to_png())
}
