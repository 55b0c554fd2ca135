//! What a part of a complex image adds to a name.

pub(crate) use isocenter_dcm::series_kind::Part;

/// The mark; empty for a magnitude.
pub(crate) const fn mark(part: Part) -> &'static str {
    match part {
        Part::Phase => "_ph",
        Part::Real => "_real",
        Part::Imaginary => "_imaginary",
        Part::FieldMap => "_fieldmaphz",
        _ => "",
    }
}
