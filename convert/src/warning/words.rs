//! What a warning says, in the words of who makes scans.

use super::Warning;

impl Warning {
    /// One sentence for a person, without a full stop; it holds no value that may be a patient's.
    pub fn sentence(&self) -> String {
        let fixed = match self {
            Self::ThicknessFromSliceThickness => "a lone slice: its thickness is Slice Thickness",
            Self::ThicknessFromSpacing => "a lone slice: its thickness is Spacing Between Slices",
            Self::ThicknessAssumed => "a lone slice whose thickness is stated nowhere: 1 mm was taken",
            Self::Sheared { degrees } => {
                return format!(
                    "the gantry was tilted by {degrees:.1} degrees: the slices are where they were, on a sheared grid"
                );
            }
            Self::Residual { mm } => {
                return format!("slices lie up to {mm:.3} mm off the line that was fitted to them");
            }
            Self::Evened { stated, slices } => {
                return format!(
                    "{stated} slices are not evenly spaced: {slices} evenly spaced ones were interpolated between them"
                );
            }
            Self::SpacingDisagrees { step_mm, stated_mm } => {
                return format!(
                    "slices are {step_mm:.3} mm apart by their positions, {stated_mm:.3} mm by the header: positions count"
                );
            }
            Self::SpacingAssumed => "a picture without a pixel spacing: 1 mm was taken",
            Self::SliceDirectionAssumed => {
                "nothing states which way the tiles of the mosaic follow each other: the usual way was taken"
            }
            Self::GradientFrameAssumed => {
                "nothing states whether phase was encoded along rows or columns, which gradients are stated by: columns were taken"
            }
            Self::WeightingsDisagree => {
                "slices of one repetition state different diffusion weightings, or one states none: there is no gradient table"
            }
            Self::SamePlace => {
                "other images lie at this very place, and nothing states an order: each is a volume of its own"
            }
            Self::Joined { code } => {
                let what = words(code, "joined-over-");
                return format!("slices that differ in {what} are one stack, and were joined");
            }
            Self::SetApart { code } => {
                let what = words(code, "set-apart-by-");
                return format!("the series holds more images, which differ in {what}");
            }
            Self::SliceLeftOut { images } => {
                return format!("images of the series were left out ({images}): slices may be missing at an end");
            }
            Self::RepetitionCutOff => "the last repetition was cut off, and is left out",
            Self::RescaleAssumed => "some slices state no rescale: it was taken as that of the others, 1 and 0",
            Self::NoSeriesUid => "the file belongs to no series, and stands alone",
            Self::Monochrome1 => "low values are meant to look white; they are as stored",
            Self::Lossy => "the pixels were compressed with loss",
            Self::DoseInMegabecquerel => "the dose was stated in megabecquerel, and multiplied by a million",
            Self::InjectionDayBefore => "the injection is stated after the scan: the day before was taken",
            Self::InjectionAfterScan => "the injection is stated after the scan: no SUV can be computed",
            Self::NoReferenceTime => "nothing states the time that activity is corrected to: no SUV can be computed",
            Self::ReferenceTime { rule } => {
                return format!(
                    "the time that activity is corrected to was told by the {} rule",
                    rule.replace('-', " ")
                );
            }
            Self::Repaired { code } => {
                return format!("the file was repaired when it was opened: {}", code.replace('-', " "));
            }
        };
        fixed.to_owned()
    }
}

fn words(code: &str, start: &str) -> String {
    code.strip_prefix(start).unwrap_or(code).replace('-', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_joined_and_parted_volumes_become_words() {
        let apart = Warning::SetApart { code: "set-apart-by-frame-of-reference" };
        assert_eq!(apart.sentence(), "the series holds more images, which differ in frame of reference");
        let joined = Warning::Joined { code: "joined-over-repetition-time" };
        assert_eq!(joined.sentence(), "slices that differ in repetition time are one stack, and were joined");
        assert!(Warning::Sheared { degrees: 14.0 }.sentence().contains("14.0 degrees"));
    }
}
