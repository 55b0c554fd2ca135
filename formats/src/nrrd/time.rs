//! Spaces of four directions: three in the patient, and time.
//!
//! In `left-posterior-superior-time` (and the like) every vector has four components. The axis whose direction has a time component
//! alone is the time axis: its step is that component, its start the origin's, its unit the fourth of `space units`. What is left
//! is a space of three directions.
//!
//! Source: "Definition of NRRD File Format", section 5 ("space").

use super::header::Header;
use crate::Error;

/// Takes the time out of a header's space.
pub(super) fn take_out(header: &mut Header) -> Result<(), Error> {
    let Some(rest) = header.space.as_deref().and_then(without_time) else { return Ok(()) };
    let start = match &mut header.origin {
        Some(origin) if origin.len() == 4 => origin.pop(),
        Some(origin) => return Err(components("space origin", origin.len())),
        None => None,
    };
    let unit = (header.space_units.len() == 4).then(|| header.space_units.pop()).flatten();
    let mut found = false;
    for axis in &mut header.axes {
        let Some(direction) = axis.direction.take() else { continue };
        let [x, y, z, step] = direction[..] else { return Err(components("space directions", direction.len())) };
        if [x, y, z] != [0.0; 3] {
            if step != 0.0 {
                return Err(Error::unsupported("an axis that runs through space and time at once", "space directions"));
            }
            axis.direction = Some(vec![x, y, z]);
            continue;
        }
        if std::mem::replace(&mut found, true) {
            return Err(Error::malformed("space directions", "two axes of time", "one"));
        }
        "time".clone_into(&mut axis.kind);
        axis.spacing = Some(step).filter(|s| s.is_finite() && *s != 0.0).or(axis.spacing);
        axis.min = start.filter(|s| s.is_finite()).or(axis.min);
        axis.unit = unit.clone().unwrap_or_else(|| std::mem::take(&mut axis.unit));
    }
    header.space = Some(rest.to_owned());
    Ok(())
}

/// The space of three directions within one of four; `None` for any other.
fn without_time(space: &str) -> Option<&'static str> {
    Some(match space {
        "right-anterior-superior-time" | "rast" => "right-anterior-superior",
        "left-anterior-superior-time" | "last" => "left-anterior-superior",
        "left-posterior-superior-time" | "lpst" => "left-posterior-superior",
        "scanner-xyz-time" => "scanner-xyz",
        "3d-right-handed-time" => "3d-right-handed",
        "3d-left-handed-time" => "3d-left-handed",
        _ => return None,
    })
}

fn components(field: &'static str, found: usize) -> Error {
    Error::malformed(field, format!("{found} components"), "four, in a space with time")
}
