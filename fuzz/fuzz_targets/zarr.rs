#![no_main]
//! Metadata of Zarr, and the bytes of every chunk: head alone and whole.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::zarr(data));
