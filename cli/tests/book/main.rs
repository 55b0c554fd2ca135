//! What the book shows is what the program does: console sessions are run, recipes are read, command lines are parsed.
#![allow(missing_docs, clippy::unwrap_used)]

mod blocks;
mod console;
mod recipes;
mod usage;
