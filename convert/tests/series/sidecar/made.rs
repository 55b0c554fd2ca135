//! One volume of one or several headers, and its sidecar.

use isocenter_convert::{
    Options,
    sidecar::{Identity, Sidecar, SidecarOptions, Value},
};
use isocenter_dcm::{Dataset, VR, value};

use crate::support::{Study, slice};

/// Two slices of a class whose headers a closure completes.
pub(crate) fn two(class: &str, complete: impl Fn(&mut Dataset)) -> Vec<Dataset> {
    let of = |n: usize| {
        let mut ds = slice(class, n, [0.0, 0.0, 3.0 * n as f64], 5);
        complete(&mut ds);
        ds
    };
    vec![of(0), of(1)]
}

/// The sidecar of the one volume of these files.
pub(crate) fn sidecar(datasets: Vec<Dataset>, identity: Identity) -> Sidecar {
    let study = Study::of(datasets);
    let (plan, files) = study.plan();
    assert_eq!(plan.series.len(), 1, "{:?}", plan.rejected);
    let options = SidecarOptions::default().identity(identity);
    Sidecar::of(&plan.series[0], &files, &options, &Options::default()).unwrap()
}

/// All of it.
pub(crate) fn kept(datasets: Vec<Dataset>) -> Sidecar {
    sidecar(datasets, Identity::Keep)
}

/// The text of a key's value, as JSON.
pub(crate) fn at(sidecar: &Sidecar, key: &str) -> String {
    sidecar.get(key).map_or_else(|| "none".to_owned(), Value::to_string)
}

/// Asserts the values of keys.
pub(crate) fn expect(sidecar: &Sidecar, wanted: &[(&str, &str)]) {
    for (key, value) in wanted {
        assert_eq!(at(sidecar, key), *value, "{key}");
    }
}

/// A private element with text.
pub(crate) fn private(ds: &mut Dataset, group: u16, creator: &str, element: u8, vr: VR, text: &str) {
    value::put_private(ds, group, creator, element, vr, text).unwrap();
}
