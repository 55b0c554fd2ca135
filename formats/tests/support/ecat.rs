//! ECAT 7 files made byte by byte.

/// A matrix of 2 x 1 x 2 shorts.
#[derive(Clone, Copy)]
pub struct Matrix {
    pub frame: u32,
    pub gate: u32,
    /// Number of its block.
    pub block: u32,
    pub scale: f32,
    pub start_ms: u32,
    pub values: [i16; 4],
}

pub const ONE: Matrix = Matrix { frame: 1, gate: 1, block: 3, scale: 0.5, start_ms: 0, values: [1, -2, 3, 32_767] };

pub fn put(bytes: &mut Vec<u8>, at: usize, value: &[u8]) {
    bytes.resize(bytes.len().max((at + value.len()).next_multiple_of(512)), 0);
    bytes[at..at + value.len()].copy_from_slice(value);
}

/// A file whose directory is in block 2, of so many of the matrices, and goes on behind them where there are more.
pub fn file(matrices: &[Matrix], in_first: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    put(&mut bytes, 0, b"MATRIX72v");
    put(&mut bytes, 50, &7u16.to_be_bytes());
    put(&mut bytes, 144, &2f32.to_be_bytes());
    put(&mut bytes, 182, b"DOE^JANE");
    put(&mut bytes, 466, b"Bq/cc");
    let more = matrices.iter().map(|m| m.block + 2).max().unwrap_or(3);
    let (first, rest) = matrices.split_at(in_first.min(matrices.len()));
    for (block, next, part) in [(2, if rest.is_empty() { 2 } else { more }, first), (more, 2, rest)] {
        if part.is_empty() && block != 2 {
            continue;
        }
        let at = (block as usize - 1) * 512;
        for (n, word) in [31 - part.len() as u32, next, 2, part.len() as u32].iter().enumerate() {
            put(&mut bytes, at + 4 * n, &word.to_be_bytes());
        }
        for (n, m) in part.iter().enumerate() {
            let id = m.frame | (1 << 16) | (m.gate << 24);
            for (k, word) in [id, m.block, m.block + 1, 1].iter().enumerate() {
                put(&mut bytes, at + 16 * (n + 1) + 4 * k, &word.to_be_bytes());
            }
        }
    }
    for m in matrices {
        let at = (m.block as usize - 1) * 512;
        for (place, value) in [(0, 6u16), (2, 3), (4, 2), (6, 1), (8, 2)] {
            put(&mut bytes, at + place, &value.to_be_bytes());
        }
        for (place, value) in [(10, 0.1f32), (26, m.scale), (34, 0.25), (38, 0.5), (42, 0.75)] {
            put(&mut bytes, at + place, &value.to_be_bytes());
        }
        put(&mut bytes, at + 50, &m.start_ms.to_be_bytes());
        for (n, value) in m.values.iter().enumerate() {
            put(&mut bytes, at + 512 + 2 * n, &value.to_be_bytes());
        }
    }
    bytes
}
