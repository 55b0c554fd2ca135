//! The steps that entries of a reference manifest ask for, by their operation and parameters: filters and N4.

use isocenter_normalize::{
    N4, Region, Step,
    filter::{
        Bilateral, Boundary, CurvatureFlow, Diffusion, Gaussian, GaussianKernel, Median, NonLocalMeans, PatchWeights,
        SavitzkyGolay,
    },
};
use isocenter_volume::Volume;
use serde_json::Value;

/// The step of an entry; `None` for an operation that is none of these.
pub(crate) fn step(entry: &Value) -> Option<Step> {
    let number = |key: &str| entry["params"][key].as_f64();
    let count = |key: &str| entry["params"][key].as_u64().map(|n| n as u32);
    let text = |key: &str| entry["params"][key].as_str().unwrap_or_default();
    let diffusion = || {
        let all = Diffusion::new(number("time_step")?, number("conductance")?, count("iterations")?).unwrap();
        Some(all.scaling_interval(count("scaling_interval").unwrap_or(1)).unwrap())
    };
    Some(match entry["op"].as_str()? {
        "gaussian" => {
            let all = match number("sigma_mm") {
                Some(sigma) => Gaussian::mm(sigma),
                None => Gaussian::voxels(number("sigma_vox")?),
            };
            let kernel = match (text("kernel"), entry["tool"].as_str()?) {
                (kernel, _) if kernel.contains("erf") => GaussianKernel::Erf,
                (_, tool) if tool.contains("Recursive") => GaussianKernel::Recursive,
                _ => GaussianKernel::Sampled,
            };
            let all = all.unwrap().truncate(number("truncate").unwrap_or(4.0)).unwrap().kernel(kernel);
            Step::Gaussian(all.boundary(boundary(text("boundary"))))
        }
        "median" => Step::Median(Median::new(count("radius")?).unwrap()),
        "curvature_anisotropic_diffusion" => Step::CurvatureAnisotropicDiffusion(diffusion()?),
        "gradient_anisotropic_diffusion" => Step::GradientAnisotropicDiffusion(diffusion()?),
        "curvature_flow" => {
            Step::CurvatureFlow(CurvatureFlow::new(number("time_step")?, count("iterations")?).unwrap())
        }
        "nlm" => {
            let is_gaussian = text("patch_weights").contains("Gaussian");
            let weights = if is_gaussian { PatchWeights::Gaussian } else { PatchWeights::Uniform };
            let all = NonLocalMeans::new(number("h")?).unwrap().sigma(number("sigma").unwrap_or(0.0)).unwrap();
            Step::NonLocalMeans(all.patches(count("patch_size")?, count("patch_distance")?).unwrap().weights(weights))
        }
        "savitzky_golay" => {
            let all = SavitzkyGolay::new(count("window")?, count("order")?, count("axis")?).unwrap();
            // PyTorch's names
            let boundary = match text("boundary") {
                "reflect" => Boundary::Mirror,
                "replicate" => Boundary::Nearest,
                "circular" => Boundary::Wrap,
                _ => Boundary::Zero,
            };
            Step::SavitzkyGolay(all.boundary(boundary))
        }
        "bilateral" => {
            let all = Bilateral::new(number("domain_sigma_mm")?, number("range_sigma")?).unwrap();
            Step::Bilateral(all.range_samples(count("range_samples").unwrap_or(100)).unwrap())
        }
        "n4" => Step::N4(n4(&entry["params"])?),
        _ => return None,
    })
}

/// scipy's names, and words around them.
fn boundary(words: &str) -> Boundary {
    match words.split_whitespace().next().unwrap_or_default() {
        "reflect" => Boundary::Reflect,
        "mirror" => Boundary::Mirror,
        "wrap" => Boundary::Wrap,
        "zero" | "zeros" | "constant" => Boundary::Zero,
        _ => Boundary::Nearest,
    }
}

fn n4(params: &Value) -> Option<N4> {
    let three = |key: &str| match &params[key] {
        Value::Array(list) => Some([0, 1, 2].map(|a| list[a].as_u64().unwrap() as usize)),
        one => one.as_u64().map(|n| [n as usize; 3]),
    };
    let iterations: Vec<u32> = match &params["iterations"] {
        Value::Array(list) => list.iter().map(|n| n.as_u64().unwrap() as u32).collect(),
        one => vec![one.as_u64()? as u32; params["levels"].as_u64().unwrap_or(4) as usize],
    };
    let number = |key: &str, otherwise: f64| params[key].as_f64().unwrap_or(otherwise);
    let bins = params["histogram_bins"].as_u64().unwrap_or(200) as usize;
    let all = N4::itk().region(Region::Mask).iterations(&iterations).unwrap();
    let all = all.convergence(number("convergence", 1e-3)).unwrap();
    let all = all.control_points(three("control_points").unwrap_or([4; 3])).unwrap();
    let all = all.sharpening(bins, number("fwhm", 0.15), number("wiener_noise", 0.01)).unwrap();
    Some(all.shrink(three("shrink").unwrap_or([1; 3])).unwrap())
}

/// The input that an entry describes: a file as it is, divided by its largest value (`geo / max`) or some of its planes
/// (`geo[:, :, 8:12]`).
pub(crate) fn prepared(image: Volume<f32>, entry: &Value) -> Volume<f32> {
    let words = entry["params"]["input"].as_str().unwrap_or_default();
    if let Some((_, planes)) = words.split_once("[:, :, ")
        && let Some((from, to)) = planes.trim_end_matches(']').split_once(':')
    {
        let [nx, ny, _] = image.shape();
        let (from, to): (usize, usize) = (from.parse().unwrap(), to.parse().unwrap());
        return image.crop([0, 0, from], [nx, ny, to - from]).unwrap();
    }
    if words.ends_with("/ max") {
        let most = image.voxels().iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let scaled: Vec<f32> = image.voxels().iter().map(|v| v / most).collect();
        return image.with_voxels(scaled, image.scaling().clone()).unwrap();
    }
    image
}
