//! FreeSurfer's `register.dat`: tkregister frame of the fixed image (the anatomical target) to that of the moving image (`mov`).
//!
//! Source: FreeSurfer's wiki, "RegisterDat": subject, two sizes of voxels, an intensity, the matrix, and the word `round`.

use isocenter_volume::Affine;

use super::{
    Error,
    images::{self, Images},
    text::{format_matrix, matrix, number, numbers, said},
};

/// Lines before the matrix: subject, in-plane and between-plane voxel size, intensity.
const HEAD: usize = 4;

/// Whether a text has the shape of such a file.
pub(super) fn is_register_dat(text: &str) -> bool {
    let lines: Vec<_> = said(text).take(HEAD + 5).collect();
    let is_one = |n: usize| lines.get(n).is_some_and(|(_, l)| l.trim().parse::<f64>().is_ok());
    lines.len() >= HEAD + 4 && (1..HEAD).all(is_one) && lines[HEAD].1.split_whitespace().count() == 4
}

pub(super) fn parse(text: &str, images: Images<'_>) -> Result<Affine, Error> {
    let mut lines = said(text);
    for n in 0..HEAD {
        let (line, value) = lines.next().ok_or(Error::Malformed { line: 1, what: "a head of four lines is wanted" })?;
        if n > 0 && numbers(value, line)?.len() != 1 {
            return Err(Error::Malformed { line, what: "one number is wanted" });
        }
    }
    let rows = matrix(lines.by_ref().take(4))?;
    match lines.next().map(|(n, line)| (n, line.trim())) {
        None | Some((_, "round" | "tkregister" | "flirt" | "floor")) => {}
        Some((line, _)) => return Err(Error::Malformed { line, what: "'round' is wanted after the matrix" }),
    }
    images.to_world(&Affine::from_rows(rows), images::tkr)
}

pub(super) fn format(map: &Affine, images: Images<'_>) -> Result<String, Error> {
    let [x, _, z] = images.moving.spacing_mm();
    let rows = format_matrix(images.to_frame(map, images::tkr)?.rows());
    // no name of a subject: it may be a patient's
    Ok(format!("subject-unknown\n{}\n{}\n0.15\n{rows}round\n", number(x), number(z)))
}
