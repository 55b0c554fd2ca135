//! GE: (0043,xx39) the b-value, first of four numbers; (0019,xxBB), (0019,xxBC), (0019,xxBD) the direction along frequency, phase, slice.
//!
//! Some software adds 1e9 to b-values. The direction is in the frame of the pulse sequence: frequency and phase lie along rows and
//! columns as InPlane Phase Encoding Direction says, with signs that the plane decides. For an image whose rows, columns and normal are
//! r, c, n, and a gradient f, p, s, the world has
//!
//! | plane | phase along columns | phase along rows |
//! |---|---|---|
//! | axial, sagittal | f r + p c - s n | p r - f c - s n |
//! | coronal | f r - p c - s n | p r + f c + s n |
//!
//! but for a sign of the whole, which a gradient has none of; the signs here are those that dcm2niix writes. In a series of several
//! b-values (0043,xx39) is the largest, and a vector of length l has l^2 of it, told to the nearest 5 s/mm^2. Images without a
//! weighting have the zero vector and, before software 29, the b-value of the series; those of a series without directions
//! ((0019,xxE0) is 0, or the kinds (0043,xx30) and (0021,xx5A) say so) are isotropic instead.
//!
//! Source: GE's note on tensor files, the maker's correction of dcm2niix (rordenlab/dcm2niix, issue 970), and its notes on GE. A
//! de-identified file may have lost InPlane Phase Encoding Direction: phase along columns, as almost all are acquired, is taken.

use isocenter_dcm::{Dataset, Tag, plane::FramePlane, tags, value};

use super::{Weighting, united_imaging, values};

const PARAMETERS: &str = "GEMS_PARM_01";
const ACQUISITION: &str = "GEMS_ACQU_01";
const RELATION: &str = "GEMS_RELA_01";

/// What an image says; `public` is what the standard's attributes say, whose direction counts first.
pub(super) fn weighting(ds: &Dataset, plane: Option<&FramePlane>, public: Weighting) -> Weighting {
    let stated = b_value(ds).or(public.b_value);
    let vector = vector(ds);
    let length = vector.map(isocenter_volume::affine::norm);
    let gradient = vector.and_then(values::direction);
    let is_tensor = is_tensor(ds);
    let own = Weighting {
        b_value: match (stated, length) {
            (Some(b), Some(length)) if SCALED.contains(&length) => Some(scaled(b, length)),
            _ => stated,
        },
        gradient: gradient.and_then(|along| Some(turned(along, plane?, is_row_encoded(ds)))),
        b_matrix: None,
        is_isotropic: !is_tensor && gradient.is_none_or(|g| g == [0.0; 3]),
        is_diffusion: stated.is_some_and(|b| b > 0.0) || is_epi2(ds),
        zero_is_unweighted: is_tensor,
    };
    if public.is_directional() { public.or(|| own) } else { own.or(|| public) }
}

fn tag(ds: &Dataset, creator: &str, usual: Tag) -> Option<Tag> {
    values::tag(ds, creator, usual)
}

fn b_value(ds: &Dataset) -> Option<f64> {
    let number = values::first(ds, tag(ds, PARAMETERS, Tag(0x0043, 0x1039)))?;
    values::b_value(number % 1e9)
}

/// Along frequency, phase and slice.
pub(super) fn vector(ds: &Dataset) -> Option<[f64; 3]> {
    let part = |element: u16| values::first(ds, tag(ds, ACQUISITION, Tag(0x0019, element)));
    Some([part(0x10BB)?, part(0x10BC)?, part(0x10BD)?])
}

/// The b-value of a vector that is shorter than 1, to the nearest 5 s/mm^2, and at least 5.
fn scaled(b: f64, length: f64) -> f64 {
    let b = b * length * length;
    if b > 0.0 { ((b / 5.0).round() * 5.0).max(5.0) } else { 0.0 }
}

/// Whether the series has directions; a header that says nothing of them has.
fn is_tensor(ds: &Dataset) -> bool {
    let number = |creator: &str, usual: Tag| values::first(ds, tag(ds, creator, usual));
    let directions = number(ACQUISITION, Tag(0x0019, 0x10E0));
    let of_image = number(PARAMETERS, Tag(0x0043, 0x1030)).filter(|kind| *kind > 0.0);
    let of_series = number(RELATION, Tag(0x0021, 0x105A)).filter(|kind| *kind > 0.0);
    directions != Some(0.0)
        && of_image.is_none_or(|kind| kind == TENSOR || kind == TENSOR_T2)
        && of_series.is_none_or(|kind| kind == TENSOR)
}

/// Whether the pulse sequence is the product's for diffusion: any other image may state a b-value of 0.
fn is_epi2(ds: &Dataset) -> bool {
    let name = |element: u16| values::text(ds, tag(ds, ACQUISITION, Tag(0x0019, element)));
    [0x109C, 0x109E].into_iter().filter_map(name).any(|name| name.to_lowercase().contains("epi2"))
}

pub(super) fn is_row_encoded(ds: &Dataset) -> bool {
    value::string(ds, tags::IN_PLANE_PHASE_ENCODING_DIRECTION)
        .is_some_and(|along| along.to_uppercase().starts_with('R'))
}

/// A vector along frequency, phase and slice, in the patient.
pub(super) fn turned([f, p, s]: [f64; 3], plane: &FramePlane, is_row_encoded: bool) -> [f64; 3] {
    let [x, y, z] = plane.normal().map(f64::abs);
    let is_coronal = y >= x && y > z;
    let is_sagittal = x > y && x > z;
    let along = match (is_row_encoded, is_coronal) {
        (false, false) if is_sagittal => [f, p, -s],
        (true, false) if is_sagittal => [p, -f, -s],
        (false, false) => [-f, -p, s],
        (true, false) => [-p, f, s],
        (false, true) => [-f, p, s],
        (true, true) => [p, f, s],
    };
    united_imaging::turned(along, plane)
}

/// Lengths of vectors that are neither of no gradient nor of the whole one.
const SCALED: std::ops::Range<f64> = 0.03..0.97;

/// A tensor image, and one without a weighting.
const TENSOR: f64 = 16.0;
const TENSOR_T2: f64 = 14.0;
