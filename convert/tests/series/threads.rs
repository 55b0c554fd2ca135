//! The number of threads changes nothing.

use isocenter_convert::{plan, read};
use isocenter_dcm::tags;
use isocenter_volume::DynVolume;

use crate::support::{PET, Study, ct, number, slice};

#[test]
fn thread_count_changes_nothing() {
    let mut files = ct(9);
    files.push(files[4].clone());
    files.extend((0..7).map(|k| {
        let mut ds = slice(PET, 30 + k, [0.0, 0.0, 3.0 * k as f64], 100 + k as u16);
        number(&mut ds, tags::RESCALE_SLOPE, 1.0 + k as f64);
        ds
    }));
    let study = Study::of(files);
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let scanned = study.scan();
            let plan = plan::plan(&scanned, &plan::PlanOptions::default());
            let read = |s| read::read(s, &scanned, &read::ReadOptions::default()).unwrap().volume;
            let volumes: Vec<_> = plan.series.iter().map(read).collect();
            let voxels = |v: &DynVolume| v.samples().get::<u16>().unwrap().to_vec();
            let facts = |v: &DynVolume| (voxels(v), v.geometry().clone(), v.scaling().clone(), v.meta().clone());
            (volumes.iter().map(facts).collect::<Vec<_>>(), plan.duplicates, plan.rejected)
        })
    };
    let one = run(1);
    assert_eq!((one.0.len(), one.1.len()), (2, 1));
    assert_eq!(one, run(2));
    assert_eq!(one, run(7));
}
