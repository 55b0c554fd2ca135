//! One cohort for all tests, written once, and the way to read its series.

use std::{path::PathBuf, sync::OnceLock};

use isocenter_dcm::{Instance, OpenOptions, pixel::DecodeOptions};
use isocenter_phantom::{Cohort, Truth, truth::TruthSeries};
use isocenter_volume::Ctx;

pub(crate) struct Fixture {
    folder: tempfile::TempDir,
    pub(crate) truth: Truth,
}

pub(crate) fn cohort() -> &'static Fixture {
    static COHORT: OnceLock<Fixture> = OnceLock::new();
    COHORT.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let truth = Cohort::demo(11).write(folder.path(), &Ctx::default()).unwrap();
        Fixture { folder, truth }
    })
}

impl Fixture {
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.folder.path().join(relative)
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    pub(crate) fn open(&self, relative: &str) -> Result<Instance, isocenter_dcm::Error> {
        OpenOptions::new().open(self.path(relative))
    }

    /// Calls for every plane of a series, in the order of the truth: index, instance, number of the frame in it.
    pub(crate) fn planes(&self, series: &TruthSeries, mut each: impl FnMut(usize, &Instance, usize)) {
        if series.enhanced {
            let instance = self.open(&series.files[0]).unwrap();
            for frame in 0..series.shape[2] {
                // the frames may be stored in any order: the place in the stack is the plane
                let along = instance.frame(frame).unwrap().plane().unwrap();
                let k = (0..series.shape[2])
                    .min_by(|a, b| {
                        let gap = |k: usize| distance(along.position, place(series, [0.0, 0.0, k as f64]));
                        gap(*a).total_cmp(&gap(*b))
                    })
                    .unwrap();
                each(k, &instance, frame);
            }
            return;
        }
        for (k, file) in series.files.iter().enumerate() {
            each(k, &self.open(file).unwrap(), 0);
        }
    }

    /// Real values of a series, plane by plane.
    pub(crate) fn values(&self, series: &TruthSeries) -> Vec<f64> {
        let [nx, ny, nz] = series.shape;
        let mut out = vec![f64::NAN; nx * ny * nz];
        self.planes(series, |k, instance, frame| {
            let pair = instance.frame(frame).unwrap().scaling().unwrap();
            let stored = instance.frame(frame).and_then(|f| f.decode(&DecodeOptions::default())).unwrap().to_f64();
            for (o, s) in out[k * nx * ny..][..nx * ny].iter_mut().zip(stored) {
                *o = s * pair.slope + pair.intercept;
            }
        });
        out
    }
}

/// World position of an index by the truth's matrix.
pub(crate) fn place(series: &TruthSeries, index: [f64; 3]) -> [f64; 3] {
    isocenter_volume::Affine::from_rows(series.affine).apply(index)
}

pub(crate) fn distance(a: [f64; 3], b: [f64; 3]) -> f64 {
    isocenter_volume::affine::norm([0, 1, 2].map(|n| a[n] - b[n]))
}
