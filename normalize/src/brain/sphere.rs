//! A mesh of triangles on a ball: an icosahedron whose edges are halved again and again.

use std::collections::BTreeMap;

use isocenter_volume::affine::{cross, norm};

/// Places and triangles; each triangle runs counter-clockwise, seen from outside.
#[derive(Clone, Debug)]
pub(super) struct Mesh {
    pub(super) places: Vec<[f64; 3]>,
    pub(super) triangles: Vec<[usize; 3]>,
    neighbours: Vec<Vec<usize>>,
}

impl Mesh {
    /// The ball of a radius about a centre: 12 places, and four times as many triangles with each halving.
    pub(super) fn ball(centre: [f64; 3], radius: f64, halvings: usize) -> Self {
        let g = (1.0 + 5f64.sqrt()) / 2.0;
        let mut places = Vec::new();
        for (a, b) in [(-1.0, g), (1.0, g), (-1.0, -g), (1.0, -g)] {
            places.push([a, b, 0.0]);
        }
        for (a, b) in [(-1.0, g), (1.0, g), (-1.0, -g), (1.0, -g)] {
            places.push([0.0, a, b]);
        }
        for (a, b) in [(g, -1.0), (g, 1.0), (-g, -1.0), (-g, 1.0)] {
            places.push([a, 0.0, b]);
        }
        let mut mesh = Self { places, triangles: FACES.to_vec(), neighbours: Vec::new() };
        for _ in 0..halvings {
            mesh.halve();
        }
        for place in &mut mesh.places {
            let length = norm(*place);
            *place = [0, 1, 2].map(|a| centre[a] + place[a] / length * radius);
        }
        mesh.join();
        mesh
    }

    /// Every edge halved: its middle becomes a place.
    pub(super) fn halved(mut self) -> Self {
        self.halve();
        self.join();
        self
    }

    fn halve(&mut self) {
        let mut middles: BTreeMap<[usize; 2], usize> = BTreeMap::new();
        let mut triangles = Vec::with_capacity(4 * self.triangles.len());
        for [a, b, c] in std::mem::take(&mut self.triangles) {
            let [ab, bc, ca] = [[a, b], [b, c], [c, a]].map(|[p, q]| {
                *middles.entry([p.min(q), p.max(q)]).or_insert_with(|| {
                    let (p, q) = (self.places[p], self.places[q]);
                    self.places.push([0, 1, 2].map(|x| 0.5 * (p[x] + q[x])));
                    self.places.len() - 1
                })
            });
            triangles.extend([[a, ab, ca], [b, bc, ab], [c, ca, bc], [ab, bc, ca]]);
        }
        self.triangles = triangles;
    }

    fn join(&mut self) {
        self.neighbours = vec![Vec::new(); self.places.len()];
        for triangle in &self.triangles {
            for n in 0..3 {
                // each edge belongs to two triangles and is met once in either direction
                self.neighbours[triangle[n]].push(triangle[(n + 1) % 3]);
            }
        }
    }

    /// Unit normals at the places, outwards: the mean of the triangles about each, by area.
    pub(super) fn normals(&self) -> Vec<[f64; 3]> {
        let mut out = vec![[0f64; 3]; self.places.len()];
        for &[a, b, c] in &self.triangles {
            let (p, q, r) = (self.places[a], self.places[b], self.places[c]);
            let n = cross([0, 1, 2].map(|x| q[x] - p[x]), [0, 1, 2].map(|x| r[x] - p[x]));
            for v in [a, b, c] {
                for x in 0..3 {
                    out[v][x] += n[x];
                }
            }
        }
        for n in &mut out {
            let length = norm(*n);
            if length > 0.0 {
                *n = n.map(|v| v / length);
            }
        }
        out
    }

    /// The way from a place to the middle of its neighbours.
    pub(super) fn to_middle(&self, n: usize) -> [f64; 3] {
        let near = &self.neighbours[n];
        let mut sum = [0f64; 3];
        for &m in near {
            (0..3).for_each(|a| sum[a] += self.places[m][a]);
        }
        let count = near.len().max(1) as f64;
        [0, 1, 2].map(|a| sum[a] / count - self.places[n][a])
    }

    /// The middle of all places, and their mean distance from it.
    pub(super) fn size(&self) -> ([f64; 3], f64) {
        let count = self.places.len().max(1) as f64;
        let mut middle = [0f64; 3];
        for place in &self.places {
            (0..3).for_each(|a| middle[a] += place[a] / count);
        }
        let away = |place: &[f64; 3]| norm([0, 1, 2].map(|a| place[a] - middle[a]));
        (middle, self.places.iter().map(away).sum::<f64>() / count)
    }

    /// Mean length of an edge.
    pub(super) fn edge(&self) -> f64 {
        let (mut sum, mut count) = (0.0, 0u32);
        for (n, near) in self.neighbours.iter().enumerate() {
            for &m in near {
                let (p, q) = (self.places[n], self.places[m]);
                sum += norm([0, 1, 2].map(|x| q[x] - p[x]));
                count += 1;
            }
        }
        sum / f64::from(count.max(1))
    }
}

/// The faces of an icosahedron, counter-clockwise from outside.
const FACES: [[usize; 3]; 20] = [
    [0, 11, 5],
    [0, 5, 1],
    [0, 1, 7],
    [0, 7, 10],
    [0, 10, 11],
    [1, 5, 9],
    [5, 11, 4],
    [11, 10, 2],
    [10, 7, 6],
    [7, 1, 8],
    [3, 9, 4],
    [3, 4, 2],
    [3, 2, 6],
    [3, 6, 8],
    [3, 8, 9],
    [4, 9, 5],
    [2, 4, 11],
    [6, 2, 10],
    [8, 6, 7],
    [9, 8, 1],
];
