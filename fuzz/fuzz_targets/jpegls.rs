#![no_main]
//! JPEG-LS.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::codec(data, "1.2.840.10008.1.2.4.80"));
