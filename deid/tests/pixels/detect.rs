//! Text is found wherever consoles draw it, and what is no text is left alone.

use isocenter_deid::pixels::detect::{self, Evidence, Found};
use isocenter_deid::pixels::{Plane, Rect};

use crate::scene::{Chance, GROUNDS, Ground, Pen, Scene, size};

const TEXTS: [&str; 6] =
    ["OKONKWO^GUADALUPE", "Anneliese Castellanos", "MRN3043202", "12-JUL-2011", "DOB: 07/25/1936", "Lee Wu"];

/// Texts in all sizes on a ground: how many there are, and the descriptions of those of which a glyph's pixel is outside of all boxes.
fn missed(ground: Ground, soft: bool, upright: bool) -> (usize, Vec<String>) {
    let (mut count, mut missed) = (0, Vec::new());
    for (index, text) in TEXTS.iter().enumerate() {
        for scale in 1..=4 {
            let mut chance = Chance(0x9E37_79B9 + (index * 7 + scale) as u64);
            let mut scene = Scene::new(ground, 560, 560, &mut chance);
            let (across, along) = size(text, scale);
            let [w, h] = if upright { [across, along] } else { [along, across] };
            let (x, y) = (4 + chance.below(550 - w), 4 + chance.below(550 - h));
            let level = if ground == Ground::White { 0 } else { 235 };
            let drawn = scene.write(text, x, y, Pen { scale, level, upright });
            let scene = if soft { scene.softened() } else { scene };
            let found = detect::text(&scene.plane());
            let inside = |&(x, y): &(usize, usize)| found.iter().any(|f| f.rect.contains(x as u32, y as u32));
            count += 1;
            if !drawn.iter().all(inside) {
                missed.push(format!("{text} x{scale} on {ground:?}, soft {soft}, upright {upright}: {found:?}"));
            }
        }
    }
    (count, missed)
}

#[test]
fn every_pixel_of_text_is_in_a_box_on_every_ground_and_in_every_size() {
    for ground in GROUNDS {
        for soft in [false, true] {
            let (count, missed) = missed(ground, soft, false);
            // Five glyphs of seven rows, soft, are what speckle itself looks like.
            let most = usize::from(ground == Ground::Speckle && soft);
            assert!(missed.len() <= most, "{} of {count}: {missed:#?}", missed.len());
        }
    }
}

#[test]
fn text_along_columns_is_found_as_well() {
    for ground in GROUNDS {
        let (count, missed) = missed(ground, false, true);
        assert_eq!(missed, Vec::<String>::new(), "of {count}");
    }
}

#[test]
fn dark_text_in_a_light_bar_is_found() {
    let mut scene = Scene::flat(300, 100, 0);
    scene.fill(Rect::new(0, 0, 300, 30), 180);
    let drawn = scene.write("CASTELLANOS", 10, 8, Pen { scale: 2, level: 20, upright: false });
    let found = detect::text(&scene.plane());
    assert!(drawn.iter().all(|&(x, y)| found.iter().any(|f| f.rect.contains(x as u32, y as u32))), "{found:?}");
}

#[test]
fn a_box_is_little_larger_than_its_text() {
    let mut scene = Scene::flat(400, 200, 0);
    scene.write("CASTELLANOS", 100, 80, Pen { scale: 2, level: 255, upright: false });
    let found = detect::text(&scene.plane());
    assert_eq!(found.len(), 1, "{found:?}");
    let (across, along) = (14, 11 * 12);
    assert!(2 * found[0].rect.area() < 5 * across * along, "{found:?}");
    assert_eq!(
        (found[0].evidence, found[0].vertical, found[0].height, found[0].glyphs),
        (Evidence::Line, false, 14, 11)
    );
}

#[test]
fn a_short_run_in_the_row_of_a_line_goes_with_it_and_a_lone_letter_stays() {
    let mut scene = Scene::flat(640, 480, 0);
    let pen = Pen { scale: 2, level: 255, upright: false };
    scene.write("CASTELLANOS", 10, 10, pen);
    let near = scene.write("AB", 500, 10, pen);
    let below = scene.write("7F", 10, 32, pen);
    let marker = scene.write("L", 600, 440, Pen { scale: 4, ..pen });
    let found = detect::text(&scene.plane());
    let inside = |drawn: &[(usize, usize)]| {
        drawn.iter().all(|&(x, y)| found.iter().any(|f| f.rect.contains(x as u32, y as u32)))
    };
    assert!(inside(&near) && inside(&below), "{found:?}");
    assert!(!inside(&marker), "{found:?}");
}

#[test]
fn text_of_a_large_radiograph_is_found_at_its_own_size() {
    let mut scene = Scene::new(Ground::Gradient, 2400, 2000, &mut Chance(5));
    let drawn = scene.write("OKONKWO^GUADALUPE", 60, 1800, Pen { scale: 11, level: 255, upright: false });
    let found = detect::text(&scene.plane());
    assert!(drawn.iter().all(|&(x, y)| found.iter().any(|f| f.rect.contains(x as u32, y as u32))), "{found:?}");
}

#[test]
fn grounds_without_text_have_no_box() {
    for ground in GROUNDS {
        for seed in 1..=6 {
            let scene = Scene::new(ground, 512, 512, &mut Chance(seed * 77_777));
            assert_eq!(detect::text(&scene.plane()), [], "{ground:?} {seed}");
            assert_eq!(detect::text(&scene.softened().plane()), [], "{ground:?} {seed}, softened");
        }
    }
}

/// Draws something that no console writes: a name and the picture.
fn graphics() -> Vec<(&'static str, Scene)> {
    let mut ruler = Scene::flat(400, 400, 10);
    for tick in 0..30u32 {
        let length = if tick % 5 == 0 { 14 } else { 8 };
        ruler.fill(Rect::new(380 - length, 20 + tick * 12, 380, 22 + tick * 12), 220);
        ruler.fill(Rect::new(20 + tick * 11, 380 - length, 22 + tick * 11, 380), 220);
    }
    let mut grid = Scene::flat(400, 400, 240);
    for line in 0..20u32 {
        grid.fill(Rect::new(line * 20, 0, line * 20 + 1, 400), 120);
        grid.fill(Rect::new(0, line * 20, 400, line * 20 + 1), 120);
    }
    let mut ecg = Scene::flat(600, 200, 0);
    for x in 0..600usize {
        let beat = x % 90;
        let up = if beat < 8 {
            beat * 9
        } else if beat < 16 {
            (16 - beat) * 9
        } else {
            4 + (beat / 30) * 3
        };
        ecg.fill(Rect::new(x as u32, 150 - up as u32, x as u32 + 1, 153 - up as u32), 230);
        if beat < 16 {
            // steep parts are joined
            let low = 150 - up as u32;
            ecg.fill(Rect::new(x as u32, low, x as u32 + 1, (low + 10).min(153)), 230);
        }
    }
    let mut bars = Scene::flat(400, 300, 0);
    for bar in 0..8u32 {
        bars.fill(Rect::new(bar * 40 + 20, 40, bar * 40 + 50, 240), (bar * 30 + 20) as u8);
        bars.fill(Rect::new(370, 20 + bar * 30, 390, 45 + bar * 30), (255 - bar * 25) as u8);
    }
    let mut crosses = Scene::flat(400, 300, 0);
    for cross in 0..12u32 {
        crosses.fill(Rect::new(30 + cross * 25, 145, 39 + cross * 25, 146), 255);
        crosses.fill(Rect::new(34 + cross * 25, 141, 35 + cross * 25, 150), 255);
    }
    vec![("ruler", ruler), ("grid", grid), ("ECG", ecg), ("bars", bars), ("crosses", crosses)]
}

#[test]
fn rulers_grids_traces_and_bars_are_no_text() {
    for (name, scene) in graphics() {
        assert_eq!(detect::text(&scene.plane()), [], "{name}");
    }
}

#[test]
fn every_size_of_frame_is_searched_without_harm() {
    for (columns, rows) in [(0, 0), (1, 1), (1, 3000), (3000, 1), (7, 5), (15, 15), (16, 14)] {
        let levels = (0..columns * rows).map(|at| (at * 37 % 256) as u8).collect();
        let found: Vec<Found> = detect::text(&Plane::new(columns, rows, levels).unwrap());
        assert!(found.iter().all(|f| f.rect.x1 as usize <= columns && f.rect.y1 as usize <= rows));
    }
}

#[test]
fn lines_that_stand_close_together_are_found_each() {
    for (scale, pitch) in [(1, 8), (1, 9), (2, 16), (2, 18), (2, 20), (3, 30)] {
        let mut scene = Scene::flat(300, 300, 0);
        let mut drawn = Vec::new();
        for (row, text) in ["LEE WU", "44CG43", "78F78", "12-JUL-2011", "F045Y", "DOE J"].iter().enumerate() {
            drawn.extend(scene.write(text, 20, 20 + row * pitch, Pen { scale, level: 220, upright: false }));
        }
        let found = detect::text(&scene.plane());
        let inside = |&(x, y): &(usize, usize)| found.iter().any(|f| f.rect.contains(x as u32, y as u32));
        assert!(drawn.iter().all(inside), "x{scale}, {pitch} rows apart: {found:?}");
    }
}
