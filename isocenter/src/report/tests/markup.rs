//! The text of the page: every tag closed, every picture described, nothing from outside.

use std::collections::BTreeMap;

use super::{ct, gallery, grid};
use crate::{
    Funnel, Recipe,
    export::Exported,
    manifest::{Item, Registration},
    prepare::{FileRow, LayoutRow, Understood},
    quarantine::Record,
    report::{Gallery, Page, Privacy},
};

pub(super) fn item(id: &str, labels: &[u32]) -> Item {
    Item {
        item_id: id.to_owned(),
        patient: "P1".to_owned(),
        modality: Some("CT".to_owned()),
        part: "train".to_owned(),
        label: (!labels.is_empty()).then(|| "labels/x".to_owned()),
        labels: labels.iter().map(|l| (*l, format!("organ <{l}>"))).collect(),
        label_volumes_ml: labels.iter().map(|l| (*l, 0.000_25)).collect(),
        ..Item::default()
    }
}

pub(super) fn page(items: &[Item], galleries: &[Gallery]) -> String {
    texts(items, galleries)[0].clone()
}

/// The page and its numbers.
fn texts(items: &[Item], galleries: &[Gallery]) -> [String; 2] {
    let recipe = Recipe::preset("multimodal").unwrap().unwrap();
    let failed = Record {
        reason: "registration-mirrored".to_owned(),
        detail: "it fits better in a mirror".to_owned(),
        files: vec!["f".to_owned(); 5],
        ..Record::default()
    };
    let exports = [Exported::of_dicom(3)];
    let understood = Understood { layouts: vec![LayoutRow::default()], files: vec![FileRow::default()] };
    let page = Page {
        recipe: &recipe,
        funnel: &Funnel::default(),
        items,
        galleries,
        quarantine: &[failed],
        privacy: &Privacy::clean(9, 3, 1, &BTreeMap::new()),
        exports: &exports,
        understood: &understood,
    };
    [page.to_html(), page.numbers().unwrap()]
}

fn full() -> [String; 2] {
    let registered = Item {
        registration: Some(Registration {
            fixed: "b".to_owned(),
            verdict: "doubtful".to_owned(),
            doubts: vec!["rival".to_owned()],
            ..Registration::default()
        }),
        warnings: vec!["registration-rival".to_owned()],
        ..item("a", &[])
    };
    let volume = ct(30.0, 900.0);
    let mut shown = gallery(&volume, Some("HEAD"), None);
    shown.registration = Gallery::overlays(
        &volume,
        &[("after registration", volume.clone())],
        &shown.cuts,
        &isocenter_volume::Ctx::default(),
    )
    .unwrap();
    let labels = vec![1u8; 48 * 48 * 24];
    let map = isocenter_volume::LabelMap::new(vec![labels], grid([48, 48, 24], 5.0), vec![]).unwrap();
    texts(&[registered, item("b", &[1, 2])], &[shown, gallery(&volume, None, Some(&map))])
}

/// Tags of a page: name, attributes, whether it closes, whether it is empty by itself.
fn tags(html: &str) -> Vec<(&str, &str)> {
    let body = html.split("<script>").next().unwrap().split("<style>").next().unwrap();
    let rest = html.split("</style>").nth(1).unwrap().split("<script>").next().unwrap();
    [body, rest]
        .into_iter()
        .flat_map(|part| part.split('<').skip(1))
        .map(|tag| {
            let inside = &tag[..tag.find('>').unwrap()];
            inside.split_once(' ').unwrap_or((inside, ""))
        })
        .collect()
}

#[test]
fn every_tag_is_closed_in_its_order() {
    let [html, _] = full();
    let mut open = Vec::new();
    for (name, attributes) in tags(&html) {
        match name {
            "!doctype" | "meta" | "img" => (),
            _ if name.ends_with('/') || attributes.ends_with('/') => (),
            _ if name.starts_with('/') => assert_eq!(open.pop(), Some(&name[1..])),
            _ => open.push(name),
        }
    }
    // their ends stand behind the script
    assert_eq!(open, ["html", "body"]);
    let mut ids: Vec<&str> = html.split(" id=\"").skip(1).map(|s| &s[..s.find('"').unwrap()]).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id stands once");
    for target in html.split("href=\"#").skip(1).map(|s| &s[..s.find('"').unwrap()]) {
        assert!(ids.contains(&target), "#{target} is nowhere");
    }
}

#[test]
fn every_picture_says_which_item_and_plane_it_is() {
    let [html, _] = full();
    let pictures: Vec<&str> = tags(&html).into_iter().filter(|(name, _)| *name == "img").map(|(_, a)| a).collect();
    // four of the head and three of its overlay, four of the labelled one
    assert_eq!(pictures.len(), 11);
    for attributes in pictures {
        let alt = attributes.split("alt=\"").nth(1).unwrap().split('"').next().unwrap();
        assert!(alt.starts_with("Item a, CT: ") || alt.starts_with("Item b, CT: "), "{alt}");
        assert!(["axial", "coronal", "sagittal"].iter().any(|p| alt.contains(p)), "{alt}");
    }
    assert!(!html.contains("http"), "nothing is asked for");
    assert!(
        html.contains("name=\"viewport\"") && html.contains("@media print") && html.contains("prefers-color-scheme")
    );
}

#[test]
fn verdicts_volumes_and_what_failed_are_told() {
    let [html, numbers] = full();
    assert!(html.contains(">doubtful</span>: another pose is nearly as good"));
    assert!(html.contains(">failed</span>: it fits better in a mirror"));
    assert!(html.contains("1 organ &lt;1&gt;, 0.00025 ml"));
    let numbers: serde_json::Value = serde_json::from_str(&numbers).unwrap();
    assert_eq!(numbers["format_version"], 2);
    assert_eq!(numbers["items"][1]["labels"][0]["volume_ml"], 0.000_25);
    assert_eq!(numbers["items"][0]["registration"]["verdict"], "doubtful");
    assert_eq!(numbers["exports"][0]["instances"], 3);
    assert_eq!(numbers["privacy"]["values_searched_for"], 8);
    assert_eq!(numbers["items"][0]["pictures"][0]["window"]["name"], "brain");
    assert_eq!(numbers["items"][0]["histograms"][0]["shares"].as_array().unwrap().len(), 64);
}

#[test]
fn the_pages_own_words_hold_every_word_of_a_page() {
    let recipe = Recipe::preset("multimodal").unwrap().unwrap();
    let words = |text: &str| -> std::collections::BTreeSet<String> {
        let text = text.split("base64,").map(|s| s.split_once('"').map_or(s, |(_, rest)| rest)).collect::<String>();
        text.split(|c: char| !c.is_ascii_alphabetic()).filter(|w| w.len() >= 5).map(str::to_lowercase).collect()
    };
    let own = words(&crate::report::own_words(&recipe).unwrap());
    let [html, numbers] = full();
    let here: Vec<String> = words(&html).union(&words(&numbers)).filter(|w| !own.contains(*w)).cloned().collect();
    // what the test itself put in
    let given = ["organ", "better", "mirror", "train", "mirrored", "registration"];
    let strange: Vec<&String> = here.iter().filter(|w| !given.contains(&w.as_str())).collect();
    assert!(strange.is_empty(), "{strange:?}");
}
