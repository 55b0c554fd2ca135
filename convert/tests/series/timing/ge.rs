//! GE: the packed protocol, the software's version, bands.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use isocenter_dcm::{Dataset, Tag, VR, tags};

use super::{entries, planar, slice_times, value, word};
use crate::{
    mosaic::made::put,
    support::{Study, number, text},
};

const BEFORE: &str = r"27\LX\MR Software release:RX27.0_R02_1831.a";
const AFTER: &str = r"30\LX\SIGNA_LX1.MR30.0_R01_2236.d";

struct Scan {
    name: &'static str,
    protocol: String,
    version: &'static str,
    slices: usize,
    tr_ms: f64,
    /// 1 where instance numbers go to the head.
    way: f64,
}

impl Scan {
    fn new(name: &'static str, slices: usize, protocol: &str) -> Self {
        let protocol = format!("POSITION \"Supine\"\n{protocol}\nNOSLC \"{slices}\"\n");
        Self { name, protocol, version: AFTER, slices, tr_ms: 1200.0, way: 1.0 }
    }

    fn study(&self, change: impl Fn(&mut Dataset)) -> Study {
        Study::of((0..2 * self.slices).map(|uid| {
            let (step, k) = (uid / self.slices, uid % self.slices);
            let mut ds = planar("GE MEDICAL SYSTEMS", uid, step, self.way * 4.0 * k as f64, self.tr_ms);
            for (group, creator) in
                [(0x0019, "GEMS_ACQU_01"), (0x0021, "GEMS_RELA_01"), (0x0025, "GEMS_SERS_01"), (0x0043, "GEMS_PARM_01")]
            {
                text(&mut ds, Tag(group, 0x0010), VR::LO, creator);
            }
            text(&mut ds, tags::SOFTWARE_VERSIONS, VR::LO, self.version);
            text(&mut ds, Tag(0x0019, 0x109C), VR::LO, self.name);
            put(&mut ds, Tag(0x0025, 0x101B), packed(self.protocol.as_bytes()));
            change(&mut ds);
            ds
        }))
    }

    fn times(&self) -> Option<Vec<f64>> {
        slice_times(&self.study(|_| {}))
    }
}

fn packed(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    let member = encoder.finish().unwrap();
    [(member.len() as u32).to_le_bytes().as_slice(), &member].concat()
}

fn shared(turns: &[usize], each: f64) -> Option<Vec<f64>> {
    Some(turns.iter().map(|turn| (*turn as f64 * each * 1e7).round() / 1e7).collect())
}

#[test]
fn the_protocol_orders_slices() {
    let functional = |order| Scan::new("epiRT", 6, &format!("IOPT \"EDR, EPI, FMRI\"\n{order}"));
    assert_eq!(functional("SLICEORDER \"0\"").times(), shared(&[0, 1, 2, 3, 4, 5], 0.2));
    assert_eq!(functional("SLICEORDER \"1\"").times(), shared(&[0, 3, 1, 4, 2, 5], 0.2));
    assert_eq!(functional("").times(), shared(&[0, 3, 1, 4, 2, 5], 0.2));
    // multi-phase scans are always interleaved
    let multi = Scan::new("epi", 6, "IOPT \"EPI, MPh\"\nSLICEORDER \"0\"");
    assert_eq!(multi.times(), shared(&[0, 3, 1, 4, 2, 5], 0.2));
}

#[test]
fn times_go_with_the_prescription() {
    let mut scan = Scan::new("epiRT", 6, "SLICEORDER \"1\"");
    scan.way = -1.0;
    assert_eq!(scan.times(), shared(&[5, 2, 4, 1, 3, 0], 0.2));
}

#[test]
fn bands_follow_the_software() {
    let mut scan = Scan::new("epiRT", 8, "SLICEORDER \"1\"\nMBACCEL \"2\"");
    assert_eq!(scan.times(), shared(&[0, 3, 1, 2, 0, 3, 1, 2], 0.3));
    scan.version = BEFORE;
    assert_eq!(scan.times(), shared(&[0, 3, 1, 4, 2, 0, 3, 1], 0.24));
    assert_eq!(value(&entries(&scan.study(|_| {})), "MultibandAccelerationFactor"), 2.0);
    scan.version = r"25\LX\MR Software release:DV25.0_R02_1549.b";
    assert_eq!(scan.times(), None);
    // the element counts too
    let single = Scan::new("epiRT", 8, "SLICEORDER \"1\"");
    let found = entries(&single.study(|ds| text(ds, Tag(0x0043, 0x10B6), VR::LO, r"2\4\19\\\\")));
    assert_eq!(found["SliceTiming"], serde_json::json!([0.0, 0.9, 0.3, 0.6, 0.0, 0.9, 0.3, 0.6]));
}

#[test]
fn a_delay_after_each_repetition_is_no_part_of_it() {
    let scan = Scan::new("epiRT", 6, "SLICEORDER \"0\"");
    let found = slice_times(&scan.study(|ds| number(ds, Tag(0x0043, 0x107C), 0.6)));
    assert_eq!(found, shared(&[0, 1, 2, 3, 4, 5], 0.2));
}

#[test]
fn diffusion_has_times_unless_its_gradients_are_cycled() {
    let scan = Scan::new("epi2", 4, "IOPT \"EPI, DIFF\"");
    let on = |model: &'static str, mode: f64, derating: f64| {
        entries(&scan.study(|ds| {
            text(ds, tags::MANUFACTURER_MODEL_NAME, VR::LO, model);
            number(ds, Tag(0x0019, 0x10B3), mode);
            number(ds, Tag(0x0019, 0x10B6), derating);
            number(ds, Tag(0x0019, 0x10E0), 30.0);
        }))
    };
    let pioneer = on("SIGNA Pioneer", 0.0, 0.0);
    assert_eq!(pioneer["SliceTiming"], serde_json::json!([0.0, 0.6, 0.3, 0.9]));
    assert_eq!(value(&pioneer, "NumberOfDiffusionDirectionGE"), 30.0);
    let special = on("SIGNA Premier", 0.0, 0.72);
    assert!(special.contains_key("SliceTiming") && word(&special, "DiffGradientCyclingGE") == Some("SPOFF"));
    for (mode, name) in [(0.0, "ALLTR"), (2.0, "2TR"), (3.0, "3TR")] {
        let found = on("SIGNA Premier", mode, 0.0);
        assert!(!found.contains_key("SliceTiming"));
        assert_eq!(word(&found, "DiffGradientCyclingGE"), Some(name));
    }
}

#[test]
fn what_cannot_be_read_gives_no_times() {
    let scan = Scan::new("epiRT", 6, "SLICEORDER \"1\"");
    let whole = packed(scan.protocol.as_bytes());
    for cut in [0, 4, 10, whole.len() / 2] {
        assert_eq!(slice_times(&scan.study(|ds| put(ds, Tag(0x0025, 0x101B), whole[..cut].to_vec()))), None);
    }
    let swollen = packed(&vec![b'\n'; 64 << 20]);
    assert_eq!(slice_times(&scan.study(|ds| put(ds, Tag(0x0025, 0x101B), swollen.clone()))), None);
    let other = packed(b"SLICEORDER \"1\"\nNOSLC \"7\"\n");
    assert_eq!(slice_times(&scan.study(|ds| put(ds, Tag(0x0025, 0x101B), other.clone()))), None);
    assert_eq!(slice_times(&scan.study(|ds| text(ds, tags::SOFTWARE_VERSIONS, VR::LO, "unknown"))), None);
    // nor does a scan that is none of these
    assert_eq!(slice_times(&scan.study(|ds| text(ds, Tag(0x0019, 0x109C), VR::LO, "fgre"))), None);
}

#[test]
fn polarity_and_readout() {
    let scan = Scan::new("epiRT", 6, "SLICEORDER \"1\"");
    let with = |order: &'static str, options: &'static str| {
        entries(&scan.study(|ds| {
            text(ds, tags::RECTILINEAR_PHASE_ENCODE_REORDERING, VR::CS, order);
            text(ds, tags::SCAN_OPTIONS, VR::CS, options);
            ds.put(isocenter_dcm::dicom_core::DataElement::new(
                tags::ACQUISITION_MATRIX,
                VR::US,
                isocenter_dcm::dicom_core::PrimitiveValue::U16([128, 0, 0, 128].into_iter().collect()),
            ));
            text(ds, Tag(0x0043, 0x102C), VR::IS, "636");
            text(ds, Tag(0x0043, 0x1083), VR::DS, r"0.666667\1");
        }))
    };
    let found = with("LINEAR", "EPI_GEMS\\PFF");
    assert_eq!(word(&found, "PhaseEncodingDirection"), Some("j-"));
    assert_eq!(word(&found, "PhaseEncodingPolarityGE"), Some("Flipped"));
    assert_eq!(value(&found, "ParallelReductionFactorInPlane"), 1.5);
    // 128 lines, of which 88 at 636 us: as the notes on GE work it out
    let spacing = 87.0 * 636e-6 / 127.0;
    assert!((value(&found, "EffectiveEchoSpacing") - spacing).abs() < 1e-12);
    assert!((value(&found, "TotalReadoutTime") - 2.0 * spacing).abs() < 1e-12);
    // 86 of them without partial Fourier
    let found = with("REVERSE_LINEAR", "EPI_GEMS");
    assert!((value(&found, "EffectiveEchoSpacing") - 85.0 * 636e-6 / 127.0).abs() < 1e-12);
    assert_eq!(word(&found, "PhaseEncodingDirection"), Some("j"));
}

#[test]
fn without_instance_numbers_the_order_is_not_known() {
    let scan = Scan::new("epiRT", 6, "SLICEORDER \"1\"");
    let without = |ds: &mut Dataset| {
        ds.remove_element(tags::INSTANCE_NUMBER);
    };
    assert_eq!(slice_times(&scan.study(without)), None);
}

#[test]
fn a_polarity_that_is_turned_leaves_the_axis() {
    let scan = Scan::new("epi_pepolar", 6, "SLICEORDER \"1\"");
    let with = |mode: f64| {
        entries(&scan.study(|ds| {
            text(ds, tags::RECTILINEAR_PHASE_ENCODE_REORDERING, VR::CS, "LINEAR");
            number(ds, Tag(0x0019, 0x10B3), mode);
        }))
    };
    assert_eq!(word(&with(0.0), "PhaseEncodingDirection"), Some("j-"));
    for mode in [1.0, 2.0, 3.0] {
        let found = with(mode);
        assert_eq!((word(&found, "PhaseEncodingDirection"), word(&found, "PhaseEncodingAxis")), (None, Some("j")));
    }
}
