//! What a user of `isocenter register` relies on beside a pair: chains applied, many onto one, the motion of a series, pictures.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod apply;
mod each;
mod figure;
mod group;
mod images;
mod motion;
mod points;
