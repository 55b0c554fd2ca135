#![no_main]
//! A FITS file, head alone and whole.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::fits(data));
