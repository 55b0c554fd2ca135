use isocenter_phantom::{Contrast, grid::pose};

use crate::images::{bytes, head, head_grid, register, write};

#[test]
fn a_figure_of_a_pair_is_a_picture_and_the_same_every_time() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let (still, moved) = (pose([0.0; 3], [0.0; 3]), pose([4.0, 0.0, 6.0], [5.0, -8.0, 3.0]));
    write(&at("t1.nii.gz"), head(&head_grid(), &still, Contrast::T1, 1));
    write(&at("t2.nii.gz"), head(&head_grid(), &moved, Contrast::T2, 2));
    let pair = |jobs: &str, out: &str, figure: &str| {
        register(dir.path(), &["t1.nii.gz", "t2.nii.gz", "-t", out, "--figure", figure, "--jobs", jobs])
    };
    let said = pair("1", "a.tfm", "a.png");
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.out.contains("wrote a.png"), "{}", said.out);
    assert_eq!(pair("2", "b.tfm", "b.png").code, Some(0));
    let picture = bytes(&at("a.png"));
    assert!(picture.starts_with(b"\x89PNG") && picture == bytes(&at("b.png")));
    // the transform applied draws the same
    let to = ["--moving", "t2.nii.gz", "--like", "t1.nii.gz", "-o", "on-t1.nii.gz", "--figure", "c.png"];
    assert_eq!(register(dir.path(), &[&["--apply", "a.tfm"][..], &to].concat()).code, Some(0));
    assert_eq!(picture, bytes(&at("c.png")));
    let wrong = pair("2", "d.tfm", "d.jpg");
    assert_eq!((wrong.code, at("d.tfm").exists()), (Some(2), false));
    assert!(wrong.err.contains(".png"), "{}", wrong.err);
}
