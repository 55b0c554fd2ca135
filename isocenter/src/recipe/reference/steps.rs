//! The keys of intensity steps.

use super::{Key, Table};

const REGION: &str =
    "`\"all\"`, `\"head\"`, `\"non_zero\"`, `\"above_mean\"`, `{ above = NUMBER }`, `{ between = [NUMBER, NUMBER] }`";
const PRESETS: &str =
    "`soft_tissue`, `lung`, `mediastinum`, `bone`, `brain`, `stroke`, `temporal_bone`, `abdomen`, `liver`, `spine`";
const OUT: &str = "two numbers, or `\"keep\"`";

const fn region(table: &'static str, what: &'static str) -> Key {
    let (holds, default) = ("a word or a table", "\"all\"");
    Key { table, name: "region", holds, default, range: REGION, what, example: "\"head\"", refused: "\"brain\"" }
}

const fn out(table: &'static str, what: &'static str) -> Key {
    let (holds, default) = ("two numbers or a word", "[0.0, 1.0]");
    Key { table, name: "out", holds, default, range: OUT, what, example: "\"keep\"", refused: "\"drop\"" }
}

/// A number of which something else says what is allowed.
const fn number(
    table: &'static str,
    name: &'static str,
    default: &'static str,
    range: &'static str,
    what: &'static str,
) -> Key {
    Key { table, name, holds: "a number", default, range, what, example: "40.0", refused: "true" }
}

/// A number above 0.
const fn positive(table: &'static str, name: &'static str, default: &'static str, what: &'static str) -> Key {
    Key { table, name, holds: "a number", default, range: "above 0", what, example: "1.5", refused: "0.0" }
}

/// One of some words.
const fn word(
    table: &'static str,
    name: &'static str,
    default: &'static str,
    range: &'static str,
    what: &'static str,
    example: &'static str,
) -> Key {
    Key { table, name, holds: "a word", default, range, what, example, refused: "\"zzz\"" }
}

const fn boundary(table: &'static str, default: &'static str) -> Key {
    const RANGE: &str = "`\"nearest\"`, `\"reflect\"`, `\"mirror\"`, `\"wrap\"`, `\"zero\"`";
    word(table, "boundary", default, RANGE, "What lies beyond the image.", "\"zero\"")
}

pub(super) const STEPS: &[Table] = &[
    Table {
        name: "zscore",
        what: "Takes off the mean of a region and divides by its standard deviation; every voxel is mapped.",
        keys: &[
            region("zscore", "Where mean and deviation are taken."),
            Key {
                table: "zscore",
                name: "ddof",
                holds: "a whole number",
                default: "0",
                range: "0 to 255; 0 as NumPy, MONAI and nnU-Net, 1 as TorchIO",
                what: "Degrees of freedom taken off the count.",
                example: "1",
                refused: "-1",
            },
            Key {
                table: "zscore",
                name: "keep_zeros",
                holds: "true or false",
                default: "false",
                range: "",
                what: "Whether voxels that are exactly 0 stay 0, as MONAI's `nonzero` has it.",
                example: "true",
                refused: "1",
            },
        ],
    },
    Table {
        name: "ct_window",
        what: "Maps a window of values to a range and clips what lies outside. Either `centre` and `width`, or `lower` and `upper`, or `preset`.",
        keys: &[
            number(
                "ct_window",
                "centre",
                "none",
                "any; with `width`",
                "The middle of the window, in the unit of the image.",
            ),
            number("ct_window", "width", "none", "above 0; with `centre`", "Its width."),
            number("ct_window", "lower", "none", "below `upper`", "Its lower end, in place of centre and width."),
            number("ct_window", "upper", "none", "above `lower`", "Its upper end."),
            Key {
                table: "ct_window",
                name: "preset",
                holds: "a word",
                default: "none",
                range: PRESETS,
                what: "A window by name, in place of the four.",
                example: "\"lung\"",
                refused: "\"lungs\"",
            },
            out("ct_window", "Where the ends go; `\"keep\"` clips only."),
        ],
    },
    Table {
        name: "percentile_rescale",
        what: "Maps two percentiles of a region to the ends of a range.",
        keys: &[
            number("percentile_rescale", "lower", "1.0", "0 to 100, below `upper`", "The lower percentile."),
            number("percentile_rescale", "upper", "99.0", "0 to 100, above `lower`", "The upper percentile."),
            out("percentile_rescale", "Where they go; `\"keep\"` clips only (winsorizing)."),
            Key {
                table: "percentile_rescale",
                name: "clip",
                holds: "true or false",
                default: "true",
                range: "",
                what: "Whether values outside the percentiles are clipped to them.",
                example: "false",
                refused: "1",
            },
            region("percentile_rescale", "Where the percentiles are taken."),
        ],
    },
    Table {
        name: "ct_fingerprint",
        what: "nnU-Net's normalization of CT, with the numbers of a fingerprint that was measured before.",
        keys: &[
            number("ct_fingerprint", "mean", "needed", "any", "The mean that is taken off."),
            number("ct_fingerprint", "std", "needed", "above 0", "The deviation that is divided by."),
            Key {
                table: "ct_fingerprint",
                name: "percentile_00_5",
                holds: "a number",
                default: "needed",
                range: "below `percentile_99_5`",
                what: "Percentile 0.5 of the foreground: what lies below is clipped to it.",
                example: "-1000.0",
                refused: "2000.0",
            },
            Key {
                table: "ct_fingerprint",
                name: "percentile_99_5",
                holds: "a number",
                default: "needed",
                range: "above `percentile_00_5`",
                what: "Percentile 99.5 of the foreground: what lies above is clipped to it.",
                example: "1000.0",
                refused: "-2000.0",
            },
        ],
    },
    Table { name: "suv", what: "Uptake values: a PET in Bq/ml by dose over weight. It has no keys.", keys: &[] },
    Table {
        name: "fill_non_finite",
        what: "Replaces NaN and infinite voxels.",
        keys: &[number(
            "fill_non_finite",
            "with",
            "needed",
            "any",
            "The value that they get, in the unit of the image.",
        )],
    },
    Table {
        name: "gaussian",
        what: "Smooths by a Gaussian of one width along all axes.",
        keys: &[
            positive("gaussian", "sigma", "needed", "The standard deviation, in `unit`."),
            word(
                "gaussian",
                "unit",
                "\"mm\"",
                "`\"mm\"`, `\"voxels\"`",
                "What the width is measured in.",
                "\"voxels\"",
            ),
            word(
                "gaussian",
                "kernel",
                "\"sampled\"",
                "`\"sampled\"`, `\"erf\"`",
                "How weights are taken: as scipy, or as MONAI.",
                "\"erf\"",
            ),
            positive("gaussian", "truncate", "4.0", "After how many deviations the kernel ends."),
            boundary("gaussian", "\"nearest\""),
        ],
    },
];
