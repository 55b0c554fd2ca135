//! What goes to the terminal; the only place that prints.
//!
//! - The *answer* of a question (`info`, `recipe`, `verify`) goes to stdout, whatever `--quiet` says.
//! - The *summary* of a run whose product is files (`demo`, `prepare`, `register`) goes to stdout, but for `--quiet`.
//! - *Remarks* go to stderr, but for `--quiet`; errors always do.
//! - With `--json` stdout has one JSON document and nothing else.
//!
//! A reader who closes the pipe (`isocenter info X | head -1`) ends nothing: what would have followed is dropped, the work goes on
//! to its end, and the exit code is that of the work. Anything else that the system refuses (a full disk behind `>`) is told
//! at the end, with exit code 5.

use std::{
    io::{self, ErrorKind, Write},
    process::ExitCode,
    sync::Mutex,
};

use crate::args::Common;

/// Where a text goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stream {
    Out,
    Err,
}

/// What has become of stdout and stderr: nobody reads one any more, or the system refused to write it.
#[derive(Default)]
struct Ends {
    is_closed: [bool; 2],
    refused: Option<io::Error>,
}

static ENDS: Mutex<Ends> = Mutex::new(Ends { is_closed: [false; 2], refused: None });

/// The one function through which everything is printed.
fn put(stream: Stream, text: &str) {
    let Ok(mut ends) = ENDS.lock() else { return };
    if ends.is_closed[stream as usize] {
        return;
    }
    if let Err(error) = write(stream, text.as_bytes()) {
        ends.is_closed[stream as usize] = true;
        if stream == Stream::Out && error.kind() != ErrorKind::BrokenPipe {
            ends.refused = Some(error);
        }
    }
}

fn write(stream: Stream, bytes: &[u8]) -> io::Result<()> {
    match stream {
        Stream::Out => {
            let mut out = io::stdout().lock();
            out.write_all(bytes)?;
            out.flush()
        }
        Stream::Err => io::stderr().lock().write_all(bytes),
    }
}

/// A line of the summary of a run; silent with `--quiet` and with `--json`.
pub(crate) fn line(common: &Common, text: &str) {
    if !common.quiet {
        answer(common, text);
    }
}

/// A line of the answer of a question; silent with `--json` alone.
pub(crate) fn answer(common: &Common, text: &str) {
    if !common.json {
        put(Stream::Out, &format!("{text}\n"));
    }
}

/// A remark that is not part of the result.
pub(crate) fn note(common: &Common, text: &str) {
    if !common.quiet && !common.json {
        put(Stream::Err, &format!("{text}\n"));
    }
}

/// What must be seen, whatever the options say.
pub(crate) fn warning(text: &str) {
    put(Stream::Err, &format!("isocenter: {text}\n"));
}

/// The result as JSON, where it was asked for.
pub(crate) fn json(common: &Common, value: &serde_json::Value) {
    if common.json {
        put(Stream::Out, &format!("{value:#}\n"));
    }
}

/// Text that is the result itself, printed whatever the options say.
pub(crate) fn text(text: &str) {
    put(Stream::Out, text);
}

/// What clap has to say: help and version on stdout with code 0, anything else on stderr with code 2, and as JSON where that was among
/// the arguments.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    // colours only where a terminal shows them: clap decides, and gives back what the system refuses
    let _ = error.print();
    if !error.use_stderr() {
        return ExitCode::from(0);
    }
    if std::env::args_os().any(|arg| arg == "--json") {
        let text = error.render().to_string();
        let first = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
        let value = serde_json::json!({ "error": first, "reason": "usage", "exit_code": 2 });
        put(Stream::Out, &format!("{value:#}\n"));
    }
    ExitCode::from(2)
}

/// Ends the program: with `code`, or with 5 where the result could not be told.
pub(crate) fn end(code: u8) -> ExitCode {
    let refused = ENDS.lock().ok().and_then(|mut ends| ends.refused.take());
    match refused {
        Some(error) => {
            warning(&format!("could not write to the standard output: {error}"));
            ExitCode::from(if code <= 1 { 5 } else { code })
        }
        None => ExitCode::from(code),
    }
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

/// Writes lines of the log to stderr, through the same door.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        put(Stream::Err, &String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
