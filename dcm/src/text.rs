//! Text of any Specific Character Set as Unicode, and a visitor over all text of a data set.
//!
//! Values are decoded while a file is opened: what a [`Dataset`](crate::Dataset) of this crate holds is Unicode already, with
//! ISO 2022 code extensions resolved, so that a search for a name finds it. Specific Character Set keeps what the file said;
//! [`write`](crate::write) turns text back into it, or into UTF-8 where a character has no place there.
//!
//! Bytes that no character set declares are read by a guess (UTF-8, else ISO 8859-1) and a warning, and are written as UTF-8 that
//! is declared. Bytes that are no characters of the set become U+FFFD with a warning, and U+FFFD is what is written.
//!
//! Source: DICOM PS3.3 C.12.1.1.2 (the terms), PS3.5 section 6.1 (code extensions, what resets them).

mod charset;
mod encode;
mod iso2022;
mod pairs;
mod single_byte;
mod utf8;
mod visit;

pub use charset::{Charset, Decoded};
pub use utf8::declare_utf8;
pub use visit::{PathStep, TagPath, all_strings, visit_text};
