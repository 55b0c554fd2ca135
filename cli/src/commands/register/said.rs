//! What is said of a registration: the verdict first, then where it went and how well it fits.

use std::path::PathBuf;

use isocenter::{
    register::{Metric, Registration, Rigid, Start},
    volume::{Geometry, affine::norm},
};
use serde_json::json;

use super::verdict;

/// The files that were written.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    pub(super) transform: Option<PathBuf>,
    pub(super) resampled: Option<PathBuf>,
    pub(super) figure: Option<PathBuf>,
}

/// A registration in words and numbers.
#[derive(Clone, Debug)]
pub(super) struct Said {
    found: Registration,
    /// The motion about the centre of the fixed image.
    rigid: Rigid,
    written: Written,
}

impl Said {
    pub(super) fn new(found: &Registration, fixed: &Geometry, written: Written) -> Self {
        let centre = fixed.world_of(fixed.shape().map(|n| (n as f64 - 1.0) / 2.0));
        Self { rigid: found.rigid.about(centre), found: found.clone(), written }
    }

    pub(super) const fn exit_code(&self) -> u8 {
        verdict::code(self.found.verdict)
    }

    pub(super) fn verdict_line(&self) -> String {
        let why: Vec<&str> = self.found.doubts.iter().map(|d| d.sentence()).collect();
        match self.exit_code() {
            verdict::GOOD => "good: the images agree where they were brought, and nowhere else".to_owned(),
            verdict::DOUBTFUL => format!("doubtful, look at it before you use it: {}", why.join("; ")),
            _ => format!("failed, not to be used: {}", why.join("; ")),
        }
    }

    pub(super) fn lines(&self) -> Vec<String> {
        let (x, y, z) = of(self.rigid.euler_xyz_deg());
        let (dx, dy, dz) = of(self.rigid.translation_mm());
        let f = &self.found;
        let mut lines = vec![
            self.verdict_line(),
            format!(
                "rotation {:.2} degrees ({x:.2}, {y:.2}, {z:.2} about the axes to L, P, S)",
                self.rigid.angle_deg()
            ),
            format!(
                "shift {:.2} mm at the centre of the fixed image ({dx:.2}, {dy:.2}, {dz:.2} to L, P, S)",
                self.rigid.shift_mm()
            ),
            format!("found from {}", began(f.start)),
            format!("similarity {:.4} before, {:.4} after ({})", f.metric_before, f.metric_after, scale_of(f.metric)),
            format!(
                "residual {:.2} mm: from where half of the parts of the body fit best by themselves",
                f.residual_mm
            ),
            format!("overlap {:.0} % of the fixed image's body lies in the moving image", 100.0 * f.overlap),
        ];
        if let Some(distance) = f.distance_mm {
            lines.push(format!("distance {distance:.2} mm of the given transform from where the images fit best"));
        }
        if f.dof.number() > 6 {
            let scales = [0, 1, 2].map(|a| format!("{:.3}", norm(f.transform.column(a)))).join(", ");
            lines.insert(3, format!("scale {scales} along the axes to L, P, S"));
        }
        lines.extend(self.written_lines());
        lines
    }

    /// What was written, or that nothing was.
    pub(super) fn written_lines(&self) -> Vec<String> {
        let Written { transform, resampled, figure } = &self.written;
        let Some(transform) = transform else {
            return vec!["nothing was written; --write-failed writes the outputs all the same".to_owned()];
        };
        let mut lines =
            vec![format!("wrote {} (points of the fixed image to points of the moving image)", transform.display())];
        if let Some(path) = resampled {
            lines.push(format!("wrote {} (the moving volume on the grid of the fixed one)", path.display()));
        }
        if let Some(path) = figure {
            lines.push(format!("wrote {} (both images over each other, and in squares)", path.display()));
        }
        lines
    }

    pub(super) fn to_json(&self) -> serde_json::Value {
        let f = &self.found;
        json!({
            "verdict": verdict::word(self.exit_code()),
            "doubts": f.doubts.iter().map(|d| d.code()).collect::<Vec<_>>(),
            "sentence": self.verdict_line(),
            "exit_code": self.exit_code(),
            "rotation": { "angle_deg": self.rigid.angle_deg(), "euler_xyz_deg": self.rigid.euler_xyz_deg() },
            "shift": {
                "length_mm": self.rigid.shift_mm(),
                "lps_mm": self.rigid.translation_mm(),
                "at_centre_lps_mm": self.rigid.centre_mm(),
            },
            "similarity": {
                "metric": f.metric.name(),
                "before": f.metric_before,
                "after": f.metric_after,
                "lowest": f.metric.lowest(),
                "highest": f.metric.highest(),
            },
            "start": f.start.name(),
            "overlap": f.overlap,
            "sharpness": f.sharpness,
            "rivalry": f.rivalry,
            "mirror": f.mirror,
            "residual_mm": f.residual_mm,
            "residual_upper_mm": f.residual_upper_mm,
            "distance_mm": f.distance_mm,
            "dof": f.dof.number(),
            "fixed_to_moving_lps": f.transform.rows(),
            "written": {
                "transform": self.written.transform,
                "resampled": self.written.resampled,
                "figure": self.written.figure,
            },
        })
    }
}

/// What the numbers of a measure mean.
fn scale_of(metric: Metric) -> String {
    let name = metric.name().replace('-', " ");
    match (metric, metric.highest()) {
        (Metric::MutualInformation, _) => "mutual information in nats: 0 is nothing in common".to_owned(),
        (_, Some(highest)) => format!("{name}: {} is nothing in common, {highest} the most there is", metric.lowest()),
        (_, None) => format!("{name}: {} is nothing in common", metric.lowest()),
    }
}

/// Where the search began that led here.
fn began(start: Start) -> &'static str {
    match start {
        Start::Bodies => "the middles of the two bodies, turned as the headers say",
        Start::Grids => "the middles of the two grids, turned as the headers say",
        Start::Turned => "another rotation than the headers'",
        Start::Given => "the given transform",
        _ => "where the headers place the images",
    }
}

/// Numbers that print without a minus before zero.
fn of(v: [f64; 3]) -> (f64, f64, f64) {
    let [x, y, z] = v.map(|v| if v.abs() < 0.005 { 0.0 } else { v });
    (x, y, z)
}
