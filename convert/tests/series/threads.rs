//! The number of threads changes nothing.

use isocenter_convert::{Options, plan::plan, read::read};
use isocenter_dcm::tags;
use isocenter_volume::{Ctx, DynVolume};

use crate::support::{PET, Study, ct, number, slice};

#[test]
fn thread_count_changes_nothing() {
    let mut files = ct(9);
    files.push(files[4].clone());
    files.extend((0..7).map(|k| {
        let mut ds = slice(PET, 30 + k, [0.0, 0.0, 3.0 * k as f64], 100 + k as u16);
        number(&mut ds, tags::RESCALE_SLOPE, 1.0 + k as f64);
        number(&mut ds, tags::RESCALE_INTERCEPT, 0.0);
        ds
    }));
    let study = Study::of(files);
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let files = pool.install(|| study.facts());
        let options = Options::default().ctx(Ctx::default().with_pool(&pool));
        let plan = plan(&files, &options).unwrap();
        let volumes: Vec<_> = plan.series.iter().map(|s| read(s, &files, &options).unwrap().volume).collect();
        let voxels = |v: &DynVolume| v.samples().get::<u16>().unwrap().to_vec();
        let facts = |v: &DynVolume| (voxels(v), v.geometry().clone(), v.scaling().clone(), v.meta().clone());
        (volumes.iter().map(facts).collect::<Vec<_>>(), plan.duplicates, plan.rejected)
    };
    let one = run(1);
    assert_eq!((one.0.len(), one.1.len()), (2, 1));
    assert_eq!(one, run(2));
    assert_eq!(one, run(7));
}
