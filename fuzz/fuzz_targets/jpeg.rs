#![no_main]
//! JPEG with the cosine transform.
libfuzzer_sys::fuzz_target!(init: isocenter_fuzz::allow_caught_panics(), |data: &[u8]| isocenter_fuzz::codec(data, "1.2.840.10008.1.2.4.51"));
