#![no_main]
//! Deflated frames and data sets.
libfuzzer_sys::fuzz_target!(init: isocenter_fuzz::allow_caught_panics(), |data: &[u8]| isocenter_fuzz::deflated(data));
