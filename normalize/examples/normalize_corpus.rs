//! Writes our results for the entries of a reference manifest: `normalize_corpus MANIFEST OUT`, then
//! `compare_norm.py MANIFEST OUT --only i01,i02,...` says how they compare with the tools named there.
//!
//! Without arguments it runs the same steps on a made-up image and prints the mean of each result.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic)]

#[path = "../tests/corpus/by_op.rs"]
mod by_op;
#[path = "../tests/corpus/nifti.rs"]
mod nifti;

use std::{error::Error, fs, path::Path};

use isocenter_normalize::{
    CtWindow, Fingerprint, FingerprintNormalize, Map, N4, Output, PercentileRescale, Region, Step, ZScore, head,
    moments, otsu, percentiles,
};
use isocenter_volume::{Affine, Ctx, Frame, Geometry, Mask, Volume};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The entries that are one step: id, input, step.
fn steps() -> Outcome<Vec<(&'static str, &'static str, Step)>> {
    let z = |region| Step::ZScore(ZScore::new(region));
    let rescale = PercentileRescale::new;
    let window = |centre, width| CtWindow::centre_width(centre, width).map(Step::CtWindow);
    let padded = CtWindow::range(-1000.0, 1000.0)?.out(Output::Range([-1.0, 1.0]));
    let winsorize = rescale(1.0, 99.0).out(Output::Keep).region(Region::Above(0.0));
    Ok(vec![
        ("i01_zscore_whole", "mr", z(Region::All)),
        ("i02_zscore_positive", "mr", z(Region::Above(0.0))),
        ("i03_zscore_above_mean", "mr", Step::ZScore(ZScore::new(Region::AboveMean).ddof(1))),
        ("i04_zscore_nonzero_only", "mr", Step::ZScore(ZScore::new(Region::NonZero).keep_zeros(true))),
        ("i07_rescale_p1_p99", "mr", Step::PercentileRescale(rescale(1.0, 99.0))),
        ("i08_rescale_torchio", "mr", Step::PercentileRescale(rescale(0.5, 99.5).out(Output::Range([-1.0, 1.0])))),
        ("i09_ct_window_soft", "ct", window(40.0, 400.0)?),
        ("i09_ct_window_lung", "ct", window(-600.0, 1500.0)?),
        ("i09_ct_window_bone", "ct", window(400.0, 1800.0)?),
        ("i09_ct_window_brain", "ct", window(40.0, 80.0)?),
        ("i12_ct_clip_padding", "ct", Step::CtWindow(padded)),
        ("i37_winsorize_ants", "mr", Step::PercentileRescale(winsorize)),
    ])
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [manifest, out] = arguments.as_slice() else { return generated() };
    let (manifest, out) = (Path::new(manifest), Path::new(out));
    let read = |name: &str| nifti::read(&manifest.with_file_name("inputs").join(format!("{name}.nii.gz")));
    let put = |id: &str, values: Value| fs::write(out.join(format!("{id}.json")), values.to_string());
    let ctx = Ctx::default();
    let (mr, ct, biased, brain) = (read("mr"), read("ct"), read("biased"), read("brainmask"));
    for (id, input, step) in steps()? {
        let (result, _) = step.apply(if input == "mr" { &mr } else { &ct }, None, &ctx)?;
        nifti::write(&out.join(format!("{id}.nii")), &result);
    }
    let ranks = [0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 98.0, 99.0, 99.5, 99.9, 100.0];
    put("i05_percentiles", json!({ "values": percentiles(&mr, &ranks, Region::Above(0.0), None, &ctx)? }))?;
    let brain = Mask::above(&brain, 0.0);
    let found = percentiles(&biased, &ranks, Region::Mask, Some(&brain), &ctx)?;
    put("i06_percentiles_float", json!({ "values": found }))?;
    let fingerprint = Fingerprint::of(&ct, Region::Between(-500.0, 2000.0), None, &ctx)?;
    put("i10_ct_fingerprint", serde_json::to_value(fingerprint)?)?;
    let (result, _) = Step::Fingerprint(FingerprintNormalize::try_from(fingerprint)?).apply(&ct, None, &ctx)?;
    nifti::write(&out.join("i11_nnunet_ct_normalization.nii"), &result);
    let threshold = otsu::threshold(&mr, Region::All, None, &ctx)?;
    let voxels = mr.voxels().iter().filter(|&&v| f64::from(v) > threshold).count();
    put("i35_otsu", json!({ "threshold": threshold, "voxels": voxels }))?;
    by_operation(manifest, out, &ctx)?;
    let mask: Vec<f32> = head::mask(&mr, &ctx)?.to_bools().into_iter().map(|b| f32::from(u8::from(b))).collect();
    nifti::write(&out.join("i36_head_mask.nii"), &mr.with_voxels(mask, mr.scaling().clone())?);
    Ok(())
}

/// The entries that say by their operation what is to be done: filters and N4.
fn by_operation(manifest: &Path, out: &Path, ctx: &Ctx<'_>) -> Outcome<()> {
    let all: Value = serde_json::from_slice(&fs::read(manifest)?)?;
    let read = |name: &Value| -> Outcome<Volume<f32>> {
        let file = all["inputs"][name.as_str().ok_or("no input")?]["file"].as_str().ok_or("no such input")?;
        Ok(nifti::read(&manifest.with_file_name(file)))
    };
    for entry in all["entries"].as_array().ok_or("no entries")? {
        let id = entry["id"].as_str().ok_or("no id")?;
        if entry["op"] == "n4_quality" {
            let [image, mask, truth] = [0, 1, 2].map(|n| read(&entry["inputs"][n]));
            let (image, truth, mask) = (image?, truth?, Mask::above(&mask?, 0.0));
            let fitted = N4::default().region(Region::Mask).fit(&image, Some(&mask), ctx)?;
            let Map::Bias(field) = fitted.map() else { continue };
            let log = field.log_field(image.geometry(), ctx)?;
            let apart = log.voxels().iter().zip(truth.voxels()).map(|(a, b)| a - libm::logf(*b));
            let apart = image.with_voxels(apart.collect::<Vec<f32>>(), image.scaling().clone())?;
            let residual = moments(&apart, Region::Mask, Some(&mask), ctx)?.standard_deviation(0);
            fs::write(out.join(format!("{id}.json")), json!({ "residual": residual }).to_string())?;
            continue;
        }
        let Some(step) = by_op::step(entry) else { continue };
        let image = by_op::prepared(read(&entry["inputs"][0])?, entry);
        let result = if let Step::N4(n4) = step {
            let mask = match entry["inputs"].get(1) {
                Some(name) => Mask::above(&read(name)?, 0.0),
                None => head::mask(&image, ctx)?,
            };
            let fitted = n4.fit(&image, Some(&mask), ctx)?;
            let Map::Bias(field) = fitted.map() else { continue };
            field.log_field(image.geometry(), ctx)?
        } else {
            step.apply(&image, None, ctx)?.0
        };
        nifti::write(&out.join(format!("{id}.nii")), &result);
    }
    Ok(())
}

fn generated() -> Outcome<()> {
    let grid = Geometry::new([40, 40, 20], Affine::from_spacing_origin([1.0; 3], [0.0; 3]), Frame::Patient(None))?;
    let image = Volume::new((0..grid.len()).map(|n| (n % 1601) as f32 - 800.0).collect::<Vec<f32>>(), grid)?;
    for (id, _, step) in steps()? {
        let (result, _) = step.apply(&image, None, &Ctx::default())?;
        println!("{id}: mean {:.4}", moments(&result, Region::All, None, &Ctx::default())?.mean());
    }
    Ok(())
}
