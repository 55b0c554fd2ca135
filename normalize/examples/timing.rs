//! Prints the CPU time of fitting and applying each step to 256 x 256 x 180 samples on one thread: `timing [IMAGE]`.
//!
//! The slices of the image, or of a made-up head, are repeated until there are enough. Times are of the thread, where the system tells
//! them, else of the clock.
#![allow(clippy::print_stdout)]

#[path = "../tests/corpus/nifti.rs"]
#[allow(dead_code, clippy::unwrap_used)] // shared with the tests
mod nifti;

use std::{error::Error, path::Path, time::Instant};

use isocenter_normalize::{
    PercentileRescale, Region, Step, ZScore,
    filter::Clahe,
    harmonize::{ComBat, ComBatOptions, Covariates, SitePart},
    histogram::{Cdf, CdfMatch, HistogramEqualize, HistogramMatch, Quantiles},
    percentiles,
    standardize::{Fcm, KdePeak, Nyul, ScalePart, StandardScale, WhiteStripe},
};
use isocenter_volume::{Affine, Ctx, Frame, Geometry, Volume, stats::Cohort};

fn main() -> Result<(), Box<dyn Error>> {
    let image = match std::env::args().nth(1) {
        Some(path) => repeated(nifti::read(Path::new(&path)), [256, 256, 180])?,
        None => head([64, 64, 45])?,
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    pool.install(|| timed(&image)).map_err(|error| error.to_string().into())
}

fn timed(image: &Volume<f32>) -> Result<(), isocenter_normalize::Error> {
    let (ctx, all) = (Ctx::default(), Region::All);
    let mut cohort = Cohort::new();
    cohort.insert("one", ScalePart::of(image, &StandardScale::DECILES, Region::Above(0.0), None, &ctx)?);
    let scale = StandardScale::of_cohort(&cohort, [1.0, 100.0])?;
    let steps = [
        Step::ZScore(ZScore::new(Region::Above(0.0))),
        Step::PercentileRescale(PercentileRescale::new(1.0, 99.0)),
        Step::Nyul(Nyul::new(scale)),
        Step::WhiteStripe(WhiteStripe::default()),
        Step::Fcm(Fcm::default()),
        Step::KdePeak(KdePeak::default()),
        Step::HistogramMatch(HistogramMatch::new(Quantiles::of(image, [256, 7], true, all, None, &ctx)?, true)),
        Step::CdfMatch(CdfMatch::new(Cdf::of(image, Cdf::MAX, all, None, &ctx)?)),
        Step::HistogramEqualize(HistogramEqualize::new(256, [0.0, 255.0])?),
        Step::Clahe(Clahe::default()),
    ];
    let mut out = vec![0f32; image.voxels().len()];
    for step in steps {
        let fit = best(|| step.fit(image, None, &ctx).map(|_| ()))?;
        let fitted = step.fit(image, None, &ctx)?;
        let apply = best(|| fitted.apply_into(image, &mut out, &ctx))?;
        println!("{:20} fit {fit:.4} s, apply {apply:.4} s", step.name());
    }
    let found = best(|| percentiles(image, &[1.0, 99.0], all, None, &ctx).map(|_| ()))?;
    println!("{:20} {found:.4} s", "percentiles");
    let found = best(combat)?;
    println!("{:20} {found:.4} s, 20,000 features of 200 samples from four sites", "combat");
    Ok(())
}

/// Sums, fit and application at four sites of fifty samples each.
fn combat() -> Result<(), isocenter_normalize::Error> {
    const FEATURES: usize = 20_000;
    const SAMPLES: usize = 50;
    let ages: Vec<f64> = (0..SAMPLES).map(|j| 40.0 + (j * 37 % 41) as f64).collect();
    let covariates = Covariates::none(SAMPLES).continuous("age", &ages)?;
    let noise = |n: usize| f64::from((n as u32).wrapping_mul(2_654_435_761) >> 12) / f64::from(1 << 20);
    let names = ["a", "b", "c", "d"];
    let table = |site: usize| -> Vec<f64> {
        (0..FEATURES * SAMPLES).map(|n| noise(n + site * 7_654_321) * (1.0 + site as f64) + site as f64).collect()
    };
    let mut tables: Vec<Vec<f64>> = (0..names.len()).map(table).collect();
    let parts = names.into_iter().zip(&tables);
    let parts = parts.map(|(name, table)| Ok((name, SitePart::of(table, FEATURES, &covariates)?)));
    let parts = parts.collect::<Result<Vec<_>, isocenter_normalize::Error>>()?;
    let combat = ComBat::fit(parts, &ComBatOptions::default())?;
    for (name, table) in names.into_iter().zip(&mut tables) {
        combat.apply(name, table, &covariates)?;
    }
    Ok(())
}

/// Seconds of the best of three runs.
fn best<E>(mut work: impl FnMut() -> Result<(), E>) -> Result<f64, E> {
    let mut best = f64::INFINITY;
    for _ in 0..3 {
        let (cpu, clock) = (cpu_seconds(), Instant::now());
        work()?;
        let clock = clock.elapsed().as_secs_f64();
        best = best.min(cpu.zip(cpu_seconds()).map_or(clock, |(a, b)| b - a));
    }
    Ok(best)
}

fn cpu_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse::<f64>().ok().map(|ns| ns / 1e9)
}

fn repeated(image: Volume<f32>, shape: [usize; 3]) -> Result<Volume<f32>, Box<dyn Error>> {
    let len = shape.iter().product();
    let voxels: Vec<f32> = image.voxels().iter().copied().cycle().take(len).collect();
    Ok(Volume::new(voxels, Geometry::new(shape, Affine::IDENTITY, Frame::Patient(None))?)?)
}

fn head(shape: [usize; 3]) -> Result<Volume<f32>, Box<dyn Error>> {
    let grid = Geometry::new(shape, Affine::IDENTITY, Frame::Patient(None))?;
    let noise = |n: usize| ((n as u32).wrapping_mul(2_654_435_761) >> 27) as f32;
    let value = |n: usize| [0.0, 0.0, 60.0, 110.0, 110.0, 160.0, 160.0][n / 7 % 7] + noise(n);
    Ok(Volume::new((0..grid.len()).map(value).collect::<Vec<f32>>(), grid)?)
}
