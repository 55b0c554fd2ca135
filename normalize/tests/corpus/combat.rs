//! ComBat against neuroCombat's own results.

use std::{collections::BTreeMap, path::Path};

use isocenter_normalize::harmonize::{ComBat, ComBatOptions, Covariates, Priors, SitePart};
use serde_json::Value;

use super::corpus;

/// Rows of a table with a heading and a name in front of each.
fn table(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn numbers(path: &Path) -> Vec<Vec<f64>> {
    table(path).iter().skip(1).map(|row| row.iter().skip(1).map(|v| v.parse().unwrap()).collect()).collect()
}

/// The samples of each site: their numbers, and covariates as an entry asks for them.
fn sites(people: &[Vec<String>], params: &Value) -> BTreeMap<String, (Vec<usize>, Covariates)> {
    let column = |name: &str| people[0].iter().position(|n| n == name).unwrap();
    let list = |key: &str| -> Vec<String> {
        params[key].as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
    };
    let mut samples: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (n, row) in people.iter().skip(1).enumerate() {
        samples.entry(row[column("site")].clone()).or_default().push(n);
    }
    let of = |(site, samples): (String, Vec<usize>)| {
        let text = |name: &str| samples.iter().map(|n| people[n + 1][column(name)].clone()).collect::<Vec<_>>();
        let mut covariates = Covariates::none(samples.len());
        for name in list("categorical") {
            let mut levels: Vec<String> = people.iter().skip(1).map(|row| row[column(&name)].clone()).collect();
            levels.sort();
            levels.dedup();
            covariates = covariates.categorical(&name, &levels, &text(&name)).unwrap();
        }
        for name in list("continuous") {
            let values: Vec<f64> = text(&name).iter().map(|v| v.parse().unwrap()).collect();
            covariates = covariates.continuous(&name, &values).unwrap();
        }
        (site, (samples, covariates))
    };
    samples.into_iter().map(of).collect()
}

#[test]
fn six_variants_of_combat() {
    let Some(folder) = corpus() else { return };
    let manifest: Value = serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    let mut seen = 0;
    for entry in manifest["entries"].as_array().unwrap().iter().filter(|e| e["op"] == "combat") {
        let params = &entry["params"];
        let data = numbers(&folder.join("combat/data.csv"));
        let sites = sites(&table(&folder.join("combat/covariates.csv")), params);
        let mut options = ComBatOptions::default();
        options.priors = match (&params["eb"], &params["parametric"]) {
            (Value::Bool(false), _) => Priors::None,
            (_, Value::Bool(false)) => Priors::NonParametric,
            _ => Priors::Parametric,
        };
        options.mean_only = params["mean_only"] == true;
        options.reference = params["ref_batch"].as_str().map(str::to_owned);
        let cut =
            |samples: &[usize]| -> Vec<f64> { data.iter().flat_map(|row| samples.iter().map(|n| row[*n])).collect() };
        let parts: Vec<(&str, SitePart)> = sites
            .iter()
            .map(|(name, (samples, x))| (name.as_str(), SitePart::of(&cut(samples), data.len(), x).unwrap()))
            .collect();
        let combat = ComBat::fit(parts, &options).unwrap();
        let text = serde_json::to_string(&combat).unwrap();
        assert_eq!(serde_json::from_str::<ComBat>(&text).unwrap(), combat);
        let wanted = numbers(&folder.join(entry["ref"].as_str().unwrap()));
        let mut worst = 0f64;
        for (name, (samples, x)) in &sites {
            let mut own = cut(samples);
            combat.apply(name, &mut own, x).unwrap();
            for (n, value) in own.iter().enumerate() {
                worst = worst.max((value - wanted[n / samples.len()][samples[n % samples.len()]]).abs());
            }
        }
        println!("{}: {worst:.2e}", entry["id"]);
        assert!(worst <= entry["tol"]["atol"].as_f64().unwrap(), "{}: {worst}", entry["id"]);
        seen += 1;
    }
    assert!(seen > 0);
}
