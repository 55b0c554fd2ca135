//! Layouts that are known.

use super::cohort::{Cohort, PEOPLE};

#[test]
fn bids_with_sessions_and_derivatives() {
    let mut c = Cohort::new();
    for p in 0..PEOPLE {
        for v in 0..1 + p % 2 {
            let base = format!("sub-{p:02}/ses-{v}/anat/sub-{p:02}_ses-{v}");
            c.image(&format!("{base}_T1w.nii.gz"), p, v, "T1");
            c.image(&format!("{base}_T2w.nii.gz"), p, v, "T2");
            c.label(&format!("derivatives/manual/{base}_space-T1w_dseg.nii.gz"), p, v);
        }
    }
    let done = c.run();
    assert_eq!((done.people(), done.items.len(), done.labelled(), done.outcome.exit_code()), (12, 36, 36, 0));
    assert_eq!(done.layouts(), ["BIDS"]);
    assert_eq!(done.outcome.understood.layouts[0].visits, 18);
    let sets = done.sets();
    assert_eq!((sets.len(), &sets[0].0), (1, &vec!["T1".to_owned(), "T2".to_owned()]));
    assert_eq!(sets[0].1 + sets[0].2, 18);
}

#[test]
fn nnunet_raw_with_two_channels_and_unlabelled_test_cases() {
    let mut c = Cohort::new();
    for p in 0..PEOPLE {
        let part = if p < 9 { "Tr" } else { "Ts" };
        c.image(&format!("Dataset007_Head/images{part}/head_{p:03}_0000.nii.gz"), p, 0, "T1");
        c.image(&format!("Dataset007_Head/images{part}/head_{p:03}_0001.nii.gz"), p, 0, "FLAIR");
        if p < 9 {
            c.label(&format!("Dataset007_Head/labelsTr/head_{p:03}.nii.gz"), p, 0);
        }
    }
    c.text(
        "Dataset007_Head/dataset.json",
        r#"{"channel_names": {"0": "T1", "1": "FLAIR"}, "labels": {"background": 0, "head": 1, "corner": 2}, "numTraining": 9}"#,
    );
    let done = c.run();
    assert_eq!((done.people(), done.items.len(), done.labelled(), done.outcome.exit_code()), (12, 24, 18, 0));
    assert_eq!(done.layouts(), ["nnU-Net"]);
    assert!(done.outcome.remarks.iter().any(|r| r.contains("12 patients")));
    let labelled = done.items.iter().find(|(i, _)| i.label.is_some()).unwrap();
    assert_eq!(labelled.0.labels, [(1, "head".to_owned()), (2, "corner".to_owned())].into());
    let sets = done.sets();
    assert_eq!((sets.len(), sets[0].0.join(" "), sets[0].1 + sets[0].2), (1, "T1 FLAIR".to_owned(), 12));
    assert!(sets[0].2 >= 3);
    for (item, who) in &done.items {
        assert_eq!(item.contrast.as_deref(), Some(who.2.as_str()));
    }
}

#[test]
fn nnunet_raw_whose_cases_name_visits() {
    let mut c = Cohort::new();
    for p in 0..PEOPLE {
        for v in 0..2 {
            c.image(&format!("imagesTr/patient{p:03}_frame{:02}_0000.nrrd", v * 11 + 1), p, v, "T1");
            c.label(&format!("labelsTr/patient{p:03}_frame{:02}.nrrd", v * 11 + 1), p, v);
        }
    }
    let done = c.run();
    assert_eq!((done.people(), done.items.len(), done.labelled()), (12, 24, 24));
    assert_eq!(done.outcome.understood.layouts[0].patients, 12);
}

#[test]
fn decathlon_with_names_of_one_and_steps_of_several_channels() {
    let mut c = Cohort::new();
    for p in 0..PEOPLE {
        c.image(&format!("Task03/imagesTr/liver_{p}.nii.gz"), p, 0, "CT");
        c.label(&format!("Task03/labelsTr/liver_{p}.nii.gz"), p, 0);
    }
    let list: Vec<String> = (0..PEOPLE)
        .map(|p| format!(r#"{{"image": "./imagesTr/liver_{p}.nii.gz", "label": "./labelsTr/liver_{p}.nii.gz"}}"#))
        .collect();
    c.text(
        "Task03/dataset.json",
        &format!(
            r#"{{"modality": {{"0": "CT"}}, "labels": {{"0": "background", "1": "liver", "2": "cancer"}}, "training": [{}]}}"#,
            list.join(",")
        ),
    );
    let done = c.run();
    assert_eq!((done.people(), done.items.len(), done.labelled(), done.outcome.exit_code()), (12, 12, 12, 0));
    assert_eq!(done.layouts(), ["Decathlon"]);
    assert!(done.items.iter().all(|(i, _)| i.modality.as_deref() == Some("CT")));
    assert_eq!(done.sets()[0].0, ["CT"]);

    let mut c = Cohort::new();
    for p in 0..PEOPLE {
        c.steps(&format!("imagesTr/BRATS_{p:03}.nii.gz"), p, &["FLAIR", "T1"]);
        c.label(&format!("labelsTr/BRATS_{p:03}.nii.gz"), p, 0);
    }
    c.text("dataset.json", r#"{"modality": {"0": "FLAIR", "1": "T1w"}, "labels": {"1": "edema", "2": "tumour"}}"#);
    let done = c.run();
    assert_eq!((done.people(), done.items.len(), done.labelled()), (12, 12, 12));
    assert_eq!(done.sets()[0].0, ["FLAIR", "T1w"]);
}

#[test]
fn a_list_links_labels_whatever_they_are_called() {
    let mut c = Cohort::new();
    let mut list = Vec::new();
    for p in 0..PEOPLE {
        c.image(&format!("data/A{p:02}/x.nii.gz"), p, 0, "CT");
        c.label(&format!("data/B{p:02}/y.nii.gz"), p, 0);
        list.push(format!(
            r#"{{"image": "data/A{p:02}/x.nii.gz", "label": "data/B{p:02}/y.nii.gz", "fold": {}}}"#,
            p % 5
        ));
    }
    c.text(
        "datalist.json",
        &format!(r#"{{"training": [{}], "validation": [{}]}}"#, list[..8].join(","), list[8..].join(",")),
    );
    let done = c.run();
    assert_eq!((done.people(), done.items.len(), done.labelled(), done.outcome.exit_code()), (12, 12, 12, 0));
}

#[test]
fn a_folder_a_patient_at_any_depth() {
    // patient/modality/file, all with names of the modality
    let mut c = Cohort::new();
    for p in 0..PEOPLE {
        c.image(&format!("P{p:03}/CT/ct_scan.nii.gz"), p, 0, "CT");
        c.image(&format!("P{p:03}/MR/mr_scan.nii.gz"), p, 0, "T1");
    }
    let done = c.run();
    assert_eq!((done.people(), done.items.len(), done.layouts()), (12, 24, vec!["folder a patient"]));
    for (item, who) in &done.items {
        assert_eq!(item.modality.as_deref(), Some(if who.2 == "CT" { "CT" } else { "MR" }));
    }

    // study/cohort/patient/visit/modality/file, labels beside, visits of several kinds
    let visits = ["2019-03-04", "2020-11-30"];
    let mut c = Cohort::new();
    for p in 0..PEOPLE {
        for (v, visit) in visits.iter().enumerate().take(1 + p % 2) {
            c.image(&format!("export/cohort one/Anna {p}/{visit}/MR/t1.nii.gz"), p, v, "T1");
            c.image(&format!("export/cohort one/Anna {p}/{visit}/MR/flair.nii.gz"), p, v, "FLAIR");
            c.label(&format!("export/cohort one/Anna {p}/{visit}/MR/lesion_mask.nii.gz"), p, v);
        }
    }
    let done = c.run();
    assert_eq!((done.people(), done.items.len(), done.labelled(), done.outcome.exit_code()), (12, 36, 36, 0));
    assert_eq!(done.sets()[0].0, ["FLAIR", "T1"]);

    // modality/patient.file, labels in a tree of their own, upper-case endings
    let mut c = Cohort::new();
    for p in 0..PEOPLE {
        c.image(&format!("images/CASE{p:02}.NII.GZ"), p, 0, "CT");
        c.label(&format!("masks/CASE{p:02}.NII.GZ"), p, 0);
    }
    let done = c.run();
    assert_eq!((done.people(), done.items.len(), done.labelled(), done.layouts()), (12, 12, 12, vec!["flat"]));
}

#[test]
fn brats_folders_and_flat_prefixes_give_one_case_of_all_channels() {
    let mut c = Cohort::new();
    for p in 0..PEOPLE {
        let base = format!("BraTS-{p:03}/BraTS-{p:03}");
        c.image(&format!("{base}_t1.nii.gz"), p, 0, "T1");
        c.image(&format!("{base}_t2.nii.gz"), p, 0, "T2");
        c.image(&format!("{base}_flair.nii.gz"), p, 0, "FLAIR");
        c.label(&format!("{base}_seg.nii.gz"), p, 0);
    }
    let done = c.run();
    assert_eq!((done.people(), done.items.len(), done.labelled(), done.outcome.exit_code()), (12, 36, 36, 0));
    let sets = done.sets();
    assert_eq!((sets.len(), sets[0].0.join(" "), sets[0].1 + sets[0].2), (1, "FLAIR T1 T2".to_owned(), 12));

    // flat, names with dots, NRRD
    let mut c = Cohort::new();
    for p in 0..PEOPLE {
        c.image(&format!("case.{p:02}.t1.nrrd"), p, 0, "T1");
        c.image(&format!("case.{p:02}.t2.nrrd"), p, 0, "T2");
        c.label(&format!("case.{p:02}.seg.nrrd"), p, 0);
    }
    let done = c.run();
    assert_eq!((done.people(), done.items.len(), done.labelled(), done.layouts()), (12, 24, 24, vec!["flat"]));
    assert!(done.outcome.remarks.iter().any(|r| r.contains("flat")));
    assert_eq!(done.sets()[0].0, ["T1", "T2"]);
}

#[test]
fn dates_in_the_names_of_folders_are_visits_and_labels_may_have_a_root_of_their_own() {
    let mut c = Cohort::new();
    for p in 0..PEOPLE {
        for (v, day) in ["2019-03-04", "2021-07-01"].iter().enumerate() {
            c.image(&format!("images/H{p:02}_{day}/CT/scan.nii.gz"), p, v, "CT");
            c.label(&format!("drawn masks/H{p:02}_{day}/scan.nii.gz"), p, v);
        }
    }
    let done = c.run();
    assert_eq!((done.people(), done.items.len(), done.labelled()), (12, 24, 24));
    let mut job = c.job("generic");
    job.paths = vec![c.root.join("drawn masks"), c.root.join("images")];
    job.out = job.out.with_file_name("again");
    let again = c.finish(job);
    assert_eq!((again.people(), again.items.len()), (12, 24));
}

#[test]
fn layouts_beside_each_other_are_each_read_by_their_own() {
    let mut c = Cohort::new();
    for p in 0..4 {
        c.image(&format!("bids/sub-{p}/anat/sub-{p}_T1w.nii.gz"), p, 0, "T1");
        c.label(&format!("bids/derivatives/sub-{p}/anat/sub-{p}_dseg.nii.gz"), p, 0);
        c.image(&format!("nnunet/imagesTr/k_{p}_0000.nii.gz"), p + 4, 0, "CT");
        c.label(&format!("nnunet/labelsTr/k_{p}.nii.gz"), p + 4, 0);
        c.image(&format!("hospital/Q{p}/ct.nii.gz"), p + 8, 0, "CT");
        c.label(&format!("hospital/Q{p}/roi.nii.gz"), p + 8, 0);
    }
    let done = c.run();
    assert_eq!((done.people(), done.items.len(), done.labelled()), (12, 12, 12));
    assert_eq!(done.layouts(), ["BIDS", "nnU-Net", "folder a patient"]);
}
