#![no_main]
//! Text in every character set.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::charset(data));
