//! What stands under the options of each command's help: examples and exit codes.

use isocenter::{
    Recipe,
    normalize::{Transform, pipeline::CohortStep},
};

use crate::exit;

pub(crate) fn program() -> String {
    let examples = [
        ("a synthetic cohort, prepared: look at demo-out/dataset/report.html", "isocenter demo demo-out"),
        (
            "a folder of scans as a data set for nnU-Net",
            "isocenter prepare scans -o dataset --recipe multimodal --key-file project.key --export nnunet",
        ),
    ];
    let all: Vec<u8> = exit::CODES.iter().map(|(code, _)| *code).collect();
    text(&examples, &all)
}

pub(crate) fn demo() -> String {
    let examples = [
        ("six synthetic patients in, a finished data set and report out", "isocenter demo demo-out"),
        ("other patients, and the result for a program", "isocenter demo other-out --seed 7 --json"),
    ];
    text(&examples, &[0, 2, 3, 4, 5, 130])
}

pub(crate) fn prepare() -> String {
    let examples = [
        (
            "say what would be done, and write nothing",
            "isocenter prepare scans -o dataset --recipe multimodal --key-file project.key --dry-run",
        ),
        (
            "do it, for nnU-Net, and keep the table of which file was which",
            "isocenter prepare scans -o dataset --recipe multimodal --key-file project.key --export nnunet --map map.csv",
        ),
    ];
    let mut presets = String::from("Presets:\n");
    for name in Recipe::preset_names() {
        if let Some(Ok(recipe)) = Recipe::preset(name) {
            presets.push_str(&format!("  {name:16} {}\n", recipe.description));
        }
    }
    format!("{presets}\n{}", text(&examples, &[0, 1, 2, 3, 4, 5, 130]))
}

pub(crate) fn info() -> String {
    let examples = [
        ("one row for each volume that can be made", "isocenter info scans"),
        ("with folders and descriptions, and every file that cannot be used", "isocenter info scans --paths"),
    ];
    text(&examples, &[0, 2, 5, 130])
}

pub(crate) fn convert() -> String {
    let examples = [
        ("one gzipped NIfTI file for each volume", "isocenter convert scans -o nifti"),
        (
            "say what would be made of it, and why, and write nothing",
            "isocenter convert scans -o nifti --dry-run --explain",
        ),
        (
            "a folder for each manufacturer, NRRD, series numbers of three digits",
            "isocenter convert scans -o volumes -f %m/%3s_%z --to nrrd",
        ),
        (
            "plan once, and write in three runs, on one machine or many",
            "isocenter convert scans --dry-run --save-plan scans.plan\n  isocenter convert --plan scans.plan -o nifti --shard 1/3",
        ),
        (
            "a data set of BIDS, by a configuration file of dcm2bids",
            "isocenter convert scans -o study --bids dcm2bids.json --participant 01",
        ),
    ];
    text(&examples, &[0, 1, 2, 5, 130])
}

pub(crate) fn deid() -> String {
    let examples = [
        (
            "by the Basic Profile, with a record of every element",
            "isocenter deid scans -o clean --key-file project.key --report deid.jsonl",
        ),
        (
            "for research, and keep the table of which file became which",
            "isocenter deid scans -o clean --key-file project.key --profile research --map map.csv",
        ),
        (
            "the Basic Profile with two options of PS3.15",
            "isocenter deid scans -o clean --key-file project.key --option clean-descriptors --option retain-safe-private",
        ),
        (
            "with a way back for what is returned, and a list of what is left to read over",
            "isocenter deid scans -o clean --key-file project.key --crosswalk trial.crosswalk --review review.csv",
        ),
        (
            "text in the pixels found and blanked, but for labels and measurements",
            "isocenter deid scans -o clean --key-file project.key --option clean-pixel-data --ocr",
        ),
        (
            "faces of MR and CT heads found by a template, and removed",
            "isocenter deid scans -o clean --key-file project.key --option clean-recognizable-visual-features --face-template head.nii.gz --face-mask face.nii.gz",
        ),
        (
            "as a script of CTP, with its table of subjects, says",
            "isocenter deid scans -o clean --key-file project.key --script anonymizer.script --lookup lookup.properties",
        ),
        (
            "with the originals of what identifies sealed into each file, for the holder of trial.key alone",
            "isocenter deid scans -o clean --key-file project.key --encrypt-to trial.crt",
        ),
    ];
    text(&examples, &[0, 1, 2, 5, 130])
}

pub(crate) fn reidentify() -> String {
    let examples = [
        (
            "segmentations that came back, with the patients and UIDs of the originals",
            "isocenter reidentify returned -o ours --crosswalk trial.crosswalk --key-file project.key",
        ),
        (
            "what became what, as a table",
            "isocenter reidentify --table crosswalk.csv --crosswalk trial.crosswalk --key-file project.key",
        ),
        (
            "files that `deid --encrypt-to trial.crt` wrote, with what is sealed in them",
            "isocenter reidentify clean -o ours --private-key trial.key --passphrase-file phrase.txt",
        ),
    ];
    text(&examples, &[0, 1, 2, 5, 130])
}

pub(crate) fn profile() -> String {
    let examples = [
        ("a profile of your own to begin with", "isocenter profile research > mine.toml"),
        ("what an officer signs", "isocenter profile mine.toml --statement > statement.md"),
    ];
    text(&examples, &[0, 2])
}

pub(crate) fn register() -> String {
    let examples = [
        ("the transform for ITK and 3D Slicer", "isocenter register t1.nii.gz flair.nii.gz -t flair-to-t1.tfm"),
        (
            "the moving volume on the fixed grid too, looking at the brain alone",
            "isocenter register t1.nii.gz pet.nii.gz -t pet.txt -o pet-on-t1.nii.gz --mask brain.nii.gz",
        ),
        (
            "the contrasts of a study onto its T1, with the volumes",
            "isocenter register t1.nii.gz --moving t2.nii.gz flair.nii.gz -o on-t1 --volumes",
        ),
        (
            "volumes to a space in their middle",
            "isocenter register --group day1.nii.gz day2.nii.gz day3.nii.gz -o middle --volumes",
        ),
        (
            "the motion of a series",
            "isocenter register --motion bold.nii.gz -o still.nii.gz -t motion.aff12.1D --table motion.tsv",
        ),
        (
            "the PET on the template's grid, through two transforms in one interpolation",
            "isocenter register --apply t1-to-template.tfm pet-to-t1.tfm --moving pet.nii.gz --like template.nii.gz -o pet-on-template.nii.gz",
        ),
        (
            "points of the PET on the template: what takes an image there takes points back",
            "isocenter register --apply inverse:pet-to-t1.tfm inverse:t1-to-template.tfm --points pet.fcsv -o template.fcsv",
        ),
    ];
    text(&examples, &[0, 2, 5, 6, 7, 130])
}

pub(crate) fn normalize() -> String {
    let examples = [
        (
            "a T1 without its bias field, in standard deviations of the head",
            "isocenter normalize t1.nii.gz -o t1-n.nii.gz --step n4 --step zscore:region=head",
        ),
        (
            "a folder of CT at 1.5 mm in a lung window, with pictures",
            "isocenter normalize cts -o out --step reorient:to=RAS --step resample:spacing=1.5 --step ct_window:preset=lung --figures",
        ),
        (
            "what that comes to: passes, interpolations, memory",
            "isocenter normalize cts -o out --steps steps.toml --dry-run",
        ),
    ];
    let mut names = String::from("Steps:\n");
    let all: Vec<&str> = Transform::names().collect();
    for line in all.chunks(6) {
        names += &format!("  {}\n", line.join(", "));
    }
    format!("{names}\n{}", text(&examples, &[0, 1, 2, 5, 130]))
}

pub(crate) fn fit() -> String {
    let examples = [
        (
            "a standard scale of the training images, then every image on it",
            "isocenter fit train -o nyul.json --step n4 --step nyul && isocenter apply nyul.json all -o out",
        ),
        (
            "nnU-Net's CT scheme from the bodies of the training set",
            "isocenter fit train -o ct.json --step ct_fingerprint",
        ),
    ];
    let asks = format!("Steps that ask the images: {}.\n", CohortStep::NAMES.join(", "));
    format!("{asks}\n{}", text(&examples, &[0, 2, 5, 130]))
}

pub(crate) fn apply() -> String {
    let examples = [
        ("fitted steps to a folder of images", "isocenter apply nyul.json scans -o out"),
        (
            "the label map of an image that was normalized with --record",
            "isocenter apply t1-n.steps.json labels.nii.gz -o labels-n.nii.gz",
        ),
        (
            "what a network found there, back on the grid of the scan",
            "isocenter apply t1-n.steps.json found.nii.gz -o found-native.nii.gz --inverse",
        ),
    ];
    text(&examples, &[0, 1, 2, 5, 130])
}

pub(crate) fn harmonize() -> String {
    let examples = [
        (
            "features of five hospitals, with the effects of age and sex kept",
            "isocenter harmonize features.csv -o harmonized.csv --site hospital --covariate age --covariate sex --save combat.json",
        ),
        (
            "scans that came later",
            "isocenter harmonize new.csv -o new-harmonized.csv --site hospital --covariate age --covariate sex --fitted combat.json",
        ),
    ];
    text(&examples, &[0, 2, 5])
}

pub(crate) fn transform() -> String {
    let examples = [
        ("what a transform does", "isocenter transform show flair-to-t1.tfm"),
        (
            "for FLIRT, whose matrices speak of the voxels of both images",
            "isocenter transform convert flair-to-t1.tfm -o flair-to-t1.mat --to fsl --fixed t1.nii.gz --moving flair.nii.gz",
        ),
        (
            "from the template through the patient's T1 to his PET",
            "isocenter transform compose t1-to-template.tfm pet-to-t1.txt -o pet-to-template.tfm",
        ),
    ];
    text(&examples, &[0, 2, 5])
}

pub(crate) fn recipe() -> String {
    let examples = [
        ("a preset to start from", "isocenter recipe multimodal > mine.toml"),
        ("every key of a recipe, with type, default and range", "isocenter recipe --keys"),
    ];
    text(&examples, &[0, 2, 5])
}

pub(crate) fn verify() -> String {
    let examples = [
        ("say what does not hold, if anything", "isocenter verify dataset"),
        ("the same for a program", "isocenter verify dataset --json"),
    ];
    text(&examples, &[0, 2, 3, 5])
}

pub(crate) fn completions() -> String {
    let examples = [
        ("for this user's bash", "isocenter completions bash > ~/.local/share/bash-completion/completions/isocenter"),
        ("for zsh, in a folder of $fpath", "isocenter completions zsh > _isocenter"),
    ];
    text(&examples, &[0, 2, 5])
}

pub(crate) fn man() -> String {
    let examples = [
        ("one page a command, for this user", "isocenter man ~/.local/share/man/man1"),
        ("for a package", "isocenter man debian/man"),
    ];
    text(&examples, &[0, 2, 5])
}

fn text(examples: &[(&str, &str)], codes: &[u8]) -> String {
    let mut out = String::from("Examples:\n");
    for (what, command) in examples {
        out.push_str(&format!("  # {what}\n  {command}\n"));
    }
    out.push_str(&format!("\nExit codes:\n{}", exit::lines(codes)));
    out.truncate(out.trim_end().len());
    out
}
