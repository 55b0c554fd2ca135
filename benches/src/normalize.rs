//! The cases of the normalize benches: one 256 x 256 x 180 f32 image at 1 mm, or a table of features.

use isocenter_normalize::{
    Error, Map, N4, PercentileRescale, Pipeline, Region, Step, ZScore,
    filter::{Clahe, Diffusion, Gaussian, Median, NonLocalMeans},
    harmonize::{ComBat, ComBatOptions, Covariates, SitePart},
    histogram::{HistogramMatch, Quantiles},
    percentiles,
    spatial::{CropOrPad, Fill, Reorient, Resampling, Spatial, Target},
    standardize::{Fcm, Nyul, ScalePart, StandardScale, WhiteStripe},
};
use isocenter_volume::{Ctx, GridPolicy, Interpolation, Volume, stats::Cohort};

/// Names of the cases, as [`Prepared::run`] takes them.
pub const CASES: [&str; 18] = [
    "n4_shrink_4",
    "n4_full",
    "zscore",
    "percentiles",
    "percentile_rescale",
    "nyul_apply",
    "white_stripe",
    "fused",
    "linear",
    "cubic",
    "lanczos",
    "gaussian",
    "median",
    "curvature_diffusion",
    "non_local_means",
    "clahe",
    "histogram_match",
    "fcm",
];

/// What does not change from run to run.
#[derive(Debug)]
pub struct Prepared {
    volume: Volume<f32>,
    scale: StandardScale,
    reference: Quantiles,
    out: Vec<f32>,
}

impl Prepared {
    /// Fits what is applied: a scale and a reference, both of the image itself.
    ///
    /// # Errors
    /// Those of the fits.
    pub fn new(volume: Volume<f32>) -> Result<Self, Error> {
        let ctx = Ctx::default();
        let mut cohort = Cohort::new();
        cohort.insert("one", ScalePart::of(&volume, &StandardScale::DECILES, Region::Above(0.0), None, &ctx)?);
        let scale = StandardScale::of_cohort(&cohort, [1.0, 100.0])?;
        let reference = Quantiles::of(&volume, [256, 7], true, Region::All, None, &ctx)?;
        let out = vec![0.0; volume.voxels().len()];
        Ok(Self { volume, scale, reference, out })
    }

    /// Runs one case; pointwise ones fit, and apply into a buffer that is there.
    ///
    /// # Errors
    /// Those of the step; [`Error::NoSteps`] for a name that is none.
    pub fn run(&mut self, case: &str) -> Result<(), Error> {
        let ctx = Ctx::default();
        let step: Step = match case {
            "zscore" => Step::ZScore(ZScore::default()),
            "percentile_rescale" => Step::PercentileRescale(PercentileRescale::new(1.0, 99.0)),
            "nyul_apply" => Step::Nyul(Nyul::new(self.scale.clone())),
            "white_stripe" => Step::WhiteStripe(WhiteStripe::default()),
            "gaussian" => Step::Gaussian(Gaussian::voxels(2.0)?),
            "median" => Step::Median(Median::new(1)?),
            "curvature_diffusion" => Step::CurvatureAnisotropicDiffusion(Diffusion::default()),
            "non_local_means" => Step::NonLocalMeans(NonLocalMeans::new(60.0)?),
            "clahe" => Step::Clahe(Clahe::default()),
            "histogram_match" => Step::HistogramMatch(HistogramMatch::new(self.reference.clone(), true)),
            "fcm" => Step::Fcm(Fcm::default()),
            "n4_shrink_4" => {
                let n4 = N4::itk().shrink([4; 3])?.region(Region::Above(0.0));
                return n4
                    .fit(&self.volume, None, &ctx)
                    .map(|fitted| debug_assert!(matches!(fitted.map(), Map::Bias(_))));
            }
            "n4_full" => {
                let n4 = N4::default().region(Region::Above(0.0));
                return n4.fit(&self.volume, None, &ctx).map(drop);
            }
            "percentiles" => return percentiles(&self.volume, &[1.0, 99.0], Region::All, None, &ctx).map(drop),
            "fused" => {
                let steps = vec![
                    Spatial::Reorient(Reorient { to: "RAS".parse()? }).into(),
                    self.to(1.5, Interpolation::Linear)?.into(),
                    Spatial::CropOrPad(CropOrPad::new([128; 3], Fill::Lowest)?).into(),
                    Step::PercentileRescale(PercentileRescale::new(1.0, 99.0)).into(),
                ];
                return Pipeline::new(steps)?.run(self.volume.clone(), None, &ctx).map(drop);
            }
            "linear" => return self.resampled(Interpolation::Linear),
            "cubic" => return self.resampled(Interpolation::BSpline3),
            "lanczos" => return self.resampled(Interpolation::Lanczos { radius: 5 }),
            _ => return Err(Error::NoSteps),
        };
        step.fit(&self.volume, None, &ctx)?.apply_into(&self.volume, &mut self.out, &ctx)
    }

    fn to(&self, mm: f64, kind: Interpolation) -> Result<Spatial, Error> {
        let step = Resampling::new(Target::Spacing([mm; 3], GridPolicy::Itk))?;
        Ok(Spatial::Resample(Box::new(step.interpolation(kind).fill(Fill::Value(0.0)))))
    }

    fn resampled(&self, kind: Interpolation) -> Result<(), Error> {
        Pipeline::new(vec![self.to(0.8, kind)?.into()])?.run(self.volume.clone(), None, &Ctx::default()).map(drop)
    }
}

/// ComBat over 20,000 features of 200 samples from four sites: sums, fit, and every site adjusted. `table` is feature by feature.
///
/// # Errors
/// Those of the fit.
pub fn combat(table: &[f64]) -> Result<Vec<f64>, Error> {
    const SITES: usize = 4;
    const SAMPLES: usize = 200;
    let own = SAMPLES / SITES;
    let features = table.len() / SAMPLES;
    let of = |site: usize| -> Vec<f64> {
        (0..features).flat_map(|g| table[g * SAMPLES + site * own..][..own].iter().copied()).collect()
    };
    let names = ["a", "b", "c", "d"];
    let none = Covariates::none(own);
    let mut tables: Vec<Vec<f64>> = (0..SITES).map(of).collect();
    let parts = names.iter().zip(&tables).map(|(name, table)| Ok((*name, SitePart::of(table, features, &none)?)));
    let parts = parts.collect::<Result<Vec<_>, Error>>()?;
    let fit = ComBat::fit(parts, &ComBatOptions::default())?;
    for (name, table) in names.iter().zip(&mut tables) {
        fit.apply(name, table, &none)?;
    }
    Ok(tables.concat())
}
