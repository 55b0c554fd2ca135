//! The words of the report itself, which no search for values of the input can look for.

use std::collections::BTreeMap;

use super::{
    FOLLOWED, Figure, Gallery, Page, Preset, Privacy, Range,
    histogram::Histogram,
    page::doubt_in_words,
    picture::{By, Plane},
};
use crate::{
    Error, Funnel, Recipe,
    export::{Exported, WORDS},
    manifest::{Item, Registration, Statistics},
    prepare::{FileRow, LayoutRow, Understood},
    quarantine::{self, Record},
};

/// Every word that an output holds whatever the input is: the page and the rows of runs that show all that a page can, the recipe and
/// the presets.
pub(crate) fn own_words(recipe: &Recipe) -> Result<String, Error> {
    let quarantined = Funnel { quarantined: 1, ..Funnel::default() };
    let records = [
        Record { files: vec![String::new(); 4], ..Record::default() },
        Record { reason: "registration-".to_owned(), ..Record::default() },
    ];
    let privacy = Privacy::clean(0, 0, 0, &BTreeMap::from([(String::new(), 0)]));
    let exports = [Exported {
        sentence: WORDS.to_owned(),
        channels: vec![String::new()],
        labels: [(1, String::new())].into(),
        ..Exported::default()
    }];
    let files = vec![FileRow::default()];
    let understood = Understood { layouts: vec![LayoutRow::default()], files };
    let (items, galleries): (Vec<Item>, Vec<Gallery>) = every_item().into_iter().unzip();
    let mut text = String::new();
    for kept_out in [&[] as &[Record], &records] {
        let page = Page {
            recipe,
            funnel: &quarantined,
            items: &items,
            galleries: &galleries,
            quarantine: kept_out,
            privacy: &privacy,
            exports: &exports,
            understood: &understood,
        };
        text.push_str(&page.to_html());
        text.push_str(&page.numbers()?);
    }
    text.push_str(&serde_json::to_string(&items).map_err(|e| Error::Internal { message: e.to_string() })?);
    text.push_str(&recipe.to_toml()?);
    text.push_str(&quarantine::words());
    text.push_str(
        " pairs recipe BIDS nnU-Net Decathlon list folder patient flat grid image label yes no more items files \
         isocenter convert resample reorient normalize operation parameters files frames background train test crop pad flip permute \
         slice extract steps select real labels layers merge clamp lower upper padding low high now",
    );
    Ok(text)
}

/// Items and galleries that together have every sentence of the page.
fn every_item() -> Vec<(Item, Gallery)> {
    let doubts = ["unlike", "blunt", "little-overlap", "rival", "sides-turned", "mirrored"];
    let registration = |verdict: &str| Registration {
        verdict: verdict.to_owned(),
        doubts: doubts.iter().flat_map(|d| [(*d).to_owned(), doubt_in_words(d).to_owned()]).collect(),
        ..Registration::default()
    };
    let labelled = Item {
        registration: Some(registration("good")),
        label: Some(String::new()),
        labels: [(1, String::new())].into(),
        label_volumes_ml: [(1, 1.0)].into(),
        statistics: Some(Statistics { not_finite: 1, padding: 1, ..Statistics::default() }),
        ..Item::default()
    };
    let empty = Item { registration: Some(registration("doubtful")), label: Some(String::new()), ..Item::default() };
    let ranges =
        Preset::ALL.map(Range::of_preset).into_iter().chain(["SUVbw", "BQML", "CNTS", "sd"].map(|unit| Range {
            low: 0.0,
            high: 1.0,
            unit: unit.to_owned(),
            preset: None,
            inverted: true,
        }));
    let captions: Vec<String> = Plane::ALL
        .into_iter()
        .flat_map(|p| [true, false].map(|known| format!("{} {}", p.name(known), p.order(known))))
        .chain([By::Labels, By::Body, By::Middle].map(|by| by.name().to_owned()))
        .chain(["one slice slices the only slice tilted by degrees the first of steps with the outlines of labels"
            .to_owned()])
        .chain([FOLLOWED.to_owned()])
        .chain(["before: as the headers say after registration".to_owned()])
        .collect();
    let figures: Vec<Figure> =
        ranges.map(|range| Figure { caption: captions.join(" "), range: Some(range), ..Figure::default() }).collect();
    let stages = ["before", "after", "as-is"].map(|stage| Histogram {
        stage,
        outside: 0.1,
        padding: 0.1,
        not_finite: 0.1,
        ..Histogram::default()
    });
    let full = Gallery {
        slices: figures.clone(),
        registration: figures.into_iter().take(1).collect(),
        histograms: stages.into(),
        ..Gallery::default()
    };
    vec![(labelled, full), (empty, Gallery::default())]
}
