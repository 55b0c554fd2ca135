//! The walk over elements, sequences and items.
//!
//! Source: DICOM PS3.5 sections 7.1 (elements), 7.5 (sequences) and 6.2.2 note 2 (UN as implicit little endian, CP-246).

use std::rc::Rc;

use dicom_core::value::{DataSetSequence, PrimitiveValue};
use dicom_core::{DataElement, DicomValue, Length, Tag, VR};
use dicom_dictionary_std::tags;

use super::element::{self, Reading};
use super::repair::Place;
use super::walk::{ITEM, SEQUENCE_END, Stop, Walk, tag_of, u32_of};
use super::{dictionary, fragments, sniff::Layout};
use crate::text::Charset;
use crate::{Dataset, Element, Error, PixelElement, Warning, value};

pub(super) const ITEM_END: Tag = Tag(0xFFFE, 0xE00D);
const UNDEFINED: u32 = u32::MAX;

/// Elements that say how others are read: they are held whatever is wanted.
const LAYING_OUT: [Tag; 3] = [tags::SPECIFIC_CHARACTER_SET, tags::PIXEL_REPRESENTATION, tags::BITS_ALLOCATED];

/// What nested data sets take from the one around them.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) layout: Layout,
    pub(crate) charset: Rc<Charset>,
    pub(crate) signed: bool,
    pub(crate) depth: usize,
}

/// What a sequence ends with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// Its delimiter.
    Delimiter,
    /// The byte that its length says.
    Length,
    /// Its last item, and a delimiter where there is one.
    LastItem,
}

struct Header {
    tag: Tag,
    /// `None` where the file does not say it.
    vr: Option<VR>,
    length: u32,
}

impl<'a> Walk<'a> {
    /// Reads elements up to byte `end`, or to an item delimiter where `delimited`.
    pub(crate) fn dataset(&mut self, mut context: Context, end: u64, delimited: Option<Tag>) -> Result<Dataset, Stop> {
        let mut elements: Vec<Element> = Vec::new();
        let mut bits_allocated = 0u16;
        // the last that was met, held or not
        let mut last: Option<Tag> = None;
        loop {
            let left = end.saturating_sub(self.at as u64);
            if left == 0 || (self.cut && left < 8) {
                if let Some(tag) = delimited.filter(|_| !self.cut) {
                    self.warnings.push(Warning::MissingDelimiter { tag });
                }
                break;
            }
            if context.depth == 0 && self.is_padding(end)? {
                self.warnings.push(Warning::TrailingBytes { count: left });
                break;
            }
            let start = self.at;
            let header = match self.header(context.layout, end) {
                Err(Stop::Failed(error)) if self.salvages(&error) => {
                    self.cut_off(last.or(delimited).unwrap_or(Tag(0, 0)), left + 1);
                    break;
                }
                header => header?,
            };
            let tag = header.tag;
            if context.depth == 0 && tag.group() != 0xFFFE && self.until.is_some_and(|until| tag >= until) {
                (self.stopped, self.at) = (true, start);
                break;
            }
            if tag == ITEM_END && delimited.is_some() {
                break;
            }
            if tag.group() == 0xFFFE {
                let last = last.or(self.before);
                let place = Place { last, end, open: delimited.is_some() };
                self.misplaced(tag, header.length, &context, &place)?;
                continue;
            }
            self.count()?;
            let is_pixels = matches!(tag, tags::PIXEL_DATA | tags::FLOAT_PIXEL_DATA | tags::DOUBLE_FLOAT_PIXEL_DATA);
            if is_pixels && context.depth == 0 {
                let length = (header.length != UNDEFINED).then_some(u64::from(header.length));
                let vr = header.vr.unwrap_or_else(|| dictionary::vr_of(tag, context.signed));
                self.pixels = Some(PixelElement { tag, vr, offset: self.at as u64, length });
                if self.header_only {
                    let wanted = length.unwrap_or(8);
                    if let Err(error) = self.check(Some(tag), wanted, end) {
                        if !self.salvages(&error) {
                            return Err(error.into());
                        }
                        let kept = end.saturating_sub(self.at as u64);
                        self.warnings.push(Warning::Truncated { tag, wanted, left: kept });
                        self.pixels =
                            Some(PixelElement { tag, vr, offset: self.at as u64, length: length.and(Some(kept)) });
                    }
                    self.stopped = true;
                    break;
                }
            }
            if let Some(selection) = self.selection.filter(|_| context.depth == 0) {
                self.passing = !((selection.keep)(tag) || LAYING_OUT.contains(&tag) || tag.group() == 0x0002);
                self.digesting = selection.digest.contains(&tag.group());
            }
            let element = self.element(header, &context, bits_allocated, end)?;
            if tag.group() == 0x0002 && context.depth == 0 {
                self.second_meta(&element);
                continue;
            }
            match tag {
                tags::SPECIFIC_CHARACTER_SET => {
                    let names = element.value().primitive().map(value::parts_of).unwrap_or_default();
                    let charset = Charset::of(&names);
                    if charset.has_unknown() {
                        self.warnings.push(Warning::UnknownCharacterSet);
                    }
                    context.charset = Rc::new(charset);
                }
                tags::PIXEL_REPRESENTATION => context.signed = first_u16(&element) == Some(1),
                tags::BITS_ALLOCATED => bits_allocated = first_u16(&element).unwrap_or(0),
                _ => {}
            }
            match last.replace(tag) {
                Some(last) if last > tag => self.warnings.push(Warning::Unordered { tag }),
                Some(last) if last == tag => {
                    // Told once, and the earlier one dropped: thousands of them must not take memory.
                    if self.warnings.last() != Some(&Warning::Duplicate { tag }) {
                        self.warnings.push(Warning::Duplicate { tag });
                    }
                    elements.pop_if(|element| element.header().tag == tag);
                }
                _ => {}
            }
            if !(self.passing && context.depth == 0) {
                elements.push(element);
            }
        }
        Ok(Dataset::from_element_iter(elements))
    }

    fn element(&mut self, header: Header, context: &Context, bits: u16, end: u64) -> Result<Element, Stop> {
        let Header { tag, length, .. } = header;
        // The dictionary is only asked where the file does not say enough: a look-up for each element shows in the time of a scan.
        let known = match header.vr {
            Some(vr) if vr != VR::UN => vr,
            _ => dictionary::vr_of(tag, context.signed),
        };
        let vr = match header.vr {
            Some(vr) => vr,
            None => {
                if context.layout.explicit {
                    self.warnings.push(Warning::MissingVr { tag });
                }
                known
            }
        };
        if length == UNDEFINED {
            if tag == tags::PIXEL_DATA || matches!(vr, VR::OB | VR::OW) {
                let value = fragments::read(self, tag, context.layout.big, end)?;
                self.closed = Some((self.at, tag));
                return Ok(DataElement::new_with_len(tag, VR::OB, Length::UNDEFINED, value));
            }
            let inner = match vr {
                VR::SQ => context.clone(),
                VR::UN => implicit(context),
                _ => {
                    return Err(
                        Error::Malformed { tag: Some(tag), what: "an undefined length for a plain value" }.into()
                    );
                }
            };
            if vr == VR::UN && context.layout.explicit {
                self.warnings.push(Warning::UnknownVrResolved { tag, vr: VR::SQ });
            }
            return self.sequence(tag, &inner, end, Ending::Delimiter);
        }
        let length = self.fit(tag, vr, length, end)?;
        let value_end = self.at as u64 + u64::from(length);
        let unsized_items = length == 0 && (known == VR::SQ || (vr == VR::UN && !context.layout.explicit));
        if unsized_items && self.peek(context.layout, end)? == Some(ITEM) {
            self.repairs += 1;
            self.warnings.push(Warning::UnsizedSequence { tag });
            let inner = if vr == VR::UN { implicit(context) } else { context.clone() };
            return self.sequence(tag, &inner, end, Ending::LastItem);
        }
        let mut vr = vr;
        if vr == VR::SQ
            && header.vr.is_none()
            && length > 0
            && !matches!(self.peek(context.layout, value_end)?, Some(ITEM | SEQUENCE_END))
        {
            self.repairs += 1;
            self.warnings.push(Warning::NotASequence { tag, length });
            vr = VR::UN;
        } else if vr == VR::SQ {
            return self.sequence(tag, context, value_end, Ending::Length);
        }
        if u64::from(length) > self.limits.element_bytes {
            let (asked, limit) = (u64::from(length), self.limits.element_bytes);
            return Err(Error::Limit { what: "bytes of an element", asked, limit }.into());
        }
        let little = Layout { explicit: false, big: false };
        let told = header.vr.is_some() || known == VR::UN;
        let may_be_sequence = told
            && vr == VR::UN
            && (known == VR::SQ || (known == VR::UN && self.peek(little, value_end)? == Some(ITEM)));
        if may_be_sequence && let Some(element) = self.try_sequence(tag, &implicit(context), value_end)? {
            return Ok(element);
        }
        let bytes = self.take(Some(tag), length as usize, end)?;
        if tag.group() == 0x7FE0
            && let Some(pixels) = self.pixels.as_mut().filter(|pixels| pixels.tag == tag && context.depth == 0)
        {
            pixels.length = Some(u64::from(length));
        }
        if let Some(digest) = self.digest.as_mut().filter(|_| self.digesting) {
            match element::width(vr) {
                width if context.layout.big && width > 1 => digest.value(tag, &swap(bytes, width)),
                _ => digest.value(tag, bytes),
            }
        }
        if self.passing {
            return Ok(DataElement::empty(tag, vr));
        }
        let mut reading = Reading { tag, vr, big: context.layout.big, charset: &context.charset };
        if vr == VR::UN && !matches!(known, VR::UN | VR::SQ) {
            (reading.vr, reading.big) = (known, false);
            self.warnings.push(Warning::UnknownVrResolved { tag, vr: known });
        }
        // Words of pixel data swap by their samples' width: 32-bit samples in OW are not pairs of swapped halves.
        if tag == tags::PIXEL_DATA && reading.big && bits > 16 {
            let swapped = swap(bytes, usize::from(bits / 8));
            reading.big = false;
            let (vr, value) = element::value(&reading, &swapped, &mut self.warnings);
            return Ok(DataElement::new(tag, vr, value));
        }
        let (vr, value) = element::value(&reading, bytes, &mut self.warnings);
        Ok(DataElement::new(tag, vr, value))
    }

    /// A sequence's items, up to `end` or to its delimiter.
    fn sequence(&mut self, tag: Tag, context: &Context, end: u64, ending: Ending) -> Result<Element, Stop> {
        if context.depth + 1 > self.limits.depth {
            let (asked, limit) = (context.depth as u64 + 1, self.limits.depth as u64);
            return Err(Error::Limit { what: "depth of sequences", asked, limit }.into());
        }
        if let Some(digest) = self.digest.as_mut().filter(|_| self.digesting) {
            digest.sequence(tag);
        }
        let inner = Context { depth: context.depth + 1, ..context.clone() };
        let mut items = Vec::new();
        loop {
            let left = end.saturating_sub(self.at as u64);
            if left == 0 || (self.cut && left < 8) {
                if ending == Ending::Delimiter && !self.cut {
                    self.warnings.push(Warning::MissingDelimiter { tag });
                }
                break;
            }
            if ending == Ending::LastItem && !matches!(self.peek(context.layout, end)?, Some(ITEM | SEQUENCE_END)) {
                break;
            }
            let head = match self.take(Some(tag), 8, end) {
                Err(Stop::Failed(error)) if self.salvages(&error) => {
                    self.cut_off(tag, 8);
                    break;
                }
                head => head?,
            };
            let (item, length) = (tag_of(head, context.layout.big), u32_of(&head[4..8], context.layout.big));
            match item {
                ITEM => {
                    self.count()?;
                    if length == UNDEFINED {
                        items.push(self.dataset(inner.clone(), end, Some(tag))?);
                    } else {
                        let length = self.fit(tag, VR::SQ, length, end)?;
                        let item_end = self.at as u64 + u64::from(length);
                        items.push(self.dataset(inner.clone(), item_end, None)?);
                    }
                }
                SEQUENCE_END => break,
                // in a sequence within an item, that ends with a delimiter itself, it may be that item's
                ITEM_END if length == 0 && !items.is_empty() && (context.depth == 0 || ending == Ending::Length) => {
                    self.count()?;
                    self.stray(Some(tag));
                }
                _ => return Err(Error::Malformed { tag: Some(tag), what: "an item without an item tag" }.into()),
            }
        }
        if ending == Ending::Length && (self.at as u64) < end {
            self.at = usize::try_from(end).unwrap_or(usize::MAX);
        }
        self.closed = Some((self.at, tag));
        let sequence = DataSetSequence::new(items, Length::UNDEFINED);
        Ok(DataElement::new_with_len(tag, VR::SQ, Length::UNDEFINED, DicomValue::Sequence(sequence)))
    }

    /// A value of unknown VR as a sequence; `None`, with nothing consumed, where it is none.
    fn try_sequence(&mut self, tag: Tag, context: &Context, end: u64) -> Result<Option<Element>, Stop> {
        let (at, warnings, elements, cut) = (self.at, self.warnings.len(), self.elements, self.cut);
        let (repairs, closed) = (self.repairs, self.closed);
        let digest = self.digest.clone().filter(|_| self.digesting);
        match self.sequence(tag, context, end, Ending::Length) {
            // bytes that would have to be repaired are no sequence
            Ok(element) if self.at as u64 == end && self.repairs == repairs => {
                self.warnings.push(Warning::UnknownVrResolved { tag, vr: VR::SQ });
                Ok(Some(element))
            }
            Err(stop @ (Stop::More(_) | Stop::Failed(Error::Limit { .. }))) => Err(stop),
            _ => {
                self.at = at;
                (self.elements, self.cut) = (elements, cut);
                (self.repairs, self.closed) = (repairs, closed);
                self.digest = digest.or(self.digest.take());
                self.warnings.truncate(warnings);
                Ok(None)
            }
        }
    }

    fn header(&mut self, layout: Layout, end: u64) -> Result<Header, Stop> {
        let head = self.take(None, 8, end)?;
        let tag = tag_of(head, layout.big);
        let long = u32_of(&head[4..8], layout.big);
        let meta = tag.group() == 0x0002 && element::vr_of([head[4], head[5]]).is_some();
        if !(layout.explicit || meta) || tag.group() == 0xFFFE {
            return Ok(Header { tag, vr: None, length: long });
        }
        let short =
            if layout.big { u16::from_be_bytes([head[6], head[7]]) } else { u16::from_le_bytes([head[6], head[7]]) };
        let vr = match element::vr_of([head[4], head[5]]) {
            Some(vr) if !element::has_long_length(vr) => {
                return Ok(Header { tag, vr: Some(vr), length: u32::from(short) });
            }
            Some(vr) => vr,
            // A VR that is not invented yet has the long form; anything but letters is an element without a VR.
            None if head[4].is_ascii_uppercase() && head[5].is_ascii_uppercase() => VR::UN,
            None => {
                let length = self.length_without_vr(tag, head, layout, end)?;
                return Ok(Header { tag, vr: None, length });
            }
        };
        let tail = self.take(Some(tag), 4, end)?;
        Ok(Header { tag, vr: Some(vr), length: u32_of(tail, layout.big) })
    }

    /// An element of the meta group within the data set: it is no part of it.
    fn second_meta(&mut self, element: &Element) {
        self.tell_once(Warning::SecondMeta);
        if element.header().tag == tags::TRANSFER_SYNTAX_UID {
            let text = element.value().primitive().and_then(|v| value::parts_of(v).into_iter().next());
            self.second_syntax = text.or(self.second_syntax.take());
        }
    }
}

fn implicit(context: &Context) -> Context {
    Context { layout: Layout { explicit: false, big: false }, ..context.clone() }
}

fn first_u16(element: &Element) -> Option<u16> {
    match element.value().primitive()? {
        PrimitiveValue::U16(values) => values.first().copied(),
        _ => None,
    }
}

fn swap(bytes: &[u8], width: usize) -> Vec<u8> {
    let mut swapped = bytes.to_vec();
    swapped.chunks_exact_mut(width).for_each(<[u8]>::reverse);
    swapped
}
