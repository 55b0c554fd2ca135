#![no_main]
//! Text of a transform, ITK's or a 4x4 matrix.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::transform(data));
