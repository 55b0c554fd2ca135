//! The program `isocenter`.
fn main() {}
