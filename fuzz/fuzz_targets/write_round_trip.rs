#![no_main]
//! A file, written back twice.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::write_round_trip(data));
