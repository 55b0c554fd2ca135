//! A folded cortex: furrows of fluid, a ribbon of grey matter along them and under the surface, white matter inside.
//!
//! The furrows follow the zero set of a gyroid, `sin x cos y + sin y cos z + sin z cos x`, whose sheets wind through space
//! without repeating in any plane, on coordinates bent by a slow wave. The distance to a sheet is the function over the length
//! of its gradient (first order, exact on the sheet).

use crate::{shape::Shape, tissue::Tissue};

/// Shape of the folds, and what fills the three compartments.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Folding {
    /// Period of the gyroid, mm; neighbouring furrows lie about half of it apart.
    pub(crate) period_mm: f64,
    /// Where the pattern starts, mm.
    pub(crate) phase_mm: [f64; 3],
    /// Half of the width of a furrow, mm.
    pub(crate) furrow_mm: f64,
    /// How deep under the surface furrows go, mm.
    pub(crate) depth_mm: f64,
    /// Thickness of the grey ribbon, mm.
    pub(crate) ribbon_mm: f64,
    /// A furrow more, such as the fissure between the hemispheres.
    pub(crate) fissure: Option<Shape>,
    /// Material and label value of furrow, ribbon and inside.
    pub(crate) fills: [(Tissue, u32); 3],
}

impl Folding {
    /// Signed distances (mm, negative inside) to the furrows and to the outer side of the white matter, at a point `depth_mm`
    /// under the surface of the solid that is folded.
    #[inline]
    fn distances(&self, p: [f64; 3], depth_mm: f64) -> (f64, f64) {
        let k = std::f64::consts::TAU / self.period_mm;
        let q = [0, 1, 2].map(|a| p[a] + self.phase_mm[a]);
        // the reach of a furrow and its ribbon; deeper in, the pattern plays no part and need not be computed
        let reach = self.depth_mm + self.ribbon_mm + 4.0;
        let mut furrow = f64::MAX;
        if depth_mm < reach {
            let w = [
                libm::sin(q[1] * WARP_PER_MM),
                libm::sin(q[2] * WARP_PER_MM * 1.13),
                libm::sin(q[0] * WARP_PER_MM * 0.91),
            ];
            let (sx, cx) = libm::sincos(k * (q[0] + WARP_MM * w[0]));
            let (sy, cy) = libm::sincos(k * (q[1] + WARP_MM * w[1]));
            let (sz, cz) = libm::sincos(k * (q[2] + WARP_MM * w[2]));
            let value = sx * cy + sy * cz + sz * cx;
            let gradient = [cx * cy - sz * sx, cy * cz - sx * sy, cz * cx - sy * sz];
            let length = k * isocenter_volume::affine::norm(gradient).max(0.35);
            furrow = (value.abs() / length - self.furrow_mm).max(depth_mm - self.depth_mm);
        }
        if let Some(fissure) = &self.fissure {
            furrow = furrow.min(fissure.distance(p));
        }
        (furrow, furrow.min(depth_mm) - self.ribbon_mm)
    }

    /// Mixes the three materials at a point: `coverage` turns a signed distance into the part of the sample that is inside.
    #[inline]
    pub(crate) fn paint(&self, p: [f64; 3], depth_mm: f64, table: &[f64], coverage: impl Fn(f64) -> f64) -> f64 {
        let (furrow, ribbon) = self.distances(p, depth_mm);
        let (in_furrow, in_ribbon) = (coverage(furrow), coverage(ribbon));
        let [outer, middle, inner] = self.fills.map(|(tissue, _)| table[tissue as usize]);
        let brain = inner + in_ribbon * (middle - inner);
        brain + in_furrow * (outer - brain)
    }

    /// The label at a point.
    pub(crate) fn label(&self, p: [f64; 3], depth_mm: f64) -> u32 {
        let (furrow, ribbon) = self.distances(p, depth_mm);
        let compartment = if furrow <= 0.0 {
            0
        } else if ribbon <= 0.0 {
            1
        } else {
            2
        };
        self.fills[compartment].1
    }
}

/// How far the slow wave bends the pattern, mm.
const WARP_MM: f64 = 5.0;
/// Angular frequency of the slow wave: one turn in 107 mm.
const WARP_PER_MM: f64 = 0.0587;

#[cfg(test)]
mod tests {
    use super::*;

    fn cortex() -> Folding {
        Folding {
            period_mm: 32.0,
            phase_mm: [3.0, 5.0, 7.0],
            furrow_mm: 0.8,
            depth_mm: 12.0,
            ribbon_mm: 3.0,
            fissure: None,
            fills: [(Tissue::Csf, 0), (Tissue::Grey, 1), (Tissue::White, 2)],
        }
    }

    #[test]
    fn is_white_deep_inside_and_never_white_at_the_surface() {
        let f = cortex();
        for n in 0..200 {
            let p = [f64::from(n) * 1.7, f64::from(n) * 0.9, 3.0];
            assert_eq!(f.label(p, 40.0), 2);
            assert_ne!(f.label(p, 1.0), 2);
        }
    }

    #[test]
    fn has_all_three_compartments_below_the_surface() {
        let f = cortex();
        let seen: std::collections::BTreeSet<u32> =
            (0..4000).map(|n| f.label([f64::from(n % 60), f64::from(n / 60), 11.0], 6.0)).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [0, 1, 2]);
    }
}
