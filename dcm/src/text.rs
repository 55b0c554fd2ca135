//! Text of any Specific Character Set as Unicode, and a visitor over all text of a data set.
//!
//! Values are decoded while a file is opened: what a [`Dataset`](crate::Dataset) of this crate holds is Unicode already, with
//! ISO 2022 code extensions resolved, so that a search for a name finds it. Specific Character Set keeps what the file said;
//! [`write`](crate::write) turns it to UTF-8 where text is not ASCII.
//!
//! Source: DICOM PS3.3 C.12.1.1.2 (the terms), PS3.5 section 6.1 (code extensions, what resets them).

mod charset;
mod iso2022;
mod single_byte;
mod visit;

pub use charset::{Charset, Decoded};
pub use visit::{PathStep, TagPath, all_strings, visit_text};
