//! The planes of a volume: where each lies, and in which order they go.
//!
//! Slices go along the normal (rows x columns, right-handed), so a left-handed volume is written from its last slice on; no pixel
//! is mirrored. Each slice lies at its own position, exactly where the affine has it, also where they are shifted against each
//! other (a tilted gantry).

use isocenter_volume::{Geometry, affine};

use super::error::Error;

/// Planes of one step, in the order they are written.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) slices: usize,
    /// Unit vectors along rows and along columns.
    pub(super) row: [f64; 3],
    pub(super) column: [f64; 3],
    /// Distance of rows, then of columns, mm.
    pub(super) spacing: [f64; 2],
    /// Whether slices go from the volume's last to its first.
    pub(super) reversed: bool,
    /// Between planes along the normal, mm.
    pub(super) distance_mm: f64,
    /// How far a step is off the normal, degrees.
    pub(super) shear_degrees: f64,
    /// Whether shifts across the normal are no more than rounding.
    pub(super) is_upright: bool,
    origin: [f64; 3],
    step: [f64; 3],
}

impl Grid {
    pub(super) fn of(geometry: &Geometry) -> Result<Self, Error> {
        let [columns, rows, slices] = geometry.shape();
        for (what, asked) in [("columns", columns), ("rows", rows)] {
            if asked > usize::from(u16::MAX) {
                return Err(Error::TooLarge { what, asked: asked as u64, limit: u64::from(u16::MAX) });
            }
        }
        let [row, column, _] = geometry.direction();
        let cosine = affine::dot(row, column);
        if cosine.abs() > RIGHT_ANGLE {
            return Err(Error::SkewedPlanes { degrees: libm::asin(cosine.abs().min(1.0)).to_degrees() });
        }
        let normal = affine::cross(row, column);
        let normal = normal.map(|v| v / affine::norm(normal));
        let step = geometry.affine().column(2);
        let along = affine::dot(step, normal);
        let sideways = affine::norm(affine::cross(step, normal));
        let [across, down, _] = geometry.spacing_mm();
        Ok(Self {
            columns,
            rows,
            slices,
            row,
            column,
            spacing: [down, across],
            reversed: along < 0.0,
            distance_mm: along.abs(),
            shear_degrees: libm::atan2(sideways, along.abs()).to_degrees(),
            is_upright: sideways * (slices as f64 - 1.0) <= UPRIGHT_MM,
            origin: geometry.origin_mm(),
            step,
        })
    }

    /// The volume's slice that is written as number `n` of a step.
    pub(super) const fn slice(&self, n: usize) -> usize {
        if self.reversed { self.slices - 1 - n } else { n }
    }

    /// The centre of the first pixel of slice `n` as written, LPS mm.
    pub(super) fn position(&self, n: usize) -> [f64; 3] {
        let k = self.slice(n) as f64;
        [0, 1, 2].map(|axis| self.origin[axis] + k * self.step[axis])
    }

    pub(super) fn orientation(&self) -> [f64; 6] {
        let ([a, b, c], [d, e, f]) = (self.row, self.column);
        [a, b, c, d, e, f]
    }

    /// Unit vector along which slices go.
    pub(super) fn normal(&self) -> [f64; 3] {
        affine::cross(self.row, self.column)
    }
}

/// The largest cosine between rows and columns that is rounding: of 32-bit affines, and of decimal strings.
const RIGHT_ANGLE: f64 = 1e-4;

/// How far the last slice of a stack may be shifted against the first for the stack to be upright, mm: what formats round.
const UPRIGHT_MM: f64 = 0.01;
