//! Outlines of a label in one plane, as closed polygons.
//!
//! The edges between object and background pixels are followed with the object on the left as the plane is drawn (u to the
//! right, v down), so outer outlines run one way round and those of holes the other. Pixels that meet only by a corner are
//! parted ([`Outline::Edges`] and [`Outline::Smooth`] alike). Coordinates are those of pixel *centres*: pixel (u, v) covers
//! `u - 0.5 .. u + 0.5`.
//!
//! [`Outline::Edges`] keeps the pixel edges: filling the polygons by the even-odd rule at pixel centres gives back the mask
//! exactly. [`Outline::Smooth`] joins the middles of the edges, which is marching squares at the level one half: it is what one
//! draws over a picture.

use isocenter_volume::LabelMap;

use crate::Error;

/// A closed line of (u, v) points; the last is joined to the first.
pub type Polygon = Vec<[f64; 2]>;

/// What an outline follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outline {
    /// The edges of pixels, corners only: exact.
    Edges,
    /// The middles of the edges: marching squares, for drawing.
    #[default]
    Smooth,
}

/// The outlines of one label in the plane `index` across axis `across`; u and v are the other two axes in their order (axial
/// plane of an LPS volume: `across` 2, u is i, v is j).
///
/// # Errors
/// [`Error::OutOfRange`] for a layer, axis or plane that is not there.
pub fn label_outlines(
    map: &LabelMap,
    layer: usize,
    value: u32,
    across: usize,
    index: usize,
    outline: Outline,
) -> Result<Vec<Polygon>, Error> {
    let voxels =
        map.layers().get(layer).ok_or(Error::OutOfRange { what: "layer", found: layer, count: map.layers().len() })?;
    let shape = map.geometry().shape();
    let strides = [1, shape[0], shape[0] * shape[1]];
    let [u, v] = match across {
        0 => [1, 2],
        1 => [0, 2],
        2 => [0, 1],
        _ => return Err(Error::OutOfRange { what: "axis", found: across, count: 3 }),
    };
    if index >= shape[across] {
        return Err(Error::OutOfRange { what: "plane", found: index, count: shape[across] });
    }
    map.require_one_step("contours")?;
    let base = index * strides[across];
    let mask: Vec<bool> = (0..shape[v])
        .flat_map(|row| (0..shape[u]).map(move |column| base + row * strides[v] + column * strides[u]))
        .map(|n| voxels.at(n) == Some(value))
        .collect();
    Ok(outlines(&mask, shape[u], outline))
}

/// The outlines of a mask of rows of `width` pixels, in the order of their first edge (row by row).
pub fn outlines(mask: &[bool], width: usize, outline: Outline) -> Vec<Polygon> {
    if width == 0 {
        return Vec::new();
    }
    let height = mask.len() / width;
    let inside = |u: i64, v: i64| {
        u >= 0 && v >= 0 && u < width as i64 && v < height as i64 && mask[v as usize * width + u as usize]
    };
    // every outline has an edge above one of its object pixels, walked from right to left
    let mut seen = vec![false; mask.len()];
    let mut out = Vec::new();
    for v in 0..height as i64 {
        for u in 0..width as i64 {
            if !inside(u, v) || inside(u, v - 1) || seen[v as usize * width + u as usize] {
                continue;
            }
            let mut corners = vec![];
            let (start, mut at) =
                (Edge { corner: [u + 1, v], heading: LEFT }, Edge { corner: [u + 1, v], heading: LEFT });
            loop {
                if at.heading == LEFT {
                    seen[at.corner[1] as usize * width + (at.corner[0] - 1) as usize] = true;
                }
                corners.push(at);
                at = at.next(&inside);
                if at == start {
                    break;
                }
            }
            out.push(points(&corners, outline));
        }
    }
    out
}

/// A step along the edges: from a corner (pixel (u, v) has corners u, v to u + 1, v + 1), in one of four headings.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Edge {
    corner: [i64; 2],
    heading: usize,
}

/// Headings in the order of left turns as drawn: left, down, right, up.
const STEPS: [[i64; 2]; 4] = [[-1, 0], [0, 1], [1, 0], [0, -1]];
const LEFT: usize = 0;

impl Edge {
    /// The next edge with the object on its left: a left turn where the object ends, straight on, or a right turn.
    fn next(self, inside: &impl Fn(i64, i64) -> bool) -> Self {
        let step = STEPS[self.heading];
        let corner = [self.corner[0] + step[0], self.corner[1] + step[1]];
        // the two pixels ahead of the corner: on the left and on the right of the heading
        let [left, right] = match self.heading {
            0 => [[corner[0] - 1, corner[1]], [corner[0] - 1, corner[1] - 1]],
            1 => [[corner[0], corner[1]], [corner[0] - 1, corner[1]]],
            2 => [[corner[0], corner[1] - 1], [corner[0], corner[1]]],
            _ => [[corner[0] - 1, corner[1] - 1], [corner[0], corner[1] - 1]],
        };
        let turn = match (inside(left[0], left[1]), inside(right[0], right[1])) {
            (false, _) => 1, // the object ends here; another that meets by the corner is not joined
            (true, false) => 0,
            (true, true) => 3,
        };
        Self { corner, heading: (self.heading + turn) % 4 }
    }
}

fn points(edges: &[Edge], outline: Outline) -> Polygon {
    let centre = |c: [i64; 2]| [c[0] as f64 - 0.5, c[1] as f64 - 0.5];
    match outline {
        Outline::Smooth => edges
            .iter()
            .map(|e| {
                let ([x, y], step) = (centre(e.corner), STEPS[e.heading]);
                [x + step[0] as f64 / 2.0, y + step[1] as f64 / 2.0]
            })
            .collect(),
        Outline::Edges => {
            let before = edges.iter().cycle().skip(edges.len().saturating_sub(1));
            edges.iter().zip(before).filter(|(e, b)| e.heading != b.heading).map(|(e, _)| centre(e.corner)).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pixel_has_a_square_or_a_diamond() {
        let mask = [false, false, false, false, true, false, false, false, false];
        let square = &outlines(&mask, 3, Outline::Edges)[0];
        assert_eq!(*square, [[1.5, 0.5], [0.5, 0.5], [0.5, 1.5], [1.5, 1.5]]);
        let diamond = &outlines(&mask, 3, Outline::Smooth)[0];
        assert_eq!(*diamond, [[1.0, 0.5], [0.5, 1.0], [1.0, 1.5], [1.5, 1.0]]);
    }

    #[test]
    fn a_ring_has_two_outlines_that_run_opposite_ways() {
        let mut mask = vec![true; 25];
        mask[12] = false;
        let found = outlines(&mask, 5, Outline::Edges);
        let area = |p: &Polygon| -> f64 {
            p.iter().zip(p.iter().cycle().skip(1)).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f64>() / 2.0
        };
        assert_eq!(found.iter().map(area).collect::<Vec<_>>(), [-25.0, 1.0]);
    }

    #[test]
    fn pixels_that_meet_by_a_corner_are_parted() {
        assert_eq!(outlines(&[true, false, false, true], 2, Outline::Smooth).len(), 2);
        assert_eq!(outlines(&[false, true, true, false], 2, Outline::Smooth).len(), 2);
        assert!(outlines(&[], 0, Outline::Edges).is_empty());
    }
}
