//! Renders the first frame of an image to PGM (gray) or PPM (colour), by its own window or table, as `dcm2pnm +Wi 1`
//! does. `render FILE OUT.pnm`. Without arguments it renders an image it makes.
#[path = "support/sample.rs"]
mod sample;

use isocenter_dcm::{OpenOptions, display::Render};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (instance, out) = match words.as_slice() {
        [file, out] => (OpenOptions::new().open(file)?, out.into()),
        [] => (sample::sample(), std::env::temp_dir().join("isocenter-render.pnm")),
        _ => return Err("usage: render FILE OUT.pnm".into()),
    };
    let picture = instance.frame(0)?.render(&Render::default())?;
    let magic = if picture.channels == 1 { "P5" } else { "P6" };
    let header = format!("{magic}\n{} {}\n255\n", picture.columns, picture.rows);
    Ok(std::fs::write(out, [header.as_bytes(), &picture.pixels].concat())?)
}
