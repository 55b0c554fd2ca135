//! Folders of DICOM to NIfTI beside dcm2niix, and the floor: reading the inputs and writing as many bytes, nothing else.
//!
//! `cargo run --release -p isocenter-benches --example convert_side -- slices slices-gz jpeg2000 small`; `few`, a handful of files, where nothing is named. Each side runs in a process of its own, in turns, on
//! the same generated files: `slices` (3,000 MR slices of 256 x 256 in 20 series, some 300 elements each), `slices-gz` (to .nii.gz),
//! `jpeg2000` (120 slices of 512 x 512, without loss) and `small` (5,000 of 64 x 64 in 100 series). A line a side: the median of CPU and wall seconds, the most
//! memory, and the ratios to the floor. dcm2niix is taken from the path, or from the variable `DCM2NIIX`; the Rust peer (`dcm-cli` 0.1.0, which takes the same
//! letters) from the variable `DCM_CLI`. Where one is not there, or fails, it is left out.
#![allow(missing_docs, clippy::expect_used, clippy::print_stdout)]

use std::{
    env, fs,
    io::{Read, Write},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use isocenter::convert::{Options, output::Outputs};
use isocenter_dcm::{
    Dataset, FileMeta, Instance, Tag, VR,
    dicom_core::{DataElement, PrimitiveValue},
    pixel::transcode,
    tags,
};
use isocenter_volume::Ctx;

/// Runs of each side; the first does not count.
const RUNS: usize = 5;

struct Case {
    name: &'static str,
    series: usize,
    slices: usize,
    side: u16,
    gz: bool,
    jpeg2000: bool,
}

const CASES: [Case; 5] = [
    Case { name: "few", series: 2, slices: 4, side: 32, gz: false, jpeg2000: false },
    Case { name: "slices", series: 20, slices: 150, side: 256, gz: false, jpeg2000: false },
    Case { name: "slices-gz", series: 20, slices: 150, side: 256, gz: true, jpeg2000: false },
    Case { name: "jpeg2000", series: 1, slices: 120, side: 512, gz: false, jpeg2000: true },
    Case { name: "small", series: 100, slices: 50, side: 64, gz: false, jpeg2000: false },
];

/// JPEG 2000 without loss.
const JPEG_2000: &str = "1.2.840.10008.1.2.4.90";

fn main() {
    let given: Vec<String> = env::args().skip(1).collect();
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    match *given.as_slice() {
        ["--ours", from, to, gz] => ours(from, to, gz == "gz"),
        ["--floor", from, to, bytes] => {
            floor(Path::new(from), Path::new(to), bytes.parse().expect("a number of bytes"))
        }
        ref names => {
            let names = if names.is_empty() { &["few"] } else { names };
            for case in CASES.iter().filter(|case| names.contains(&case.name)) {
                measure(case);
            }
        }
    }
}

fn ours(from: &str, to: &str, gz: bool) {
    let outputs = Outputs::to(to).extension(if gz { "nii.gz" } else { "nii" });
    let done = isocenter::to_files(&[from.into()], &outputs, &Options::default(), false).expect("the files are sound");
    assert!(done.rejected.is_empty());
}

/// Reads every file whole, and writes `bytes` of what was read.
fn floor(from: &Path, to: &Path, bytes: u64) {
    let mut out = fs::File::create(to.join("floor")).expect("the folder takes a file");
    let (mut buffer, mut left) = (Vec::new(), bytes as usize);
    let mut paths: Vec<_> = fs::read_dir(from).expect("the folder").map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    let each = left.div_ceil(paths.len());
    for path in paths {
        buffer.clear();
        fs::File::open(path).and_then(|mut file| file.read_to_end(&mut buffer)).expect("the file is read");
        let part = each.min(left).min(buffer.len());
        out.write_all(&buffer[buffer.len() - part..]).expect("the file takes it");
        left -= part;
    }
}

fn measure(case: &Case) {
    let folder = tempfile::tempdir().expect("a folder of temporary files");
    let (from, to) = (folder.path().join("in"), folder.path().join("out"));
    fs::create_dir(&from).expect("a folder");
    generate(case, &from);
    let this = env::current_exe().expect("this program has a path");
    let peer = env::var("DCM2NIIX").unwrap_or_else(|_| "dcm2niix".to_owned());
    let (from, to) = (from.to_string_lossy().into_owned(), to.to_string_lossy().into_owned());
    let gz = if case.gz { "gz" } else { "" };
    let ours = || {
        let mut command = Command::new(&this);
        command.args(["--ours", &from, &to, gz]);
        command
    };
    let by_letters = |program: &str| {
        let mut command = Command::new(program);
        command.args(["-z", if case.gz { "y" } else { "n" }, "-f", "%s", "-o", &to, &from]);
        command
    };
    let peers = || by_letters(&peer);
    let rust_peer = env::var("DCM_CLI").unwrap_or_else(|_| "dcm-cli".to_owned());
    let rust_peers = || by_letters(&rust_peer);
    let written = run(ours(), &to).expect("this program runs").bytes;
    let floor = || {
        let mut command = Command::new(&this);
        command.args(["--floor", &from, &to, &written.to_string()]);
        command
    };
    let sides: [(&str, &dyn Fn() -> Command); 4] =
        [("floor", &floor), ("isocenter", &ours), ("dcm2niix", &peers), ("dcm-cli", &rust_peers)];
    let mut found: Vec<Vec<Run>> = sides.iter().map(|_| Vec::new()).collect();
    for turn in 0..RUNS {
        for ((name, side), runs) in sides.iter().zip(&mut found) {
            // the slowest side takes a minute a run
            if turn < 2 || *name != "dcm-cli" {
                runs.extend(run(side(), &to));
            }
        }
    }
    let median = |runs: &[Run], value: fn(&Run) -> f64| {
        let mut values: Vec<f64> = runs.iter().skip(1).map(value).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied()
    };
    let base = [median(&found[0], |r| r.cpu), median(&found[0], |r| r.wall)].map(|v| v.unwrap_or(f64::NAN));
    println!("{}: {} files, {written} bytes of outputs", case.name, case.series * case.slices);
    for ((name, _), runs) in sides.iter().zip(&found) {
        let (Some(cpu), Some(wall)) = (median(runs, |r| r.cpu), median(runs, |r| r.wall)) else {
            println!("  {name:<10} not here");
            continue;
        };
        let most = runs.iter().map(|r| r.memory_kb).max().unwrap_or_default() / 1024;
        let bytes = runs.last().map_or(0, |r| r.bytes);
        let (by_cpu, by_wall) = (cpu / base[0], wall / base[1]);
        println!(
            "  {name:<10} CPU {cpu:6.2} s ({by_cpu:5.2} of the floor)  wall {wall:6.2} s ({by_wall:5.2})  {most:4} MiB  {bytes} bytes"
        );
    }
}

struct Run {
    cpu: f64,
    wall: f64,
    memory_kb: u64,
    bytes: u64,
}

/// Runs a command to its end, with an empty folder for its outputs; `None` where there is none such, or it fails.
fn run(mut command: Command, to: &str) -> Option<Run> {
    let _ = fs::remove_dir_all(to);
    fs::create_dir(to).expect("a folder");
    let before = children_s();
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
    let mut memory_kb = 0;
    let status = loop {
        memory_kb = most_memory_kb(child.id()).unwrap_or(memory_kb);
        match child.try_wait().expect("a child is waited for") {
            Some(status) => break status,
            None => thread::sleep(Duration::from_millis(2)),
        }
    };
    let wall = start.elapsed().as_secs_f64();
    if !status.success() {
        return None;
    }
    let bytes =
        fs::read_dir(to).expect("the folder").map(|e| e.and_then(|e| e.metadata()).expect("a file").len()).sum();
    Some(Run { cpu: children_s() - before, wall, memory_kb, bytes })
}

/// CPU seconds of the children that have ended (proc(5): `cutime` and `cstime`, in hundredths).
fn children_s() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_ascii_whitespace();
    fields.skip(13).take(2).filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn most_memory_kb(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_ascii_whitespace().nth(1)?.parse().ok()
}

/// Series of slices as an MR scanner writes them: noise in a disk, 250 private elements.
fn generate(case: &Case, to: &Path) {
    let side = usize::from(case.side);
    let mut seed = 1u64;
    let mut noise = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % 32) as u16
    };
    let body: Vec<u16> = (0..side * side)
        .map(|n| {
            let [i, j] = [n % side, n / side].map(|v| v as f64 / side as f64 - 0.5);
            if i * i + j * j < 0.18 { (500.0 + 300.0 * i - 200.0 * j) as u16 } else { 0 }
        })
        .collect();
    for series in 0..case.series {
        for k in 0..case.slices {
            let pixels = body.iter().map(|&v| if v > 0 { v + noise() } else { 0 }).collect::<Vec<_>>();
            let ds = slice([series, k], case.side, pixels);
            let mut instance = Instance::new(FileMeta::default(), ds);
            if case.jpeg2000 {
                transcode(&mut instance, JPEG_2000, &Ctx::default()).expect("plain samples");
            }
            let bytes = instance.to_bytes().expect("a sound instance");
            fs::write(to.join(format!("{series:03}_{k:04}.dcm")), bytes).expect("the folder takes a file");
        }
    }
}

fn slice([series, k]: [usize; 2], side: u16, pixels: Vec<u16>) -> Dataset {
    let mut ds = Dataset::new_empty();
    let mut put = |tag, vr, value: &str| ds.put(DataElement::new(tag, vr, PrimitiveValue::from(value)));
    let z = 2.5 * k as f64;
    for (tag, vr, value) in [
        (tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.4".to_owned()),
        (tags::SOP_INSTANCE_UID, VR::UI, format!("1.2.3.{}.{}", series + 1, k + 1)),
        (tags::STUDY_INSTANCE_UID, VR::UI, "1.2.4".to_owned()),
        (tags::SERIES_INSTANCE_UID, VR::UI, format!("1.2.5.{}", series + 1)),
        (tags::FRAME_OF_REFERENCE_UID, VR::UI, "1.2.6".to_owned()),
        (tags::MODALITY, VR::CS, "MR".to_owned()),
        (tags::MANUFACTURER, VR::LO, "GE MEDICAL SYSTEMS".to_owned()),
        (tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY\\OTHER".to_owned()),
        (tags::PATIENT_ID, VR::LO, "bench".to_owned()),
        (tags::PATIENT_NAME, VR::PN, "Bench".to_owned()),
        (tags::SERIES_NUMBER, VR::IS, (series + 1).to_string()),
        (tags::INSTANCE_NUMBER, VR::IS, (k + 1).to_string()),
        (tags::SERIES_DESCRIPTION, VR::LO, "axial".to_owned()),
        (tags::IMAGE_POSITION_PATIENT, VR::DS, format!("-120\\-120\\{z}")),
        (tags::IMAGE_ORIENTATION_PATIENT, VR::DS, "1\\0\\0\\0\\1\\0".to_owned()),
        (tags::PIXEL_SPACING, VR::DS, "0.9375\\0.9375".to_owned()),
        (tags::SLICE_THICKNESS, VR::DS, "2.5".to_owned()),
        (tags::REPETITION_TIME, VR::DS, "2000".to_owned()),
        (tags::ECHO_TIME, VR::DS, "30".to_owned()),
        (tags::FLIP_ANGLE, VR::DS, "77".to_owned()),
        (tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2".to_owned()),
    ] {
        put(tag, vr, &value);
    }
    for group in [0x0019u16, 0x0021, 0x0027, 0x0029, 0x0043] {
        put(Tag(group, 0x0010), VR::LO, "BENCH_01");
        for element in 0x1001..0x1033 {
            put(Tag(group, element), VR::DS, "1.5\\2.5\\-3.25");
        }
    }
    for (tag, number) in [
        (tags::SAMPLES_PER_PIXEL, 1),
        (tags::ROWS, side),
        (tags::COLUMNS, side),
        (tags::BITS_ALLOCATED, 16),
        (tags::BITS_STORED, 16),
        (tags::HIGH_BIT, 15),
        (tags::PIXEL_REPRESENTATION, 1),
    ] {
        ds.put(DataElement::new(tag, VR::US, PrimitiveValue::from(number)));
    }
    ds.put(DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(pixels.into())));
    ds
}
