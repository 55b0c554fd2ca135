#![no_main]
//! Native pixel data.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::native(data));
