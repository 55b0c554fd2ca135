use isocenter_register::{RegistrationOptions, Rigid};

use crate::head::{Contrast, grid, head};

#[test]
fn thread_count_changes_nothing() {
    let still = Rigid::new([0.0; 3], [0.0; 3], [0.0; 3]).unwrap();
    let truth = Rigid::new([0.2, 0.1, -0.1], [8.0, 2.0, -9.0], [0.0; 3]).unwrap();
    let fixed = head(&grid([72, 80, 76], [2.5; 3], [0.0; 3], [0.0; 3]), &still, Contrast::T1, 1);
    let moving = head(&grid([80, 70, 72], [2.4, 2.9, 2.6], [0.1, 0.2, 0.0], [5.0, 0.0, -8.0]), &truth, Contrast::T2, 2);
    let found = [1, 2, 7].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| RegistrationOptions::default().register(&fixed, &moving).unwrap())
    });
    // equality of f64 by value: the same bits but for the sign of zero
    assert_eq!(found[0], found[1]);
    assert_eq!(found[0], found[2]);
}
