//! Arguments of `normalize`, `fit`, `apply` and `harmonize`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

#[derive(Debug, ClapArgs)]
pub(crate) struct NormalizeArgs {
    /// Volume files, series of DICOM, folders of them.
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) steps: StepsArgs,
    #[command(flatten)]
    pub(crate) out: VolumesOut,
    #[command(flatten)]
    pub(crate) how: HowArgs,
    /// Write beside each output what was done to it, as NAME.steps.json: for its label map, for another image on its grid, and for the way back (`isocenter apply`).
    #[arg(long)]
    pub(crate) record: bool,
    /// Work slab by slab and hold about so many megabytes of samples at a time: for volumes larger than memory, in files that are not compressed, to .nii or .nii.gz.
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) memory: Option<u32>,
    /// Say for each image which steps are one pass, what is interpolated and what memory it takes, and write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct FitArgs {
    /// Volume files, series of DICOM, folders of them: the images of the training set, and no others.
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// Where the fitted steps go: JSON, for `isocenter apply`.
    #[arg(long, short)]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) steps: StepsArgs,
    #[command(flatten)]
    pub(crate) how: HowArgs,
    /// Replace an output that is there.
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ApplyArgs {
    /// Fitted steps (`isocenter fit`), or the record of one image (`isocenter normalize --record`).
    pub(crate) fitted: PathBuf,
    /// Volume files, series of DICOM, folders of them. With a record: images and label maps on the grid of its image; label maps move alone.
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) out: VolumesOut,
    #[command(flatten)]
    pub(crate) how: HowArgs,
    /// With a record: go back to the grid and the values that came in.
    #[arg(long)]
    pub(crate) inverse: bool,
    /// With fitted steps: write beside each output what was done to it, as NAME.steps.json.
    #[arg(long, conflicts_with = "inverse")]
    pub(crate) record: bool,
}

#[derive(Debug, ClapArgs)]
#[group(id = "which", required = true, multiple = false, args = ["step", "steps"])]
pub(crate) struct StepsArgs {
    /// A step by its name, with what it takes: NAME or NAME:KEY=VALUE,...; several run in their order. A value is written as in TOML.
    #[arg(long, value_name = "NAME[:K=V,...]")]
    pub(crate) step: Vec<String>,
    /// A file of steps: TOML with [[steps]], or JSON as `fit` writes it.
    #[arg(long, value_name = "FILE")]
    pub(crate) steps: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct VolumesOut {
    /// A file for one image; a folder for several, which keep their names and the folders they lie in.
    #[arg(long, short)]
    pub(crate) out: PathBuf,
    /// Format of the outputs in a folder.
    #[arg(long, value_name = "ENDING", default_value = "nii.gz")]
    pub(crate) to: String,
    /// Draw slices before and after, a bias field and histograms beside each output, as NAME.png.
    #[arg(long)]
    pub(crate) figures: bool,
    /// Replace outputs that are there.
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct HowArgs {
    /// A mask or label map on the grid of the image, for steps whose region is `mask`.
    #[arg(long, value_name = "FILE")]
    pub(crate) mask: Option<PathBuf>,
    /// Take images that do not say which way is left as LPS. It must be true.
    #[arg(long)]
    pub(crate) assume_patient_frame: bool,
    /// Take every file as an image, also one that looks like a label map.
    #[arg(long)]
    pub(crate) images: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct HarmonizeArgs {
    /// A table with a row for each scan: CSV, or TSV by its name.
    pub(crate) table: PathBuf,
    /// The harmonized table, in the same columns.
    #[arg(long, short)]
    pub(crate) out: PathBuf,
    /// Column of the site or scanner.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) site: String,
    /// A column whose effect is kept, such as age or diagnosis; numbers are one slope, words one level each. May be given several times.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) covariate: Vec<String>,
    /// A column of features. Without it every column of numbers that is neither site, covariate nor --keep.
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    pub(crate) feature: Vec<String>,
    /// A column that stays as it is and is no feature.
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    pub(crate) keep: Vec<String>,
    /// How site effects are shrunk to each other: parametric or not, not at all, or means alone.
    #[arg(long, value_enum, default_value_t = PriorArg::Parametric)]
    pub(crate) prior: PriorArg,
    /// Bring all sites to this one, which stays as it is.
    #[arg(long, value_name = "SITE")]
    pub(crate) reference: Option<String>,
    /// Write what was fitted, for scans that come later: JSON, without a value of any row.
    #[arg(long, value_name = "FILE")]
    pub(crate) save: Option<PathBuf>,
    /// Apply what was fitted before, and fit nothing.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["save", "prior", "reference"])]
    pub(crate) fitted: Option<PathBuf>,
    /// Replace outputs that are there.
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PriorArg {
    /// Normal and inverse gamma priors (ComBat).
    Parametric,
    /// Priors as the features show them.
    NonParametric,
    /// No shrinking: each feature by itself.
    None,
    /// Parametric, means alone.
    MeanOnly,
}
