//! Streams made by [`make`](super::make), decoded and compared with the same transform in floating point.

use proptest::prelude::*;

use super::make::Maker;
use super::{Colour, decode};
use crate::Error;
use crate::pixel::{Photometric, PixelInfo, SampleKind};

/// A level for rounding, and what the fixed-point transform adds.
const TOLERANCE: f64 = 0.51;

fn info(maker: &Maker) -> PixelInfo {
    info_of(maker.size, maker.sampling.len(), u16::from(maker.precision))
}

/// What a header says of an image of these columns and rows, samples per pixel and bits.
pub(super) fn info_of(size: [usize; 2], samples_per_pixel: usize, bits: u16) -> PixelInfo {
    PixelInfo {
        rows: size[1] as u16,
        columns: size[0] as u16,
        frames: 1,
        samples_per_pixel: samples_per_pixel as u16,
        planar: false,
        bits_allocated: 16,
        bits_stored: bits,
        high_bit: bits - 1,
        signed: false,
        photometric: if samples_per_pixel == 1 { Photometric::Monochrome2 } else { Photometric::Rgb },
        kind: SampleKind::Integer,
    }
}

/// A slope with waves and noise on it, of any component, within 12 bits.
fn scene(component: usize, x: usize, y: usize) -> f64 {
    let noise = (x * 7919 + y * 104_729 + component * 1299) % 211;
    (200 + 700 * component + 11 * x + 7 * y + (x * y) % 64 * 3 + noise) as f64
}

fn reason(stream: &[u8], maker: &Maker) -> Option<&'static str> {
    decode(stream, &mut info(maker)).err().map(|error| error.reason())
}

/// Decodes what was made and compares with the coefficients in floating point; components must not be subsampled.
fn check(maker: &Maker) {
    let blocks = maker.transform(scene);
    let found = decode(&maker.stream(&blocks), &mut info(maker)).unwrap();
    assert_eq!(found.precision, u16::from(maker.precision));
    let (count, numbers) = (maker.sampling.len(), found.values.numbers());
    for (component, blocks) in blocks.iter().enumerate() {
        let (wanted, stride) = (maker.samples(component, blocks), maker.stride(component) * 8);
        for (at, &value) in numbers.iter().skip(component).step_by(count).enumerate() {
            let (x, y) = (at % maker.size[0], at / maker.size[0]);
            assert!((f64::from(value) - wanted[y * stride + x]).abs() <= TOLERANCE, "{component} {x} {y}");
        }
    }
}

#[test]
fn gray_of_12_bits_is_within_a_level_of_the_floating_point_transform() {
    for (columns, rows) in [(1, 1), (8, 8), (40, 24), (37, 61)] {
        for step in [1, 5, 300] {
            check(&Maker::gray(columns, rows, step));
        }
    }
}

#[test]
fn fine_steps_give_the_image_back() {
    let maker = Maker::gray(70, 50, 1);
    let found = decode(&maker.stream(&maker.transform(scene)), &mut info(&maker)).unwrap().values.numbers();
    // A step of 1 is an error of up to half a level in each of 64 coefficients; most cancel.
    let worst = found.iter().enumerate().map(|(at, &v)| (f64::from(v) - scene(0, at % 70, at / 70)).abs());
    assert!(worst.fold(0.0, f64::max) <= 2.0);
}

#[test]
fn restart_intervals_separate_scans_and_colours_are_read() {
    for process in [1, 2] {
        for restart in [0, 1, 7] {
            for together in [true, false] {
                let sampling = vec![[1, 1]; 3];
                check(&Maker { process, restart, together, sampling, ..Maker::gray(35, 27, 9) });
            }
            check(&Maker { process, restart, ..Maker::gray(90, 33, 40) });
        }
    }
}

#[test]
fn a_single_component_has_blocks_in_rows_whatever_its_sampling_factors() {
    check(&Maker { sampling: vec![[2, 2]], ..Maker::gray(35, 27, 9) });
}

/// What another decoder of 8 bits makes of a stream: components as they are.
fn reference(stream: &[u8], components: usize) -> Vec<i32> {
    let mut decoder = jpeg_decoder::Decoder::new(stream);
    if components == 3 {
        decoder.set_color_transform(jpeg_decoder::ColorTransform::RGB);
    }
    decoder.decode().unwrap().into_iter().map(i32::from).collect()
}

/// A stream of 8 bits.
fn eight(process: u8, size: [usize; 2], sampling: &[[usize; 2]], restart: u16) -> (Maker, Vec<u8>) {
    let [columns, rows] = size;
    let maker = Maker { process, precision: 8, sampling: sampling.to_vec(), restart, ..Maker::gray(columns, rows, 3) };
    let stream = maker.stream(&maker.transform(|component, x, y| scene(component, x, y) / 9.0));
    (maker, stream)
}

const GRAY: &[[usize; 2]] = &[[1, 1]];
const HALVED: &[[usize; 2]] = &[[2, 2], [1, 1], [1, 1]];

#[test]
fn eight_bits_are_those_of_another_decoder() {
    let samplings: [&[[usize; 2]]; 6] =
        [GRAY, &[[1, 1]; 3], &[[2, 1], [1, 1], [1, 1]], &[[1, 2], [1, 1], [1, 1]], HALVED, &[[4, 1], [1, 1], [1, 1]]];
    for (process, size) in [(1, [45, 29]), (2, [45, 29]), (1, [64, 48]), (1, [1, 1]), (2, [3, 17]), (1, [2, 2])] {
        for sampling in samplings {
            for restart in [0, 2] {
                let (maker, stream) = eight(process, size, sampling, restart);
                let found = decode(&stream, &mut info(&maker)).unwrap().values.numbers();
                assert!(found == reference(&stream, sampling.len()), "{process} {size:?} {sampling:?} {restart}");
            }
        }
    }
}

#[test]
fn colour_differences_of_fewer_samples_are_spread() {
    for (sampling, smooth) in [
        ([[2, 1], [1, 1], [1, 1]], true),
        ([[2, 2], [1, 1], [1, 1]], true),
        ([[1, 2], [1, 1], [1, 1]], true),
        ([[4, 1], [1, 1], [2, 1]], false),
        ([[4, 4], [3, 2], [1, 1]], false),
        ([[1, 1], [2, 2], [1, 1]], true),
    ] {
        for together in [true, false] {
            let maker = Maker { sampling: sampling.to_vec(), together, ..Maker::gray(50, 38, 1) };
            let most = [0, 1].map(|axis| sampling.iter().map(|s| s[axis]).max().unwrap() as f64);
            // The same slope in all components, taken in the middle of what a sample covers.
            let slope = |x: f64, y: f64| 500.0 + 20.0 * x + 16.0 * y;
            let middle = |c: usize, at: usize, axis: usize| {
                let wide = most[axis] / sampling[c][axis] as f64;
                (at as f64 + 0.5) * wide - 0.5
            };
            let blocks = maker.transform(|c, x, y| slope(middle(c, x, 0), middle(c, y, 1)));
            let found = decode(&maker.stream(&blocks), &mut info(&maker)).unwrap();
            assert!(matches!(found.colour, Colour::AsDeclared));
            // Interpolation of a slope is exact but for rounding and the last samples at an edge; repetition is off by
            // up to one and a half pixels of 20 and 16.
            let tolerance = if smooth { 2.0 } else { 60.0 };
            for (at, value) in found.values.numbers().into_iter().enumerate() {
                let (component, x, y) = (at % 3, at / 3 % 50, at / 150);
                let edge = x == 0 || y == 0 || x == 49 || y == 37;
                let error = (f64::from(value) - slope(x as f64, y as f64)).abs();
                assert!(error <= if edge { 60.0 } else { tolerance }, "{sampling:?} {component} {x} {y}: {error}");
            }
        }
    }
}

/// A stream of 12 bits, progressive or not, to be broken.
fn sample(process: u8) -> (Maker, Vec<u8>) {
    let maker = Maker { process, restart: 5, ..Maker::gray(40, 24, 20) };
    let stream = maker.stream(&maker.transform(scene));
    (maker, stream)
}

#[test]
fn a_cut_stream_is_damaged_and_only_the_end_marker_may_be_missing() {
    for process in [1, 2] {
        let (maker, stream) = sample(process);
        let whole = decode(&stream, &mut info(&maker)).unwrap().values.numbers();
        for length in 0..stream.len() - 2 {
            assert_eq!(reason(&stream[..length], &maker), Some("damaged-pixel-data"), "{process} {length}");
        }
        for length in stream.len() - 2..stream.len() {
            assert_eq!(decode(&stream[..length], &mut info(&maker)).unwrap().values.numbers(), whole);
        }
        let padded = [&stream[..], &[0]].concat();
        assert_eq!(decode(&padded, &mut info(&maker)).unwrap().values.numbers(), whole);
    }
}

#[test]
fn a_cut_stream_of_eight_bits_is_damaged_in_every_process_and_sampling() {
    for (process, sampling, restart) in [(1, GRAY, 0), (2, GRAY, 0), (1, HALVED, 0), (1, HALVED, 1), (2, HALVED, 2)] {
        let (maker, stream) = eight(process, [40, 24], sampling, restart);
        let whole = decode(&stream, &mut info(&maker)).unwrap().values.numbers();
        for length in 0..stream.len() - 2 {
            assert_eq!(reason(&stream[..length], &maker), Some("damaged-pixel-data"), "{process} {restart} {length}");
        }
        for length in stream.len() - 2..stream.len() {
            assert_eq!(decode(&stream[..length], &mut info(&maker)).unwrap().values.numbers(), whole);
        }
    }
}

#[test]
fn an_end_marker_or_zeros_in_place_of_the_rest_do_not_make_a_cut_stream_whole() {
    for sampling in [GRAY, HALVED] {
        let (maker, stream) = eight(1, [40, 24], sampling, 0);
        let start = stream.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap() + 20;
        for length in start..stream.len() - 4 {
            let marked = [&stream[..length], &[0xFF, 0xD9]].concat();
            assert_eq!(reason(&marked, &maker), Some("damaged-pixel-data"), "{length}");
            let mut overwritten = stream.clone();
            overwritten[length..].fill(0);
            assert_eq!(reason(&overwritten, &maker), Some("damaged-pixel-data"), "{length}");
        }
    }
}

#[test]
fn a_restart_marker_that_is_gone_with_its_data_is_missed() {
    let (maker, stream) = eight(1, [40, 24], HALVED, 1);
    let markers: Vec<usize> =
        (0..stream.len() - 1).filter(|&at| stream[at] == 0xFF && matches!(stream[at + 1], 0xD0..=0xD7)).collect();
    for pair in markers.windows(2) {
        let shorter = [&stream[..pair[0]], &stream[pair[1]..]].concat();
        assert_eq!(reason(&shorter, &maker), Some("damaged-pixel-data"));
    }
}

#[test]
fn fill_bytes_and_strangers_between_segments_are_passed_over() {
    let (maker, stream) = sample(1);
    let whole = decode(&stream, &mut info(&maker)).unwrap().values.numbers();
    let frame = stream.windows(2).position(|pair| pair == [0xFF, 0xC1]).unwrap();
    for extra in [&[0xFF, 0xFF][..], &[0, 0], &[0xFF, 0xFE, 0, 4, 0xFF, 0xDA]] {
        let stream = [&stream[..frame], extra, &stream[frame..]].concat();
        assert_eq!(decode(&stream, &mut info(&maker)).unwrap().values.numbers(), whole);
    }
}

#[test]
fn rows_may_be_told_behind_the_scan() {
    let maker = Maker { sampling: vec![[1, 1]; 3], together: false, ..Maker::gray(40, 24, 20) };
    let stream = maker.stream(&maker.transform(scene));
    let whole = decode(&stream, &mut info(&maker)).unwrap().values.numbers();
    let frame = stream.windows(2).position(|pair| pair == [0xFF, 0xC1]).unwrap();
    let second = (frame + 30..).find(|&at| stream[at..].starts_with(&[0xFF, 0xDA])).unwrap();
    for (rows, readable) in [(24, true), (25, false)] {
        let mut stream = [&stream[..second], &[0xFF, 0xDC, 0, 4, 0, rows], &stream[second..]].concat();
        stream[frame + 5..frame + 7].fill(0);
        assert_eq!(
            decode(&stream, &mut info(&maker)).ok().map(|s| s.values.numbers()),
            readable.then(|| whole.clone())
        );
    }
}

#[test]
fn a_small_stream_cannot_ask_for_a_large_image() {
    let (mut maker, mut stream) = sample(1);
    let frame = stream.windows(2).position(|pair| pair == [0xFF, 0xC1]).unwrap();
    stream[frame + 5..frame + 9].fill(0xFF);
    maker.size = [0xFFFF, 0xFFFF];
    assert_eq!(reason(&stream, &maker), Some("damaged-pixel-data"));
}

#[test]
fn scans_that_repeat_or_do_not_follow_are_refused() {
    let (maker, stream) = sample(2);
    let scans: Vec<usize> =
        (0..stream.len()).filter(|&at| stream[at..].starts_with(&[0xFF, 0xDA])).chain([stream.len() - 2]).collect();
    for pair in scans.windows(2) {
        let twice = [&stream[..pair[1]], &stream[pair[0]..]].concat();
        assert_eq!(reason(&twice, &maker), Some("damaged-pixel-data"));
    }
    // What is left out before an end marker is left out on purpose.
    let short = [&stream[..scans[3]], &[0xFF, 0xD9]].concat();
    assert!(decode(&short, &mut info(&maker)).is_ok());
    assert_eq!(reason(&stream[..scans[3]], &maker), Some("damaged-pixel-data"));
}

#[test]
fn arithmetic_coding_and_other_precisions_are_refused_by_name() {
    let (maker, stream) = sample(1);
    let frame = stream.windows(2).position(|pair| pair == [0xFF, 0xC1]).unwrap();
    for (at, value) in [(frame + 1, 0xC9), (frame + 4, 10)] {
        let mut stream = stream.clone();
        stream[at] = value;
        let error = decode(&stream, &mut info(&maker)).err();
        assert!(matches!(error, Some(Error::UnsupportedCodec { .. })), "{error:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn flipped_bits_end_in_an_image_or_an_error(process in 1u8..=2, flips in prop::collection::vec((0usize..10_000, 0u8..8), 1..6)) {
        let (maker, mut stream) = sample(process);
        let length = stream.len();
        for (at, bit) in flips {
            stream[at % length] ^= 1 << bit;
        }
        if let Ok(found) = decode(&stream, &mut info(&maker)) {
            prop_assert_eq!(found.values.numbers().len(), 40 * 24);
        }
    }
}
