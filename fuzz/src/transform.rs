//! Files that hold a transform.

use isocenter_register::{
    points::files::{self, Axes, Form},
    transform_file::{Format, Options},
};
use isocenter_volume::{Affine, Frame, Geometry};

/// Formats whose numbers come back to the bit.
const EXACT: [Format; 7] = [
    Format::Itk,
    Format::ItkHdf5,
    Format::Ants,
    Format::RasMatrix,
    Format::Afni,
    Format::X5,
    Format::Elastix,
];

/// Formats that ask for another direction or frame.
const TURNED: [Format; 5] = [Format::Sform, Format::Fsl, Format::Lta, Format::RegisterDat, Format::Minc];

/// What parses, under any stated format or none, is written in each format and read again: the same to the bit where the format keeps
/// direction and frame.
pub fn transform(data: &[u8]) {
    let affine = Affine::from_rows([[0.0, -2.0, 0.0, 7.0], [1.5, 0.0, 0.0, -3.0], [0.0, 0.0, 4.0, 5.0]]);
    let Ok(grid) = Geometry::new([5, 6, 7], affine, Frame::Patient(None)) else { return };
    let options = Options::default().images(&grid, &grid);
    let stated = EXACT.into_iter().chain(TURNED).map(|format| options.format(format));
    for reader in stated.chain([options, Options::default()]) {
        let Ok(maps) = reader.parse(data) else { continue };
        let Some(first) = maps.first() else { continue };
        for format in EXACT {
            let writer = options.format(format);
            let back = writer.to_bytes(&[*first]).and_then(|bytes| writer.parse(&bytes));
            assert!(back.is_ok_and(|back| back == [*first]), "{first:?} as {format:?}");
        }
        for format in TURNED {
            let writer = options.format(format);
            // what is nearly singular may not survive its inverse
            let _ = writer.to_bytes(&[*first]).and_then(|bytes| writer.parse(&bytes));
        }
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    for form in [Form::Fcsv, Form::Markups, Form::Csv(Axes::Lps), Form::Csv(Axes::Ras)] {
        let Ok(points) = files::parse(text, form) else { continue };
        for form in [Form::Fcsv, Form::Markups, Form::Csv(Axes::Ras)] {
            let back = files::format(&points, form).and_then(|text| files::parse(&text, form));
            let places = |points: &[files::Point]| points.iter().map(|p| p.place_mm).collect::<Vec<_>>();
            assert!(back.is_ok_and(|back| places(&back) == places(&points)), "{points:?} as {form:?}");
        }
    }
}
