//! `isocenter harmonize TABLE -o OUT --site COLUMN`: features of several sites on one footing.

use std::path::Path;

use isocenter::{
    normalize::harmonize::{ComBatOptions, Priors},
    normalizing::{Columns, Harmonizer, Table},
};
use serde_json::json;

use super::register::{
    outputs::{Planned, usage},
    write,
};
use crate::{
    args::{Common, HarmonizeArgs, PriorArg},
    print,
};

pub(crate) fn run(args: &HarmonizeArgs, common: &Common) -> anyhow::Result<u8> {
    let mut planned = Planned::default();
    planned.add("the harmonized table", &args.out);
    if let Some(path) = &args.save {
        planned.add("what was fitted", path);
    }
    let inputs = [Some(args.table.as_path()), args.fitted.as_deref()];
    planned.check(inputs.into_iter().flatten(), args.force)?;
    let table = Table::read(&args.table)?;
    let harmonizer = match &args.fitted {
        Some(path) => {
            let harmonizer = load(path)?;
            harmonizer.asks(&args.site, &args.covariate)?;
            harmonizer
        }
        None => Harmonizer::fit(&table, &columns(args), &options(args))?,
    };
    let out = harmonizer.apply(&table)?;
    write::bytes("write the table", &args.out, &out.to_bytes()?)?;
    if let Some(path) = &args.save {
        let text = serde_json::to_string_pretty(&harmonizer).map_err(|error| usage(error.to_string()))?;
        write::bytes("write what was fitted", path, text.as_bytes())?;
    }
    let sites: Vec<&str> = harmonizer.sites().collect();
    let constant: Vec<&str> = harmonizer.constant().collect();
    print::line(
        common,
        &format!(
            "{} features of {} rows from {} sites, to {}",
            harmonizer.features().len(),
            table.len(),
            sites.len(),
            args.out.display()
        ),
    );
    if !constant.is_empty() {
        print::note(
            common,
            &format!(
                "left as they are, since nothing of them varies within the sites beside the covariates: {}",
                constant.join(", ")
            ),
        );
    }
    print::json(
        common,
        &json!({
            "rows": table.len(),
            "features": harmonizer.features(),
            "sites": sites,
            "constant": constant,
            "written": args.out,
            "saved": args.save,
        }),
    );
    Ok(0)
}

fn columns(args: &HarmonizeArgs) -> Columns {
    let mut columns = Columns::default();
    columns.site.clone_from(&args.site);
    columns.covariates.clone_from(&args.covariate);
    columns.features.clone_from(&args.feature);
    columns.keep.clone_from(&args.keep);
    columns
}

fn options(args: &HarmonizeArgs) -> ComBatOptions {
    let mut options = ComBatOptions::default();
    options.priors = match args.prior {
        PriorArg::Parametric | PriorArg::MeanOnly => Priors::Parametric,
        PriorArg::NonParametric => Priors::NonParametric,
        PriorArg::None => Priors::None,
    };
    options.mean_only = args.prior == PriorArg::MeanOnly;
    options.reference.clone_from(&args.reference);
    options
}

fn load(path: &Path) -> anyhow::Result<Harmonizer> {
    let refused = |why: String| usage(format!("{}: {why}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| refused(format!("cannot be read: {error}")))?;
    Ok(serde_json::from_str(&text).map_err(|error| refused(error.to_string()))?)
}
