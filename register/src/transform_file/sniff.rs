//! Whose file it is, by its bytes and by its name.

use std::path::Path;

use super::{Format, afni, elastix, itk, lta, minc, register_dat};

/// The eight bytes that HDF5 begins with.
const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";

/// Whether a text is of a format.
type Sniffer = fn(&str) -> bool;

/// What the bytes say by themselves; `None` for numbers alone.
pub(super) fn of_bytes(bytes: &[u8]) -> Option<Format> {
    if bytes.starts_with(HDF5) {
        return Some(Format::ItkHdf5);
    }
    if itk::matlab::is_matlab(bytes) {
        return Some(Format::Ants);
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let known: [(Sniffer, Format); 6] = [
        (itk::text::is_itk, Format::Itk),
        (minc::is_minc, Format::Minc),
        (lta::is_lta, Format::Lta),
        (elastix::is_elastix, Format::Elastix),
        (afni::is_afni, Format::Afni),
        (register_dat::is_register_dat, Format::RegisterDat),
    ];
    known.into_iter().find(|(is_it, _)| is_it(text)).map(|(_, format)| format)
}

/// What a name says by itself.
pub(super) fn of_name(path: &Path) -> Option<Format> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    let endings = [
        (".tfm", Format::Itk),
        (".h5", Format::ItkHdf5),
        (".hdf5", Format::ItkHdf5),
        (".txt", Format::RasMatrix),
        (".lta", Format::Lta),
        (".dat", Format::RegisterDat),
        (".1d", Format::Afni),
        (".xfm", Format::Minc),
        (".x5", Format::X5),
    ];
    endings.into_iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, format)| format)
}
