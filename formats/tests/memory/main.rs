//! From memory to memory: any reader, any writer, companions by name, progress, and stopping.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::{
    collections::BTreeMap,
    io::{self, Cursor, Read, Write},
    sync::atomic::{AtomicU64, Ordering},
};

use isocenter_formats::{
    Error, File, ReadOptions, Source, Stream, WriteOptions, read_bytes, read_from, read_head_from, source::Compression,
    write_bytes, write_pair, write_to, write_with,
};
use isocenter_volume::{
    Affine, AxisKind, Ctx, Family, Frame, Geometry, Head, Observer, SlowAxis, Volume, context::Progress,
};

const EXTENSIONS: [&str; 6] = ["nii", "nii.gz", "nrrd", "mha", "mgh", "mgz"];

fn file(shape: [usize; 3]) -> File {
    let affine = Affine::from_spacing_origin([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]);
    let geometry = Geometry::new(shape, affine, Frame::Patient(None)).unwrap();
    let samples: Vec<i16> = (0..geometry.len()).map(|n| (n * n % 4001) as i16).collect();
    File::from_volume(Volume::new(samples, geometry).unwrap().into())
}

fn samples(file: &File) -> Vec<i16> {
    file.volume.samples().get::<i16>().unwrap().to_vec()
}

/// Gives a byte at a time and cannot seek.
struct Drops<R>(R);

impl<R: Read> Read for Drops<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let len = out.len().min(1);
        self.0.read(&mut out[..len])
    }
}

/// Stops once that many units were done; counts how often it was asked and how far it was when it was told last.
struct Stopper {
    at: u64,
    seen: AtomicU64,
    calls: AtomicU64,
}

impl Stopper {
    fn after(at: u64) -> Self {
        Self { at, seen: AtomicU64::new(0), calls: AtomicU64::new(0) }
    }
}

impl Observer for Stopper {
    fn progress(&self, at: &Progress<'_>) {
        assert_eq!(at.stage(), "voxels");
        self.seen.store(at.done(), Ordering::Relaxed);
        self.calls.fetch_add(1, Ordering::Relaxed);
    }

    fn is_cancelled(&self) -> bool {
        self.seen.load(Ordering::Relaxed) >= self.at
    }
}

#[test]
fn any_reader_gives_what_bytes_give() {
    let file = file([5, 4, 3]);
    for extension in EXTENSIONS {
        let bytes = write_bytes(&file, extension, &WriteOptions::default()).unwrap();
        let sources = [
            Source::from_reader(Drops(bytes.as_slice())),
            Source::new(Stream::from_seekable(Cursor::new(&bytes)).unwrap(), Compression::Detect),
            Source::from_bytes(&bytes),
        ];
        for source in sources {
            let back = read_from(source.unwrap(), &ReadOptions::default()).unwrap();
            assert_eq!(samples(&back), samples(&file));
            assert_eq!((back.volume.geometry(), back.warnings.len()), (file.volume.geometry(), 0));
        }
    }
}

#[test]
fn a_stream_of_unknown_length_that_announces_much_takes_little() {
    let mut bytes = write_bytes(&file([5, 4, 3]), "nii", &WriteOptions::default()).unwrap();
    bytes[42..48].copy_from_slice(&[0x30, 0x75, 0x30, 0x75, 1, 0]); // 30,000 x 30,000 x 1
    let read = read_from(Source::from_reader(bytes.as_slice()).unwrap(), &ReadOptions::default());
    assert!(matches!(read, Err(Error::Truncated { wanted: 1_800_000_000, found: 120, .. })), "{read:?}");
}

#[test]
fn a_head_is_read_without_voxels() {
    let file = file([5, 4, 3]);
    for extension in EXTENSIONS {
        let bytes = write_bytes(&file, extension, &WriteOptions::default()).unwrap();
        // of the packed NIfTI the header lies within the first bytes
        let head = read_head_from(Source::from_bytes(&bytes).unwrap(), &ReadOptions::default()).unwrap();
        assert_eq!((&head.head, head.sample_type), (file.volume.head(), file.volume.sample_type()));
    }
}

#[test]
fn companions_come_by_name() {
    let file = file([5, 4, 3]);
    for (extension, data_name) in [("hdr", "a.img"), ("nhdr", "data/a.raw"), ("mhd", "a.raw")] {
        let (mut header, mut data) = (Vec::new(), Vec::new());
        let options = WriteOptions::default();
        write_pair([&mut header, &mut data], data_name, &file, extension, &options).unwrap();
        let beside = BTreeMap::from([(data_name.to_owned(), data)]);
        let read = |name: &str, beside: &BTreeMap<String, Vec<u8>>| {
            read_from(Source::from_bytes(&header).unwrap().beside(name, beside), &ReadOptions::default())
        };
        assert_eq!(samples(&read(&format!("a.{extension}"), &beside).unwrap()), samples(&file));
        let missing = read(&format!("a.{extension}"), &BTreeMap::new());
        assert!(matches!(missing, Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound));
        assert_eq!(read_bytes(&header, &ReadOptions::default()).unwrap_err().reason(), "unsupported");
    }
}

#[test]
fn writing_and_reading_tell_how_far_they_are() {
    let file = file([128, 128, 64]);
    let bytes = 128 * 128 * 64 * 2;
    for extension in EXTENSIONS {
        let listening = Stopper::after(u64::MAX);
        let ctx = Ctx::default().with_observer(&listening);
        let mut out = Vec::new();
        write_to(&mut out, &file, extension, &WriteOptions::default().ctx(ctx)).unwrap();
        assert_eq!(listening.seen.load(Ordering::Relaxed), bytes);
        assert!(listening.calls.load(Ordering::Relaxed) >= 8, "{extension}");
        read_bytes(&out, &ReadOptions::default().ctx(ctx)).unwrap();
        assert_eq!(listening.seen.load(Ordering::Relaxed), bytes);
    }
}

#[test]
fn a_wish_to_stop_is_its_own_error_and_leaves_no_file() {
    let file = file([128, 128, 64]);
    let folder = tempfile::tempdir().unwrap();
    for extension in ["nii", "nii.gz", "nrrd", "nhdr", "mha", "mhd", "mgz"] {
        let stopper = Stopper::after(1 << 19);
        let options = WriteOptions::default().ctx(Ctx::default().with_observer(&stopper));
        let stopped = write_with(folder.path().join(format!("a.{extension}")), &file, &options).unwrap_err();
        assert!(matches!(stopped, Error::Cancelled), "{extension}: {stopped}");
        assert_eq!((stopped.reason(), stopped.family()), ("cancelled", Family::Cancelled));
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
        assert!(stopper.seen.load(Ordering::Relaxed) < 1 << 20);
    }
    for extension in EXTENSIONS {
        let bytes = write_bytes(&file, extension, &WriteOptions::default()).unwrap();
        let stopper = Stopper::after(1 << 18);
        let options = ReadOptions::default().ctx(Ctx::default().with_observer(&stopper));
        assert!(matches!(read_bytes(&bytes, &options), Err(Error::Cancelled)), "{extension}");
    }
}

#[test]
fn axes_that_move_move_back_and_may_be_stopped() {
    let affine = Affine::from_spacing_origin([1.0; 3], [0.0; 3]);
    let geometry = Geometry::new([40, 30, 20], affine, Frame::Patient(None)).unwrap();
    let layers = SlowAxis::new(AxisKind::Layer, 7).unwrap();
    let values: Vec<i16> = (0..7 * 24_000).map(|n| (n % 31_999) as i16).collect();
    let head = Head::new(geometry).with_slow_axes(vec![layers]).unwrap();
    let volume = Volume::from_parts(head, values.clone()).unwrap();
    let file = File::from_volume(volume.into()).with_label_table(vec![(1, "a".to_owned())]);
    let bytes = write_bytes(&file, "nrrd", &WriteOptions::default().with_nrrd_gzip(false)).unwrap();
    let at = bytes.len() - 2 * values.len();
    // layers lie fastest in the file
    assert_eq!(bytes[at + 2..at + 4], values[24_000].to_le_bytes());
    let whole = read_bytes(&bytes, &ReadOptions::default()).unwrap();
    let drops = read_from(Source::from_reader(Drops(bytes.as_slice())).unwrap(), &ReadOptions::default()).unwrap();
    assert_eq!((samples(&whole), samples(&drops)), (values.clone(), values));
}

#[test]
fn a_writer_that_fails_is_blamed() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let refused = write_to(&mut Full, &file([5, 4, 3]), "nii.gz", &WriteOptions::default()).unwrap_err();
    assert!(matches!(&refused, Error::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull), "{refused}");
}
