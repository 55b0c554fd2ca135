//! `isocenter prepare PATH... -o OUT`.

use isocenter::{Export, KeySource, Outcome, Prepare, Recipe, prepare::Understood, volume::Ctx};

use crate::{
    args::{Common, PrepareArgs},
    bars::Bars,
    print,
};

pub(crate) fn run(args: &PrepareArgs, common: &Common) -> anyhow::Result<u8> {
    let exports: Vec<Export> = args.export.iter().map(|name| name.parse()).collect::<Result<_, isocenter::Error>>()?;
    let key = KeySource::File(args.key_file.clone());
    let mut job = Prepare::new(args.paths.clone(), args.out.clone(), Recipe::load(&args.recipe)?, key)
        .exports(exports)
        .dry_run(args.dry_run);
    job.pairs = args.pairs.clone();
    job.map = args.map.clone();
    let bars = Bars::new(common);
    let tell = |understood: &Understood| {
        bars.finish();
        volume_files(understood, common);
    };
    let outcome = job.run_telling(&Ctx::default().with_observer(&bars), &tell);
    bars.finish();
    let outcome = outcome?;
    report(&outcome, common)?;
    Ok(outcome.exit_code())
}

/// Prints what was understood of the volume files, before anything is done with them.
fn volume_files(understood: &Understood, common: &Common) {
    if understood.layouts.is_empty() {
        return;
    }
    print::line(common, "volume files, as they are understood:");
    let rows: Vec<Vec<String>> = understood
        .layouts
        .iter()
        .map(|l| {
            let numbers = [l.patients, l.visits, l.images, l.labels].map(|n| n.to_string());
            std::iter::once(l.layout.clone()).chain(numbers).chain([l.channels.join(", ")]).collect()
        })
        .collect();
    let head = ["layout", "patients", "visits", "images", "label maps", "kinds"];
    print::line(common, print::columns(&head, &rows).trim_end());
}

/// Prints what a run gave.
pub(crate) fn report(outcome: &Outcome, common: &Common) -> anyhow::Result<()> {
    print::json(common, &serde_json::to_value(outcome)?);
    for remark in &outcome.remarks {
        print::note(common, remark);
    }
    let f = &outcome.funnel;
    if outcome.dry_run {
        print::line(common, "dry run, nothing was written; this would be done:");
        let rows: Vec<Vec<String>> =
            outcome.planned.iter().map(|p| vec![p.kind.clone(), p.files.to_string(), p.what.clone()]).collect();
        print::line(common, print::columns(&["series", "files", "what"], &rows).trim_end());
    }
    print::line(
        common,
        &format!(
            "{} files in = {} in items + {} duplicates + {} quarantined",
            f.files, f.in_items, f.duplicates, f.quarantined
        ),
    );
    for (reason, count) in &f.reasons {
        print::line(common, &format!("  {count:6} {reason}"));
    }
    if f.volumes_kept_out > 0 {
        let more = f.volumes_kept_out;
        print::line(
            common,
            &format!("  {more:6} volumes kept out, of files that gave other items (quarantine.jsonl says why)"),
        );
    }
    print::line(common, &format!("{} items of {} patients, {} with labels", f.items, f.patients, f.labelled));
    for (name, what) in &outcome.exports {
        print::line(common, &format!("{name}: {what}"));
    }
    if let Some(report) = &outcome.report {
        print::line(common, &format!("report: {}", report.display()));
    }
    Ok(())
}
