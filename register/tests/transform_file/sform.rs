use isocenter_register::transform_file::{Error, Format, Options, moved_onto};

use crate::{between_grids, grids, is_close};

#[test]
fn a_voxel_lies_after_it_where_the_fixed_image_shows_the_same() {
    let (fixed, moving) = grids();
    let laid = moved_onto(&moving, &between_grids(), &fixed).unwrap();
    let index = [3.0, 7.5, 21.0];
    let there = between_grids().apply(laid.world_of(index));
    assert!((0..3).all(|a| (there[a] - moving.world_of(index)[a]).abs() < 1e-12));
}

#[test]
fn the_text_is_the_index_to_ras_matrix_and_gives_the_transform_back() {
    let (fixed, moving) = grids();
    let options = Options::default().format(Format::Sform).images(&fixed, &moving);
    let bytes = options.to_bytes(&[between_grids()]).unwrap();
    let first: f64 = std::str::from_utf8(&bytes).unwrap().split(' ').next().unwrap().parse().unwrap();
    let laid = moved_onto(&moving, &between_grids(), &fixed).unwrap();
    assert_eq!(first, -laid.affine().rows()[0][0]);
    assert!(is_close(&options.parse(&bytes).unwrap()[0], &between_grids(), 1e-12));
    let alone = Options::default().format(Format::Sform).parse(&bytes);
    assert!(matches!(alone, Err(Error::NeedsImages { .. })));
}
