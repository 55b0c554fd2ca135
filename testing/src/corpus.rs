//! Real scans and reference outputs of the field's own tools, which lie beside the checkout and never in it.
//!
//! | Variable | Meaning |
//! |---|---|
//! | `ISOCENTER_CORPUS` | the corpus' folder; without it `../shared/corpus` beside the workspace's root |
//! | `ISOCENTER_CORPUS_REQUIRED` | `1`: a part that is absent fails the test that asks for it; anything else, or nothing, skips it |
//! | `ISOCENTER_CORPUS_SKIPPED` | a file to which each skipped test adds a line; `.ci/run` counts them at its end |

use std::{
    fs::OpenOptions,
    io::Write,
    path::{Path, PathBuf},
    sync::Once,
};

/// A file or folder of the corpus by its path inside it (`""` is the corpus itself), or `None` where it is absent and the test
/// is to be skipped.
///
/// The first skip of a test program is said on its standard error, past the capture of the test harness.
///
/// # Panics
/// Where the path is absent and `ISOCENTER_CORPUS_REQUIRED` is `1`.
#[must_use]
pub fn part(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("ISOCENTER_CORPUS").map_or_else(default_root, PathBuf::from);
    let required = std::env::var_os("ISOCENTER_CORPUS_REQUIRED").is_some_and(|value| value == "1");
    let found = part_of(&root, path);
    assert!(found.is_some() || !required, "the corpus is required, and {} is not there", root.join(path).display());
    if found.is_none() {
        skip(&root);
    }
    found
}

/// Where the corpus lies when nobody says so: cargo runs a test in its crate's folder, so the path starts at this file's.
fn default_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus")
}

fn part_of(root: &Path, path: &str) -> Option<PathBuf> {
    let whole = if path.is_empty() { root.to_owned() } else { root.join(path) };
    whole.exists().then_some(whole)
}

/// Notes the test that is not run; a note that cannot be written is no reason to fail.
fn skip(root: &Path) {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        let line = format!("no corpus in {}: tests that need it are skipped (ISOCENTER_CORPUS)\n", root.display());
        std::io::stderr().write_all(line.as_bytes()).ok();
    });
    if let Some(list) = std::env::var_os("ISOCENTER_CORPUS_SKIPPED")
        && let Ok(mut list) = OpenOptions::new().create(true).append(true).open(list)
    {
        let test = std::thread::current().name().unwrap_or("a test").to_owned();
        // one call, so that lines of programs that run side by side do not mix
        list.write_all(format!("{test}\n").as_bytes()).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_there_and_nothing_else() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(part_of(root, "src"), Some(root.join("src")));
        assert_eq!(part_of(root, "src/corpus.rs"), Some(root.join("src/corpus.rs")));
        assert_eq!(part_of(root, ""), Some(root.to_owned()));
        assert_eq!(part_of(root, "no-such-part"), None);
    }
}
