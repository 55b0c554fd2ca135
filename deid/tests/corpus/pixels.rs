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

#[cfg(feature = "ocr")]
mod read {
    use std::path::PathBuf;
    use std::sync::Arc;

    use isocenter_deid::pixels::{Reader, read::Tesseract};

    use super::*;

    /// Whether a rectangle of a frame shows one value, but for its margin.
    fn is_blank(now: &[f64], columns: usize, rect: Rect) -> bool {
        let rows = rect.y0 as usize..rect.y1 as usize;
        let mut inside: Vec<f64> =
            rows.flat_map(|y| now[y * columns..][rect.x0 as usize..rect.x1 as usize].to_vec()).collect();
        inside.sort_by(f64::total_cmp);
        let middle = inside[inside.len() / 2];
        inside.iter().filter(|&&level| level == middle).count() * 10 >= inside.len() * 9
    }

    /// The share of the pixels of a rectangle that are as they were.
    fn share_kept(before: &[f64], now: &[f64], columns: usize, rect: Rect) -> f64 {
        let places = (rect.y0 as usize..rect.y1 as usize)
            .flat_map(|y| (rect.x0 as usize..rect.x1 as usize).map(move |x| y * columns + x));
        places.filter(|&at| before[at] == now[at]).count() as f64 / rect.area() as f64
    }

    /// The system's tesseract; a test is skipped, with a line, where it is not.
    #[allow(clippy::print_stdout, reason = "a skip is said")]
    fn tesseract() -> Option<Cleaning> {
        let tesseract = Tesseract::new();
        match tesseract.check() {
            Ok(()) => Some(Cleaning::new().reader(Arc::new(tesseract) as Arc<dyn Reader>)),
            Err(error) => {
                println!("skipped: {error}");
                None
            }
        }
    }

    #[test]
    fn harmless_labels_stay_where_they_are_read_and_identifiers_do_not() {
        let (Some(folder), Some(cleaning)) = (corpus("deid/cases"), tesseract()) else { return };
        let text = std::fs::read_to_string(folder.join("key/key.json")).unwrap();
        let key: serde_json::Value = serde_json::from_str(&text).unwrap();
        let (mut kept, mut labels, mut hidden) = (0, 0, 0);
        for file in key["files"].as_array().unwrap() {
            let list = |name: &str| file["pixel"][name].as_array().cloned().unwrap_or_default();
            let (phi, keep) = (list("phi"), list("keep"));
            let path = file["path"].as_str().unwrap();
            if phi.is_empty() && keep.is_empty() {
                continue;
            }
            let mut instance = OpenOptions::new().open(folder.join("cases").join(path)).unwrap();
            let original = instance.clone();
            let cleaned = cleaning.apply(&mut instance, &Ctx::default()).unwrap();
            assert_ne!(cleaned.verdict(), Verdict::TextLeft, "{path}");
            for entry in &phi {
                let frame = entry["frames"][0].as_u64().unwrap_or(0) as usize;
                let (columns, now) = levels(&instance, frame).unwrap();
                assert!(is_blank(&now, columns, rect(entry)), "{path}: {:?}", rect(entry));
                hidden += 1;
            }
            let ((columns, now), (_, before)) = (levels(&instance, 0).unwrap(), levels(&original, 0).unwrap());
            labels += keep.len();
            kept += keep.iter().filter(|entry| share_kept(&before, &now, columns, rect(entry)) > 0.99).count();
        }
        assert!(hidden >= 20 && kept * 4 >= labels * 3, "{hidden} hidden, {kept} of {labels} labels kept");
    }

    /// Frames of public example files, which pydicom-data has: a folder of them, in which ISOCENTER_PYDICOM_DATA says.
    #[test]
    fn real_ultrasound_loses_who_was_scanned_and_keeps_its_labels() {
        let frames = std::env::var_os("ISOCENTER_PYDICOM_DATA").map(PathBuf::from).filter(|folder| folder.is_dir());
        let (Some(list), Some(frames), Some(cleaning)) = (corpus("deid/real_burned_in.json"), frames, tesseract())
        else {
            println!("skipped: no tesseract, or no folder in ISOCENTER_PYDICOM_DATA");
            return;
        };
        let list: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(list).unwrap()).unwrap();
        for file in list["files"].as_array().unwrap() {
            let name = file["file"].as_str().unwrap();
            let mut instance = OpenOptions::new().open(frames.join(name)).unwrap();
            let original = instance.clone();
            cleaning.apply(&mut instance, &Ctx::default()).unwrap();
            let ((columns, now), (_, before)) = (levels(&instance, 0).unwrap(), levels(&original, 0).unwrap());
            for entry in file["phi"].as_array().unwrap() {
                assert!(is_blank(&now, columns, rect(entry)), "{name}: {}", entry["kind"]);
            }
            for entry in file["keep"].as_array().unwrap() {
                // what was marked by hand reaches into the line above, which goes
                assert!(share_kept(&before, &now, columns, rect(entry)) > 0.85, "{name}: {}", entry["kind"]);
            }
        }
    }
}
