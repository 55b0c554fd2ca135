//! Order of the bytes of a number.

/// Order of the bytes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endian {
    Little,
    Big,
}

impl Endian {
    pub(crate) const NATIVE: Self = if cfg!(target_endian = "little") { Self::Little } else { Self::Big };
}

/// Reverses the bytes of every word.
pub(crate) fn swap(bytes: &mut [u8], word: usize) {
    match word {
        2 => bytes.as_chunks_mut::<2>().0.iter_mut().for_each(|w| w.reverse()),
        4 => bytes.as_chunks_mut::<4>().0.iter_mut().for_each(|w| w.reverse()),
        8 => bytes.as_chunks_mut::<8>().0.iter_mut().for_each(|w| w.reverse()),
        _ => {}
    }
}
