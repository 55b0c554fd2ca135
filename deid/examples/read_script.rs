//! Reads the script of another de-identifier and says what it is, what means less here than there, or why it cannot be used; with IN and OUT it de-identifies a file.
//!
//! `cargo run --example read_script [SCRIPT [IN OUT]] [NAME=VALUE]...`
#![allow(clippy::print_stdout, reason = "an example prints")]

use isocenter_deid::dcm::{OpenOptions, PatientKey};
use isocenter_deid::scripts::{Lookup, Settings};
use isocenter_deid::{Ctx, Deidentifier, Key, Script};

/// A script of CTP's, where none is given.
const SAMPLE: &str = r#"<script>
    <e en="T" t="00100020" n="PatientID">@hashptid(site,this,12)</e>
    <e en="T" t="00101010" n="PatientAge">@round(this,5)</e>
    <r en="T" t="unspecifiedelements"/>
</script>"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (variables, paths): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|word| word.contains('='));
    let text = match paths.first() {
        Some(path) => std::fs::read_to_string(path)?,
        None => SAMPLE.to_owned(),
    };
    // enough for a script that looks something up to be read
    let mut settings = Settings::default().lookup(Lookup::default());
    for (name, value) in variables.iter().filter_map(|word| word.split_once('=')) {
        settings = settings.variable(name, value);
    }
    let script = match Script::read(&text, None, &settings) {
        Ok(script) => script,
        Err(error) => {
            println!("cannot be used: {error}");
            return Ok(());
        }
    };
    println!("{}, options {:?}", script.format().name(), script.profile().options());
    script.remarks().iter().for_each(|remark| println!("  {remark}"));
    if let [_, from, to] = &paths[..] {
        let mut instance = OpenOptions::new().open(from)?;
        let patient = PatientKey::of(&instance.dataset).to_text();
        // a published key: for a look, not for patients
        let audit = Deidentifier::of_script(&script, &Key::demo()).apply(&mut instance, &patient, &Ctx::default())?;
        instance.write(to)?;
        println!("{:?}", audit.counts());
    }
    Ok(())
}
