//! MR series, against the datatype and suffix that the owners of eleven public data sets gave them.

use std::collections::BTreeMap;

use isocenter_normalize::names::series::{self, Facts, Reading};

use crate::{corpus, split};

/// Columns of the labelled file; its column of guesses is not read.
struct Row(Vec<String>);

impl Row {
    fn cell(&self, column: usize) -> &str {
        self.0.get(column).map_or("", String::as_str)
    }

    fn source(&self) -> &str {
        self.cell(0)
    }

    fn label(&self) -> &str {
        self.cell(2)
    }

    fn number(&self, column: usize, factor: f64) -> Option<f64> {
        self.cell(column).parse::<f64>().ok().map(|value| value * factor)
    }

    fn facts(&self) -> Facts<'_> {
        Facts {
            description: self.cell(7),
            protocol: self.cell(8),
            image_type: self.cell(9),
            scanning_sequence: self.cell(10),
            sequence_variant: self.cell(11),
            scan_options: self.cell(12),
            sequence_name: if self.cell(13).is_empty() { self.cell(14) } else { self.cell(13) },
            acquisition_type: self.cell(15),
            echo_time_ms: self.number(16, 1000.0),
            repetition_time_ms: self.number(17, 1000.0),
            inversion_time_ms: self.number(18, 1000.0),
            flip_angle_deg: self.number(19, 1.0),
            field_strength_t: self.number(6, 1.0),
            ..Facts::default()
        }
    }

    fn read(&self) -> Reading {
        series::name(&self.facts())
    }
}

fn rows() -> Option<Vec<Row>> {
    Some(split::rows(&corpus("series/series_labels.tsv")?, '\t').into_iter().map(Row).collect())
}

/// Share that is right at least, over all rows and in each source of more than 10 rows: the rules are one set for all, fitted to none.
const RIGHT: f64 = 0.95;
/// Share without an answer at most.
const SILENT: f64 = 0.03;

#[test]
fn the_kind_of_a_series_is_what_its_owners_say_in_19_of_20() {
    let Some(rows) = rows() else { return };
    let mut sources: BTreeMap<&str, [f64; 3]> = BTreeMap::new();
    for row in &rows {
        let found = row.read();
        let right = found.kind().is_some_and(|kind| kind.bids() == row.label());
        assert!(found.kind().is_none() || found.confidence() > 0.0 && !found.evidence().is_empty());
        for name in [row.source(), "all"] {
            let counts = sources.entry(name).or_default();
            counts[0] += f64::from(u8::from(right));
            counts[1] += f64::from(u8::from(found.kind().is_none()));
            counts[2] += 1.0;
        }
    }
    for (source, [right, silent, all]) in &sources {
        println!("{source}: {right} of {all} right, {silent} without an answer");
        assert!(*silent <= SILENT * all, "{source}");
        assert!(*all < 10.0 || *right >= (RIGHT * all).floor(), "{source}");
    }
    let [right, _, all] = sources["all"];
    assert!(right >= RIGHT * all);
}

/// Made-up facts of sequences that the labelled file does not have, from general knowledge of MR.
#[test]
fn physics_decide_where_words_are_silent() {
    use isocenter_normalize::names::series::Kind;
    let facts = |sequence, te: f64, tr: f64, ti: Option<f64>, flip: f64| Facts {
        scanning_sequence: sequence,
        echo_time_ms: Some(te),
        repetition_time_ms: Some(tr),
        inversion_time_ms: ti,
        flip_angle_deg: Some(flip),
        ..Facts::default()
    };
    let cases = [
        (facts("SE", 10.0, 500.0, None, 90.0), Kind::T1w),
        (facts("SE", 100.0, 4000.0, None, 90.0), Kind::T2w),
        (facts("SE", 15.0, 3000.0, None, 90.0), Kind::PDw),
        (facts("SE\\IR", 120.0, 9000.0, Some(2500.0), 150.0), Kind::Flair),
        (facts("SE\\IR", 60.0, 4000.0, Some(180.0), 150.0), Kind::Stir),
        (facts("GR", 20.0, 600.0, None, 20.0), Kind::T2star),
        (facts("GR\\IR", 3.0, 2300.0, Some(900.0), 9.0), Kind::T1w),
        (facts("EP", 30.0, 2000.0, None, 80.0), Kind::Bold),
    ];
    for (facts, kind) in cases {
        assert_eq!(series::name(&facts).kind(), Some(kind), "{facts:?}");
    }
    let b = Facts { b_value: Some(1000.0), scanning_sequence: "SE\\EP", ..Facts::default() };
    assert_eq!(series::name(&b).kind(), Some(Kind::Dwi));
}

#[test]
fn words_that_contradict_the_physics_lower_the_confidence() {
    let t2 = Facts {
        description: "T2 TSE",
        scanning_sequence: "SE",
        echo_time_ms: Some(100.0),
        repetition_time_ms: Some(4000.0),
        ..Facts::default()
    };
    let t1 = Facts { description: "T1 TSE", ..t2 };
    let (agree, contradict) = (series::name(&t2), series::name(&t1));
    assert_eq!(agree.kind(), contradict.kind());
    assert!(contradict.confidence() < agree.confidence());
}

/// Share right at least when the two names are taken away: what is left open then needs a name (references, maps of distortion, sets).
const RIGHT_WITHOUT_NAMES: f64 = 0.80;

#[test]
fn without_any_name_the_facts_alone_are_right_in_8_of_10() {
    let Some(rows) = rows() else { return };
    let without = |row: &Row| {
        series::name(&Facts { description: "", protocol: "", ..row.facts() }).kind().map(series::Kind::bids)
            == Some(row.label())
    };
    let right = rows.iter().filter(|row| without(row)).count();
    println!("{right} of {} right without names", rows.len());
    assert!(right as f64 >= RIGHT_WITHOUT_NAMES * rows.len() as f64);
}
