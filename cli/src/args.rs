//! The command line.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

/// Clinical images in, training data out.
#[derive(Debug, Parser)]
#[command(name = "isocenter", version, max_term_width = 100)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that every command takes.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Common {
    /// Threads; the number of cores where left out. The result is the same for any number.
    #[arg(long, global = true, value_name = "N", value_parser = parse_jobs)]
    pub(crate) jobs: Option<usize>,
    /// Print the result as JSON on stdout.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print nothing but errors.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a synthetic cohort and prepare it: a finished data set and report, without any data of your own.
    Demo(DemoArgs),
    /// Turn files and folders of scans into a training data set.
    Prepare(PrepareArgs),
    /// Say what is in files and folders: patients, studies, series, geometry, transfer syntaxes, privacy risks.
    Info(InfoArgs),
    /// Bring one volume to another by a rigid transform.
    Register(RegisterArgs),
    /// Print a preset recipe, or list the presets.
    Recipe(RecipeArgs),
    /// Check a finished output folder: digests, counts, exports.
    Verify(VerifyArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct DemoArgs {
    /// A new or empty folder; the cohort goes to OUT/cohort, the data set to OUT/dataset.
    pub(crate) out: PathBuf,
    /// Seed of the synthetic cohort.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PrepareArgs {
    /// Files or folders: DICOM, NIfTI, NRRD, label maps.
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// The output folder: new or empty, and not inside an input.
    #[arg(long, short)]
    pub(crate) out: PathBuf,
    /// Name of a preset (see `isocenter recipe`) or a TOML file.
    #[arg(long, default_value = "generic")]
    pub(crate) recipe: String,
    /// File with the secret that pseudonyms are made with; made where it does not exist. Keep it apart from the output.
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: PathBuf,
    /// What to export besides images and manifest: nnunet, dicom.
    #[arg(long, value_delimiter = ',', value_name = "NAME,...")]
    pub(crate) export: Vec<String>,
    /// CSV that says what volume files are and whose: `file,patient,visit,modality,role,channel`, where all but `file` may be left out.
    /// It decides over names and folders. Or `label,series`: which label file belongs to which series (its UID or a file of it).
    #[arg(long, value_name = "FILE")]
    pub(crate) pairs: Option<PathBuf>,
    /// Write the table of file ids and original paths here; not inside the output folder.
    #[arg(long, value_name = "FILE")]
    pub(crate) map: Option<PathBuf>,
    /// Say what would be done and why, and write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct InfoArgs {
    /// Files or folders.
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RegisterArgs {
    /// The volume that stays: NIfTI or NRRD.
    pub(crate) fixed: PathBuf,
    /// The volume that is moved.
    pub(crate) moving: PathBuf,
    /// Where the transform goes (fixed to moving points): `.tfm` is ITK's, LPS; `.txt` is a 4x4 matrix, RAS.
    #[arg(long, short)]
    pub(crate) transform: PathBuf,
    /// Whose convention the transform file follows, where its name does not say.
    #[arg(long, value_enum)]
    pub(crate) transform_format: Option<TransformFormat>,
    /// Write the moving volume on the fixed volume's grid here.
    #[arg(long, short = 'o', value_name = "FILE")]
    pub(crate) resampled: Option<PathBuf>,
    /// Only voxels of this label map (above 0, on the fixed volume's grid) are looked at.
    #[arg(long, value_name = "FILE")]
    pub(crate) mask: Option<PathBuf>,
    /// Take volumes whose files do not say which way is left as if they were in the patient's LPS frame.
    #[arg(long)]
    pub(crate) assume_patient_frame: bool,
}

/// Conventions of transform files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TransformFormat {
    /// ITK text (`#Insight Transform File V1.0`), LPS.
    Itk,
    /// A 4x4 matrix in RAS millimetres, as greedy and C3D write it.
    Ras,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RecipeArgs {
    /// The preset; all names are listed where left out.
    pub(crate) name: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct VerifyArgs {
    /// The output folder of `prepare`.
    pub(crate) out: PathBuf,
}

fn parse_jobs(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n) if (1..=1024).contains(&n) => Ok(n),
        _ => Err("a whole number from 1 to 1024 is wanted".to_owned()),
    }
}
