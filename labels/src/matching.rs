//! Does a label map lie on an image's grid, and how do its axes run?
//!
//! Tools store one and the same grid with other axes first or running the other way. Two grids are the same where the corners
//! of one are the corners of the other within [`Geometry::same_grid_mm`], whatever the order of axes: then one of the 48 signed
//! permutations brings the labels onto the image exactly, and no label is interpolated.
//!
//! Labels that cover a part of an image, or reach out of it, match where their voxels are the image's: axes permuted and flipped,
//! whole-number offsets, every voxel of theirs within the same distance. Then they are padded and cut to the image ([`Fit`]). The
//! fuller match counts: the same grid, then a part of the image, then labels that reach out of it.

use isocenter_volume::{
    Ctx, Family, Frame, Geometry, IndexMap, LabelMap, compare::GeometryDifference, provenance::Parameter,
};

use crate::{
    Error,
    lattice::{self, Extent},
};

/// How a label map's grid becomes an image's.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Match {
    /// The map of indices, from the labels' grid to the image's.
    pub map: IndexMap,
    /// The largest distance between corners after it, mm.
    pub corner_distance_mm: f64,
    /// How much of the image the labels cover.
    pub fit: Fit,
}

/// How much of an image labels cover, the fullest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Fit {
    /// All of it: one grid.
    Whole,
    /// A part of it; the rest becomes background.
    Part,
    /// A part of it, and they reach out of it; what lies outside is cut off.
    SticksOut,
}

/// An image that may be meant, with the distance of its corners.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Candidate {
    /// Its number in the order given.
    pub image: usize,
    /// The largest distance between corners under the best order of axes, mm.
    pub corner_distance_mm: f64,
}

/// Why no image could be found for a label map.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NoMatch {
    /// No image has this grid, or a lattice that it is a part of.
    #[error("no image lies on the labels' grid{}{}", nearest_text(.nearest), lattice_text(.lattice))]
    None {
        /// The image of the same voxel counts that comes nearest, if there is one.
        nearest: Option<Candidate>,
        /// The image of other voxel counts whose lattice comes nearest, and how far the labels' voxels lie from it, mm.
        lattice: Option<Candidate>,
    },
    /// They lie on an image's lattice, and wholly outside the image.
    #[error("the labels lie on an image's lattice, but beside the image: no voxel is in both")]
    Outside,
    /// The world of the labels is not known to be the image's.
    #[error("the labels' frame is not the image's: one is the patient's, the other is unknown or another's")]
    Frame,
    /// More than one image has this grid.
    #[error("{} images lie on the labels' grid", candidates.len())]
    Ambiguous {
        /// All of them, nearest first.
        candidates: Vec<Candidate>,
    },
}

impl NoMatch {
    /// A stable code of the kind of refusal, for records and programs: words joined by hyphens.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::None { .. } => "no-image-for-labels",
            Self::Outside => "labels-outside-image",
            Self::Frame => "labels-frame",
            Self::Ambiguous { .. } => "ambiguous-labels",
        }
    }

    /// What a caller can do about it.
    pub const fn family(&self) -> Family {
        Family::Unsuited
    }
}

fn nearest_text(nearest: &Option<Candidate>) -> String {
    nearest.map_or_else(String::new, |n| format!(": the nearest is {:.2} mm away", n.corner_distance_mm))
}

fn lattice_text(lattice: &Option<Candidate>) -> String {
    let text = |n: Candidate| {
        format!(
            ", and none has their lattice: their voxels lie up to {:.2} mm beside those of the nearest, so they cannot be padded onto it",
            n.corner_distance_mm
        )
    };
    lattice.map_or_else(String::new, text)
}

/// The exact map from the labels' grid to the image's.
///
/// Grids whose worlds cannot be compared do not match: a patient frame and an unknown one, or two different Frames of
/// Reference. Where several orders of axes meet the corners equally well (an axis of one voxel), the one whose steps agree best
/// is taken, then the one with fewest changes. Labels of another shape match where their voxels are the image's ([`Fit`]).
///
/// # Errors
/// [`NoMatch::None`], [`NoMatch::Outside`], [`NoMatch::Frame`].
pub fn match_grid(labels: &Geometry, image: &Geometry) -> Result<Match, NoMatch> {
    if !comparable(labels.frame(), image.frame()) {
        return Err(NoMatch::Frame);
    }
    let same = best(labels, image);
    if let Some(found) = same.filter(|m| m.corner_distance_mm <= image.same_grid_mm()) {
        return Ok(found);
    }
    let candidate = |corner_distance_mm| Candidate { image: 0, corner_distance_mm };
    if let Some(far) = same {
        // as many voxels, elsewhere: another image's grid, not a part of this one
        return Err(NoMatch::None { nearest: Some(candidate(far.corner_distance_mm)), lattice: None });
    }
    let nearest = None;
    let Some(place) = lattice::place(labels, image) else { return Err(NoMatch::None { nearest, lattice: None }) };
    if place.distance_mm > image.same_grid_mm() {
        return Err(NoMatch::None { nearest, lattice: Some(candidate(place.distance_mm)) });
    }
    let fit = match place.extent {
        Extent::Within => Fit::Part,
        Extent::SticksOut => Fit::SticksOut,
        Extent::Outside => return Err(NoMatch::Outside),
    };
    Ok(Match { map: place.map, corner_distance_mm: place.distance_mm, fit })
}

/// Finds the one image whose grid the labels lie on: its number in the order given, and the map.
///
/// # Errors
/// [`NoMatch::Ambiguous`] with all that match equally fully, nearest first; [`NoMatch::None`] with the nearest; [`NoMatch::Frame`]
/// where the only reason is an unknown or another frame; [`NoMatch::Outside`].
pub fn find_image<'a>(
    labels: &Geometry,
    images: impl IntoIterator<Item = &'a Geometry>,
) -> Result<(usize, Match), NoMatch> {
    let mut found: Vec<(Candidate, Match)> = Vec::new();
    let (mut nearest, mut lattice): (Option<Candidate>, Option<Candidate>) = (None, None);
    let (mut other_frame, mut outside) = (false, false);
    let nearer = |old: Option<Candidate>, new: Option<Candidate>, image: usize| match (old, new) {
        (Some(old), Some(new)) if old.corner_distance_mm <= new.corner_distance_mm => Some(old),
        (old, new) => new.map(|new| Candidate { image, ..new }).or(old),
    };
    for (image, geometry) in images.into_iter().enumerate() {
        match match_grid(labels, geometry) {
            Ok(m) => found.push((Candidate { image, corner_distance_mm: m.corner_distance_mm }, m)),
            Err(NoMatch::None { nearest: far, lattice: beside }) => {
                nearest = nearer(nearest, far, image);
                lattice = nearer(lattice, beside, image);
            }
            Err(NoMatch::Frame) => {
                other_frame |= best(labels, geometry).is_some_and(|m| m.corner_distance_mm <= geometry.same_grid_mm());
            }
            Err(NoMatch::Outside) => outside = true,
            Err(_) => {}
        }
    }
    // the fuller match counts
    let fullest = found.iter().map(|f| f.1.fit).min();
    found.retain(|f| Some(f.1.fit) == fullest);
    match found.as_slice() {
        [] if other_frame => Err(NoMatch::Frame),
        [] if outside && nearest.is_none() => Err(NoMatch::Outside),
        [] => Err(NoMatch::None { nearest, lattice: lattice.filter(|_| nearest.is_none()) }),
        [(candidate, m)] => Ok((candidate.image, *m)),
        _ => {
            let mut candidates: Vec<Candidate> = found.into_iter().map(|f| f.0).collect();
            candidates
                .sort_by(|a, b| a.corner_distance_mm.total_cmp(&b.corner_distance_mm).then(a.image.cmp(&b.image)));
            Err(NoMatch::Ambiguous { candidates })
        }
    }
}

/// Moves labels through a match; what they do not cover is background. The result has exactly the image's geometry, so that both are
/// written with one affine.
///
/// # Errors
/// [`Error::Volume`] for a match that was made for another grid or image, [`Error::Cancelled`].
pub fn bring_onto(labels: &LabelMap, image: &Geometry, found: &Match, ctx: &Ctx<'_>) -> Result<LabelMap, Error> {
    labels.geometry().frame().agrees_with(image.frame())?;
    let moved = labels.remap(&found.map, ctx)?;
    let distance = lattice::distance(labels.geometry(), image, &found.map);
    if found.fit == Fit::Whole || moved.geometry().shape() != image.shape() {
        moved.geometry().agrees_with(image)?;
    } else if distance > image.same_grid_mm() {
        let what = format!("the labels' voxels lie up to {distance:.4} mm beside the image's");
        return Err(isocenter_volume::Error::GridMismatch { what }.into());
    }
    let layers = moved.layers().to_vec();
    let moved = moved.with_layers(layers, image.clone())?;
    let moved =
        if found.fit == Fit::Whole { moved } else { moved.noting("pad_onto_image", [("shape", image.shape())]) };
    Ok(moved.noting(
        "bring_onto_image",
        [
            ("axes", Parameter::from(found.map.axes())),
            ("flip", found.map.flip().into()),
            ("corner_distance_mm", found.corner_distance_mm.into()),
        ],
    ))
}

fn comparable(a: &Frame, b: &Frame) -> bool {
    a.agrees_with(b).is_ok()
}

/// The best order of axes; `None` where none gives the image's shape.
fn best(labels: &Geometry, image: &Geometry) -> Option<Match> {
    let (difference, map) = GeometryDifference::after_best_reorientation(image, labels);
    let corner_distance_mm = difference.corner_mm();
    difference.same_shape().then_some(Match { map, corner_distance_mm, fit: Fit::Whole })
}

#[cfg(test)]
mod tests {
    use isocenter_volume::Affine;

    use super::*;

    fn grid(shape: [usize; 3], origin: [f64; 3], frame: Frame) -> Geometry {
        Geometry::new(shape, Affine::from_spacing_origin([1.0, 1.0, 2.5], origin), frame).unwrap()
    }

    #[test]
    fn names_all_candidates_and_the_nearest_of_none() {
        let labels = grid([4, 5, 6], [0.0; 3], Frame::Patient(None));
        let near = grid([4, 5, 6], [0.05, 0.0, 0.0], Frame::Patient(Some("1.2".into())));
        let far = grid([4, 5, 6], [0.0, 3.0, 0.0], Frame::Patient(None));
        let small = grid([4, 5, 5], [0.5, 0.0, 0.0], Frame::Patient(None));
        assert_eq!(find_image(&labels, [&small, &far, &near]).unwrap().0, 2);
        let Err(NoMatch::Ambiguous { candidates }) = find_image(&labels, [&near, &far, &labels]) else { panic!() };
        assert_eq!(candidates.iter().map(|c| c.image).collect::<Vec<_>>(), [2, 0]);
        let error = find_image(&labels, [&small, &far]).unwrap_err();
        let NoMatch::None { nearest, .. } = error else { panic!() };
        assert_eq!(nearest, Some(Candidate { image: 1, corner_distance_mm: 3.0 }));
        assert!(error.to_string().contains("3.00 mm"));
        let error = find_image(&labels, [&small]).unwrap_err().to_string();
        assert!(error.contains("none has their lattice") && error.contains("0.50 mm"), "{error}");
        assert_eq!(find_image(&labels, []), Err(NoMatch::None { nearest: None, lattice: None }));
    }

    #[test]
    fn the_fuller_match_counts() {
        let labels = grid([4, 3, 2], [1.0, 1.0, 2.5], Frame::Patient(None));
        let around = grid([9, 9, 9], [0.0; 3], Frame::Patient(None));
        let cut = grid([9, 9, 2], [0.0; 3], Frame::Patient(None));
        let beside = grid([9, 9, 1], [0.0; 3], Frame::Patient(None));
        let (image, found) = find_image(&labels, [&cut, &around, &beside]).unwrap();
        assert_eq!((image, found.fit), (1, Fit::Part));
        assert_eq!(find_image(&labels, [&cut, &around, &labels]).unwrap().1.fit, Fit::Whole);
        assert_eq!(find_image(&labels, [&beside, &cut]).map(|f| (f.0, f.1.fit)), Ok((1, Fit::SticksOut)));
        assert_eq!(find_image(&labels, [&beside]), Err(NoMatch::Outside));
        assert!(matches!(find_image(&labels, [&around, &around]), Err(NoMatch::Ambiguous { .. })));
        // a thick slice is none of the thin ones
        let thick = Affine::from_spacing_origin([1.0, 1.0, 5.0], [1.0, 1.0, 2.5]);
        let thick = Geometry::new([4, 3, 1], thick, Frame::Patient(None)).unwrap();
        assert!(matches!(match_grid(&thick, &around), Err(NoMatch::None { lattice: Some(_), .. })));
    }

    #[test]
    fn worlds_that_cannot_be_compared_do_not_match() {
        let patient = |uid: &str| grid([2, 2, 2], [0.0; 3], Frame::Patient(Some(uid.into())));
        assert_eq!(match_grid(&patient("1.2"), &patient("1.3")), Err(NoMatch::Frame));
        let unknown = grid([2, 2, 2], [0.0; 3], Frame::Unknown);
        assert_eq!(find_image(&unknown, [&patient("1.2")]), Err(NoMatch::Frame));
        assert!(match_grid(&unknown, &unknown).is_ok());
    }

    #[test]
    fn one_slice_is_not_flipped_without_need() {
        let labels = grid([4, 5, 1], [0.0; 3], Frame::Patient(None));
        assert_eq!(match_grid(&labels, &labels).unwrap().map, IndexMap::identity([4, 5, 1]));
    }
}
