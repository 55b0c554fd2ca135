//! Prints what files are by their first bytes, one line each with a keyed id in place of the name: `what_is FILE...`.
//!
//! The kinds are those that `file --brief` names in other words. The key is the published one: use your own.
#![allow(clippy::print_stdout, reason = "an example prints")]

use std::io::Read;

use isocenter_files::{Key, Signature};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let key = Key::demo();
    for path in std::env::args().skip(1) {
        let mut head = Vec::new();
        std::fs::File::open(&path)?.take(Signature::BYTES as u64).read_to_end(&mut head)?;
        let id = format!("{:032x}", key.bits("file", &[path.as_bytes()]));
        println!("{id} {}", Signature::of(&head).map_or("unknown", Signature::name));
    }
    Ok(())
}
