//! Does a label map lie on an image's grid, and how do its axes run?
//!
//! Tools store one and the same grid with other axes first or running the other way. Two grids are the same where the corners
//! of one are the corners of the other within [`Geometry::same_grid_mm`], whatever the order of axes: then one of the 48 signed
//! permutations brings the labels onto the image exactly, and no label is interpolated.

use isocenter_volume::{
    Ctx, Family, Frame, Geometry, IndexMap, LabelMap, compare::GeometryDifference, provenance::Parameter,
};

use crate::Error;

/// How a label map's grid becomes an image's.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Match {
    /// The map of indices, from the labels' grid to the image's.
    pub map: IndexMap,
    /// The largest distance between corners after it, mm.
    pub corner_distance_mm: f64,
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
    /// No image has this grid.
    #[error("no image lies on the labels' grid{}", nearest_text(.nearest))]
    None {
        /// The image of the same voxel counts that comes nearest, if there is one.
        nearest: Option<Candidate>,
    },
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

/// The exact map from the labels' grid to the image's.
///
/// Grids whose worlds cannot be compared do not match: a patient frame and an unknown one, or two different Frames of
/// Reference. Where several orders of axes meet the corners equally well (an axis of one voxel), the one whose steps agree best
/// is taken, then the one with fewest changes.
///
/// # Errors
/// [`NoMatch::None`], [`NoMatch::Frame`].
pub fn match_grid(labels: &Geometry, image: &Geometry) -> Result<Match, NoMatch> {
    if !comparable(labels.frame(), image.frame()) {
        return Err(NoMatch::Frame);
    }
    match best(labels, image) {
        Some(found) if found.corner_distance_mm <= image.same_grid_mm() => Ok(found),
        Some(far) => {
            let nearest = Some(Candidate { image: 0, corner_distance_mm: far.corner_distance_mm });
            Err(NoMatch::None { nearest })
        }
        None => Err(NoMatch::None { nearest: None }),
    }
}

/// Finds the one image whose grid the labels lie on: its number in the order given, and the map.
///
/// # Errors
/// [`NoMatch::Ambiguous`] with all that match, nearest first; [`NoMatch::None`] with the nearest; [`NoMatch::Frame`] where the
/// only reason is an unknown or another frame.
pub fn find_image<'a>(
    labels: &Geometry,
    images: impl IntoIterator<Item = &'a Geometry>,
) -> Result<(usize, Match), NoMatch> {
    let mut found: Vec<(Candidate, Match)> = Vec::new();
    let mut nearest: Option<Candidate> = None;
    let mut other_frame = false;
    for (image, geometry) in images.into_iter().enumerate() {
        match match_grid(labels, geometry) {
            Ok(m) => found.push((Candidate { image, corner_distance_mm: m.corner_distance_mm }, m)),
            Err(NoMatch::None { nearest: Some(far) })
                if nearest.is_none_or(|n| far.corner_distance_mm < n.corner_distance_mm) =>
            {
                nearest = Some(Candidate { image, ..far });
            }
            Err(NoMatch::Frame) => {
                other_frame |= best(labels, geometry).is_some_and(|m| m.corner_distance_mm <= geometry.same_grid_mm());
            }
            Err(_) => {}
        }
    }
    match found.as_slice() {
        [] if other_frame => Err(NoMatch::Frame),
        [] => Err(NoMatch::None { nearest }),
        [(candidate, m)] => Ok((candidate.image, *m)),
        _ => {
            let mut candidates: Vec<Candidate> = found.into_iter().map(|f| f.0).collect();
            candidates
                .sort_by(|a, b| a.corner_distance_mm.total_cmp(&b.corner_distance_mm).then(a.image.cmp(&b.image)));
            Err(NoMatch::Ambiguous { candidates })
        }
    }
}

/// Moves labels through a match. The result has exactly the image's geometry, so that both are written with one affine.
///
/// # Errors
/// [`Error::Volume`] for a match that was made for another grid or image, [`Error::Cancelled`].
pub fn bring_onto(labels: &LabelMap, image: &Geometry, found: &Match, ctx: &Ctx<'_>) -> Result<LabelMap, Error> {
    let moved = labels.remap(&found.map, ctx)?;
    moved.geometry().agrees_with(image)?;
    let layers = moved.layers().to_vec();
    Ok(moved.with_layers(layers, image.clone())?.noting(
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
    difference.same_shape().then(|| Match { map, corner_distance_mm: difference.corner_mm() })
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
        let small = grid([4, 5, 5], [0.0; 3], Frame::Patient(None));
        assert_eq!(find_image(&labels, [&small, &far, &near]).unwrap().0, 2);
        let Err(NoMatch::Ambiguous { candidates }) = find_image(&labels, [&near, &far, &labels]) else { panic!() };
        assert_eq!(candidates.iter().map(|c| c.image).collect::<Vec<_>>(), [2, 0]);
        let error = find_image(&labels, [&small, &far]).unwrap_err();
        assert_eq!(error, NoMatch::None { nearest: Some(Candidate { image: 1, corner_distance_mm: 3.0 }) });
        assert!(error.to_string().contains("3.00 mm"));
        assert_eq!(find_image(&labels, []), Err(NoMatch::None { nearest: None }));
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
