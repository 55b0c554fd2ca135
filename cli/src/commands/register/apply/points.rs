//! Points through a chain of transforms.

use std::path::Path;

use isocenter::{
    Error,
    register::points::{
        self,
        files::{self, Axes, Form, Point},
    },
    volume::{Ctx, WorldMap},
};
use serde_json::json;

use super::{Link, chain, counted, links_json};
use crate::{
    args::{AxesArg, Common, RegisterArgs},
    bars::Bars,
    commands::register::outputs::{Planned, usage},
    print,
};

pub(super) fn run(args: &RegisterArgs, file: &Path, links: &[Link], common: &Common) -> anyhow::Result<u8> {
    let out = args.out.as_deref().ok_or_else(|| usage("the points need a place: -o FILE".to_owned()))?;
    let (from, to) = (form_of(file, args.axes)?, form_of(out, args.axes)?);
    let mut planned = Planned::default();
    planned.add("the list of points", out);
    planned.check(links.iter().map(|link| link.file.as_path()).chain([file]), args.force)?;

    let bars = Bars::new(common);
    let ctx = Ctx::default().with_observer(&bars);
    let through = chain::read(links, None, &ctx);
    bars.finish();
    let through = through?;
    let mut all = files::read(file, from).map_err(|error| refused(file, "read", error))?;
    for point in &mut all {
        point.place_mm = through.map(point.place_mm);
    }
    files::write(out, &all, to).map_err(|error| refused(out, "written", error))?;

    print::json(
        common,
        &json!({
            "transforms": links_json(links),
            "fixed_to_moving_lps": through.as_affine().map(|map| map.rows()),
            "points": all.iter().map(|Point { label, place_mm }| json!({ "label": label, "lps_mm": place_mm })).collect::<Vec<_>>(),
            "written": { "points": out },
        }),
    );
    print::line(
        common,
        &format!(
            "wrote {} ({} through {}, from the fixed to the moving image)",
            out.display(),
            of(all.len()),
            counted(links)
        ),
    );
    Ok(0)
}

/// Whose list a file is, by its name; plain columns do not say their frame.
fn form_of(path: &Path, axes: Option<AxesArg>) -> Result<Form, Error> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    if name.ends_with(".fcsv") {
        return Ok(Form::Fcsv);
    }
    if name.ends_with(".mrk.json") {
        return Ok(Form::Markups);
    }
    if !name.ends_with(".csv") {
        return Err(usage(format!("a list of points is .csv, or of 3D Slicer .fcsv or .mrk.json: {}", path.display())));
    }
    match axes {
        Some(AxesArg::Lps) => Ok(Form::Csv(Axes::Lps)),
        Some(AxesArg::Ras) => Ok(Form::Csv(Axes::Ras)),
        None => Err(usage(format!(
            "--axes lps or --axes ras must say which way the axes of {} run: a .csv does not",
            path.display()
        ))),
    }
}

fn refused(path: &Path, done: &str, error: points::Error) -> Error {
    match error {
        points::Error::Io { source, .. } if done == "read" && source.kind() == std::io::ErrorKind::NotFound => {
            usage(format!("{} cannot be read: {source}", path.display()))
        }
        points::Error::Io { source, path } => {
            let action = if done == "read" { "read the list of points" } else { "write the list of points" };
            Error::Io { action, path, source }
        }
        other => usage(format!("{} cannot be {done} as a list of points: {other}", path.display())),
    }
}

fn of(count: usize) -> String {
    if count == 1 { "one point".to_owned() } else { format!("{count} points") }
}
