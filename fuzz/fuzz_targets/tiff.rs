#![no_main]
//! A TIFF, head alone and whole.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::tiff(data));
