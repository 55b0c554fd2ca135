//! Operations on values: one result for each entry.

use isocenter::normalize::{
    CtWindow, Fingerprint, FingerprintNormalize, Output, PercentileRescale, Region, Step, ZScore,
    filter::{Ahe, Clahe},
    head,
    histogram::{Cdf, CdfMatch, HistogramEqualize, HistogramMatch, Quantiles},
    otsu, percentiles,
    standardize::{
        Bandwidth, Clusters, Fcm, KdePeak, Lsq, Nyul, Peak, Rule, ScalePart, StandardScale, Tissue, TissueMeans,
        WhiteStripe,
    },
};
use isocenter::volume::{Ctx, Mask, Volume, stats::Cohort};
use serde_json::{Value, json};

use super::{
    Outcome,
    manifest::{Found, Manifest, count, number, numbers, part, text},
};

/// The result of an entry; none for an operation that is not known here.
pub(crate) fn run(manifest: &Manifest, entry: &Value) -> Outcome<Option<Found>> {
    if !OPERATIONS.contains(&entry["op"].as_str().unwrap_or_default()) {
        return Ok(None);
    }
    let ctx = Ctx::default();
    if let Some(step) = step(manifest, entry)? {
        let image = part(manifest.input_of(entry, 0)?, text(entry, "input"))?;
        let (_, mask) = region(manifest, entry)?;
        return Ok(Some(Found::Image(Box::new(step.apply(&image, mask.as_ref(), &ctx)?.0))));
    }
    let image = || manifest.input_of(entry, 0);
    let values = match entry["op"].as_str().unwrap_or_default() {
        "percentiles" => {
            let (region, mask) = region(manifest, entry)?;
            json!({ "values": percentiles(&image()?, &numbers(entry, "percentiles")?, region, mask.as_ref(), &ctx)? })
        }
        "nnunet_fingerprint" => {
            let (region, mask) = manifest.region(text(entry, "foreground"))?;
            serde_json::to_value(Fingerprint::of(&image()?, region, mask.as_ref(), &ctx)?)?
        }
        "nyul_fit" => {
            let values = scale(manifest, entry)?.values().to_vec();
            json!({ "standard_scale": values, "landmarks": values })
        }
        "whitestripe_fit" => {
            let (_, mask) = region(manifest, entry)?;
            let found = white_stripe(manifest, entry)?.fit(&image()?, mask.as_ref(), &ctx)?;
            json!({ "mean": found.measured()["mean"], "std": found.measured()["sd"] })
        }
        "fcm_fit" => {
            let (region, mask) = region(manifest, entry)?;
            let (clusters, m) = (count(entry, "clusters")?, number(entry, "m").unwrap_or(2.0));
            json!({ "centers": Clusters::of(&image()?, clusters, m, region, mask.as_ref(), &ctx)?.centres() })
        }
        "kde_fit" => {
            let (region, mask) = region(manifest, entry)?;
            let part = number(entry, "bandwidth_part_of_max").unwrap_or(1.0 / 80.0);
            let peak = Peak::new(rule(entry), Bandwidth::PartOfMax(part), count(entry, "points").unwrap_or(512));
            let step = KdePeak::default().peak(peak)?.region(region);
            json!({ "mode": step.fit(&image()?, mask.as_ref(), &ctx)?.measured()["peak"] })
        }
        "otsu" => {
            let image = image()?;
            let threshold = otsu::threshold(&image, Region::All, None, &ctx)?;
            let voxels = image.voxels().iter().filter(|&&v| f64::from(v) > threshold).count();
            json!({ "threshold": threshold, "voxels": voxels })
        }
        "foreground_mask" => {
            let image = image()?;
            let mask = head::mask(&image, &ctx)?.to_bools().into_iter().map(|b| f32::from(u8::from(b)));
            let mask = image.with_voxels(mask.collect::<Vec<f32>>(), image.scaling().clone())?;
            return Ok(Some(Found::Image(Box::new(mask))));
        }
        _ => return Ok(None),
    };
    Ok(Some(Found::Values(values)))
}

const OPERATIONS: [&str; 21] = [
    "zscore",
    "percentiles",
    "rescale_percentiles",
    "winsorize",
    "window",
    "nnunet_fingerprint",
    "nnunet_ct",
    "nyul_fit",
    "nyul_apply",
    "whitestripe_fit",
    "whitestripe_apply",
    "fcm_fit",
    "fcm_apply",
    "kde_fit",
    "lsq_apply",
    "histogram_matching",
    "histogram_equalize",
    "clahe",
    "ahe",
    "otsu",
    "foreground_mask",
];

/// The region of an entry: voxels above 0 where it names none but fits to a foreground.
fn region(manifest: &Manifest, entry: &Value) -> Outcome<(Region, Option<Mask>)> {
    match (text(entry, "mask"), text(entry, "quantiles_over"), entry["op"].as_str().unwrap_or_default()) {
        (
            "",
            "",
            "fcm_fit" | "fcm_apply" | "kde_fit" | "lsq_apply" | "nyul_fit" | "nyul_apply" | "whitestripe_fit"
            | "whitestripe_apply",
        ) => Ok((Region::Above(0.0), None)),
        ("", "", _) => Ok((Region::All, None)),
        ("", mask, _) | (mask, ..) => manifest.region(mask),
    }
}

/// The entry as one step, where it is one.
fn step(manifest: &Manifest, entry: &Value) -> Outcome<Option<Step>> {
    let pair = |key: &str| -> Outcome<[f64; 2]> { Ok(numbers(entry, key)?.try_into().map_err(|_| "two numbers")?) };
    let is = |key: &str| entry["params"][key].as_bool().unwrap_or(false);
    let (region, mask) = region(manifest, entry)?;
    Ok(Some(match entry["op"].as_str().unwrap_or_default() {
        "zscore" => {
            let keeps = text(entry, "applied_to").contains("others stay 0");
            Step::ZScore(ZScore::new(region).ddof(number(entry, "ddof")? as u8).keep_zeros(keeps))
        }
        "rescale_percentiles" => {
            let step = PercentileRescale::new(number(entry, "lower")?, number(entry, "upper")?).clip(is("clip"));
            Step::PercentileRescale(step.out(Output::Range(pair("out")?)).region(region))
        }
        "winsorize" => {
            let step = PercentileRescale::new(100.0 * number(entry, "lower")?, 100.0 * number(entry, "upper")?);
            Step::PercentileRescale(step.out(Output::Keep).region(region))
        }
        "window" => {
            let window = match pair("clip") {
                Ok([lower, upper]) => CtWindow::range(lower, upper)?,
                Err(_) => CtWindow::centre_width(number(entry, "level")?, number(entry, "width")?)?,
            };
            Step::CtWindow(window.out(Output::Range(pair("out")?)))
        }
        "nnunet_ct" => {
            let limits = [number(entry, "percentile_00_5")?, number(entry, "percentile_99_5")?];
            Step::Fingerprint(FingerprintNormalize::new(number(entry, "mean")?, number(entry, "std")?, limits)?)
        }
        "nyul_apply" => {
            let scale = scale(manifest, manifest.named(text(entry, "landmarks"))?)?;
            let skips = text(entry, "knots").contains("quartiles skipped");
            Step::Nyul(Nyul::new(if skips { scale.without(&[25.0, 75.0])? } else { scale }).region(region))
        }
        "whitestripe_apply" => Step::WhiteStripe(white_stripe(manifest, manifest.named(text(entry, "fit"))?)?),
        "fcm_apply" => {
            let tissue = match text(entry, "tissue") {
                t if t.starts_with("CSF") => Tissue::Csf,
                t if t.starts_with("GM") => Tissue::Gm,
                _ => Tissue::Wm,
            };
            let step = Fcm::new(tissue).clusters(count(entry, "clusters").unwrap_or(3))?.region(region);
            Step::Fcm(step.fuzziness(number(entry, "m").unwrap_or(2.0))?)
        }
        "lsq_apply" => {
            let standard = TissueMeans::of(&manifest.input_of(entry, 1)?, region, mask.as_ref(), &Ctx::default())?;
            Step::Lsq(Lsq::new(standard.means())?.region(region))
        }
        "histogram_matching" => {
            let (reference, ctx) = (manifest.input_of(entry, 1)?, Ctx::default());
            let Ok(levels) = count(entry, "levels") else {
                let reference = Cdf::of(&reference, Cdf::MAX, region, mask.as_ref(), &ctx)?;
                return Ok(Some(Step::CdfMatch(CdfMatch::new(reference).region(region))));
            };
            let (counts, at_mean) = ([levels, count(entry, "match_points")?], is("threshold_at_mean"));
            let reference = Quantiles::of(&reference, counts, at_mean, region, mask.as_ref(), &ctx)?;
            Step::HistogramMatch(HistogramMatch::new(reference, at_mean).levels(levels)?.region(region))
        }
        "histogram_equalize" => {
            Step::HistogramEqualize(HistogramEqualize::new(count(entry, "bins")?, pair("out")?)?.region(region))
        }
        "clahe" => {
            let step = Clahe::default().clip_limit(number(entry, "clip_limit")?)?.bins(count(entry, "nbins")?)?;
            Step::Clahe(match sizes(&entry["params"]["kernel"]) {
                Some(tile) => step.tile(tile)?,
                None => step,
            })
        }
        "ahe" => {
            let radius = sizes(&entry["params"]["radius"]).ok_or("a radius is wanted")?;
            Step::Ahe(Ahe::new(radius)?.alpha(number(entry, "alpha")?)?.beta(number(entry, "beta")?)?)
        }
        _ => return Ok(None),
    }))
}

/// One size for each axis, of a list or a number.
fn sizes(value: &Value) -> Option<[usize; 3]> {
    value.as_u64().map(|n| [n as usize; 3]).or_else(|| serde_json::from_value(value.clone()).ok())
}

/// The standard scale of the images of an entry.
fn scale(manifest: &Manifest, entry: &Value) -> Outcome<StandardScale> {
    let (percentiles, range) = (numbers(entry, "percentiles")?, numbers(entry, "out")?);
    let (region, mask) = region(manifest, entry)?;
    let mut cohort = Cohort::new();
    for (n, _) in entry["inputs"].as_array().into_iter().flatten().enumerate() {
        let image: Volume<f32> = manifest.input_of(entry, n)?;
        let part = ScalePart::of(&image, &percentiles, region, mask.as_ref(), &Ctx::default())?;
        cohort.insert(format!("{n:06}"), part);
    }
    Ok(StandardScale::of_cohort(&cohort, [range[0], range[1]])?)
}

fn white_stripe(manifest: &Manifest, entry: &Value) -> Outcome<WhiteStripe> {
    let rule = rule(entry);
    let width = number(entry, "width").unwrap_or(0.05);
    let step = WhiteStripe::new(rule)
        .region(region(manifest, entry)?.0)
        .width(number(entry, "width_l").unwrap_or(width), number(entry, "width_u").unwrap_or(width))?;
    Ok(match number(entry, "tail_percentile") {
        Ok(tail) if rule != Rule::Largest => step.peak(Peak::new(rule, Default::default(), 80).tail(tail))?,
        _ => step,
    })
}

fn rule(entry: &Value) -> Rule {
    match text(entry, "modality") {
        "T2" | "FLAIR" => Rule::Largest,
        "PD" => Rule::First,
        _ => Rule::Last,
    }
}
