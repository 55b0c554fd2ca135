//! Scans of a progressive frame: bands, then bits, with runs of empty blocks.

use super::super::tables::ZIGZAG;
use super::{Blocks, Maker, Writer};

/// Means in two passes; the others in two bands without their last two bits, then these one by one.
pub(super) fn scans(maker: &Maker, blocks: &[Blocks], writer: &mut Writer) {
    let all = Vec::from_iter(0..blocks.len());
    means(maker, blocks, writer, &all, 0);
    for (component, blocks) in blocks.iter().enumerate() {
        for (band, bits) in [([1, 5], [0, 2]), ([6, 63], [0, 2]), ([1, 63], [2, 1]), ([1, 63], [1, 0])] {
            self::band(maker, component, blocks, writer, band, bits);
        }
    }
    means(maker, blocks, writer, &all, 1);
}

fn means(maker: &Maker, blocks: &[Blocks], writer: &mut Writer, all: &[usize], high: u8) {
    maker.start(writer, all, [0, 0], [high, 1 - high]);
    let mut state = (writer, [0; 4]);
    let restart = |state: &mut (&mut Writer, [i32; 4]), number| {
        state.0.restart(number);
        state.1 = [0; 4];
    };
    maker.walk(&mut state, all, restart, |(writer, last), component, place| {
        let mean = blocks[component][place][0];
        if high == 1 {
            writer.put(mean as u32 & 1, 1);
        } else {
            writer.mean((mean >> 1) - last[component]);
            last[component] = mean >> 1;
        }
    });
    state.0.flush();
}

/// What waits until a run of empty blocks ends: their number, and the bits of coefficients in them.
struct Run<'a> {
    writer: &'a mut Writer,
    blocks: u32,
    bits: Vec<u32>,
}

impl Run<'_> {
    fn end(&mut self) {
        if self.blocks > 0 {
            let size = 31 - self.blocks.leading_zeros();
            self.writer.symbol((size << 4) as u8);
            self.writer.put(self.blocks & ((1 << size) - 1), size);
        }
        self.blocks = 0;
        std::mem::take(&mut self.bits).into_iter().for_each(|bit| self.writer.put(bit, 1));
    }

    fn symbol(&mut self, run: u32, value: Option<i32>, refinements: &mut Vec<u32>) {
        self.end();
        match value {
            Some(value) => self.writer.number(run, value),
            None => self.writer.symbol(0xF0),
        }
        refinements.drain(..).for_each(|bit| self.writer.put(bit, 1));
    }
}

fn band(maker: &Maker, component: usize, blocks: &Blocks, writer: &mut Writer, band: [u8; 2], [high, low]: [u8; 2]) {
    maker.start(writer, &[component], band, [high, low]);
    let mut state = Run { writer, blocks: 0, bits: Vec::new() };
    let restart = |state: &mut Run<'_>, number| {
        state.end();
        state.writer.restart(number);
    };
    let places = &ZIGZAG[usize::from(band[0])..=usize::from(band[1])];
    maker.walk(&mut state, &[component], restart, |state, _, place| {
        // Numbers are cut towards 0.
        let values: Vec<i32> = places.iter().map(|&at| blocks[place][usize::from(at)] / (1 << low)).collect();
        // What comes new in this scan: all that is not 0, or what the scans before saw as 0.
        let is_new = |value: i32| value != 0 && (high == 0 || value.abs() == 1);
        let last = values.iter().rposition(|&value| is_new(value));
        let (mut run, mut refinements) = (0, Vec::new());
        for (at, &value) in values.iter().enumerate() {
            if value == 0 {
                run += 1;
                continue;
            }
            while run > 15 && Some(at) <= last {
                state.symbol(15, None, &mut refinements);
                run -= 16;
            }
            if is_new(value) {
                state.symbol(run, Some(value), &mut refinements);
                run = 0;
            } else {
                refinements.push(value.unsigned_abs() & 1);
            }
        }
        if run > 0 || !refinements.is_empty() {
            state.blocks += 1;
            state.bits.append(&mut refinements);
        }
    });
    state.end();
    state.writer.flush();
}
