//! What of a volume is tissue, and what of the body a CT shows.

use isocenter_volume::{Unit, Volume};

/// Below this a value in HU is no measurement: scanners fill what lies outside their field with -2000, -3024 and the like, while the
/// noise of air seldom goes below -1200.
pub(crate) const PADDING_BELOW_HU: f32 = -1500.0;

/// Voxels that a window is chosen by; more are taken in equal steps.
const ENOUGH: usize = 1 << 22;

/// What a CT shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Head,
    Chest,
    Trunk,
    Bones,
}

/// Whether the values of a volume are Hounsfield units: it says so, or it is a CT that says nothing else.
pub(crate) fn is_hounsfield(volume: &Volume<f32>, modality: Option<&str>) -> bool {
    match volume.scaling().unit() {
        Unit::Hu => true,
        // a NIfTI file has no word for it: air at -1000 and tissue about 0 in a tenth of the voxels each is what only a CT has
        Unit::Arbitrary | Unit::Ratio => modality.is_none_or(|m| m == "CT") && looks_like_hounsfield(volume),
        _ => false,
    }
}

fn looks_like_hounsfield(volume: &Volume<f32>) -> bool {
    let (mut air, mut tissue, mut all) = (0usize, 0usize, 0usize);
    for v in steps(volume).filter(|v| *v >= PADDING_BELOW_HU) {
        all += 1;
        air += usize::from((-1100.0..-850.0).contains(&v));
        tissue += usize::from((-200.0..200.0).contains(&v));
    }
    all > 0 && 20 * air >= all && 20 * tissue >= all
}

/// The finite values of a volume, of every voxel or of every so many.
pub(crate) fn sampled(volume: &Volume<f32>) -> Vec<f32> {
    steps(volume).filter(|v| v.is_finite()).collect()
}

fn steps(volume: &Volume<f32>) -> impl Iterator<Item = f32> + '_ {
    let samples = volume.step(0).unwrap_or_default();
    samples.iter().copied().step_by(samples.len().div_ceil(ENOUGH).max(1))
}

/// What a volume in HU shows: by the header's word for the body part, else by its values.
pub(crate) fn content(volume: &Volume<f32>, body_part: Option<&str>) -> Content {
    body_part.and_then(of_part).unwrap_or_else(|| of_values(volume))
}

/// Source: PS3.16 annex L, correspondence of Body Part Examined; joined and shortened words as scanners write them.
fn of_part(part: &str) -> Option<Content> {
    const HEAD: [&str; 4] = ["HEAD", "BRAIN", "SKULL", "CEREBR"];
    const CHEST: [&str; 5] = ["CHEST", "LUNG", "THORAX", "BRONCHUS", "MEDIASTINUM"];
    const BONES: [&str; 29] = [
        "SPINE",
        "KNEE",
        "ANKLE",
        "FOOT",
        "HAND",
        "WRIST",
        "ELBOW",
        "SHOULDER",
        "HIP",
        "EXTREMITY",
        "FEMUR",
        "TIBIA",
        "LEG",
        "ARM",
        "JAW",
        "MAXILLA",
        "MANDIBLE",
        "SINUS",
        "EAR",
        "TEMPORAL",
        "FINGER",
        "TOE",
        "CLAVICLE",
        "SCAPULA",
        "RIB",
        "SACRUM",
        "HUMERUS",
        "CALCANEUS",
        "ORBIT",
    ];
    const TRUNK: [&str; 16] = [
        "ABDOMEN",
        "ABDOMENPELVIS",
        "PELVIS",
        "LIVER",
        "KIDNEY",
        "SPLEEN",
        "PANCREAS",
        "BLADDER",
        "PROSTATE",
        "UTERUS",
        "COLON",
        "NECK",
        "HEART",
        "AORTA",
        "BREAST",
        "STOMACH",
    ];
    let part = part.trim().to_ascii_uppercase();
    // CSPINE, LOWERLEG: one word ends with another; EAR ends HEART and ARM nothing else that is listed
    let is = |words: &[&str]| words.iter().any(|w| part == *w);
    let ends = |words: &[&str]| words.iter().any(|w| w.len() > 3 && part.ends_with(w));
    match () {
        () if is(&HEAD) => Some(Content::Head),
        () if is(&CHEST) => Some(Content::Chest),
        () if is(&TRUNK) => Some(Content::Trunk),
        () if is(&BONES) || ends(&BONES) => Some(Content::Bones),
        () => None,
    }
}

/// A head is a tenth bone and has more brain (0 to 45 HU) than muscle (45 to 90); a chest has lungs (-960 to -500), four voxels of them in
/// a row: at every skin there is one voxel of such a value.
fn of_values(volume: &Volume<f32>) -> Content {
    let (mut body, mut lung, mut bone, mut brain, mut muscle) = (0usize, 0usize, 0usize, 0usize, 0usize);
    let samples = volume.step(0).unwrap_or_default();
    for four in samples.windows(4).step_by(samples.len().div_ceil(ENOUGH).max(1)) {
        let v = four[0];
        body += usize::from(v > -200.0);
        lung += usize::from(four.iter().all(|v| (-960.0..-500.0).contains(v)));
        bone += usize::from(v > 250.0);
        brain += usize::from((0.0..45.0).contains(&v));
        muscle += usize::from((45.0..90.0).contains(&v));
    }
    match () {
        () if 8 * lung >= body && body > 0 => Content::Chest,
        () if 10 * bone >= body && brain > muscle && 3 * brain >= body => Content::Head,
        () if 5 * bone >= body && body > 0 => Content::Bones,
        () => Content::Trunk,
    }
}

/// What is above air in a volume: for HU above -300, else an eighth of the way from the lowest to the highest percentile.
pub(crate) fn above_air(is_hounsfield: bool, low: f64, high: f64) -> f32 {
    if is_hounsfield { -300.0 } else { (low + (high - low) / 8.0) as f32 }
}

#[cfg(test)]
mod tests {
    use isocenter_volume::{Affine, Frame, Geometry, Rescale, Scaling};

    use super::*;

    fn ct(values: &[(f32, usize)], unit: Unit) -> Volume<f32> {
        let voxels: Vec<f32> = values.iter().flat_map(|(v, n)| std::iter::repeat_n(*v, *n)).collect();
        let grid = Geometry::new([voxels.len(), 1, 1], Affine::IDENTITY, Frame::Patient(None)).unwrap();
        Volume::new(voxels, grid).unwrap().with_scaling(Scaling::uniform(Rescale::IDENTITY, unit)).unwrap()
    }

    #[test]
    fn a_ct_is_known_by_its_header_or_by_what_it_holds() {
        let head = ct(&[(-3024.0, 300), (-1000.0, 400), (-80.0, 30), (30.0, 200), (60.0, 20), (900.0, 60)], Unit::Hu);
        assert_eq!(content(&head, None), Content::Head);
        assert_eq!(content(&head, Some("ABDOMEN")), Content::Trunk);
        let chest = ct(&[(-1000.0, 400), (-800.0, 150), (-90.0, 100), (55.0, 200), (400.0, 20)], Unit::Hu);
        assert_eq!(content(&chest, None), Content::Chest);
        let belly = ct(&[(-2000.0, 100), (-1000.0, 400), (-100.0, 150), (60.0, 250), (400.0, 20)], Unit::Hu);
        assert_eq!(content(&belly, None), Content::Trunk);
        let leg = ct(&[(-1000.0, 400), (-100.0, 80), (60.0, 120), (700.0, 80)], Unit::Hu);
        assert_eq!(content(&leg, None), Content::Bones);
        for (part, expected) in [("CSPINE", Content::Bones), ("EAR", Content::Bones), ("HEART", Content::Trunk)] {
            assert_eq!(content(&chest, Some(part)), expected, "{part}");
        }
    }

    #[test]
    fn a_file_without_a_unit_is_in_hu_where_only_a_ct_would_have_its_values() {
        let values = [(-3024.0, 300), (-1000.0, 400), (30.0, 200), (900.0, 60)];
        assert!(is_hounsfield(&ct(&values, Unit::Arbitrary), None));
        assert!(!is_hounsfield(&ct(&values, Unit::Arbitrary), Some("MR")));
        assert!(!is_hounsfield(&ct(&[(0.0, 500), (100.0, 300), (900.0, 60)], Unit::Arbitrary), None));
        assert!(is_hounsfield(&ct(&[(0.0, 5)], Unit::Hu), Some("CT")));
    }
}
