//! Which series of a world a face is looked for on.

use isocenter_convert::SeriesPlan;
use isocenter_dcm::series_kind::is_derived;
use isocenter_volume::Geometry;

/// Most series that are tried, one after the other.
const MOST: usize = 3;
/// What is shorter on any side shows no head, mm.
const LEAST_SIDE_MM: f64 = 80.0;
/// Slices farther apart say too little of a face, mm.
const MOST_SPACING_MM: f64 = 8.0;

/// The series that are suited, the best first: MR and CT that show enough of a head, as acquired before what was derived, a wide view before a narrow one, then the one with
/// the shortest longest side of a voxel: slices of 5 mm show less of a nose than cubes of 1 mm, however fine their pixels.
pub(super) fn of(series: &[SeriesPlan]) -> Vec<&SeriesPlan> {
    let mut suited: Vec<&SeriesPlan> = series.iter().filter(|series| is_suited(series)).collect();
    let widest = suited.iter().map(|series| view_mm3(series.head.geometry())).fold(0.0, f64::max);
    let coarse = |series: &SeriesPlan| series.head.geometry().spacing_mm().into_iter().fold(0.0, f64::max);
    let rank = |series: &SeriesPlan| {
        let is_narrow = view_mm3(series.head.geometry()) < 0.5 * widest;
        (is_derived(&series.image_type), is_narrow)
    };
    suited.sort_by(|a, b| {
        let order = rank(a).cmp(&rank(b)).then(coarse(a).total_cmp(&coarse(b)));
        order.then_with(|| a.series_uid.cmp(&b.series_uid)).then_with(|| a.sop_instance_uids.cmp(&b.sop_instance_uids))
    });
    suited.truncate(MOST);
    suited
}

fn is_suited(series: &SeriesPlan) -> bool {
    let grid = series.head.geometry();
    let (shape, spacing) = (grid.shape(), grid.spacing_mm());
    matches!(series.modality.as_deref().map(str::trim), Some("MR" | "CT"))
        && grid.frame().is_patient()
        && series.sample_type.is_real()
        && (0..3).all(|a| shape[a] as f64 * spacing[a] >= LEAST_SIDE_MM && spacing[a] <= MOST_SPACING_MM)
        && !series.image_type.iter().any(|term| is_projection(term))
}

/// Whether each pixel shows what lies behind the face, too, by a term of Image Type.
fn is_projection(term: &str) -> bool {
    let term = term.trim().to_ascii_uppercase();
    term.contains("PROJECTION") || term.split([' ', '_']).any(|word| matches!(word, "MIP" | "MINIP" | "LOCALIZER"))
}

fn view_mm3(grid: &Geometry) -> f64 {
    grid.voxel_volume_mm3() * grid.len() as f64
}
