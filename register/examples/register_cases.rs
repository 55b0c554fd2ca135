//! Registers a folder of cases with known truth, as `make_reg_cases.py` of the field's notes makes them, and says how far off each is and what is said of it.
//!
//! Each case is a folder with `fixed.nii.gz`, `moving.nii.gz` and `truth.json` (`matrix`: fixed to moving points, RAS mm; `dof`; `points`: RAS mm of the fixed
//! image); a series of motions has `matrices`, one per step. With a second folder, the matrices found go there as text, which the same notes' scorer reads.
//!
//! `cargo run --release -p isocenter-register --example register_cases -- [--judge] [--metric NAME] CASES [RESULTS] [START OF A NAME]...`; with `--judge` the truth itself is judged, and
//! `--metric` (such as `correlation`) decides what the images are compared by.
#![allow(clippy::print_stdout, reason = "an example prints")]

use std::{error::Error, fs, path::Path, time::Instant};

use isocenter_register::{Dof, Metric, MotionOptions, RegistrationOptions, Verdict, transform_file};
use isocenter_volume::{Affine, Ctx, Volume};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).peekable();
    let is_judged = arguments.next_if_eq("--judge").is_some();
    let wanted = arguments.next_if_eq("--metric").and_then(|_| arguments.next());
    let wanted = Metric::ALL.into_iter().find(|metric| wanted.as_deref() == Some(metric.name()));
    let Some(cases) = arguments.next() else {
        println!("usage: register_cases [--judge] [--metric NAME] CASES [RESULTS] [START OF A NAME]...");
        return Ok(());
    };
    let results = arguments.next();
    let names: Vec<String> = arguments.collect();
    let mut folders: Vec<_> =
        fs::read_dir(cases)?.collect::<Result<Vec<_>, _>>()?.iter().map(fs::DirEntry::path).collect();
    folders.sort();
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_wanted = names.is_empty() || names.iter().any(|start| name.starts_with(start));
        if !is_wanted || !folder.join("truth.json").is_file() {
            continue;
        }
        let truth: serde_json::Value = serde_json::from_str(&fs::read_to_string(folder.join("truth.json"))?)?;
        if truth["matrix"].is_null() {
            series(&folder, &name, &truth, results.as_deref())?;
            continue;
        }
        let dof = truth["dof"].as_u64().and_then(|n| Dof::of(n as usize)).unwrap_or_default();
        let metric = if truth["metric"] == "mi" { Metric::MutualInformation } else { wanted.unwrap_or_default() };
        let begun = Instant::now();
        let [fixed, moving] = [read(&folder.join("fixed.nii.gz"))?, read(&folder.join("moving.nii.gz"))?];
        let read_s = begun.elapsed().as_secs_f64();
        let options = RegistrationOptions::default().dof(dof).metric(metric);
        let found = match is_judged {
            true => options.judge(&fixed, &moving, &true_map(&truth))?,
            false => options.register(&fixed, &moving)?,
        };
        let taken_s = begun.elapsed().as_secs_f64() - read_s;
        println!(
            "{name:22} {:8.3} mm {:?} {:?} distance {:?} metric {:.4} to {:.4} sharp {:.2} rival {:.2} mirror {:.2} overlap {:.2} residual {:.2} {:.2} read {read_s:.2} s, {taken_s:.2} s",
            error_mm(&found.transform, &truth),
            found.verdict,
            found.doubts,
            found.distance_mm,
            found.metric_before,
            found.metric_after,
            found.sharpness,
            found.rivalry,
            found.mirror,
            found.overlap,
            found.residual_mm,
            found.residual_upper_mm,
        );
        if let Some(results) = &results {
            fs::create_dir_all(results)?;
            let path = Path::new(results).join(format!("{name}.txt"));
            transform_file::write(path, &found.transform, transform_file::Format::RasMatrix)?;
        }
    }
    Ok(())
}

/// A series of motions: one map per step, one after another in the file of results.
fn series(folder: &Path, name: &str, truth: &serde_json::Value, results: Option<&str>) -> Result<(), Box<dyn Error>> {
    let fixed = read(&folder.join("fixed.nii.gz"))?;
    let moving = isocenter_formats::read(folder.join("moving.nii.gz"))?.volume.to_real(&Ctx::default())?;
    let begun = Instant::now();
    let motion = MotionOptions::default().align(&fixed, &moving)?;
    let taken_s = begun.elapsed().as_secs_f64();
    let matrices = truth["matrices"].as_array().map_or(&[][..], Vec::as_slice);
    let errors: Vec<f64> = motion
        .transforms
        .iter()
        .zip(matrices)
        .map(|(found, matrix)| error_mm(found, &serde_json::json!({"matrix": matrix, "points": truth["points"]})))
        .collect();
    let worst = errors.iter().copied().fold(0.0, f64::max);
    let least = motion.likeness.iter().copied().fold(1.0, f64::min);
    println!(
        "{name:22} {:8.3} mm, {worst:.3} mm at worst, likeness from {least:.3}, {} doubtful, {taken_s:.2} s",
        errors.iter().sum::<f64>() / errors.len().max(1) as f64,
        motion.verdicts.iter().filter(|verdict| **verdict != Verdict::Good).count(),
    );
    if let Some(results) = results {
        fs::create_dir_all(results)?;
        let rows = motion.transforms.iter().flat_map(|map| {
            let [x, y, z] = map.to_ras_to_ras();
            [x, y, z, [0.0, 0.0, 0.0, 1.0]]
        });
        let rows = rows.map(|row| row.map(|v| format!("{v:.12}")).join(" "));
        fs::write(Path::new(results).join(format!("{name}.txt")), rows.collect::<Vec<_>>().join("\n") + "\n")?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<Volume<f32>, Box<dyn Error>> {
    let volume = isocenter_formats::read(path)?.volume.to_real(&Ctx::default())?;
    Ok(if volume.steps() > 1 { volume.extract_step(0)? } else { volume })
}

/// The true map, LPS mm.
fn true_map(truth: &serde_json::Value) -> Affine {
    let row = |r: usize| [0, 1, 2, 3].map(|c| number(&truth["matrix"][r][c]));
    Affine::from_ras_to_ras([row(0), row(1), row(2)])
}

fn number(value: &serde_json::Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

/// Mean distance between where two maps take the points, mm.
fn error_mm(found: &Affine, truth: &serde_json::Value) -> f64 {
    let wanted = true_map(truth);
    let points = truth["points"].as_array().map_or(&[][..], Vec::as_slice);
    let distance = |point: &serde_json::Value| {
        let p = [-number(&point[0]), -number(&point[1]), number(&point[2])];
        let (a, b) = (found.apply(p), wanted.apply(p));
        (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt()
    };
    points.iter().map(distance).sum::<f64>() / points.len().max(1) as f64
}
