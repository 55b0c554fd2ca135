//! `isocenter profile [NAME|FILE]`.

use isocenter::{deid::Profile, deidentify::load_profile};
use serde_json::json;

use crate::{
    args::{Common, ProfileArgs},
    print,
};

pub(crate) fn run(args: &ProfileArgs, common: &Common) -> anyhow::Result<u8> {
    if args.schema {
        print::text(&format!("{:#}\n", Profile::json_schema()));
        return Ok(0);
    }
    let profile = args.options.iter().fold(load_profile(&args.profile)?, |profile, option| profile.with(*option));
    if args.statement {
        let statement = profile.conformance_statement();
        match common.json {
            true => print::json(common, &json!({ "statement": statement })),
            false => print::text(&statement),
        }
        return Ok(0);
    }
    match common.json {
        true => print::json(common, &serde_json::to_value(&profile)?),
        false => print::text(&toml::to_string(&profile)?),
    }
    Ok(0)
}
