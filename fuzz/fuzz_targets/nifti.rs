#![no_main]
//! A NIfTI file, head alone and whole, written and read again.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::nifti(data));
