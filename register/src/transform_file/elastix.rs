//! elastix's `TransformParameters.N.txt`: LPS mm, points of the fixed image to points of the moving image, about a centre.
//!
//! A file may continue another by name: the other's map is applied first, then its own (`Compose`), or both displacements are added
//! (`Add`). elastix without direction cosines (`UseDirectionCosines "false"`) works in a world of its own, which is refused.
//!
//! Source: the elastix manual, chapter "Transforms", and what elastix itself makes of its parameters (the tests hold its numbers).

use std::collections::BTreeMap;

use isocenter_volume::{Affine, Geometry};

use super::{
    Error,
    itk::{kinds, parameters},
    text::joined,
};
use crate::{
    maps,
    matrix3::{self, Matrix},
    rotation::Rotation,
};

const NAME: &str = "elastix";

pub(super) fn is_elastix(text: &str) -> bool {
    text.lines().any(|line| line.trim_start().starts_with("(TransformParameters"))
        && text.lines().any(|line| line.trim_start().starts_with("(Transform "))
}

/// A file's own map, and how it continues another.
#[derive(Debug)]
pub(super) struct Part {
    own: Affine,
    is_added: bool,
    /// The name of the file whose map comes first.
    pub(super) initial: Option<String>,
}

impl Part {
    /// The map of both.
    pub(super) fn after(&self, initial: &Affine) -> Affine {
        if !self.is_added {
            return self.own.compose(initial);
        }
        let (own, first, still) = (self.own.rows(), initial.rows(), Affine::IDENTITY.rows());
        Affine::from_rows([0, 1, 2].map(|r| [0, 1, 2, 3].map(|c| own[r][c] + first[r][c] - still[r][c])))
    }
}

pub(super) fn parse(text: &str) -> Result<Part, Error> {
    let file = Said::read(text)?;
    let kind = file.text("Transform")?;
    for key in ["FixedImageDimension", "MovingImageDimension"] {
        if file.optional(key).is_some_and(|(_, value)| value != "3") {
            return Err(Error::unsupported(&format!("{kind} of other than three dimensions")));
        }
    }
    if file.optional("UseDirectionCosines").is_some_and(|(_, v)| v == "false") {
        return Err(Error::unsupported("a world without direction cosines"));
    }
    if file.optional("UseBinaryFormatForTransformationParameters").is_some_and(|(_, v)| v == "true") {
        return Err(Error::unsupported("parameters in a binary file beside it"));
    }
    let initial = ["InitialTransformParameterFileName", "InitialTransformParametersFileName"]
        .into_iter()
        .find_map(|key| file.optional(key))
        .map(|(_, name)| name)
        .filter(|name| !name.is_empty() && *name != "NoInitialTransform");
    let is_added = match file.optional("HowToCombineTransforms") {
        None | Some((_, "Compose")) => false,
        Some((_, "Add")) => true,
        Some((line, _)) => return Err(Error::Malformed { line, what: "transforms are combined by Compose or Add" }),
    };
    Ok(Part { own: own(&file, kind)?, is_added, initial: initial.map(ToOwned::to_owned) })
}

fn own(file: &Said<'_>, kind: &str) -> Result<Affine, Error> {
    let line = file.line("TransformParameters");
    let wrong = |what| Error::Malformed { line, what };
    let count = || wrong("the number of parameters is wrong for this transform");
    // what is not read is named before its parameters are looked at
    let is_known = matches!(
        kind,
        "EulerTransform"
            | "SimilarityTransform"
            | "AffineTransform"
            | "AffineDTITransform"
            | "AffineLogTransform"
            | "TranslationTransform"
    );
    if !is_known {
        return Err(Error::unsupported(kind));
    }
    let p = file.numbers("TransformParameters")?;
    let (m, t): (Matrix, [f64; 3]) = match (kind, p.as_slice()) {
        ("EulerTransform", &[a, b, c, x, y, z]) => {
            let is_zyx = file.optional("ComputeZYX").is_some_and(|(_, v)| v == "true");
            (kinds::euler([a, b, c], is_zyx), [x, y, z])
        }
        ("SimilarityTransform", &[a, b, c, x, y, z, scale]) => {
            let turn = kinds::versor([a, b, c]).map_err(|_| wrong("the vector part of a versor is at most 1 long"))?;
            (matrix3::scaled(&turn, scale), [x, y, z])
        }
        ("AffineTransform", &[a, b, c, d, e, f, g, h, i, x, y, z]) => ([[a, b, c], [d, e, f], [g, h, i]], [x, y, z]),
        ("AffineDTITransform", &[a, b, c, gx, gy, gz, sx, sy, sz, x, y, z]) => {
            (dti([a, b, c], [gx, gy, gz], [sx, sy, sz]), [x, y, z])
        }
        ("AffineLogTransform", &[a, b, c, d, e, f, g, h, i, x, y, z]) => {
            // elastix keeps the logarithm of the matrix alone
            (maps::exponential_of(&[[a, b, c], [d, e, f], [g, h, i]]), [x, y, z])
        }
        ("TranslationTransform", &[x, y, z]) => return Ok(Affine::translation_by([x, y, z])),
        _ => return Err(count()),
    };
    let centre = match file.optional("CenterOfRotationPoint") {
        None if file.optional("CenterOfRotation").is_some() => {
            return Err(Error::unsupported("a centre of rotation given as an index"));
        }
        None => return Err(wrong("'CenterOfRotationPoint' is missing")),
        Some((line, _)) => file
            .numbers("CenterOfRotationPoint")?
            .try_into()
            .map_err(|_| Error::Malformed { line, what: "three numbers are wanted" })?,
    };
    Ok(matrix3::about(&m, t, centre))
}

/// Angles the other way round than elsewhere, then shears, then scales: `Rx Ry Rz Gx Gy Gz S`.
///
/// Source: A. Leemans and D. K. Jones, MRM 61 (2009).
fn dti(angles: [f64; 3], shears: [f64; 3], scales: [f64; 3]) -> Matrix {
    let turn = |axis: usize| {
        let mut v = [0.0; 3];
        v[axis] = -angles[axis];
        Rotation::from_vector(v)
    };
    let rotation = turn(0).compose(turn(1)).compose(turn(2)).matrix();
    let [x, y, z] = shears;
    let shear = [[1.0, x * z, x], [y, 1.0, 0.0], [0.0, z, 1.0]];
    matrix3::product(&matrix3::product(&rotation, &shear), &matrix3::diagonal(scales))
}

/// An affine transform about the origin, on the grid of the fixed image, which transformix fills.
pub(super) fn format(map: &Affine, fixed: &Geometry) -> Result<String, Error> {
    if fixed.shear() > 1e-4 {
        return Err(Error::NotHeld { format: NAME, what: "a fixed image whose axes are not perpendicular" });
    }
    let [a, b, c] = fixed.shape();
    // elastix lists the direction of each axis in turn
    let direction = joined(fixed.direction().into_iter().flatten());
    Ok(format!(
        "(Transform \"AffineTransform\")\n(NumberOfParameters 12)\n(TransformParameters {})\n\
         (InitialTransformParameterFileName \"NoInitialTransform\")\n(UseBinaryFormatForTransformationParameters \"false\")\n\
         (HowToCombineTransforms \"Compose\")\n(FixedImageDimension 3)\n(MovingImageDimension 3)\n\
         (FixedInternalImagePixelType \"float\")\n(MovingInternalImagePixelType \"float\")\n\
         (Size {a} {b} {c})\n(Index 0 0 0)\n(Spacing {})\n(Origin {})\n(Direction {direction})\n(UseDirectionCosines \"true\")\n\
         (CenterOfRotationPoint 0 0 0)\n(ResampleInterpolator \"FinalBSplineInterpolator\")\n\
         (FinalBSplineInterpolationOrder 3)\n(Resampler \"DefaultResampler\")\n(DefaultPixelValue 0)\n\
         (ResultImageFormat \"nii\")\n(ResultImagePixelType \"float\")\n(CompressResultImage \"false\")\n",
        joined(parameters(map)),
        joined(fixed.spacing_mm()),
        joined(fixed.origin_mm()),
    ))
}

/// The lines `(Key value ...)` of a file.
struct Said<'t> {
    all: BTreeMap<&'t str, (usize, &'t str)>,
}

impl<'t> Said<'t> {
    fn read(text: &'t str) -> Result<Self, Error> {
        let mut all = BTreeMap::new();
        for (n, line) in text.lines().enumerate() {
            let line = line.split("//").next().filter(|_| !line.contains('"')).unwrap_or(line).trim();
            if line.is_empty() || line.starts_with("//") {
                continue;
            }
            let malformed = |what| Error::Malformed { line: n + 1, what };
            let inner = line
                .strip_prefix('(')
                .and_then(|l| l.rsplit_once(')'))
                .map(|(inner, _)| inner)
                .ok_or_else(|| malformed("'(Key value)' is wanted"))?;
            let (key, value) = inner.trim().split_once(char::is_whitespace).unwrap_or((inner.trim(), ""));
            if all.insert(key, (n + 1, value.trim())).is_some() {
                return Err(malformed("this key stands there twice"));
            }
        }
        Ok(Self { all })
    }

    fn line(&self, key: &str) -> usize {
        self.all.get(key).map_or(1, |(line, _)| *line)
    }

    /// The line and the text, without its quotes.
    fn optional(&self, key: &str) -> Option<(usize, &'t str)> {
        self.all.get(key).map(|(line, value)| (*line, value.trim_matches('"')))
    }

    fn text(&self, key: &'static str) -> Result<&'t str, Error> {
        let missing = Error::Malformed { line: 1, what: "'Transform' is missing" };
        self.optional(key).map(|(_, value)| value).ok_or(missing)
    }

    fn numbers(&self, key: &'static str) -> Result<Vec<f64>, Error> {
        let missing = Error::Malformed { line: 1, what: "'TransformParameters' is missing" };
        let (line, value) = self.optional(key).ok_or(missing)?;
        super::text::numbers(value, line)
    }
}
