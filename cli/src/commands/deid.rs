//! `isocenter deid PATH... -o OUT --key-file K`.

use std::path::Path;

use isocenter::{
    Deidentify, KeySource,
    deidentify::{Instances, Names, ScriptFile, ScriptOptions, load_profile},
    faces::{MaskFile, Template},
    quarantine,
    volume::Ctx,
};
use serde_json::{Value, json};

use crate::{
    args::{Common, DeidArgs},
    bars::Bars,
    print,
};

pub(crate) fn run(args: &DeidArgs, common: &Common) -> anyhow::Result<u8> {
    let key = KeySource::File(args.key_file.clone());
    let mut job = match &args.script {
        Some(path) => Deidentify::by_script(args.paths.clone(), args.out.clone(), script(path, args)?, key),
        None => {
            let profile = load_profile(&args.profile)?;
            let profile = args.options.iter().fold(profile, |profile, option| profile.with(*option));
            Deidentify::new(args.paths.clone(), args.out.clone(), profile, key)
        }
    };
    if args.keep_names {
        job.names = Names::Kept;
    }
    (job.map, job.report, job.resume) = (args.map.clone(), args.report.clone(), args.resume);
    (job.crosswalk, job.passphrase) = (args.crosswalk.clone(), args.passphrase_file.clone());
    (job.assigned, job.review) = (args.assign.clone(), args.review.clone());
    job.pixel_rules.clone_from(&args.pixel_rules);
    #[cfg(feature = "ocr")]
    if let Some(program) = &args.ocr {
        job.reader = Some(isocenter::deidentify::tesseract(program)?);
    }
    (job.recipients, job.seals_all) = (args.encrypt_to.clone(), args.encrypt_all);
    job.faces = args.face_template.as_deref().map(|head| template(head, args)).transpose()?;
    let bars = Bars::new(common);
    let outcome = job.run(&Ctx::default().with_observer(&bars));
    bars.finish();
    let found = outcome?;
    for remark in &found.remarks {
        match remark.starts_with("INSECURE") {
            true => print::warning(remark),
            false => print::note(common, remark),
        }
    }
    print::json(common, &value(&found));
    for line in lines(&found) {
        print::line(common, &line);
    }
    let kept_out: Vec<String> = kept_out(&found);
    for line in &kept_out {
        print::line(common, line);
    }
    if common.quiet && !common.json {
        kept_out.iter().for_each(|line| print::warning(line));
    }
    Ok(u8::from(found.quarantined > 0))
}

fn script(path: &Path, args: &DeidArgs) -> Result<ScriptFile, isocenter::Error> {
    let mut options = ScriptOptions::default();
    (options.format, options.compat) = (args.script_format, args.compat);
    options.lookup = args.lookup.as_deref();
    (options.variables, options.now) = (args.variables.clone(), args.script_time.clone());
    ScriptFile::read(path, &options)
}

fn template(head: &Path, args: &DeidArgs) -> Result<Template, isocenter::Error> {
    let faces = args.face_masks.iter().map(MaskFile::of_face);
    let masks: Vec<MaskFile> = faces.chain(args.face_keeps.iter().map(MaskFile::of_rest)).collect();
    Ok(Template::read(head, &masks, args.face_brain.as_deref(), &Ctx::default())?)
}

fn lines(found: &Instances) -> Vec<String> {
    let count = |number: usize, what: &str| format!("{number} {what}{}", if number == 1 { "" } else { "s" });
    let mut lines = vec![format!(
        "{}, {}: {} written, {} the same as another, {} kept out",
        count(found.files, "file"),
        count(found.patients, "patient"),
        count(found.written, "instance"),
        found.repeated,
        found.quarantined
    )];
    let suspect: usize = found.may_show_text.values().sum();
    if suspect > 0 {
        let why: Vec<String> = found.may_show_text.iter().map(|(code, count)| format!("{count} {code}")).collect();
        lines.push(format!(
            "{suspect} of them may show text in their pixels, which was not cleaned: {}",
            why.join(", ")
        ));
    }
    if let Some(faces) = found.faces {
        let not_found = match faces.not_found + faces.not_looked_for {
            0 => String::new(),
            _ => format!(
                "; in {} the template did not fit, in {} no series is suited to find it on",
                faces.not_found, faces.not_looked_for
            ),
        };
        let worlds = if faces.worlds == 1 { "frame" } else { "frames" };
        lines.push(format!(
            "the face was found in {} of {} {worlds} of reference{not_found}; {} lost {}",
            faces.found,
            faces.worlds,
            count(faces.images, "image"),
            count(usize::try_from(faces.voxels).unwrap_or(usize::MAX), "voxel")
        ));
    }
    if let Some(groups) = found.groups {
        lines.push(format!(
            "by age, sex, month of study and scanner: {} alone, {} in groups of fewer than five, of {}",
            count(groups.alone, "patient"),
            groups.below_five,
            count(groups.groups, "group")
        ));
    }
    lines
}

/// What was kept out and what to do. Paths stay unsaid: one may name a patient; `--map` has them.
fn kept_out(found: &Instances) -> Vec<String> {
    let lines = found.quarantine.iter().map(|group| {
        let advice = quarantine::advice(group.reason);
        let details = group.details.first().map_or_else(String::new, |detail| format!(" ({detail})"));
        format!("  {} {}: {}{details}; {}", group.paths.len(), group.reason, advice.means, advice.next)
    });
    lines.collect()
}

fn value(found: &Instances) -> Value {
    json!({
        "files": found.files,
        "patients": found.patients,
        "written": found.written,
        "repeated": found.repeated,
        "quarantined": found.quarantined,
        "may_show_text": found.may_show_text,
        "faces": found.faces,
        "groups": found.groups.map(|groups| json!({
            "groups": groups.groups,
            "smallest": groups.smallest,
            "alone": groups.alone,
            "below_five": groups.below_five,
        })),
        "insecure": found.insecure,
        "quarantine": found.quarantine.iter().map(|group| json!({
            "reason": group.reason,
            "files": group.paths.len(),
            "details": group.details,
        })).collect::<Vec<_>>(),
        "exit_code": u8::from(found.quarantined > 0),
    })
}
