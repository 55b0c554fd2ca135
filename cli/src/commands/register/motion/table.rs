//! Turns, shifts and displacements, a line for each step.

use std::path::Path;

use isocenter::{Error, register::Motion};

use crate::commands::register::{outputs::usage, verdict};

/// What stands between two cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    separator: char,
}

/// The first line. Turns are about the axes to the patient's left, back and head, in this order about the fixed axes; shifts are those of the middle of the
/// reference's body.
const HEAD: [&str; 13] = [
    "step",
    "rotation_l_deg",
    "rotation_p_deg",
    "rotation_s_deg",
    "shift_l_mm",
    "shift_p_mm",
    "shift_s_mm",
    "framewise_displacement_mm",
    "framewise_rms_mm",
    "rms_mm",
    "likeness",
    "overlap",
    "verdict",
];

impl Columns {
    pub(super) fn of(path: &Path) -> Result<Self, Error> {
        let is = |wanted: &str| path.extension().is_some_and(|e| e.eq_ignore_ascii_case(wanted));
        match (is("tsv"), is("csv")) {
            (true, _) => Ok(Self { separator: '\t' }),
            (_, true) => Ok(Self { separator: ',' }),
            _ => Err(usage(format!("the table's name must end in .tsv or .csv: {}", path.display()))),
        }
    }

    pub(super) fn of_motion(self, motion: &Motion) -> String {
        let separator = self.separator.to_string();
        let mut text = HEAD.join(&separator);
        text.push('\n');
        for (step, rigid) in motion.rigid.iter().enumerate() {
            let turns = rigid.euler_xyz_deg();
            let numbers = turns.into_iter().chain(rigid.translation_mm()).chain([
                motion.framewise_displacement_mm[step],
                motion.framewise_rms_mm[step],
                motion.rms_mm[step],
                motion.likeness[step],
                motion.overlap[step],
            ]);
            let mut cells = vec![step.to_string()];
            // what prints as zero prints without a sign
            cells.extend(numbers.map(|v| format!("{:.6}", if v.abs() < 5e-7 { 0.0 } else { v })));
            cells.push(verdict::word(verdict::code(motion.verdicts[step])).to_owned());
            text.push_str(&cells.join(&separator));
            text.push('\n');
        }
        text
    }
}
