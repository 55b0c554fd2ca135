//! Segments and bits, with two fixed Huffman tables that have short and long code words.

/// Means: for size n a code word of n + 1 bits, n ones and a zero.
fn mean_counts() -> [u8; 16] {
    [1; 16]
}

/// Others: 8 code words of 4 bits, 248 of 10.
fn other_counts() -> [u8; 16] {
    std::array::from_fn(|at| [(3, 8), (9, 248)].iter().find(|p| p.0 == at).map_or(0, |p| p.1))
}

pub(super) struct Writer {
    pub(super) bytes: Vec<u8>,
    held: u64,
    count: u32,
}

impl Writer {
    pub(super) fn new() -> Self {
        Self { bytes: Vec::new(), held: 0, count: 0 }
    }

    pub(super) fn segment(&mut self, marker: u8, body: Option<Vec<u8>>) {
        self.bytes.extend([0xFF, marker]);
        if let Some(body) = body {
            self.bytes.extend((body.len() as u16 + 2).to_be_bytes());
            self.bytes.extend(body);
        }
    }

    pub(super) fn tables(&mut self) {
        let means = [0].into_iter().chain(mean_counts()).chain(0..=15).collect();
        self.segment(0xC4, Some(means));
        let others = [0x10].into_iter().chain(other_counts()).chain(0..=255).collect();
        self.segment(0xC4, Some(others));
    }

    pub(super) fn put(&mut self, value: u32, count: u32) {
        for bit in (0..count).rev() {
            self.held = self.held << 1 | u64::from(value >> bit & 1);
            self.count += 1;
            if self.count == 8 {
                let byte = self.held as u8;
                self.bytes.push(byte);
                if byte == 0xFF {
                    self.bytes.push(0);
                }
                (self.held, self.count) = (0, 0);
            }
        }
    }

    /// Fills up the last byte.
    pub(super) fn flush(&mut self) {
        while self.count > 0 {
            self.put(1, 1);
        }
    }

    pub(super) fn restart(&mut self, number: u8) {
        self.flush();
        self.segment(0xD0 + number, None);
    }

    /// A symbol of the second table.
    pub(super) fn symbol(&mut self, symbol: u8) {
        match u32::from(symbol) {
            short @ 0..8 => self.put(short, 4),
            long => self.put((8 << 6) + long - 8, 10),
        }
    }

    /// A difference of means.
    pub(super) fn mean(&mut self, difference: i32) {
        let size = size(difference);
        self.put((1 << (size + 1)) - 2, size + 1);
        self.signed(difference, size);
    }

    /// A number behind `run` zeros.
    pub(super) fn number(&mut self, run: u32, value: i32) {
        let size = size(value);
        self.symbol((run << 4 | size) as u8);
        self.signed(value, size);
    }

    fn signed(&mut self, value: i32, size: u32) {
        let bits = if value < 0 { value + (1 << size) - 1 } else { value };
        self.put(bits as u32, size);
    }
}

fn size(value: i32) -> u32 {
    32 - value.unsigned_abs().leading_zeros()
}
