//! Where everything in a trunk lies. Canonical LPS millimetres: x to the left, y to the back, z up.

use super::Uptake;
use crate::{
    random::Stream,
    scene::{Naming, Part, Scene},
    shape::Shape,
    tissue::{Contrast, Tissue},
};

const LIVER: u32 = 1;
const SPLEEN: u32 = 2;
const LEFT_KIDNEY: u32 = 3;
const RIGHT_KIDNEY: u32 = 4;
const LEFT_LUNG: u32 = 5;
const RIGHT_LUNG: u32 = 6;
const HEART: u32 = 7;
const AORTA: u32 = 8;
const SPINE: u32 = 9;
const STOMACH: u32 = 10;
const TUMOUR: u32 = 11;

pub(super) const NAMES: [Naming; 11] = [
    (LIVER, "liver", "10200004", "Liver", [221, 130, 101]),
    (SPLEEN, "spleen", "78961009", "Spleen", [157, 108, 162]),
    (LEFT_KIDNEY, "left_kidney", "18639004", "Left kidney", [212, 126, 151]),
    (RIGHT_KIDNEY, "right_kidney", "9846003", "Right kidney", [185, 102, 83]),
    (LEFT_LUNG, "left_lung", "44029006", "Left lung", [172, 138, 115]),
    (RIGHT_LUNG, "right_lung", "3341006", "Right lung", [202, 164, 140]),
    (HEART, "heart", "80891009", "Heart", [206, 110, 84]),
    (AORTA, "aorta", "15825003", "Aorta", [224, 97, 76]),
    (SPINE, "spine", "421060004", "Spine", [226, 202, 134]),
    (STOMACH, "stomach", "69695003", "Stomach", [216, 132, 105]),
    (TUMOUR, "tumour", "108369006", "Neoplasm", [255, 215, 0]),
];

/// Paints from the outside in.
pub(super) fn build(seed: u64) -> (Scene, Vec<Uptake>) {
    let stream = Stream::new(seed).fork("body");
    let stretch = [0, 1, 2].map(|a| stream.between(a, 0.95, 1.05));
    let mut builder = Builder { stretch, scene: Scene::default() };
    builder.wall();
    builder.chest();
    builder.abdomen();
    let uptake = builder.uptake(stream.fork("tumours"));
    (builder.scene, uptake)
}

struct Builder {
    stretch: [f64; 3],
    scene: Scene,
}

impl Builder {
    fn put(&mut self, shape: Shape, tissue: Tissue, label: u32) {
        self.scene.parts.push(Part::new(shape.stretched(self.stretch), tissue, label));
    }

    fn wall(&mut self) {
        // a curved couch would need a difference of shapes; two boards do
        self.put(Shape::cuboid([0.0, 131.0, 0.0], [190.0, 10.0, 400.0]), Tissue::Couch, 0);
        self.put(Shape::tube([0.0, 0.0, 0.0], [168.0, 116.0], 260.0), Tissue::Skin, 0);
        self.put(Shape::tube([0.0, 0.0, 0.0], [165.0, 113.0], 260.0), Tissue::Fat, 0);
        self.put(Shape::tube([0.0, 0.0, 0.0], [148.0, 98.0], 260.0), Tissue::Muscle, 0);
        for n in 0..9 {
            self.put(Shape::tube([0.0, 0.0, 205.0 - 25.0 * f64::from(n)], [142.0, 92.0], 5.0), Tissue::Bone, 0);
        }
        // what lies within the ribs
        self.put(Shape::tube([0.0, 0.0, 0.0], [134.0, 84.0], 260.0), Tissue::Muscle, 0);
        self.put(Shape::cuboid([0.0, -90.0, 120.0], [16.0, 5.0, 75.0]), Tissue::Marrow, 0);
    }

    fn chest(&mut self) {
        self.put(Shape::ellipsoid([-66.0, 0.0, 95.0], [58.0, 76.0, 112.0]), Tissue::Lung, RIGHT_LUNG);
        self.put(Shape::ellipsoid([70.0, 0.0, 100.0], [52.0, 72.0, 108.0]), Tissue::Lung, LEFT_LUNG);
        self.put(Shape::capsule([0.0, 5.0, 230.0], [0.0, 12.0, 120.0], 8.0), Tissue::Air, 0);
        self.put(Shape::ellipsoid([22.0, -30.0, 60.0], [48.0, 42.0, 44.0]), Tissue::Blood, HEART);
        self.put(Shape::capsule([14.0, 44.0, 140.0], [10.0, 40.0, -260.0], 11.0), Tissue::Blood, AORTA);
        self.put(Shape::capsule([14.0, 44.0, 140.0], [8.0, -20.0, 105.0], 13.0), Tissue::Blood, AORTA);
    }

    fn abdomen(&mut self) {
        self.put(Shape::ellipsoid([-58.0, -10.0, -45.0], [78.0, 72.0, 62.0]), Tissue::Liver, LIVER);
        self.put(Shape::ellipsoid([100.0, 28.0, -40.0], [26.0, 42.0, 44.0]), Tissue::Spleen, SPLEEN);
        self.put(Shape::ellipsoid([58.0, -38.0, -40.0], [36.0, 32.0, 40.0]), Tissue::Stomach, STOMACH);
        self.put(Shape::ellipsoid([56.0, -52.0, -28.0], [18.0, 12.0, 16.0]), Tissue::Air, STOMACH);
        self.put(Shape::ellipsoid([58.0, 48.0, -100.0], [24.0, 22.0, 50.0]), Tissue::Kidney, LEFT_KIDNEY);
        self.put(Shape::ellipsoid([-60.0, 50.0, -120.0], [24.0, 22.0, 50.0]), Tissue::Kidney, RIGHT_KIDNEY);
        self.put(Shape::ellipsoid([0.0, -40.0, -235.0], [36.0, 30.0, 24.0]), Tissue::Urine, 0);
        // the spine: a column of marrow with its discs, the canal, the processes
        self.put(Shape::capsule([0.0, 86.0, 260.0], [0.0, 86.0, -260.0], 15.0), Tissue::Bone, SPINE);
        self.put(Shape::tube([0.0, 64.0, 0.0], [21.0, 17.0], 258.0), Tissue::Bone, SPINE);
        self.put(Shape::tube([0.0, 64.0, 0.0], [18.5, 14.5], 258.0), Tissue::Marrow, SPINE);
        for n in 0..16 {
            let z = 240.0 - 32.0 * f64::from(n);
            self.put(Shape::tube([0.0, 64.0, z], [21.5, 17.5], 3.5), Tissue::Disc, SPINE);
        }
        self.put(Shape::capsule([0.0, 86.0, 260.0], [0.0, 86.0, -260.0], 8.0), Tissue::Csf, 0);
    }

    /// Tumours, then a ball for every region whose uptake is known.
    fn uptake(&mut self, stream: Stream) -> Vec<Uptake> {
        let jitter = |n: u64, c: [f64; 3]| [0, 1, 2].map(|a| c[a] + stream.between(10 * n + a as u64, -5.0, 5.0));
        let tumours = [
            ("lesion in the left lung", jitter(1, [76.0, 12.0, 120.0]), stream.between(1, 13.0, 17.0)),
            ("lesion in the liver", jitter(2, [-88.0, -14.0, -50.0]), stream.between(2, 14.0, 18.0)),
            ("lesion in the right lung", jitter(3, [-70.0, -20.0, 70.0]), stream.between(3, 12.0, 15.0)),
        ];
        let mut uptake = Vec::new();
        for (region, centre, radius) in tumours {
            let centre = [0, 1, 2].map(|a| centre[a] * self.stretch[a]);
            self.scene.parts.push(Part::new(Shape::sphere(centre, radius), Tissue::Tumour, TUMOUR));
            // an edge is smeared 3 mm to either side; half a voxel more for the sampling
            uptake.push(ball(region, centre, radius - 6.0, Tissue::Tumour));
        }
        let known = [
            ("background (muscle)", [0.0, -30.0, -150.0], 16.0, Tissue::Muscle),
            ("liver", [-40.0, -10.0, -60.0], 18.0, Tissue::Liver),
            ("spleen", [100.0, 28.0, -40.0], 15.0, Tissue::Spleen),
            ("left kidney", [58.0, 48.0, -100.0], 12.0, Tissue::Kidney),
        ];
        uptake.extend(known.map(|(region, c, radius, tissue)| {
            ball(region, [0, 1, 2].map(|a| c[a] * self.stretch[a]), radius, tissue)
        }));
        uptake
    }
}

fn ball(region: &'static str, centre_mm: [f64; 3], radius_mm: f64, tissue: Tissue) -> Uptake {
    Uptake { region, centre_mm, radius_mm, suv: tissue.value(Contrast::Suv) }
}
