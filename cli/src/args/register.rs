//! The command line of `register`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use super::TransformFormat;

#[derive(Debug, ClapArgs)]
pub(crate) struct RegisterArgs {
    /// The volume that stays: NIfTI, NRRD, MetaImage or MGH.
    #[arg(required_unless_present_any = ["motion", "apply", "group"], conflicts_with_all = ["apply", "group"])]
    pub(crate) fixed: Option<PathBuf>,
    /// The volume that is moved.
    #[arg(required_unless_present_any = ["each", "motion", "apply", "group"], conflicts_with_all = ["each", "motion", "apply"])]
    pub(crate) moving: Option<PathBuf>,
    /// Volumes that are moved, each by itself, such as the contrasts of one study. With --apply the one that is carried to the grid of --like.
    #[arg(
        long = "moving",
        id = "each",
        value_name = "FILE",
        num_args = 1..,
        requires = "out",
        conflicts_with = "motion"
    )]
    pub(crate) each: Vec<PathBuf>,
    /// A series of volumes in one file, whose steps are brought to one of them, or to FIXED.
    #[arg(long, value_name = "SERIES", conflicts_with = "apply")]
    pub(crate) motion: Option<PathBuf>,
    /// Volumes that are brought to a space in their middle, which none of them decides: for each NAME.tfm, from points of that space to points of the volume. Their order
    /// changes nothing.
    #[arg(long, value_name = "FILE", num_args = 2.., requires = "out", conflicts_with_all = ["each", "motion", "apply"])]
    pub(crate) group: Vec<PathBuf>,
    /// Transforms that are applied and not looked for, all in one interpolation. Points go through them in the order in which they are named, from the grid of
    /// --like to the image of --moving. `inverse:FILE` is the way back of FILE. Fields of displacements of ITK and ANTs may be among them.
    #[arg(long, value_name = "T", num_args = 1.., requires = "out")]
    pub(crate) apply: Vec<PathBuf>,
    /// With --apply: the image whose grid is filled.
    #[arg(long, value_name = "FILE", requires = "apply", requires = "each")]
    pub(crate) like: Option<PathBuf>,
    /// With --apply: points (.csv, .fcsv, .mrk.json) that are carried in the place of an image. They go the other way: the transform that brings an image from
    /// moving to fixed takes points from fixed to moving.
    #[arg(long, value_name = "FILE", requires = "apply", conflicts_with_all = ["each", "like", "figure", "interp", "labels", "outside"])]
    pub(crate) points: Option<PathBuf>,
    /// Which way the axes of a .csv of points run, which it does not say itself.
    #[arg(long, value_enum, requires = "points")]
    pub(crate) axes: Option<AxesArg>,
    /// Where the transform goes (fixed to moving points): `.tfm` is ITK's, LPS; `.txt` is a 4x4 matrix, RAS. With --motion those of all steps: a file
    /// (`.aff12.1D`, `.tfm`, `.lta`, ...), or a folder of numbered files where --transform-format names a convention that holds one.
    #[arg(long, short, required_unless_present_any = ["each", "motion", "apply", "group"], conflicts_with_all = ["each", "apply", "group"])]
    pub(crate) transform: Option<PathBuf>,
    /// Whose convention the transform file follows, where its name does not say.
    #[arg(long, value_enum, conflicts_with = "apply")]
    pub(crate) transform_format: Option<TransformFormat>,
    /// Write the moving volume on the fixed volume's grid here. With --moving and --group a folder, for NAME.tfm of each; with --motion the series that stands still;
    /// with --apply the image or the points.
    #[arg(long, short, visible_alias = "resampled", value_name = "OUT")]
    pub(crate) out: Option<PathBuf>,
    /// With --moving: write the volumes on the fixed volume's grid too, as NAME.EXTENSION. With --group: on one grid of the middle.
    #[arg(
        long,
        value_name = "EXTENSION",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "nii.gz",
        requires = "out",
        conflicts_with_all = ["apply", "motion", "moving"]
    )]
    pub(crate) volumes: Option<String>,
    /// With --motion: write turns, shifts and displacements of every step here: .tsv or .csv, units in its first line.
    #[arg(long, value_name = "FILE", requires = "motion")]
    pub(crate) table: Option<PathBuf>,
    /// With --motion: what the steps are brought to: `middle`, `mean` of all as they lie, or the number of a step, from 0. middle where left out.
    #[arg(long, value_name = "middle|mean|N", value_parser = parse_reference, requires = "motion", conflicts_with = "fixed")]
    pub(crate) reference: Option<ReferenceArg>,
    /// Write a picture of both images over each other, and of both in the squares of a chessboard, through the body's centre: PNG.
    #[arg(long, value_name = "FILE.png", conflicts_with_all = ["motion", "group"])]
    pub(crate) figure: Option<PathBuf>,
    /// With --moving: draw such a picture of each, NAME.png.
    #[arg(long, requires = "each", conflicts_with = "apply")]
    pub(crate) figures: bool,
    /// How values between voxels are made: cubic is a B-spline, sinc a Lanczos window of five voxels. linear where left out; labels are never mixed.
    #[arg(long, value_enum)]
    pub(crate) interp: Option<InterpArg>,
    /// The value of places outside the moving volume; its lowest where left out.
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    pub(crate) outside: Option<f64>,
    /// With --apply: take the volume as a label map, or (`--labels=no`) as an image. Where left out its header, name and looks tell.
    #[arg(
        long,
        value_enum,
        value_name = "yes|no",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "yes",
        requires = "apply"
    )]
    pub(crate) labels: Option<YesNo>,
    /// Degrees of freedom of the map that is looked for: 3 shifts, 6 turns and shifts (one patient), 7 one scale more, 9 a scale along each axis, 12 every
    /// linear map (two people, a template). 6 where left out.
    #[arg(long, value_name = "N", value_parser = ["3", "6", "7", "9", "12"], conflicts_with_all = ["motion", "apply"])]
    pub(crate) dof: Option<String>,
    /// How likeness is measured; nmi (or auto) where left out: on images of one kind as of several, no other was nearer to the truth of known cases.
    #[arg(long, value_enum, conflicts_with_all = ["motion", "apply"])]
    pub(crate) metric: Option<LikenessArg>,
    /// Share of the places compared, 0 to 0.5, that is left out because it fits worst: parts that changed, or moved by themselves.
    #[arg(long, value_name = "SHARE", conflicts_with_all = ["motion", "apply"])]
    pub(crate) trim: Option<f64>,
    /// A transform file (fixed to moving points) to begin with, beside the starts of the search.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["each", "motion", "apply", "group"])]
    pub(crate) init: Option<PathBuf>,
    /// Judge this transform (fixed to moving points): it is compared with where the images fit best, and written as it is.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["init", "each", "motion", "apply", "group"])]
    pub(crate) judge: Option<PathBuf>,
    /// Only voxels of this label map (above 0, on the fixed volume's grid) are looked at.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["apply", "group"])]
    pub(crate) mask: Option<PathBuf>,
    /// The same of the moving volume, on its grid.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["each", "motion", "apply", "group"])]
    pub(crate) moving_mask: Option<PathBuf>,
    /// Another pair of volumes that is compared at once: one that lies in the world of FIXED, one in that of MOVING, and what it counts where these count 1. May be
    /// given several times.
    #[arg(long, num_args = 3, value_names = ["FIXED", "MOVING", "WEIGHT"], conflicts_with_all = ["each", "motion", "apply", "group"])]
    pub(crate) pair: Vec<String>,
    /// Replace outputs that exist.
    #[arg(long)]
    pub(crate) force: bool,
    /// Write the outputs of a failed registration too: a transform that is not to be trusted.
    #[arg(long, conflicts_with = "apply")]
    pub(crate) write_failed: bool,
    /// Take volumes whose files do not say which way is left as if they were in the patient's LPS frame.
    #[arg(long)]
    pub(crate) assume_patient_frame: bool,
}

/// What the steps of a series are brought to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReferenceArg {
    Middle,
    Mean,
    Step(usize),
}

/// Measures of likeness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LikenessArg {
    /// Normalized mutual information.
    #[value(alias = "auto")]
    Nmi,
    /// Mutual information.
    Mi,
    /// Correlation ratio: several modalities, of which one is a function of the other.
    Cr,
    /// Correlation: one modality, by gain and offset.
    Ncc,
    /// Correlation in small windows: shading, contrast agents.
    Lncc,
    /// Squared differences: one modality in one unit.
    Ssd,
    /// Normalized gradient fields: the directions of edges.
    Ngf,
}

impl From<LikenessArg> for isocenter::register::Metric {
    fn from(likeness: LikenessArg) -> Self {
        match likeness {
            LikenessArg::Nmi => Self::NormalizedMutualInformation,
            LikenessArg::Mi => Self::MutualInformation,
            LikenessArg::Cr => Self::CorrelationRatio,
            LikenessArg::Ncc => Self::Correlation,
            LikenessArg::Lncc => Self::LocalCorrelation,
            LikenessArg::Ssd => Self::MeanSquares,
            LikenessArg::Ngf => Self::GradientFields,
        }
    }
}

/// How values between voxels are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum InterpArg {
    /// The nearest voxel.
    Nearest,
    /// Linear between voxels.
    Linear,
    /// A cubic B-spline through the voxels.
    Cubic,
    /// Sinc under a Lanczos window of five voxels.
    Sinc,
}

/// Which way the axes of plain columns point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AxesArg {
    /// To the left, the back and the head: DICOM, ITK.
    Lps,
    /// To the right, the front and the head: NIfTI, FreeSurfer.
    Ras,
}

/// Whether it is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum YesNo {
    /// It is.
    Yes,
    /// It is not.
    No,
}

fn parse_reference(text: &str) -> Result<ReferenceArg, String> {
    match text {
        "middle" => Ok(ReferenceArg::Middle),
        "mean" => Ok(ReferenceArg::Mean),
        number => {
            number.parse().map(ReferenceArg::Step).map_err(|_| "wanted middle, mean or a whole number".to_owned())
        }
    }
}
