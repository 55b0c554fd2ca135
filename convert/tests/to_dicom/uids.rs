//! The same making gives the same bytes, and another one other UIDs.

use isocenter_convert::to_dicom::{Kind, ToDicom, Uids};
use isocenter_dcm::{tags, value};
use isocenter_files::Key;
use isocenter_volume::{Ctx, DynVolume};

use super::support::{grid, ramp, template, volume};

fn bytes(how: &ToDicom, volume: &DynVolume) -> Vec<Vec<u8>> {
    let source = template();
    let objects = how.make(volume, &source, &Ctx::default()).unwrap();
    objects.iter().map(|instance| instance.unwrap().to_bytes().unwrap()).collect()
}

fn uid(how: &ToDicom, volume: &DynVolume) -> String {
    let source = template();
    let objects = how.make(volume, &source, &Ctx::default()).unwrap();
    value::string(&objects.instance(0).unwrap().dataset, tags::SOP_INSTANCE_UID).unwrap()
}

#[test]
fn the_same_making_gives_the_same_bytes() {
    let volume = volume(grid([7, 5, 4], false, 0.0), ramp(140));
    for kind in Kind::ALL.into_iter().filter(|kind| !kind.is_legacy() && *kind != Kind::MultiFrameCapture) {
        let how = ToDicom::new(kind);
        assert_eq!(bytes(&how, &volume), bytes(&how, &volume), "{kind}");
    }
}

#[test]
fn whatever_differs_gives_other_uids() {
    let of = |samples: Vec<i16>, left| volume(grid([7, 5, 4], left, 0.0), samples);
    let one = of(ramp(140), false);
    let mut other = ramp(140);
    other[139] += 1;
    let ct = || ToDicom::new(Kind::Ct);
    let key = |byte| Uids::derived(Key::from_bytes([byte; 32]));
    let all = [
        uid(&ct(), &one),
        uid(&ct(), &of(other, false)),
        uid(&ct(), &of(ramp(140), true)),
        uid(&ToDicom::new(Kind::Mr), &one),
        uid(&ct().uids(key(1)), &one),
        uid(&ct().uids(key(2)), &one),
        uid(&ct().series_description("another"), &one),
    ];
    let distinct: std::collections::BTreeSet<_> = all.iter().collect();
    assert_eq!(distinct.len(), all.len());
    assert!(all.iter().all(|uid| uid.starts_with("2.25.") && uid.len() <= 44));
    assert_eq!(uid(&ct().uids(key(1)), &one), all[4]);
}

#[test]
fn given_uids_are_taken() {
    let volume = volume(grid([7, 5, 1], false, 0.0), ramp(35));
    let how = ToDicom::new(Kind::Ct).uids(Uids::given("1.2.3", vec!["1.2.3.4".to_owned()]));
    assert_eq!(uid(&how, &volume), "1.2.3.4");
}
