#![no_main]
//! Text that is cleaned of what identifies.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::deid_text(data));
