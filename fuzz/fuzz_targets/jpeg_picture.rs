#![no_main]
//! A JPEG picture, head alone and whole.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::jpeg_picture(data));
