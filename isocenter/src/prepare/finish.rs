//! From the patients' results to a finished output tree.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::Instant,
};

use isocenter_deid::{KnownValues, LeakScan};
use serde_json::json;

use super::{account::Account, outcome::Outcome, patient::Prepared, run::Run, withdraw, worklist::WorkList};
use crate::{
    Error, Export, Funnel,
    export::{Exported, dicom, nnunet},
    manifest, quarantine,
    report::{Gallery, Page, Privacy},
    split, unfinished, verify,
};

/// Writes manifest, exports and report, and verifies everything that was written.
pub(crate) fn finish(
    run: &Run<'_>,
    worklist: &WorkList,
    results: Vec<Prepared>,
    remarks: Vec<String>,
    started: Instant,
) -> Result<Outcome, Error> {
    let out = &run.prepare.out;
    let recipe = &run.prepare.recipe;
    let prepared_s = started.elapsed().as_secs_f64();
    let mut done = Vec::new();
    let mut cases = Vec::new();
    let mut refused = worklist.refused.clone();
    for result in results {
        done.extend(result.done);
        cases.extend(result.cases);
        refused.extend(result.refused);
    }
    done.sort_by(|a, b| a.item.item_id.cmp(&b.item.item_id));
    let stage = run.ctx.stage("writing exports", done.len() as u64);

    // instances are searched as they are written, before anything is made of their items
    let mut instances = dicom::Exported::default();
    if run.wants(Export::Dicom) {
        let files = done.iter().flat_map(|d| d.holds.files.iter().copied()).collect();
        run.pending.path(out.join("dicom"));
        instances = dicom::write(run, &files, &worklist.keys)?;
        withdraw::keep_out(run, &mut instances, &mut done, &mut cases, &mut refused)?;
        run.pending.paths_are_settled();
    }

    let Account { funnel, records, .. } = Account::of(run.inputs, worklist, done.iter().map(|d| &d.holds), &refused)?;
    let duplicates = duplicates(run, worklist);
    let patients: BTreeSet<&str> = done.iter().map(|d| d.item.patient.as_str()).collect();
    let split = split::of_patients(&patients, run.names, &recipe.split);
    let funnel = Funnel {
        items: done.len(),
        labelled: done.iter().filter(|d| d.item.label.is_some()).count(),
        patients: patients.len(),
        ..funnel
    };

    let mut exports = Vec::new();
    let mut of_item: BTreeMap<String, Vec<String>> = BTreeMap::new();
    if run.wants(Export::NnUnet) {
        let exported = nnunet::write(out, &recipe.name, &cases, &worklist.schemes, &split)?;
        for (item, set) in exported.of_item {
            of_item.entry(item).or_default().push(set);
        }
        exports.extend(exported.sets);
    }
    if run.wants(Export::Dicom) {
        exports.push(Exported::of_dicom(instances.len()));
    }
    let actions = instances.actions();

    let (mut items, galleries): (Vec<_>, Vec<_>) = done.into_iter().map(|d| (d.item, d.gallery)).unzip();
    for item in &mut items {
        if let Some(assignment) = split.get(&item.patient) {
            assignment.part.name().clone_into(&mut item.part);
            item.fold = assignment.fold;
        }
        item.exports = of_item.remove(&item.item_id).unwrap_or_default();
        stage.advance(1)?;
    }
    manifest::write(out, &items)?;
    quarantine::write(out, &records, &duplicates)?;
    write_json(&out.join("splits.json"), &json!(split))?;
    write_json(&out.join("provenance.json"), &provenance(run)?)?;
    write_bytes(&out.join("recipe.toml"), recipe.to_toml()?.as_bytes())?;

    let page =
        PageParts { items: &items, galleries: &galleries, records: &records, exports: &exports, actions: &actions };
    verified(run, worklist, &funnel, &page)?;
    run_facts(run, prepared_s, started.elapsed().as_secs_f64())?;
    let understood = worklist.understood.clone();
    Ok(Outcome { funnel, quarantine: records, exports, remarks, understood, ..Outcome::default() })
}

struct PageParts<'a> {
    items: &'a [manifest::Item],
    galleries: &'a [Gallery],
    records: &'a [quarantine::Record],
    exports: &'a [Exported],
    actions: &'a BTreeMap<String, usize>,
}

fn duplicates(run: &Run<'_>, worklist: &WorkList) -> Vec<quarantine::Duplicate> {
    let id = |file: usize| run.inputs.ids[file].clone();
    let mut rows: Vec<_> = worklist
        .duplicates
        .iter()
        .map(|(file, kept)| quarantine::Duplicate { file: id(*file), kept: id(*kept) })
        .collect();
    rows.sort();
    rows
}

// everything but the report is searched first, so that the report can tell the result; then the report itself
fn verified(run: &Run<'_>, worklist: &WorkList, funnel: &Funnel, parts: &PageParts<'_>) -> Result<(), Error> {
    let out = &run.prepare.out;
    // what was staged and found no data set goes before the search: it is no output
    let _ = std::fs::remove_dir_all(run.staging);
    let (known, scan) = last_search(run, worklist, parts)?;
    let (files, leaks) = verify::privacy(out, &scan, &run.ctx)?;
    refuse_leaks(out, &leaks)?;
    let privacy = Privacy::clean(known.len(), files + 2, known.words_not_searched(), parts.actions);
    let page = Page {
        recipe: &run.prepare.recipe,
        funnel,
        items: parts.items,
        galleries: parts.galleries,
        quarantine: parts.records,
        privacy: &privacy,
        exports: parts.exports,
        understood: &worklist.understood,
    };
    let report = [out.join("report.html"), out.join("report.json")];
    report.iter().for_each(|path| run.pending.path(path));
    page.write(out)?;
    let leaks = verify::privacy_of(&report, out, &scan, &run.ctx)?;
    refuse_leaks(out, &leaks)?;
    run.pending.paths_are_settled();
    verify::seal(out, &run.ctx)
}

// codes of reasons and warnings are the program's own words, whatever a description says
fn last_search<'r>(
    run: &Run<'r>,
    worklist: &WorkList,
    parts: &PageParts<'_>,
) -> Result<(KnownValues, Cow<'r, LeakScan>), Error> {
    let mut known = worklist.known.clone();
    let reasons = parts.records.iter().map(|r| r.reason.as_str());
    let warnings = parts.items.iter().flat_map(|i| i.warnings.iter().map(String::as_str));
    reasons.chain(warnings).for_each(|code| known.allow_words(code));
    let same = known.searched_for() == worklist.known.searched_for();
    let scan = if same { Cow::Borrowed(run.scan) } else { Cow::Owned(LeakScan::new(&known).map_err(Error::Scan)?) };
    Ok((known, scan))
}

/// Takes the whole output back where something identifying was found, and leaves a list of where.
fn refuse_leaks(out: &Path, leaks: &[verify::Leak]) -> Result<(), Error> {
    if leaks.is_empty() {
        return Ok(());
    }
    let entries = std::fs::read_dir(out).map_err(Error::io("list the output", out))?;
    for entry in entries {
        let path = entry.map_err(Error::io("list the output", out))?.path();
        if unfinished::is_mark(&path, out) {
            continue;
        }
        let removed = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        removed.map_err(Error::io("take back an output", &path))?;
    }
    // a file's name may hold what was found: only its kind is told
    let rows: Vec<_> = leaks
        .iter()
        .map(|l| json!({ "kind": l.file.split('/').next().unwrap_or_default(), "attribute": l.attribute }))
        .collect();
    write_json(&out.join("privacy-failure.json"), &json!(rows))?;
    let files: BTreeSet<&str> = leaks.iter().map(|l| l.file.as_str()).collect();
    Err(Error::Privacy { hits: leaks.len(), files: files.len() })
}

fn provenance(run: &Run<'_>) -> Result<serde_json::Value, Error> {
    use sha2::Digest;
    let recipe = run.prepare.recipe.to_toml()?;
    Ok(json!({
        "program": "isocenter",
        "version": env!("CARGO_PKG_VERSION"),
        "recipe_sha256": data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(recipe.as_bytes())),
        "key_id": run.key.id(),
        "profile": "PS3.15 2026c Basic",
        "inputs": run.inputs.ids_of(0..run.inputs.scanned.len()),
    }))
}

// clock times and facts of the host stand here and nowhere else: every other file depends on input, recipe and key alone
fn run_facts(run: &Run<'_>, prepared_s: f64, total_s: f64) -> Result<(), Error> {
    let line = json!({
        "finished": jiff::Timestamp::now().to_string(),
        "prepare_s": prepared_s,
        "total_s": total_s,
        "threads": rayon::current_num_threads(),
        "os": std::env::consts::OS,
        "arch": std::env::consts::ARCH,
    });
    write_bytes(&run.prepare.out.join("run.jsonl"), format!("{line}\n").as_bytes())
}

fn write_json(path: &Path, value: &serde_json::Value) -> Result<(), Error> {
    let mut text = serde_json::to_vec_pretty(value).map_err(|e| Error::Internal { message: e.to_string() })?;
    text.push(b'\n');
    write_bytes(path, &text)
}

fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    isocenter_files::write_making_folders(path, bytes).map_err(Error::io("write a file", path))
}
