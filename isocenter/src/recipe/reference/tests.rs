use std::{collections::BTreeSet, fs, path::Path};

use super::{super::Recipe, Key, Table, page, tables};

/// A recipe with one key of a table beside all that the table needs, but that key.
fn with(table: &Table, key: Option<(&str, &str)>) -> String {
    text(table, &pairs(table, key))
}

fn pairs<'a>(table: &Table, key: Option<(&'a str, &'a str)>) -> Vec<(&'a str, &'a str)> {
    let needed = table.keys.iter().filter(|k| k.default == "needed" && key.is_none_or(|(name, _)| name != k.name));
    let mut pairs: Vec<(&str, &str)> = needed.map(|k| (k.name, k.example)).collect();
    pairs.extend(key);
    // a window needs two of its four
    match (table.name, key) {
        ("ct_window", Some(("centre", _))) => pairs.push(("width", "400.0")),
        ("ct_window", Some(("width", _))) => pairs.push(("centre", "40.0")),
        ("ct_window", Some(("upper", _))) => pairs.push(("lower", "-160.0")),
        ("ct_window", Some(("lower", _))) => pairs.push(("upper", "240.0")),
        ("ct_window", Some(("preset", _))) => {}
        ("ct_window", _) => pairs.extend([("centre", "40.0"), ("width", "400.0")]),
        _ => {}
    }
    pairs
}

fn text(table: &Table, pairs: &[(&str, &str)]) -> String {
    let pair = |(k, v): &(&str, &str)| format!("{} = {v}", if *k == "KIND" { "MR" } else { k });
    let pairs: Vec<String> = pairs.iter().map(pair).collect();
    match table.name {
        "" => pairs.join("\n"),
        step if isocenter_normalize::Step::NAMES.contains(&step) => {
            let all: Vec<String> = std::iter::once(format!("name = '{step}'")).chain(pairs).collect();
            format!("name = 'x'\n[normalize]\nMR = [{{ {} }}]", all.join(", "))
        }
        name => format!("name = 'x'\n[{name}]\n{}", pairs.join("\n")),
    }
}

/// The keys that the parser knows of a table, by what it says of one that it does not.
fn known(table: &Table) -> BTreeSet<String> {
    let said = Recipe::parse(&with(table, Some(("zzz", "1")))).unwrap_err().to_string();
    let expected = said.split_once("expected ").map_or("", |(_, list)| list);
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_keys_are_those_that_the_parser_knows() {
    let names: Vec<&str> = tables().map(|t| t.name).collect();
    let tables_of_top = known(tables().next().unwrap());
    let mut wanted: BTreeSet<String> = names
        .iter()
        .filter(|n| !n.is_empty() && !isocenter_normalize::Step::NAMES.contains(n))
        .map(|n| (*n).into())
        .collect();
    wanted.extend(["name", "description", "grids"].map(str::to_owned));
    assert_eq!(tables_of_top, wanted);
    for step in isocenter_normalize::Step::NAMES {
        assert!(names.contains(&step), "{step}");
    }
    // a kind of image has any name
    for table in tables().skip(1).filter(|t| t.name != "normalize") {
        let listed: BTreeSet<String> = table.keys.iter().map(|k| k.name.to_owned()).collect();
        assert_eq!(known(table), listed, "[{}]", table.name);
    }
}

#[test]
fn what_is_allowed_is_taken_and_what_is_not_is_refused() {
    for table in tables() {
        Recipe::parse(&with(table, None)).unwrap();
        for key in table.keys {
            let taken = with(table, Some((key.name, key.example)));
            Recipe::parse(&taken).unwrap_or_else(|e| panic!("{taken}\n{e}"));
            let refused = with(table, Some((key.name, key.refused)));
            assert!(key.refused.is_empty() || Recipe::parse(&refused).is_err(), "{refused}");
        }
    }
}

/// What the parser puts in place of a key that is left out; none where it stays out.
fn default_of(table: &Table, key: &Key) -> Option<toml::Value> {
    let recipe = Recipe::parse(&with(table, None)).unwrap().to_toml().unwrap();
    let mut value: toml::Value = toml::from_str(&recipe).unwrap();
    if isocenter_normalize::Step::NAMES.contains(&table.name) {
        value = value.get("normalize")?.get("MR")?.get(0)?.clone();
    } else if !table.name.is_empty() {
        value = value.get(table.name)?.clone();
    }
    value.get(key.name).cloned()
}

#[test]
fn the_defaults_are_those_of_the_parser() {
    for table in tables() {
        for key in table.keys {
            let found = default_of(table, key);
            match (key.table, key.name, key.default) {
                (_, _, "needed") => {
                    // the key itself comes last
                    let mut all = pairs(table, Some((key.name, key.example)));
                    assert_eq!(all.pop(), Some((key.name, key.example)));
                    let without = text(table, &all);
                    assert!(Recipe::parse(&without).is_err(), "{without}");
                }
                // an empty list is not written, and a window has two of its four
                (_, _, "[]") | ("ct_window", _, "none") => {}
                (_, _, "as acquired" | "none") => assert!(found.is_none(), "{} {found:?}", key.name),
                (_, _, default) => {
                    let wanted: toml::Table = toml::from_str(&format!("v = {default}")).unwrap();
                    assert_eq!(found.as_ref(), wanted.get("v"), "{}.{}", key.table, key.name);
                }
            }
        }
    }
}

#[test]
fn the_page_of_the_book_is_what_is_printed() {
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/src/recipe.md");
    let there = fs::read_to_string(&book).unwrap_or_default();
    assert!(there == page(), "docs/src/recipe.md differs from `isocenter recipe --keys`: print it there");
}
