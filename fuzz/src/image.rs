//! Images whose header is the first bytes of the input.

use super::*;

/// Most rows and columns.
const SIDE: u16 = 512;

/// The image module of the first eight bytes (rows, columns, little endian; bits allocated, bits stored, a set of flags,
/// frames), and the bytes that follow.
fn header(data: &[u8]) -> Option<(Dataset, &[u8])> {
    let (&[r0, r1, c0, c1, allocated, stored, flags, frames], rest) = data.split_first_chunk::<8>()?;
    let side = |low, high| u16::from_le_bytes([low, high]).clamp(1, SIDE);
    let allocated = [1, 8, 16, 32][usize::from(allocated) % 4];
    let stored = u16::from(stored).clamp(1, allocated);
    let photometric = match flags % 8 {
        0 | 7 => "MONOCHROME2",
        1 => "RGB",
        2 => "YBR_FULL",
        3 => "YBR_FULL_422",
        4 => "PALETTE COLOR",
        5 => "YBR_RCT",
        _ => "YBR_ICT",
    };
    let samples = if matches!(photometric, "MONOCHROME2" | "PALETTE COLOR") { 1 } else { 3 };
    let mut ds = Dataset::new_empty();
    for (tag, number) in [
        (tags::ROWS, side(r0, r1)),
        (tags::COLUMNS, side(c0, c1)),
        (tags::SAMPLES_PER_PIXEL, samples),
        (tags::BITS_ALLOCATED, allocated),
        (tags::BITS_STORED, stored),
        (tags::HIGH_BIT, if flags & 0x20 == 0 { stored - 1 } else { allocated - 1 }),
        (tags::PIXEL_REPRESENTATION, u16::from(flags >> 3 & 1)),
        (tags::PLANAR_CONFIGURATION, u16::from(flags >> 4 & 1)),
    ] {
        ds.put(DataElement::new(tag, VR::US, PrimitiveValue::from(number)));
    }
    ds.put(DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, photometric));
    ds.put(DataElement::new(tags::NUMBER_OF_FRAMES, VR::IS, frames.clamp(1, 8).to_string()));
    Some((ds, rest))
}

fn decode(ds: Dataset, syntax: &str) {
    let instance = Instance::new(FileMeta::of_syntax(syntax), ds);
    if let Ok(frame) = instance.decode_all(&pixel::DecodeOptions::default(), &Ctx::default()) {
        assert_eq!(frame.samples.len(), frame.info.samples() * frame.info.frames);
        if frame.info.bits_stored < 16 && !frame.info.signed {
            let top = f64::from(1u32 << frame.info.bits_stored);
            assert!(frame.to_f64().iter().all(|&value| value < top), "a value above Bits Stored");
        }
    }
}

fn put_fragments(ds: &mut Dataset, table: Vec<u32>, fragments: Vec<Vec<u8>>) {
    let value = DicomValue::PixelSequence(PixelFragmentSequence::new(table, fragments));
    ds.put(DataElement::new_with_len(tags::PIXEL_DATA, VR::OB, Length::UNDEFINED, value));
}

/// The code stream of one frame.
pub fn codec(data: &[u8], syntax: &str) {
    let Some((mut ds, stream)) = header(data) else { return };
    ds.remove_element(tags::NUMBER_OF_FRAMES);
    put_fragments(&mut ds, Vec::new(), vec![stream.to_vec()]);
    decode(ds, syntax);
}

/// Native pixel data.
pub fn native(data: &[u8]) {
    let Some((mut ds, bytes)) = header(data) else { return };
    ds.put(DataElement::new(tags::PIXEL_DATA, VR::OB, PrimitiveValue::from(bytes.to_vec())));
    decode(ds, "1.2.840.10008.1.2.1");
}

/// A deflated frame, and a data set that arrives deflated.
pub fn deflated(data: &[u8]) {
    use std::io::Read;
    codec(data, "1.2.840.10008.1.2.8.1");
    let mut packed = Vec::new();
    let mut deflate = flate2::read::DeflateEncoder::new(data, flate2::Compression::fast());
    if deflate.read_to_end(&mut packed).is_err() {
        return;
    }
    // The meta group of a deflated file: its transfer syntax and nothing else.
    let mut file = [&[0; 128], &b"DICM\x02\x00\x10\x00UI\x16\x001.2.840.10008.1.2.1.99"[..], &packed].concat();
    laws::open(&file);
    file.truncate(file.len() - packed.len());
    file.extend(data);
    laws::open(&file);
}

/// Fragments of lengths that the bytes say, an offset table of either kind.
pub fn frame_locator(data: &[u8]) {
    let Some((mut ds, rest)) = header(data) else { return };
    let Some((&[count, tables], mut rest)) = rest.split_first_chunk::<2>() else { return };
    let longs = |rest: &mut &[u8], count: u8| -> Vec<u32> {
        (0..count)
            .map_while(|_| {
                rest.split_first_chunk::<2>().map(|(head, tail)| (u32::from(u16::from_le_bytes(*head)), *rest = tail).0)
            })
            .collect()
    };
    let lengths = longs(&mut rest, count % 16);
    let basic = longs(&mut rest, if tables & 1 == 0 { 0 } else { tables >> 4 });
    if tables & 2 != 0 {
        let table: Vec<u64> = longs(&mut rest, tables >> 4).into_iter().map(u64::from).collect();
        ds.put(DataElement::new(tags::EXTENDED_OFFSET_TABLE, VR::OV, PrimitiveValue::U64(table.into())));
    }
    if tables & 4 != 0 {
        let table: Vec<u64> = longs(&mut rest, tables >> 4).into_iter().map(u64::from).collect();
        ds.put(DataElement::new(tags::EXTENDED_OFFSET_TABLE_LENGTHS, VR::OV, PrimitiveValue::U64(table.into())));
    }
    let mut fragments = Vec::new();
    for length in lengths {
        let (fragment, tail) = rest.split_at(rest.len().min(length as usize));
        fragments.push(fragment.to_vec());
        rest = tail;
    }
    put_fragments(&mut ds, basic, fragments);
    decode(ds, "1.2.840.10008.1.2.1.98");
}

/// A palette, plain or segmented, and indices.
pub fn palette(data: &[u8]) {
    let Some((mut ds, rest)) = header(data) else { return };
    let Some((&[count, first, bits, kind, length, extra], rest)) = rest.split_first_chunk::<6>() else { return };
    ds.put(DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "PALETTE COLOR"));
    ds.put(DataElement::new(tags::SAMPLES_PER_PIXEL, VR::US, PrimitiveValue::from(1u16)));
    let descriptor = vec![u16::from(count) * 3, u16::from(first), u16::from(bits % 20)];
    let (table, rest) = rest.split_at(rest.len().min(usize::from(length) * 2 + usize::from(extra % 2)));
    for channel in 0..3u16 {
        let value = PrimitiveValue::U16(descriptor.clone().into());
        ds.put(DataElement::new(Tag(0x0028, 0x1101 + channel), VR::US, value));
        let element = if kind & 1 == 0 { 0x1201 } else { 0x1221 } + channel;
        ds.put(DataElement::new(Tag(0x0028, element), VR::OW, PrimitiveValue::from(table.to_vec())));
    }
    ds.put(DataElement::new(tags::PIXEL_DATA, VR::OB, PrimitiveValue::from(rest.to_vec())));
    decode(ds, "1.2.840.10008.1.2.1");
}
