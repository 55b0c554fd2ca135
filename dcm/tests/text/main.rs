//! Text: what the standard's examples say, and what must hold of any text.
#![allow(clippy::unwrap_used)]

mod annex;
mod files;
mod law;
#[path = "../make/mod.rs"]
mod make;

use isocenter_dcm::text::Charset;

/// The character set of an element's value.
fn charset(value: &str) -> Charset {
    Charset::of(&value.split('\\').map(str::to_owned).collect::<Vec<_>>())
}
