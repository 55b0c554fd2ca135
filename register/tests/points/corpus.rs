use isocenter_register::points::{Dof, fit};
use isocenter_testing::corpus::part as corpus;

/// The truth is printed with four digits after the point.
const PRINTED_MM: f64 = 1e-3;

#[test]
fn the_truth_of_a_rire_patient_is_a_rigid_map() {
    let Some(folder) = corpus("register") else { return };
    let text = std::fs::read_to_string(folder.join("rire001_ct_T1.json")).unwrap();
    let truth: serde_json::Value = serde_json::from_str(&text).unwrap();
    let points = |key: &str| -> Vec<[f64; 3]> { serde_json::from_value(truth[key].clone()).unwrap() };
    let (ct, t1) = (points("ct_points"), points("t1_points"));
    for dof in [Dof::Rigid, Dof::Similarity, Dof::Affine] {
        let found = fit(&ct, &t1, None, dof).unwrap();
        let most = found.residuals_mm().iter().fold(0.0, |most: f64, r| most.max(*r));
        println!("{dof:?}: FRE {:.6} mm, at most {most:.6} mm", found.fre_mm());
        assert!(most < PRINTED_MM, "{dof:?} {most}");
    }
}
