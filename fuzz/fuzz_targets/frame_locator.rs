#![no_main]
//! Fragments and offset tables.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::frame_locator(data));
