//! Slices of one plane in one picture, with the letters of the patient's sides around them.

use std::collections::BTreeMap;

use isocenter_labels::colours::colour_of;
use isocenter_volume::LabelMap;

use super::{Cuts, Indexed, Plane, Turned, letters, tile};
use crate::report::Window;

/// Longest side of one slice of a mosaic, pixels.
const SIDE: usize = 148;
/// Longest side of a slice that stands alone.
const ALONE: usize = 280;
/// Longest side of a slice of an overlay on the page.
pub(crate) const OVERLAY: usize = 140;
/// Squares of a chessboard along its longest side.
const SQUARES: usize = 9;
/// Black pixels between two slices.
const GAP: usize = 4;
const COLUMNS: usize = 2;

/// The slices of a plane, two in a row, with the outline of every label on top; the labels are turned as the image is.
pub(crate) fn mosaic(turned: &Turned, plane: Plane, cuts: &Cuts, window: Window, map: Option<&LabelMap>) -> Indexed {
    let slices = cuts.of(plane);
    // wide slices stand below each other, as wide as two others
    let [width, height] = tile::size(turned, plane, cuts, SIDE);
    let columns = if slices.len() == 1 || width > 2 * height { 1 } else { COLUMNS };
    let side = match (slices.len(), columns) {
        (1, _) => ALONE,
        (_, 1) => 2 * SIDE + GAP,
        _ => SIDE,
    };
    let size = tile::size(turned, plane, cuts, side);
    let outlines: Vec<Vec<u32>> = slices
        .iter()
        .map(|slice| map.map(|m| outline(&tile::labels(m, plane, cuts, *slice, size), size)).unwrap_or_default())
        .collect();
    // values of one colour share it, so that the palette is never too long
    let mut colours: Vec<[u8; 3]> = outlines.iter().flatten().filter(|l| **l != 0).map(|l| colour_of(*l)).collect();
    colours.sort_unstable();
    colours.dedup();
    let number: BTreeMap<[u8; 3], u8> = colours.iter().copied().zip(Indexed::GREYS..).collect();

    let frame = Frame::around(turned, plane, size, [columns, slices.len().div_ceil(columns)]);
    let mut picture = Indexed::of_greys(frame.size[0], frame.size[1], &colours);
    for (n, (slice, outline)) in slices.iter().zip(&outlines).enumerate() {
        let tile = tile::sample(&turned.volume, plane, cuts, *slice, size);
        let [left, top] = frame.place(n);
        for (p, value) in tile.values.iter().enumerate() {
            let label = outline.get(p).copied().unwrap_or(0);
            let colour = match number.get(&colour_of(label)) {
                Some(colour) if label != 0 => *colour,
                _ => Indexed::grey(window.grey(*value)),
            };
            picture.put(left + p % tile.width, top + p / tile.width, colour);
        }
        debug_assert_eq!(tile.values.len(), tile.width * tile.height);
    }
    frame.letter(&mut picture);
    picture
}

/// Two volumes on one grid in one picture, one slice of the plane: the first in orange, the second in blue, grey where they agree.
pub(crate) fn overlay(turned: [&Turned; 2], windows: [Window; 2], plane: Plane, cuts: &Cuts, side: usize) -> Indexed {
    let frame = Frame::of_one(turned[0], plane, cuts, side);
    let picture = Indexed::of_pairs(frame.size[0], frame.size[1]);
    frame.filled(picture, turned, windows, cuts, |_, [first, second]| Indexed::pair(first, second))
}

/// Two volumes on one grid in one picture, one slice of the plane: squares of the first and of the second take turns.
pub(crate) fn chessboard(
    turned: [&Turned; 2],
    windows: [Window; 2],
    plane: Plane,
    cuts: &Cuts,
    side: usize,
) -> Indexed {
    let frame = Frame::of_one(turned[0], plane, cuts, side);
    let picture = Indexed::of_greys(frame.size[0], frame.size[1], &[]);
    let square = (side / SQUARES).max(1);
    frame.filled(picture, turned, windows, cuts, |[x, y], greys| Indexed::grey(greys[(x / square + y / square) % 2]))
}

/// The labels of pixels that have a neighbour of another label; 0 elsewhere.
fn outline(labels: &[u32], [width, height]: [usize; 2]) -> Vec<u32> {
    let differs = |p: usize| {
        let (u, v) = (p % width, p / width);
        let here = labels[p];
        (u > 0 && labels[p - 1] != here)
            || (u + 1 < width && labels[p + 1] != here)
            || (v > 0 && labels[p - width] != here)
            || (v + 1 < height && labels[p + width] != here)
    };
    (0..labels.len()).map(|p| if labels[p] != 0 && differs(p) { labels[p] } else { 0 }).collect()
}

/// Where slices and letters go.
struct Frame {
    plane: Plane,
    size: [usize; 2],
    margin: [usize; 2],
    tile: [usize; 2],
    columns: usize,
    /// Letters at the left, right, top and bottom edge.
    edges: Option<[String; 4]>,
}

impl Frame {
    fn around(turned: &Turned, plane: Plane, tile: [usize; 2], [columns, rows]: [usize; 2]) -> Self {
        let edges = turned.edges(plane);
        // room for the widest pair of letters on both sides, so that the slices stand in the middle
        let margin = edges
            .as_ref()
            .map_or([0, 0], |e| [letters::width(&e[0]).max(letters::width(&e[1])) + 6, letters::SIZE[1] + 6]);
        let length = |n: usize, side: usize, margin: usize| n * side + n.saturating_sub(1) * GAP + 2 * margin;
        let size = [length(columns, tile[0], margin[0]), length(rows, tile[1], margin[1])];
        Self { plane, size, margin, tile, columns, edges }
    }

    fn of_one(turned: &Turned, plane: Plane, cuts: &Cuts, side: usize) -> Self {
        Self::around(turned, plane, tile::size(turned, plane, cuts, side), [1, 1])
    }

    /// The middle slice of two volumes, each pixel made of the greys of both (0 to 1), with the letters around it.
    fn filled(
        &self,
        mut picture: Indexed,
        turned: [&Turned; 2],
        windows: [Window; 2],
        cuts: &Cuts,
        colour: impl Fn([usize; 2], [f32; 2]) -> u8,
    ) -> Indexed {
        let [a, b] = turned.map(|t| tile::sample(&t.volume, self.plane, cuts, cuts.middle(self.plane), self.tile));
        let [left, top] = self.place(0);
        for (p, (first, second)) in a.values.iter().zip(&b.values).enumerate() {
            let at = [p % a.width, p / a.width];
            let greys = [windows[0].bright(*first), windows[1].bright(*second)];
            picture.put(left + at[0], top + at[1], colour(at, greys));
        }
        self.letter(&mut picture);
        picture
    }

    fn place(&self, n: usize) -> [usize; 2] {
        [
            self.margin[0] + n % self.columns * (self.tile[0] + GAP),
            self.margin[1] + n / self.columns * (self.tile[1] + GAP),
        ]
    }

    fn letter(&self, picture: &mut Indexed) {
        let Some([left, right, top, bottom]) = &self.edges else { return };
        let [width, height] = self.size;
        let middle = |word: &str| (width - letters::width(word).min(width)) / 2;
        let row = (height - letters::SIZE[1].min(height)) / 2;
        letters::draw(picture, left, 3, row);
        letters::draw(picture, right, width - letters::width(right) - 3, row);
        letters::draw(picture, top, middle(top), 3);
        letters::draw(picture, bottom, middle(bottom), height - letters::SIZE[1] - 3);
    }
}
