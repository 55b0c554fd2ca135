//! Places of a face by which a person may be known.

/// A place of a head, canonical LPS millimetres: in the tissue, at most 3 mm under the skin (the teeth: under the lips).
///
/// ```
/// use isocenter_phantom::{Head, grid::pose};
/// let turned = pose([0.0, 0.0, 90.0], [10.0, 0.0, 0.0]); // canonical to world: the face now looks to the left
/// let head = Head::new(7);
/// let nose = head.landmarks().iter().find(|place| place.name == "nose").ok_or("none")?;
/// assert!(nose.at_mm[1] < -100.0 && turned.apply(nose.at_mm)[0] > 100.0);
/// # Ok::<_, &str>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Landmark {
    /// What it is: `nose`, `chin`, `left_eye`, `right_eye`, `left_ear`, `right_ear` or `teeth`.
    pub name: &'static str,
    /// Where it is.
    pub at_mm: [f64; 3],
}

/// The landmarks of a head that was stretched.
pub(super) fn of(stretch: [f64; 3]) -> Vec<Landmark> {
    let at = |p: [f64; 3]| [0, 1, 2].map(|a| p[a] * stretch[a]);
    PLACES.iter().map(|&(name, p)| Landmark { name, at_mm: at(p) }).collect()
}

/// By the shapes of the anatomy, before they are stretched.
const PLACES: [(&str, [f64; 3]); 7] = [
    ("nose", [1.5, -118.0, -58.0]),
    ("chin", [0.0, -88.0, -112.0]),
    ("left_eye", [32.0, -92.0, -42.0]),
    ("right_eye", [-32.0, -92.0, -42.0]),
    ("left_ear", [81.0, 10.0, -26.0]),
    ("right_ear", [-79.5, 12.0, -24.0]),
    ("teeth", [0.0, -91.0, -88.0]),
];

#[cfg(test)]
mod tests {
    use crate::{Artifacts, Contrast, Head, grid::pose};
    use isocenter_volume::{Affine, Frame, Geometry};

    #[test]
    fn landmarks_are_tissue_just_inside_of_air() {
        for seed in [1, 7, 42] {
            let head = Head::new(seed).with_artifacts(Artifacts::NONE);
            for place in head.landmarks() {
                let outward = match place.name {
                    "left_ear" => [1.0, 0.0, 0.0],
                    "right_ear" => [-1.0, 0.0, 0.0],
                    _ => [0.0, -1.0, 0.0],
                };
                // a line of voxels from the landmark outwards, 0.5 mm apart
                let affine = Affine::from_columns(
                    [outward.map(|v| v * 0.5), [outward[1], outward[0], 0.0], [0.0, 0.0, 1.0]],
                    place.at_mm,
                );
                let line = Geometry::new([41, 1, 1], affine, Frame::Patient(None)).unwrap();
                let ct = head.render(&line, &pose([0.0; 3], [0.0; 3]), Contrast::Ct, 0).unwrap();
                let hu = ct.voxels();
                assert!(hu[0] > -300.0, "{seed} {}: {}", place.name, hu[0]);
                assert!(hu[24..].iter().all(|&v| v < -900.0), "{seed} {}: {hu:?}", place.name);
            }
        }
    }
}
