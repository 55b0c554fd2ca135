//! ITK's text file: LPS millimetres, fixed to moving points, parameters about a centre.

use isocenter_volume::Affine;

use super::{Error, number};
use crate::rotation::Rotation;

const FIRST_LINE: &str = "#Insight Transform File";

/// Whether a text says that it is ITK's.
pub(super) fn is_itk(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').starts_with(FIRST_LINE)
}

pub(super) fn parse(text: &str) -> Result<Affine, Error> {
    if !is_itk(text) {
        return Err(Error::Malformed { line: 1, what: "'#Insight Transform File' is missing" });
    }
    let mut kind: Option<String> = None;
    let mut parameters: Option<(usize, Vec<f64>)> = None;
    let mut fixed: Option<(usize, Vec<f64>)> = None;
    let mut last_line = 1;
    for (n, line) in text.lines().enumerate().skip(1) {
        let line_number = n + 1;
        last_line = line_number;
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) =
            line.split_once(':').ok_or(Error::Malformed { line: line_number, what: "'key: value' is wanted" })?;
        match key.trim() {
            "Transform" if kind.is_some() => {
                return Err(Error::Unsupported { found: "several transforms".to_owned() });
            }
            "Transform" => kind = Some(value.trim().to_owned()),
            "Parameters" => parameters = Some((line_number, numbers(value, line_number)?)),
            "FixedParameters" => fixed = Some((line_number, numbers(value, line_number)?)),
            _ => {}
        }
    }
    let missing = |what| Error::Malformed { line: last_line, what };
    let kind = kind.ok_or(missing("'Transform:' is missing"))?;
    let parameters = parameters.ok_or(missing("'Parameters:' is missing"))?;
    let fixed = fixed.unwrap_or((last_line, Vec::new()));
    // the precision of the parameters (double, float) stands in the name
    let name = kind.strip_suffix("_3_3").and_then(|k| k.strip_suffix("_double").or(k.strip_suffix("_float")));
    match name {
        Some("AffineTransform" | "MatrixOffsetTransformBase") => {
            let p = exactly::<12>(&parameters)?;
            let rows = [0, 3, 6].map(|r| [p[r], p[r + 1], p[r + 2]]);
            Ok(about(rows, [p[9], p[10], p[11]], centre(&fixed)?))
        }
        Some("Euler3DTransform") => {
            let p = exactly::<6>(&parameters)?;
            let is_zyx = euler_order(&fixed)?;
            let turn = |axis: usize| {
                let mut v = [0.0; 3];
                v[axis] = p[axis];
                Rotation::from_vector(v)
            };
            let [x, y, z] = [turn(0), turn(1), turn(2)];
            let rotation = if is_zyx { z.compose(y).compose(x) } else { z.compose(x).compose(y) };
            Ok(about(rotation.matrix(), [p[3], p[4], p[5]], centre(&fixed)?))
        }
        Some("VersorRigid3DTransform") => {
            let p = exactly::<6>(&parameters)?;
            Ok(about(versor(&p[..3], parameters.0)?.matrix(), [p[3], p[4], p[5]], centre(&fixed)?))
        }
        Some("VersorTransform") => {
            let p = exactly::<3>(&parameters)?;
            Ok(about(versor(&p, parameters.0)?.matrix(), [0.0; 3], centre(&fixed)?))
        }
        Some("TranslationTransform") => Ok(Affine::translation_by(exactly::<3>(&parameters)?)),
        Some("IdentityTransform") => Ok(Affine::IDENTITY),
        // a transform's name is the program's word, not a patient's; its length is bounded for the message all the same
        _ => Err(Error::Unsupported { found: kind.chars().take(60).filter(|c| c.is_ascii_graphic()).collect() }),
    }
}

/// An affine transform about the origin, as ITK prints one.
pub(super) fn format(transform: &Affine) -> String {
    let rows = transform.rows();
    let matrix = rows.iter().flat_map(|r| r[..3].iter().copied());
    let all: Vec<String> = matrix.chain(transform.translation()).map(number).collect();
    format!(
        "{FIRST_LINE} V1.0\n#Transform 0\nTransform: AffineTransform_double_3_3\nParameters: {}\nFixedParameters: 0 0 0\n",
        all.join(" ")
    )
}

/// `y = A (x - c) + c + t`.
fn about(rows: [[f64; 3]; 3], t: [f64; 3], c: [f64; 3]) -> Affine {
    Affine::from_rows([0, 1, 2].map(|r| {
        let [a, b, d] = rows[r];
        [a, b, d, t[r] + c[r] - (a * c[0] + b * c[1] + d * c[2])]
    }))
}

/// The rotation of a versor's vector part, whose scalar part is not negative.
fn versor(v: &[f64], line: usize) -> Result<Rotation, Error> {
    let square: f64 = v.iter().map(|x| x * x).sum();
    // six digits are printed: a half turn may read a little above one
    if square > 1.0 + 1e-5 {
        return Err(Error::Malformed { line, what: "the vector part of a versor is at most 1 long" });
    }
    Ok(Rotation::from_quaternion([(1.0 - square).max(0.0).sqrt(), v[0], v[1], v[2]]))
}

/// Whether Euler angles compose as ZYX; a fourth fixed parameter says so, ZXY without.
fn euler_order((line, fixed): &(usize, Vec<f64>)) -> Result<bool, Error> {
    match fixed.get(3) {
        None => Ok(false),
        Some(v) if *v == 0.0 => Ok(false),
        Some(v) if *v == 1.0 => Ok(true),
        Some(_) => Err(Error::Malformed { line: *line, what: "the order of the Euler angles must be 0 or 1" }),
    }
}

fn centre((line, fixed): &(usize, Vec<f64>)) -> Result<[f64; 3], Error> {
    match fixed[..] {
        [] => Ok([0.0; 3]),
        [x, y, z] | [x, y, z, _] => Ok([x, y, z]),
        _ => Err(Error::Malformed { line: *line, what: "the fixed parameters must be the three numbers of a centre" }),
    }
}

fn exactly<const N: usize>((line, found): &(usize, Vec<f64>)) -> Result<[f64; N], Error> {
    found[..]
        .try_into()
        .map_err(|_| Error::Malformed { line: *line, what: "the number of parameters is wrong for this transform" })
}

fn numbers(text: &str, line: usize) -> Result<Vec<f64>, Error> {
    text.split_whitespace()
        .map(|w| w.parse().ok().filter(|v: &f64| v.is_finite()))
        .collect::<Option<_>>()
        .ok_or(Error::Malformed { line, what: "finite numbers are wanted" })
}
