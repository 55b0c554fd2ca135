//! The visible case set: what is burned in is hidden, and what is not is left as it is.

use isocenter_dcm::pixel::DecodeOptions;
use isocenter_dcm::{Instance, OpenOptions, tags, value};
use isocenter_deid::Ctx;
use isocenter_deid::pixels::{Cleaning, Rect, Search, Verdict};

use crate::corpus;

/// Gray levels of a frame.
fn levels(instance: &Instance, frame: usize) -> Option<(usize, Vec<f64>)> {
    let pixels = instance.frame(frame).ok()?.decode(&DecodeOptions::default()).ok()?;
    let step = usize::from(pixels.info.samples_per_pixel);
    let gray = pixels.to_f64().chunks(step).map(|pixel| pixel.iter().sum::<f64>() / step as f64).collect();
    Some((usize::from(pixels.info.columns), gray))
}

fn rect(entry: &serde_json::Value) -> Rect {
    let at = |index: usize| entry["rect"][index].as_u64().unwrap() as u32;
    Rect::new(at(0), at(1), at(2), at(3))
}

#[test]
fn identifiers_are_hidden_in_every_frame_and_clean_images_keep_every_byte() {
    let Some(folder) = corpus("deid/cases") else { return };
    let text = std::fs::read_to_string(folder.join("key/key.json")).unwrap();
    let key: serde_json::Value = serde_json::from_str(&text).unwrap();
    let (mut hidden, mut clean) = (0, 0);
    for file in key["files"].as_array().unwrap() {
        let path = file["path"].as_str().unwrap();
        let Ok(mut instance) = OpenOptions::new().open(folder.join("cases").join(path)) else { continue };
        let original = instance.clone();
        let Ok(cleaned) = Cleaning::new().apply(&mut instance, &Ctx::default()) else { continue };
        let planted = file["pixel"]["phi"].as_array().cloned().unwrap_or_default();
        if planted.is_empty() {
            assert!(!cleaned.changed, "{path}: {:?}", cleaned.blanked);
            let bytes = |instance: &Instance| instance.dataset.get(tags::PIXEL_DATA).map(value::bytes);
            assert_eq!(bytes(&instance), bytes(&original), "{path}");
            clean += 1;
            continue;
        }
        assert!(matches!(cleaned.verdict(), Verdict::Cleaned | Verdict::LabelsKept), "{path}: {:?}", cleaned.residual);
        for entry in &planted {
            let all: Vec<u64> = (0..cleaned.blanked.len() as u64).collect();
            let frames =
                entry["frames"].as_array().map_or(all, |list| list.iter().filter_map(|n| n.as_u64()).collect());
            for frame in frames {
                let (columns, now) = levels(&instance, frame as usize).unwrap();
                let rect = rect(entry);
                let rows = rect.y0 as usize..rect.y1 as usize;
                let inside: Vec<f64> =
                    rows.flat_map(|y| now[y * columns..][rect.x0 as usize..rect.x1 as usize].to_vec()).collect();
                // the margin of the marked rectangle may still show what is around; the text may not
                let black = inside.iter().filter(|&&level| level == inside[inside.len() / 2]).count();
                assert!(black * 10 >= inside.len() * 9, "{path}, frame {frame}: {black} of {}", inside.len());
                hidden += 1;
            }
        }
    }
    assert!(hidden >= 20 && clean >= 45, "{hidden} hidden, {clean} clean");
}

#[test]
fn slices_of_many_scanners_are_hardly_ever_taken_for_text() {
    let Some(folder) = corpus("convert") else { return };
    let (mut found, mut frames) = (Vec::new(), 0);
    let all = crate::files(&folder);
    for path in all.iter().filter(|path| path.components().any(|part| part.as_os_str() == "In")).step_by(5) {
        let Ok(mut instance) = OpenOptions::new().open(path) else { continue };
        let Ok(cleaned) = Cleaning::new().search(Search::All).apply(&mut instance, &Ctx::default()) else { continue };
        frames += cleaned.blanked.len();
        found.extend(cleaned.changed.then(|| path.strip_prefix(&folder).unwrap().to_owned()));
    }
    // Coarse slices of 64 columns have rows of blots; one file in fifty is what this search is known for.
    assert!(frames > 150 && found.len() * 50 <= frames, "{} of {frames}: {found:?}", found.len());
}
