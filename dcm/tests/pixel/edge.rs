//! Tiles whose streams end with the slide.

use isocenter_dcm::dicom_core::value::{DataSetSequence, PixelFragmentSequence};
use isocenter_dcm::dicom_core::{DataElement, DicomValue, Length, PrimitiveValue, VR};
use isocenter_dcm::isocenter_volume::Ctx;
use isocenter_dcm::pixel::{DecodeOptions, transcode};
use isocenter_dcm::{Bytes, Dataset, Element, FileMeta, Instance, Lazy, OpenOptions, Tolerance, tags};

use super::make;

const SYNTAXES: [&str; 3] = ["1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90"];

/// Values of the slide: no two alike in a tile.
fn value(row: u16, column: u16) -> u8 {
    (row * 16 + column) as u8
}

/// The code stream of `size` samples of the slide from a place on.
fn stream(syntax: &str, [row, column]: [u16; 2], size: [u16; 2]) -> Vec<u8> {
    let mut ds = make::module(size[0], size[1], 1, "MONOCHROME2", [8, 8, 7], 0);
    let samples = (row..row + size[0]).flat_map(|r| (column..column + size[1]).map(move |c| value(r, c)));
    make::put_bytes(&mut ds, &samples.collect::<Vec<_>>());
    let mut one = make::alone(&ds);
    transcode(&mut one, syntax, &Ctx::default()).unwrap();
    match one.dataset.get(tags::PIXEL_DATA).unwrap().value() {
        DicomValue::PixelSequence(pixels) => pixels.fragments()[0].clone(),
        _ => Vec::new(),
    }
}

fn sequence(tag: isocenter_dcm::Tag, items: Vec<Dataset>) -> Element {
    Element::new(tag, VR::SQ, DicomValue::Sequence(DataSetSequence::new(items, Length::UNDEFINED)))
}

/// A slide of 6 rows and 9 columns in tiles of 4 by 4, each coded as far as `coded` says.
fn slide(syntax: &str, sparse: bool, coded: impl Fn([u16; 2]) -> [u16; 2]) -> Instance {
    let mut ds = make::module(4, 4, 1, "MONOCHROME2", [8, 8, 7], 0);
    let places: Vec<[u16; 2]> = [0, 4].into_iter().flat_map(|r| [0, 4, 8].map(|c| [r, c])).collect();
    // tiles that say where they are may come in any order
    let places: Vec<_> = if sparse { places.into_iter().rev().collect() } else { places };
    for (tag, number) in [(tags::TOTAL_PIXEL_MATRIX_ROWS, 6u32), (tags::TOTAL_PIXEL_MATRIX_COLUMNS, 9)] {
        ds.put(DataElement::new(tag, VR::UL, PrimitiveValue::from(number)));
    }
    ds.put(DataElement::new(tags::SOP_INSTANCE_UID, VR::UI, "1.2.3"));
    ds.put(DataElement::new(tags::NUMBER_OF_FRAMES, VR::IS, places.len().to_string()));
    if sparse {
        let groups = places.iter().map(|&[row, column]| {
            let place = Dataset::from_element_iter(
                [
                    (tags::COLUMN_POSITION_IN_TOTAL_IMAGE_PIXEL_MATRIX, column),
                    (tags::ROW_POSITION_IN_TOTAL_IMAGE_PIXEL_MATRIX, row),
                ]
                .map(|(tag, at)| DataElement::new(tag, VR::SL, PrimitiveValue::from(i32::from(at) + 1))),
            );
            Dataset::from_element_iter([sequence(tags::PLANE_POSITION_SLIDE_SEQUENCE, vec![place])])
        });
        ds.put(sequence(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, groups.collect()));
    } else {
        ds.put(DataElement::new(tags::DIMENSION_ORGANIZATION_TYPE, VR::CS, "TILED_FULL"));
    }
    let fragments = places.iter().map(|&place| stream(syntax, place, coded(place))).collect::<Vec<_>>();
    let pixels = DicomValue::PixelSequence(PixelFragmentSequence::new(Vec::new(), fragments));
    ds.put(Element::new(tags::PIXEL_DATA, VR::OB, pixels));
    Instance::new(FileMeta::of_syntax(syntax), ds)
}

/// What of a tile lies within the slide.
fn within([row, column]: [u16; 2]) -> [u16; 2] {
    [(6 - row).min(4), (9 - column).min(4)]
}

#[test]
fn tiles_that_end_with_the_slide_are_placed() {
    for (syntax, sparse) in SYNTAXES.into_iter().flat_map(|syntax| [(syntax, false), (syntax, true)]) {
        let bytes = slide(syntax, sparse, within).to_bytes().unwrap();
        let whole = OpenOptions::new().parse(&bytes).unwrap();
        let lazy = Lazy::new(Bytes(bytes.clone()), &OpenOptions::new()).unwrap();
        let strict = OpenOptions::new().tolerance(Tolerance::Strict).parse(&bytes).unwrap();
        let full = make::decode_all(&whole).unwrap();
        let mut places: Vec<[u16; 2]> = [0, 4].into_iter().flat_map(|r| [0, 4, 8].map(|c| [r, c])).collect();
        if sparse {
            places.reverse();
        }
        for (index, place) in places.into_iter().enumerate() {
            let part = within(place);
            let expected: Vec<u8> = (0..16u16)
                .map(|n| [n / 4, n % 4])
                .map(|[r, c]| if r < part[0] && c < part[1] { value(place[0] + r, place[1] + c) } else { 0 })
                .collect();
            let frame = make::decode_frame(&whole, index).unwrap();
            assert_eq!(frame.samples, make::u8s(expected.clone()), "{syntax} {index}");
            assert_eq!(frame.tile, (part != [4, 4]).then_some(part));
            assert_eq!((frame.info.rows, frame.info.columns), (4, 4));
            let mut into = [0u8; 16];
            make::decode_frame_into(&whole, index, &mut into).unwrap();
            assert_eq!(into.to_vec(), expected);
            let lazily = lazy.frame(index).unwrap().decode(&DecodeOptions::default()).unwrap();
            assert_eq!(lazily, frame);
            assert_eq!(full.to_f64()[index * 16..][..16], frame.to_f64());
            assert_eq!(make::decode_frame(&strict, index).is_ok(), part == [4, 4]);
        }
    }
}

#[test]
fn a_stream_of_another_size_is_refused() {
    for syntax in SYNTAXES {
        // smaller than what lies within the slide, larger than it and smaller than the tile, a tile that lies whole within it
        for (index, size) in [(2, [4, 2]), (5, [1, 1]), (4, [3, 4]), (0, [3, 4]), (0, [4, 1])] {
            let places: Vec<[u16; 2]> = [0, 4].into_iter().flat_map(|r| [0, 4, 8].map(|c| [r, c])).collect();
            let slide = slide(syntax, false, |place| if place == places[index] { size } else { within(place) });
            assert!(make::decode_frame(&slide, index).is_err(), "{syntax} {index}");
        }
        // an image that is no slide
        let mut plain = slide(syntax, false, within);
        plain.dataset.remove_element(tags::TOTAL_PIXEL_MATRIX_ROWS);
        assert!(make::decode_frame(&plain, 5).is_err());
        assert!(make::decode_frame(&plain, 0).is_ok());
    }
}
