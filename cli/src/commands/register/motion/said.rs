//! What is said of a motion.

use std::path::{Path, PathBuf};

use isocenter::register::Motion;
use serde_json::{Value, json};

use crate::commands::register::verdict;

/// Steps that a sentence names, at most.
const MOST_NAMED: usize = 8;

/// A motion in words and numbers.
pub(super) struct Said {
    series: PathBuf,
    motion: Motion,
    reference: String,
    still: Option<PathBuf>,
    transforms: Option<PathBuf>,
    table: Option<PathBuf>,
}

impl Said {
    pub(super) fn new(series: &Path, motion: &Motion, reference: String) -> Self {
        Self {
            series: series.to_owned(),
            motion: motion.clone(),
            reference,
            still: None,
            transforms: None,
            table: None,
        }
    }

    pub(super) fn written(mut self, still: Option<&Path>, transforms: Option<&Path>, table: Option<&Path>) -> Self {
        [self.still, self.transforms, self.table] = [still, transforms, table].map(|path| path.map(Path::to_owned));
        self
    }

    /// That of the worst step.
    pub(super) fn exit_code(&self) -> u8 {
        self.motion.verdicts.iter().map(|v| verdict::code(*v)).max().unwrap_or(verdict::GOOD)
    }

    pub(super) fn verdict_line(&self) -> String {
        let steps = self.motion.verdicts.len();
        let code = self.exit_code();
        let of = |wanted: u8| -> Vec<usize> {
            (0..steps).filter(|n| verdict::code(self.motion.verdicts[*n]) == wanted).collect()
        };
        match code {
            verdict::GOOD => format!("good: {steps} steps were brought to {}", self.reference),
            verdict::DOUBTFUL => format!(
                "doubtful, look at it before you use it: {} of {steps} less like {} than the others are, or not settled",
                named(&of(code)),
                self.reference
            ),
            _ => format!(
                "failed, not to be used: {} of {steps} not like {}, or out of its sight",
                named(&of(code)),
                self.reference
            ),
        }
    }

    pub(super) fn lines(&self) -> Vec<String> {
        let framewise = &self.motion.framewise_displacement_mm;
        let most = largest(framewise);
        let far = largest(&self.motion.rms_mm);
        // the first step has none before it
        let mean = framewise.iter().sum::<f64>() / framewise.len().saturating_sub(1).max(1) as f64;
        let mut lines = vec![
            self.verdict_line(),
            format!(
                "framewise displacement {mean:.2} mm on the average, at most {:.2} mm at step {most}",
                framewise.get(most).copied().unwrap_or_default()
            ),
            format!(
                "furthest from {}: {:.2} mm at step {far}, root mean square over a head",
                self.reference,
                self.motion.rms_mm.get(far).copied().unwrap_or_default()
            ),
        ];
        let files = [
            (&self.still, "the series that stands still"),
            (&self.transforms, "points of the reference to points of each step"),
            (&self.table, "turns, shifts and displacements of each step"),
        ];
        let written: Vec<String> = files
            .into_iter()
            .filter_map(|(path, what)| path.as_ref().map(|path| format!("wrote {} ({what})", path.display())))
            .collect();
        if written.is_empty() {
            lines.push("nothing was written; --write-failed writes the outputs all the same".to_owned());
        }
        lines.extend(written);
        lines
    }

    pub(super) fn to_json(&self) -> Value {
        let m = &self.motion;
        let steps: Vec<Value> = m
            .rigid
            .iter()
            .enumerate()
            .map(|(n, rigid)| {
                json!({
                    "step": n,
                    "verdict": verdict::word(verdict::code(m.verdicts[n])),
                    "is_outlier": m.is_outlier[n],
                    "rotation_deg": rigid.euler_xyz_deg(),
                    "shift_mm": rigid.translation_mm(),
                    "at_lps_mm": rigid.centre_mm(),
                    "framewise_displacement_mm": m.framewise_displacement_mm[n],
                    "framewise_rms_mm": m.framewise_rms_mm[n],
                    "rms_mm": m.rms_mm[n],
                    "likeness": m.likeness[n],
                    "overlap": m.overlap[n],
                    "fixed_to_moving_lps": m.transforms[n].rows(),
                })
            })
            .collect();
        json!({
            "verdict": verdict::word(self.exit_code()),
            "sentence": self.verdict_line(),
            "exit_code": self.exit_code(),
            "series": self.series,
            "reference": self.reference,
            "steps": steps,
            "written": { "still": self.still, "transforms": self.transforms, "table": self.table },
        })
    }
}

/// The number of the largest; of equals the first.
fn largest(values: &[f64]) -> usize {
    let mut best = 0;
    for (n, value) in values.iter().enumerate() {
        if *value > values[best] {
            best = n;
        }
    }
    best
}

/// Steps in words; of many the first ones.
fn named(steps: &[usize]) -> String {
    let shown: Vec<String> = steps.iter().take(MOST_NAMED).map(ToString::to_string).collect();
    match (steps.len(), steps.len().saturating_sub(MOST_NAMED)) {
        (1, _) => format!("step {}", shown.join("")),
        (_, 0) => format!("steps {}", shown.join(", ")),
        (_, more) => format!("steps {} and {more} more", shown.join(", ")),
    }
}
