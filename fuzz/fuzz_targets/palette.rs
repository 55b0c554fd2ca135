#![no_main]
//! Palettes.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::palette(data));
