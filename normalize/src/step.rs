//! The steps as a recipe names them.

use isocenter_volume::{Ctx, Mask, Volume};
use serde::{Deserialize, Serialize};

use crate::{
    CtWindow, Error, FillNonFinite, FingerprintNormalize, Fitted, FittedRecord, N4, Output, PercentileRescale, Suv,
    ZScore,
    filter::{Ahe, Bilateral, Clahe, CurvatureFlow, Diffusion, Filter, Gaussian, Median, NonLocalMeans, SavitzkyGolay},
    histogram::{CdfMatch, HistogramEqualize, HistogramMatch},
    standardize::{Fcm, KdePeak, Lsq, Nyul, WhiteStripe},
};

/// One step of a recipe: a table with its `name` and its parameters; a key that it does not know is an error.
///
/// # Examples
/// ```
/// use isocenter_normalize::{CtWindow, Step};
/// let step: Step = toml::from_str("name = 'ct_window'\ncentre = 40\nwidth = 400")?;
/// assert_eq!(step, Step::CtWindow(CtWindow::range(-160.0, 240.0).unwrap()));
/// assert!(toml::from_str::<Step>("name = 'zscore'\nregoin = 'head'").is_err());
/// # Ok::<_, toml::de::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name")]
#[non_exhaustive]
pub enum Step {
    /// `zscore`: see [`ZScore`].
    #[serde(rename = "zscore")]
    ZScore(ZScore),
    /// `ct_window`: see [`CtWindow`].
    #[serde(rename = "ct_window")]
    CtWindow(CtWindow),
    /// `percentile_rescale`: see [`PercentileRescale`].
    #[serde(rename = "percentile_rescale")]
    PercentileRescale(PercentileRescale),
    /// `ct_fingerprint`: see [`FingerprintNormalize`].
    #[serde(rename = "ct_fingerprint")]
    Fingerprint(FingerprintNormalize),
    /// `nyul`: see [`Nyul`].
    #[serde(rename = "nyul")]
    Nyul(Nyul),
    /// `white_stripe`: see [`WhiteStripe`].
    #[serde(rename = "white_stripe")]
    WhiteStripe(WhiteStripe),
    /// `fcm`: see [`Fcm`].
    #[serde(rename = "fcm")]
    Fcm(Fcm),
    /// `kde_peak`: see [`KdePeak`].
    #[serde(rename = "kde_peak")]
    KdePeak(KdePeak),
    /// `lsq`: see [`Lsq`].
    #[serde(rename = "lsq")]
    Lsq(Lsq),
    /// `histogram_match`: see [`HistogramMatch`].
    #[serde(rename = "histogram_match")]
    HistogramMatch(HistogramMatch),
    /// `cdf_match`: see [`CdfMatch`].
    #[serde(rename = "cdf_match")]
    CdfMatch(CdfMatch),
    /// `histogram_equalize`: see [`HistogramEqualize`].
    #[serde(rename = "histogram_equalize")]
    HistogramEqualize(HistogramEqualize),
    /// `clahe`: see [`Clahe`].
    #[serde(rename = "clahe")]
    Clahe(Clahe),
    /// `ahe`: see [`Ahe`].
    #[serde(rename = "ahe")]
    Ahe(Ahe),
    /// `suv`: see [`Suv`].
    #[serde(rename = "suv")]
    Suv(Suv),
    /// `fill_non_finite`: see [`FillNonFinite`].
    #[serde(rename = "fill_non_finite")]
    FillNonFinite(FillNonFinite),
    /// `gaussian`: see [`Gaussian`].
    #[serde(rename = "gaussian")]
    Gaussian(Gaussian),
    /// `median`: see [`Median`].
    #[serde(rename = "median")]
    Median(Median),
    /// `curvature_flow`: see [`CurvatureFlow`].
    #[serde(rename = "curvature_flow")]
    CurvatureFlow(CurvatureFlow),
    /// `curvature_anisotropic_diffusion`: see [`Diffusion`].
    #[serde(rename = "curvature_anisotropic_diffusion")]
    CurvatureAnisotropicDiffusion(Diffusion),
    /// `gradient_anisotropic_diffusion`: see [`Diffusion`].
    #[serde(rename = "gradient_anisotropic_diffusion")]
    GradientAnisotropicDiffusion(Diffusion),
    /// `bilateral`: see [`Bilateral`].
    #[serde(rename = "bilateral")]
    Bilateral(Bilateral),
    /// `savitzky_golay`: see [`SavitzkyGolay`].
    #[serde(rename = "savitzky_golay")]
    SavitzkyGolay(SavitzkyGolay),
    /// `non_local_means`: see [`NonLocalMeans`].
    #[serde(rename = "non_local_means")]
    NonLocalMeans(NonLocalMeans),
    /// `n4`: see [`N4`].
    #[serde(rename = "n4")]
    N4(N4),
}

impl Step {
    /// Its name in a recipe.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ZScore(_) => "zscore",
            Self::CtWindow(_) => "ct_window",
            Self::PercentileRescale(_) => "percentile_rescale",
            Self::Fingerprint(_) => "ct_fingerprint",
            Self::Nyul(_) => "nyul",
            Self::WhiteStripe(_) => "white_stripe",
            Self::Fcm(_) => "fcm",
            Self::KdePeak(_) => "kde_peak",
            Self::Lsq(_) => "lsq",
            Self::HistogramMatch(_) => "histogram_match",
            Self::CdfMatch(_) => "cdf_match",
            Self::HistogramEqualize(_) => "histogram_equalize",
            Self::Clahe(_) => "clahe",
            Self::Ahe(_) => "ahe",
            Self::Suv(_) => "suv",
            Self::FillNonFinite(_) => "fill_non_finite",
            Self::Gaussian(_) => "gaussian",
            Self::Median(_) => "median",
            Self::CurvatureFlow(_) => "curvature_flow",
            Self::CurvatureAnisotropicDiffusion(_) => "curvature_anisotropic_diffusion",
            Self::GradientAnisotropicDiffusion(_) => "gradient_anisotropic_diffusion",
            Self::Bilateral(_) => "bilateral",
            Self::SavitzkyGolay(_) => "savitzky_golay",
            Self::NonLocalMeans(_) => "non_local_means",
            Self::N4(_) => "n4",
        }
    }

    /// The names of all steps, in a fixed order.
    pub const NAMES: [&'static str; 25] = [
        "zscore",
        "ct_window",
        "percentile_rescale",
        "ct_fingerprint",
        "nyul",
        "white_stripe",
        "fcm",
        "kde_peak",
        "lsq",
        "histogram_match",
        "cdf_match",
        "histogram_equalize",
        "clahe",
        "ahe",
        "suv",
        "fill_non_finite",
        "gaussian",
        "median",
        "curvature_flow",
        "curvature_anisotropic_diffusion",
        "gradient_anisotropic_diffusion",
        "bilateral",
        "savitzky_golay",
        "non_local_means",
        "n4",
    ];

    /// Whether the step divides by the spread of the volume that it is fitted to, so that a constant one has no result.
    pub const fn needs_spread(&self) -> bool {
        match self {
            Self::ZScore(_)
            | Self::Nyul(_)
            | Self::WhiteStripe(_)
            | Self::Fcm(_)
            | Self::KdePeak(_)
            | Self::Lsq(_)
            | Self::HistogramMatch(_)
            | Self::CdfMatch(_)
            | Self::HistogramEqualize(_)
            | Self::Clahe(_)
            | Self::Ahe(_)
            | Self::N4(_) => true,
            Self::PercentileRescale(step) => matches!(step.out, Output::Range(_)),
            Self::CtWindow(_)
            | Self::Fingerprint(_)
            | Self::Suv(_)
            | Self::FillNonFinite(_)
            | Self::Gaussian(_)
            | Self::Median(_)
            | Self::CurvatureFlow(_)
            | Self::CurvatureAnisotropicDiffusion(_)
            | Self::GradientAnisotropicDiffusion(_)
            | Self::Bilateral(_)
            | Self::SavitzkyGolay(_)
            | Self::NonLocalMeans(_) => false,
        }
    }

    /// Whether its map follows from its parameters and the facts of the acquisition, so that no sample is read to find it.
    pub(crate) const fn measures_nothing(&self) -> bool {
        matches!(self, Self::CtWindow(_) | Self::Fingerprint(_) | Self::Suv(_) | Self::FillNonFinite(_))
    }

    /// Measures what the step needs.
    ///
    /// # Errors
    /// See `fit` of the step.
    pub fn fit(&self, volume: &Volume<f32>, mask: Option<&Mask>, ctx: &Ctx<'_>) -> Result<Fitted, Error> {
        match self {
            Self::ZScore(step) => step.fit(volume, mask, ctx),
            Self::CtWindow(step) => step.fit(volume, mask, ctx),
            Self::PercentileRescale(step) => step.fit(volume, mask, ctx),
            Self::Fingerprint(step) => step.fit(volume, mask, ctx),
            Self::Nyul(step) => step.fit(volume, mask, ctx),
            Self::WhiteStripe(step) => step.fit(volume, mask, ctx),
            Self::Fcm(step) => step.fit(volume, mask, ctx),
            Self::KdePeak(step) => step.fit(volume, mask, ctx),
            Self::Lsq(step) => step.fit(volume, mask, ctx),
            Self::HistogramMatch(step) => step.fit(volume, mask, ctx),
            Self::CdfMatch(step) => step.fit(volume, mask, ctx),
            Self::HistogramEqualize(step) => step.fit(volume, mask, ctx),
            Self::Clahe(step) => Filter::Clahe(*step).fit(volume, ctx),
            Self::Ahe(step) => Filter::Ahe(*step).fit(volume, ctx),
            Self::Suv(step) => step.fit(volume, mask, ctx),
            Self::FillNonFinite(step) => step.fit(volume, mask, ctx),
            Self::Gaussian(step) => Filter::Gaussian(*step).fit(volume, ctx),
            Self::Median(step) => Filter::Median(*step).fit(volume, ctx),
            Self::CurvatureFlow(step) => Filter::CurvatureFlow(*step).fit(volume, ctx),
            Self::CurvatureAnisotropicDiffusion(step) => Filter::CurvatureAnisotropicDiffusion(*step).fit(volume, ctx),
            Self::GradientAnisotropicDiffusion(step) => Filter::GradientAnisotropicDiffusion(*step).fit(volume, ctx),
            Self::Bilateral(step) => Filter::Bilateral(*step).fit(volume, ctx),
            Self::SavitzkyGolay(step) => Filter::SavitzkyGolay(*step).fit(volume, ctx),
            Self::NonLocalMeans(step) => Filter::NonLocalMeans(*step).fit(volume, ctx),
            Self::N4(step) => step.fit(volume, mask, ctx),
        }
    }

    /// Fits to a volume and applies to it; what was fitted is in the record and in the provenance (operation `normalize`).
    ///
    /// # Errors
    /// See `fit` of the step.
    pub fn apply(
        &self,
        volume: &Volume<f32>,
        mask: Option<&Mask>,
        ctx: &Ctx<'_>,
    ) -> Result<(Volume<f32>, FittedRecord), Error> {
        let fitted = self.fit(volume, mask, ctx)?;
        let out = fitted.apply(volume, ctx)?;
        Ok(self.noted(out, fitted))
    }

    /// As [`Step::apply`], in the memory of the given volume where nobody else holds its samples.
    ///
    /// # Errors
    /// See `fit` of the step.
    pub fn apply_in_place(
        &self,
        volume: Volume<f32>,
        mask: Option<&Mask>,
        ctx: &Ctx<'_>,
    ) -> Result<(Volume<f32>, FittedRecord), Error> {
        let fitted = self.fit(&volume, mask, ctx)?;
        let out = fitted.apply_in_place(volume, ctx)?;
        Ok(self.noted(out, fitted))
    }

    fn noted(&self, mut volume: Volume<f32>, fitted: Fitted) -> (Volume<f32>, FittedRecord) {
        volume.provenance_mut().add(fitted.operation(self.name()));
        (volume, FittedRecord::new(self.clone(), fitted))
    }
}

/// Runs steps one after the other in one buffer, in the pool of `ctx`.
///
/// # Errors
/// That of the first step that fails; [`Error::Cancelled`].
pub fn apply_all(
    steps: &[Step],
    volume: Volume<f32>,
    mask: Option<&Mask>,
    ctx: &Ctx<'_>,
) -> Result<(Volume<f32>, Vec<FittedRecord>), Error> {
    ctx.install(|| {
        let stage = ctx.stage("normalize", steps.len() as u64);
        steps.iter().try_fold((volume, Vec::new()), |(volume, mut records), step| {
            let (volume, record) = step.apply_in_place(volume, mask, &stage.ctx())?;
            records.push(record);
            stage.advance(1)?;
            Ok((volume, records))
        })
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        Region,
        histogram::{Cdf, Quantiles},
        standardize::{Rule, StandardScale, Tissue},
    };

    #[test]
    fn recipes_name_steps_and_refuse_unknown_keys() {
        let step: Step = toml::from_str("name = 'zscore'\nregion = 'head'\nddof = 1").unwrap();
        assert_eq!(step, Step::ZScore(ZScore::new(Region::Head).ddof(1)));
        let step: Step = toml::from_str("name = 'zscore'\nregion = { above = 0.0 }").unwrap();
        assert_eq!(step, Step::ZScore(ZScore::new(Region::Above(0.0))));
        let step: Step =
            toml::from_str("name = 'percentile_rescale'\nlower = 0.5\nupper = 99.5\nout = 'keep'").unwrap();
        assert_eq!(step, Step::PercentileRescale(PercentileRescale::new(0.5, 99.5).out(Output::Keep)));
        assert_eq!(toml::from_str::<Step>("name = 'suv'").unwrap(), Step::Suv(Suv::default()));
        for bad in [
            "name = 'z'",
            "region = 'head'",
            "name = 'zscore'\nregoin = 'head'",
            "name = 'zscore'\nregion = 'heart'",
            "name = 'suv'\nkind = 'lbm'",
            "name = 'ct_window'\ncentre = 40\nwidth = 400\nextra = 1",
            "name = 'percentile_rescale'\nout = 'drop'",
            "name = 'fill_non_finite'",
            "name = 'gaussian'",
            "name = 'gaussian'\nsigma = 0",
            "name = 'gaussian'\nsigma = 1\nboundary = 'edge'",
        ] {
            assert!(toml::from_str::<Step>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_step_round_trips_through_text() {
        let (quantiles, cdf) = ("v = [0.0, 0.5, 1.0, 2.0]", "values = [1.0, 2.0]\nshares = [0.25, 1.0]");
        let quantiles = toml::from_str::<BTreeMap<&str, Quantiles>>(quantiles).unwrap()["v"].clone();
        let cdf: Cdf = toml::from_str(cdf).unwrap();
        let steps = [
            Step::ZScore(ZScore::new(Region::Between(-5.0, 5.0))),
            Step::CtWindow(CtWindow::centre_width(40.0, 80.0).unwrap().out(Output::Keep)),
            Step::PercentileRescale(PercentileRescale::default()),
            Step::Fingerprint(FingerprintNormalize::new(1.0, 2.0, [-3.0, 4.0]).unwrap()),
            Step::Nyul(Nyul::new(StandardScale::new(vec![1.0, 99.0], vec![0.1, 1.0 / 0.3]).unwrap())),
            Step::WhiteStripe(WhiteStripe::new(Rule::Largest).width(0.02, 0.05).unwrap()),
            Step::Fcm(Fcm::new(Tissue::Gm).clusters(4).unwrap()),
            Step::KdePeak(KdePeak::new(Rule::First)),
            Step::Lsq(Lsq::new([1.0, 2.5, 3.0]).unwrap()),
            Step::HistogramMatch(HistogramMatch::new(quantiles, false)),
            Step::CdfMatch(CdfMatch::new(cdf)),
            Step::HistogramEqualize(HistogramEqualize::new(64, [0.0, 255.0]).unwrap()),
            Step::Clahe(Clahe::default().tile([9, 8, 7]).unwrap()),
            Step::Ahe(Ahe::new([3, 2, 1]).unwrap()),
            Step::Suv(Suv::default()),
            Step::FillNonFinite(FillNonFinite::new(0.0).unwrap()),
            Step::Gaussian(Gaussian::mm(1.5).unwrap()),
            Step::Median(Median::new(2).unwrap()),
            Step::CurvatureFlow(CurvatureFlow::default()),
            Step::CurvatureAnisotropicDiffusion(Diffusion::default()),
            Step::GradientAnisotropicDiffusion(Diffusion::new(0.01, 1.0, 3).unwrap()),
            Step::Bilateral(Bilateral::new(1.5, 60.0).unwrap()),
            Step::SavitzkyGolay(SavitzkyGolay::new(5, 2, 1).unwrap()),
            Step::NonLocalMeans(NonLocalMeans::new(0.02).unwrap().rician(true)),
            Step::N4(N4::default()),
        ];
        for (step, name) in steps.iter().zip(Step::NAMES) {
            let text = toml::to_string(step).unwrap();
            assert!(text.contains(&format!("name = \"{name}\"")), "{text}");
            assert_eq!(toml::from_str::<Step>(&text).unwrap(), *step);
        }
    }
}
