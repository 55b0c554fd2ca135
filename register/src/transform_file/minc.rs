//! MINC's `.xfm`: RAS mm, points of the source (moving) to points of the target (fixed), as `minctracc` writes and `mincresample` inverts.
//!
//! Several transforms in a file are applied one after the other, the first of them first.
//!
//! Source: the manual pages of `mincresample` and `xfmconcat`; the format as `volume_io` writes it. ITK's own writer of this format keeps
//! ITK's direction and axes, so that a file of it means something else: not what is read here.

use isocenter_volume::Affine;

use super::{
    Error,
    text::{inverse, joined, numbers},
};

const FIRST_LINE: &str = "MNI Transform File";

pub(super) fn is_minc(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').starts_with(FIRST_LINE)
}

pub(super) fn parse(text: &str) -> Result<Affine, Error> {
    if !is_minc(text) {
        return Err(Error::Malformed { line: 1, what: "'MNI Transform File' is missing" });
    }
    // comments go, lines keep their numbers
    let body: String = text.lines().skip(1).map(|line| line.split('%').next().unwrap_or_default()).fold(
        String::from("\n"),
        |mut body, line| {
            body.push_str(line);
            body.push('\n');
            body
        },
    );
    let mut line = 1;
    let mut source_to_target: Option<Affine> = None;
    let mut is_inverted = false;
    let mut pieces = body.split(';').peekable();
    while let Some(piece) = pieces.next() {
        let start = line + piece.chars().take_while(|c| c.is_whitespace()).filter(|c| *c == '\n').count();
        line += piece.matches('\n').count();
        if piece.trim().is_empty() {
            continue;
        }
        let malformed = |what| Error::Malformed { line: start, what };
        if pieces.peek().is_none() {
            return Err(malformed("a ';' is wanted at the end"));
        }
        let (key, value) = piece.split_once('=').ok_or_else(|| malformed("'key = value;' is wanted"))?;
        match (key.trim(), value.trim()) {
            ("Transform_Type", "Linear") => is_inverted = false,
            ("Transform_Type", other) => return Err(Error::unsupported(other)),
            ("Invert_Flag", flag) => is_inverted = flag.eq_ignore_ascii_case("true"),
            ("Linear_Transform", value) => {
                let [a, b, c, d, e, f, g, h, i, j, k, l] = numbers(value, start)?[..] else {
                    return Err(malformed("twelve numbers are wanted"));
                };
                let next = Affine::from_rows([[a, b, c, d], [e, f, g, h], [i, j, k, l]]);
                let next = if is_inverted { inverse(&next)? } else { next };
                source_to_target = Some(source_to_target.map_or(next, |first| next.compose(&first)));
            }
            _ => return Err(malformed("a linear transform is wanted")),
        }
    }
    let found = source_to_target.ok_or(Error::Malformed { line, what: "'Linear_Transform' is missing" })?;
    inverse(&Affine::from_ras_to_ras(found.rows()))
}

pub(super) fn format(map: &Affine) -> Result<String, Error> {
    let [x, y, z] = inverse(map)?.to_ras_to_ras().map(joined);
    Ok(format!("{FIRST_LINE}\n\nTransform_Type = Linear;\nLinear_Transform =\n {x}\n {y}\n {z};\n"))
}
