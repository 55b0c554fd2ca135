//! A script at work on one instance.

use isocenter_dcm::{Dataset, Instance, OpenOptions, Tag, value};
use isocenter_deid::scripts::Settings;
use isocenter_deid::{Ctx, Deidentifier, Error, Key, Script};

/// What comes out of an instance that was written, read, de-identified, written and read again.
pub(crate) fn run_with(script: &str, settings: &Settings, instance: &Instance) -> Result<Instance, Error> {
    let script = Script::read(script, None, settings).unwrap();
    let open = OpenOptions::new();
    let mut read = open.parse(&instance.to_bytes().unwrap()).unwrap();
    Deidentifier::of_script(&script, &Key::demo()).apply(&mut read, "MRN55501", &Ctx::default())?;
    Ok(open.parse(&read.to_bytes().unwrap()).unwrap())
}

/// The same, without anything from outside.
pub(crate) fn run(script: &str, instance: &Instance) -> Dataset {
    run_with(script, &Settings::default(), instance).unwrap().dataset
}

/// All values of an element, parted by backslashes; `None` where it is gone.
pub(crate) fn text(dataset: &Dataset, tag: Tag) -> Option<String> {
    dataset.get(tag)?;
    Some(value::strings(dataset, tag).join("\\"))
}
