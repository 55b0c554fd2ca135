//! `isocenter info PATH...`.

use isocenter::{info, volume::Ctx};

use crate::{
    args::{Common, InfoArgs},
    bars::Bars,
    print,
};

pub(crate) fn run(args: &InfoArgs, common: &Common) -> anyhow::Result<u8> {
    let bars = Bars::new(common);
    let found = info::info(&args.paths, &Ctx::default().with_observer(&bars));
    bars.finish();
    let found = found?;
    print::json(common, &serde_json::to_value(&found)?);
    let rows: Vec<Vec<String>> = found
        .series
        .iter()
        .map(|s| {
            vec![
                s.patient.to_string(),
                s.study.to_string(),
                s.series.to_string(),
                s.modality.clone().unwrap_or_default(),
                s.what.clone(),
                s.files.to_string(),
                s.voxels.clone(),
                s.spacing.clone(),
                s.orientation.clone().unwrap_or_default(),
                s.transfer_syntax.clone(),
                s.privacy.join(", "),
            ]
        })
        .collect();
    let head = [
        "patient",
        "study",
        "series",
        "modality",
        "what",
        "files",
        "voxels",
        "spacing, mm",
        "axes",
        "syntax",
        "privacy",
    ];
    print::line(common, print::columns(&head, &rows).trim_end());
    let f = &found.funnel;
    print::line(
        common,
        &format!(
            "{} files = {} in {} volumes + {} duplicates + {} that cannot be used; {} patients, {} studies, {} series",
            f.files, f.in_items, f.items, f.duplicates, f.quarantined, f.patients, found.studies, f.series
        ),
    );
    for (reason, count) in &f.reasons {
        print::line(common, &format!("  {count:6} {reason}"));
    }
    Ok(0)
}
