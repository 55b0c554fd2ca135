//! How long each long call takes to answer a flag that somebody else raises.
//!
//! usage: cancel_latency full [FOLDER_OF_DICOM or -] [NAME]. With a name, only the calls whose own holds it. Every call runs once to its end, then again and again with the flag raised at
//! another moment each time. Prints the time of the whole call and the longest time from flag to return, in milliseconds; the goal is
//! 100. What needs files runs on the folder, or on a phantom's cohort. Without `full` images are small and the moments few.
#![allow(clippy::print_stdout)]

use std::{
    path::PathBuf,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use isocenter::{
    KeySource, Prepare, Recipe, convert, dcm, formats, labels, normalize, register,
    volume::{
        self, Affine, Ctx, DynVolume, Frame, Geometry, Interpolation, LabelMap, Mask, Observer, Resample, Volume,
        components::{Connectivity, Pieces},
        context::Progress,
        morphology::Ball,
    },
};

/// A flag, and where the work was last heard of: a stage that is announced and asks nobody is the one to look at.
#[derive(Default)]
struct Flag {
    raised: AtomicBool,
    at: Mutex<String>,
}

impl Observer for Flag {
    fn progress(&self, at: &Progress<'_>) {
        if let Ok(mut place) = self.at.lock() {
            *place = at.path().join("/");
        }
    }

    fn is_cancelled(&self) -> bool {
        self.raised.load(Ordering::Relaxed)
    }
}

/// The time in which every call is to answer.
const GOAL: Duration = Duration::from_millis(100);

/// Runs a call to its end and then stops it at so many moments; `call` gives whether it came to its end.
fn measure(moments: u32, name: &str, call: impl Fn(&Ctx<'_>) -> bool + Sync) {
    let start = Instant::now();
    let ended = call(&Ctx::default());
    let whole = start.elapsed();
    let (mut longest, mut place) = (Duration::ZERO, String::new());
    let mut stopped = 0;
    for n in 0..moments {
        let flag = Flag::default();
        let wait = whole * (2 * n + 1) / (2 * moments);
        let (raised, answered, came_to_end) = thread::scope(|scope| {
            let work = scope.spawn(|| (call(&Ctx::default().with_observer(&flag)), Instant::now()));
            thread::sleep(wait);
            let raised = Instant::now();
            flag.raised.store(true, Ordering::Relaxed);
            let (came_to_end, answered) = work.join().unwrap_or((true, raised));
            (raised, answered, came_to_end)
        });
        stopped += u32::from(!came_to_end);
        let took = answered.saturating_duration_since(raised);
        if took > longest {
            longest = took;
            place = flag.at.into_inner().unwrap_or_default();
        }
    }
    let ms = |d: Duration| d.as_secs_f64() * 1e3;
    let failed = if ended { "" } else { "  FAILED" };
    println!(
        "{name:28} whole {:8.0} ms, answers within {:6.0} ms, {stopped} of {moments} stopped{failed}{}",
        ms(whole),
        ms(longest),
        if longest > GOAL { format!("  in {place}") } else { String::new() }
    );
}

fn image(shape: [usize; 3], spacing: f64) -> Result<Volume<f32>, volume::Error> {
    let middle = shape.map(|n| n as f64 / 2.0);
    let at = |n: usize| {
        let p = [n % shape[0], n / shape[0] % shape[1], n / (shape[0] * shape[1])];
        let d = (0..3).map(|a| ((p[a] as f64 - middle[a]) / middle[a]).powi(2)).sum::<f64>();
        let texture = ((p[0] * 7 + p[1] * 3) % 61 + p[2] * 5 % 37) as f64;
        if d < 0.7 { (800.0 + texture * 4.0 - 300.0 * d) as f32 } else { (texture / 8.0) as f32 }
    };
    let origin = middle.map(|m| -m * spacing);
    let grid = Geometry::new(shape, Affine::from_spacing_origin([spacing; 3], origin), Frame::Patient(None))?;
    Volume::new((0..grid.len()).map(at).collect::<Vec<_>>(), grid)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let full = std::env::args().nth(1).is_some_and(|word| word == "full");
    let (shape, moments) = if full { ([320, 320, 256], 12) } else { ([64, 64, 48], 1) };
    let only = std::env::args().nth(3).unwrap_or_default();
    let measure = |name: &str, call: &(dyn Fn(&Ctx<'_>) -> bool + Sync)| {
        if name.contains(&only) {
            measure(moments, name, call);
        }
    };
    let real = image(shape, 0.8)?;
    let stored: DynVolume =
        Volume::new(real.voxels().iter().map(|v| *v as i16).collect::<Vec<_>>(), real.geometry().clone())?.into();
    for (name, kind) in [
        ("resample linear", Interpolation::Linear),
        ("resample cubic spline", Interpolation::BSpline3),
        ("resample windowed sinc", Interpolation::Lanczos { radius: 5 }),
    ] {
        let turn = isocenter_benches::volume::turn(real.geometry());
        measure(name, &|ctx| {
            let to = Resample::to_geometry(real.geometry().clone()).interpolation(kind).transform(turn);
            to.ctx(*ctx).apply(&real).is_ok()
        });
    }
    measure("resample down, smoothed", &|ctx| {
        Resample::to_spacing([2.0; 3]).antialias(true).ctx(*ctx).apply(&real).is_ok()
    });
    measure("smooth", &|ctx| volume::smooth::diffused(real.voxels().to_vec(), shape, [8.0; 3], ctx).is_ok());
    let bits: Vec<bool> = real.voxels().iter().map(|v| *v > 400.0).collect();
    let mask = Mask::from_bools(&bits, real.geometry().clone())?;
    measure("components", &|ctx| Pieces::of_mask(&mask, Connectivity::Corners26, ctx).is_ok());
    let ball = Ball::of_radius_mm(real.geometry(), 6.0);
    measure("opening", &|ctx| mask.opened(&ball, ctx).is_ok());
    measure("z-score", &|ctx| {
        let steps = [normalize::Step::ZScore(normalize::ZScore::new(normalize::Region::All))];
        normalize::apply_all(&steps, real.clone(), None, ctx).is_ok()
    });
    measure("percentile rescale", &|ctx| {
        let steps = [normalize::Step::PercentileRescale(normalize::PercentileRescale::new(1.0, 99.0))];
        normalize::apply_all(&steps, real.clone(), None, ctx).is_ok()
    });
    let values = real.voxels().iter().map(|v| (*v / 200.0).max(0.0) as u16).collect::<Vec<_>>();
    let map = LabelMap::new(vec![values], real.geometry().clone(), vec![])?;
    measure("label statistics", &|ctx| labels::stats::label_stats(&map, Some(Connectivity::Faces6), ctx).is_ok());
    measure("labels numbered", &|ctx| labels::remap::remap_consecutive(&map, ctx).is_ok());

    let file = formats::File::from_volume(stored);
    for ending in ["nii.gz", "nii", "nrrd"] {
        let write = |ctx: &Ctx<'_>| formats::write_bytes(&file, ending, &formats::WriteOptions::default().ctx(*ctx));
        measure(&format!("write {ending}"), &|ctx| write(ctx).is_ok());
        let bytes = write(&Ctx::default())?;
        measure(&format!("read {ending}"), &|ctx| {
            formats::read_bytes(&bytes, &formats::ReadOptions::default().ctx(*ctx)).is_ok()
        });
    }

    let (fixed, moving) = (image(shape.map(|n| n / 2), 1.0)?, image(shape.map(|n| 2 * n / 5), 1.25)?);
    measure("register rigid", &|ctx| {
        register::RegistrationOptions::default().ctx(*ctx).register(&fixed, &moving).is_ok()
    });

    let work = tempfile::tempdir()?;
    let folder = match std::env::args().nth(2).filter(|folder| folder != "-") {
        Some(folder) => PathBuf::from(folder),
        None => {
            isocenter_phantom::Cohort::demo(if full { 6 } else { 1 })
                .write(&work.path().join("cohort"), &Ctx::default())?;
            work.path().join("cohort")
        }
    };
    let scan = |ctx: &Ctx<'_>| dcm::scan::scan(&[&folder], &dcm::scan::ScanOptions::default(), ctx);
    measure("scan", &|ctx| scan(ctx).is_ok());
    let facts = convert::Facts::of_all(&scan(&Ctx::default())?);
    let options = convert::Options::default();
    measure("plan", &|ctx| convert::plan::plan(&facts, &options.clone().ctx(*ctx)).is_ok());
    let plan = convert::plan::plan(&facts, &options)?;
    measure("convert every series", &|ctx| {
        plan.series.iter().all(|s| {
            let read = convert::read::read(s, &facts, &options.clone().ctx(*ctx));
            read.is_ok() || !ctx.is_cancelled()
        })
    });
    let recipe = Recipe::load("generic")?;
    let runs = std::sync::atomic::AtomicUsize::new(0);
    measure("prepare", &|ctx| {
        let out = work.path().join(format!("out{}", runs.fetch_add(1, Ordering::Relaxed)));
        Prepare::new(vec![folder.clone()], out, recipe.clone(), KeySource::Demo).run(ctx).is_ok()
    });
    Ok(())
}
