use std::path::Path;

use isocenter_dcm::index::{Finding, Index, Sameness};
use isocenter_dcm::isocenter_volume::Ctx;
use isocenter_dcm::scan::{ScanOptions, Scanned, scan};
use isocenter_dcm::{ReadLimits, VR, tags};
use proptest::prelude::*;

use super::support::{bytes, image, put, text};

fn index(folder: &Path) -> Index {
    Index::scan(&[folder.to_owned()], &ScanOptions::default(), &Ctx::default()).unwrap()
}

fn write(folder: &Path, ids: &[[&str; 4]]) {
    for (number, ids) in ids.iter().enumerate() {
        put(&folder.join(format!("{number}.dcm")), &bytes(&image(*ids)));
    }
}

/// Patient, study, series and how many instances.
fn outline(index: &Index) -> Vec<(&str, &str, &str, usize)> {
    let mut lines = Vec::new();
    for patient in &index.patients {
        for study in &patient.studies {
            for series in &study.series {
                lines.push((&*patient.id, &*study.uid, &*series.uid, series.instances.len()));
            }
        }
    }
    lines
}

#[test]
fn instances_are_grouped_with_their_facts() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        &[
            ["B", "1.9", "1.9.1", "5"],
            ["A", "1.2", "1.2.4", "2"],
            ["A", "1.2", "1.2.3", "4"],
            ["A", "1.2", "1.2.3", "3"],
        ],
    );
    put(&folder.path().join("x.txt"), b"hello");
    let index = index(folder.path());
    assert_eq!(outline(&index), [("A", "1.2", "1.2.3", 2), ("A", "1.2", "1.2.4", 1), ("B", "1.9", "1.9.1", 1)]);
    assert_eq!((index.findings.len(), index.others.len()), (0, 1));
    let facts = index.instances().next().unwrap();
    assert_eq!((&*facts.sop_instance_uid, facts.path()), ("3", folder.path().join("3.dcm")));
    assert_eq!((&*facts.modality, facts.size, facts.frames, facts.has_pixels), ("CT", Some([1, 2]), 1, true));
    assert_eq!(facts.position, Some([1.0, 2.0, 3.5]));
    assert_eq!(facts.orientation(), Some([1.0, 0.0, 0.0, 0.0, 1.0, 0.0]));
    assert_eq!(&*facts.transfer_syntax_uid, "1.2.840.10008.1.2.1");
    assert_eq!(facts.bytes, std::fs::metadata(facts.path()).unwrap().len());
}

#[test]
fn studies_are_in_order_of_dates() {
    let folder = tempfile::tempdir().unwrap();
    for (uid, date) in [("1.1", "20240301"), ("1.2", "20230301"), ("1.3", "")] {
        let mut ds = image(["A", uid, &format!("{uid}.1"), &format!("{uid}.1.1")]);
        ds.put(text(tags::STUDY_DATE, VR::DA, date));
        put(&folder.path().join(uid), &bytes(&ds));
    }
    let uids: Vec<_> = outline(&index(folder.path())).iter().map(|line| line.1.to_owned()).collect();
    assert_eq!(uids, ["1.3", "1.2", "1.1"]);
}

#[test]
fn conflicts_are_told_and_nothing_is_merged() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[["A", "1.2", "1.2.3", "1"], ["B", "1.2", "1.2.3", "2"], ["B", "1.3", "1.2.3", "3"]]);
    let index = index(folder.path());
    assert_eq!(outline(&index), [("A", "1.2", "1.2.3", 1), ("B", "1.2", "1.2.3", 1), ("B", "1.3", "1.2.3", 1)]);
    let patients = ["A", "B"].map(|id| (id.to_owned(), String::new())).to_vec();
    let studies = ["1.2", "1.3"].map(str::to_owned).to_vec();
    let expected = [
        Finding::StudyOfSeveralPatients { study_uid: "1.2".to_owned(), patients },
        Finding::SeriesOfSeveralStudies { series_uid: "1.2.3".to_owned(), studies },
    ];
    assert_eq!(index.findings, expected);
}

#[test]
fn an_issuer_tells_patients_apart() {
    let folder = tempfile::tempdir().unwrap();
    for (number, issuer) in ["north", "south"].into_iter().enumerate() {
        let mut ds = image(["A", &format!("1.{number}"), &format!("1.{number}.1"), &format!("1.{number}.1.1")]);
        ds.put(text(tags::ISSUER_OF_PATIENT_ID, VR::LO, issuer));
        put(&folder.path().join(issuer), &bytes(&ds));
    }
    let index = index(folder.path());
    assert_eq!(index.patients.iter().map(|patient| &*patient.issuer).collect::<Vec<_>>(), ["north", "south"]);
}

#[test]
fn duplicates_stay_and_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let one = image(["A", "1.2", "1.2.3", "1"]);
    put(&folder.path().join("a"), &bytes(&one));
    put(&folder.path().join("b"), &bytes(&one));
    let mut other = image(["A", "1.2", "1.2.3", "2"]);
    put(&folder.path().join("c"), &bytes(&other));
    other.put(text(tags::MODALITY, VR::CS, "MR"));
    put(&folder.path().join("d"), &bytes(&other));
    let index = index(folder.path());
    assert_eq!(index.instances().count(), 4);
    let paths = |names: [&str; 2]| names.map(|name| folder.path().join(name)).to_vec();
    let duplicate = |uid: &str, names, sameness| Finding::Duplicate {
        sop_instance_uid: uid.to_owned(),
        paths: paths(names),
        sameness,
    };
    let expected = [duplicate("1", ["a", "b"], Sameness::Identical), duplicate("2", ["c", "d"], Sameness::Different)];
    assert_eq!(index.findings, expected);
}

#[test]
fn a_file_that_is_gone_is_not_called_equal() {
    let folder = tempfile::tempdir().unwrap();
    let one = bytes(&image(["A", "1.2", "1.2.3", "1"]));
    put(&folder.path().join("a"), &one);
    put(&folder.path().join("b"), &one);
    let scanned = scan(&[folder.path().to_owned()], &ScanOptions::default(), &Ctx::default()).unwrap();
    std::fs::remove_file(folder.path().join("b")).unwrap();
    let index = Index::of(&scanned, &ReadLimits::default());
    assert!(matches!(&index.findings[..], [Finding::Duplicate { sameness: Sameness::Unread, .. }]));
}

#[test]
fn missing_ids_are_told_and_a_study_without_a_patient_is_one() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[["", "1.2", "1.2.3", "1"], ["", "1.3", "1.3.3", "2"], ["A", "", "", ""]]);
    let index = index(folder.path());
    assert_eq!(outline(&index), [("", "1.2", "1.2.3", 1), ("", "1.3", "1.3.3", 1), ("A", "", "", 1)]);
    assert_eq!(index.patients.len(), 3);
    let missing = index.findings.iter().map(|finding| match finding {
        Finding::Missing { tag, path } => (*tag, path.file_name().unwrap().to_str().unwrap().to_owned()),
        _ => panic!("{finding:?}"),
    });
    let expected = [
        (tags::SOP_INSTANCE_UID, "2.dcm"),
        (tags::PATIENT_ID, "0.dcm"),
        (tags::PATIENT_ID, "1.dcm"),
        (tags::STUDY_INSTANCE_UID, "2.dcm"),
        (tags::SERIES_INSTANCE_UID, "2.dcm"),
    ];
    assert_eq!(missing.collect::<Vec<_>>(), expected.map(|(tag, name)| (tag, name.to_owned())));
}

#[test]
#[cfg(feature = "zip")]
fn an_archive_is_indexed_like_its_folder() {
    use std::io::Write;
    let folder = tempfile::tempdir().unwrap();
    let one = bytes(&image(["A", "1.2", "1.2.3", "1"]));
    put(&folder.path().join("a"), &one);
    let mut zip = zip::ZipWriter::new(std::fs::File::create(folder.path().join("z.zip")).unwrap());
    zip.start_file("a", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(&one).unwrap();
    zip.finish().unwrap();
    let index = index(folder.path());
    assert_eq!(outline(&index), [("A", "1.2", "1.2.3", 2)]);
    assert!(matches!(&index.findings[..], [Finding::Duplicate { sameness: Sameness::Identical, .. }]));
}

fn shown(index: &Index) -> String {
    format!("{index:?}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Few IDs, so that conflicts and duplicates are frequent.
    #[test]
    fn order_and_threads_change_nothing(
        ids in prop::collection::vec(("[AB]?", "[12]?", "[34]?", "[1-6]?"), 1..12),
        keys in prop::collection::vec(any::<u32>(), 12),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let ids: Vec<_> = ids.iter().map(|(a, b, c, d)| [a.as_str(), b, c, d]).collect();
        write(folder.path(), &ids);
        let files = || scan(&[folder.path().to_owned()], &ScanOptions::default(), &Ctx::default()).unwrap();
        let expected = shown(&Index::of(&files(), &ReadLimits::default()));
        let mut shuffled: Vec<(u32, Scanned)> = keys.into_iter().zip(files()).collect();
        shuffled.sort_by_key(|(key, _)| *key);
        let shuffled: Vec<_> = shuffled.into_iter().map(|(_, file)| file).collect();
        prop_assert_eq!(&shown(&Index::of(&shuffled, &ReadLimits::default())), &expected);
        for threads in [1, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            prop_assert_eq!(&shown(&pool.install(|| index(folder.path()))), &expected);
        }
    }
}
