//! Parts of one lattice that a value sets apart.

use isocenter_dcm::{Dataset, Tag, VR, tags};
use isocenter_volume::{Ctx, Frame, SampleType};

use crate::support::{CT, MR, Study, number, planes, short, slice, text};

/// `n` slices of a class 2 mm apart, slice `k` of value `100 * k`; `change` says what sets slice `k` apart.
fn series(class: &str, n: usize, change: impl Fn(&mut Dataset, usize)) -> Study {
    let slices = (0..n).map(|k| {
        let mut ds = slice(class, k, [0.0, 0.0, 2.0 * k as f64], 100 * k as u16);
        number(&mut ds, tags::REPETITION_TIME, 800.0);
        number(&mut ds, tags::ECHO_TIME, 10.0);
        change(&mut ds, k);
        ds
    });
    Study::of(slices.collect::<Vec<_>>())
}

fn image_type(ds: &mut Dataset, words: &str) {
    text(ds, tags::IMAGE_TYPE, VR::CS, words);
}

#[test]
fn what_interleaves_or_continues_is_one_volume() {
    type Change = fn(&mut Dataset, usize);
    let cases: [(&str, Change, &str); 9] = [
        (MR, |ds, k| number(ds, tags::REPETITION_TIME, 800.0 + 3.1 * k as f64), "joined-over-repetition-time"),
        (MR, |ds, k| number(ds, tags::REPETITION_TIME, [800.0, 1600.0][k % 2]), "joined-over-repetition-time"),
        (MR, |ds, k| number(ds, tags::FLIP_ANGLE, 20.0 + k as f64), "joined-over-flip-angle"),
        (MR, |ds, k| number(ds, tags::ECHO_TIME, 10.0 + 0.01 * k as f64), "joined-over-echo"),
        (CT, |ds, k| number(ds, tags::KVP, [100.0, 120.0][k / 4]), "joined-over-tube-voltage"),
        (CT, |ds, k| text(ds, tags::CONVOLUTION_KERNEL, VR::SH, ["B30", "B31"][k / 5]), "joined-over-kernel"),
        (
            CT,
            |ds, k| image_type(ds, ["ORIGINAL\\PRIMARY\\AXIAL\\SPI", "DERIVED\\PRIMARY\\AXIAL\\SEQ"][k % 2]),
            "joined-over-image-type",
        ),
        (
            MR,
            |ds, k| {
                if k == 7 {
                    ds.remove_element(tags::FRAME_OF_REFERENCE_UID);
                }
            },
            "joined-over-frame-of-reference",
        ),
        (
            CT,
            |ds, k| {
                if k == 0 {
                    ds.remove_element(tags::FRAME_OF_REFERENCE_UID);
                    number(ds, tags::KVP, 90.0);
                }
            },
            "joined-over-frame-of-reference",
        ),
    ];
    for (class, change, code) in cases {
        let found = series(class, 8, change).convert();
        assert_eq!(found.len(), 1, "{code}");
        assert_eq!(planes(&found[0]), [0.0, 100.0, 200.0, 300.0, 400.0, 500.0, 600.0, 700.0], "{code}");
        assert!(found[0].warnings.iter().any(|w| w.code() == code), "{code}: {:?}", found[0].warnings);
        assert_eq!(found[0].volume.geometry().frame(), &Frame::Patient(Some("1.2.6".into())));
    }
}

#[test]
fn times_of_every_slice_and_step_do_not_cut_a_time_series() {
    let frames = (0..12).map(|n| {
        let (step, k) = (n / 4, n % 4);
        let mut ds = slice(MR, n, [0.0, 0.0, 2.0 * k as f64], (100 * step + 10 * k) as u16);
        number(&mut ds, tags::REPETITION_TIME, 800.0 + 7.0 * ((n * 5) % 11) as f64);
        text(&mut ds, tags::TEMPORAL_POSITION_IDENTIFIER, VR::IS, &(step + 1).to_string());
        ds
    });
    let found = Study::of(frames.collect::<Vec<_>>()).convert();
    assert_eq!((found.len(), found[0].volume.steps()), (1, 3));
}

#[test]
fn values_that_make_whole_volumes_keep_them_apart() {
    for (tag, values) in
        [(tags::REPETITION_TIME, [500.0, 2000.0]), (tags::FLIP_ANGLE, [5.0, 20.0]), (tags::ECHO_TIME, [5.0, 90.0])]
    {
        let frames = (0..8).map(|n| {
            let mut ds = slice(MR, n, [0.0, 0.0, 2.0 * (n % 4) as f64], n as u16);
            number(&mut ds, tag, values[n / 4]);
            ds
        });
        let found = Study::of(frames.collect::<Vec<_>>()).convert();
        assert_eq!(found.iter().map(|c| c.volume.shape()[2]).collect::<Vec<_>>(), [4, 4]);
        assert!(found.iter().all(|c| c.warnings.iter().all(|w| !w.code().starts_with("joined"))));
    }
}

#[test]
fn samples_of_two_types_meet_in_one_that_holds_both() {
    let signed = |ds: &mut Dataset, bits: u16| {
        short(ds, tags::PIXEL_REPRESENTATION, 1);
        short(ds, tags::BITS_STORED, bits);
        short(ds, tags::HIGH_BIT, bits - 1);
    };
    let found = series(CT, 6, |ds, k| {
        if k % 3 == 1 {
            signed(ds, 12)
        }
    })
    .convert();
    assert_eq!(found[0].volume.sample_type(), SampleType::I16);
    assert_eq!(planes(&found[0]), [0.0, 100.0, 200.0, 300.0, 400.0, 500.0]);
    let wide = series(CT, 6, |ds, k| {
        if k < 3 {
            signed(ds, 16);
        } else {
            short(ds, tags::BITS_STORED, 16);
            short(ds, tags::HIGH_BIT, 15);
        }
    })
    .convert();
    assert_eq!(wide[0].volume.sample_type(), SampleType::I32);
    let real = wide[0].volume.to_real(&Ctx::default()).unwrap();
    assert_eq!((0..6).map(|k| real.voxels()[12 * k + 1]).collect::<Vec<_>>(), [0.0, 100.0, 200.0, 300.0, 400.0, 500.0]);
}

#[test]
fn unlike_images_that_happen_to_interleave_stay_apart_and_say_so() {
    let phases = series(MR, 6, |ds, k| image_type(ds, ["ORIGINAL\\PRIMARY\\M\\ND", "ORIGINAL\\PRIMARY\\P\\ND"][k % 2]))
        .convert();
    assert_eq!(phases.len(), 2);
    let echoes = series(MR, 6, |ds, k| number(ds, tags::ECHO_TIME, [5.0, 90.0][k % 2])).convert();
    assert_eq!(echoes.len(), 2);
    assert!(echoes.iter().all(|c| c.warnings.iter().any(|w| w.code() == "set-apart-by-echo")));
    let worlds =
        series(CT, 6, |ds, k| text(ds, tags::FRAME_OF_REFERENCE_UID, VR::UI, ["1.2.6", "1.2.7"][k % 2])).convert();
    assert!(worlds.iter().all(|c| c.warnings.iter().any(|w| w.code() == "set-apart-by-frame-of-reference")));
}

#[test]
fn a_lone_slice_of_a_series_says_what_set_it_apart() {
    let told = |change: fn(&mut Dataset)| {
        let mut found = series(MR, 5, |ds, k| {
            if k == 4 {
                change(ds)
            }
        })
        .convert();
        let lone = found.iter().position(|c| c.volume.shape()[2] == 1).unwrap();
        found.swap_remove(lone).warnings.iter().map(|w| w.code()).find(|c| c.starts_with("set-apart"))
    };
    assert_eq!(told(|ds| number(ds, tags::ECHO_TIME, 80.0)), Some("set-apart-by-echo"));
    assert_eq!(told(|ds| short(ds, tags::ROWS, 2)), Some("set-apart-by-size"));
    assert_eq!(told(|ds| image_type(ds, "ORIGINAL\\PRIMARY\\LOCALIZER")), Some("set-apart-by-image-type"));
    let turned = |ds: &mut Dataset| {
        crate::support::numbers(ds, tags::IMAGE_ORIENTATION_PATIENT, &[0.0, 1.0, 0.0, 0.0, 0.0, -1.0])
    };
    assert_eq!(told(turned), Some("set-apart-by-plane"));
}

#[test]
fn uneven_images_of_one_place_each_are_refused_together() {
    let study = Study::of((0..4).map(|k| {
        let mut ds = slice(MR, k, [0.0, 0.0, [0.0, 2.0, 4.0, 8.0][k]], 7);
        number(&mut ds, tags::REPETITION_TIME, 800.0 + k as f64);
        ds
    }));
    assert_eq!(study.refusal(), ("missing-slice", 4));
}

#[test]
fn a_slice_kept_out_at_the_end_leaves_a_word() {
    let told = |study: &Study| {
        let (plan, _) = study.plan();
        plan.series[0].warnings.iter().map(|w| w.to_string()).find(|w| w.starts_with("slice-left-out"))
    };
    // contradictory: two files of one instance and other pixels
    let mut study = series(CT, 4, |_, _| {});
    study.add(&slice(CT, 3, [0.0, 0.0, 6.0], 999));
    assert_eq!(told(&study), Some("slice-left-out (2)".to_owned()));
    // cut off in its pixels
    let mut study = series(CT, 3, |_, _| {});
    let path = study.add(&slice(CT, 3, [0.0, 0.0, 6.0], 300));
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 5]).unwrap();
    assert_eq!(told(&study), Some("slice-left-out (1)".to_owned()));
    // without pixels; with a slope of 0; without a place
    for change in [
        |ds: &mut Dataset| {
            ds.remove_element(tags::PIXEL_DATA);
        },
        |ds: &mut Dataset| number(ds, tags::RESCALE_SLOPE, 0.0),
        |ds: &mut Dataset| {
            ds.remove_element(tags::IMAGE_POSITION_PATIENT);
        },
    ] {
        let study = series(CT, 4, |ds, k| {
            if k == 3 {
                change(ds)
            }
        });
        assert_eq!(told(&study), Some("slice-left-out (1)".to_owned()));
    }
    assert_eq!(told(&series(CT, 4, |_, _| {})), None);
}

#[test]
fn a_place_that_is_no_plane_is_called_that() {
    let refused = |tag: Tag, stated: &str| {
        let study = series(CT, 3, |ds, _| text(ds, tag, VR::DS, stated));
        study.refusal()
    };
    assert_eq!(refused(tags::IMAGE_POSITION_PATIENT, "-10,5\\-8,0\\2,0"), ("bad-position", 3));
    assert_eq!(refused(tags::IMAGE_POSITION_PATIENT, "-10,-8,2"), ("bad-position", 3));
    assert_eq!(refused(tags::IMAGE_ORIENTATION_PATIENT, "1,0,0,0,1,0"), ("bad-position", 3));
    assert_eq!(refused(tags::PIXEL_SPACING, "0,5\\0,5"), ("bad-position", 3));
    assert_eq!(refused(tags::IMAGE_POSITION_PATIENT, ""), ("no-position", 3));
}
