//! The keys of steps that standardize, and of those that work on the histogram.

use super::{Key, Table};

const REGION: &str = "`\"all\"`, `\"head\"`, `\"brain\"`, `\"non_zero\"`, `\"above_mean\"`, `{ above = NUMBER }`, `{ between = [NUMBER, NUMBER] }`";
const FOREGROUND: &str = "{ above = 0.0 }";
const BANDWIDTHS: &str = "`\"scott\"`, `{ part_of_max = NUMBER }`, `{ fixed = NUMBER }`";
const RULES: &str = "`\"last\"` (T1), `\"largest\"` (T2, FLAIR), `\"first\"` (proton density)";

const fn region(table: &'static str, default: &'static str, what: &'static str) -> Key {
    let holds = "a word or a table";
    Key { table, name: "region", holds, default, range: REGION, what, example: "\"head\"", refused: "\"heart\"" }
}

/// A key whose value is a number, with one that is taken and one that is refused.
const fn number(
    [table, name, default]: [&'static str; 3],
    range: &'static str,
    what: &'static str,
    [example, refused]: [&'static str; 2],
) -> Key {
    Key { table, name, holds: "a number", default, range, what, example, refused }
}

/// A key whose value is a whole number.
const fn whole(
    [table, name, default]: [&'static str; 3],
    range: &'static str,
    what: &'static str,
    [example, refused]: [&'static str; 2],
) -> Key {
    Key { table, name, holds: "a whole number", default, range, what, example, refused }
}

const fn rule(table: &'static str) -> Key {
    let what =
        "Which peak is the tissue's; of `last` values above percentile 96 are left out first, of `first` above 99.";
    Key {
        table,
        name: "rule",
        holds: "a word",
        default: "\"last\"",
        range: RULES,
        what,
        example: "\"largest\"",
        refused: "\"middle\"",
    }
}

const fn tail(table: &'static str) -> Key {
    let what = "The percentile above which values are left out, in place of the rule's.";
    number([table, "tail_percentile", "none"], "above 0 to 100", what, ["98.0", "0.0"])
}

const fn bandwidth(table: &'static str, default: &'static str) -> Key {
    Key {
        table,
        name: "bandwidth",
        holds: "a word or a table",
        default,
        range: BANDWIDTHS,
        what: "The width of the Gaussian that values are spread by.",
        example: "{ fixed = 3.0 }",
        refused: "{ fixed = 0.0 }",
    }
}

const fn points(table: &'static str, default: &'static str) -> Key {
    let what = "Values that the density is computed at.";
    whole([table, "points", default], "3 to 16384", what, ["200", "2"])
}

const fn numbers(
    [table, name, default]: [&'static str; 3],
    range: &'static str,
    what: &'static str,
    [example, refused]: [&'static str; 2],
) -> Key {
    Key { table, name, holds: "numbers", default, range, what, example, refused }
}

pub(super) const STEPS: &[Table] = &[
    Table {
        name: "nyul",
        what: "Brings percentiles of an image to a standard scale that was found on a cohort, linear between them.",
        keys: &[
            numbers(
                ["nyul", "percentiles", "needed"],
                "0 to 100, ascending, 2 to 1024 of them",
                "The percentiles of the scale.",
                ["[1.0, 99.0]", "[99.0, 1.0]"],
            ),
            numbers(
                ["nyul", "scale", "needed"],
                "as many, ascending",
                "Where they go.",
                ["[0.0, 100.0]", "[100.0, 0.0]"],
            ),
            region("nyul", FOREGROUND, "Where the percentiles are taken; every voxel is mapped."),
            Key {
                table: "nyul",
                name: "ends",
                holds: "a word",
                default: "\"extrapolate\"",
                range: "`\"extrapolate\"`, `\"hold\"`",
                what: "What becomes of values beyond the first and the last percentile.",
                example: "\"hold\"",
                refused: "\"drop\"",
            },
        ],
    },
    Table {
        name: "white_stripe",
        what: "Takes off the mean of the values around the peak of white matter and divides by their deviation.",
        keys: &[
            rule("white_stripe"),
            number(
                ["white_stripe", "below", "0.05"],
                "0 to 1",
                "The share of the samples below the peak that the stripe holds.",
                ["0.02", "2.0"],
            ),
            number(
                ["white_stripe", "above", "0.05"],
                "0 to 1",
                "The share of the samples above the peak that the stripe holds.",
                ["0.02", "2.0"],
            ),
            tail("white_stripe"),
            bandwidth("white_stripe", "\"scott\""),
            points("white_stripe", "80"),
            region("white_stripe", FOREGROUND, "Where peak and stripe are looked for: a brain without skull."),
        ],
    },
    Table {
        name: "fcm",
        what: "Divides by the mean of a tissue that fuzzy clustering finds.",
        keys: &[
            Key {
                table: "fcm",
                name: "tissue",
                holds: "a word",
                default: "\"wm\"",
                range: "`\"csf\"`, `\"gm\"`, `\"wm\"`: the darkest, the middle, the brightest cluster",
                what: "The tissue whose mean becomes 1.",
                example: "\"gm\"",
                refused: "\"fat\"",
            },
            whole(["fcm", "clusters", "3"], "2 to 16", "Number of clusters.", ["4", "1"]),
            number(["fcm", "fuzziness", "2.0"], "1.05 to 20", "The exponent of memberships.", ["1.5", "1.0"]),
            region("fcm", FOREGROUND, "Where values are clustered: a brain without skull."),
        ],
    },
    Table {
        name: "kde_peak",
        what: "Divides by the value at the peak of a tissue.",
        keys: &[
            rule("kde_peak"),
            tail("kde_peak"),
            bandwidth("kde_peak", "{ part_of_max = 0.0125 }"),
            points("kde_peak", "512"),
            region("kde_peak", FOREGROUND, "Where the peak is looked for: a brain without skull."),
        ],
    },
    Table {
        name: "lsq",
        what: "Divides by the factor that brings the means of fluid, grey and white matter nearest to a standard.",
        keys: &[
            numbers(
                ["lsq", "means", "needed"],
                "three, above 0, ascending",
                "The means of fluid, grey and white matter of the standard.",
                ["[1.0, 2.0, 3.0]", "[3.0, 2.0, 1.0]"],
            ),
            region("lsq", FOREGROUND, "Where tissues are looked for: a brain without skull."),
        ],
    },
    Table {
        name: "histogram_match",
        what: "Brings quantiles of an image to those of a reference, as SimpleITK's `HistogramMatching`.",
        keys: &[
            numbers(
                ["histogram_match", "reference", "needed"],
                "4 to 4099, ascending from the third",
                "Of the reference: its smallest value, the threshold, quantiles, the largest value.",
                ["[0.0, 100.0, 400.0, 900.0]", "[0.0, 100.0]"],
            ),
            whole(["histogram_match", "levels", "256"], "2 to 2^20", "Levels of the image's histogram.", ["64", "1"]),
            Key {
                table: "histogram_match",
                name: "threshold_at_mean",
                holds: "true or false",
                default: "true",
                range: "",
                what: "Whether only values above the mean are matched; the reference was measured likewise.",
                example: "false",
                refused: "1",
            },
            region("histogram_match", "\"all\"", "Where the histogram is taken; every voxel is mapped."),
        ],
    },
    Table {
        name: "cdf_match",
        what: "Brings every value to the one of its rank in a reference, as scikit-image's `match_histograms`.",
        keys: &[
            Key {
                table: "cdf_match",
                name: "reference",
                holds: "a table",
                default: "needed",
                range: "`{ values = [NUMBER, ...], shares = [NUMBER, ...] }`, both ascending, the last share 1",
                what: "For values of the reference the share of its samples that are at most that.",
                example: "{ values = [0.0, 9.0], shares = [0.5, 1.0] }",
                refused: "{ values = [0.0, 9.0], shares = [0.5, 0.9] }",
            },
            region("cdf_match", "\"all\"", "Where the image's distribution is taken; every voxel is mapped."),
        ],
    },
    Table {
        name: "histogram_equalize",
        what: "Brings every value to its rank, as MONAI's `HistogramNormalize`.",
        keys: &[
            whole(["histogram_equalize", "bins", "256"], "2 to 65536", "Bins of the histogram.", ["64", "1"]),
            numbers(
                ["histogram_equalize", "out", "[0.0, 1.0]"],
                "two, ascending",
                "Where the lowest and the highest rank go.",
                ["[0.0, 255.0]", "[1.0, 0.0]"],
            ),
            region("histogram_equalize", "\"all\"", "Where the histogram is taken; every voxel is mapped."),
        ],
    },
    Table {
        name: "clahe",
        what: "Makes the histogram of every neighbourhood even, up to a limit of contrast, as scikit-image's `equalize_adapthist`.",
        keys: &[
            Key {
                table: "clahe",
                name: "tile",
                holds: "three whole numbers",
                default: "none",
                range: "1 to twice the image",
                what: "Voxels of a tile along i, j, k; an eighth of the image where left out.",
                example: "[16, 16, 8]",
                refused: "[0, 1, 1]",
            },
            number(
                ["clahe", "clip_limit", "0.01"],
                "0 to 1; 0 limits nothing",
                "The share of a tile's samples that one bin may hold.",
                ["0.03", "2.0"],
            ),
            whole(["clahe", "bins", "256"], "2 to 4096", "Bins of each histogram.", ["64", "1"]),
        ],
    },
    Table {
        name: "ahe",
        what: "Moves every voxel by how it stands among its neighbours, as SimpleITK's `AdaptiveHistogramEqualization`.",
        keys: &[
            Key {
                table: "ahe",
                name: "radius",
                holds: "three whole numbers",
                default: "[5, 5, 5]",
                range: "0 to 64 each",
                what: "Voxels of the box to either side along i, j, k.",
                example: "[5, 5, 1]",
                refused: "[65, 1, 1]",
            },
            number(["ahe", "alpha", "0.3"], "0 to 1", "From equalizing (0) to sharpening (1).", ["0.5", "2.0"]),
            number(["ahe", "beta", "0.3"], "0 to 1", "How much of the image is kept.", ["0.5", "2.0"]),
        ],
    },
];
