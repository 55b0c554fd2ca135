//! Streams made sample by sample from the standard's formulas, with every code word five bits long.

use proptest::prelude::*;

use super::super::decode;
use crate::Error;
use crate::pixel::codec::jpeg::tests::info_of;

#[derive(Clone, Debug)]
struct Maker {
    size: [usize; 2],
    components: usize,
    precision: u8,
    selection: u8,
    /// Bits that the point transform takes away.
    lost: u8,
    /// Rows between restart markers; 0 for none.
    restart: usize,
    together: bool,
}

impl Maker {
    fn gray(size: [usize; 2]) -> Self {
        Self { size, components: 1, precision: 12, selection: 1, lost: 0, restart: 0, together: true }
    }

    fn predicted(&self, values: &[u16], [x, y]: [usize; 2], component: usize) -> i32 {
        let [columns, _] = self.size;
        let at = |x: usize, y: usize| i32::from(values[(y * columns + x) * self.components + component] >> self.lost);
        let first_row = if self.restart == 0 { y == 0 } else { y.is_multiple_of(self.restart) };
        match (x, first_row) {
            (0, true) => 1 << (self.precision - self.lost - 1),
            (_, true) => at(x - 1, y),
            (0, false) => at(x, y - 1),
            _ => {
                let (a, b, c) = (at(x - 1, y), at(x, y - 1), at(x - 1, y - 1));
                let formulas = [a, b, c, a + b - c, a + ((b - c) >> 1), b + ((a - c) >> 1), (a + b) >> 1];
                formulas[usize::from(self.selection) - 1]
            }
        }
    }

    /// A stream without its end marker.
    fn stream(&self, values: &[u16]) -> Vec<u8> {
        let [columns, rows] = self.size;
        let mut out = vec![0xFF, 0xD8, 0xFF, 0xC4, 0, 36, 0, 0, 0, 0, 0, 17];
        out.extend([0; 11]);
        out.extend(0..=16);
        let count = self.components as u8;
        out.extend([0xFF, 0xC3, 0, 8 + 3 * count, self.precision]);
        out.extend([(rows >> 8) as u8, rows as u8, (columns >> 8) as u8, columns as u8, count]);
        out.extend((0..count).flat_map(|c| [c, 0x11, 0]));
        let interval = self.restart * columns;
        out.extend([0xFF, 0xDD, 0, 4, (interval >> 8) as u8, interval as u8]);
        let all: Vec<usize> = (0..self.components).collect();
        for scan in all.chunks(if self.together { self.components } else { 1 }) {
            out.extend([0xFF, 0xDA, 0, 6 + 2 * scan.len() as u8, scan.len() as u8]);
            out.extend(scan.iter().flat_map(|&c| [c as u8, 0]));
            out.extend([self.selection, 0, self.lost]);
            let mut bits = Vec::new();
            let mut restarts = 0;
            for y in 0..rows {
                if y > 0 && self.restart > 0 && y.is_multiple_of(self.restart) {
                    out.extend(packed(&std::mem::take(&mut bits)));
                    out.extend([0xFF, 0xD0 + restarts % 8]);
                    restarts += 1;
                }
                for x in 0..columns {
                    for &component in scan {
                        let value = i32::from(values[(y * columns + x) * self.components + component] >> self.lost);
                        put(&mut bits, (value - self.predicted(values, [x, y], component)) as i16);
                    }
                }
            }
            out.extend(packed(&bits));
        }
        out
    }

    fn decoded(&self, stream: &[u8]) -> Result<Vec<i32>, Error> {
        let precision = u16::from(self.precision);
        Ok(decode(stream, &mut info_of(self.size, self.components, precision))?.values.numbers())
    }
}

fn put(bits: &mut Vec<bool>, difference: i16) {
    let size = 16 - difference.unsigned_abs().leading_zeros();
    let extra = if size < 16 { size } else { 0 };
    let tail = (i32::from(difference) - i32::from(difference < 0)) as u32;
    bits.extend((0..5).rev().map(|bit| size >> bit & 1 == 1));
    bits.extend((0..extra).rev().map(|bit| tail >> bit & 1 == 1));
}

/// Bytes with ones behind the last bit, and a zero behind each byte of ones.
fn packed(bits: &[bool]) -> Vec<u8> {
    let byte = |eight: &[bool]| (0..8).fold(0, |sum, at| sum << 1 | u8::from(eight.get(at).copied().unwrap_or(true)));
    let bytes = bits.chunks(8).map(byte);
    bytes.flat_map(|byte| if byte == 0xFF { vec![0xFF, 0] } else { vec![byte] }).collect()
}

prop_compose! {
    fn any_maker()(
        size in [1usize..12, 1usize..12],
        components in prop::sample::select(vec![1usize, 3]),
        precision in 2u8..=16,
        selection in 1u8..=7,
        restart in 0usize..4,
        together in any::<bool>(),
    )(
        lost in 0..precision.min(4),
        noise in prop::collection::vec(any::<u16>(), size[0] * size[1] * components),
        maker in Just(Maker { size, components, precision, selection, lost: 0, restart, together }),
    ) -> (Maker, Vec<u16>) {
        let kept = u16::MAX << lost & (u32::from(u16::MAX) >> (16 - maker.precision)) as u16;
        (Maker { lost, ..maker }, noise.into_iter().map(|value| value & kept).collect())
    }
}

proptest! {
    #[test]
    fn every_stream_gives_its_samples((maker, values) in any_maker()) {
        let mut stream = maker.stream(&values);
        let wanted: Vec<i32> = values.into_iter().map(i32::from).collect();
        prop_assert_eq!(maker.decoded(&stream).unwrap(), wanted.clone(), "without an end marker");
        stream.extend([0xFF, 0xD9]);
        prop_assert_eq!(maker.decoded(&stream).unwrap(), wanted);
    }
}

#[test]
fn a_stream_that_ends_early_is_an_error_with_and_without_an_end_marker() {
    let maker = Maker::gray([9, 7]);
    let values: Vec<u16> = (0..63).map(|at| at * 37 % 4096).collect();
    let whole = maker.stream(&values);
    for length in 2..whole.len() {
        let cut = &whole[..length];
        assert!(maker.decoded(cut).is_err(), "{length}");
        assert!(maker.decoded(&[cut, &[0xFF, 0xD9]].concat()).is_err(), "{length} and an end marker");
    }
}

#[test]
fn sampling_factors_are_refused_by_name_where_they_change_the_order() {
    let factor = |maker: &Maker| {
        let mut stream = maker.stream(&vec![100; 12 * maker.components]);
        let frame = stream.windows(2).position(|pair| pair == [0xFF, 0xC3]).unwrap();
        stream[frame + 11] = 0x21;
        maker.decoded(&stream).err().map(|error| error.reason())
    };
    let gray = Maker::gray([4, 3]);
    assert_eq!(factor(&gray), None, "of a lone component it says nothing");
    assert_eq!(factor(&Maker { components: 3, ..gray }), Some("unsupported-codec"));
}

#[test]
fn rows_may_be_told_by_a_later_marker() {
    let maker = Maker::gray([5, 4]);
    let values: Vec<u16> = (0..20).map(|at| at * 91 % 4096).collect();
    let mut stream = maker.stream(&values);
    let frame = stream.windows(2).position(|pair| pair == [0xFF, 0xC3]).unwrap();
    stream[frame + 5..frame + 7].fill(0);
    stream.extend([0xFF, 0xDC, 0, 4, 0, 4, 0xFF, 0xD9]);
    assert_eq!(maker.decoded(&stream).unwrap(), values.iter().map(|&value| i32::from(value)).collect::<Vec<_>>());
}

#[test]
fn what_the_standard_rules_out_is_refused() {
    let maker = Maker::gray([3, 2]);
    let sound = maker.stream(&[100; 6]);
    let scan = sound.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
    for (at, byte, why) in [
        (scan + 5, 9, "a component that is not there"),
        (scan + 6, 0x10, "a table that is not there"),
        (scan + 7, 0, "no selection value"),
        (scan + 7, 8, "a selection value that is none"),
        (scan + 9, 12, "a point transform of all bits"),
        (scan - 1, 2, "a restart interval that ends within a row"),
    ] {
        let mut stream = sound.clone();
        stream[at] = byte;
        assert!(maker.decoded(&stream).is_err(), "{why}");
    }
    let twice = [&sound[..], &sound[scan..]].concat();
    assert!(maker.decoded(&twice).is_ok(), "what follows the image is not looked at");
}
