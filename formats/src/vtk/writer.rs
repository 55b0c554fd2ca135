//! Writing a VTK file.

use isocenter_volume::{AxisKind, SampleType, SlowAxis};

use super::kind;
use crate::{Error, File, WriteOptions, pace::Paced, place, samples, target::Target, walk::channels_first};

/// What a file is called where it has no title of its own.
const TITLE: &str = "image";

/// Most bytes of a title, with the end of its line.
const LONGEST: usize = 256;

pub(super) fn write(file: &File, target: &mut Target<'_>, options: &WriteOptions<'_>) -> Result<(), Error> {
    file.refuse_scaling()?;
    let volume = &file.volume;
    let channels = match volume.slow_axes() {
        [] => None,
        [axis] if axis.len() == 1 || (*axis.kind() == AxisKind::Channel && volume.sample_type() != SampleType::Rgb) => {
            Some(axis.len()).filter(|n| *n > 1)
        }
        several => {
            let steps: Vec<String> = several.iter().map(SlowAxis::len).map(|n| n.to_string()).collect();
            return Err(Error::unsupported("slow axes but channels in VTK", steps.join(" x ")));
        }
    };
    let (origin, spacing) = place::upright(volume.geometry(), "axes that do not run along x, y and z in VTK")?;
    let shape = volume.shape();
    let name = kind::name_of(volume.sample_type())?;
    let points = volume.geometry().len();
    let attribute = match (volume.sample_type(), channels) {
        (SampleType::Rgb, _) => "COLOR_SCALARS scalars 3".to_owned(),
        (_, channels) => format!("SCALARS scalars {name} {}\nLOOKUP_TABLE default", channels.unwrap_or(1)),
    };
    let title = file.texts.get("title").filter(|t| fits(t)).map_or(TITLE, String::as_str);
    let header = format!(
        "# vtk DataFile Version 3.0\n{title}\nBINARY\nDATASET STRUCTURED_POINTS\nDIMENSIONS {}\nORIGIN {}\nSPACING {}\n\
        POINT_DATA {points}\n{attribute}\n",
        words(&shape),
        words(&origin),
        words(&spacing),
    );
    target.header(header.as_bytes())?;
    let stage = options.ctx.stage("voxels", samples::bytes_written(volume.samples()));
    let out = &mut Paced::new(target.data(), &stage);
    match channels.and_then(|n| channels_first(n, &shape)) {
        Some(walk) => samples::write_big_walked(volume.samples(), walk, out),
        None => samples::write_big(volume.samples(), out),
    }
    .map_err(Error::io)?;
    target.data().write_all(b"\n").map_err(Error::io)
}

/// A title that is one line, and comes back as it is.
fn fits(title: &str) -> bool {
    title.len() < LONGEST && !title.is_empty() && title.trim() == title && !title.contains(|c: char| c.is_control())
}

/// Values in their shortest exact spelling.
fn words<T: ToString>(values: &[T; 3]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}
