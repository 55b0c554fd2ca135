#![no_main]
//! An ECAT 7 file, head and whole.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::ecat(data));
