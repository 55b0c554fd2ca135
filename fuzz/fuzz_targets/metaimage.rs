#![no_main]
//! A MetaImage file, head alone and whole, written and read again.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::metaimage(data));
