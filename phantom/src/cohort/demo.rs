//! Who is in the demo, and how they were scanned.

use isocenter_volume::Affine;

use super::{Fault, Order, PatientPlan, SeriesPlan, Subject};
use crate::{
    Body, Contrast, Head,
    dicom::{
        person::{Person, Study},
        vendor::Vendor,
    },
    grid::{self, Grid, Plane},
    random::Stream,
};

pub(super) fn patients(seed: u64) -> Vec<PatientPlan> {
    let heads = [
        (Vendor::Siemens, false, vec![Fault::Localizer, Fault::Copy]),
        (Vendor::Ge, false, vec![Fault::Reencoded, Fault::Empty]),
        (Vendor::Philips, true, vec![Fault::Text]),
        (Vendor::Canon, false, vec![Fault::Truncated, Fault::Contradictory, Fault::MissingSlice]),
    ];
    let mut plans: Vec<PatientPlan> = heads
        .into_iter()
        .enumerate()
        .map(|(n, (vendor, enhanced, faults))| head(seed, n, vendor, enhanced, faults))
        .collect();
    plans.push(trunk(seed, 4, Vendor::Siemens, vec![Fault::BurnedIn]));
    plans.push(trunk(seed, 5, Vendor::Ge, vec![]));
    plans
}

fn head(seed: u64, n: usize, vendor: Vendor, enhanced: bool, faults: Vec<Fault>) -> PatientPlan {
    let study = Study::nth(seed, Person::nth(seed, n), 0, "MR and CT head");
    let stream = study.stream.fork("plan");
    let series = |k: usize, contrast: Contrast, grid: Grid| {
        let own = stream.nth(k as u64);
        SeriesPlan {
            contrast,
            // no two grids share their corners: a label map finds its image by them
            grid: grid.centre_mm([10, 11, 12].map(|c| own.between(c, -4.0, 4.0))).turned_deg(turn_of(own, contrast)),
            pose: pose_of(own),
            number: [3, 5, 6, 201][k],
            description: ["t1_mprage", "t2_tse", "t2_flair_dark-fluid", "Head 3.0 Br40"][k],
            enhanced: enhanced && contrast.is_mr() && contrast != Contrast::Flair,
            order: [Order::Shuffled, Order::Ascending, Order::Descending, Order::Shuffled][(k + n) % 4],
            folder: ["", "T2", "flair", "CT HEAD"][k],
            labels: None,
        }
    };
    // every person's T1 lies another way
    let t1 = match n {
        1 => Grid::new(Plane::Axial, [128, 144, 116], [1.6, 1.6, 1.7]),
        3 => Grid::new(Plane::Coronal, [120, 136, 136], [1.6, 1.6, 1.7]),
        _ => Grid::new(Plane::Sagittal, [148, 136, 112], [1.6, 1.6, 1.6]),
    };
    let flair = if n.is_multiple_of(2) {
        Grid::new(Plane::Coronal, [144, 144, 54], [1.5, 1.5, 4.0])
    } else {
        Grid::new(Plane::Sagittal, [152, 136, 46], [1.5, 1.6, 3.8])
    };
    let mut plans = vec![
        series(0, Contrast::T1, t1),
        series(1, Contrast::T2, Grid::new(Plane::Axial, [152, 176, 44], [1.3, 1.3, 3.6])),
        series(2, Contrast::Flair, flair),
    ];
    if n < 3 {
        plans.push(series(3, Contrast::Ct, Grid::new(Plane::Axial, [160, 184, 52], [1.25, 1.25, 3.0])));
    }
    plans[0].labels = Some((["RAS", "PLI", "PSR", "SAL"][n % 4], "brain_labels.nii"));
    PatientPlan {
        folder: folder_of(&study, n),
        study,
        subject: Subject::Head(Box::new(Head::new(seed_of(seed, n)))),
        vendor,
        series: plans,
        faults,
    }
}

fn trunk(seed: u64, n: usize, vendor: Vendor, faults: Vec<Fault>) -> PatientPlan {
    let study = Study::nth(seed, Person::nth(seed, n), 0, "PET-CT trunk");
    let own = study.stream.fork("plan");
    let pose = Affine::translation_by([0, 1, 2].map(|c| own.between(c, -8.0, 8.0)));
    let centre = [3, 4, 5].map(|c| own.between(c, -2.0, 2.0));
    let plan = |contrast: Contrast, grid: Grid| SeriesPlan {
        contrast,
        grid: grid.centre_mm(centre),
        pose,
        number: if contrast == Contrast::Ct { 2 } else { 4 },
        description: if contrast == Contrast::Ct { "CT low dose" } else { "PET AC 3.0min" },
        enhanced: false,
        order: if n.is_multiple_of(2) { Order::Descending } else { Order::Shuffled },
        folder: if contrast == Contrast::Ct { "CT" } else { "PT" },
        labels: (contrast == Contrast::Ct).then_some((["LAS", "RPS"][n % 2], "organs.nii")),
    };
    let series = vec![
        plan(Contrast::Ct, Grid::new(Plane::Axial, [168, 128, 82], [2.4, 2.4, 5.0])),
        plan(Contrast::Suv, Grid::new(Plane::Axial, [100, 76, 102], [4.0, 4.0, 4.0])),
    ];
    PatientPlan {
        folder: folder_of(&study, n),
        study,
        subject: Subject::Body(Box::new(Body::new(seed_of(seed, n)))),
        vendor,
        series,
        faults,
    }
}

fn seed_of(seed: u64, n: usize) -> u64 {
    Stream::new(seed).fork("anatomy").bits(n as u64)
}

/// Up to 5 degrees about each axis and 6 mm along each: 8.7 degrees and 10.4 mm at most.
fn pose_of(stream: Stream) -> Affine {
    grid::pose([0, 1, 2].map(|c| stream.between(c, -5.0, 5.0)), [3, 4, 5].map(|c| stream.between(c, -6.0, 6.0)))
}

/// Technicians turn thick slices to the anatomy; a volume and a CT lie straight.
fn turn_of(stream: Stream, contrast: Contrast) -> [f64; 3] {
    match contrast {
        Contrast::T2 | Contrast::Flair => [stream.between(20, -14.0, 14.0), stream.between(21, -3.0, 3.0), 0.0],
        _ => [0.0; 3],
    }
}

fn folder_of(study: &Study, n: usize) -> String {
    let person = &study.person;
    match n % 4 {
        0 => format!("{}_{}", person.family, person.id),
        1 => format!("export/{}", study.accession),
        2 => format!("DICOM/{}{}", &person.family.chars().take(3).collect::<String>(), &person.birth_date[..4]),
        _ => format!("{} {}/{}", person.family, person.given, study.date),
    }
}
