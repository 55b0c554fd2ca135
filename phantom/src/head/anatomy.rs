//! Where everything in a head lies. Canonical LPS millimetres: x to the left, y to the back, z up.

use super::landmarks::{self, Landmark};
use super::names::{
    BRAIN_STEM, CEREBELLUM, CORTEX, DEEP_GREY, LEFT_EYE, LESION, NECROSIS, RIGHT_EYE, SCALP, SKULL, SUBARACHNOID,
    VENTRICLE, WHITE,
};
use crate::{
    folding::Folding,
    random::Stream,
    scene::{Part, Scene},
    shape::Shape,
    tissue::Tissue,
};

/// The planted lesion, canonical millimetres.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesion {
    /// Its middle.
    pub centre_mm: [f64; 3],
    /// Semi-axes along x, y, z.
    pub radii_mm: [f64; 3],
}

/// Paints from the outside in.
pub(super) fn build(seed: u64) -> (Scene, Lesion, Vec<Landmark>) {
    let stream = Stream::new(seed).fork("head");
    let body = Builder {
        stretch: [0, 1, 2].map(|a| stream.between(a, 0.96, 1.04)),
        phase_mm: [10, 11, 12].map(|a| stream.between(a, -40.0, 40.0)),
        scene: Scene::default(),
    };
    let lesion = lesion_of(stream.fork("lesion"), body.stretch);
    let landmarks = landmarks::of(body.stretch);
    (body.neck_and_face().orbits().cranium().brain().inner_brain().lesion(&lesion), lesion, landmarks)
}

fn lesion_of(stream: Stream, stretch: [f64; 3]) -> Lesion {
    // in the white matter of either hemisphere, clear of ventricles, deep grey matter and skull
    let side = if stream.uniform(0) < 0.5 { 1.0 } else { -1.0 };
    let centre = [side * stream.between(1, 32.0, 38.0), stream.between(2, -18.0, 26.0), stream.between(3, 22.0, 32.0)];
    let size = stream.between(4, 9.0, 13.0);
    Lesion {
        centre_mm: [0, 1, 2].map(|a| centre[a] * stretch[a]),
        radii_mm: [size, size * stream.between(5, 0.9, 1.3), size * stream.between(6, 0.8, 1.1)],
    }
}

struct Builder {
    stretch: [f64; 3],
    phase_mm: [f64; 3],
    scene: Scene,
}

impl Builder {
    fn put(&mut self, shape: Shape, tissue: Tissue, label: u32) {
        self.scene.parts.push(Part::new(shape.stretched(self.stretch), tissue, label));
    }

    fn neck_and_face(mut self) -> Self {
        self.put(Shape::capsule([0.0, 22.0, -60.0], [0.0, 34.0, -190.0], 56.0), Tissue::Fat, SCALP);
        self.put(Shape::ellipsoid([0.0, 0.0, 0.0], [78.0, 97.0, 80.0]), Tissue::Fat, SCALP);
        self.put(Shape::ellipsoid([0.0, -50.0, -64.0], [57.0, 50.0, 62.0]), Tissue::Fat, SCALP);
        // a nose bent to the left
        self.put(Shape::ellipsoid([1.5, -103.0, -58.0], [12.0, 17.0, 15.0]), Tissue::Skin, 0);
        self.put(Shape::capsule([0.0, -96.0, -30.0], [2.0, -112.0, -58.0], 7.0), Tissue::Skin, 0);
        self.put(Shape::capsule([0.0, 22.0, -66.0], [0.0, 34.0, -190.0], 51.0), Tissue::Muscle, 0);
        self.put(Shape::ellipsoid([0.0, -46.0, -66.0], [51.0, 45.0, 56.0]), Tissue::Muscle, 0);
        // jaw, teeth, tongue, throat
        for side in [-1.0, 1.0] {
            self.put(Shape::capsule([48.0 * side, -22.0, -88.0], [0.0, -84.0, -112.0], 6.5), Tissue::Bone, SKULL);
        }
        self.put(Shape::ellipsoid([0.0, -82.0, -88.0], [26.0, 11.0, 9.0]), Tissue::Bone, SKULL);
        self.put(Shape::ellipsoid([0.0, -58.0, -90.0], [22.0, 24.0, 13.0]), Tissue::Stomach, 0);
        self.put(Shape::capsule([0.0, -26.0, -58.0], [0.0, -16.0, -190.0], 7.5), Tissue::Air, 0);
        // spine of the neck
        self.put(Shape::capsule([0.0, 10.0, -88.0], [0.0, 18.0, -190.0], 12.0), Tissue::Marrow, 0);
        self.put(Shape::capsule([0.0, 34.0, -92.0], [0.0, 42.0, -190.0], 15.0), Tissue::Bone, 0);
        // upper jaw, nasal cavity with its septum, sinuses of unequal size
        self.put(Shape::cuboid([0.0, -70.0, -60.0], [38.0, 20.0, 20.0]), Tissue::Marrow, SKULL);
        self.put(Shape::ellipsoid([0.0, -80.0, -60.0], [10.0, 24.0, 18.0]), Tissue::Air, 0);
        self.put(Shape::cuboid([1.0, -78.0, -60.0], [1.1, 26.0, 18.0]), Tissue::Bone, 0);
        self.put(Shape::ellipsoid([24.0, -70.0, -62.0], [10.0, 13.0, 13.0]), Tissue::Air, 0);
        self.put(Shape::ellipsoid([-25.0, -71.0, -61.0], [12.0, 15.0, 16.0]), Tissue::Air, 0);
        // ears: the left one is larger
        self.put(Shape::ellipsoid([75.0, 10.0, -26.0], [8.0, 15.0, 24.0]), Tissue::Skin, 0);
        self.put(Shape::ellipsoid([-74.5, 12.0, -24.0], [7.0, 12.0, 18.0]), Tissue::Skin, 0);
        // an oil capsule taped to the right temple
        self.put(Shape::ellipsoid([-72.0, -50.0, 18.0], [5.0, 8.0, 5.0]), Tissue::Oil, 0);
        self
    }

    fn orbits(mut self) -> Self {
        for (side, label) in [(1.0, LEFT_EYE), (-1.0, RIGHT_EYE)] {
            let x = 32.0 * side;
            self.put(Shape::ellipsoid([x, -76.0, -40.0], [19.0, 22.0, 17.0]), Tissue::Fat, 0);
            self.put(Shape::sphere([x, -83.0, -42.0], 13.4), Tissue::Muscle, 0);
            self.put(Shape::sphere([x, -83.0, -42.0], 11.8), Tissue::Vitreous, label);
            self.put(Shape::ellipsoid([x, -92.0, -42.0], [4.6, 2.2, 4.6]), Tissue::Lens, 0);
        }
        self
    }

    fn cranium(mut self) -> Self {
        for (side, from) in [(1.0, 86.0), (-1.0, 84.0)] {
            self.put(Shape::capsule([from * side, 8.0, -34.0], [54.0 * side, 6.0, -36.0], 3.2), Tissue::Air, 0);
        }
        self.put(Shape::ellipsoid([0.0, 0.0, 0.0], [72.0, 91.0, 74.0]), Tissue::Bone, SKULL);
        self.put(Shape::ellipsoid([0.0, 0.0, 0.0], [70.0, 89.0, 72.0]), Tissue::Marrow, SKULL);
        self.put(Shape::ellipsoid([0.0, 0.0, 0.0], [67.6, 86.6, 69.6]), Tissue::Bone, SKULL);
        // petrous bones and the sphenoid stand inside the base
        self.put(Shape::ellipsoid(CAVITY.0, CAVITY.1), Tissue::Csf, SUBARACHNOID);
        for side in [-1.0, 1.0] {
            self.put(Shape::capsule([56.0 * side, 14.0, -40.0], [20.0 * side, -6.0, -50.0], 8.0), Tissue::Bone, SKULL);
        }
        self.put(Shape::cuboid([0.0, -32.0, -54.0], [20.0, 20.0, 9.0]), Tissue::Bone, SKULL);
        self.put(Shape::cuboid([0.0, -36.0, -56.0], [13.0, 13.0, 8.0]), Tissue::Air, 0);
        // a frontal sinus, on the right only
        self.put(Shape::ellipsoid([-9.0, -86.0, -10.0], [10.0, 2.4, 9.0]), Tissue::Air, 0);
        self
    }

    fn folding(&self, period_mm: f64, depth_mm: f64, labels: [u32; 3]) -> Folding {
        Folding {
            period_mm,
            phase_mm: self.phase_mm,
            furrow_mm: 0.9,
            depth_mm,
            ribbon_mm: 2.9,
            fissure: None,
            fills: [(Tissue::Csf, labels[0]), (Tissue::Grey, labels[1]), (Tissue::White, labels[2])],
        }
    }

    fn fold(&mut self, shape: Shape, folding: Folding) {
        let inner = Shape::ellipsoid(CAVITY.0, CAVITY.1.map(|r| r - 1.5)).stretched(self.stretch);
        self.scene.parts.push(Part::folded(shape.stretched(self.stretch), folding).within(inner));
    }

    fn brain(mut self) -> Self {
        let cerebrum = self.folding(31.0, 15.0, [SUBARACHNOID, CORTEX, WHITE]);
        for side in [-1.0, 1.0] {
            self.fold(Shape::ellipsoid([37.0 * side, -20.0, -30.0], [24.0, 40.0, 20.0]), cerebrum.clone());
        }
        let fissure = Shape::cuboid([0.0, 0.0, 66.0], [1.3, 100.0, 40.0]).stretched(self.stretch);
        let mut split = cerebrum;
        split.fissure = Some(fissure);
        self.fold(Shape::ellipsoid([0.0, 0.0, 10.0], [63.5, 82.5, 57.0]), split);
        // the tent and the cerebellum under it
        let tent = Shape::ellipsoid([0.0, 40.0, -40.0], [49.0, 33.5, 23.5]).stretched(self.stretch);
        let inner = Shape::ellipsoid(CAVITY.0, CAVITY.1).stretched(self.stretch);
        self.scene.parts.push(Part::new(tent, Tissue::Csf, SUBARACHNOID).within(inner));
        let mut leaves = self.folding(13.0, 16.0, [CEREBELLUM; 3]);
        leaves.furrow_mm = 0.5;
        leaves.ribbon_mm = 1.6;
        self.fold(Shape::ellipsoid([0.0, 40.0, -40.0], [46.0, 31.0, 21.0]), leaves);
        // brain stem and cord in their fluid
        self.put(Shape::capsule([0.0, 20.0, -50.0], [0.0, 40.0, -190.0], 9.5), Tissue::Csf, 0);
        self.put(Shape::ellipsoid([0.0, 4.0, -30.0], [17.0, 13.0, 17.0]), Tissue::White, BRAIN_STEM);
        self.put(Shape::capsule([0.0, 12.0, -36.0], [0.0, 27.0, -90.0], 7.5), Tissue::White, BRAIN_STEM);
        self.put(Shape::capsule([0.0, 27.0, -88.0], [0.0, 40.0, -190.0], 5.5), Tissue::White, 0);
        self
    }

    fn inner_brain(mut self) -> Self {
        for side in [-1.0, 1.0] {
            self.put(Shape::ellipsoid([11.0 * side, 6.0, 0.0], [9.0, 15.0, 9.5]), Tissue::DeepGrey, DEEP_GREY);
            self.put(Shape::ellipsoid([17.0 * side, -24.0, 8.0], [6.5, 13.0, 10.0]), Tissue::DeepGrey, DEEP_GREY);
            self.put(Shape::ellipsoid([27.0 * side, -6.0, 0.0], [6.5, 20.0, 12.0]), Tissue::DeepGrey, DEEP_GREY);
            // the left ventricle is wider
            let wide = if side > 0.0 { 1.3 } else { 0.9 };
            let horn = |c: [f64; 3], r: [f64; 3]| Shape::ellipsoid([c[0] * side, c[1], c[2]], r.map(|v| v * wide));
            self.put(horn([10.0, -24.0, 16.0], [4.5, 17.0, 7.5]), Tissue::Csf, VENTRICLE);
            self.put(horn([12.0, 4.0, 19.0], [5.0, 24.0, 6.0]), Tissue::Csf, VENTRICLE);
            self.put(horn([22.0, 36.0, 8.0], [6.0, 20.0, 7.0]), Tissue::Csf, VENTRICLE);
        }
        self.put(Shape::cuboid([0.0, 2.0, 1.0], [1.7, 14.0, 9.0]), Tissue::Csf, VENTRICLE);
        self.put(Shape::ellipsoid([0.0, 24.0, -38.0], [7.0, 5.0, 9.0]), Tissue::Csf, VENTRICLE);
        self
    }

    fn lesion(mut self, lesion: &Lesion) -> Scene {
        let Lesion { centre_mm: c, radii_mm: r } = lesion;
        // already in this head's millimetres: not stretched again
        self.scene.parts.push(Part::new(Shape::ellipsoid(*c, *r), Tissue::Lesion, LESION));
        let core = [c[0], c[1] + 0.15 * r[1], c[2] - 0.1 * r[2]];
        self.scene.parts.push(Part::new(Shape::ellipsoid(core, r.map(|v| v * 0.45)), Tissue::Necrosis, NECROSIS));
        self.scene
    }
}

/// The cranial cavity: centre and semi-axes.
const CAVITY: ([f64; 3], [f64; 3]) = ([0.0, 0.0, 0.0], [66.0, 85.0, 68.0]);
