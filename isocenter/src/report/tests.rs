//! The page as a whole: sides, windows, colours, and a text that a browser and a reader of screens can follow.

mod markup;
mod sides;

use std::collections::BTreeSet;

use isocenter_labels::colours::colour_of;
use isocenter_volume::{Affine, Ctx, Frame, Geometry, LabelMap, Meta, Rescale, Scaling, Unit, Volume};

use super::{
    Gallery, Preset, Subject,
    picture::{Cuts, Plane, Turned, mosaic},
};

fn grid(shape: [usize; 3], spacing: f64) -> Geometry {
    Geometry::new(shape, Affine::from_spacing_origin([spacing; 3], [0.0; 3]), Frame::Patient(None)).unwrap()
}

/// A ball of one value in air, with a shell of another, and padding in the corners, HU.
fn ct(core: f32, shell: f32) -> Volume<f32> {
    let shape = [48, 48, 24];
    let voxels = (0..48 * 48 * 24)
        .map(|n| {
            let [x, y] = [n % 48, n / 48 % 48].map(|v| v as f32 - 23.5);
            match (x * x + y * y).sqrt() {
                r if r < 15.0 => core,
                r if r < 18.0 => shell,
                r if r < 24.0 => -1000.0,
                _ => -3024.0,
            }
        })
        .collect::<Vec<_>>();
    let scaling = Scaling::uniform(Rescale::IDENTITY, Unit::Hu);
    let mut meta = Meta::default();
    meta.modality = Some("CT".to_owned());
    Volume::new(voxels, grid(shape, 5.0)).unwrap().with_scaling(scaling).unwrap().with_meta(meta)
}

fn gallery(volume: &Volume<f32>, body_part: Option<&str>, labels: Option<&LabelMap>) -> Gallery {
    let image = volume.clone().into();
    let modality = volume.meta().modality.as_deref();
    let subject = Subject { image: &image, before: None, is_blanked: false, labels, modality, body_part, follow: None };
    Gallery::of(&subject, &Ctx::default()).unwrap()
}

#[test]
fn a_ct_is_shown_in_the_windows_of_its_part_or_of_what_it_holds() {
    let presets = |volume: &Volume<f32>, part: Option<&str>| -> Vec<Option<Preset>> {
        let shown = gallery(volume, part, None).slices;
        assert_eq!(shown[0].plane, "axial");
        shown.into_iter().map(|f| f.range.and_then(|r| r.preset)).collect()
    };
    let of = |first: Preset, second: Option<Preset>| -> Vec<Option<Preset>> {
        [Some(first); 3].into_iter().chain(second.map(Some)).collect()
    };
    use Preset::{Bone, Brain, Lung, SoftTissue};
    let (head, chest, belly, leg) = (ct(30.0, 900.0), ct(-800.0, 50.0), ct(60.0, -100.0), ct(60.0, 900.0));
    assert_eq!(presets(&head, Some("HEAD")), of(Brain, Some(Bone)));
    assert_eq!(presets(&head, None), of(Brain, Some(Bone)));
    assert_eq!(presets(&chest, Some("CHEST")), of(SoftTissue, Some(Lung)));
    assert_eq!(presets(&chest, None), of(SoftTissue, Some(Lung)));
    assert_eq!(presets(&belly, Some("ABDOMEN")), of(SoftTissue, None));
    assert_eq!(presets(&belly, None), of(SoftTissue, None));
    assert_eq!(presets(&leg, Some("KNEE")), of(Bone, Some(SoftTissue)));
    assert_eq!(presets(&leg, None), of(Bone, Some(SoftTissue)));
}

#[test]
fn a_ct_whose_values_were_normalized_is_still_looked_at_in_hu() {
    let before = ct(30.0, 900.0);
    let scaled: Vec<f32> = before.voxels().iter().map(|v| (v.max(-1000.0) + 1000.0) / 2000.0).collect();
    let after = Volume::new(scaled, before.geometry().clone()).unwrap();
    let subject = Subject {
        image: &after.into(),
        before: Some(&before),
        is_blanked: false,
        labels: None,
        modality: Some("CT"),
        body_part: Some("HEAD"),
        follow: None,
    };
    let shown = Gallery::of(&subject, &Ctx::default()).unwrap();
    assert_eq!(shown.slices[0].range.as_ref().and_then(|r| r.preset), Some(Preset::Brain));
    let stages: Vec<&str> = shown.histograms.iter().map(|h| h.stage).collect();
    assert_eq!(stages, ["before", "after"]);
    // padding rules neither of the two, although it is 0 like air after the window
    assert!(shown.histograms.iter().all(|h| h.padding > 0.1), "{:?}", shown.histograms);
    assert_eq!(shown.histograms[0].low, -1000.0);
}

#[test]
fn mr_is_shown_between_percentiles_and_pet_with_high_values_dark() {
    let voxels: Vec<f32> = (0..16 * 16 * 16).map(|n| (n % 1000) as f32).collect();
    for (modality, inverted) in [("MR", false), ("PT", true)] {
        let mut meta = Meta::default();
        meta.modality = Some(modality.to_owned());
        let volume = Volume::new(voxels.clone(), grid([16; 3], 2.0)).unwrap().with_meta(meta);
        let shown = gallery(&volume, Some("HEAD"), None);
        assert_eq!(shown.slices.len(), 3);
        let range = shown.slices[0].range.clone().unwrap();
        assert!(range.preset.is_none() && range.low > 0.0 && range.high < 999.0);
        assert_eq!(range.inverted, inverted);
    }
}

#[test]
fn outlines_have_the_colours_of_the_swatches_and_nothing_else_has_colour() {
    let shape = [32, 32, 16];
    let labels: Vec<u8> = (0..32 * 32 * 16)
        .map(|n| match [n % 32, n / 32 % 32] {
            [x, y] if (4..12).contains(&x) && (4..28).contains(&y) => 3,
            [x, y] if (18..28).contains(&x) && (6..20).contains(&y) => 7,
            _ => 0,
        })
        .collect();
    let map = LabelMap::new(vec![labels], grid(shape, 2.0), vec![]).unwrap();
    let volume = Volume::new((0..32 * 32 * 16).map(|n| (n % 97) as f32).collect::<Vec<_>>(), grid(shape, 2.0)).unwrap();
    let turned = Turned::of(&volume, &Ctx::default()).unwrap();
    let cuts = Cuts::through_labels(&map).unwrap();
    let window = super::Range::of_percentiles(&volume, None).window();
    let mut seen = BTreeSet::new();
    let picture = mosaic(&turned, Plane::Axial, &cuts, window, Some(&map));
    let [width, height] = picture.size();
    for y in 0..height {
        for x in 0..width {
            let [r, g, b] = picture.colour(x, y);
            if r != g || g != b {
                seen.insert([r, g, b]);
            }
        }
    }
    assert_eq!(seen, BTreeSet::from([3, 7].map(colour_of)));
    let html = markup::page(&[markup::item("a", &[3, 7])], &[gallery(&volume, None, Some(&map))]);
    for [r, g, b] in seen {
        assert!(html.contains(&format!("background:#{r:02x}{g:02x}{b:02x}")));
    }
}

#[test]
fn pictures_are_the_same_whatever_the_number_of_threads() {
    let draw = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| gallery(&ct(30.0, 900.0), None, None).slices.into_iter().map(|f| f.png).collect::<Vec<_>>())
    };
    assert_eq!(draw(1), draw(3));
}
