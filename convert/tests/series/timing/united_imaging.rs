//! United Imaging: grids and single images.

use isocenter_dcm::{Dataset, Tag, VR, tags, value::sequence as items};

use super::{entries, maker, planar, slice_times, value, word};
use crate::{
    mosaic::made::{AXIAL, Slab},
    support::{Study, number, sequence, text},
};

fn grid(slab: &Slab, uid: usize, clock: &[&str]) -> Dataset {
    let mut ds = slab.united_imaging(uid);
    maker(&mut ds, "SHANGHAI UNITED IMAGING HEALTHCARE");
    text(&mut ds, tags::SEQUENCE_NAME, VR::SH, "epi_dti");
    text(&mut ds, tags::MR_ACQUISITION_TYPE, VR::CS, "2D");
    text(&mut ds, tags::IN_PLANE_PHASE_ENCODING_DIRECTION, VR::CS, "COL");
    text(&mut ds, Tag(0x0065, 0x100D), VR::SH, "F:2S");
    number(&mut ds, tags::REPETITION_TIME, 2000.0);
    let mut tiles = items(&ds, Tag(0x0065, 0x1051)).unwrap().to_vec();
    for (tile, time) in tiles.iter_mut().zip(clock) {
        text(tile, tags::ACQUISITION_TIME, VR::TM, time);
    }
    sequence(&mut ds, Tag(0x0065, 0x1051), tiles);
    ds
}

#[test]
fn tiles_are_timed_by_their_own_headers() {
    for way in [1.0, -1.0] {
        let slab = Slab::new(AXIAL, 4, way);
        let first = ["235959.5", "000000.1", "235959.8", "000000.4"];
        let second = ["000001.5", "000002.1", "000001.8", "000002.4"];
        let found = entries(&Study::of([grid(&slab, 0, &first), grid(&slab, 1, &second)]));
        let mut wanted = vec![0.0, 0.6, 0.3, 0.9];
        if way < 0.0 {
            wanted.reverse();
        }
        assert_eq!(found["SliceTiming"], serde_json::json!(wanted), "{way}");
        assert_eq!(value(&found, "ParallelReductionFactorInPlane"), 2.0);
    }
}

#[test]
fn polarity_is_its_own() {
    let stack = |polarity: Option<&'static str>| {
        Study::of((0..6).map(|uid| {
            let (step, k) = (uid / 3, uid % 3);
            let mut ds = planar("UIH", uid, step, 3.0 * k as f64, 1000.0);
            text(&mut ds, Tag(0x0065, 0x0010), VR::LO, "Image Private Header");
            let second = step as f64 + [0.0, 0.6, 0.3][k];
            text(&mut ds, tags::ACQUISITION_TIME, VR::TM, &format!("1010{second:09.6}"));
            if let Some(polarity) = polarity {
                text(&mut ds, Tag(0x0065, 0x1058), VR::IS, polarity);
            }
            ds
        }))
    };
    assert_eq!(word(&entries(&stack(Some("0"))), "PhaseEncodingDirection"), Some("j"));
    assert_eq!(word(&entries(&stack(Some("1"))), "PhaseEncodingDirection"), Some("j-"));
    assert_eq!(word(&entries(&stack(None)), "PhaseEncodingAxis"), Some("j"));
    assert_eq!(slice_times(&stack(None)), Some(vec![0.0, 0.6, 0.3]));
}
