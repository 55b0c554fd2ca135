//! Slices whose slope or intercept was lost.

use isocenter_convert::Warning;
use isocenter_dcm::{Dataset, VR, tags};
use isocenter_volume::{Ctx, Unit};

use crate::support::{CT, MR, PET, Study, number, slice, text};

/// Six slices of a class; `change` says what the header of slice `k` states.
fn series(class: &str, change: impl Fn(&mut Dataset, usize)) -> Study {
    let slices = (0..6).map(|k| {
        let mut ds = slice(class, k, [0.0, 0.0, 2.0 * k as f64], 100);
        number(&mut ds, tags::RESCALE_SLOPE, 2.0);
        number(&mut ds, tags::RESCALE_INTERCEPT, -1024.0);
        if class == CT {
            text(&mut ds, tags::RESCALE_TYPE, VR::LO, "HU");
        }
        if class == PET {
            text(&mut ds, tags::UNITS, VR::CS, "BQML");
        }
        change(&mut ds, k);
        ds
    });
    Study::of(slices.collect::<Vec<_>>())
}

fn lose(ds: &mut Dataset) {
    for tag in [tags::RESCALE_SLOPE, tags::RESCALE_INTERCEPT, tags::RESCALE_TYPE] {
        ds.remove_element(tag);
    }
}

#[test]
fn some_slices_without_a_rescale_refuse_the_series_wherever_they_lie() {
    for lost in [&[1, 4][..], &[0], &[5], &[3, 4, 5], &[0, 5]] {
        for class in [CT, PET, MR] {
            let study = series(class, |ds, k| {
                if lost.contains(&k) {
                    lose(ds)
                }
            });
            assert_eq!(study.refusal(), ("missing-rescale", 6), "{class} {lost:?}");
        }
    }
}

#[test]
fn an_empty_element_is_a_lost_one_and_half_a_pair_is_none() {
    for tag in [tags::RESCALE_SLOPE, tags::RESCALE_INTERCEPT] {
        let empty = series(CT, |ds, k| {
            if k == 2 {
                text(ds, tag, VR::DS, "")
            }
        });
        assert_eq!(empty.refusal(), ("missing-rescale", 6));
        let everywhere = series(PET, |ds, _| {
            ds.remove_element(tag);
        });
        assert_eq!(everywhere.refusal(), ("missing-rescale", 6));
    }
}

#[test]
fn a_pet_without_any_slope_is_refused_and_an_mr_is_not() {
    assert_eq!(series(PET, |ds, _| lose(ds)).refusal(), ("missing-rescale", 6));
    let mr = series(MR, |ds, _| lose(ds)).convert();
    assert_eq!(mr[0].volume.to_real(&Ctx::default()).unwrap().voxels()[1], 100.0);
    let ct = series(CT, |ds, _| lose(ds)).convert();
    assert_eq!(ct[0].volume.scaling().unit(), &Unit::Arbitrary, "no Hounsfield units without a rescale");
}

#[test]
fn a_whole_repetition_that_lost_it_refuses_both() {
    let slices = (0..6).map(|n| {
        let mut ds = slice(CT, n, [0.0, 0.0, 2.0 * (n % 3) as f64], 100);
        text(&mut ds, tags::TEMPORAL_POSITION_IDENTIFIER, VR::IS, &(n / 3 + 1).to_string());
        if n < 3 {
            number(&mut ds, tags::RESCALE_SLOPE, 2.0);
            number(&mut ds, tags::RESCALE_INTERCEPT, -1024.0);
            text(&mut ds, tags::RESCALE_TYPE, VR::LO, "HU");
        }
        ds
    });
    assert_eq!(Study::of(slices.collect::<Vec<_>>()).refusal(), ("missing-rescale", 6));
}

#[test]
fn an_mr_that_states_one_and_zero_means_the_same_by_saying_nothing() {
    let found = series(MR, |ds, k| {
        lose(ds);
        if k % 2 == 0 {
            number(ds, tags::RESCALE_SLOPE, 1.0);
            number(ds, tags::RESCALE_INTERCEPT, 0.0);
        }
    })
    .convert();
    assert_eq!(found.len(), 1);
    assert!(found[0].warnings.contains(&Warning::RescaleAssumed));
}
