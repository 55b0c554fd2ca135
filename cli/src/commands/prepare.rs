//! `isocenter prepare PATH... -o OUT`.

use std::collections::BTreeMap;

use isocenter::{
    Export, Funnel, KeySource, Outcome, Prepare, Recipe,
    prepare::{Planned, PlannedRegistration, Understood},
    quarantine::{self, Record},
    volume::Ctx,
};

use crate::{
    args::{Common, PrepareArgs},
    bars::Bars,
    log, print,
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
    for record in &outcome.quarantine {
        tracing::debug!(target: log::TARGET, reason = record.reason, files = record.files.join(","), "kept out");
    }
    for remark in &outcome.remarks {
        print::note(common, remark);
    }
    if outcome.dry_run {
        planned(&outcome.planned, common);
    }
    accounts(&outcome.funnel, common);
    kept_out(&outcome.quarantine, common);
    let f = &outcome.funnel;
    if f.items == 0 {
        print::line(common, "NO DATA SET: none of the files gave an item; the reasons above say why");
    } else {
        let of = if outcome.dry_run { "would be " } else { "" };
        print::line(
            common,
            &format!(
                "{of}{}, {} with labels",
                counted(f.items, "item", "of ") + &counted(f.patients, "patient", ""),
                f.labelled
            ),
        );
    }
    for export in &outcome.exports {
        let name = export.folder.as_deref().unwrap_or(&export.export);
        print::line(common, &format!("{name}: {}", export.sentence));
    }
    if let Some(report) = &outcome.report {
        print::line(common, &format!("report: {}", report.display()));
    }
    Ok(())
}

/// The sums: every file, volume and frame in one place.
fn accounts(f: &Funnel, common: &Common) {
    print::line(
        common,
        &format!(
            "{} files in = {} in items + {} duplicates + {} quarantined",
            f.files, f.in_items, f.duplicates, f.quarantined
        ),
    );
    for (what, share) in [("volumes and label maps", f.volumes), ("DICOM frames", f.frames)] {
        if share.found > 0 {
            let repeated = if share.repeated > 0 { format!(" + {} repeated", share.repeated) } else { String::new() };
            print::line(
                common,
                &format!(
                    "  {} {what} = {} in items{repeated} + {} kept out",
                    share.found, share.in_items, share.kept_out
                ),
            );
        }
    }
}

/// What was kept out, by reason: how much, what it means, what to do.
fn kept_out(records: &[Record], common: &Common) {
    if records.is_empty() {
        return;
    }
    let mut reasons: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for record in records {
        let sum = reasons.entry(record.reason.as_str()).or_default();
        *sum = (sum.0 + record.files.len(), sum.1 + record.volumes);
    }
    print::line(common, "kept out:");
    for (reason, (files, volumes)) in reasons {
        let advice = quarantine::advice(reason);
        let volumes = if volumes > 0 { format!(", {}", counted(volumes, "volume", "")) } else { String::new() };
        print::line(common, &format!("  {reason}: {}{volumes}: {}", counted(files, "file", ""), advice.means));
        print::line(common, &format!("      -> {}", advice.next));
    }
    print::line(common, "  (quarantine.jsonl has a record of each; --map FILE writes which path each file id is)");
}

/// What a dry run would do with each image.
fn planned(planned: &[Planned], common: &Common) {
    print::line(common, "dry run, nothing was written; this would be done (ids are as the key makes them):");
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    for row in planned {
        let next = numbers.len() + 1;
        numbers.entry(row.item.as_str()).or_insert(next);
    }
    let rows: Vec<Vec<String>> = planned
        .iter()
        .map(|p| {
            let number = |item: &str| numbers.get(item).map(ToString::to_string).unwrap_or_default();
            let registration = match &p.registration {
                PlannedRegistration::Reference => "reference".to_owned(),
                PlannedRegistration::To(item) => format!("to {}", number(item)),
                PlannedRegistration::Unsuited => "no: a map, a slab or a series of steps".to_owned(),
                PlannedRegistration::NoReference => "no: no reference in its study".to_owned(),
                _ => String::new(),
            };
            vec![
                number(&p.item),
                p.patient.clone(),
                p.kind.clone(),
                p.body_part.clone().unwrap_or_default(),
                p.files.to_string(),
                registration,
                p.grid.clone(),
                p.steps.join(", "),
                p.labels.join(", "),
                p.warnings.join(", "),
            ]
        })
        .collect();
    let head = ["", "patient", "kind", "body part", "files", "registered", "grid", "intensity", "labels", "in doubt"];
    print::line(common, print::columns(&head, &rows).trim_end());
}

fn counted(n: usize, what: &str, then: &str) -> String {
    let then = if then.is_empty() { String::new() } else { format!(" {then}") };
    format!("{n} {what}{}{then}", if n == 1 { "" } else { "s" })
}
