//! The command line.

mod normalize;
mod register;

use std::path::PathBuf;

use clap::{ArgAction, Args as ClapArgs, Parser, Subcommand, ValueEnum};

use isocenter::{
    convert::output::{Template, TemplateError},
    deid::{
        ProfileOption,
        scripts::{Compat, Format},
    },
};

pub(crate) use self::normalize::{
    ApplyArgs, FitArgs, HarmonizeArgs, HowArgs, NormalizeArgs, PriorArg, StepsArgs, VolumesOut,
};
pub(crate) use self::register::{AxesArg, InterpArg, ReferenceArg, RegisterArgs, YesNo};
use crate::help;

/// Clinical images in, training data out.
#[derive(Debug, Parser)]
#[command(name = "isocenter", version, propagate_version = true, max_term_width = 100, after_help = help::program())]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options that every command takes.
#[derive(Clone, Debug, ClapArgs)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Common {
    /// Threads; the number of cores where left out. The result is the same for any number.
    #[arg(long, global = true, value_name = "N", value_parser = parse_jobs)]
    pub(crate) jobs: Option<usize>,
    /// Print the result as JSON on stdout.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print errors and what was asked for: the answer of a question, nothing of a run that writes files.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Tell on stderr which stage begins and ends (-vv: the stages within, too); `RUST_LOG` says the same in more detail.
    #[arg(long, short, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a synthetic cohort and prepare it: a finished data set and report, without any data of your own.
    #[command(after_help = help::demo())]
    Demo(DemoArgs),
    /// Turn files and folders of scans into a training data set.
    #[command(after_help = help::prepare())]
    Prepare(PrepareArgs),
    /// Say what is in files and folders: patients, studies, series, geometry, transfer syntaxes, privacy risks.
    #[command(after_help = help::info())]
    Info(InfoArgs),
    /// Turn files and folders of DICOM into volume files, one for each volume.
    #[command(after_help = help::convert())]
    Convert(ConvertArgs),
    /// De-identify DICOM: files in, the same files out without what identifies, under new ids.
    #[command(after_help = help::deid())]
    Deid(DeidArgs),
    /// Give returned objects the originals of their ids, by the crosswalk of a run of `deid`.
    #[command(after_help = help::reidentify())]
    Reidentify(ReidentifyArgs),
    /// Print a profile of `deid`: as data, as a conformance statement, or the schema of all.
    #[command(after_help = help::profile())]
    Profile(ProfileArgs),
    /// Convert by the letters of dcm2niix, for programs that call it; also done where the program itself is called dcm2niix.
    Dcm2niix(Dcm2niixArgs),
    /// Change values and grids of images, step by step: z-score, windows, percentiles, N4, filters, spacing, orientation, crops.
    #[command(after_help = help::normalize())]
    Normalize(NormalizeArgs),
    /// Ask the images of a training set what steps of a cohort need: a standard scale (nyul), a CT fingerprint, tissue means, a reference.
    #[command(after_help = help::fit())]
    Fit(FitArgs),
    /// Do fitted steps to images, or what was done to one image to its label map and back.
    #[command(after_help = help::apply())]
    Apply(ApplyArgs),
    /// Bring features of several sites onto one footing: ComBat over a table.
    #[command(after_help = help::harmonize())]
    Harmonize(HarmonizeArgs),
    /// Bring one volume to another by a rigid or an affine transform, and say whether it holds.
    #[command(after_help = help::register())]
    Register(RegisterArgs),
    /// Convert, invert, compose or print files that hold a transform.
    #[command(after_help = help::transform())]
    Transform(TransformArgs),
    /// Print a preset recipe, or list the presets.
    #[command(after_help = help::recipe())]
    Recipe(RecipeArgs),
    /// Check a finished output folder: digests, counts, exports.
    #[command(after_help = help::verify())]
    Verify(VerifyArgs),
    /// Print a script that completes commands and options in a shell.
    #[command(after_help = help::completions())]
    Completions(CompletionsArgs),
    /// Write the manual pages, one for each command.
    #[command(after_help = help::man())]
    Man(ManArgs),
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
    /// Files, folders or zip archives: DICOM, NIfTI, NRRD, MetaImage, MGH, MINC and more, label maps.
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// The output folder: new or empty, and not inside an input.
    #[arg(long, short)]
    pub(crate) out: PathBuf,
    /// A preset by its name (they are listed below), or a TOML file.
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
pub(crate) struct DeidArgs {
    /// Files, folders or zip archives of DICOM.
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// The output folder: new or empty, and not inside an input.
    #[arg(long, short)]
    pub(crate) out: PathBuf,
    /// File with the secret that pseudonyms are made with; made where it does not exist. Keep it apart from the output.
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: PathBuf,
    /// What may stay: `basic` (the Basic Profile of DICOM PS3.15), `research` (sex, age, intervals, cleaned descriptions and safe private
    /// elements stay), or a file of TOML or JSON.
    #[arg(long, default_value = "basic", value_name = "NAME|FILE")]
    pub(crate) profile: String,
    /// An option of PS3.15 besides, such as clean-descriptors; may be given several times.
    #[arg(long = "option", value_name = "NAME", value_parser = parse_option)]
    pub(crate) options: Vec<ProfileOption>,
    /// A script of another de-identifier in the place of a profile: of CTP (anonymizer or filter), RSNA's Anonymizer, pydicom's deid, Orthanc, Google's Healthcare
    /// API or Microsoft's anonymizer. What it asks for and cannot be done is an error.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["profile", "options", "crosswalk", "assign"])]
    pub(crate) script: Option<PathBuf>,
    /// Of what format the script is, where its content cannot tell: ctp, ctp-filter, rsna, deid, orthanc, google, microsoft.
    #[arg(long, value_name = "NAME", requires = "script", value_parser = parse_format)]
    pub(crate) script_format: Option<Format>,
    /// The table that a script of CTP's looks values up in: lines `TYPE/VALUE=REPLACEMENT`.
    #[arg(long, value_name = "FILE", requires = "script")]
    pub(crate) lookup: Option<PathBuf>,
    /// The value of a variable or parameter of the script; may be given several times.
    #[arg(long = "variable", value_name = "NAME=VALUE", requires = "script", value_parser = parse_variable)]
    pub(crate) variables: Vec<(String, String)>,
    /// Date and time that a script of CTP's writes, `YYYYMMDDHHMMSS`; without it 19000101000000, so that a run can be repeated to the byte.
    #[arg(long, value_name = "TIME", requires = "script", value_parser = parse_time)]
    pub(crate) script_time: Option<String>,
    /// INSECURE: make hashes as the original program does, without a key, to go on with a data set of its: ctp-md5 or rsna-md5.
    #[arg(long, value_name = "NAME", requires = "script", value_parser = parse_compat)]
    pub(crate) compat: Option<Compat>,
    /// Call outputs as the originals are called, below OUT, in place of PATIENT/STUDY/SERIES/INSTANCE.dcm. A name may be a patient's.
    #[arg(long)]
    pub(crate) keep_names: bool,
    /// Write the table `in,out` of original and new paths here; not inside the output folder.
    #[arg(long, value_name = "FILE")]
    pub(crate) map: Option<PathBuf>,
    /// Write what was done to every element of every file here, a line of JSON for each file, without a value or a path of an original.
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Keep what became what here, encrypted under the key: the way back, for `isocenter reidentify`. One that is there is added to.
    #[arg(long, value_name = "FILE")]
    pub(crate) crosswalk: Option<PathBuf>,
    /// A file whose first line opens the crosswalk together with the key.
    #[arg(long, value_name = "FILE", requires = "crosswalk")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Pseudonyms to take in place of keyed ones: CSV with `attribute,original,new`, where attribute is a keyword (PatientID), UID or DateShiftDays. Where
    /// it names patients, others are kept out.
    #[arg(long, value_name = "FILE")]
    pub(crate) assign: Option<PathBuf>,
    /// Seal what identifies into each instance, to the X.509 certificate of whoever may have it back (Encrypted Attributes of PS3.15; RSA): `isocenter reidentify
    /// --private-key` opens it. May be given several times. These bytes are random: two runs differ in them. Needs a build with the feature encrypted-attributes.
    #[arg(long, value_name = "CERT")]
    pub(crate) encrypt_to: Vec<PathBuf>,
    /// With --encrypt-to: seal everything that was changed, not what identifies alone.
    #[arg(long, requires = "encrypt_to")]
    pub(crate) encrypt_all: bool,
    /// Write the distinct values of each attribute of the output here, for a person to read: CSV; and say how many patients share age, sex, month and scanner.
    #[arg(long, value_name = "FILE")]
    pub(crate) review: Option<PathBuf>,
    /// Rules that say where the images of a device show text, by their headers: a file `.toml` of rules, else a script of CTP's DicomPixelAnonymizer. These places are
    /// blanked, beside the text that is found; with --script they alone.
    #[arg(long, value_name = "FILE")]
    pub(crate) pixel_rules: Option<PathBuf>,
    /// Read burned-in text, so that labels which name nobody stay where pixels are cleaned: by the system's tesseract, or the program at a path. What is not
    /// read for sure is blanked.
    #[cfg(feature = "ocr")]
    #[arg(long, value_name = "tesseract|PATH", num_args = 0..=1, require_equals = true, default_missing_value = "tesseract")]
    pub(crate) ocr: Option<PathBuf>,
    /// With --option clean-recognizable-visual-features: the image of a head, a volume file, that shows where a face is. It is brought to the best series of each frame
    /// of reference of each patient; where that is in doubt, images that may show a face are kept out.
    #[arg(long, value_name = "HEAD")]
    pub(crate) face_template: Option<PathBuf>,
    /// A mask of what has to go, on any grid of the template's world: 1 where the face is. May be given several times.
    #[arg(long = "face-mask", value_name = "MASK", requires = "face_template")]
    pub(crate) face_masks: Vec<PathBuf>,
    /// The same by what stays: 0 where the face is, as pydeface has it. May be given several times.
    #[arg(long = "face-keep", value_name = "MASK", requires = "face_template")]
    pub(crate) face_keeps: Vec<PathBuf>,
    /// A mask of the template's brain, which always stays.
    #[arg(long, value_name = "MASK", requires = "face_template")]
    pub(crate) face_brain: Option<PathBuf>,
    /// Go on with a run of the same profile or script and key that was cut off.
    #[arg(long)]
    pub(crate) resume: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ReidentifyArgs {
    /// Files, folders or zip archives of DICOM.
    #[arg(requires = "out", required_unless_present = "table")]
    pub(crate) paths: Vec<PathBuf>,
    /// The output folder: new or empty. Files are called as they are.
    #[arg(long, short)]
    pub(crate) out: Option<PathBuf>,
    /// The crosswalk that `deid` kept.
    #[arg(long, value_name = "FILE", required_unless_present = "private_key", requires = "key_file")]
    pub(crate) crosswalk: Option<PathBuf>,
    /// The key that it was made under.
    #[arg(long, value_name = "FILE", requires = "crosswalk")]
    pub(crate) key_file: Option<PathBuf>,
    /// The private key of a certificate that `deid --encrypt-to` sealed to (PEM or DER): originals come out of the files themselves. Needs a build with the feature
    /// encrypted-attributes.
    #[arg(long, value_name = "KEY", conflicts_with_all = ["crosswalk", "key_file", "table"])]
    pub(crate) private_key: Option<PathBuf>,
    /// A file whose first line is the passphrase of the crosswalk, or of the private key.
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Write all that the crosswalk holds here: CSV with `attribute,original,new`. It identifies patients.
    #[arg(long, value_name = "FILE")]
    pub(crate) table: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ProfileArgs {
    /// `basic`, `research`, or a file of TOML or JSON.
    #[arg(default_value = "basic", value_name = "NAME|FILE")]
    pub(crate) profile: String,
    /// An option of PS3.15 besides, such as clean-descriptors; may be given several times.
    #[arg(long = "option", value_name = "NAME", value_parser = parse_option)]
    pub(crate) options: Vec<ProfileOption>,
    /// The conformance statement, in Markdown: what becomes of each attribute.
    #[arg(long, conflicts_with = "schema")]
    pub(crate) statement: bool,
    /// The JSON Schema of profiles.
    #[arg(long)]
    pub(crate) schema: bool,
}

fn parse_format(name: &str) -> Result<Format, String> {
    Format::by_name(name).ok_or_else(|| format!("the formats are {}", Format::ALL.map(Format::name).join(", ")))
}

fn parse_compat(name: &str) -> Result<Compat, String> {
    Compat::by_name(name).ok_or_else(|| "there are ctp-md5 and rsna-md5".to_owned())
}

fn parse_variable(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("wanted NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

fn parse_time(text: &str) -> Result<String, String> {
    let is_one = text.len() == 14 && text.bytes().all(|b| b.is_ascii_digit());
    if is_one { Ok(text.to_owned()) } else { Err("wanted YYYYMMDDHHMMSS".to_owned()) }
}

fn parse_option(name: &str) -> Result<ProfileOption, String> {
    let known = || ProfileOption::ALL.map(ProfileOption::name).join(", ");
    ProfileOption::by_name(name).ok_or_else(|| format!("the options are {}", known()))
}

#[derive(Debug, ClapArgs)]
pub(crate) struct InfoArgs {
    /// Files or folders.
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// Say which folder and description each row is, and name every file that cannot be used. These may name a patient.
    #[arg(long = "paths")]
    pub(crate) with_paths: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ConvertArgs {
    /// Files or folders of DICOM.
    #[arg(required_unless_present = "plan")]
    pub(crate) paths: Vec<PathBuf>,
    /// The folder that the volumes go to; made where it does not exist. A plan that is saved needs none.
    #[arg(long, short, required_unless_present = "save_plan")]
    pub(crate) out: Option<PathBuf>,
    /// How files are called: text with tokens, the letters of dcm2niix: %s series number, %q modality, %d description, %p protocol, %e echo,
    /// %m manufacturer, %z sequence, ...; `/` makes folders. `%s_%q` where left out, `%s_%d` where descriptions are kept.
    #[arg(long, short = 'f', value_name = "TEMPLATE", value_parser = parse_template)]
    pub(crate) filename: Option<Template>,
    /// The kind of file, by its extension: nii.gz (where left out), nii, nrrd, mha, mgz, ...
    #[arg(long, value_name = "EXTENSION")]
    pub(crate) to: Option<String>,
    /// What stands beside each volume: a JSON sidecar with the names of BIDS and dcm2niix, or none.
    #[arg(long, value_enum, default_value = "json")]
    pub(crate) sidecar: SidecarKind,
    /// Let names and sidecars hold the descriptions of series, study and protocol: free text, in which somebody may have written a name.
    #[arg(long)]
    pub(crate) keep_descriptions: bool,
    /// Let names and sidecars hold what may identify a person.
    #[arg(long)]
    pub(crate) keep_identity: bool,
    /// Write overlays as masks too: NAME_ROI1 and on.
    #[arg(long)]
    pub(crate) overlays: bool,
    /// Write what a tilted gantry made on a grid of right angles too, interpolated: NAME_Tilt.
    #[arg(long)]
    pub(crate) upright: bool,
    /// Make a volume of slices that are not evenly spaced, or of which one is missing, by interpolation between them: NAME_Eq. Without it
    /// they are kept out.
    #[arg(long)]
    pub(crate) even: bool,
    /// Give a Philips MR the values of its display, not the scanner's own.
    #[arg(long)]
    pub(crate) display_values: bool,
    /// Level of gzip, 1 (fast) to 9 (small); 6 where left out.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=9))]
    pub(crate) level: Option<u32>,
    /// Make OUT a data set of BIDS, or add to it: names, folders and what sidecars say besides come from a mapping, the configuration
    /// file of dcm2bids 3. What no description of it fits is told, and not written.
    #[arg(long, value_name = "MAPPING", requires = "participant", conflicts_with_all = ["filename", "overlays", "upright"])]
    pub(crate) bids: Option<PathBuf>,
    /// With --bids: whose scans these are, letters and digits.
    #[arg(long, value_name = "LABEL", requires = "bids")]
    pub(crate) participant: Option<String>,
    /// With --bids: of which visit they are.
    #[arg(long, value_name = "LABEL", requires = "bids")]
    pub(crate) session: Option<String>,
    /// With --bids: look for task, direction and echo where names of their kind have them, though the mapping does not ask.
    #[arg(
        long,
        visible_alias = "auto_extract_entities",
        requires = "bids",
        conflicts_with = "do_not_reorder_entities"
    )]
    pub(crate) auto_extract_entities: bool,
    /// With --bids: leave entities in the order of the mapping.
    #[arg(long, visible_alias = "do_not_reorder_entities", requires = "bids")]
    pub(crate) do_not_reorder_entities: bool,
    /// Write only the volumes of one of N shards: I of 1 to N. Runs over the same files agree on them, and give the names of a whole run.
    #[arg(long, value_name = "I/N", value_parser = parse_shard)]
    pub(crate) shard: Option<Shard>,
    /// With --dry-run: save the plan and all that is said of its outputs in FILE, for runs with --plan. It names the originals and may name
    /// patients; its owner alone can read it.
    #[arg(long, value_name = "FILE", requires = "dry_run", conflicts_with = "shard")]
    pub(crate) save_plan: Option<PathBuf>,
    /// Write what a saved plan says, in place of PATHS and all that was said with them: only the files of the volumes of --shard are opened.
    #[arg(long, value_name = "FILE", conflicts_with_all = DECIDED)]
    pub(crate) plan: Option<PathBuf>,
    /// Replace files that exist.
    #[arg(long)]
    pub(crate) force: bool,
    /// Say what would be made, and write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Tell the facts that keep each volume together and apart from the others of its series, and name every file that is left out.
    #[arg(long)]
    pub(crate) explain: bool,
}

/// What a saved plan decides.
const DECIDED: [&str; 17] = [
    "paths",
    "filename",
    "to",
    "sidecar",
    "keep_descriptions",
    "keep_identity",
    "overlays",
    "upright",
    "even",
    "display_values",
    "level",
    "bids",
    "participant",
    "session",
    "auto_extract_entities",
    "do_not_reorder_entities",
    "save_plan",
];

#[derive(Debug, ClapArgs)]
#[command(disable_help_flag = true)]
pub(crate) struct Dcm2niixArgs {
    /// Letters and the input folder, as dcm2niix has them; `-h` lists those that are taken.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) letters: Vec<std::ffi::OsString>,
}

/// What stands beside a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SidecarKind {
    /// A JSON sidecar.
    Json,
    /// Nothing.
    None,
}

/// Conventions of transform files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TransformFormat {
    /// ITK text (`#Insight Transform File V1.0`), LPS; also 3D Slicer's.
    Itk,
    /// ITK in HDF5, LPS.
    ItkH5,
    /// ITK's transform in a binary `.mat`, LPS, as ANTs writes it.
    Ants,
    /// A 4x4 matrix in RAS millimetres, as greedy and C3D write it.
    Ras,
    /// The affine that would take the place of the moving image's own; needs both images.
    Sform,
    /// FLIRT's 4x4 matrix of scaled voxels, moving to fixed; needs both images.
    Fsl,
    /// FreeSurfer's `.lta`.
    Lta,
    /// FreeSurfer's `register.dat`; needs both images.
    RegisterDat,
    /// AFNI's `.aff12.1D`.
    Afni,
    /// MINC's `.xfm`.
    Minc,
    /// X5 of nitransforms.
    X5,
    /// elastix's transform parameters; needs both images to be written.
    Elastix,
}

impl From<TransformFormat> for isocenter::register::transform_file::Format {
    fn from(format: TransformFormat) -> Self {
        match format {
            TransformFormat::Itk => Self::Itk,
            TransformFormat::ItkH5 => Self::ItkHdf5,
            TransformFormat::Ants => Self::Ants,
            TransformFormat::Ras => Self::RasMatrix,
            TransformFormat::Sform => Self::Sform,
            TransformFormat::Fsl => Self::Fsl,
            TransformFormat::Lta => Self::Lta,
            TransformFormat::RegisterDat => Self::RegisterDat,
            TransformFormat::Afni => Self::Afni,
            TransformFormat::Minc => Self::Minc,
            TransformFormat::X5 => Self::X5,
            TransformFormat::Elastix => Self::Elastix,
        }
    }
}

#[derive(Debug, ClapArgs)]
pub(crate) struct TransformArgs {
    #[command(subcommand)]
    pub(crate) task: TransformTask,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TransformTask {
    /// Write a transform in another convention.
    Convert {
        /// The transform.
        file: PathBuf,
        #[command(flatten)]
        input: TransformIn,
        #[command(flatten)]
        output: TransformOut,
    },
    /// Write the way back: fixed and moving image change their roles.
    Invert {
        /// The transform.
        file: PathBuf,
        #[command(flatten)]
        input: TransformIn,
        #[command(flatten)]
        output: TransformOut,
    },
    /// Write one transform for several, which points go through in the order in which they are named.
    Compose {
        /// The transforms: the first one is from the fixed image.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        input: TransformIn,
        #[command(flatten)]
        output: TransformOut,
    },
    /// Print a transform: its matrix, and its rotation, shift, scales and shears.
    Show {
        /// The transform.
        file: PathBuf,
        #[command(flatten)]
        input: TransformIn,
    },
}

/// How transforms are read.
#[derive(Debug, ClapArgs)]
pub(crate) struct TransformIn {
    /// Whose convention the input follows, where neither its bytes nor its name says.
    #[arg(long, value_enum)]
    pub(crate) from: Option<TransformFormat>,
    /// The fixed image, for conventions that need it.
    #[arg(long, value_name = "FILE", requires = "moving")]
    pub(crate) fixed: Option<PathBuf>,
    /// The moving image, for conventions that need it.
    #[arg(long, value_name = "FILE", requires = "fixed")]
    pub(crate) moving: Option<PathBuf>,
}

/// How one is written.
#[derive(Debug, ClapArgs)]
pub(crate) struct TransformOut {
    /// Where it goes; the name says the convention, unless --to does.
    #[arg(long, short)]
    pub(crate) out: PathBuf,
    /// Whose convention the output follows.
    #[arg(long, value_enum)]
    pub(crate) to: Option<TransformFormat>,
    /// Replace an output that exists.
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RecipeArgs {
    /// The preset; all are listed where left out.
    pub(crate) name: Option<String>,
    /// Print every key that a recipe may have, with type, default and range.
    #[arg(long, conflicts_with = "name")]
    pub(crate) keys: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct VerifyArgs {
    /// The output folder of `prepare`.
    pub(crate) out: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CompletionsArgs {
    /// The shell.
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ManArgs {
    /// The folder for the pages; made where it does not exist. Pages of the same name are replaced.
    pub(crate) out: PathBuf,
}

fn parse_template(text: &str) -> Result<Template, String> {
    text.parse().map_err(|error: TemplateError| error.to_string())
}

/// One of several runs that share a conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    /// From 0.
    pub(crate) index: usize,
    pub(crate) count: usize,
}

fn parse_shard(text: &str) -> Result<Shard, String> {
    let parsed = text.split_once('/').and_then(|(i, n)| Some((i.parse::<usize>().ok()?, n.parse::<usize>().ok()?)));
    match parsed {
        Some((i, count)) if 1 <= i && i <= count => Ok(Shard { index: i - 1, count }),
        _ => Err("two whole numbers are wanted, such as 1/4 to 4/4".to_owned()),
    }
}

fn parse_jobs(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n) if (1..=1024).contains(&n) => Ok(n),
        _ => Err("a whole number from 1 to 1024 is wanted".to_owned()),
    }
}
