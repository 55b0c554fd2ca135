//! `isocenter info PATH...`.

use isocenter::{
    info::{self, Info, Options, Rejected, SeriesRow, ToldBy},
    volume::Ctx,
};

use crate::{
    args::{Common, InfoArgs},
    bars::Bars,
    print,
};

pub(crate) fn run(args: &InfoArgs, common: &Common) -> anyhow::Result<u8> {
    let bars = Bars::new(common);
    let found =
        info::info(&args.paths, Options::default().paths(args.with_paths), &Ctx::default().with_observer(&bars));
    bars.finish();
    let found = found?;
    print::json(common, &serde_json::to_value(&found)?);
    if !found.series.is_empty() {
        print::answer(common, table(&found.series, args.with_paths).trim_end());
    }
    print::answer(common, &summary(&found));
    if let Some(line) = found.read_as_folders() {
        print::note(common, &line);
    }
    for line in found.rejected.iter().flat_map(rejected) {
        print::answer(common, &line);
    }
    let has_rows = !found.series.is_empty() || !found.rejected.is_empty();
    if has_rows && !args.with_paths {
        print::note(common, "--paths says which folder each row is, and which files cannot be used");
    }
    Ok(0)
}

fn table(series: &[SeriesRow], with_paths: bool) -> String {
    let mut head = vec![
        "patient",
        "study",
        "series",
        "modality",
        "body part",
        "what",
        "files",
        "voxels",
        "spacing, mm",
        "axes",
        "stored as",
        "privacy",
    ];
    if with_paths {
        head.extend(["description", "where"]);
    }
    let rows: Vec<Vec<String>> = series.iter().map(row).collect();
    print::columns(&head, &rows)
}

fn row(s: &SeriesRow) -> Vec<String> {
    let number = |n: Option<usize>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
    let stated = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let mut cells = vec![
        number(s.patient),
        number(s.study),
        s.series.to_string(),
        stated(&s.modality),
        stated(&s.body_part),
        what(s),
        s.files.to_string(),
        s.shape.map(|n| n.to_string()).join(" x "),
        s.spacing_mm.map_or_else(|| "-".to_owned(), |mm| mm.map(|v| format!("{v:.3}")).join(" x ")),
        s.orientation.clone().unwrap_or_else(|| if s.frame == "unknown" { "not stated" } else { "-" }.to_owned()),
        s.stored_as.join(", "),
        s.privacy.join(", "),
    ];
    if let Some(named) = &s.named {
        cells.push(stated(&named.description));
        cells.push(named.path.display().to_string());
    }
    cells
}

fn what(s: &SeriesRow) -> String {
    let axes: Vec<String> = s.slow_axes.iter().map(|a| format!("{} {}", a.kind, a.steps)).collect();
    let mut text = s.what.name().to_owned();
    if !axes.is_empty() {
        text.push_str(&format!(" ({})", axes.join(" x ")));
    }
    if s.told_by == ToldBy::Voxels {
        text.push_str(", by its looks");
    }
    text
}

fn summary(found: &Info) -> String {
    let f = &found.funnel;
    format!(
        "{} files = {} in {} volumes + {} duplicates + {} that cannot be used; {} patients, {} studies, {} series",
        f.files, f.in_items, f.items, f.duplicates, f.quarantined, f.patients, found.studies, f.series
    )
}

fn rejected(group: &Rejected) -> Vec<String> {
    let mut lines = vec![format!("  {:6} {}: {}", group.files, group.reason, group.sentence)];
    if !group.next.starts_with("nothing to do") {
        lines.push(format!("         -> {}", group.next));
    }
    lines.extend(group.paths.iter().map(|path| format!("         {}", path.display())));
    lines
}
