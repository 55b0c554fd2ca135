//! Every key that a recipe may have: type, default, range, meaning. The book's page on recipes is printed from here.
//!
//! Tests hold this list to the parser: they ask it for the keys that it knows, for its defaults, and whether it takes what is said to be
//! allowed and refuses what is not.

mod page;
mod standardizing;
mod steps;

use serde::Serialize;

pub use self::page::page;

/// One key of a recipe.
#[derive(Clone, Copy, Debug, Serialize)]
#[non_exhaustive]
pub struct Key {
    /// The table that it stands in, such as `split`; empty for the top, `zscore` for a step of that name.
    pub table: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it holds, in words.
    pub holds: &'static str,
    /// What counts where it is left out: a value as TOML has it, or words; `needed` where it may not be left out.
    pub default: &'static str,
    /// What is allowed.
    pub range: &'static str,
    /// What it does.
    pub what: &'static str,
    /// A value that is taken, as TOML.
    pub example: &'static str,
    /// A value that is refused when the recipe is read, as TOML; empty where every value of the type is taken.
    pub refused: &'static str,
}

/// A table of a recipe.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    pub(crate) keys: &'static [Key],
}

/// All keys, in the order of the page.
pub fn keys() -> impl Iterator<Item = &'static Key> {
    tables().flat_map(|table| table.keys)
}

pub(crate) fn tables() -> impl Iterator<Item = &'static Table> {
    TABLES.iter().chain(steps::STEPS).chain(standardizing::STEPS)
}

const GRID: [Key; 4] = [
    Key {
        table: "grid",
        name: "orientation",
        holds: "text",
        default: "as acquired",
        range: "three letters, one each of R or L, A or P, S or I",
        what: "The axes are permuted and flipped until they point there; nothing is interpolated.",
        example: "\"RAS\"",
        refused: "\"RLS\"",
    },
    Key {
        table: "grid",
        name: "spacing_mm",
        holds: "three numbers",
        default: "as acquired",
        range: "0.05 to 1000 each",
        what: "Voxel size along i, j, k after the reorientation; images are resampled to it.",
        example: "[1.0, 1.0, 1.0]",
        refused: "[1.0, 1.0, 0.01]",
    },
    Key {
        table: "grid",
        name: "interpolation",
        holds: "a word",
        default: "\"bspline3\"",
        range: "`nearest`, `linear`, `bspline3`, `lanczos5`",
        what: "How images are interpolated where they are resampled; label maps always take the per-label linear vote.",
        example: "\"linear\"",
        refused: "\"cubic\"",
    },
    Key {
        table: "grid",
        name: "clamp",
        holds: "true or false",
        default: "none",
        range: "",
        what: "Whether what is interpolated is kept between the least and the largest value of the image that it comes from, before any \
               intensity step. Left out: items are not, images of the nnU-Net export are.",
        example: "true",
        refused: "1",
    },
];

const TABLES: &[Table] = &[
    Table {
        name: "",
        what: "The top of the file.",
        keys: &[
            Key {
                table: "",
                name: "name",
                holds: "text",
                default: "needed",
                range: "letters, digits, `-` and `_`",
                what: "The recipe's name, and that of the exported data set.",
                example: "\"brain\"",
                refused: "\"two words\"",
            },
            Key {
                table: "",
                name: "description",
                holds: "text",
                default: "\"\"",
                range: "any",
                what: "One sentence on what it is for.",
                example: "\"Heads on one grid.\"",
                refused: "1",
            },
        ],
    },
    Table {
        name: "files",
        what: "How names of volume files are read; by their layout where the table is left out.",
        keys: &[
            Key {
                table: "files",
                name: "pattern",
                holds: "text, or a list of texts",
                default: "[]",
                range: "fields `{patient}`, `{visit}`, `{modality}`, `{role}`, `{channel}`, each once; `*` and `**`",
                what: "Matched with the path below the input folder; of several the first that fits counts.",
                example: "\"{patient}/{modality}/*\"",
                refused: "\"{name}/*\"",
            },
            Key {
                table: "files",
                name: "body_part",
                holds: "text",
                default: "none",
                range: "a defined term of Body Part Examined",
                what: "The body part of every image, DICOM or not, that does not state one.",
                example: "\"HEAD\"",
                refused: "\"HAED\"",
            },
        ],
    },
    Table {
        name: "labels",
        what: "What is done with label maps.",
        keys: &[Key {
            table: "labels",
            name: "empty",
            holds: "a word",
            default: "\"refuse\"",
            range: "`refuse`, `keep`",
            what: "A label map in which no voxel is labelled: kept out, and its image has no labels; or kept, as a case with nothing to \
                   find.",
            example: "\"keep\"",
            refused: "\"drop\"",
        }],
    },
    Table {
        name: "grid",
        what: "The grid of the prepared images. `[grids.BODY_PART]` (such as `[grids.HEAD]`, by Body Part Examined) takes the same keys \
               and counts in place of `[grid]` for that part; `HEAD`, `BRAIN` and `SKULL` are one.",
        keys: &GRID,
    },
    Table {
        name: "register",
        what: "What is registered to what; nothing where the table is left out.",
        keys: &[
            Key {
                table: "register",
                name: "reference",
                holds: "text",
                default: "needed",
                range: "a contrast (`T1`, `T2`, `FLAIR`, ...), else a modality",
                what: "The image of a study that the others are brought to.",
                example: "\"T1\"",
                refused: "1",
            },
            Key {
                table: "register",
                name: "body_parts",
                holds: "a list of texts",
                default: "needed",
                range: "values of Body Part Examined",
                what: "Only images of these parts take part.",
                example: "[\"HEAD\"]",
                refused: "\"HEAD\"",
            },
            Key {
                table: "register",
                name: "across_studies",
                holds: "true or false",
                default: "false",
                range: "",
                what: "Whether images of different studies of one patient are registered to each other.",
                example: "true",
                refused: "1",
            },
            Key {
                table: "register",
                name: "doubtful",
                holds: "a word",
                default: "\"quarantine\"",
                range: "`quarantine`, `keep`",
                what: "What becomes of a series whose registration is in doubt; one that leaves left and right in doubt is kept out in either case.",
                example: "\"keep\"",
                refused: "\"maybe\"",
            },
        ],
    },
    Table {
        name: "normalize",
        what: "Intensity steps. Each key is a kind of image: a contrast (`T1`, `FLAIR`, `ADC`, ...) or a modality (`CT`, `MR`, `PT`); the \
               contrast counts first. Its value is a list of steps in their order, each a table with its `name` and the keys below.",
        keys: &[Key {
            table: "normalize",
            name: "KIND",
            holds: "a list of steps",
            default: "[]",
            range: "steps of the names below",
            what: "What is done with the values of such an image.",
            example: "[{ name = \"zscore\", region = \"head\" }]",
            refused: "[{ name = \"z\" }]",
        }],
    },
    Table {
        name: "split",
        what: "How patients are split.",
        keys: &[
            Key {
                table: "split",
                name: "test",
                holds: "a number",
                default: "0.2",
                range: "0 to below 1",
                what: "Share of the patients in the test part; with fewer than five patients all are train.",
                example: "0.1",
                refused: "1.0",
            },
            Key {
                table: "split",
                name: "folds",
                holds: "a whole number",
                default: "5",
                range: "1 to 100",
                what: "Folds of cross-validation within the train part.",
                example: "4",
                refused: "0",
            },
        ],
    },
];

#[cfg(test)]
mod tests;
