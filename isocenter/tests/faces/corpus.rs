//! Real heads, by the templates of pydeface and mridefacer together.
//!
//! Places were marked by hand on slices, brains are made from the images themselves (threshold, erosion, the piece in the middle): none comes from a template or a map.

use isocenter::{
    deid::faces::Alignment,
    faces::Template,
    formats,
    register::{Dof, RegistrationOptions, Verdict},
    volume::{
        Ctx, DynVolume, Mask, Volume,
        components::{Connectivity, Pieces},
        morphology::Ball,
    },
};
use isocenter_testing::corpus::part;

fn real(volume: &DynVolume) -> Volume<f32> {
    volume.to_real(&Ctx::default()).unwrap()
}

fn read(path: &str) -> Option<Volume<f32>> {
    Some(real(&formats::read(part(path)?).unwrap().volume))
}

/// pydeface's head and mask; mridefacer's mask and brain, brought to them.
fn template() -> Option<Template> {
    let of = |name: &str| read(&format!("deid/deface/{name}.nii.gz"));
    let (head, other) = (of("pydeface_mean_reg2mean")?, of("mridefacer_head_tmpl")?);
    let found = RegistrationOptions::default().dof(Dof::Affine).register(&head, &other).unwrap();
    assert_eq!(found.verdict, Verdict::Good);
    let onto_head = Alignment::template_from_image(found.transform).unwrap();
    // the headers of its three files contradict each other: they lie on one grid
    let on_grid = |volume: Volume<f32>| {
        let words = Mask::above(&volume, 0.5).words().to_vec();
        Mask::from_words(words, other.geometry().clone()).unwrap()
    };
    let face = on_grid(of("mridefacer_face_teeth_ear_mask")?).complement();
    let brain = on_grid(of("mridefacer_head_tmpl_brain")?);
    let own = Mask::above(&of("pydeface_facemask")?, 0.5).complement();
    let template = Template::new(head).unwrap().with_mask(own).unwrap();
    let template = template.with_mask(onto_head.place(&face).unwrap()).unwrap();
    Some(template.with_brain(onto_head.place(&brain).unwrap()).unwrap())
}

/// How many voxels of tissue are left within 3 mm of a place (RAS mm).
fn left(before: &Volume<f32>, after: &Volume<f32>, tissue: f32, ras: [f64; 3]) -> (usize, usize) {
    let grid = before.geometry();
    let [nx, ny, _] = grid.shape();
    let at = [-ras[0], -ras[1], ras[2]];
    let near = |n: usize| {
        let place = grid.world_of([n % nx, n / nx % ny, n / (nx * ny)].map(|i| i as f64));
        (0..3).all(|a| (place[a] - at[a]).abs() <= 3.0)
    };
    let there: Vec<usize> = (0..grid.len()).filter(|&n| near(n) && before.voxels()[n] > tissue).collect();
    (there.len(), there.iter().filter(|&&n| after.voxels()[n] > tissue).count())
}

/// What is as bright as brain, in the largest piece that is left when its surface goes.
fn brain(image: &Volume<f32>, low: f64, high: f64, erosion_mm: f64) -> Mask {
    let ctx = Ctx::default();
    let grid = image.geometry();
    let tissue = Mask::of_values(&smoothed(image), |v| v > low && v < high);
    let core = tissue.eroded(&Ball::of_radius_mm(grid, erosion_mm), &ctx).unwrap();
    let pieces = Pieces::of_mask(&core, Connectivity::Faces6, &ctx).unwrap();
    let largest = pieces.largest().unwrap();
    let grown = pieces.mask(|piece| piece == largest).dilated(&Ball::of_radius_mm(grid, erosion_mm + 1.0), &ctx);
    let brain = grown.unwrap().and(&tissue).unwrap().filled(&ctx).unwrap();
    let ml = brain.count() as f64 * grid.voxel_volume_mm3() / 1000.0;
    assert!((1000.0..2100.0).contains(&ml), "{ml} ml are no brain");
    brain
}

/// Noise makes holes in a brain: 1, 2, 1 along each axis.
fn smoothed(image: &Volume<f32>) -> Volume<f32> {
    let [nx, ny, _] = image.shape();
    let mut voxels = image.voxels().to_vec();
    for step in [1, nx, nx * ny] {
        let at = |n: usize| voxels.get(n).copied().unwrap_or(0.0);
        let mean = |n: usize| (at(n.wrapping_sub(step)) + 2.0 * at(n) + at(n + step)) / 4.0;
        voxels = (0..voxels.len()).map(mean).collect();
    }
    Volume::new(voxels, image.geometry().clone()).unwrap()
}

type Places = &'static [(&'static str, [f64; 3])];

const CHRIS: Places = &[
    ("bridge", [2.0, 87.5, -30.0]),
    ("nose", [2.0, 101.0, -70.0]),
    ("right lid", [32.0, 74.5, -32.0]),
    ("left lid", [-30.0, 73.5, -32.0]),
    ("right cheek", [38.0, 71.0, -66.0]),
    ("left cheek", [-36.0, 71.0, -66.0]),
    ("right ear", [81.0, -57.0, -32.0]),
    ("left ear", [-82.0, -55.5, -30.0]),
];
const COLIN: Places = &[
    ("bridge", [0.0, 84.0, -34.0]),
    ("right lid", [32.0, 74.5, -38.0]),
    ("left lid", [-32.0, 74.0, -38.0]),
    ("right cheek", [40.0, 65.0, -64.0]),
    ("left cheek", [-40.0, 64.0, -64.0]),
    ("right ear", [87.0, -52.0, -40.0]),
    ("left ear", [-87.0, -43.0, -40.0]),
];
const VISIBLE_MALE: Places = &[
    ("bridge", [0.0, 136.0, -18.0]),
    ("nose", [0.0, 152.0, -48.0]),
    ("right lid", [32.0, 115.5, -15.0]),
    ("left lid", [-32.0, 116.5, -15.0]),
    ("lip", [0.0, 135.5, -70.0]),
    ("right cheek", [40.0, 118.0, -55.0]),
    ("left cheek", [-40.0, 118.5, -55.0]),
    ("right ear", [83.0, -2.5, -50.0]),
    ("left ear", [-84.0, 2.0, -50.0]),
];

/// The brain's range of values, and how deep its surface goes, mm.
type BrainBy = (f64, f64, f64);

#[test]
fn real_heads_lose_every_landmark_and_no_brain() {
    let Some(template) = template() else { return };
    let ctx = Ctx::default();
    let heads: [(&str, f32, Places, Option<BrainBy>); 3] = [
        ("chris_t1", 33.0, CHRIS, Some((58.0, 150.0, 4.0))),
        ("colin27_t1", 36.0, COLIN, Some((75.0, 200.0, 3.0))),
        // slices of 5 mm: too coarse for the brain's way
        ("vmhead_mr", 117.0, VISIBLE_MALE, None),
    ];
    for (name, tissue, places, brain_by) in heads {
        let Some(path) = part(&format!("register/{name}.nii.gz")) else { return };
        let file = formats::read(&path).unwrap();
        let before = real(&file.volume);
        let found = template.find(&before, &ctx).unwrap();
        assert_eq!(found.verdict(), Verdict::Good);
        let mut after = file.volume.clone();
        let defaced = found.faces().apply_to(&mut after, &ctx).unwrap();
        let after = real(&after);
        assert!(defaced.voxels > 100_000 && found.residual_mm() < 5.0, "{name}: {defaced:?}");
        for (place, ras) in places {
            let (there, left) = left(&before, &after, tissue, *ras);
            assert!(there > 0 && left == 0, "{name}: {place}: {left} of {there}");
        }
        if let Some((low, high, erosion_mm)) = brain_by {
            let brain = brain(&before, low, high, erosion_mm);
            let lost = brain.iter().filter(|&n| before.voxels()[n] != after.voxels()[n]).count();
            assert_eq!(lost, 0, "{name}: of {}", brain.count());
        }
    }
}
