//! The pages of the book and the fenced blocks on them.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A fenced block.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) page: PathBuf,
    /// Line of the fence, from 1.
    pub(crate) line: usize,
    /// What stands behind the fence, such as `console`.
    pub(crate) kind: String,
    pub(crate) text: String,
}

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The pages of the book, the read-me of the workspace and those of its crates.
pub(crate) fn pages() -> Vec<PathBuf> {
    let root = root();
    let folder = |path: &Path| -> Vec<PathBuf> { fs::read_dir(path).unwrap().map(|e| e.unwrap().path()).collect() };
    let mut pages: Vec<PathBuf> =
        folder(&root.join("docs/src")).into_iter().filter(|p| p.extension().is_some_and(|e| e == "md")).collect();
    pages.extend(folder(&root).into_iter().map(|p| p.join("README.md")).filter(|p| p.is_file()));
    pages.push(root.join("README.md"));
    pages.sort();
    assert!(pages.len() > 20, "{pages:?}");
    pages
}

/// The blocks of a page; those within a list are moved to the left.
pub(crate) fn of(page: &Path) -> Vec<Block> {
    let text = fs::read_to_string(page).unwrap();
    let mut found = Vec::new();
    let mut open: Option<(Block, usize)> = None;
    for (n, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let fence = line.trim_start().strip_prefix("```");
        open = match (open.take(), fence) {
            (None, Some(kind)) => {
                let kind = kind.trim().to_owned();
                Some((Block { page: page.to_owned(), line: n + 1, kind, text: String::new() }, indent))
            }
            (Some((block, _)), Some(_)) => {
                found.push(block);
                None
            }
            (Some((mut block, indent)), None) => {
                block.text.push_str(line.get(indent.min(line.len())..).unwrap_or(line));
                block.text.push('\n');
                Some((block, indent))
            }
            (None, None) => None,
        };
    }
    assert!(open.is_none(), "a block of {} has no end", page.display());
    found
}
