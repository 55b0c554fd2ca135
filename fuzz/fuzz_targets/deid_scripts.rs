#![no_main]
//! Scripts of other de-identifiers, in every format.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::deid_scripts(data));
