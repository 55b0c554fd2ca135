#![no_main]
//! A GIPL file, head alone and whole, written and read again.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::gipl(data));
