use isocenter_register::{Error, RegistrationOptions, Rigid, Side};
use isocenter_volume::Volume;

use crate::head::{Contrast, grid, head};

#[test]
fn many_images_are_registered_as_one_by_one() {
    let still = Rigid::new([0.0; 3], [0.0; 3], [0.0; 3]).unwrap();
    let place = Rigid::new([0.1, 0.05, -0.1], [4.0, 2.0, -5.0], [0.0; 3]).unwrap();
    let grid = grid([56; 3], [4.0; 3], [0.0; 3], [0.0; 3]);
    let fixed = head(&grid, &still, Contrast::T1, 1);
    let moving = [head(&grid, &place, Contrast::T2, 2), head(&grid, &place.inverse(), Contrast::T1, 3)];
    let even = Volume::new(vec![1f32; grid.len()], grid.clone()).unwrap();
    let options = RegistrationOptions::default().rotations(100);
    let found = options.register_each(&fixed, &[&moving[0], &even, &moving[1]]);
    assert_eq!(found[0], options.register(&fixed, &moving[0]));
    assert_eq!(found[1], Err(Error::NoContrast { side: Side::Moving }));
    assert_eq!(found[2], options.register(&fixed, &moving[1]));
    assert!(options.register_each::<f32, f32>(&fixed, &[]).is_empty());
}
