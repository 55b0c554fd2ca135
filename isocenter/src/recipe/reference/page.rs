//! The reference as a page of the book.

use std::fmt::Write;

use super::{Key, tables};

/// The page, as Markdown: what `isocenter recipe --keys` prints, and what stands in the book.
pub fn page() -> String {
    let mut text = HEAD.to_owned();
    for table in tables() {
        // writing to a text does not fail
        let _ = match table.name {
            "" => writeln!(text, "\n## At the top\n"),
            name if is_step(name) => writeln!(text, "\n## Step `{name}`\n"),
            name => writeln!(text, "\n## `[{name}]`\n"),
        };
        let _ = writeln!(text, "{}", table.what);
        if !table.keys.is_empty() {
            let _ = writeln!(text, "\n| Key | Holds | Default | Allowed | |\n|---|---|---|---|---|");
        }
        for key in table.keys {
            let _ = writeln!(text, "{}", row(key));
        }
        if table.name == "normalize" {
            text.push_str(STEPS);
        }
    }
    text
}

fn is_step(name: &str) -> bool {
    isocenter_normalize::Step::NAMES.contains(&name)
}

fn row(key: &Key) -> String {
    let default = match key.default {
        words if words.starts_with(|c: char| c.is_ascii_alphabetic()) && !matches!(words, "true" | "false") => {
            words.to_owned()
        }
        value => format!("`{value}`"),
    };
    format!("| `{}` | {} | {default} | {} | {} |", key.name, key.holds, key.range, key.what)
}

const HEAD: &str = "\
# Recipes: every key

A recipe is a TOML file. `isocenter recipe` lists the presets, `isocenter recipe NAME` prints one to start from, and `isocenter recipe
--keys` prints this page. A key that is not here is an error that names its line.

```toml
name = \"brain\"
description = \"Heads on one grid, MR as z-score.\"

[files]                      # names of volume files; by their layout where left out
pattern = \"{patient}/{modality}/*\"

[grid]                       # every image, unless grids says otherwise
orientation = \"RAS\"

[grids.HEAD]                 # by Body Part Examined
orientation = \"RAS\"
spacing_mm = [1.0, 1.0, 1.0]
interpolation = \"bspline3\"

[register]
reference = \"T1\"             # a contrast, else a modality
body_parts = [\"HEAD\"]

[normalize]                  # by contrast, else by modality
MR = [{ name = \"zscore\", region = \"head\" }]
CT = [{ name = \"ct_window\", centre = 40.0, width = 400.0 }]
PT = [{ name = \"suv\" }]

[split]
test = 0.2
folds = 5
```
";

const STEPS: &str = "
A list may be written over several lines, as TOML's arrays of tables:

```toml
[[normalize.CT]]
name = \"ct_window\"
lower = -160.0
upper = 240.0

[[normalize.MR]]
name = \"percentile_rescale\"
lower = 0.5
upper = 99.5
region = \"head\"
```
";
