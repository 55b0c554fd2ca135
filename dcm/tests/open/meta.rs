use isocenter_dcm::{Error, OpenOptions, Warning, tags, value};

use super::make::{EXPLICIT, IMPLICIT, explicit, file, ids, implicit, meta};

fn parse(bytes: &[u8]) -> Result<isocenter_dcm::Instance, Error> {
    OpenOptions::new().parse(bytes)
}

#[test]
fn reads_a_plain_file_without_a_warning() {
    let instance = parse(&file(EXPLICIT, &ids())).unwrap();
    assert_eq!(instance.warnings, []);
    assert_eq!(instance.sop_instance_uid().as_deref(), Some("1.2.3"));
    assert_eq!(instance.meta.transfer_syntax_uid, EXPLICIT);
}

#[test]
fn reads_a_file_without_preamble() {
    let bytes = file(EXPLICIT, &ids());
    assert_eq!(parse(&bytes[128..]).unwrap().warnings, [Warning::MissingPreamble]);
    assert_eq!(parse(&bytes[132..]).unwrap().warnings, [Warning::MissingPreamble]);
}

#[test]
fn reads_a_bare_data_set_of_either_kind() {
    let bare = parse(&ids()).unwrap();
    assert_eq!(bare.warnings, [Warning::MissingPreamble, Warning::MissingMeta]);
    assert_eq!(bare.meta.transfer_syntax_uid, EXPLICIT);
    let bare = parse(&implicit(tags::SOP_INSTANCE_UID, b"1.2.3\0")).unwrap();
    assert_eq!(bare.meta.transfer_syntax_uid, IMPLICIT);
    assert_eq!(bare.sop_instance_uid().as_deref(), Some("1.2.3"));
}

#[test]
fn reads_a_meta_group_without_its_length() {
    let mut bytes = file(EXPLICIT, &ids());
    bytes.drain(132..144);
    assert_eq!(parse(&bytes).unwrap().warnings, [Warning::BadMetaLength]);
}

#[test]
fn reads_a_meta_group_without_a_syntax() {
    let group = explicit(tags::MEDIA_STORAGE_SOP_INSTANCE_UID, "UI", b"1.2.3\0");
    let length = explicit(tags::FILE_META_INFORMATION_GROUP_LENGTH, "UL", &(group.len() as u32).to_le_bytes());
    let bytes = [&[0; 128], &b"DICM"[..], &length, &group, &ids()].concat();
    let instance = parse(&bytes).unwrap();
    assert_eq!(instance.warnings, [Warning::MissingTransferSyntax]);
    assert_eq!(instance.meta.transfer_syntax_uid, EXPLICIT);
}

#[test]
fn reads_a_long_implementation_version_name() {
    let mut group = meta(EXPLICIT);
    group.extend(explicit(tags::IMPLEMENTATION_VERSION_NAME, "SH", b"MAROTECH_VERSION_2022A"));
    let length = group.len() as u32 - 12;
    group[8..12].copy_from_slice(&length.to_le_bytes());
    let bytes = [&[0; 128], &b"DICM"[..], &group, &ids()].concat();
    let instance = parse(&bytes).unwrap();
    assert_eq!(instance.warnings, [Warning::LongImplementationVersionName { length: 22 }]);
    assert_eq!(instance.meta.implementation_version_name(), "MAROTECH_VERSION_2022A");
}

#[test]
fn reads_implicit_vr_under_an_explicit_syntax() {
    let dataset = implicit(tags::SOP_INSTANCE_UID, b"1.2.3\0");
    let instance = parse(&file(EXPLICIT, &dataset)).unwrap();
    assert!(instance.warnings.contains(&Warning::SyntaxMismatch { explicit: false, big_endian: false }));
    assert_eq!(instance.sop_instance_uid().as_deref(), Some("1.2.3"));
}

#[test]
fn takes_ids_from_the_meta_group_where_the_data_set_has_none() {
    let dataset = explicit(tags::SOP_CLASS_UID, "UI", b"");
    let instance = parse(&file(EXPLICIT, &dataset)).unwrap();
    assert_eq!(instance.warnings, [Warning::SopClassFromMeta, Warning::SopInstanceFromMeta]);
    assert_eq!(instance.sop_class_uid().as_deref(), Some("1.2.840.10008.5.1.4.1.1.7"));
}

#[test]
fn reads_a_deflated_data_set() {
    use std::io::Write;
    let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&ids()).unwrap();
    let bytes = file("1.2.840.10008.1.2.1.99", &packed.finish().unwrap());
    for header_only in [false, true] {
        let instance = OpenOptions::new().header_only(header_only).parse(&bytes).unwrap();
        assert_eq!(value::string(&instance.dataset, tags::SOP_INSTANCE_UID).as_deref(), Some("1.2.3"));
    }
}

#[test]
fn refuses_what_is_no_dicom() {
    assert_eq!(parse(b"").unwrap_err().reason(), "empty-file");
    assert_eq!(parse(b"x").unwrap_err().reason(), "not-dicom");
    assert_eq!(parse(&[b'a'; 4000]).unwrap_err().reason(), "not-dicom");
    assert_eq!(parse(&[0; 4000]).unwrap_err().reason(), "not-dicom");
    let magic_only = [&[0; 128], &b"DICM"[..], &[0xAB; 100]].concat();
    assert_eq!(parse(&magic_only).unwrap_err().reason(), "not-dicom");
}

#[test]
fn refuses_an_unknown_syntax_only_where_the_data_set_is_not_plain() {
    let odd = [0xAB; 64];
    assert_eq!(parse(&file("1.2.3.4", &odd)).unwrap_err().reason(), "unsupported-transfer-syntax");
    let readable = parse(&file("1.2.3.4", &ids())).unwrap();
    assert_eq!(readable.transfer_syntax().unwrap_err().reason(), "unsupported-transfer-syntax");
}

#[test]
fn reads_an_unknown_first_tag_behind_a_meta_group_without_a_syntax() {
    let class = explicit(tags::MEDIA_STORAGE_SOP_CLASS_UID, "UI", b"1.2.3\0");
    let length = explicit(tags::FILE_META_INFORMATION_GROUP_LENGTH, "UL", &(class.len() as u32).to_le_bytes());
    let odd = explicit(isocenter_dcm::Tag(0x0001, 0x0001), "OB", &[1, 2]);
    let bytes = [&[0; 128], &b"DICM"[..], &length, &class, &odd].concat();
    let instance = OpenOptions::new().parse(&bytes).unwrap();
    assert_eq!(instance.warnings.first(), Some(&Warning::MissingTransferSyntax));
    assert_eq!(instance.dataset.iter().count(), 1);
}
