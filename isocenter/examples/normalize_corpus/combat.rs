//! Tables of features from several sites.

use std::{collections::BTreeMap, fs, path::Path};

use isocenter::normalize::harmonize::{ComBat, ComBatOptions, Covariates, Priors, SitePart};
use serde_json::Value;

use super::{
    Outcome,
    manifest::{Found, Manifest, text},
};

pub(crate) fn run(manifest: &Manifest, entry: &Value) -> Outcome<Option<Found>> {
    if entry["op"] != "combat" {
        return Ok(None);
    }
    let params = &entry["params"];
    let file = |key: &str| manifest.path(text(entry, key).split_whitespace().next().unwrap_or_default());
    let (data, people) = (rows(&file("data"))?, rows(&file("covariates"))?);
    let [heading, features @ ..] = data.as_slice() else { return Err("an empty table".into()) };
    let values: Vec<Vec<f64>> = features
        .iter()
        .map(|row| row.iter().skip(1).map(|v| v.parse()).collect::<Result<_, _>>())
        .collect::<Result<_, _>>()?;
    let sites = sites(&people, params, text(entry, "batch"))?;
    let mut options = ComBatOptions::default();
    options.priors = match (params["eb"].as_bool(), params["parametric"].as_bool()) {
        (Some(false), _) => Priors::None,
        (_, Some(false)) => Priors::NonParametric,
        _ => Priors::Parametric,
    };
    options.mean_only = params["mean_only"] == true;
    options.reference = params["ref_batch"].as_str().map(str::to_owned);
    let cut =
        |samples: &[usize]| -> Vec<f64> { values.iter().flat_map(|row| samples.iter().map(|n| row[*n])).collect() };
    let mut parts = Vec::new();
    for (name, (samples, covariates)) in &sites {
        parts.push((name.as_str(), SitePart::of(&cut(samples), values.len(), covariates)?));
    }
    let combat = ComBat::fit(parts, &options)?;
    let mut out = values.clone();
    for (name, (samples, covariates)) in &sites {
        let mut own = cut(samples);
        combat.apply(name, &mut own, covariates)?;
        for (n, value) in own.iter().enumerate() {
            out[n / samples.len()][samples[n % samples.len()]] = *value;
        }
    }
    let mut table = heading.join(",") + "\n";
    for (row, values) in features.iter().zip(&out) {
        let numbers: Vec<String> = values.iter().map(f64::to_string).collect();
        table.push_str(&format!("{},{}\n", row[0], numbers.join(",")));
    }
    Ok(Some(Found::Table(table)))
}

fn rows(path: &Path) -> Outcome<Vec<Vec<String>>> {
    Ok(fs::read_to_string(path)?.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect())
}

/// The samples of each site and what is to stay of them.
fn sites(people: &[Vec<String>], params: &Value, batch: &str) -> Outcome<BTreeMap<String, (Vec<usize>, Covariates)>> {
    let [heading, people @ ..] = people else { return Err("an empty table".into()) };
    let column = |name: &str| heading.iter().position(|n| n == name).ok_or_else(|| format!("no column {name}"));
    let list = |key: &str| -> Vec<String> { serde_json::from_value(params[key].clone()).unwrap_or_default() };
    let site = column(batch)?;
    let mut samples: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (n, row) in people.iter().enumerate() {
        samples.entry(row[site].clone()).or_default().push(n);
    }
    let mut found = BTreeMap::new();
    for (name, samples) in samples {
        let mut covariates = Covariates::none(samples.len());
        for category in list("categorical") {
            let at = column(&category)?;
            let mut levels: Vec<&str> = people.iter().map(|row| row[at].as_str()).collect();
            levels.sort_unstable();
            levels.dedup();
            let own: Vec<&str> = samples.iter().map(|n| people[*n][at].as_str()).collect();
            covariates = covariates.categorical(&category, &levels, &own)?;
        }
        for number in list("continuous") {
            let at = column(&number)?;
            let own: Vec<f64> = samples.iter().map(|n| people[*n][at].parse()).collect::<Result<_, _>>()?;
            covariates = covariates.continuous(&number, &own)?;
        }
        found.insert(name, (samples, covariates));
    }
    Ok(found)
}
