//! An image, or a label map, through a chain of transforms.

use std::path::Path;

use isocenter::{
    Error, formats,
    info::{self, ToldBy},
    volume::{Ctx, Geometry, WorldMap, resample::Resample, world_map::Composed},
};
use serde_json::json;

use super::{Link, chain, counted, links_json};
use crate::{
    args::{Common, InterpArg, RegisterArgs, YesNo},
    bars::Bars,
    commands::register::{
        outputs::{Planned, usage},
        read, write,
    },
    print,
};

pub(super) fn run(args: &RegisterArgs, links: &[Link], common: &Common) -> anyhow::Result<u8> {
    let [moving] = args.each.as_slice() else {
        return Err(usage(format!(
            "--apply carries one image (--moving), or a list of points (--points); found {}",
            args.each.len()
        ))
        .into());
    };
    let (Some(like), Some(out)) = (&args.like, &args.out) else {
        return Err(usage("--apply fills the grid of an image: --like FILE".to_owned()).into());
    };
    let mut planned = Planned::default();
    planned.add_volume("the output", out)?;
    planned.add_figure(args.figure.as_deref())?;
    let files = links.iter().map(|link| link.file.as_path());
    planned.check(files.chain([moving.as_path(), like.as_path()]), args.force)?;

    let bars = Bars::new(common);
    let ctx = Ctx::default().with_observer(&bars);
    let outcome = apply(args, [moving, like, out], links, &ctx);
    bars.finish();
    let done = outcome?;
    let how = match done.told_by {
        Some(told) => format!("labels, {told}, taken from the nearest voxel"),
        None => format!("interpolation {}", done.interpolation),
    };
    print::json(
        common,
        &json!({
            "moving": moving,
            "like": like,
            "transforms": links_json(links),
            "fixed_to_moving_lps": done.through.as_affine().map(|map| map.rows()),
            "labels": done.told_by.is_some(),
            "interpolation": done.interpolation,
            "inside": done.inside,
            "written": { "image": out, "figure": args.figure },
        }),
    );
    print::line(
        common,
        &format!(
            "wrote {} ({} through {} on the grid of {}; {how})",
            out.display(),
            moving.display(),
            counted(links),
            like.display()
        ),
    );
    if let Some(figure) = &args.figure {
        print::line(common, &format!("wrote {} (both images over each other, and in squares)", figure.display()));
    }
    if done.inside == 0.0 {
        print::warning(&format!(
            "no place of the grid of {} lies in {}: is each transform the right way round? `inverse:FILE` turns one",
            like.display(),
            moving.display()
        ));
    }
    Ok(0)
}

struct Done {
    through: Composed<'static>,
    /// Of a label map what told that it is one.
    told_by: Option<&'static str>,
    interpolation: String,
    /// Share of the grid that lies in the moving image.
    inside: f64,
}

fn apply(args: &RegisterArgs, [moving, like, out]: [&Path; 3], links: &[Link], ctx: &Ctx<'_>) -> anyhow::Result<Done> {
    let assume = args.assume_patient_frame;
    let grid = read::head(like, assume)?.geometry().clone();
    let file = read::file(moving, ctx)?;
    let own = file.volume.geometry();
    let own =
        if assume && !own.frame().is_patient() { own.clone().with_frame(grid.frame().clone()) } else { own.clone() };
    for (path, grid) in [(like, &grid), (moving, &own)] {
        if !grid.frame().is_patient() {
            return Err(read::unsuited(
                path,
                "it does not say which way is left; --assume-patient-frame takes it as LPS, and must be true",
            )
            .into());
        }
    }
    let told_by = told_by(args, moving, &file, ctx)?;
    let through = chain::read(links, Some([&grid, &own]), ctx)?;
    let inside = inside(&through, &grid, &own);
    let (result, interpolation) = if told_by.is_some() {
        let map = formats::labels::read_label_map(&file)
            .map_err(|error| read::unsuited(moving, &format!("{error}; --labels=no takes it as an image")))?;
        let map = if assume && !map.geometry().frame().is_patient() { map.assume_patient_frame() } else { map };
        let moved =
            Resample::to_geometry(grid).transform(&through).ctx(*ctx).apply_labels(&map).map_err(write::not_moved)?;
        let result = formats::labels::label_map_to_file(&moved).map_err(Error::Write)?;
        (result, "nearest".to_owned())
    } else {
        let image = read::real(moving, &file, assume, ctx)?;
        let moved = write::moved(&image, &grid, &through, args, ctx)?;
        (formats::File::from_volume(moved.into()), write::interpolation(args).to_string())
    };
    if let Some(path) = &args.figure {
        let fixed = read::image(like, assume, ctx)?;
        write::picture(path, &fixed, &read::real(moving, &result, assume, ctx)?, ctx)?;
    }
    write::file(out, &result, ctx)?;
    Ok(Done { through, told_by, interpolation, inside })
}

/// What tells that the volume is a label map; of these nothing is mixed.
fn told_by(
    args: &RegisterArgs,
    path: &Path,
    file: &formats::File,
    ctx: &Ctx<'_>,
) -> Result<Option<&'static str>, Error> {
    let told = match args.labels {
        Some(YesNo::Yes) => Some("as --labels says"),
        Some(YesNo::No) => None,
        None => info::labels_told_by(path, file, ctx).map(|told| match told {
            ToldBy::Header => "by the header",
            ToldBy::Name => "by the name",
            _ => "by their looks",
        }),
    };
    match (told, args.interp) {
        (Some(told), Some(InterpArg::Linear | InterpArg::Cubic | InterpArg::Sinc)) => Err(usage(format!(
            "{} is a label map, {told}: between labels there are no values to be made; leave --interp out, or say --labels=no if it is an image",
            path.display()
        ))),
        (told, _) => Ok(told),
    }
}

/// Share of a grid's places that lie in another after a map, by up to 32 places along each axis.
fn inside(through: &dyn WorldMap, grid: &Geometry, moving: &Geometry) -> f64 {
    const MOST: usize = 32;
    let along = |n: usize| {
        (0..n.min(MOST))
            .map(move |p| if n <= MOST { p as f64 } else { (p as f64 + 0.5) * n as f64 / MOST as f64 - 0.5 })
    };
    let [nx, ny, nz] = grid.shape();
    let (mut all, mut found) = (0u32, 0u32);
    for k in along(nz) {
        for j in along(ny) {
            for i in along(nx) {
                let at = moving.index_of(through.map(grid.world_of([i, j, k])));
                all += 1;
                found += u32::from((0..3).all(|a| at[a] >= -0.5 && at[a] < moving.shape()[a] as f64 - 0.5));
            }
        }
    }
    f64::from(found) / f64::from(all.max(1))
}
