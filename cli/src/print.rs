//! What goes to the terminal; the only place that prints.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use crate::args::Common;

/// A line of the result; silent with `--quiet` and with `--json`.
pub(crate) fn line(common: &Common, text: &str) {
    if !common.quiet && !common.json {
        println!("{text}");
    }
}

/// A remark that is not part of the result.
pub(crate) fn note(common: &Common, text: &str) {
    if !common.quiet && !common.json {
        eprintln!("{text}");
    }
}

/// The result as JSON, where it was asked for.
pub(crate) fn json(common: &Common, value: &serde_json::Value) {
    if common.json {
        println!("{value:#}");
    }
}

/// Text that is the result itself, printed whatever the options say.
pub(crate) fn text(text: &str) {
    print!("{text}");
}

/// An error and its exit code.
pub(crate) fn failure(message: &str, common: &Common, code: u8) -> ExitCode {
    eprintln!("isocenter: {message}");
    if common.json {
        println!("{:#}", serde_json::json!({ "error": message, "exit_code": code }));
    }
    ExitCode::from(code)
}

/// An error with its causes in one line.
pub(crate) fn chain(error: &anyhow::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in error.chain() {
        let text = cause.to_string();
        // many libraries repeat their cause in their own text
        if !parts.iter().any(|p| p.contains(&text)) {
            parts.push(text);
        }
    }
    parts.join(": ")
}

/// Columns padded to their widest cell.
pub(crate) fn columns(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut width: Vec<usize> = head.iter().map(|h| h.chars().count()).collect();
    for row in rows {
        for (w, cell) in width.iter_mut().zip(row) {
            *w = (*w).max(cell.chars().count());
        }
    }
    let mut out = String::new();
    let mut put = |cells: &mut dyn Iterator<Item = &str>| {
        let line: Vec<String> = cells.zip(&width).map(|(c, w)| format!("{c:<w$}", w = *w)).collect();
        out.push_str(line.join("  ").trim_end());
        out.push('\n');
    };
    put(&mut head.iter().copied());
    for row in rows {
        put(&mut row.iter().map(String::as_str));
    }
    out
}
