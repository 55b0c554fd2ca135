//! What Table E.1-1 does not list, and this crate decides by itself.

use dicom_core::Tag;
use dicom_dictionary_std::tags;

/// Unlisted attributes that go: they hold identifiers, addresses or sealed originals although the table is silent.
pub(crate) const ALSO_REMOVED: [Tag; 13] = [
    Tag(0x0008, 0x0300), // Private Data Element Characteristics Sequence: of elements that are removed
    Tag(0x0010, 0x0033), // Patient's Birth Date in Alternative Calendar
    Tag(0x0010, 0x0034), // Patient's Death Date in Alternative Calendar
    Tag(0x0010, 0x2295), // Breed Registration Number
    Tag(0x0014, 0x0100), // Component Welder IDs
    Tag(0x0018, 0x1003), // Device ID
    Tag(0x0018, 0x1803), // NTP Source Address
    Tag(0x0040, 0x1006), // Placer Order Number / Procedure (retired)
    Tag(0x0040, 0x1007), // Filler Order Number / Procedure (retired)
    Tag(0x0040, 0x2006), // Placer Order Number (retired)
    Tag(0x0040, 0x2007), // Filler Order Number (retired)
    Tag(0x0400, 0x0500), // Encrypted Attributes Sequence: the originals, sealed
    Tag(0x2100, 0x0160), // Owner ID
];

/// Unlisted free text that stays: it describes a coding scheme or a format, not a person.
pub(crate) const FREE_TEXT_KEPT: [Tag; 16] = [
    Tag(0x0008, 0x0108), // Extended Code Meaning
    Tag(0x0008, 0x010E), // Coding Scheme URL
    tags::CODING_SCHEME_EXTERNAL_ID,
    tags::CODING_SCHEME_NAME,
    tags::CODING_SCHEME_RESPONSIBLE_ORGANIZATION,
    tags::LONG_CODE_VALUE,
    tags::URN_CODE_VALUE,
    Tag(0x0008, 0x030F), // Private Data Element Encoding
    Tag(0x0010, 0x0212), // Strain Description
    Tag(0x0016, 0x0008), // OECF Column Names
    Tag(0x0016, 0x000C), // Spatial Frequency Response Column Names
    Tag(0x0018, 0x7008), // Detector Mode
    Tag(0x0018, 0x7040), // Grid Absorbing Material
    Tag(0x0018, 0x7041), // Grid Spacing Material
    tags::IMAGE_DISPLAY_FORMAT,
    tags::FRACTION_PATTERN,
];

/// Unlisted free text that some IOD wants to have a value (type 1 or 1C): it becomes a dummy, other free text is emptied.
///
/// Source: the module tables of PS3.3, as highdicom 0.28.2 has them.
pub(crate) const FREE_TEXT_REQUIRED: [Tag; 16] = [
    Tag(0x0010, 0x0222), // Genetic Modifications Description
    Tag(0x0018, 0x7062), // Exposure Control Mode Description
    Tag(0x0018, 0x9080), // Metabolite Map Description
    Tag(0x0022, 0x112C), // Calculation Comment
    Tag(0x0040, 0x0031), // Local Namespace Entity ID
    Tag(0x0040, 0x0032), // Universal Entity ID
    tags::TEXT_VALUE,
    Tag(0x0040, 0xE001), // HL7 Instance Identifier
    Tag(0x0068, 0x6280), // Information Summary
    Tag(0x0072, 0x006F), // Selector UC Value
    Tag(0x0082, 0x000A), // Observation Description
    Tag(0x0082, 0x0037), // Constraint Violation Condition
    Tag(0x3002, 0x0120), // Position Acquisition Template ID
    Tag(0x300A, 0x0735), // Treatment Tolerance Violation Identification
    Tag(0x3010, 0x000C), // Conceptual Volume Combination Expression
    Tag(0x3010, 0x001D), // Device Alternate Identifier Format
];

/// Whether a UID stays although it is not DICOM's own: it names a kind of thing (a class, a transfer syntax, a coding scheme), stands
/// where such names stand, and everybody uses it. Any other value in such a place may have been made in one hospital.
pub(crate) fn is_public_name(tag: Tag, uid: &str) -> bool {
    if tag == tags::CODING_SCHEME_UID {
        // HL7's registry: SNOMED CT, LOINC, UCUM ...
        return uid.starts_with("2.16.840.1.113883.");
    }
    let keyword = super::dictionary(tag).map_or("", |(_, keyword)| keyword);
    let is_class = ["ClassUID", "ClassesIn", "ClassesSupported"].iter().any(|part| keyword.contains(part));
    is_class
        && PRIVATE_CLASSES
            .iter()
            .any(|root| uid.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
}

/// Roots of makers' private SOP classes, as their conformance statements publish them.
const PRIVATE_CLASSES: [&str; 9] = [
    "1.2.276.0.7230010.3.1.0.1",     // DCMTK
    "1.2.392.200036.9116.7.8.1.1.1", // Toshiba
    "1.2.392.200036.9125.1.1",       // Fuji
    "1.2.840.113619.4",              // GE
    "1.3.12.2.1107.5.9.1",           // Siemens, non-image
    "1.3.46.670589.11.0.0.12",       // Philips MR
    "1.3.46.670589.2",               // Philips X-ray and CT
    "1.3.46.670589.5.0",             // Philips volumes
    "1.3.6.1.4.1.29565.1",           // Hologic
];
