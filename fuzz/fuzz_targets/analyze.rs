#![no_main]
//! An Analyze header, whose voxels are its own bytes, head alone and whole, written and read again.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::analyze(data));
