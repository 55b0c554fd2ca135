//! Analytic shapes and the signed distance to their surface.
//!
//! Positions are canonical LPS millimetres. The distance is negative inside, exact for a box, a capsule and a sphere, and of
//! first order at the surface of an ellipsoid and an elliptic tube: exact on it, which is where partial volume is decided.

use isocenter_volume::affine::norm;

/// A closed solid.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Shape {
    /// An ellipsoid with axes along x, y, z.
    Ellipsoid {
        /// Its middle, mm.
        centre: [f64; 3],
        /// Semi-axes, mm.
        radii: [f64; 3],
    },
    /// A box with faces across x, y, z.
    Box {
        /// Its middle, mm.
        centre: [f64; 3],
        /// Half of its extent, mm.
        half: [f64; 3],
    },
    /// All points within `radius` of a segment.
    Capsule {
        /// One end of the segment, mm.
        from: [f64; 3],
        /// The other end, mm.
        to: [f64; 3],
        /// mm.
        radius: f64,
    },
    /// A cylinder along z with an elliptic cross-section.
    Tube {
        /// Its middle, mm.
        centre: [f64; 3],
        /// Semi-axes along x and y, mm.
        radii: [f64; 2],
        /// Half of its length along z, mm.
        half_length: f64,
    },
}

impl Shape {
    /// An ellipsoid.
    pub const fn ellipsoid(centre: [f64; 3], radii: [f64; 3]) -> Self {
        Self::Ellipsoid { centre, radii }
    }

    /// A sphere.
    pub const fn sphere(centre: [f64; 3], radius: f64) -> Self {
        Self::Ellipsoid { centre, radii: [radius; 3] }
    }

    /// A box.
    pub const fn cuboid(centre: [f64; 3], half: [f64; 3]) -> Self {
        Self::Box { centre, half }
    }

    /// A capsule.
    pub const fn capsule(from: [f64; 3], to: [f64; 3], radius: f64) -> Self {
        Self::Capsule { from, to, radius }
    }

    /// An elliptic tube along z.
    pub const fn tube(centre: [f64; 3], radii: [f64; 2], half_length: f64) -> Self {
        Self::Tube { centre, radii, half_length }
    }

    /// The shape stretched about the canonical origin; a capsule's radius takes the mean of the factors.
    #[must_use]
    pub fn stretched(self, by: [f64; 3]) -> Self {
        let times = |p: [f64; 3]| [p[0] * by[0], p[1] * by[1], p[2] * by[2]];
        match self {
            Self::Ellipsoid { centre, radii } => Self::Ellipsoid { centre: times(centre), radii: times(radii) },
            Self::Box { centre, half } => Self::Box { centre: times(centre), half: times(half) },
            Self::Capsule { from, to, radius } => {
                Self::Capsule { from: times(from), to: times(to), radius: radius * (by[0] + by[1] + by[2]) / 3.0 }
            }
            Self::Tube { centre, radii, half_length } => Self::Tube {
                centre: times(centre),
                radii: [radii[0] * by[0], radii[1] * by[1]],
                half_length: half_length * by[2],
            },
        }
    }

    /// Signed distance (mm) of a point to the surface; negative inside.
    #[inline]
    pub fn distance(&self, p: [f64; 3]) -> f64 {
        match *self {
            Self::Ellipsoid { centre, radii } => {
                let d = [p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]];
                if radii[0] == radii[1] && radii[1] == radii[2] {
                    return norm(d) - radii[0];
                }
                let scaled = [d[0] / radii[0], d[1] / radii[1], d[2] / radii[2]];
                let slope = norm([scaled[0] / radii[0], scaled[1] / radii[1], scaled[2] / radii[2]]);
                first_order(norm(scaled), slope, radii[0].min(radii[1]).min(radii[2]))
            }
            Self::Box { centre, half } => {
                let q = [0, 1, 2].map(|a| (p[a] - centre[a]).abs() - half[a]);
                let outside = norm(q.map(|v| v.max(0.0)));
                outside + q[0].max(q[1]).max(q[2]).min(0.0)
            }
            Self::Capsule { from, to, radius } => {
                let (along, d) = ([0, 1, 2].map(|a| to[a] - from[a]), [0, 1, 2].map(|a| p[a] - from[a]));
                let length2 = along[0] * along[0] + along[1] * along[1] + along[2] * along[2];
                let t = (d[0] * along[0] + d[1] * along[1] + d[2] * along[2]) / length2.max(f64::MIN_POSITIVE);
                let t = t.clamp(0.0, 1.0);
                norm([0, 1, 2].map(|a| d[a] - t * along[a])) - radius
            }
            Self::Tube { centre, radii, half_length } => {
                let d = [(p[0] - centre[0]) / radii[0], (p[1] - centre[1]) / radii[1]];
                let slope = norm([d[0] / radii[0], d[1] / radii[1], 0.0]);
                let side = first_order(norm([d[0], d[1], 0.0]), slope, radii[0].min(radii[1]));
                let cap = (p[2] - centre[2]).abs() - half_length;
                norm([side.max(0.0), cap.max(0.0), 0.0]) + side.max(cap).min(0.0)
            }
        }
    }

    /// The box (mm) around the shape.
    pub(crate) fn bound(&self) -> Bound {
        match *self {
            Self::Ellipsoid { centre, radii } => Bound { centre, half: radii },
            Self::Box { centre, half } => Bound { centre, half },
            Self::Capsule { from, to, radius } => Bound {
                centre: [0, 1, 2].map(|a| (from[a] + to[a]) / 2.0),
                half: [0, 1, 2].map(|a| (to[a] - from[a]).abs() / 2.0 + radius),
            },
            Self::Tube { centre, radii, half_length } => Bound { centre, half: [radii[0], radii[1], half_length] },
        }
    }
}

/// A box with faces across x, y, z.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bound {
    centre: [f64; 3],
    half: [f64; 3],
}

impl Bound {
    /// The part of a segment, from 0 (start) to 1 (end), that may come within `slack` of the box; none where no part does.
    pub(crate) fn clip(&self, start: [f64; 3], end: [f64; 3], slack: f64) -> Option<(f64, f64)> {
        // clip the segment to the three slabs of the grown box
        let (mut from, mut to) = (0.0f64, 1.0f64);
        for a in 0..3 {
            let (along, low, high) = (end[a] - start[a], self.centre[a] - start[a], self.half[a] + slack);
            if along.abs() < 1e-9 {
                if low.abs() > high + 1e-6 {
                    return None;
                }
                continue;
            }
            let (t, u) = ((low - high) / along, (low + high) / along);
            from = from.max(t.min(u));
            to = to.min(t.max(u));
        }
        (from <= to + 1e-9).then_some((from, to))
    }
}

/// `level` is 1 on the surface and `slope / level` its gradient: distance = (level - 1) level / slope.
#[inline]
fn first_order(level: f64, slope: f64, smallest_radius: f64) -> f64 {
    if slope < 1e-9 { -smallest_radius } else { level * (level - 1.0) / slope }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_exact_where_they_say_so() {
        assert!((Shape::sphere([1.0, 0.0, 0.0], 2.0).distance([5.0, 0.0, 0.0]) - 2.0).abs() < 1e-12);
        assert!((Shape::cuboid([0.0; 3], [1.0, 2.0, 3.0]).distance([4.0, 6.0, 3.0]) - 5.0).abs() < 1e-12);
        assert!((Shape::cuboid([0.0; 3], [1.0, 2.0, 3.0]).distance([0.5, 0.0, 0.0]) + 0.5).abs() < 1e-12);
        let c = Shape::capsule([0.0, 0.0, -10.0], [0.0, 0.0, 10.0], 3.0);
        assert!((c.distance([5.0, 0.0, 4.0]) - 2.0).abs() < 1e-12);
        assert!((Shape::tube([0.0; 3], [4.0, 4.0], 9.0).distance([6.0, 0.0, 1.0]) - 2.0).abs() < 1e-12);
    }

    #[test]
    fn an_ellipsoid_is_zero_on_its_surface_with_unit_slope() {
        let e = Shape::ellipsoid([0.0; 3], [70.0, 90.0, 60.0]);
        for axis in 0..3 {
            let mut p = [0.0; 3];
            p[axis] = [70.0, 90.0, 60.0][axis];
            assert!(e.distance(p).abs() < 1e-12);
            p[axis] += 0.5;
            assert!((e.distance(p) - 0.5).abs() < 0.01);
        }
    }

    #[test]
    fn a_segment_meets_a_bound_it_passes() {
        let b = Shape::capsule([0.0, 0.0, -10.0], [0.0, 0.0, 10.0], 3.0).bound();
        assert_eq!(b, Bound { centre: [0.0; 3], half: [3.0, 3.0, 13.0] });
        let (from, to) = b.clip([-50.0, 3.5, 0.0], [50.0, 3.5, 0.0], 1.0).unwrap();
        assert!((from - 0.46).abs() < 1e-9 && (to - 0.54).abs() < 1e-9);
        assert_eq!(b.clip([-50.0, 4.5, 0.0], [50.0, 4.5, 0.0], 1.0), None);
        assert_eq!(b.clip([5.0, 0.0, 0.0], [50.0, 0.0, 0.0], 1.0), None);
        assert_eq!(b.clip([-1.0, 1.0, 1.0], [1.0, 1.0, 1.0], 0.0), Some((0.0, 1.0)));
    }
}
