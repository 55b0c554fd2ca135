//! Where the stack lies.
//!
//! Numbers stand along AP, FH, RL: posterior, superior, left are upwards (P, S, L, a right-handed frame). The world is L, P, S.

use isocenter_volume::{Affine, Frame, Geometry};

use super::{header::Header, row::Row};
use crate::{Error, Warning};

/// How far the images' own numbers, which have two decimals, may lie from the stack's: mm, and degrees.
const AGREES: f64 = 0.1;

type Matrix = [[f64; 3]; 3];

/// Grid and place of slices that `first` and `last` begin and end, `slices` of them.
pub(super) fn geometry(
    header: &Header,
    [first, last]: [&Row; 2],
    slices: usize,
    warnings: &mut Vec<Warning>,
) -> Result<Geometry, Error> {
    let mut angulation = header.three("Angulation midslice")?;
    let mut centre = header.three("Off Centre midslice")?;
    let middle = [0, 1, 2].map(|n| (first.centre[n] + last.centre[n]) / 2.0);
    let is_turned = (0..3).any(|n| (first.angulation[n] - angulation[n]).abs() > AGREES);
    // some write the centre of an image as its pixel n / 2: half a pixel along two axes
    let half_pixel = first.spacing.map(|v| v / 2.0).iter().map(|v| v * v).sum::<f64>().sqrt();
    if is_turned || distance(middle, centre) > AGREES + half_pixel {
        warnings.push(Warning::StackDisagrees);
        (angulation, centre) = (first.angulation, middle);
    }
    let rotation = rotation(angulation);
    let [right, down, through] = axes(first.orientation)?.map(|axis| times(&rotation, axis));
    let step = first.thickness + first.gap;
    // the images' own centres say which way the slices run, and agree with the stack but for their decimals
    let span = minus(last.centre, first.centre);
    let sign = if dot(span, through) < 0.0 { -1.0 } else { 1.0 };
    let (steps, through) = (slices as f64 - 1.0, through.map(|v| sign * v * step));
    // thickness and gap have three decimals: a hundredth of a millimetre in a hundred slices
    if distance(span, through.map(|v| v * steps)) > AGREES + 1e-3 * steps {
        return Err(Error::unsupported("slices of PAR that do not follow one another by thickness and gap", ""));
    }
    let (i, j) = (right.map(|v| v * first.spacing[0]), down.map(|v| v * first.spacing[1]));
    let shape = [first.size[0], first.size[1], slices];
    let half = shape.map(|n| (n as f64 - 1.0) / 2.0);
    let origin = [0, 1, 2].map(|n| centre[n] - half[0] * i[n] - half[1] * j[n] - half[2] * through[n]);
    let affine = Affine::from_columns([world(i), world(j), world(through)], world(origin));
    Ok(Geometry::new(shape, affine, Frame::Patient(None))?)
}

/// Along AP, FH, RL in the world's order.
pub(super) const fn world([p, s, l]: [f64; 3]) -> [f64; 3] {
    [l, p, s]
}

/// Rows, columns and slices of a stack that is not turned, in P, S, L.
fn axes(orientation: i64) -> Result<[[f64; 3]; 3], Error> {
    Ok(match orientation {
        1 => [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
        2 => [[1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, -1.0]],
        3 => [[0.0, 0.0, 1.0], [0.0, -1.0, 0.0], [1.0, 0.0, 0.0]],
        other => return Err(Error::malformed("slice orientation", other, "1, 2 or 3")),
    })
}

/// First about FH, then AP, then RL.
fn rotation(degrees: [f64; 3]) -> Matrix {
    // libm, so that every machine gives the same bits
    let [(ap_sin, ap_cos), (fh_sin, fh_cos), (rl_sin, rl_cos)] = degrees.map(|v| libm::sincos(v.to_radians()));
    let about_p = [[1.0, 0.0, 0.0], [0.0, ap_cos, -ap_sin], [0.0, ap_sin, ap_cos]];
    let about_s = [[fh_cos, 0.0, fh_sin], [0.0, 1.0, 0.0], [-fh_sin, 0.0, fh_cos]];
    let about_l = [[rl_cos, -rl_sin, 0.0], [rl_sin, rl_cos, 0.0], [0.0, 0.0, 1.0]];
    product(&about_l, &product(&about_p, &about_s))
}

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    std::array::from_fn(|r| std::array::from_fn(|c| (0..3).map(|n| a[r][n] * b[n][c]).sum()))
}

fn times(matrix: &Matrix, vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| dot(row, vector))
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    (0..3).map(|n| a[n] * b[n]).sum()
}

fn minus(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [0, 1, 2].map(|n| a[n] - b[n])
}

fn distance(a: [f64; 3], b: [f64; 3]) -> f64 {
    let difference = minus(a, b);
    dot(difference, difference).sqrt()
}
