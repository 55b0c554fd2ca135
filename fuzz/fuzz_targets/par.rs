#![no_main]
//! The text of a PAR/REC pair, whose values are its own bytes.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::par(data));
