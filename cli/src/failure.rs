//! What an error says on the terminal: what was tried, on which file, and the system's reason.

use std::path::{Path, PathBuf};

use crate::{
    args::{Command, Common},
    print,
};

/// Which paths a message may name. A path of the input may name a patient: `prepare` shows only what its caller named for other
/// ends (output, key, tables), and what lies in the output, where names are ids.
#[derive(Debug)]
pub(crate) enum Shown {
    All,
    Below(Vec<PathBuf>),
}

impl Shown {
    pub(crate) fn of(command: &Command) -> Self {
        match command {
            Command::Prepare(a) => {
                let files = [Some(&a.out), Some(&a.key_file), a.pairs.as_ref(), a.map.as_ref()];
                Self::Below(files.into_iter().flatten().cloned().collect())
            }
            _ => Self::All,
        }
    }

    fn allows(&self, path: &Path) -> bool {
        match self {
            Self::All => true,
            // a folder around an output that could not be made is part of what the caller named
            Self::Below(named) => named.iter().any(|n| path.starts_with(n) || n.starts_with(path)),
        }
    }
}

/// Prints an error and gives its exit code.
pub(crate) fn report(error: &anyhow::Error, shown: &Shown, common: &Common) -> u8 {
    let known = error.downcast_ref::<isocenter::Error>();
    let code = known.map_or(2, isocenter::Error::exit_code);
    let message = match known {
        Some(isocenter::Error::Unfinished { source, .. }) => {
            format!("{}; {error}", message(source.as_ref(), source.path(), shown))
        }
        _ => message(error.as_ref(), known.and_then(isocenter::Error::path), shown),
    };
    print::warning(&message);
    let reason = known.map_or("usage", isocenter::Error::reason);
    print::json(common, &serde_json::json!({ "error": message, "reason": reason, "exit_code": code }));
    code
}

/// An error with the path that it is about and its causes, in one line.
fn message(error: &(dyn std::error::Error + 'static), path: Option<&Path>, shown: &Shown) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in anyhow::Chain::new(error) {
        let text = cause.to_string();
        // many libraries repeat their cause in their own text
        if !parts.iter().any(|p| p.contains(&text)) {
            parts.push(text);
        }
        if parts.len() == 1
            && let Some(path) = path
        {
            parts.push(match shown.allows(path) {
                true => path.display().to_string(),
                false => "a file of the input (not named here, since its path may name a patient)".to_owned(),
            });
        }
    }
    parts.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(path: &str) -> anyhow::Error {
        let source = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        isocenter::Error::Io { action: "make a folder", path: path.into(), source }.into()
    }

    fn said(path: &str, shown: &Shown) -> String {
        let error = refused(path);
        message(error.as_ref(), error.downcast_ref::<isocenter::Error>().and_then(isocenter::Error::path), shown)
    }

    #[test]
    fn an_output_is_named_and_an_input_is_not() {
        let shown = Shown::Below(vec!["/data/out".into()]);
        assert_eq!(said("/data/out/images", &shown), "could not make a folder: /data/out/images: permission denied");
        assert!(!said("/scans/Miller", &shown).contains("Miller"));
        assert!(said("/scans/Miller", &Shown::All).contains("/scans/Miller: permission denied"));
    }
}
