//! `isocenter register --apply T... --moving IMG --like F -o OUT`: a chain of transforms in one interpolation; or a list of points through it.

mod chain;
mod image;
mod points;

use serde_json::{Value, json};

use self::chain::Link;
use crate::args::{Common, RegisterArgs};

pub(super) fn run(args: &RegisterArgs, common: &Common) -> anyhow::Result<u8> {
    let links: Vec<Link> = args.apply.iter().map(|word| Link::of(word)).collect();
    match &args.points {
        Some(points) => points::run(args, points, &links, common),
        None => image::run(args, &links, common),
    }
}

fn links_json(links: &[Link]) -> Value {
    links.iter().map(|link| json!({ "file": link.file, "inverse": link.is_inverse })).collect()
}

/// A number of transforms in words.
fn counted(links: &[Link]) -> String {
    if links.len() == 1 { "one transform".to_owned() } else { format!("{} transforms", links.len()) }
}
