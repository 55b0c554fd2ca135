#![no_main]
//! An archive of NumPy, head alone and whole, written and read again.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::npz(data));
