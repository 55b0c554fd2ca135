//! What must hold of any bytes.

use std::fmt;

use isocenter_dcm::{Error, Instance, OpenOptions, ReadLimits, Warning, pixel, text};

use super::MEMORY;
use super::make;

/// Bytes that any file may take, whatever its size.
const FLOOR: u64 = 64 << 20;
/// Copies of the file that may be live at once: its values, their bytes written, and the values read again.
const COPIES: u64 = 4;

/// What became of the mutants.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) opened: u64,
    pub(crate) refused: u64,
    pub(crate) decoded: u64,
    pub(crate) damaged: u64,
    most: u64,
    whose: String,
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { opened, refused, decoded, damaged, most, whose } = self;
        write!(f, "{opened} opened, {refused} refused; {decoded} decoded, {damaged} not; most memory {most} ({whose})")
    }
}

fn limits() -> ReadLimits {
    ReadLimits::default().file_bytes(16 << 20).frame_bytes(64 << 20).image_bytes(64 << 20)
}

/// Puts bytes through everything; panics where memory is above the bound.
pub(crate) fn check(name: &str, bytes: &[u8], seen: &mut Seen) {
    let before = MEMORY.current_usage() as u64;
    let mut declared = 0;
    let mut step = |what: &str, declared: u64, bound_of: &mut dyn FnMut()| {
        MEMORY.reset_peak_usage();
        bound_of();
        let used = (MEMORY.peak_usage() as u64).saturating_sub(before);
        let allowed = FLOOR + COPIES * bytes.len() as u64 + declared;
        assert!(used <= allowed, "{name}: {what} took {used} bytes, {allowed} allowed");
        if used > seen.most {
            (seen.most, seen.whose) = (used, format!("{what} of {name}"));
        }
    };
    step("header", 0, &mut || drop(OpenOptions::new().limits(limits()).header_only(true).parse(bytes)));
    let mut opened: Option<Instance> = None;
    step("open", 0, &mut || opened = OpenOptions::new().limits(limits()).parse(bytes).ok());
    let Some(instance) = opened else {
        seen.refused += 1;
        return;
    };
    seen.opened += 1;
    let mut decoded = Err(Error::NoPixelData);
    if instance.has_pixels() {
        declared = output(&instance);
        step("decode", declared, &mut || {
            decoded = make::decode_all(&instance);
            if let Ok(frames) = &decoded {
                assert_eq!(frames.samples.len(), frames.info.samples() * frames.info.frames, "{name}");
            }
        });
        *if decoded.is_ok() { &mut seen.decoded } else { &mut seen.damaged } += 1;
    }
    let frames = decoded.ok();
    step("facts", 2 * declared, &mut || {
        let _ = (instance.frame(0).map(|frame| frame.scaling()), text::all_strings(&instance.dataset));
    });
    drop(frames);
    step("write", 0, &mut || {
        let Ok(written) = instance.to_bytes() else { return };
        let back = match OpenOptions::new().parse(&written) {
            Ok(back) => back,
            // Plain bytes under a syntax of fragments are held against their frames only when they are written as native.
            Err(Error::Truncated { .. }) if !instance.transfer_syntax().is_ok_and(|s| !s.is_encapsulated()) => return,
            Err(error) => panic!("{name}: {error}"),
        };
        let again = back.to_bytes().unwrap_or_else(|error| panic!("{name}: {error}"));
        // A value kept as UN bytes may be read by its dictionary's VR the next time: the second writing is the last word.
        let resolved = back.warnings.iter().any(|warning| matches!(warning, Warning::UnknownVrResolved { .. }));
        assert!(written == again || resolved, "{name}: written twice, two results");
    });
}

/// The bytes of all frames, where the limits allow them.
fn output(instance: &Instance) -> u64 {
    let Ok(info) = pixel::PixelInfo::of(&instance.dataset) else { return 0 };
    let channels = if info.photometric == pixel::Photometric::Palette { 3 } else { 1 };
    let frame = info.samples() as u64 * u64::from(info.bits_allocated.div_ceil(8));
    let all = frame.saturating_mul(info.frames as u64);
    if all <= limits().image_bytes { all * channels } else { 0 }
}
