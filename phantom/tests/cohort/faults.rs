//! Faulty files are faulty in the way that the truth says, and duplicates are duplicates.

use isocenter_dcm::{pixel::DecodeOptions, tags, value};

use crate::fixture::cohort;

fn of(reason: &str) -> Vec<String> {
    let faulty = cohort().truth.faulty.iter().filter(|f| f.expected_reason == reason);
    faulty.flat_map(|f| f.files.clone()).collect()
}

#[test]
fn unreadable_files_are_refused_for_the_expected_reason() {
    for reason in ["truncated", "empty-file", "not-dicom"] {
        let files = of(reason);
        assert_eq!(files.len(), 1, "{reason}");
        let found = match cohort().open(&files[0]) {
            Err(error) => error.reason(),
            Ok(instance) => instance.frame(0).and_then(|f| f.decode(&DecodeOptions::default())).unwrap_err().reason(),
        };
        assert_eq!(found, reason);
    }
}

#[test]
fn contradictory_files_share_their_identity_and_not_their_pixels() {
    let files = of("contradictory-duplicate");
    assert_eq!(files.len(), 2);
    let [a, b] = [0, 1].map(|n| cohort().open(&files[n]).unwrap());
    assert_eq!(a.sop_instance_uid(), b.sop_instance_uid());
    assert_ne!(
        a.frame(0).and_then(|f| f.decode(&DecodeOptions::default())).unwrap().to_f64(),
        b.frame(0).and_then(|f| f.decode(&DecodeOptions::default())).unwrap().to_f64()
    );
}

#[test]
fn duplicates_share_identity_and_pixels() {
    let duplicates = &cohort().truth.duplicates;
    assert_eq!(duplicates.len(), 2);
    for d in duplicates {
        let [a, b] = [&d.file, &d.of].map(|f| cohort().open(f).unwrap());
        assert_eq!(a.sop_instance_uid(), b.sop_instance_uid());
        assert_eq!(
            a.frame(0).and_then(|f| f.decode(&DecodeOptions::default())).unwrap().to_f64(),
            b.frame(0).and_then(|f| f.decode(&DecodeOptions::default())).unwrap().to_f64()
        );
    }
    let syntaxes = duplicates.iter().filter(|d| {
        let [a, b] = [&d.file, &d.of].map(|f| cohort().open(f).unwrap().meta.transfer_syntax_uid);
        a != b
    });
    assert_eq!(syntaxes.count(), 1);
}

#[test]
fn a_slice_is_missing_and_a_name_is_burned_in() {
    let mut along: Vec<f64> = of("missing-slice")
        .iter()
        .map(|f| cohort().open(f).unwrap().frame(0).unwrap().plane().unwrap().distance())
        .collect();
    along.sort_by(f64::total_cmp);
    let gaps: Vec<f64> = along.windows(2).map(|w| ((w[1] - w[0]) * 1e6).round() / 1e6).collect();
    assert_eq!(gaps.iter().filter(|g| **g == 10.0).count(), 1);
    assert_eq!(gaps.iter().filter(|g| **g == 5.0).count(), gaps.len() - 1);
    let capture = cohort().open(&of("burned-in-annotation")[0]).unwrap().dataset;
    assert_eq!(value::string(&capture, tags::BURNED_IN_ANNOTATION).as_deref(), Some("YES"));
}
