//! What a program that embeds the crate relies on: refusals by type, cancellation, nothing shown.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use isocenter_dcm::{OpenOptions, VR, tags};
use isocenter_deid::{Ctx, Deidentifier, Error, Family, Key, KnownValues, LeakScan, Profile, known};
use isocenter_volume::Observer;

use crate::build::{CT, bytes, instance, text};

/// Wants to stop once it has been asked so often.
struct After(AtomicU64);

impl Observer for After {
    fn is_cancelled(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_err()
    }
}

fn after(asked: u64) -> After {
    After(AtomicU64::new(asked))
}

fn deidentifier() -> Deidentifier {
    Deidentifier::new(Profile::basic(), &Key::from_bytes([7; 32]))
}

#[test]
fn a_header_alone_is_refused_and_stays_as_it_was() {
    let file = instance(CT, vec![bytes(tags::PIXEL_DATA, VR::OB, &[0; 64])]).to_bytes().unwrap();
    let mut header = OpenOptions::new().header_only(true).parse(&file).unwrap();
    let before = header.dataset.clone();
    let error = deidentifier().apply(&mut header, "x", &Ctx::default()).unwrap_err();
    assert_eq!((error.reason(), error.family()), ("header-only", Family::Argument));
    assert_eq!(header.dataset, before);
}

#[test]
fn cancelled_wherever_it_is_asked() {
    let whole = instance(CT, vec![bytes(tags::PIXEL_DATA, VR::OW, &[0; 64])]);
    let counted = after(u64::MAX);
    deidentifier().apply(&mut whole.clone(), "x", &Ctx::default().with_observer(&counted)).unwrap();
    let times = u64::MAX - counted.0.load(Ordering::Relaxed);
    assert!(times > 0);
    for asked in 0..times {
        let stop = after(asked);
        let stopped = deidentifier().apply(&mut whole.clone(), "x", &Ctx::default().with_observer(&stop));
        assert!(matches!(stopped, Err(Error::Cancelled)), "{asked} of {times}");
    }
}

#[test]
fn a_search_is_asked_often_and_misses_nothing_where_blocks_meet() {
    let mut known = KnownValues::new();
    known.gather_text("descrip", "scan of Quentina Roe");
    let scan = LeakScan::new(&known).unwrap();
    let name = b"scan of Quentina Roe";
    let mut text = vec![b'.'; 3 << 20];
    for start in [(1 << 20) - 7, 2 << 20, (3 << 20) - name.len()] {
        text[start..start + name.len()].copy_from_slice(name);
    }
    assert_eq!(scan.scan_content(&text, &Ctx::default()).unwrap(), scan.scan(&text));
    assert_eq!(scan.scan(&text).len(), 3);
    let stop = after(2);
    assert!(matches!(scan.scan_content(&text, &Ctx::default().with_observer(&stop)), Err(Error::Cancelled)));
}

/// Wants to stop after a while, and keeps the longest time between two questions.
struct Watch {
    begun: Instant,
    last: AtomicU64,
    longest: AtomicU64,
}

impl Observer for Watch {
    fn is_cancelled(&self) -> bool {
        let now = self.begun.elapsed().as_millis() as u64;
        self.longest.fetch_max(now - self.last.swap(now, Ordering::Relaxed), Ordering::Relaxed);
        false
    }
}

#[test]
fn a_long_search_asks_at_least_every_tenth_of_a_second() {
    let mut known = KnownValues::new();
    known.gather_text("descrip", "scan of Quentina Roe");
    let scan = LeakScan::new(&known).unwrap();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, &vec![b'7'; 96 << 20]).unwrap();
    let packed = packed.finish().unwrap();
    let watch = Watch { begun: Instant::now(), last: AtomicU64::new(0), longest: AtomicU64::new(0) };
    scan.scan_content(&packed, &Ctx::default().with_observer(&watch)).unwrap();
    let longest = Duration::from_millis(watch.longest.load(Ordering::Relaxed));
    // ten times what is promised: other tests share the machine
    assert!(longest < Duration::from_secs(1), "{longest:?}");
}

#[test]
fn files_are_gathered_by_patient_whatever_the_threads() {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for (name, id) in [("a", "MRN1"), ("b", "MRN2"), ("c", "MRN1")] {
        let path = folder.path().join(name);
        instance(
            CT,
            vec![
                text(tags::PATIENT_ID, VR::LO, id),
                text(tags::PATIENT_NAME, VR::PN, &format!("Roe^{name}{name}{name}{name}{name}")),
            ],
        )
        .write(&path)
        .unwrap();
        paths.push(path);
    }
    paths.push(folder.path().join("none"));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    let open = OpenOptions::new();
    let many = known::gather_files(&paths, &open, &Ctx::default().with_pool(&pool)).unwrap();
    assert_eq!((many.patients().count(), many.passed_over()), (2, &[3][..]));
    let (key, first) = many.patients().next().unwrap();
    assert_eq!(key.id(), Some("MRN1"));
    let scan = LeakScan::new(first).unwrap();
    assert_eq!((scan.scan(b"aaaaa").len(), scan.scan(b"ccccc").len(), scan.scan(b"bbbbb").len()), (1, 1, 0));
    let stop = after(1);
    assert!(known::gather_files(&paths, &open, &Ctx::default().with_observer(&stop)).is_err());
}

#[test]
fn nothing_of_a_patient_or_a_key_is_shown() {
    let mut known = KnownValues::new();
    known.gather_text("descrip", "Quentina");
    let scan = LeakScan::new(&known).unwrap();
    let shown = format!("{known:?} {scan:?} {:?}", deidentifier());
    assert!(!shown.contains("Quentina") && !shown.contains("7, 7"), "{shown}");
}
