#![no_main]
//! Files of rules for pixels, of our own and of CTP.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::pixel_rules(data));
