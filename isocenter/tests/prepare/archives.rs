//! Zip archives and DICOMDIRs: read as folders are, and what is wrong with one costs no more than itself.

use std::{
    fs,
    io::{Cursor, Write},
    path::{Path, PathBuf},
};

use isocenter::{
    Conversion, Export, Funnel, KeySource, Outcome, Prepare, Recipe, convert, formats,
    info::{Info, Options, info},
    manifest, to_files,
    volume::{Affine, Ctx, Frame, Geometry, Volume},
};
use isocenter_phantom::Cohort;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::support::{digests, files, occurs, unpacked};

fn zip<'a>(members: impl IntoIterator<Item = (&'a str, Vec<u8>)>) -> Vec<u8> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(name, options).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A folder as an archive.
fn zip_of(folder: &Path) -> Vec<u8> {
    let found = files(folder);
    let name = |path: &Path| path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
    let members: Vec<(String, Vec<u8>)> = found.iter().map(|path| (name(path), fs::read(path).unwrap())).collect();
    zip(members.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())))
}

/// A folder of DICOM and volume files of one patient, with faulty files among them.
fn patient(folder: &Path) -> PathBuf {
    let cohort = folder.join("cohort");
    Cohort::demo(2).first(1).write(&cohort, &Ctx::default()).unwrap();
    let mut folders: Vec<PathBuf> = fs::read_dir(&cohort).unwrap().map(|e| e.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders.remove(0)
}

fn job(paths: Vec<PathBuf>, out: &Path) -> Prepare {
    Prepare::new(paths, out.to_path_buf(), Recipe::load("generic").unwrap(), KeySource::Demo)
}

fn run(input: &Path, out: &Path) -> Outcome {
    job(vec![input.to_path_buf()], out).run(&Ctx::default()).unwrap()
}

fn listed(input: &Path) -> Info {
    info(&[input.to_path_buf()], Options::default(), &Ctx::default()).unwrap()
}

fn converted(input: &Path, out: &Path) -> Conversion {
    let outputs = convert::output::Outputs::to(out).extension("nii.gz");
    to_files(&[input.to_path_buf()], &outputs, &convert::Options::default(), false).unwrap()
}

fn reasons(funnel: &Funnel) -> Vec<(&str, usize)> {
    funnel.reasons.iter().map(|(reason, count)| (reason.as_str(), *count)).collect()
}

#[test]
fn an_archive_gives_what_its_folder_gives() {
    let dir = tempfile::tempdir().unwrap();
    let folder = patient(dir.path());
    let packed = dir.path().join("packed");
    fs::create_dir(&packed).unwrap();
    // the name of the archive and of its members may name a patient
    fs::write(packed.join("PLANTERSON_WILMA.zip"), zip_of(&folder)).unwrap();
    let by_name = packed.join("PLANTERSON_WILMA.zip");
    let outs = ["out1", "out2", "out3"].map(|name| dir.path().join(name));
    for (input, out) in [&folder, &packed, &by_name].into_iter().zip(&outs) {
        let outcome = job(vec![input.clone()], out).exports(vec![Export::NnUnet, Export::Dicom]).run(&Ctx::default());
        let outcome = outcome.unwrap();
        assert!(outcome.funnel.items > 1 && outcome.funnel.labelled > 0, "{:?}", outcome.funnel);
        let told = outcome.remarks.iter().any(|remark| remark.contains("1 zip archive"));
        assert_eq!(told, input != &folder, "{:?}", outcome.remarks);
    }
    let wanted = digests(&outs[0]);
    for out in &outs[1..] {
        assert_eq!(digests(out), wanted, "{}", out.display());
        for file in files(out) {
            assert!(
                !unpacked(&file).iter().any(|b| occurs(b, "PLANTERSON") || occurs(b, ".zip")),
                "{}",
                file.display()
            );
        }
    }
    let [plain, archive] = [&folder, &packed].map(|input| listed(input));
    assert_eq!((&archive.funnel, archive.archives, plain.archives), (&plain.funnel, 1, 0));
    assert_eq!(serde_json::to_value(&archive.series).unwrap(), serde_json::to_value(&plain.series).unwrap());
    let [plain, archive] =
        [(&folder, "c1"), (&packed, "c2")].map(|(input, out)| converted(input, &dir.path().join(out)));
    assert_eq!(
        (archive.files, archive.in_volumes, archive.duplicates),
        (plain.files, plain.in_volumes, plain.duplicates)
    );
    let [plain, archive] = ["c1", "c2"].map(|out| digests(&dir.path().join(out)));
    assert_eq!(archive, plain);
}

#[test]
fn the_same_files_beside_their_archive_are_duplicates() {
    let dir = tempfile::tempdir().unwrap();
    let folder = patient(dir.path());
    let alone = listed(&folder).funnel;
    fs::write(dir.path().join("again.zip"), zip_of(&folder)).unwrap();
    let paths = [folder, dir.path().join("again.zip")];
    let both = info(&paths, Options::default(), &Ctx::default()).unwrap().funnel;
    assert_eq!(both.files, 2 * alone.files);
    assert!(both.duplicates > alone.duplicates && both.patients == alone.patients, "{both:?}");
}

#[test]
fn the_table_leads_from_an_id_to_a_member() {
    let dir = tempfile::tempdir().unwrap();
    let folder = patient(dir.path());
    let (archive, map) = (dir.path().join("a.zip"), dir.path().join("map.csv"));
    fs::write(&archive, zip_of(&folder)).unwrap();
    let mut job = job(vec![archive.clone()], &dir.path().join("out"));
    job.map = Some(map.clone());
    let outcome = job.run(&Ctx::default()).unwrap();
    let text = fs::read_to_string(&map).unwrap();
    let inside = format!("{}!", archive.canonicalize().unwrap().display());
    assert_eq!(text.lines().skip(1).filter(|line| line.contains(&inside)).count(), outcome.funnel.files);
}

/// A volume file, a NIfTI pair, a header and its voxels: images of different values.
fn volumes() -> Vec<(String, Vec<u8>)> {
    let dir = tempfile::tempdir().unwrap();
    let grid = |x: f64| {
        Geometry::new([6, 5, 4], Affine::from_spacing_origin([2.0; 3], [x, 0.0, 0.0]), Frame::Patient(None)).unwrap()
    };
    for (n, name) in ["P1/scan.nii.gz", "P2/scan.hdr", "P3/scan.mhd", "P4/scan.nrrd"].iter().enumerate() {
        let voxels: Vec<i16> = (0..120).map(|v| (v * 7 % 101 + 3 * n) as i16).collect();
        let volume = Volume::new(voxels, grid(n as f64)).unwrap();
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        formats::write(path, &formats::File::from_volume(volume.into())).unwrap();
    }
    let mask: Vec<u8> = (0..120).map(|v| u8::from(v % 13 == 0)).collect();
    let mask = formats::File::from_volume(Volume::new(mask, grid(0.0)).unwrap().into());
    formats::write(dir.path().join("P1/scan_seg.nii.gz"), &mask).unwrap();
    fs::write(dir.path().join("P1/scan.json"), r#"{"Modality": "MR", "EchoTime": 0.003}"#).unwrap();
    files(dir.path())
        .iter()
        .map(|p| (p.strip_prefix(dir.path()).unwrap().to_str().unwrap().to_owned(), fs::read(p).unwrap()))
        .collect()
}

#[test]
fn volume_files_in_an_archive_are_items_with_all_that_belongs_to_them() {
    let dir = tempfile::tempdir().unwrap();
    let members = volumes();
    let (plain, archive) = (dir.path().join("in"), dir.path().join("in.zip"));
    for (name, bytes) in &members {
        fs::create_dir_all(plain.join(name).parent().unwrap()).unwrap();
        fs::write(plain.join(name), bytes).unwrap();
    }
    fs::write(&archive, zip(members.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())))).unwrap();
    let (one, two) = (dir.path().join("one"), dir.path().join("two"));
    let (from_folder, from_archive) = (run(&plain, &one), run(&archive, &two));
    assert_eq!((from_folder.funnel.items, from_folder.funnel.labelled, from_folder.exit_code()), (4, 1, 0));
    assert_eq!(from_archive.funnel, from_folder.funnel);
    assert_eq!(digests(&two), digests(&one));
    let items = manifest::read(&two).unwrap();
    assert_eq!(items.iter().filter(|item| item.modality.as_deref() == Some("MR")).count(), 1);
    assert_eq!(listed(&archive).funnel, listed(&plain).funnel);
    // a table says what a member is
    let table = dir.path().join("pairs.csv");
    fs::write(&table, "file,patient,modality\nin.zip!/P2/scan.hdr,7,CT\n").unwrap();
    let mut job = job(vec![archive], &dir.path().join("three"));
    job.pairs = Some(table);
    assert_eq!(job.run(&Ctx::default()).unwrap().exit_code(), 0);
    let items = manifest::read(&dir.path().join("three")).unwrap();
    assert_eq!(items.iter().filter(|item| item.modality.as_deref() == Some("CT")).count(), 1);
}

/// Names and bytes.
type Members<'a> = Vec<(&'a str, Vec<u8>)>;

#[test]
fn data_sets_keep_their_lists_and_names_in_an_archive() {
    let dir = tempfile::tempdir().unwrap();
    let members = volumes();
    let of = |wanted: &str| members.iter().find(|(name, _)| name == wanted).unwrap().1.clone();
    let (image, labels) = (of("P1/scan.nii.gz"), of("P1/scan_seg.nii.gz"));
    let nnunet = r#"{"channel_names": {"0": "CT"}, "labels": {"background": 0, "tumour": 1}}"#;
    let list = r#"{"training": [{"image": "./a/x.nii.gz", "label": "b/y.nii.gz", "subject": "S7"}]}"#;
    let sets: [(&str, Members<'_>); 3] = [
        (
            "raw",
            vec![
                ("imagesTr/case_001_0000.nii.gz", image.clone()),
                ("labelsTr/case_001.nii.gz", labels.clone()),
                ("dataset.json", nnunet.as_bytes().to_vec()),
            ],
        ),
        ("list", vec![("a/x.nii.gz", image.clone()), ("b/y.nii.gz", labels), ("list.json", list.as_bytes().to_vec())]),
        ("flat", vec![("scan.nii.gz", image)]),
    ];
    for (name, files) in sets {
        for (file, bytes) in &files {
            let path = dir.path().join(name).join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        let labelled = usize::from(files.len() > 1);
        fs::write(dir.path().join(format!("{name}.zip")), zip(files)).unwrap();
        let [plain, packed] = ["", ".zip"].map(|ending| {
            let out = dir.path().join(format!("{name}{ending}.out"));
            let outcome = run(&dir.path().join(format!("{name}{ending}")), &out);
            assert_eq!(
                (outcome.funnel.items, outcome.funnel.labelled, outcome.exit_code()),
                (1, labelled, 0),
                "{name}{ending}"
            );
            digests(&out)
        });
        assert_eq!(packed, plain, "{name}");
    }
}

/// Where the directory's entry of the member of a name starts.
fn entry(archive: &[u8], name: &str) -> usize {
    let mut starts = (0..archive.len() - 46).filter(|at| archive[*at..].starts_with(b"PK\x01\x02"));
    starts.find(|at| archive[at + 46..].starts_with(name.as_bytes())).unwrap()
}

#[test]
fn what_is_wrong_with_an_archive_or_a_member_is_named_and_costs_no_more() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("in");
    fs::create_dir(&input).unwrap();
    let image = volumes().into_iter().find(|(name, _)| name == "P4/scan.nrrd").unwrap().1;
    let note = || b"a note".to_vec();
    let mut encrypted = zip([("P9/x.nrrd", image.clone())]);
    let at = entry(&encrypted, "P9");
    encrypted[at + 8] |= 1;
    encrypted[6] |= 1;
    let mut damaged = zip([("P8/x.nrrd", image.clone())]);
    let at = entry(&damaged, "P8") + 16;
    damaged[at] ^= 1;
    let mut twice = zip([("one", note()), ("two", note())]);
    let places: Vec<_> = (0..twice.len() - 3).filter(|&at| &twice[at..at + 3] == b"two").collect();
    places.iter().for_each(|&at| twice[at..at + 3].copy_from_slice(b"one"));
    let inner = zip([("P7/x.nrrd", image.clone())]);
    let mut bomb = zip([("zeros.dcm", vec![0; 1 << 20])]);
    // as if a thousand times as much were in it
    let at = entry(&bomb, "zeros") + 24;
    bomb[at..at + 4].copy_from_slice(&(2_000_000_000u32).to_le_bytes());
    for (name, bytes) in [
        ("cut.zip", b"PK\x03\x04 and more".to_vec()),
        ("encrypted.zip", encrypted),
        ("damaged.zip", damaged),
        ("twice.zip", twice),
        ("outer.zip", zip([("inner.zip", inner)])),
        ("bomb.zip", bomb),
        ("table.xlsx", zip([("[Content_Types].xml", b"<x/>".to_vec()), ("xl/a.xml", b"<x/>".to_vec())])),
        ("empty.zip", zip([])),
        ("good.zip", zip([("P1/scan.nii.gz", image.clone())])),
    ] {
        fs::write(input.join(name), bytes).unwrap();
    }
    let outcome = run(&input, &dir.path().join("out"));
    // archive: an encrypted member, one archive in another, two without an image
    // malformed: an archive that is cut off, one with two members of one name, a member that is damaged
    let wanted = [("archive", 4), ("limit", 1), ("malformed", 3)];
    assert_eq!(reasons(&outcome.funnel), wanted, "{:#?}", outcome.quarantine);
    assert_eq!((outcome.funnel.items, outcome.exit_code()), (1, 1));
    for record in &outcome.quarantine {
        let names = ["encrypted.zip", "P9", "xlsx", "bomb", "zeros", "inner"];
        assert!(!names.iter().any(|name| record.detail.contains(name)), "{record:?}");
    }
    let told = |word: &str| outcome.quarantine.iter().any(|record| record.detail.contains(word));
    assert!(told("an encrypted member") && told("holds no image") && told("two members of one name"));
    let listed = listed(&input);
    assert_eq!(listed.funnel.files, outcome.funnel.files);
    assert_eq!(converted(&input, &dir.path().join("c")).files, outcome.funnel.files);
}

#[test]
fn a_damaged_image_of_an_archive_costs_its_series_and_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let folder = patient(dir.path());
    let whole = run(&folder, &dir.path().join("whole")).funnel;
    let mut archive = zip_of(&folder);
    // the last bytes of a slice's pixels, as the archive has them
    let name = files(&folder)
        .iter()
        .map(|p| p.strip_prefix(&folder).unwrap().to_string_lossy().into_owned())
        .find(|n| n.ends_with(".dcm"));
    let at = entry(&archive, &name.unwrap()) + 16;
    archive[at] ^= 1;
    fs::write(dir.path().join("a.zip"), archive).unwrap();
    let outcome = run(&dir.path().join("a.zip"), &dir.path().join("out"));
    assert_eq!((outcome.funnel.files, outcome.exit_code()), (whole.files, 1));
    assert!(outcome.funnel.items >= whole.items - 1 && outcome.funnel.items > 0, "{:?}", outcome.funnel);
    assert!(outcome.quarantine.iter().any(|r| r.reason == "malformed" && r.detail.contains("archive")));
}

#[test]
fn a_dicomdir_counts_no_more_than_a_folder() {
    use isocenter::dcm::{
        Dataset, FileMeta, Instance, VR,
        dicom_core::{DataElement, Length, PrimitiveValue, value::DataSetSequence},
        tags,
    };
    let dir = tempfile::tempdir().unwrap();
    let folder = patient(dir.path());
    let images: Vec<PathBuf> =
        files(&folder).into_iter().filter(|p| p.extension().is_some_and(|e| e == "dcm")).collect();
    let alone = listed(&folder);
    let record = |path: &Path| {
        let name = path.strip_prefix(&folder).unwrap().to_string_lossy().replace('/', "\\");
        Dataset::from_element_iter([
            DataElement::new(tags::RECORD_IN_USE_FLAG, VR::US, PrimitiveValue::from(0xFFFFu16)),
            DataElement::new(tags::DIRECTORY_RECORD_TYPE, VR::CS, "IMAGE"),
            DataElement::new(tags::REFERENCED_FILE_ID, VR::CS, name),
        ])
    };
    let records = DataSetSequence::new(images.iter().map(|p| record(p)).collect::<Vec<_>>(), Length::UNDEFINED);
    let directory = Dataset::from_element_iter([
        DataElement::new(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.1.3.10"),
        DataElement::new(tags::SOP_INSTANCE_UID, VR::UI, "1.2.9"),
        DataElement::new(tags::DIRECTORY_RECORD_SEQUENCE, VR::SQ, records),
    ]);
    let bytes = Instance::new(FileMeta::default(), directory).to_bytes().unwrap();
    fs::write(folder.join("DICOMDIR"), &bytes).unwrap();
    // in the folder, given itself, and both: every file once
    let listing = folder.join("DICOMDIR");
    let with = listed(&folder);
    assert_eq!((&with.funnel, with.directories), (&alone.funnel, 1));
    let by_it = listed(&listing);
    assert_eq!((by_it.funnel.files, by_it.funnel.instances), (images.len(), images.len()));
    let both = info(&[folder.clone(), listing.clone()], Options::default(), &Ctx::default()).unwrap();
    assert_eq!(both.funnel, alone.funnel);
    let outcome = run(&folder, &dir.path().join("out"));
    assert!(outcome.remarks.iter().any(|r| r.contains("1 DICOMDIR")));
    assert!(!outcome.funnel.reasons.contains_key("not-an-image"), "{:?}", outcome.funnel);
    let _ = converted(&listing, &dir.path().join("c"));
    // without its images it is a file of no use, and said to be
    let lonely = dir.path().join("lonely");
    fs::create_dir(&lonely).unwrap();
    fs::write(lonely.join("DICOMDIR"), &bytes).unwrap();
    let outcome = run(&lonely, &dir.path().join("out2"));
    assert_eq!(reasons(&outcome.funnel), [("not-an-image", 1)]);
    assert!(outcome.quarantine[0].detail.contains("DICOMDIR"));
}
