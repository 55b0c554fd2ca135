//! The report: funnel, quarantine, privacy, registration and slices in one HTML file that opens without a network.

mod html;
mod page;
mod picture;

pub(crate) use page::{Figure, Gallery, Page};
pub(crate) use picture::{Planes, Window, label_centre, to_png};

use crate::{
    Error, Funnel, Recipe,
    manifest::Item,
    prepare::{FileRow, LayoutRow, Understood},
};

/// Every word that an output holds whatever the input is: the page and the rows of an empty run, the recipe and the presets.
pub(crate) fn own_words(recipe: &Recipe) -> Result<String, Error> {
    let item = Item {
        registration: Some(crate::manifest::Registration::default()),
        labels: [(1, String::new())].into(),
        ..Item::default()
    };
    let (items, galleries) =
        ([item], [Gallery { registration: vec![Figure::default()], slices: vec![Figure::default()] }]);
    let quarantined = Funnel { quarantined: 1, ..Funnel::default() };
    let record = crate::quarantine::Record::default();
    let mut text = String::new();
    for quarantine in [&[] as &[_], &[record]] {
        let page = Page {
            recipe,
            funnel: &quarantined,
            items: &items,
            galleries: &galleries,
            quarantine,
            privacy: &privacy_rows(0, 0, 0),
            exports: &[crate::export::Exported {
                sentence: crate::export::WORDS.to_owned(),
                channels: vec![String::new()],
                labels: [(1, String::new())].into(),
                folder: Some("nnunet dataset".to_owned()),
                ..Default::default()
            }],
            understood: &Understood { layouts: vec![LayoutRow::default()], files: vec![FileRow::default()] },
        };
        text.push_str(&page.to_html());
        text.push_str(&page.numbers()?);
    }
    text.push_str(&serde_json::to_string(&items).map_err(|e| Error::Internal { message: e.to_string() })?);
    text.push_str(&recipe.to_toml()?);
    text.push_str(
        "pairs recipe BIDS nnU-Net Decathlon list folder patient flat grid image label yes no \
         isocenter convert resample reorient normalize operation parameters files frames background train test crop pad flip permute \
         slice extract steps select real labels layers merge clamp lower upper padding low high now",
    );
    Ok(text)
}

/// What the report says of the search; `values` known values of which `words` are words of our own, `files` searched.
pub(crate) fn privacy_rows(values: usize, files: usize, words: usize) -> Vec<(String, String)> {
    [
        ("Profile", "DICOM PS3.15 Annex E, Basic Application Level Confidentiality Profile".to_owned()),
        ("Identifying values of the input that were searched for", (values - words.min(values)).to_string()),
        ("Values that are words of this report itself, and cannot be searched for", words.to_string()),
        ("Output files searched, unpacked too", files.to_string()),
        ("Places found", "0".to_owned()),
    ]
    .map(|(check, result)| (check.to_owned(), result))
    .to_vec()
}
