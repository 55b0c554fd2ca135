//! What an instance itself says of its private elements: Private Data Element Characteristics Sequence (0008,0300).

use dicom_core::Tag;
use isocenter_dcm::{Dataset, value};

/// Safe and other private elements, as the device that made them says.
///
/// Source: DICOM PS3.3 C.12.1 (SOP Common Module), PS3.15 E.3.10.
#[derive(Clone, Debug, Default)]
pub(crate) struct Declared {
    blocks: Vec<Block>,
}

#[derive(Clone, Debug)]
struct Block {
    group: u16,
    creator: String,
    /// `None` where the elements are told one by one.
    safe: Option<bool>,
    /// Low bytes of the element numbers that name nobody.
    elements: Vec<u8>,
}

const CHARACTERISTICS: Tag = Tag(0x0008, 0x0300);
const GROUP: Tag = Tag(0x0008, 0x0301);
const CREATOR: Tag = Tag(0x0008, 0x0302);
const STATUS: Tag = Tag(0x0008, 0x0303);
const NON_IDENTIFYING: Tag = Tag(0x0008, 0x0304);

impl Declared {
    /// Reads the top level of a data set.
    pub(crate) fn of(dataset: &Dataset) -> Self {
        let items = value::sequence(dataset, CHARACTERISTICS).unwrap_or_default();
        Self { blocks: items.iter().filter_map(Block::of).collect() }
    }

    /// Whether a private element is said to be safe; `None` where nothing is said.
    pub(crate) fn is_safe(&self, creator: &str, group: u16, element: u8) -> Option<bool> {
        let block = self.blocks.iter().find(|block| block.group == group && block.creator == creator.trim())?;
        Some(block.safe.unwrap_or_else(|| block.elements.contains(&element)))
    }
}

impl Block {
    fn of(item: &Dataset) -> Option<Self> {
        let safe = match value::string(item, STATUS)?.trim() {
            "SAFE" => Some(true),
            "MIXED" => None,
            _ => Some(false),
        };
        let numbers = item.get(NON_IDENTIFYING).and_then(value::numbers).unwrap_or_default();
        Some(Self {
            group: value::u16(item, GROUP)?,
            creator: value::string(item, CREATOR)?.trim().to_owned(),
            safe,
            elements: numbers.into_iter().map(|number| number as u16 as u8).collect(),
        })
    }
}
