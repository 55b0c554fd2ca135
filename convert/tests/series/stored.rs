//! A plan in a file, and what those write who read it.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use isocenter_convert::{
    Facts, Options, Plan, StoredPlan,
    output::{Identity, Outputs, Record},
    plan::plan,
    stored::Error,
};
use isocenter_dcm::{
    Dataset, ReadLimits, Tag, VR,
    dicom_core::{DataElement, PrimitiveValue},
    scan::{self, NamedSource},
    tags,
};
use isocenter_volume::Ctx;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use crate::support::{COLUMNS, CT, MR, PET, ROWS, Study, ct, number, numbers, short, slice, text};

/// All files below a folder.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// The facts of everything below a folder, archives too.
fn facts(folder: &Path) -> Vec<Facts> {
    scan::scan_with(&[folder], &Facts::scan_options(), &Ctx::default(), &|file| Facts::of(&file)).unwrap()
}

fn stored(files: &[Facts], outputs: &Outputs, options: &Options<'_>) -> (Plan, StoredPlan) {
    let plan = plan(files, options).unwrap();
    let stored = StoredPlan::new(&plan, files, outputs, options).unwrap();
    assert_eq!(StoredPlan::parse(&stored.to_string()).unwrap(), stored);
    (plan, stored)
}

/// What a shard writes that has nothing but the text of the plan.
fn write_shard(text: &str, target: &Path, shard: Option<(usize, usize)>) -> Vec<Record> {
    let stored = StoredPlan::parse(text).unwrap();
    let options = stored.options(Ctx::default());
    let (mut plan, files) = stored.plan(shard, &options).unwrap();
    let outputs = stored.outputs(target);
    let outputs = shard.into_iter().fold(outputs, |outputs, (index, count)| outputs.shard(index, count));
    outputs.write(&mut plan, &files, &options).unwrap()
}

/// Writes files below a folder once in one run and once in shards of a stored plan, and sees that both trees are the same.
fn shards_write_the_same(
    folder: &Path,
    outputs: &dyn Fn(&Path) -> Outputs,
    options: &Options<'_>,
    count: usize,
) -> usize {
    let (whole, parts) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let files = facts(folder);
    let (mut plan, stored) = stored(&files, &outputs(whole.path()), options);
    let told = outputs(whole.path()).write(&mut plan, &files, options).unwrap();
    let shards: Vec<Vec<Record>> =
        (0..count).map(|index| write_shard(&stored.to_string(), parts.path(), Some((index, count)))).collect();
    assert_eq!(shards.iter().map(Vec::len).sum::<usize>(), told.len());
    for record in shards.iter().flatten() {
        let like = |other: &&Record| (&other.inputs, &other.outputs) == (&record.inputs, &record.outputs);
        let mut other = told.iter().find(like).unwrap().clone();
        other.seconds = record.seconds;
        assert_eq!(&other, record, "what is said of a volume is the same");
    }
    let (whole, parts) = (tree(whole.path()), tree(parts.path()));
    assert!(whole == parts, "{:?} and {:?}", whole.keys(), parts.keys());
    whole.len()
}

fn of_series(ds: &mut Dataset, series: usize, description: &str) {
    text(ds, tags::SERIES_INSTANCE_UID, VR::UI, &format!("1.2.5.{series}"));
    text(ds, tags::SERIES_NUMBER, VR::IS, &series.to_string());
    text(ds, tags::SERIES_DESCRIPTION, VR::LO, description);
}

fn overlay(ds: &mut Dataset) {
    for (element, value) in [(0x0010, ROWS as u16), (0x0011, COLUMNS as u16), (0x0100, 1), (0x0102, 0)] {
        short(ds, Tag(0x6002, element), value);
    }
    text(ds, Tag(0x6002, 0x0040), VR::CS, "R");
    ds.put(DataElement::new(Tag(0x6002, 0x0050), VR::SS, PrimitiveValue::I16([1, 1].into_iter().collect())));
    ds.put(DataElement::new(Tag(0x6002, 0x3000), VR::OW, PrimitiveValue::from(vec![0b10u8, 0b1000])));
}

/// A CT with an overlay, a tilted CT, a CT with a gap, an MR of two echoes and of weighted steps, a PET whose slices have slopes of their own.
fn study() -> Study {
    let mut all = Vec::new();
    for (k, mut ds) in ct(4).into_iter().enumerate() {
        of_series(&mut ds, 1, "head");
        if k == 1 {
            overlay(&mut ds);
        }
        all.push(ds);
    }
    for k in 0..4 {
        let mut ds = slice(CT, 10 + k, [0.0, 0.3 * k as f64, 2.0 * k as f64], k as u16);
        of_series(&mut ds, 2, "tilted");
        all.push(ds);
    }
    for (k, z) in [0.0, 2.0, 4.0, 8.0].into_iter().enumerate() {
        let mut ds = slice(CT, 20 + k, [0.0, 0.0, z], 10 * k as u16);
        of_series(&mut ds, 3, "gap");
        all.push(ds);
    }
    for n in 0..6 {
        let (echo, k) = (n / 3, n % 3);
        let mut ds = slice(MR, 30 + n, [0.0, 0.0, 3.0 * k as f64], n as u16);
        of_series(&mut ds, 4, "echoes");
        number(&mut ds, tags::ECHO_TIME, 5.0 + 2.0 * echo as f64);
        text(&mut ds, tags::ECHO_NUMBERS, VR::IS, &(echo + 1).to_string());
        all.push(ds);
    }
    for n in 0..6 {
        let (step, k) = (n / 3, n % 3);
        let mut ds = slice(MR, 40 + n, [0.0, 0.0, 3.0 * k as f64], n as u16);
        of_series(&mut ds, 5, "weighted");
        number(&mut ds, tags::REPETITION_TIME, 2500.0);
        ds.put(DataElement::new(tags::DIFFUSION_B_VALUE, VR::FD, PrimitiveValue::from(1000.0 * step as f64)));
        let direction = PrimitiveValue::F64([step as f64, 0.0, 0.0].into_iter().collect());
        ds.put(DataElement::new(tags::DIFFUSION_GRADIENT_ORIENTATION, VR::FD, direction));
        all.push(ds);
    }
    for k in 0..3 {
        let mut ds = slice(PET, 50 + k, [0.0, 0.0, 4.0 * k as f64], 50);
        of_series(&mut ds, 6, "pet");
        number(&mut ds, tags::RESCALE_SLOPE, 0.1 + 0.3 * k as f64);
        number(&mut ds, tags::RESCALE_INTERCEPT, 0.0);
        all.push(ds);
    }
    Study::of(all)
}

fn outputs(target: &Path) -> Outputs {
    let outputs = Outputs::to(target).names("%v/%3s_%d_%t".parse().unwrap()).identity(Identity::Keep).overlays(true);
    #[cfg(feature = "upright")]
    let outputs = outputs.upright(true);
    outputs
}

#[test]
fn shards_of_a_stored_plan_write_what_one_run_writes() {
    let study = study();
    for count in [1, 3, 20] {
        let files = shards_write_the_same(study.path(), &outputs, &Options::default().even(true), count);
        assert!(files > 14, "{files}");
    }
    shards_write_the_same(study.path(), &|target| Outputs::to(target).volumes(false), &Options::default(), 2);
}

#[test]
fn members_of_an_archive_are_found_again() {
    let (study, folder) = (study(), tempfile::tempdir().unwrap());
    let mut zip = zip::ZipWriter::new(fs::File::create(folder.path().join("all.zip")).unwrap());
    for path in tree(study.path()).into_keys() {
        zip.start_file(format!("a/{}", path.display()), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&fs::read(study.path().join(path)).unwrap()).unwrap();
    }
    zip.finish().unwrap();
    let files = shards_write_the_same(folder.path(), &outputs, &Options::default(), 3);
    assert!(files > 10, "{files}");
}

#[cfg(feature = "bids")]
#[test]
fn a_data_set_of_bids_is_the_same_from_a_stored_plan() {
    use isocenter_convert::bids::{Mapping, Subject};
    let mapping = r#"{"descriptions": [
        {"id": "echoes", "datatype": "anat", "suffix": "T2starw", "criteria": {"SeriesDescription": "echoes", "EchoNumber": "1"}},
        {"datatype": "dwi", "suffix": "dwi", "criteria": {"SeriesDescription": "weighted"}, "sidecar_changes": {"B0FieldSource": "here", "IntendedFor": "echoes"}},
        {"datatype": "pet", "suffix": "pet", "criteria": {"SeriesDescription": "p*"}},
        {"datatype": "pet", "suffix": "other", "criteria": {"SeriesDescription": "pet"}}]}"#;
    let named = |target: &Path| {
        let subject = Subject::new("07", Some("1")).unwrap();
        Outputs::to(target).bids(Mapping::parse(mapping).unwrap(), subject)
    };
    let files = shards_write_the_same(study().path(), &named, &Options::default(), 3);
    assert!(files > 5, "{files}");
}

#[test]
fn a_file_that_changed_or_went_fails_its_volumes_and_no_others() {
    let study = study();
    let files = facts(study.path());
    let options = Options::default();
    let of_pet = &files[files.len() - 1].path().to_owned();
    let (_, stored) = stored(&files, &outputs(Path::new("")), &options);
    let all = tempfile::tempdir().unwrap();
    let volumes = write_shard(&stored.to_string(), all.path(), None).len();
    let refusals = |change: &dyn Fn()| {
        change();
        let target = tempfile::tempdir().unwrap();
        let records = write_shard(&stored.to_string(), target.path(), None);
        assert_eq!(records.len(), volumes);
        records.iter().filter_map(|record| Some(record.refused.as_ref()?.code)).collect::<Vec<_>>()
    };
    let (bytes, time) = (fs::read(of_pet).unwrap(), fs::metadata(of_pet).unwrap().modified().unwrap());
    let set = |bytes: &[u8], time: std::time::SystemTime| {
        fs::write(of_pet, bytes).unwrap();
        fs::File::options().write(true).open(of_pet).unwrap().set_modified(time).unwrap();
    };
    assert_eq!(refusals(&|| {}), [""; 0]);
    let later = time + std::time::Duration::from_nanos(1_000_000);
    assert_eq!(refusals(&|| set(&bytes, later)), ["changed-file"]);
    assert_eq!(refusals(&|| set(&[&bytes[..], &[0]].concat(), time)), ["changed-file"]);
    // another image of the same size and time
    let other = {
        let mut bytes = bytes.clone();
        let at = bytes.windows(8).rposition(|window| window == b"1.2.3.53").unwrap();
        bytes[at + 7] = b'9';
        bytes
    };
    assert_eq!(refusals(&|| set(&other, time)), ["changed-file"]);
    assert_eq!(refusals(&|| set(&bytes, time)), [""; 0]);
    assert_eq!(refusals(&|| fs::remove_file(of_pet).unwrap()), ["io"]);
}

#[test]
fn what_is_no_file_cannot_be_stored() {
    let bytes = isocenter_dcm::Instance::new(isocenter_dcm::FileMeta::default(), ct(1).remove(0)).to_bytes().unwrap();
    let source = NamedSource::new("0.dcm", std::sync::Arc::new(isocenter_dcm::Bytes(bytes)));
    let files = Facts::of_all(&scan::scan_sources(&[source], &Facts::scan_options(), &Ctx::default()).unwrap());
    let plan = plan(&files, &Options::default()).unwrap();
    let refused = StoredPlan::new(&plan, &files, &Outputs::to(""), &Options::default());
    assert!(matches!(refused, Err(Error::Source { file: 0 })));
}

#[test]
fn a_saved_plan_is_its_owners_and_is_read_again() {
    let study = study();
    let (_, stored) = stored(&facts(study.path()), &outputs(Path::new("")), &Options::default());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan");
    stored.save(&path).unwrap();
    assert_eq!(StoredPlan::open(&path, &ReadLimits::default()).unwrap(), stored);
    assert!(matches!(
        StoredPlan::open(&path, &ReadLimits::default().file_bytes(9)),
        Err(Error::Limit { limit: 9, .. })
    ));
    assert!(!format!("{stored:?}").contains("secret"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

/// The text with the digest that belongs to it: as an editor who knows how leaves it.
fn sealed(text: &str) -> String {
    let (body, _) = text.rsplit_once(",\n\"sha256\":\"").unwrap();
    let digest: String = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{body},\n\"sha256\":\"{digest}\"}}\n")
}

#[test]
fn what_is_no_plan_is_damaged_or_leads_out_is_refused_by_name() {
    let study = study();
    let (_, stored) = stored(&facts(study.path()), &outputs(Path::new("")), &Options::default());
    let text = stored.to_string();
    let reason = |text: &str| StoredPlan::parse(text).map_or_else(|error| error.reason(), |_| "fine");
    assert_eq!(reason(&sealed(&text)), "fine");
    for foreign in ["", "{}", "[1]", "no plan", r#"{"format": "other", "made_by": "1"}"#] {
        assert_eq!(reason(foreign), "not-a-plan", "{foreign}");
    }
    assert_eq!(reason(&text[..text.len() / 2]), "damaged-plan");
    let version = format!("\"made_by\":\"{}\"", env!("CARGO_PKG_VERSION"));
    assert_eq!(reason(&text.replace(&version, "\"made_by\":\"9.9.9\"")), "plan-of-another-version");
    assert_eq!(reason(&text.replace("secret-patient", "secret-pbtient")), "damaged-plan");
    let stem = "NA/001_head_";
    assert!(text.contains(stem), "{text}");
    for out in ["../", "/etc/", "a/../../", "a//", "./", "a/.b/", "C:/", "a\\\\..\\\\"] {
        let edited = sealed(&text.replace(stem, &format!("{out}001_head_")));
        assert!(matches!(StoredPlan::parse(&edited), Err(Error::Wrong(_))), "{out}");
    }
    for (from, to) in [
        (stem, "na/005_weighted_"),
        ("\"extension\":\"nii.gz\"", "\"extension\":\"/x\""),
        ("\"frames\":[{\"file\":0,\"frame\":0},", "\"frames\":["),
        ("\"frames\":[{\"file\":0,\"frame\":0},", "\"frames\":[{\"file\":99,\"frame\":0},"),
        ("\"files\":[0,1,", "\"files\":[0,0,1,"),
        ("\"sample_type\":\"u16\"", "\"sample_type\":\"u17\""),
        ("\"ordered_by\":\"b-value\"", "\"ordered_by\":\"taste\""),
        ("[\"image type\",", "[\"image taste\","),
        ("\"kin\":{", "\"kin\":{\"more\":1,"),
    ] {
        assert!(text.contains(from), "{from}");
        let edited = sealed(&text.replace(from, to));
        assert!(["damaged-plan", "plan-unsupported"].contains(&reason(&edited)), "{from} {to}: {}", reason(&edited));
    }
    // a message repeats nothing of what stands there
    let shown = StoredPlan::parse(&sealed(&text.replace("\"files\":[0,", "\"files\":[\"Miller\","))).unwrap_err();
    assert!(!shown.to_string().contains("Miller") && shown.to_string().contains("line"), "{shown}");
}

/// Series of any kind of size, order and text.
fn any_study() -> impl Strategy<Value = Vec<Dataset>> {
    let one = (
        prop::sample::select(vec![CT, MR, PET]),
        1usize..5,
        1usize..3,
        "\\PC{0,12}",
        prop::option::of(-3i64..2000),
        prop::sample::select(vec![0.0, 0.1, 0.7]),
        any::<bool>(),
    );
    prop::collection::vec(one, 1..5).prop_map(|series| {
        let mut all = Vec::new();
        for (n, (class, slices, steps, description, number_of, shift, lacks)) in series.into_iter().enumerate() {
            for (step, k) in (0..steps).flat_map(|step| (0..slices).map(move |k| (step, k))) {
                let skipped = if lacks && k == slices - 1 { 3.0 } else { 0.0 };
                let position = [0.0, shift * k as f64, 3.0 * k as f64 + skipped];
                let mut ds = slice(class, all.len(), position, (7 * step + k) as u16);
                text(&mut ds, tags::SERIES_INSTANCE_UID, VR::UI, &format!("1.2.5.{n}"));
                text(&mut ds, tags::SPECIFIC_CHARACTER_SET, VR::CS, "ISO_IR 192");
                text(&mut ds, tags::SERIES_DESCRIPTION, VR::LO, &description);
                if let Some(number) = number_of {
                    text(&mut ds, tags::SERIES_NUMBER, VR::IS, &number.to_string());
                }
                text(&mut ds, tags::TEMPORAL_POSITION_IDENTIFIER, VR::IS, &(step + 1).to_string());
                number(&mut ds, tags::RESCALE_SLOPE, 1.0 / (1 + k) as f64);
                number(&mut ds, tags::RESCALE_INTERCEPT, 0.0);
                numbers(&mut ds, tags::PIXEL_SPACING, &[1.0 / 3.0, 0.7]);
                all.push(ds);
            }
        }
        all
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn any_stored_plan_comes_back_and_its_shards_write_what_one_run_writes(
        all in any_study(),
        count in 1usize..5,
        even in any::<bool>(),
        names in prop::sample::select(vec!["%s_%d", "%q", "%d/%s"]),
    ) {
        let study = Study::of(all);
        let named = |target: &Path| Outputs::to(target).names(names.parse().unwrap()).identity(Identity::Keep).extension("nii");
        shards_write_the_same(study.path(), &named, &Options::default().even(even), count);
    }
}
