//! DICOM's Spatial Registration objects: how frames of reference lie to each other.
//!
//! An object names frames of reference by their UIDs, and for each the matrix that takes *its* points to the registered frame (LPS mm,
//! PS3.3 C.20.2). Here a transform maps points of the fixed image to points of the moving image, as everywhere in this crate: the caller
//! says which frame is whose, and [`SpatialRegistration::fixed_to_moving`] joins both matrices in that direction.
//!
//! Numbers are decimal strings of 16 characters in such an object: a transform comes back to about 1e-10 of its size, not to the bit.
//! A registration of images by reference alone, without a frame's UID, is passed over; several matrices for one frame are refused unless
//! all but one do nothing. Deformable registrations are another class.
//!
//! # Examples
//! ```
//! use isocenter_register::spatial_registration::{Identity, SpatialRegistration};
//! use isocenter_dcm::{Dataset, VR, dicom_core::DataElement, tags};
//! use isocenter_volume::Affine;
//!
//! let shift = Affine::translation_by([4.0, 5.0, 6.0]);
//! let object = SpatialRegistration::new("1.2.3", "1.2.4", &shift)?;
//! let identity = Identity { series_instance_uid: "1.2.5", sop_instance_uid: "1.2.6", date: "20260101", time: "120000" };
//! let mut image = Dataset::new_empty(); // an image of the patient and study
//! image.put(DataElement::new(tags::STUDY_INSTANCE_UID, VR::UI, "1.2.9"));
//! let instance = object.to_instance(&image, &identity)?;
//! let back = SpatialRegistration::of(&instance.dataset)?;
//! assert_eq!(back.fixed_to_moving("1.2.3", "1.2.4")?, shift);
//! assert_eq!(back.fixed_to_moving("1.2.4", "1.2.3")?.apply([4.0, 5.0, 6.0]), [0.0; 3]);
//! # Ok::<_, isocenter_register::spatial_registration::Error>(())
//! ```

mod decimal;
mod object;

use isocenter_dcm::{Dataset, tags, value};
use isocenter_volume::{
    Affine, Family,
    affine::{dot, norm},
};

pub use object::Identity;

/// Spatial Registration Storage.
pub const SOP_CLASS_UID: &str = "1.2.840.10008.5.1.4.1.1.66.1";

/// How far a matrix may be from what its type says: the decimal strings of a matrix hold ten digits, those of older writers six.
const TYPE_TOLERANCE: f64 = 1e-4;

/// Why an object gives no transform, or cannot hold one.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The data set is of another class.
    #[error("the object is no Spatial Registration")]
    OtherClass,
    /// An element is missing or does not hold what it must.
    #[error("{tag}: {what}")]
    Malformed {
        /// The element.
        tag: isocenter_dcm::Tag,
        /// What is wrong.
        what: &'static str,
    },
    /// A matrix is not what its type says: RIGID or RIGID_SCALE must hold.
    #[error("a matrix calls itself {stated} and is not")]
    NotOfType {
        /// The type.
        stated: &'static str,
    },
    /// Several matrices for one frame.
    #[error("a frame of reference has {found} matrices, one is wanted")]
    SeveralMatrices {
        /// How many of them do something.
        found: usize,
    },
    /// The object says nothing of a frame of reference.
    #[error("the object says nothing of the {side} image's frame of reference; it names {named}")]
    NoFrame {
        /// Whose frame.
        side: crate::Side,
        /// How many frames it does name.
        named: usize,
    },
    /// The transform cannot be undone, or a UID is none.
    #[error("{what}")]
    BadArgument {
        /// What is wrong.
        what: &'static str,
    },
}

impl Error {
    /// A stable code of the kind of refusal, for records and programs: words joined by hyphens.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::OtherClass => "other-class",
            Self::Malformed { .. } => "malformed",
            Self::NotOfType { .. } => "not-of-type",
            Self::SeveralMatrices { .. } => "several-matrices",
            Self::NoFrame { .. } => "no-frame",
            Self::BadArgument { .. } => "bad-argument",
        }
    }

    /// What a caller can do about it.
    pub const fn family(&self) -> Family {
        match self {
            Self::Malformed { .. } | Self::NotOfType { .. } => Family::Malformed,
            Self::OtherClass | Self::SeveralMatrices { .. } => Family::Unsupported,
            Self::NoFrame { .. } => Family::Unsuited,
            Self::BadArgument { .. } => Family::Argument,
        }
    }
}

/// What a matrix is allowed to do, as DICOM calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatrixType {
    /// Turn and shift.
    Rigid,
    /// Turn, shift and a scale for each axis.
    RigidScale,
    /// Anything that can be undone.
    Affine,
}

impl MatrixType {
    /// The narrowest type that holds for a map.
    pub fn of(map: &Affine) -> Self {
        let [a, b, c] = [0, 1, 2].map(|n| map.column(n));
        let lean = |a, b| dot(a, b).abs() / (norm(a) * norm(b));
        let is_square = [lean(a, b), lean(b, c), lean(a, c)].iter().all(|l| *l < 1e-9) && map.determinant() > 0.0;
        let is_unit = [a, b, c].iter().all(|v| (norm(*v) - 1.0).abs() < 1e-9);
        match (is_square, is_unit) {
            (true, true) => Self::Rigid,
            (true, false) => Self::RigidScale,
            _ => Self::Affine,
        }
    }

    /// As the object spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rigid => "RIGID",
            Self::RigidScale => "RIGID_SCALE",
            Self::Affine => "AFFINE",
        }
    }

    fn holds_for(self, map: &Affine) -> bool {
        let [a, b, c] = [0, 1, 2].map(|n| map.column(n));
        let lean = |a, b| dot(a, b).abs() / (norm(a) * norm(b));
        // written so that NaN fails
        let is_square =
            || [lean(a, b), lean(b, c), lean(a, c)].iter().all(|l| *l < TYPE_TOLERANCE) && map.determinant() > 0.0;
        let is_unit = || [a, b, c].iter().all(|v| (norm(*v) - 1.0).abs() < TYPE_TOLERANCE);
        match self {
            Self::Rigid => is_square() && is_unit(),
            Self::RigidScale => is_square(),
            Self::Affine => true,
        }
    }
}

/// Frames of reference and the way of each to the registered one.
#[derive(Clone, Debug, PartialEq)]
pub struct SpatialRegistration {
    registered: Option<String>,
    /// UID, and the map of its points to the registered frame.
    frames: Vec<(String, Affine)>,
}

impl SpatialRegistration {
    /// Joins two frames of reference by a map of points of the fixed image to points of the moving image, LPS mm. The fixed image's frame
    /// becomes the registered one.
    ///
    /// # Errors
    /// [`Error::BadArgument`] for a map that cannot be undone, UIDs that are none, or twice the same.
    pub fn new(fixed_uid: &str, moving_uid: &str, fixed_to_moving: &Affine) -> Result<Self, Error> {
        let back = fixed_to_moving.inverse();
        let back = back.ok_or(Error::BadArgument { what: "the transform is singular or not finite" })?;
        if ![fixed_uid, moving_uid].into_iter().all(object::is_uid) {
            return Err(Error::BadArgument { what: "a frame of reference must have a UID" });
        }
        if fixed_uid == moving_uid {
            return Err(Error::BadArgument {
                what: "two images of one frame of reference need two UIDs to be told apart",
            });
        }
        let frames = vec![(fixed_uid.to_owned(), Affine::IDENTITY), (moving_uid.to_owned(), back)];
        Ok(Self { registered: Some(fixed_uid.to_owned()), frames })
    }

    /// Reads a data set.
    ///
    /// # Errors
    /// [`Error::OtherClass`], [`Error::Malformed`], [`Error::NotOfType`], [`Error::SeveralMatrices`].
    pub fn of(dataset: &Dataset) -> Result<Self, Error> {
        if value::string(dataset, tags::SOP_CLASS_UID).as_deref() != Some(SOP_CLASS_UID) {
            return Err(Error::OtherClass);
        }
        let missing = |tag| Error::Malformed { tag, what: "the sequence is missing" };
        let items = value::sequence(dataset, tags::REGISTRATION_SEQUENCE)
            .ok_or_else(|| missing(tags::REGISTRATION_SEQUENCE))?;
        let mut frames = Vec::new();
        for item in items {
            let Some(uid) = value::string(item, tags::FRAME_OF_REFERENCE_UID) else { continue };
            frames.push((uid, way(item)?));
        }
        Ok(Self { registered: value::string(dataset, tags::FRAME_OF_REFERENCE_UID), frames })
    }

    /// UIDs of the frames of reference that the object speaks of.
    pub fn frames(&self) -> impl Iterator<Item = &str> {
        let own = self.registered.as_deref().filter(|own| self.frames.iter().all(|(uid, _)| uid != own));
        own.into_iter().chain(self.frames.iter().map(|(uid, _)| uid.as_str()))
    }

    /// The map of points of the fixed image to points of the moving image (LPS mm), by the UIDs of their frames of reference.
    ///
    /// # Errors
    /// [`Error::NoFrame`], [`Error::Malformed`] for a matrix that cannot be undone.
    pub fn fixed_to_moving(&self, fixed_uid: &str, moving_uid: &str) -> Result<Affine, Error> {
        let (fixed, moving) = (self.way(fixed_uid, crate::Side::Fixed)?, self.way(moving_uid, crate::Side::Moving)?);
        let tag = tags::FRAME_OF_REFERENCE_TRANSFORMATION_MATRIX;
        let back = moving.inverse().ok_or(Error::Malformed { tag, what: "the matrix is singular" })?;
        Ok(back.compose(&fixed))
    }

    fn way(&self, uid: &str, side: crate::Side) -> Result<Affine, Error> {
        if let Some((_, way)) = self.frames.iter().find(|(found, _)| found == uid) {
            return Ok(*way);
        }
        // the registered frame lies to itself as it is
        if self.registered.as_deref() == Some(uid) {
            return Ok(Affine::IDENTITY);
        }
        Err(Error::NoFrame { side, named: self.frames().count() })
    }
}

/// The map of an item's points to the registered frame.
fn way(item: &Dataset) -> Result<Affine, Error> {
    let malformed = |tag, what| Error::Malformed { tag, what };
    let registrations = value::sequence(item, tags::MATRIX_REGISTRATION_SEQUENCE)
        .ok_or_else(|| malformed(tags::MATRIX_REGISTRATION_SEQUENCE, "the sequence is missing"))?;
    let [registration] = registrations else {
        return Err(malformed(tags::MATRIX_REGISTRATION_SEQUENCE, "one item is wanted"));
    };
    let matrices = value::sequence(registration, tags::MATRIX_SEQUENCE)
        .filter(|items| !items.is_empty())
        .ok_or_else(|| malformed(tags::MATRIX_SEQUENCE, "at least one item is wanted"))?;
    let all = matrices.iter().map(matrix).collect::<Result<Vec<_>, _>>()?;
    let moving: Vec<&Affine> = all.iter().filter(|m| **m != Affine::IDENTITY).collect();
    match moving[..] {
        [] => Ok(Affine::IDENTITY),
        [one] => Ok(*one),
        _ => Err(Error::SeveralMatrices { found: moving.len() }),
    }
}

fn matrix(item: &Dataset) -> Result<Affine, Error> {
    let tag = tags::FRAME_OF_REFERENCE_TRANSFORMATION_MATRIX;
    let malformed = |what| Error::Malformed { tag, what };
    let n = value::f64s(item, tag);
    if n.len() != 16 || n.iter().any(|v| !v.is_finite()) {
        return Err(malformed("sixteen numbers are wanted"));
    }
    let row = |r: usize| [n[4 * r], n[4 * r + 1], n[4 * r + 2], n[4 * r + 3]];
    if row(3) != [0.0, 0.0, 0.0, 1.0] {
        return Err(malformed("the last row must be 0 0 0 1"));
    }
    let map = Affine::from_rows([row(0), row(1), row(2)]);
    map.inverse().ok_or_else(|| malformed("the matrix is singular"))?;
    let tag = tags::FRAME_OF_REFERENCE_TRANSFORMATION_MATRIX_TYPE;
    let kind = match value::string(item, tag).as_deref() {
        Some("RIGID") => MatrixType::Rigid,
        Some("RIGID_SCALE") => MatrixType::RigidScale,
        Some("AFFINE") => MatrixType::Affine,
        _ => return Err(Error::Malformed { tag, what: "RIGID, RIGID_SCALE or AFFINE is wanted" }),
    };
    if !kind.holds_for(&map) {
        return Err(Error::NotOfType { stated: kind.name() });
    }
    Ok(map)
}
