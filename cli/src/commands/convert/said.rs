//! What became of a conversion, in lines for a person and as JSON for a program.

use isocenter::{
    Conversion, Rejected,
    convert::output::{Note, Record},
};
use serde_json::{Value, json};

use crate::args::ConvertArgs;

/// The lines: a volume each, what was left out by reason, the sum.
pub(super) fn lines(conversion: &Conversion, args: &ConvertArgs) -> Vec<String> {
    let mut lines = Vec::new();
    for record in &conversion.records {
        lines.extend(of_record(record, args));
    }
    lines.extend(rejected(conversion, args));
    lines.push(summary(conversion, args));
    lines
}

/// Whether a volume is missing from the output that somebody may expect there. What a mapping has no description for is not.
pub(super) fn lacks(record: &Record) -> bool {
    record.refused.is_some() || record.unmapped.as_ref().is_some_and(|note| note.code != "no-description")
}

/// What is missing from the output, a line for each volume and each reason.
pub(super) fn missing(conversion: &Conversion) -> Vec<String> {
    let volumes = conversion.records.iter().filter(|record| lacks(record)).map(|record| {
        let why = record.refused.as_ref().or(record.unmapped.as_ref()).map_or("", |note| note.text.as_str());
        format!("nothing of {}: {why}", what(record))
    });
    let files = conversion.rejected.iter().filter(|rejected| rejected.is_image).map(|rejected| {
        format!("left out: {}, {}: {}", plural(rejected.paths.len(), "file"), rejected.reason, rejected.sentence)
    });
    volumes.chain(files).collect()
}

fn of_record(record: &Record, args: &ConvertArgs) -> Vec<String> {
    let mut lines = vec![match (record.refused.as_ref().or(record.unmapped.as_ref()), record.outputs.first()) {
        (None, Some(first)) => format!("{}: {}", first.display(), what(record)),
        (Some(note), _) => format!("nothing of {}: {}", what(record), note.text),
        (None, None) => what(record),
    }];
    for other in record.outputs.iter().skip(1) {
        lines.push(format!("    with {}", other.display()));
    }
    if record.renamed {
        lines.push("    another volume has the name without the last letter".to_owned());
    }
    lines.extend(record.warnings.iter().map(|note| format!("    {}", note.text)));
    if args.explain {
        let facts: Vec<String> = record.facts.iter().map(|(name, value)| format!("{name} {value}")).collect();
        lines.push(format!("    together by: {}", facts.join("; ")));
        if let Some(by) = record.ordered_by {
            lines.push(format!("    steps in the order of: {}", by.replace('-', " ")));
        }
    }
    lines
}

/// A volume in the words of who made it: series, kind, size, number of images.
fn what(record: &Record) -> String {
    let series = record.series_number.map_or_else(|| "a series without a number".to_owned(), |n| format!("series {n}"));
    let modality = record.modality.as_deref().unwrap_or("unknown modality");
    let described = record.description.as_deref().map_or_else(String::new, |text| format!(" ({text})"));
    let [columns, rows, slices] = record.shape;
    let steps: Vec<String> = record.axes.iter().map(|axis| format!(" x {} ({})", axis.steps, axis.kind)).collect();
    let spacing = record.spacing_mm.map(|mm| format!("{mm:.3}")).join(" x ");
    let images = plural(record.frames, "image");
    let files = plural(record.files, "file");
    format!(
        "{series}, {modality}{described}, {columns} x {rows} x {slices}{} of {spacing} mm, {images} in {files}",
        steps.join("")
    )
}

fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// What became no volume, by reason, and what to do about it.
pub(super) fn rejected(conversion: &Conversion, args: &ConvertArgs) -> Vec<String> {
    conversion.rejected.iter().flat_map(|rejected| of_rejected(rejected, args)).collect()
}

fn of_rejected(rejected: &Rejected, args: &ConvertArgs) -> Vec<String> {
    let files = plural(rejected.paths.len(), "file");
    let mut lines = vec![format!("left out: {files}, {}: {}", rejected.reason, rejected.sentence)];
    if !rejected.next.starts_with("nothing to do") {
        lines.push(format!("    -> {}", rejected.next));
    }
    if args.explain {
        lines.extend(rejected.paths.iter().map(|path| format!("    {}", path.display())));
    }
    lines
}

fn summary(conversion: &Conversion, args: &ConvertArgs) -> String {
    let is_made = |record: &&Record| record.refused.is_none() && record.unmapped.is_none();
    let made = conversion.records.iter().filter(is_made).count();
    let left: usize = conversion.rejected.iter().map(|rejected| rejected.paths.len()).sum();
    let verb = match (args.dry_run, made) {
        (true, _) => "would be",
        (false, 1) => "was",
        _ => "were",
    };
    let shard = args.shard.map_or_else(String::new, |s| format!(" in shard {} of {}", s.index + 1, s.count));
    format!(
        "{} = {} in volumes + {} + {left} left out; {} {verb} made{shard}",
        plural(conversion.files, "file"),
        conversion.in_volumes,
        plural(conversion.duplicates, "duplicate"),
        plural(made, "volume"),
    )
}

/// The result for a program.
pub(super) fn json(conversion: &Conversion, args: &ConvertArgs) -> Value {
    let records: Vec<Value> = conversion.records.iter().map(of_record_json).collect();
    let rejected: Vec<Value> = conversion.rejected.iter().map(of_rejected_json).collect();
    json!({
        "dry_run": args.dry_run,
        "files": conversion.files,
        "in_volumes": conversion.in_volumes,
        "duplicates": conversion.duplicates,
        "frames_left_out": conversion.frames_left_out,
        "series": records,
        "left_out": rejected,
    })
}

fn of_record_json(record: &Record) -> Value {
    let facts: serde_json::Map<String, Value> =
        record.facts.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.clone()))).collect();
    json!({
        "series_number": record.series_number,
        "modality": record.modality,
        "description": record.description,
        "shape": record.shape,
        "spacing_mm": record.spacing_mm,
        "axes": record.axes.iter().map(|axis| json!({ "kind": axis.kind, "steps": axis.steps })).collect::<Vec<_>>(),
        "ordered_by": record.ordered_by,
        "frames": record.frames,
        "inputs": record.inputs,
        "outputs": record.outputs,
        "renamed": record.renamed,
        "facts": facts,
        "warnings": record.warnings.iter().map(note).collect::<Vec<_>>(),
        "refused": record.refused.as_ref().map(note),
        "unmapped": record.unmapped.as_ref().map(note),
        "seconds": record.seconds,
    })
}

fn note(note: &Note) -> Value {
    json!({ "code": note.code, "text": note.text })
}

fn of_rejected_json(rejected: &Rejected) -> Value {
    json!({
        "reason": rejected.reason,
        "sentence": rejected.sentence,
        "next": rejected.next,
        "files": rejected.paths,
        "is_image": rejected.is_image,
    })
}
