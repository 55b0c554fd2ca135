//! `isocenter transform convert|invert|compose|show`.

use std::{io::ErrorKind, path::Path};

use isocenter::{
    Error,
    register::{
        maps::Parts,
        transform_file::{self, Format, Options},
    },
    volume::{Affine, Ctx, Geometry},
};
use serde_json::json;

use super::register::read;
use crate::{
    args::{Common, TransformArgs, TransformIn, TransformOut, TransformTask},
    print,
};

pub(crate) fn run(args: &TransformArgs, common: &Common) -> anyhow::Result<u8> {
    match &args.task {
        TransformTask::Convert { file, input, output } => {
            let images = Images::of(input)?;
            write(output, &images, &[file], &read_all(file, input, &images)?, common)?;
        }
        TransformTask::Invert { file, input, output } => {
            let images = Images::of(input)?;
            let back: Option<Vec<Affine>> = read_all(file, input, &images)?.iter().map(Affine::inverse).collect();
            let back = back.ok_or_else(|| usage(format!("{} cannot be undone", file.display())))?;
            // the way back begins where the transform ended
            write(output, &images.swapped(), &[file], &back, common)?;
        }
        TransformTask::Compose { files, input, output } => {
            let images = Images::of(input)?;
            let mut whole = Affine::IDENTITY;
            for file in files {
                whole = only(file, &read_all(file, input, &images)?)?.compose(&whole);
            }
            write(output, &images, files, &[whole], common)?;
        }
        TransformTask::Show { file, input } => show(file, &read_all(file, input, &Images::of(input)?)?, common),
    }
    Ok(0)
}

/// The grids that some conventions speak of.
#[derive(Default)]
struct Images {
    both: Option<(Geometry, Geometry)>,
}

impl Images {
    fn of(input: &TransformIn) -> anyhow::Result<Self> {
        let (Some(fixed), Some(moving)) = (&input.fixed, &input.moving) else { return Ok(Self::default()) };
        let grid = |path: &Path| anyhow::Ok(read::image(path, false, &Ctx::default())?.geometry().clone());
        Ok(Self { both: Some((grid(fixed)?, grid(moving)?)) })
    }

    fn swapped(self) -> Self {
        Self { both: self.both.map(|(fixed, moving)| (moving, fixed)) }
    }

    fn options(&self, format: Option<Format>) -> Options<'_> {
        let options = Options::default();
        let options = format.map_or(options, |format| options.format(format));
        self.both.as_ref().map_or(options, |(fixed, moving)| options.images(fixed, moving))
    }
}

fn read_all(file: &Path, input: &TransformIn, images: &Images) -> Result<Vec<Affine>, Error> {
    images.options(input.from.map(Into::into)).read_all(file).map_err(|error| refused(file, "read", error, "--from"))
}

fn only(file: &Path, maps: &[Affine]) -> Result<Affine, Error> {
    match maps {
        [one] => Ok(*one),
        _ => Err(usage(format!("{} holds {} transforms, and one is wanted", file.display(), maps.len()))),
    }
}

fn write<P: AsRef<Path>>(
    output: &TransformOut,
    images: &Images,
    inputs: &[P],
    maps: &[Affine],
    common: &Common,
) -> Result<(), Error> {
    let out = &output.out;
    let same = |path: &P| matches!((path.as_ref().canonicalize(), out.canonicalize()), (Ok(a), Ok(b)) if a == b);
    if inputs.iter().any(same) {
        return Err(usage(format!("the output would overwrite an input: {}", out.display())));
    }
    if out.exists() && !output.force {
        return Err(usage(format!("the output exists: {}; --force replaces it", out.display())));
    }
    images
        .options(output.to.map(Into::into))
        .write(out, maps)
        .map_err(|error| refused(out, "written", error, "--to"))?;
    print::json(common, &json!({ "written": out, "transforms": maps.len() }));
    print::line(common, &format!("wrote {} (points of the fixed image to points of the moving image)", out.display()));
    Ok(())
}

fn show(file: &Path, maps: &[Affine], common: &Common) {
    let parts = |map: &Affine| Parts::of(map, [0.0; 3]).ok();
    let one = |map: &Affine| {
        json!({
            "fixed_to_moving_lps": map.rows(),
            "fixed_to_moving_ras": map.to_ras_to_ras(),
            "parts": parts(map).map(|parts| json!({
                "rotation_deg": parts.rigid().angle_deg(),
                "euler_xyz_deg": parts.rigid().euler_xyz_deg(),
                "translation_mm": parts.rigid().translation_mm(),
                "scales": parts.scales(),
                "shears": parts.shears(),
            })),
        })
    };
    print::json(common, &json!({ "transforms": maps.iter().map(one).collect::<Vec<_>>() }));
    if common.json {
        return;
    }
    for (n, map) in maps.iter().enumerate() {
        let number = if maps.len() > 1 { format!(" {}", n + 1) } else { String::new() };
        print::text(&format!(
            "{}{number}: points of the fixed image to points of the moving image, LPS mm\n",
            file.display()
        ));
        for row in map.rows() {
            // what prints as zero prints without a sign
            let number = |v: f64| format!("{:>14.6}", if v.abs() < 5e-7 { 0.0 } else { v });
            print::text(&format!("{}\n", row.map(number).join(" ")));
        }
        if let Some(parts) = parts(map) {
            let three = |v: [f64; 3]| v.map(|v| format!("{:.4}", if v.abs() < 5e-5 { 0.0 } else { v })).join(", ");
            print::text(&format!(
                "rotation {:.4} degrees ({} about the axes to L, P, S), shift {} mm at the origin\nscales {}, shears {}\n",
                parts.rigid().angle_deg(),
                three(parts.rigid().euler_xyz_deg()),
                three(parts.rigid().translation_mm()),
                three(parts.scales()),
                three(parts.shears()),
            ));
        }
    }
}

/// Why a transform cannot be `read` or `written`, and what to do; `flag` says whose convention a file follows.
pub(super) fn refused(file: &Path, done: &str, error: transform_file::Error, flag: &str) -> Error {
    use transform_file::Error as E;
    let why = match error {
        E::Io { source, .. } if done == "read" && source.kind() == ErrorKind::NotFound => {
            return usage(format!("{} cannot be read: {source}", file.display()));
        }
        E::Io { source, path } => {
            let action = if done == "read" { "read the transform" } else { "write the transform" };
            return Error::Io { action, path, source };
        }
        E::Unnamed => format!("nothing says whose convention it follows; {flag} says whose convention it is"),
        E::NeedsImages { .. } => format!("{error}; --fixed and --moving give both images"),
        other => other.to_string(),
    };
    usage(format!("{} cannot be {done} as a transform: {why}", file.display()))
}

fn usage(message: String) -> Error {
    Error::Usage { message }
}
