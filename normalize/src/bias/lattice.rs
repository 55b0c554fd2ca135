//! Control points, and the lattice of half the spacing that says the same.

/// Control points of a cubic B-spline in three axes, `i` fastest.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lattice {
    pub(super) size: [usize; 3],
    pub(super) points: Vec<f64>,
}

impl Lattice {
    /// All points 0.
    pub(super) fn zero(size: [usize; 3]) -> Self {
        Self { size, points: vec![0.0; size[0] * size[1] * size[2]] }
    }

    /// The same spline with twice the spans along each axis.
    pub(super) fn refined(&self) -> Self {
        (0..3).fold(self.clone(), |lattice, axis| lattice.refined_along(axis))
    }

    /// Halves of neighbours stand between, and (1, 6, 1) / 8 of three at, the old points.
    fn refined_along(&self, axis: usize) -> Self {
        let mut size = self.size;
        let old = size[axis];
        size[axis] = 2 * old - 3;
        let mut out = Self::zero(size);
        let stride: usize = self.size[..axis].iter().product();
        let rest: usize = self.size[axis + 1..].iter().product();
        for outer in 0..rest {
            for inner in 0..stride {
                let at = |n: usize| self.points[inner + stride * (n + old * outer)];
                for n in 0..size[axis] {
                    let half = n / 2;
                    out.points[inner + stride * (n + size[axis] * outer)] = if n % 2 == 0 {
                        (at(half) + at(half + 1)) / 2.0
                    } else {
                        (at(half) + 6.0 * at(half + 1) + at(half + 2)) / 8.0
                    };
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::{super::axis::weights_at, *};

    #[test]
    fn a_refined_lattice_is_the_same_spline() {
        let size = [4, 6, 5];
        let points = (0..120).map(|n| ((n * 37) % 23) as f64 / 7.0).collect();
        let lattice = Lattice { size, points };
        let value = |lattice: &Lattice, place: [f64; 3]| {
            let [x, y, z] = [0, 1, 2].map(|a| weights_at(place[a], lattice.size[a]));
            (0..64).fold(0.0, |sum, n| {
                let [i, j, k] = [n % 4, n / 4 % 4, n / 16];
                let at = x.0 + i + lattice.size[0] * (y.0 + j + lattice.size[1] * (z.0 + k));
                sum + x.1[i] * y.1[j] * z.1[k] * lattice.points[at]
            })
        };
        let fine = lattice.refined();
        assert_eq!(fine.size, [5, 9, 7]);
        for n in 0..50 {
            let place = [n as f64 / 49.0, (n * 7 % 50) as f64 / 49.0, (n * 13 % 50) as f64 / 49.0];
            assert!((value(&lattice, place) - value(&fine, place)).abs() < 1e-12);
        }
    }
}
