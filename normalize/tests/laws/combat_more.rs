//! ComBat's relatives: curves stay, what features share comes to one, and so does what a subject keeps over visits.

use isocenter_normalize::{
    Error,
    harmonize::{
        ComBat, ComBatGam, ComBatOptions, CovBat, CovBatOptions, CovBatPart, Covariates, LongitudinalComBat,
        LongitudinalOptions, Priors, SitePart, Smooth, Visits,
    },
};

use super::combat::noise;

/// A number that looks drawn from a normal distribution, to the eye.
fn normal(n: usize) -> f64 {
    (0..6).map(|k| noise(n * 7 + k + 100_000)).sum::<f64>() / 2.0f64.sqrt()
}

fn in_threads<T: Send>(threads: usize, run: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(run)
}

fn farthest(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

mod gam {
    use super::*;

    const FEATURES: usize = 12;

    struct Site {
        name: &'static str,
        ages: Vec<f64>,
        table: Vec<f64>,
        truth: Vec<f64>,
    }

    /// What age does to a feature: up, and then down.
    fn curve(g: usize, age: f64) -> f64 {
        let t = (age - 50.0) / 30.0;
        (1.0 + 0.2 * g as f64) * (1.0 - t * t)
    }

    /// Sites of other ages: the curve cannot be told from the site by a straight line.
    fn sites() -> [Site; 3] {
        let one = |name, seed: usize, count: usize, from: f64, to: f64, added: f64, stretch: f64| {
            let ages: Vec<f64> = (0..count).map(|j| from + (to - from) * 0.5 * (1.0 + noise(seed + j))).collect();
            let (mut table, mut truth) = (Vec::new(), Vec::new());
            for g in 0..FEATURES {
                for (j, age) in ages.iter().enumerate() {
                    let person = 0.2 * normal(seed * 31 + g * 1009 + j);
                    truth.push(5.0 + curve(g, *age) + person);
                    table.push(5.0 + curve(g, *age) + added * (1.0 + 0.1 * noise(g + seed)) + stretch * person);
                }
            }
            Site { name, ages, table, truth }
        };
        [
            one("a", 1, 70, 20.0, 60.0, 2.0, 1.5),
            one("b", 4000, 50, 40.0, 80.0, -1.0, 0.7),
            one("c", 8000, 90, 20.0, 80.0, 0.0, 1.0),
        ]
    }

    fn age() -> Smooth {
        Smooth::new("age", [20.0, 80.0], &[28.0, 37.0, 45.0, 54.0, 62.0, 71.0]).unwrap()
    }

    fn covariates(ages: &[f64]) -> Covariates {
        Covariates::none(ages.len()).smooth(&age(), ages).unwrap()
    }

    fn part(site: &Site) -> SitePart {
        SitePart::of(&site.table, FEATURES, &covariates(&site.ages)).unwrap()
    }

    fn parts(sites: &[Site]) -> Vec<(&str, SitePart)> {
        sites.iter().map(|s| (s.name, part(s))).collect()
    }

    fn applied(gam: &ComBatGam, site: &Site) -> Vec<f64> {
        let mut table = site.table.clone();
        gam.apply(site.name, &mut table, &covariates(&site.ages)).unwrap();
        table
    }

    #[test]
    fn shifts_go_and_the_curve_of_age_stays() {
        let sites = sites();
        let gam = ComBatGam::fit(parts(&sites), &[age()], &ComBatOptions::default()).unwrap();
        for g in 0..FEATURES {
            for at in [30.0, 50.0, 70.0] {
                let wanted = curve(g, at) - curve(g, 20.0);
                // a hundred people of a spread of 0.2 about each age
                assert!((gam.curve("age", g, at).unwrap() - wanted).abs() < 0.25, "{g} {at}");
            }
        }
        let off = |site: &Site| -> Vec<f64> {
            let (n, table) = (site.ages.len(), applied(&gam, site));
            let rows = table.chunks(n).zip(site.truth.chunks(n));
            rows.map(|(row, truth)| row.iter().zip(truth).map(|(a, b)| a - b).sum::<f64>() / n as f64).collect()
        };
        let offs: Vec<Vec<f64>> = sites.iter().map(off).collect();
        assert!(farthest(&offs[0], &offs[1]) < 0.25 && farthest(&offs[0], &offs[2]) < 0.25, "{offs:?}");
        // a straight line leaves what age does to people of other ages as if it were the site's
        let straight = |s: &Site| {
            SitePart::of(&s.table, FEATURES, &Covariates::none(s.ages.len()).continuous("age", &s.ages).unwrap())
        };
        let line =
            ComBat::fit(sites.iter().map(|s| (s.name, straight(s).unwrap())), &ComBatOptions::default()).unwrap();
        let error = |added: f64| (added - 3.0).abs();
        let by_line = error(line.effect("a", 11).unwrap().0 - line.effect("b", 11).unwrap().0);
        let combat = gam.combat();
        let by_curve = error(combat.effect("a", 11).unwrap().0 - combat.effect("b", 11).unwrap().0);
        assert!(by_curve < 0.5 && by_curve < by_line, "{by_curve} {by_line}");
    }

    #[test]
    fn halves_of_sites_in_any_order_give_the_fit_of_all() {
        let sites = sites();
        let whole = ComBatGam::fit(parts(&sites), &[age()], &ComBatOptions::default()).unwrap();
        let mut halves = Vec::new();
        for site in sites.iter().rev() {
            let n = site.ages.len();
            for range in [n / 3..n, 0..n / 3] {
                let table: Vec<f64> = site.table.chunks(n).flat_map(|row| row[range.clone()].to_vec()).collect();
                let part = SitePart::of(&table, FEATURES, &covariates(&site.ages[range])).unwrap();
                halves.push((site.name, part));
            }
        }
        let merged = ComBatGam::fit(halves, &[age()], &ComBatOptions::default()).unwrap();
        for site in &sites {
            assert!(farthest(&applied(&whole, site), &applied(&merged, site)) < 1e-9);
        }
    }

    #[test]
    fn a_weight_without_end_gives_a_straight_line() {
        let sites = sites();
        let gam = ComBatGam::fit_with(parts(&sites), &[age()], &[1e15], &ComBatOptions::default()).unwrap();
        let line = |s: &Site| Covariates::none(s.ages.len()).continuous("age", &s.ages).unwrap();
        let straight = sites.iter().map(|s| (s.name, SitePart::of(&s.table, FEATURES, &line(s)).unwrap()));
        let combat = ComBat::fit(straight, &ComBatOptions::default()).unwrap();
        for site in &sites {
            let mut table = site.table.clone();
            combat.apply(site.name, &mut table, &line(site)).unwrap();
            assert!(farthest(&table, &applied(&gam, site)) < 1e-6);
        }
    }

    #[test]
    fn folds_choose_a_weight_and_it_is_that_weights_fit() {
        let sites = sites();
        let fold = |k: usize| {
            let one = |site: &Site| {
                let n = site.ages.len();
                let own: Vec<usize> = (0..n).filter(|j| j % 4 == k).collect();
                let table: Vec<f64> = site.table.chunks(n).flat_map(|row| own.iter().map(|j| row[*j])).collect();
                let ages: Vec<f64> = own.iter().map(|j| site.ages[*j]).collect();
                SitePart::of(&table, FEATURES, &covariates(&ages)).unwrap()
            };
            sites.iter().map(|s| (s.name, one(s))).collect::<Vec<_>>()
        };
        let options = ComBatOptions::default();
        let gam = ComBatGam::fit_folds((0..4).map(fold), &[age()], &options).unwrap();
        // so strong a bend is not drawn to a line
        assert!((0..FEATURES).all(|g| gam.alphas(g).unwrap()[0] < 1e5));
        let same = gam.alphas(0).unwrap().to_vec();
        let given = ComBatGam::fit_with(parts(&sites), &[age()], &same, &options).unwrap();
        assert!((gam.curve("age", 0, 50.0).unwrap() - given.curve("age", 0, 50.0).unwrap()).abs() < 1e-9);
        assert!(matches!(ComBatGam::fit_folds([fold(0)], &[age()], &options), Err(Error::TooFew { .. })));
        let alone = vec![("z", part(&sites[0]))];
        assert!(matches!(ComBatGam::fit_folds([fold(0), alone], &[age()], &options), Err(Error::TooFew { .. })));
    }

    #[test]
    fn it_comes_back_from_text_and_is_the_same_on_any_threads() {
        let mut sites = sites();
        let n = sites[1].ages.len();
        sites[1].table[2 * n + 5] = f64::NAN; // not measured
        for site in &mut sites {
            let n = site.ages.len();
            site.table[4 * n..5 * n].fill(2.5);
        }
        let fit = || ComBatGam::fit(parts(&sites), &[age()], &ComBatOptions::default()).unwrap();
        let (one, three) = (in_threads(1, fit), in_threads(3, fit));
        assert_eq!(one, three);
        let back: ComBatGam = serde_json::from_str(&serde_json::to_string(&one).unwrap()).unwrap();
        assert_eq!(back, one);
        assert_eq!(one.combat().constant_features().collect::<Vec<_>>(), [4]);
        let table = applied(&back, &sites[1]);
        assert!(table[2 * n + 5].is_nan() && table[4 * n..5 * n].iter().all(|v| *v == 2.5));
        assert!(table.iter().filter(|v| v.is_nan()).count() == 1);
        let text = serde_json::to_string(&one).unwrap().replace("\"name\":\"age\"", "\"name\":\"years\"");
        assert!(serde_json::from_str::<ComBatGam>(&text).is_err());
    }

    #[test]
    fn what_cannot_be_told_is_an_error() {
        let sites = sites();
        let options = ComBatOptions::default();
        let other = Smooth::new("years", [20.0, 80.0], &[50.0]).unwrap();
        assert!(matches!(ComBatGam::fit(parts(&sites), &[other], &options), Err(Error::Length { .. })));
        assert!(matches!(ComBatGam::fit(parts(&sites[..1]), &[age()], &options), Err(Error::TooFew { .. })));
        let none: [(&str, SitePart); 0] = [];
        assert!(matches!(ComBatGam::fit(none, &[age()], &options), Err(Error::TooFew { .. })));
        for alphas in [vec![], vec![f64::NAN], vec![-1.0]] {
            assert!(ComBatGam::fit_with(parts(&sites), &[age()], &alphas, &options).is_err());
        }
        let flat =
            |s: &Site, age: f64| SitePart::of(&s.table, FEATURES, &covariates(&vec![age; s.ages.len()])).unwrap();
        let confounded = [("a", flat(&sites[0], 30.0)), ("b", flat(&sites[1], 60.0))];
        assert_eq!(ComBatGam::fit(confounded, &[age()], &options), Err(Error::Confounded));
        assert!(matches!(Covariates::none(1).smooth(&age(), &[81.0]), Err(Error::BadParameter { .. })));
        assert!(matches!(Covariates::none(2).smooth(&age(), &[50.0]), Err(Error::Length { .. })));
        let gam = ComBatGam::fit(parts(&sites), &[age()], &options).unwrap();
        let x = covariates(&sites[0].ages);
        assert!(matches!(gam.apply("z", &mut sites[0].table.clone(), &x), Err(Error::UnknownSite { .. })));
        assert!(gam.curve("sex", 0, 50.0).is_err() && gam.curve("age", 99, 50.0).is_err());
        assert!(gam.curve("age", 0, 19.0).is_err());
        let many: Vec<Smooth> = (0..4).map(|n| Smooth::new(&format!("x{n}"), [0.0, 1.0], &[]).unwrap()).collect();
        assert!(ComBatGam::fit(parts(&sites), &many, &options).is_err());
    }
}

mod covbat {
    use super::*;

    const FEATURES: usize = 10;

    /// Features that follow two hidden numbers, in another way at each site.
    fn site(seed: usize, samples: usize, mix: f64, added: f64) -> Vec<f64> {
        let hidden = |k: usize, j: usize| normal(seed * 53 + k * 7001 + j);
        let mut table = Vec::new();
        for g in 0..FEATURES {
            let weight = if g % 2 == 0 { 1.0 } else { mix };
            for j in 0..samples {
                let own = 0.5 * normal(seed * 977 + g * 3001 + j);
                table.push(g as f64 + added + 2.0 * weight * hidden(0, j) + hidden(1, j) + own);
            }
        }
        table
    }

    fn sites() -> [(&'static str, Vec<f64>, usize); 3] {
        [("a", site(1, 80, 1.0, 0.0), 80), ("b", site(50, 120, -1.0, 3.0), 120), ("c", site(90, 60, 0.0, -1.0), 60)]
    }

    fn part(table: &[f64], samples: usize) -> CovBatPart {
        CovBatPart::of(table, FEATURES, &Covariates::none(samples)).unwrap()
    }

    fn parts() -> Vec<(&'static str, CovBatPart)> {
        sites().iter().map(|(name, table, n)| (*name, part(table, *n))).collect()
    }

    fn applied(covbat: &CovBat, name: &str, table: &[f64], samples: usize) -> Vec<f64> {
        let mut table = table.to_vec();
        covbat.apply(name, &mut table, &Covariates::none(samples)).unwrap();
        table
    }

    fn correlation(a: &[f64], b: &[f64]) -> f64 {
        let n = a.len() as f64;
        let (ma, mb) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
        let sum = |f: &dyn Fn(f64, f64) -> f64| a.iter().zip(b).map(|(x, y)| f(x - ma, y - mb)).sum::<f64>();
        sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt()
    }

    /// How far correlations of two sites lie apart, on average over pairs of features.
    fn apart(one: (&[f64], usize), other: (&[f64], usize)) -> f64 {
        let row = |(table, n): (&'_ [f64], usize), g: usize| table[g * n..(g + 1) * n].to_vec();
        let mut sum = 0.0;
        for g in 0..FEATURES {
            for h in 0..g {
                let of = |t: (&[f64], usize)| correlation(&row(t, g), &row(t, h));
                sum += (of(one) - of(other)).abs();
            }
        }
        sum / (FEATURES * (FEATURES - 1) / 2) as f64
    }

    #[test]
    fn features_go_together_more_alike_than_after_combat() {
        let [(_, a, n), (_, b, m), _] = &sites();
        let mut options = CovBatOptions::default();
        options.share = 0.99;
        let covbat = CovBat::fit(parts(), &options).unwrap();
        let after = |name: &str, table: &[f64], n: usize| {
            let mut by_combat = table.to_vec();
            covbat.combat().apply(name, &mut by_combat, &Covariates::none(n)).unwrap();
            (by_combat, applied(&covbat, name, table, n))
        };
        let ((a1, a2), (b1, b2)) = (after("a", a, *n), after("b", b, *m));
        let (by_combat, by_both) = (apart((&a1, *n), (&b1, *m)), apart((&a2, *n), (&b2, *m)));
        assert!(by_both < 0.7 * by_combat, "{by_combat} {by_both}");
    }

    #[test]
    fn scores_of_all_sites_have_one_mean_and_spread() {
        // without priors, and along all directions: the sums over features of means and of variances are the same at all sites
        let mut options = CovBatOptions::default();
        options.combat.priors = Priors::None;
        options.components = Some(FEATURES);
        options.standardize = false;
        let covbat = CovBat::fit(parts(), &options).unwrap();
        assert_eq!(covbat.components(), FEATURES);
        let sums = sites().map(|(name, table, n)| {
            let out = applied(&covbat, name, &table, n);
            let (mut means, mut variances) = (0.0, 0.0);
            for row in out.chunks(n) {
                let mean = row.iter().sum::<f64>() / n as f64;
                means += mean;
                variances += row.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1) as f64;
            }
            [means, variances]
        });
        assert!(sums.windows(2).all(|pair| farthest(&pair[0], &pair[1]) < 1e-9), "{sums:?}");
    }

    #[test]
    fn halves_of_sites_give_the_fit_of_all_and_text_gives_it_back() {
        let whole = CovBat::fit(parts(), &CovBatOptions::default()).unwrap();
        let mut halves = Vec::new();
        for (name, table, n) in sites().iter().rev() {
            for range in [n / 3..*n, 0..n / 3] {
                let half: Vec<f64> = table.chunks(*n).flat_map(|row| row[range.clone()].to_vec()).collect();
                let part = part(&half, range.len());
                let back: CovBatPart = serde_json::from_str(&serde_json::to_string(&part).unwrap()).unwrap();
                assert_eq!(back, part);
                halves.push((*name, back));
            }
        }
        let merged = CovBat::fit(halves, &CovBatOptions::default()).unwrap();
        let back: CovBat = serde_json::from_str(&serde_json::to_string(&whole).unwrap()).unwrap();
        assert_eq!(back, whole);
        for (name, table, n) in &sites() {
            let one = applied(&whole, name, table, *n);
            assert!(farthest(&one, &applied(&merged, name, table, *n)) < 1e-9);
            assert_eq!(one, applied(&back, name, table, *n));
        }
        let fit = || CovBat::fit(parts(), &CovBatOptions::default()).unwrap();
        assert_eq!(in_threads(1, fit), in_threads(3, fit));
    }

    #[test]
    fn a_reference_stays_and_so_does_a_constant_feature() {
        let mut options = CovBatOptions::default();
        options.combat.reference = Some("b".to_owned());
        let covbat = CovBat::fit(parts(), &options).unwrap();
        let (_, table, n) = &sites()[1];
        assert_eq!(&applied(&covbat, "b", table, *n), table);
        let mut sites = sites();
        sites.iter_mut().for_each(|(_, table, n)| table[3 * *n..4 * *n].fill(1.5));
        let covbat =
            CovBat::fit(sites.iter().map(|(name, t, n)| (*name, part(t, *n))), &CovBatOptions::default()).unwrap();
        let (name, table, n) = &sites[2];
        let out = applied(&covbat, name, table, *n);
        assert!(out[3 * n..4 * n].iter().all(|v| *v == 1.5) && out.iter().all(|v| v.is_finite()));
    }

    #[test]
    fn what_cannot_be_told_is_an_error() {
        let options = CovBatOptions::default();
        let [(_, table, n), ..] = sites();
        let fit = |parts: Vec<(&str, CovBatPart)>, options: &CovBatOptions| CovBat::fit(parts, options);
        assert!(matches!(fit(vec![("a", part(&table, n))], &options), Err(Error::TooFew { .. })));
        let first: Vec<f64> = table.chunks(n).map(|row| row[0]).collect();
        let mut mean_only = options.clone();
        mean_only.combat.mean_only = true;
        let short = vec![("a", part(&table, n)), ("b", part(&first, 1))];
        assert!(matches!(fit(short.clone(), &options), Err(Error::TooFew { wanted: 2, found: 1 })));
        assert!(matches!(fit(short, &mean_only), Err(Error::TooFew { wanted: 2, found: 1 })));
        for share in [0.0, 1.0, f64::NAN] {
            let mut odd = options.clone();
            odd.share = share;
            assert!(matches!(fit(parts(), &odd), Err(Error::BadParameter { .. })));
        }
        for count in [0, FEATURES + 1] {
            let mut odd = options.clone();
            odd.components = Some(count);
            assert!(matches!(fit(parts(), &odd), Err(Error::BadParameter { .. })));
        }
        let none = Covariates::none(2);
        let flat = |v: f64| CovBatPart::of(&[v; 4], 2, &none).unwrap();
        assert!(matches!(fit(vec![("a", flat(1.0)), ("b", flat(1.0))], &options), Err(Error::Constant { .. })));
        let missing = CovBatPart::of(&[1.0, f64::NAN], 1, &none);
        assert!(matches!(missing, Err(Error::BadParameter { what: "a feature", .. })));
        let many = vec![0.0; 2 * (CovBat::MAX_FEATURES + 1)];
        assert!(CovBatPart::of(&many, CovBat::MAX_FEATURES + 1, &none).is_err());
        let covbat = CovBat::fit(parts(), &options).unwrap();
        let mut broken = table.clone();
        broken[7] = f64::NAN;
        assert!(covbat.apply("a", &mut broken, &Covariates::none(n)).is_err());
        assert_eq!(broken[0], table[0]); // as it was
        assert!(matches!(covbat.apply("z", &mut table.clone(), &Covariates::none(n)), Err(Error::UnknownSite { .. })));
        let sex = |n: usize, v: f64| Covariates::none(n).continuous("sex", &vec![v; n]).unwrap();
        let confounded = sites().map(|(name, table, n)| {
            (name, CovBatPart::of(&table, FEATURES, &sex(n, if name == "a" { 0.0 } else { 1.0 })).unwrap())
        });
        assert_eq!(CovBat::fit(confounded, &options), Err(Error::Confounded));
    }
}

mod longitudinal {
    use super::*;

    const FEATURES: usize = 8;
    const SUBJECTS: usize = 60;

    struct Study {
        sites: Vec<String>,
        subjects: Vec<String>,
        ages: Vec<f64>,
        table: Vec<f64>,
        truth: Vec<f64>,
    }

    /// Subjects of one to five visits, most at one site, some at several; site `b` adds 3 and `c` takes 2 off and has twice the noise.
    fn study() -> Study {
        let mut seen = Vec::new();
        for s in 0..SUBJECTS {
            let base = 60.0 + 8.0 * noise(s * 11);
            for v in 0..=(s % 5) {
                let site = if (s + v) % 7 == 0 { (s + v) % 3 } else { s % 3 };
                seen.push((s, site, base + v as f64));
            }
        }
        let (mut table, mut truth) = (Vec::new(), Vec::new());
        for g in 0..FEATURES {
            for (j, (s, site, age)) in seen.iter().enumerate() {
                let own = 2.0 * normal(s * 17 + g * 5003);
                let stays = 10.0 + own + 0.1 * (age - 60.0);
                let person = 0.3 * normal(40_000 + g * 4099 + j);
                truth.push(stays + person);
                table.push(stays + [0.0, 3.0, -2.0][*site] * (1.0 + 0.1 * noise(g)) + [1.0, 1.0, 2.0][*site] * person);
            }
        }
        let name = |(_, site, _): &(usize, usize, f64)| ["a", "b", "c"][*site].to_owned();
        Study {
            sites: seen.iter().map(name).collect(),
            subjects: seen.iter().map(|(s, ..)| format!("subject {s}")).collect(),
            ages: seen.iter().map(|(.., age)| *age).collect(),
            table,
            truth,
        }
    }

    fn visits(study: &Study) -> Visits {
        let covariates = Covariates::none(study.ages.len()).continuous("age", &study.ages).unwrap();
        Visits::new(&study.sites, &study.subjects, covariates).unwrap()
    }

    fn fit(study: &Study) -> LongitudinalComBat {
        LongitudinalComBat::fit(&study.table, FEATURES, &visits(study), &LongitudinalOptions::default()).unwrap()
    }

    #[test]
    fn shifts_go_and_what_is_a_subjects_own_stays() {
        let study = study();
        let combat = fit(&study);
        let mut table = study.table.clone();
        combat.apply(&mut table, &visits(&study)).unwrap();
        let n = study.ages.len();
        for g in 0..FEATURES {
            let (between, within) = combat.deviations(g).unwrap();
            // of 60 subjects a deviation of 2 is known to a fifth
            assert!((1.4..2.7).contains(&between) && (0.25..0.6).contains(&within), "{g} {between} {within}");
            let mut offs = [(0.0, 0.0); 3];
            for j in 0..n {
                let site = ["a", "b", "c"].iter().position(|s| *s == study.sites[j]).unwrap();
                offs[site].0 += table[g * n + j] - study.truth[g * n + j];
                offs[site].1 += 1.0;
            }
            let [a, b, c] = offs.map(|(sum, count)| sum / count);
            // subjects differ by 2, and each site saw twenty of them: only those seen at several sites tell sites apart better than 0.6
            assert!((a - b).abs() < 0.5 && (a - c).abs() < 0.5, "{g} {a} {b} {c}");
        }
        assert!(combat.effect("c", 0).unwrap().1 > 1.5 * combat.effect("a", 0).unwrap().1);
    }

    /// Of a design where all is balanced, the estimates of restricted likelihood are those of the analysis of variance.
    #[test]
    fn a_balanced_study_has_the_variances_of_its_mean_squares() {
        let (subjects, count) = (20, 4);
        // every subject twice at each site: sites, subjects and noise are told apart without any weighting
        let (mut sites, mut names, mut row) = (Vec::new(), Vec::new(), Vec::new());
        for s in 0..subjects {
            for v in 0..count {
                sites.push(if v % 2 == 0 { "a" } else { "b" });
                names.push(format!("{s}"));
                row.push(1.5 * normal(s * 3) + normal(9000 + s * 10 + v) + if v % 2 == 0 { 0.0 } else { 4.0 });
            }
        }
        let visits = Visits::new(&sites, &names, Covariates::none(row.len())).unwrap();
        let combat = LongitudinalComBat::fit(&row, 1, &visits, &LongitudinalOptions::default()).unwrap();
        let mean = |pick: &dyn Fn(usize) -> bool| {
            let own: Vec<f64> = (0..row.len()).filter(|j| pick(*j)).map(|j| row[j]).collect();
            own.iter().sum::<f64>() / own.len() as f64
        };
        let all = mean(&|_| true);
        let of_site = [mean(&|j| j % 2 == 0), mean(&|j| j % 2 == 1)];
        let of_subject: Vec<f64> = (0..subjects).map(|s| mean(&|j| j / count == s)).collect();
        let left = |j: usize| row[j] - of_site[j % 2] - of_subject[j / count] + all;
        let free = (row.len() - subjects - 1) as f64;
        let noise = (0..row.len()).map(|j| left(j) * left(j)).sum::<f64>() / free;
        let between = of_subject.iter().map(|m| (m - all) * (m - all)).sum::<f64>() / (subjects - 1) as f64;
        let own = between - noise / count as f64;
        let (found_own, found_noise) = combat.deviations(0).unwrap();
        assert!((found_noise * found_noise - noise).abs() < 1e-10, "{found_noise} {noise}");
        assert!((found_own * found_own - own).abs() < 1e-10, "{found_own} {own}");
    }

    #[test]
    fn it_comes_back_from_text_and_is_the_same_on_any_threads_and_in_any_order() {
        let mut study = study();
        let n = study.ages.len();
        study.table[2 * n..3 * n].fill(4.0);
        let (one, three) = (in_threads(1, || fit(&study)), in_threads(3, || fit(&study)));
        assert_eq!(one, three);
        assert_eq!(one.constant_features().collect::<Vec<_>>(), [2]);
        let text = serde_json::to_string(&one).unwrap();
        assert!(!text.contains("subject")); // no name of one
        let back: LongitudinalComBat = serde_json::from_str(&text).unwrap();
        assert_eq!(back, one);
        let mut table = study.table.clone();
        back.apply(&mut table, &visits(&study)).unwrap();
        assert!(table[2 * n..3 * n].iter().all(|v| *v == 4.0) && table.iter().all(|v| v.is_finite()));
        // visits the other way round
        let turned = |v: &[f64]| v.chunks(n).flat_map(|row| row.iter().rev().copied()).collect::<Vec<f64>>();
        let back_to_front = Study {
            sites: study.sites.iter().rev().cloned().collect(),
            subjects: study.subjects.iter().rev().cloned().collect(),
            ages: turned(&study.ages),
            table: turned(&study.table),
            truth: Vec::new(),
        };
        let other = fit(&back_to_front);
        let visits = visits(&back_to_front);
        let mut again = turned(&study.table);
        other.apply(&mut again, &visits).unwrap();
        assert!(farthest(&turned(&again), &table) < 1e-8);
    }

    #[test]
    fn a_new_subject_is_brought_along_by_its_own_visits() {
        let study = study();
        let combat = fit(&study);
        // one who is 6 above others, seen at "b" and "a"
        let row: Vec<f64> = (0..FEATURES).flat_map(|g| [16.0 + 3.0 * (1.0 + 0.1 * noise(g)), 16.0]).collect();
        let covariates = Covariates::none(2).continuous("age", &[60.0, 60.0]).unwrap();
        let visits = Visits::new(&["b", "a"], &["new", "new"], covariates).unwrap();
        let mut table = row.clone();
        combat.apply(&mut table, &visits).unwrap();
        for (g, pair) in table.chunks(2).enumerate() {
            assert!((pair[0] - pair[1]).abs() < 0.8, "{g} {pair:?}");
        }
        assert!((table.iter().sum::<f64>() / table.len() as f64 - 16.0).abs() < 1.0);
    }

    #[test]
    fn what_cannot_be_told_is_an_error() {
        let study = study();
        let options = LongitudinalOptions::default();
        let fit = |table: &[f64], visits: &Visits| LongitudinalComBat::fit(table, 1, visits, &options);
        let of =
            |sites: &[&str], subjects: &[&str]| Visits::new(sites, subjects, Covariates::none(sites.len())).unwrap();
        let six = [1.0, 2.0, 3.5, 4.0, 2.5, 1.0];
        let sites = ["a", "a", "a", "b", "b", "b"];
        assert_eq!(fit(&six, &of(&sites, &["1", "2", "3", "4", "5", "6"])), Err(Error::OneVisit));
        assert!(matches!(fit(&six, &of(&["a"; 6], &["1", "1", "2", "2", "3", "3"])), Err(Error::TooFew { .. })));
        let one = of(&["a", "a", "a", "a", "a", "b"], &["1", "1", "2", "2", "3", "3"]);
        assert!(matches!(fit(&six, &one), Err(Error::TooFew { wanted: 2, found: 1 })));
        let good = of(&sites, &["1", "1", "2", "2", "3", "3"]);
        assert!(fit(&six, &good).is_ok());
        let mut missing = six;
        missing[2] = f64::NAN;
        assert!(matches!(fit(&missing, &good), Err(Error::BadParameter { what: "a feature", .. })));
        assert!(matches!(fit(&six[..5], &good), Err(Error::Length { .. })));
        let flat = Covariates::none(6).continuous("x", &[0.0, 0.0, 0.0, 1.0, 1.0, 1.0]).unwrap();
        let confounded = Visits::new(&sites, &["1", "1", "2", "2", "3", "3"], flat).unwrap();
        assert_eq!(fit(&six, &confounded), Err(Error::Confounded));
        assert!(Visits::new(&sites[..5], &["1"; 6], Covariates::none(6)).is_err());
        assert!(Visits::new(&sites, &["1"; 5], Covariates::none(6)).is_err());
        let few = of(&["a", "b"], &["1", "1"]);
        assert!(matches!(fit(&six[..2], &few), Err(Error::TooFew { wanted: 3, found: 2 })));
        let combat = super::longitudinal::fit(&study);
        let elsewhere = Visits::new(&["z"], &["1"], Covariates::none(1).continuous("age", &[60.0]).unwrap());
        let mut table = [1.0; FEATURES];
        assert!(matches!(combat.apply(&mut table, &elsewhere.unwrap()), Err(Error::UnknownSite { .. })));
        assert_eq!(table, [1.0; FEATURES]);
        let none = Visits::new(&["a"], &["1"], Covariates::none(1)).unwrap();
        assert!(matches!(combat.apply(&mut table, &none), Err(Error::Length { .. })));
    }
}
