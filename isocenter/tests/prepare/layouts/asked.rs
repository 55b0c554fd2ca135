//! Two readings are asked about; a table or a rule answers; doubts are told.

use std::fs;

use super::cohort::{Cohort, PEOPLE};

// two visits of every person, whose names could as well be other people's
fn flat_numbers() -> Cohort {
    let mut c = Cohort::new();
    for p in 0..PEOPLE {
        for v in 0..2 {
            c.image(&format!("P{p:02}_{v}.nii.gz"), p, v, "CT");
            c.label(&format!("P{p:02}_{v}_seg.nii.gz"), p, v);
        }
    }
    c
}

#[test]
fn numbers_behind_a_name_are_asked_about_and_a_table_answers() {
    let c = flat_numbers();
    assert!(c.question().contains("P00"));
    let mut table = "file,patient,visit,modality,role\n".to_owned();
    for p in 0..PEOPLE {
        for v in 0..2 {
            table += &format!("in/P{p:02}_{v}.nii.gz,{p},{v},CT,image\nin/P{p:02}_{v}_seg.nii.gz,{p},{v},,label\n");
        }
    }
    let pairs = c.root.parent().unwrap().join("pairs.csv");
    fs::write(&pairs, table).unwrap();
    let mut job = c.job("generic");
    job.pairs = Some(pairs);
    let done = c.finish(job);
    assert_eq!((done.people(), done.items.len(), done.labelled(), done.layouts()), (12, 24, 24, vec!["pairs"]));
    assert!(done.items.iter().all(|(i, _)| i.modality.as_deref() == Some("CT")));
}

#[test]
fn a_rule_of_the_recipe_answers_too() {
    let c = flat_numbers();
    let recipe = "name = 'r'\n[files]\npattern = ['{patient}_{visit}_{role}', '{patient}_{visit}']\n";
    let done = c.finish(c.job(recipe));
    assert_eq!((done.people(), done.items.len(), done.labelled(), done.layouts()), (12, 24, 24, vec!["recipe"]));
}

#[test]
fn folders_of_two_depths_are_asked_about_and_a_rule_answers() {
    let mut c = Cohort::new();
    for p in 0..PEOPLE {
        c.image(&format!("site{}/P{p:03}/ct.nii.gz", p % 3), p, 0, "CT");
        c.label(&format!("site{}/P{p:03}/seg.nii.gz", p % 3), p, 0);
    }
    assert!(c.question().contains("site0"));
    let done = c.finish(c.job("name = 'r'\n[files]\npattern = '*/{patient}/*'\n"));
    assert_eq!((done.people(), done.items.len(), done.labelled()), (12, 12, 12));
}

#[test]
fn folders_that_end_in_numbers_of_visits_are_asked_about() {
    let mut c = Cohort::new();
    for p in 0..6 {
        for v in 0..1 + p % 2 {
            c.image(&format!("BraTS-GLI-{p:05}-{v:03}/t1n.nii.gz"), p, v, "T1");
        }
    }
    assert!(c.question().contains("BraTS_GLI_00001"));
}

#[test]
fn one_name_in_two_data_sets_is_asked_about() {
    let mut c = Cohort::new();
    for p in 0..6 {
        c.image(&format!("a/sub-{p}/anat/sub-{p}_T1w.nii.gz"), p, 0, "T1");
        c.image(&format!("b/sub-{p}/anat/sub-{p}_T1w.nii.gz"), p + 6, 0, "T1");
    }
    assert!(c.question().contains("two data sets"));
}

#[test]
fn dates_in_place_of_people_are_asked_about() {
    let mut c = Cohort::new();
    for v in 0..6 {
        c.image(&format!("2019010{}/ct.nii.gz", v + 1), 0, v, "CT");
    }
    assert!(c.question().contains("20190101"));
}

#[test]
fn what_looks_like_labels_is_told_and_stays_an_image() {
    let mut c = Cohort::new();
    for p in 0..5 {
        c.image(&format!("Q{p}/ct.nii.gz"), p, 0, "CT");
    }
    c.label("Q0/structures.nii.gz", 0, 0);
    let job = c.job("generic");
    let out = job.out.clone();
    let outcome = job.run(&isocenter::volume::Ctx::default()).unwrap();
    let items = isocenter::manifest::read(&out).unwrap();
    let doubtful: Vec<_> = items.iter().filter(|i| i.warnings.iter().any(|w| w == "looks-like-labels")).collect();
    assert_eq!((items.len(), doubtful.len()), (6, 1));
    assert_eq!(outcome.remarks.iter().filter(|r| r.contains("look like labels")).count(), 1);
    assert_eq!(outcome.understood.files.iter().filter(|f| f.looks_like_labels).count(), 1);
    let report = fs::read_to_string(out.join("report.json")).unwrap();
    assert!(report.contains("looks_like_labels\": true"));
}

#[test]
fn labels_of_a_person_without_an_image_go_to_nobody() {
    for layout in 0..3 {
        let mut c = Cohort::new();
        for p in 0..5 {
            let [image, label] = match layout {
                0 => [format!("imagesTr/k_{p}.nii.gz"), format!("labelsTr/k_{p}.nii.gz")],
                1 => [format!("sub-{p}/anat/sub-{p}_T1w.nii.gz"), format!("sub-{p}/anat/sub-{p}_dseg.nii.gz")],
                _ => [format!("k{p}.nii.gz"), format!("k{p}_seg.nii.gz")],
            };
            // one has no labels, another no image
            if p != 1 {
                c.image(&image, p, 0, "T1");
            }
            if p != 2 {
                c.label(&label, p, 0);
            }
        }
        let done = c.run();
        assert_eq!((done.people(), done.labelled()), (4, 3));
        assert_eq!(done.outcome.funnel.reasons, [("label-without-image".to_owned(), 1)].into());
    }
}
