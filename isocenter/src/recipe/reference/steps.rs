//! The keys of intensity steps.

use super::{Key, Table};

const REGION: &str = "`\"all\"`, `\"head\"`, `\"brain\"`, `\"non_zero\"`, `\"above_mean\"`, `{ above = NUMBER }`, `{ between = [NUMBER, NUMBER] }`";
const PRESETS: &str =
    "`soft_tissue`, `lung`, `mediastinum`, `bone`, `brain`, `stroke`, `temporal_bone`, `abdomen`, `liver`, `spine`";
const OUT: &str = "two numbers, or `\"keep\"`";

const fn region(table: &'static str, what: &'static str) -> Key {
    let (holds, default) = ("a word or a table", "\"all\"");
    Key { table, name: "region", holds, default, range: REGION, what, example: "\"head\"", refused: "\"heart\"" }
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

/// A whole number.
const fn whole(
    table: &'static str,
    name: &'static str,
    default: &'static str,
    range: &'static str,
    what: &'static str,
    examples: [&'static str; 2],
) -> Key {
    let [example, refused] = examples;
    Key { table, name, holds: "a whole number", default, range, what, example, refused }
}

/// A number that is not below 0.
const fn not_negative(table: &'static str, name: &'static str, default: &'static str, what: &'static str) -> Key {
    Key { table, name, holds: "a number", default, range: "at least 0", what, example: "0.5", refused: "-1.0" }
}

const fn flag(table: &'static str, name: &'static str, what: &'static str) -> Key {
    let (holds, default, range) = ("true or false", "false", "");
    Key { table, name, holds, default, range, what, example: "true", refused: "1" }
}

const fn iterations(table: &'static str) -> Key {
    whole(table, "iterations", "5", "0 to 100000", "How often.", ["3", "100001"])
}

const fn diffusion(table: &'static str) -> [Key; 4] {
    [
        positive(
            table,
            "time_step",
            "0.0625",
            "How far one iteration goes; above a 16th of the least spacing (mm) it may be unstable.",
        ),
        not_negative(
            table,
            "conductance",
            "3.0",
            "How steep an edge may be, against the root mean square gradient, and still be smoothed.",
        ),
        iterations(table),
        whole(
            table,
            "scaling_interval",
            "1",
            "at least 1",
            "After how many iterations the mean gradient is taken anew.",
            ["2", "0"],
        ),
    ]
}

const CURVATURE: [Key; 4] = diffusion("curvature_anisotropic_diffusion");
const GRADIENT: [Key; 4] = diffusion("gradient_anisotropic_diffusion");

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
    Table {
        name: "suv",
        what: "Uptake values: a PET in Bq/ml, in counts of a known maker, or in another uptake, by dose over weight, lean mass, surface or ideal weight.",
        keys: &[Key {
            table: "suv",
            name: "by",
            holds: "a word",
            default: "\"bw\"",
            range: "`\"bw\"`, `\"lbm_james128\"`, `\"lbm_morgan\"`, `\"lbm_janma\"`, `\"bsa\"`, `\"ibw\"`",
            what: "What the dose is thought to be spread over; all but weight need size and, but for surface, sex.",
            example: "\"lbm_janma\"",
            refused: "\"height\"",
        }],
    },
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
                "`\"sampled\"`, `\"recursive\"` (with `nearest` alone), `\"erf\"`",
                "How weights are taken: as scipy, as ITK, or as MONAI.",
                "\"erf\"",
            ),
            positive("gaussian", "truncate", "4.0", "After how many deviations the kernel ends."),
            boundary("gaussian", "\"nearest\""),
        ],
    },
    Table {
        name: "median",
        what: "Replaces every voxel by the median of the box around it.",
        keys: &[whole(
            "median",
            "radius",
            "1",
            "1 to 16",
            "Voxels from the middle of the box to its sides.",
            ["2", "0"],
        )],
    },
    Table {
        name: "curvature_flow",
        what: "Moves surfaces of equal value by their curvature, as ITK does.",
        keys: &[
            positive("curvature_flow", "time_step", "0.05", "How far one iteration goes."),
            iterations("curvature_flow"),
        ],
    },
    Table {
        name: "curvature_anisotropic_diffusion",
        what: "Smooths, but not across edges, by the curvature of surfaces of equal value, as ITK does.",
        keys: &CURVATURE,
    },
    Table {
        name: "gradient_anisotropic_diffusion",
        what: "Smooths, but not across edges, along the gradient, as ITK does.",
        keys: &GRADIENT,
    },
    Table {
        name: "bilateral",
        what: "Takes the mean of neighbours that are near and of nearly the same value, as ITK does.",
        keys: &[
            positive("bilateral", "domain_sigma_mm", "needed", "The deviation of distance, mm."),
            positive("bilateral", "range_sigma", "needed", "The deviation of values, the unit of the image."),
            whole(
                "bilateral",
                "range_samples",
                "100",
                "1 to 65536",
                "Steps of the table of weights of values.",
                ["50", "0"],
            ),
        ],
    },
    Table {
        name: "savitzky_golay",
        what: "Fits a polynomial to the neighbours along one axis.",
        keys: &[
            whole("savitzky_golay", "window", "needed", "an odd number up to 63", "Voxels of the window.", ["5", "4"]),
            whole(
                "savitzky_golay",
                "order",
                "needed",
                "below the window, at most 12",
                "The degree of the polynomial.",
                ["2", "5"],
            ),
            whole("savitzky_golay", "axis", "needed", "0, 1 or 2", "The axis: i, j or k.", ["0", "3"]),
            boundary("savitzky_golay", "\"zero\""),
        ],
    },
    Table {
        name: "non_local_means",
        what: "Takes the mean of neighbours whose surroundings look alike, as scikit-image does.",
        keys: &[
            positive("non_local_means", "h", "needed", "How much patches may differ, the unit of the image."),
            not_negative("non_local_means", "sigma", "0.0", "The deviation of the noise, the unit of the image."),
            whole(
                "non_local_means",
                "patch_size",
                "3",
                "2 to 15; an even one counts as the next odd one",
                "Voxels of a patch along each axis.",
                ["5", "1"],
            ),
            whole(
                "non_local_means",
                "patch_distance",
                "2",
                "1 to 15",
                "How far neighbours are looked for.",
                ["3", "0"],
            ),
            word(
                "non_local_means",
                "weights",
                "\"uniform\"",
                "`\"uniform\"` (scikit-image's fast mode), `\"gaussian\"` (its classic one)",
                "How the voxels of a patch count.",
                "\"gaussian\"",
            ),
            flag("non_local_means", "rician", "Whether the noise is Rician, as in magnitude images."),
        ],
    },
    Table {
        name: "n4",
        what: "Finds the bias field by N4 and divides by it. The defaults are ours; SimpleITK's are `iterations = [50, 50, 50, 50]`, `convergence = 0.001`, `fwhm = 0.15`, `keep_non_positive = true`.",
        keys: &[
            Key { default: "\"head\"", ..region("n4", "The voxels that the field is found from.") },
            Key {
                table: "n4",
                name: "iterations",
                holds: "whole numbers",
                default: "[50, 50, 50]",
                range: "one for each of 1 to 10 levels",
                what: "Most iterations of each level; each has twice the spans of the one before.",
                example: "[50, 50, 50, 50]",
                refused: "[]",
            },
            not_negative("n4", "convergence", "0.0001", "The change of the field below which a level ends."),
            Key {
                table: "n4",
                name: "control_points",
                holds: "three whole numbers",
                default: "[4, 4, 4]",
                range: "at least 4; at most 1024 at the last level",
                what: "Control points of the first level along i, j and k.",
                example: "[5, 5, 4]",
                refused: "[4, 4, 3]",
            },
            positive(
                "n4",
                "fwhm",
                "0.1",
                "Width at half height of the Gaussian taken out of the histogram, log units.",
            ),
            positive("n4", "wiener_noise", "0.01", "The noise of the filter that takes it out."),
            whole("n4", "bins", "200", "8 to 65536", "Bins of the histogram.", ["100", "7"]),
            Key {
                table: "n4",
                name: "shrink",
                holds: "three whole numbers",
                default: "[1, 1, 1]",
                range: "at least 1",
                what: "Of how many voxels along i, j and k one is used.",
                example: "[4, 4, 1]",
                refused: "[0, 1, 1]",
            },
            flag("n4", "keep_non_positive", "Whether values that have no logarithm take part as they are, as in ITK."),
        ],
    },
];
