//! What sites add and multiply by goes, what people differ by stays.

use isocenter_normalize::{
    Error,
    harmonize::{ComBat, ComBatOptions, Covariates, Priors, SitePart},
};
use proptest::prelude::*;

/// A number between -1 and 1 that looks drawn at random.
pub(crate) fn noise(n: usize) -> f64 {
    let mut state = (n as u64).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((state ^ (state >> 31)) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

const FEATURES: usize = 40;

/// A table of a site: features of a level and a slope by age of their own, seen by the site with an offset and a stretch.
struct Site {
    name: &'static str,
    table: Vec<f64>,
    truth: Vec<f64>,
    ages: Vec<f64>,
}

fn site(name: &'static str, seed: usize, samples: usize, added: f64, stretch: f64) -> Site {
    let ages: Vec<f64> = (0..samples).map(|j| 50.0 + 20.0 * noise(seed + j)).collect();
    let (mut table, mut truth) = (Vec::new(), Vec::new());
    for g in 0..FEATURES {
        for (j, age) in ages.iter().enumerate() {
            let person = noise(seed * 7919 + g * 131 + j * 17);
            let stays = 10.0 + g as f64 + 0.05 * g as f64 * (age - 50.0) / 20.0;
            truth.push(stays + person);
            table.push(stays + added * (1.0 + 0.1 * noise(g + seed)) + stretch * person);
        }
    }
    Site { name, table, truth, ages }
}

fn sites() -> [Site; 3] {
    [site("a", 1, 60, -2.0, 0.7), site("b", 5000, 45, 1.0, 1.0), site("c", 9000, 80, 3.0, 1.6)]
}

fn covariates(ages: &[f64]) -> Covariates {
    Covariates::none(ages.len()).continuous("age", ages).unwrap()
}

fn part(site: &Site) -> SitePart {
    SitePart::of(&site.table, FEATURES, &covariates(&site.ages)).unwrap()
}

/// Mean and standard deviation of what a row is off its truth by.
fn off(row: &[f64], truth: &[f64]) -> f64 {
    row.iter().zip(truth).map(|(a, b)| a - b).sum::<f64>() / row.len() as f64
}

fn spread(row: &[f64]) -> f64 {
    let mean = row.iter().sum::<f64>() / row.len() as f64;
    (row.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / row.len() as f64).sqrt()
}

#[test]
fn sites_come_to_one_level_and_spread_and_age_stays() {
    let sites = sites();
    for priors in [Priors::Parametric, Priors::NonParametric, Priors::None] {
        let mut options = ComBatOptions::default();
        options.priors = priors;
        let combat = ComBat::fit(sites.iter().map(|s| (s.name, part(s))), &options).unwrap();
        let mut levels = Vec::new();
        for site in &sites {
            let mut table = site.table.clone();
            combat.apply(site.name, &mut table, &covariates(&site.ages)).unwrap();
            let n = site.ages.len();
            let rows = table.chunks(n).zip(site.truth.chunks(n));
            levels.push(rows.clone().map(|(row, truth)| off(row, truth)).collect::<Vec<_>>());
            let stretch = rows.map(|(row, truth)| spread(row) / spread(truth)).sum::<f64>() / FEATURES as f64;
            assert!((0.9..1.35).contains(&stretch), "{priors:?} {} {stretch}", site.name);
        }
        for g in 0..FEATURES {
            // a mean of 45 samples of a spread of 0.6 is known to 0.09
            assert!((levels[0][g] - levels[2][g]).abs() < 0.5, "{priors:?} {g} {levels:?}");
        }
    }
}

#[test]
fn merged_sites_equal_pooled_ones() {
    let sites = sites();
    let whole = ComBat::fit(sites.iter().map(|s| (s.name, part(s))), &ComBatOptions::default()).unwrap();
    // the parts of a site that sends them in two halves, in another order, through text
    let mut parts = Vec::new();
    for site in sites.iter().rev() {
        let (n, half) = (site.ages.len(), site.ages.len() / 3);
        for range in [half..n, 0..half] {
            let table: Vec<f64> = site.table.chunks(n).flat_map(|row| row[range.clone()].to_vec()).collect();
            let part = SitePart::of(&table, FEATURES, &covariates(&site.ages[range])).unwrap();
            let text = serde_json::to_string(&part).unwrap();
            let back: SitePart = serde_json::from_str(&text).unwrap();
            assert_eq!(back, part);
            parts.push((site.name, back));
        }
    }
    let merged = ComBat::fit(parts, &ComBatOptions::default()).unwrap();
    let whole_again = ComBat::fit(sites.iter().rev().map(|s| (s.name, part(s))), &ComBatOptions::default()).unwrap();
    assert_eq!(whole_again, whole);
    for site in &sites {
        let [mut one, mut other] = [site.table.clone(), site.table.clone()];
        whole.apply(site.name, &mut one, &covariates(&site.ages)).unwrap();
        merged.apply(site.name, &mut other, &covariates(&site.ages)).unwrap();
        assert!(one.iter().zip(&other).all(|(a, b)| (a - b).abs() < 1e-10));
    }
}

#[test]
fn a_reference_stays_as_it_is_and_others_come_to_it() {
    let sites = sites();
    let mut options = ComBatOptions::default();
    options.reference = Some("b".to_owned());
    let combat = ComBat::fit(sites.iter().map(|s| (s.name, part(s))), &options).unwrap();
    let mut table = sites[1].table.clone();
    combat.apply("b", &mut table, &covariates(&sites[1].ages)).unwrap();
    assert_eq!(table, sites[1].table);
    assert_eq!(combat.effect("b", 3), Some((0.0, 1.0)));
    let (added, multiplied) = combat.effect("c", 3).unwrap();
    assert!((added - 2.0).abs() < 0.5 && (1.6..4.0).contains(&multiplied), "{added} {multiplied}");
}

#[test]
fn what_was_not_measured_plays_no_part_and_stays() {
    let mut sites = sites();
    let known = ComBat::fit(sites.iter().map(|s| (s.name, part(s))), &ComBatOptions::default()).unwrap();
    let n = sites[0].ages.len();
    // every fifth sample of one feature, and another feature not measured at all at this site
    (0..n).step_by(5).for_each(|j| sites[0].table[2 * n + j] = f64::NAN);
    (0..n).for_each(|j| sites[0].table[4 * n + j] = f64::NAN);
    let combat = ComBat::fit(sites.iter().map(|s| (s.name, part(s))), &ComBatOptions::default()).unwrap();
    let mut table = sites[0].table.clone();
    combat.apply("a", &mut table, &covariates(&sites[0].ages)).unwrap();
    assert!(table.iter().zip(&sites[0].table).all(|(out, was)| out.is_nan() == was.is_nan()));
    // the mean of all sites is another one with fewer samples of this; what sites differ by is not
    let apart = |fit: &ComBat| fit.effect("a", 2).unwrap().0 - fit.effect("c", 2).unwrap().0;
    assert!((apart(&known) - apart(&combat)).abs() < 0.1, "{} {}", apart(&known), apart(&combat));
    let text = serde_json::to_string(&combat).unwrap();
    assert_eq!(serde_json::from_str::<ComBat>(&text).unwrap(), combat);
}

#[test]
fn a_constant_feature_is_left_alone_and_named() {
    let mut sites = sites();
    for site in &mut sites {
        let n = site.ages.len();
        site.table[7 * n..8 * n].fill(3.25);
    }
    let combat = ComBat::fit(sites.iter().map(|s| (s.name, part(s))), &ComBatOptions::default()).unwrap();
    assert_eq!(combat.constant_features().collect::<Vec<_>>(), [7]);
    let mut table = sites[2].table.clone();
    combat.apply("c", &mut table, &covariates(&sites[2].ages)).unwrap();
    let n = sites[2].ages.len();
    assert!(table[7 * n..8 * n].iter().all(|v| *v == 3.25) && table.iter().all(|v| v.is_finite()));
}

#[test]
fn what_cannot_be_told_is_an_error() {
    let fit = |parts: Vec<(&str, SitePart)>| ComBat::fit(parts, &ComBatOptions::default());
    let sites = sites();
    assert!(matches!(fit(vec![("a", part(&sites[0]))]), Err(Error::TooFew { wanted: 2, found: 1 })));
    // an age that is the same within each site
    let flat = |s: &Site, age: f64| SitePart::of(&s.table, FEATURES, &covariates(&vec![age; s.ages.len()])).unwrap();
    assert_eq!(fit(vec![("a", flat(&sites[0], 30.0)), ("b", flat(&sites[1], 60.0))]), Err(Error::Confounded));
    // one sample has no variance; its mean can be taken out
    let one = |s: &Site| {
        let table: Vec<f64> = s.table.chunks(s.ages.len()).map(|row| row[0]).collect();
        SitePart::of(&table, FEATURES, &covariates(&s.ages[..1])).unwrap()
    };
    let parts = vec![("a", part(&sites[0])), ("b", one(&sites[1]))];
    assert!(matches!(fit(parts.clone()), Err(Error::TooFew { wanted: 2, found: 1 })));
    let mut options = ComBatOptions::default();
    options.mean_only = true;
    assert!(ComBat::fit(parts, &options).is_ok());
    options.reference = Some("z".to_owned());
    let all = || sites.iter().map(|s| (s.name, part(s)));
    assert!(matches!(ComBat::fit(all(), &options), Err(Error::BadParameter { what: "the reference", .. })));
    let combat = ComBat::fit(all(), &ComBatOptions::default()).unwrap();
    let x = covariates(&sites[0].ages);
    assert!(matches!(combat.apply("z", &mut sites[0].table.clone(), &x), Err(Error::UnknownSite { .. })));
    assert!(matches!(combat.apply("a", &mut [0.0; 3], &x), Err(Error::Length { .. })));
    let none = Covariates::none(sites[0].ages.len());
    assert!(matches!(combat.apply("a", &mut sites[0].table.clone(), &none), Err(Error::Length { .. })));
    let few = SitePart::of(&[1.0, 2.0], 1, &Covariates::none(2)).unwrap();
    assert!(matches!(fit(vec![("a", part(&sites[0])), ("b", few)]), Err(Error::Length { .. })));
    assert!(Covariates::none(2).continuous("age", &[1.0, f64::NAN]).is_err());
    assert!(Covariates::none(2).categorical("sex", &["F", "M"], &["F", "X"]).is_err());
    assert!(SitePart::of(&[1.0, f64::INFINITY], 1, &Covariates::none(2)).is_err());
}

proptest! {
    /// A feature's unit, and what is added to all of it, change nothing but the unit.
    #[test]
    fn units_play_no_part(scale in 0.01..100.0f64, shift in -1e3..1e3f64) {
        let sites = sites();
        let harmonized = |scale: f64, shift: f64| -> Vec<f64> {
            let tables: Vec<Vec<f64>> =
                sites.iter().map(|s| s.table.iter().map(|v| v * scale + shift).collect()).collect();
            let parts = sites.iter().zip(&tables);
            let parts = parts.map(|(s, t)| (s.name, SitePart::of(t, FEATURES, &covariates(&s.ages)).unwrap()));
            let combat = ComBat::fit(parts, &ComBatOptions::default()).unwrap();
            let mut table = tables[0].clone();
            combat.apply("a", &mut table, &covariates(&sites[0].ages)).unwrap();
            table
        };
        let (plain, other) = (harmonized(1.0, 0.0), harmonized(scale, shift));
        let most = 1e-7 * (scale + shift.abs() / 100.0);
        prop_assert!(plain.iter().zip(&other).all(|(a, b)| (a * scale + shift - b).abs() < most));
    }
}
