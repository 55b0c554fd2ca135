//! `isocenter reidentify PATH... -o OUT --crosswalk FILE --key-file K`, or `--private-key KEY`.

use std::collections::BTreeMap;

use isocenter::{
    deidentify::{Reidentify, Way, open_crosswalk, write_table},
    quarantine,
    volume::Ctx,
};
use serde_json::json;

use crate::{
    args::{Common, ReidentifyArgs},
    bars::Bars,
    print,
};

pub(crate) fn run(args: &ReidentifyArgs, common: &Common) -> anyhow::Result<u8> {
    let way = match (&args.private_key, &args.crosswalk, &args.key_file) {
        (Some(key), ..) => Way::PrivateKey(key.clone()),
        (None, Some(file), Some(key)) => Way::Crosswalk { file: file.clone(), key: key.clone() },
        // the arguments ask for one or the other
        _ => anyhow::bail!("neither a crosswalk with its key nor a private key is given"),
    };
    if let (Some(table), Way::Crosswalk { file, key }) = (&args.table, &way) {
        let crosswalk = open_crosswalk(file, key, args.passphrase_file.as_deref())?;
        write_table(table, &crosswalk)?;
        print::line(common, &format!("{} patients in {}", crosswalk.patients().count(), table.display()));
    }
    let Some(out) = args.out.as_ref().filter(|_| !args.paths.is_empty()) else { return Ok(0) };
    let mut job = Reidentify::new(args.paths.clone(), out.clone(), way);
    job.passphrase = args.passphrase_file.clone();
    let bars = Bars::new(common);
    let outcome = job.run(&Ctx::default().with_observer(&bars));
    bars.finish();
    let returned = outcome?;
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    returned.refused.iter().for_each(|(_, reason)| *reasons.entry(reason).or_default() += 1);
    print::json(common, &json!({ "written": returned.written, "refused": reasons }));
    let plural = if returned.written == 1 { "" } else { "s" };
    print::line(common, &format!("{} instance{plural} written, {} kept out", returned.written, returned.refused.len()));
    for (reason, count) in reasons {
        let advice = quarantine::advice(reason);
        let line = format!("  {count} {reason}: {}; {}", advice.means, advice.next);
        if common.quiet { print::warning(&line) } else { print::line(common, &line) }
    }
    Ok(u8::from(!returned.refused.is_empty()))
}
