#![no_main]
//! A file, whole and header only.
libfuzzer_sys::fuzz_target!(init: isocenter_fuzz::allow_caught_panics(), |data: &[u8]| isocenter_fuzz::open(data));
