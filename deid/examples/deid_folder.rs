//! De-identifies every DICOM file of a folder, under the same relative paths: `deid_folder IN OUT [PROFILE.json]`, by the Basic Profile
//! where no other is given.
//!
//! Two passes: the first gathers what identifies each patient, the second cleans. What cannot be cleaned is not written.
use std::path::PathBuf;

use isocenter_dcm::dicom_core::{DataElement, VR};
use isocenter_dcm::{Dataset, FileMeta, Instance, OpenOptions, tags};
use isocenter_deid::{Ctx, Deidentifier, Key, LeakScan, Profile, known};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<PathBuf> = std::env::args().skip(1).map(PathBuf::from).collect();
    let demo = tempfile::tempdir()?;
    let (from, to) = match arguments.as_slice() {
        [from, to, ..] => (from.clone(), to.clone()),
        _ => (demo.path().join("in"), demo.path().join("out")),
    };
    let profile = match arguments.get(2) {
        Some(file) => serde_json::from_slice(&std::fs::read(file)?)?,
        None => Profile::basic(),
    };
    if arguments.is_empty() {
        std::fs::create_dir_all(&from)?;
        let values =
            [(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.2"), (tags::SOP_INSTANCE_UID, VR::UI, "1.2.3")];
        let dataset = Dataset::from_element_iter(values.map(|(tag, vr, text)| DataElement::new(tag, vr, text)));
        Instance::new(FileMeta::default(), dataset).write(from.join("a.dcm"))?;
    }
    let entries = walkdir::WalkDir::new(&from).sort_by_file_name().into_iter().filter_map(Result::ok);
    let files: Vec<PathBuf> = entries.map(walkdir::DirEntry::into_path).collect();
    let (open, ctx) = (OpenOptions::new(), Ctx::default());
    let gathered = known::gather_files(&files, &open, &ctx)?;
    let deidentifier = Deidentifier::new(profile, &Key::demo());
    let scan = LeakScan::identities(&gathered.all())?;
    for (path, mut instance) in files.iter().filter_map(|path| Some((path, open.open(path).ok()?))) {
        let patient = gathered.keys().of(&instance.dataset);
        if deidentifier.apply_with(&mut instance, &patient.to_text(), &scan, &ctx).is_ok() {
            let out = to.join(path.strip_prefix(&from)?);
            std::fs::create_dir_all(out.parent().unwrap_or(&to))?;
            instance.write(&out)?;
        }
    }
    Ok(())
}
