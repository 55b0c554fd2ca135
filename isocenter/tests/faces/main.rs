//! Faces found by a template and removed, on phantoms and on real heads.

#![allow(clippy::unwrap_used, reason = "a test's helpers may panic")]

mod corpus;
mod find;
mod folders;
mod scene;
