//! The whole: what is searched, what is hidden, what is said.

use isocenter_dcm::{VR, tags};
use isocenter_deid::Ctx;
use isocenter_deid::pixels::zones::Inside;
use isocenter_deid::pixels::{Cleaned, Cleaning, Error, Rect, Rules, Search, Verdict};
use std::sync::atomic::AtomicBool;

use crate::image::{CT, ULTRASOUND, number, of_scenes, pixels, region, stored, text};
use crate::scene::{Chance, Ground, Pen, Scene};

const PEN: Pen = Pen { scale: 2, level: 255, upright: false };

/// An ultrasound picture: a dark bar on top, speckle below.
fn screen(seed: u64) -> Scene {
    let mut scene = Scene::new(Ground::Speckle, 400, 300, &mut Chance(seed));
    scene.fill(Rect::new(0, 0, 400, 50), 30);
    scene
}

#[test]
fn every_frame_of_a_cine_is_cleaned_where_its_text_is() {
    let mut drawn = Vec::new();
    let frames: Vec<Scene> = (0..6)
        .map(|frame| {
            let mut scene = screen(100 + frame as u64);
            let mut here = scene.write("Anneliese Castellanos", 20, 5 + frame * 3, PEN);
            here.extend(scene.write("DOB 07/25/1936", 150, 240, PEN));
            drawn.push(here);
            scene
        })
        .collect();
    let mut instance = of_scenes(ULTRASOUND, &frames);
    let cleaned = Cleaning::new().apply(&mut instance, &Ctx::default()).unwrap();
    assert_eq!((cleaned.verdict(), cleaned.changed), (Verdict::Cleaned, true));
    for (frame, drawn) in drawn.iter().enumerate() {
        let after = stored(&instance, frame);
        assert!(drawn.iter().all(|(x, y)| after[y * 400 + x] == 0.0), "frame {frame}");
        // what is outside of the areas is as it was
        let areas = cleaned.areas.of(frame);
        let inside = |at: u32| areas.iter().any(|r| r.contains(at % 400, at / 400));
        let changed = (0..400 * 300).filter(|&at| after[at as usize] != f64::from(frames[frame].levels[at as usize]));
        assert!(changed.into_iter().all(inside), "frame {frame}");
        let hidden = (0..400 * 300).filter(|&at| inside(at)).count();
        assert!(hidden < 400 * 300 / 5, "frame {frame}: {hidden} pixels");
    }
}

#[test]
fn text_that_one_frame_hides_is_blanked_there_too() {
    let mut frames: Vec<Scene> = (0..4).map(|frame| screen(7 + frame)).collect();
    for frame in [0, 1, 3] {
        frames[frame].write("CASTELLANOS", 20, 10, PEN);
    }
    frames[2].write("CAS ELL", 20, 10, Pen { level: 45, ..PEN });
    let mut instance = of_scenes(ULTRASOUND, &frames);
    Cleaning::new().apply(&mut instance, &Ctx::default()).unwrap();
    let after = stored(&instance, 2);
    assert!((12..24).all(|y| (20..150).all(|x| after[y * 400 + x] == 0.0)));
}

#[test]
fn where_no_text_is_found_not_a_bit_changes() {
    let mut instance = of_scenes(ULTRASOUND, &[screen(1), screen(2)]);
    let before = instance.to_bytes().unwrap();
    let cleaned = Cleaning::new().apply(&mut instance, &Ctx::default()).unwrap();
    assert_eq!((cleaned.verdict(), cleaned.changed), (Verdict::NoText, false));
    assert_eq!(instance.to_bytes().unwrap(), before);
}

#[test]
fn slices_are_not_searched_unless_asked_for_and_radiographs_are() {
    let mut scene = Scene::flat(300, 200, 0);
    scene.write("CASTELLANOS", 20, 10, PEN);
    let verdict = |modality: &str, search| {
        let mut instance = of_scenes(CT, std::slice::from_ref(&scene));
        text(&mut instance.dataset, tags::MODALITY, VR::CS, modality);
        Cleaning::new().search(search).apply(&mut instance, &Ctx::default()).unwrap().verdict()
    };
    assert_eq!(verdict("CT", Search::Usual), Verdict::NotSearched);
    assert_eq!(verdict("CT", Search::All), Verdict::Cleaned);
    assert_eq!(verdict("DX", Search::Usual), Verdict::Cleaned);
    assert_eq!(verdict("DX", Search::Suspect), Verdict::NotSearched);
    assert_eq!(verdict("US", Search::Suspect), Verdict::Cleaned);
    assert_eq!(verdict("US", Search::None), Verdict::NotSearched);
}

#[test]
fn measurements_in_a_calibrated_region_stay_unless_they_are_to_go() {
    let mut scene = screen(3);
    let name = scene.write("CASTELLANOS", 20, 10, PEN);
    let label = scene.write("DIST 12.7", 150, 200, PEN);
    let clean = |inside| {
        let mut instance = of_scenes(ULTRASOUND, std::slice::from_ref(&scene));
        region(&mut instance.dataset, [20, 60, 380, 290]);
        let cleaned = Cleaning::new().inside(inside).apply(&mut instance, &Ctx::default()).unwrap();
        (cleaned.verdict(), stored(&instance, 0))
    };
    let gone = |after: &[f64], drawn: &[(usize, usize)]| drawn.iter().all(|(x, y)| after[y * 400 + x] == 0.0);
    let kept = |after: &[f64], drawn: &[(usize, usize)]| drawn.iter().all(|(x, y)| after[y * 400 + x] == 255.0);
    let (verdict, after) = clean(Inside::Keep);
    assert!(verdict == Verdict::LabelsKept && gone(&after, &name) && kept(&after, &label));
    let (verdict, after) = clean(Inside::Clean);
    assert!(verdict == Verdict::Cleaned && gone(&after, &name) && gone(&after, &label));
}

#[test]
fn rules_blank_their_rectangles_searched_or_not_and_are_named() {
    let rules = Rules::from_ctp("{ Modality.equals(\"CT\") }\n(10,20,30,40)").unwrap();
    let mut instance = of_scenes(CT, &[Scene::flat(100, 100, 90)]);
    text(&mut instance.dataset, tags::MODALITY, VR::CS, "CT");
    let cleaned = Cleaning::new().rules(rules).apply(&mut instance, &Ctx::default()).unwrap();
    assert_eq!((cleaned.verdict(), cleaned.rules.as_slice()), (Verdict::NotSearched, ["line 1".to_owned()].as_slice()));
    assert_eq!(pixels(&instance).iter().filter(|&&level| level == 0).count(), 30 * 40);
}

#[test]
fn a_search_that_is_stopped_or_cannot_decode_changes_nothing() {
    let mut instance = of_scenes(ULTRASOUND, &[screen(1)]);
    let before = pixels(&instance);
    let stop = AtomicBool::new(true);
    let stopped = Cleaning::new().apply(&mut instance, &Ctx::default().with_observer(&stop));
    assert!(matches!(stopped, Err(Error::Cancelled)));
    assert_eq!(pixels(&instance), before);
    number(&mut instance.dataset, tags::ROWS, 900);
    let cut = Cleaning::new().apply(&mut instance, &Ctx::default());
    assert!(matches!(cut, Err(Error::Frame { frame: 0, .. })));
    assert_eq!(pixels(&instance), before);
}

#[test]
fn what_was_done_can_be_stored() {
    let mut scene = Scene::flat(300, 200, 0);
    scene.write("CASTELLANOS", 20, 10, PEN);
    let mut instance = of_scenes(ULTRASOUND, &[scene]);
    let cleaned = Cleaning::new().apply(&mut instance, &Ctx::default()).unwrap();
    let json = serde_json::to_string(&cleaned).unwrap();
    assert_eq!(serde_json::from_str::<Cleaned>(&json).unwrap(), cleaned);
}
