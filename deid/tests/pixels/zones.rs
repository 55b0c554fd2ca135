//! What lies well inside a calibrated region stays, and nothing else.

use isocenter_dcm::Dataset;
use isocenter_deid::pixels::detect::{self, Found};
use isocenter_deid::pixels::{Rect, zones};

use crate::image::region;
use crate::scene::{Pen, Scene};

fn regions(corners: [u32; 4]) -> Vec<Rect> {
    let mut dataset = Dataset::new_empty();
    region(&mut dataset, corners);
    zones::calibrated(&dataset, [640, 480])
}

fn text(text: &str, x: usize, y: usize) -> Found {
    let mut scene = Scene::flat(640, 480, 0);
    scene.write(text, x, y, Pen { scale: 2, level: 255, upright: false });
    detect::text(&scene.plane())[0]
}

#[test]
fn measurements_within_a_region_stay_and_text_in_the_margins_goes() {
    let regions = regions([40, 50, 600, 440]);
    assert_eq!(regions, [Rect::new(40, 50, 601, 441)]);
    assert!(zones::keeps(&regions, &text("DIST 12.7 MM", 300, 300)));
    for (words, x, y) in [
        ("CASTELLANOS", 60, 10),             // above
        ("CASTELLANOS", 60, 53),             // where the header ends
        ("DOB 07/25/1936", 60, 455),         // below
        ("CASTELLANOS MRN3043202", 60, 300), // too long for a label
    ] {
        assert!(!zones::keeps(&regions, &text(words, x, y)), "{words} at {y}");
    }
}

#[test]
fn regions_without_a_margin_are_not_believed() {
    for corners in [[0, 0, 639, 479], [0, 15, 639, 479], [100, 0, 500, 400], [700, 0, 800, 400], [5, 400, 5, 10]] {
        assert_eq!(regions(corners), [], "{corners:?}");
    }
}
