//! Units by the names of OME-NGFF, which are those of UDUNITS-2.

/// Millimetres of a unit of length.
pub(super) fn length_mm(unit: &str) -> Option<f64> {
    Some(match unit {
        "angstrom" => 1e-7,
        "picometer" => 1e-9,
        "nanometer" => 1e-6,
        "micrometer" | "micron" | "um" | "\u{b5}m" | "\u{3bc}m" => 1e-3,
        "millimeter" | "mm" => 1.0,
        "centimeter" | "cm" => 10.0,
        "decimeter" => 100.0,
        "meter" | "m" => 1e3,
        "kilometer" => 1e6,
        "inch" => 25.4,
        _ => return None,
    })
}

/// Seconds of a unit of time.
pub(super) fn time_s(unit: &str) -> Option<f64> {
    Some(match unit {
        "nanosecond" => 1e-9,
        "microsecond" => 1e-6,
        "millisecond" | "ms" => 1e-3,
        "second" | "s" => 1.0,
        "minute" => 60.0,
        "hour" => 3600.0,
        "day" => 86_400.0,
        _ => return None,
    })
}
