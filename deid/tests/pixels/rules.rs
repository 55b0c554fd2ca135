//! Rules apply to the headers that they describe, and what cannot be honoured is told with its line.

use isocenter_dcm::dicom_core::DataElement;
use isocenter_dcm::dicom_core::value::PrimitiveValue;
use isocenter_dcm::{Dataset, VR, tags};
use isocenter_deid::pixels::{Error, Rect, Rules};

use crate::image::{number, text};

fn header() -> Dataset {
    let mut dataset = Dataset::new_empty();
    text(&mut dataset, tags::MANUFACTURER, VR::LO, "ACME Imaging");
    text(&mut dataset, tags::MODALITY, VR::CS, "US");
    let kind = PrimitiveValue::Strs(["DERIVED", "SECONDARY", "SCREEN SAVE"].map(str::to_owned).as_slice().into());
    dataset.put(DataElement::new(tags::IMAGE_TYPE, VR::CS, kind));
    number(&mut dataset, tags::ROWS, 480);
    dataset
}

fn applies(rules: &Rules) -> bool {
    !rules.matching(&header(), [640, 480]).is_empty()
}

#[test]
fn each_comparison_of_a_script_does_what_its_name_says() {
    for (signature, wanted) in [
        ("Manufacturer.equals(\"ACME Imaging\")", true),
        ("Manufacturer.equals(\"acme imaging\")", false),
        ("Manufacturer.equalsIgnoreCase(\"acme imaging\")", true),
        ("Manufacturer.contains(\"ME Im\")", true),
        ("Manufacturer.contains(\"me im\")", false),
        ("Manufacturer.containsIgnoreCase(\"me im\")", true),
        ("Manufacturer.startsWith(\"ACME\")", true),
        ("Manufacturer.startsWith(\"Imaging\")", false),
        ("Manufacturer.startsWithIgnoreCase(\"acme\")", true),
        ("Manufacturer.endsWith(\"Imaging\")", true),
        ("Manufacturer.endsWith(\"imaging\")", false),
        ("Manufacturer.endsWithIgnoreCase(\"IMAGING\")", true),
        ("Manufacturer.matches(\"ACME .*\")", true),
        ("Manufacturer.matches(\"ACME\")", false),
        ("[0008,0070].contains(\"ACME\")", true),
        ("[0008,0008].contains(\"SCREEN\")", true),
        ("Rows.equals(\"480\")", true),
        ("StationName.equals(\"\")", true),
        ("true", true),
        ("false", false),
        ("!false", true),
        ("!Modality.equals(\"US\")", false),
        ("true * false + true", true),
        ("true * (false + true)", true),
        ("false * (false + true)", false),
        ("!true + true", true),
        ("!(true + true)", false),
        ("Modality.equals(\"US\") * // the vendor\n Manufacturer.contains(\"ACME\")", true),
        ("  Modality . equals ( \"US\" ) ", true),
    ] {
        let rules = Rules::from_ctp(&format!("A heading (of some sort)\n{{ {signature} }}\n(0,0,640,40) (1, 2, 3, 4)"));
        assert_eq!(applies(&rules.unwrap()), wanted, "{signature}");
    }
}

#[test]
fn each_comparison_of_the_own_form_does_what_its_name_says() {
    for (condition, wanted) in [
        ("equals = \"ACME Imaging\"", true),
        ("equals = \"acme imaging\"", false),
        ("equals = \"acme imaging\", ignore_case = true", true),
        ("contains = \"Imag\"", true),
        ("starts_with = \"ACME\"", true),
        ("ends_with = \"ACME\"", false),
        ("matches = \"ACME I[a-z]+\"", true),
        ("matches = \"acme i[a-z]+\", ignore_case = true", true),
        ("contains = \"Imag\", not = true", false),
    ] {
        let toml =
            format!("[[rule]]\nname = 'a'\nwhere = [{{ tag = 'Manufacturer', {condition} }}]\nareas = [[0, 0, 9, 9]]");
        assert_eq!(applies(&Rules::from_toml(&toml).unwrap()), wanted, "{condition}");
    }
}

#[test]
fn the_first_signature_of_a_script_counts_and_every_rule_of_the_own_form() {
    let script =
        "{ Modality.equals(\"CT\") } (0,0,1,1)\n{ Modality.equals(\"US\") } (5,6,7,8) (0,0,9,9)\n{ true } (0,0,2,2)";
    let rules = Rules::from_ctp(script).unwrap();
    let dataset = header();
    let found = rules.matching(&dataset, [640, 480]);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].name(), found[0].areas()),
        ("line 2", [Rect::new(5, 6, 12, 14), Rect::new(0, 0, 9, 9)].as_slice())
    );
    let toml = "[[rule]]\nname = 'a'\nwhere = []\nareas = []\n[[rule]]\nname = 'b'\nsize = [640, 480]\nwhere = []\nareas = []\n\
        [[rule]]\nname = 'c'\nsize = [480, 640]\nwhere = []\nareas = []";
    let rules = Rules::from_toml(toml).unwrap();
    let names: Vec<&str> = rules.matching(&dataset, [640, 480]).iter().map(|rule| rule.name()).collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn lines_of_a_script_that_cannot_be_honoured_are_named() {
    for (script, wanted) in [
        ("\n{ Modality.soundsLike(\"US\") } (0,0,1,1)", 2),
        ("{ Modality.matchesIgnoreCase(\"US\") } (0,0,1,1)", 1),
        ("{ true *\n Nonsense.equals(\"US\") } (0,0,1,1)", 2),
        ("{ Modality.equals(US) } (0,0,1,1)", 1),
        ("{ Modality.matches(\"(\") } (0,0,1,1)", 1),
        ("{ Modality.equals(\"US\") Rows.equals(\"1\") } (0,0,1,1)", 1),
        ("{ (true } (0,0,1,1)", 1),
        ("{ } (0,0,1,1)", 1),
        ("{ true }\n\n(0,0,640)", 3),
        ("{ true }\n(0,0,640,4x)", 2),
        ("{ true }\n(0,0,-640,4)", 2),
        ("{ true }\n(0,0,640,", 2),
        ("\n\n{ true", 3),
    ] {
        match Rules::from_ctp(script) {
            Err(Error::Rule { line, .. }) => assert_eq!(line, wanted, "{script}"),
            other => panic!("{script}: {other:?}"),
        }
    }
    assert!(Rules::from_ctp(&format!("{{ {}true }}", "(".repeat(100_000))).is_err());
}

#[test]
fn files_of_the_own_form_with_unknown_words_are_refused() {
    for (toml, line) in [
        ("[[rule]]\nname = 'a'\nwhere = []\nareas = [[0, 0, 9, 9]]\ncolour = 'red'", None),
        ("[[rule]]\nname = 'a'\nwhere = []\nareas = [[0, 0, 9]]", None),
        ("[[rule]]\nname = 'a'\nareas = []\nwhere = [{ tag = 'Nonsense', equals = 'a' }]", Some(4)),
        ("[[rule]]\nname = 'a'\nareas = []\nwhere = [{ tag = 'Modality' }]", Some(4)),
        ("[[rule]]\nname = 'a'\nareas = []\nwhere = [{ tag = 'Modality', equals = 'a', contains = 'b' }]", Some(4)),
        ("[[rule]]\nname = 'a'\nareas = []\nwhere = [{ tag = 'Modality', matches = '(' }]", Some(4)),
    ] {
        match (Rules::from_toml(toml), line) {
            (Err(Error::Rules { .. }), None) => {}
            (Err(Error::Rule { line, .. }), Some(wanted)) => assert_eq!(line, wanted, "{toml}"),
            (other, _) => panic!("{toml}: {other:?}"),
        }
    }
}
