//! Decodes pixels to a NumPy file, as `pydicom.dcmread(FILE).pixel_array` has them: stored values, palette indices left;
//! of a file that is cut off, what is left.
//! `decode FILE OUT.npy [--frame N] [--real]`; `--real` gives real values as f64. Without arguments it decodes an image it makes.
#[path = "support/npy.rs"]
mod npy;
#[path = "support/sample.rs"]
mod sample;

use isocenter_dcm::{OpenOptions, Tolerance, isocenter_volume::Ctx, pixel::DecodeOptions, scaling};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let real = words.iter().position(|w| w == "--real").map(|at| words.remove(at)).is_some();
    let frame =
        words.iter().position(|w| w == "--frame").and_then(|at| words.drain(at..).nth(1)).map(|n| n.parse::<usize>());
    let (frame, options) = (frame.transpose()?, DecodeOptions::default().palette(false).header_sign(true));
    let (instance, out) = match words.as_slice() {
        [file, out] => (OpenOptions::new().tolerance(Tolerance::Salvage).open(file)?, out.into()),
        [] => (sample::sample(), std::env::temp_dir().join("isocenter-decode.npy")),
        _ => return Err("usage: decode FILE OUT.npy [--frame N] [--real]".into()),
    };
    let decoded = match frame {
        Some(n) => instance.frame(n)?.decode(&options)?,
        None => instance.decode_all(&options, &Ctx::default())?,
    };
    if !real {
        let code = npy::code(decoded.samples.sample_type());
        return Ok(npy::write(&out, &decoded.info, frame, &code, &decoded.to_le_bytes())?);
    }
    let values = scaling::real_values(&instance.dataset, frame.unwrap_or(0), &decoded)?;
    Ok(npy::write(&out, &decoded.info, frame, "f8", &values.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<_>>())?)
}
