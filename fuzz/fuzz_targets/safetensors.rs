#![no_main]
//! A file of tensors, head alone and whole, written and read again.
libfuzzer_sys::fuzz_target!(|data: &[u8]| isocenter_fuzz::safetensors(data));
