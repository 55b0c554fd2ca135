//! Lines that show a command line: those to be typed in are parsed, those that sum up have no option that is not there.

use std::{collections::BTreeSet, process::Command};

use crate::blocks;

fn help(command: Option<&str>) -> String {
    help_of(command.into_iter().collect())
}

fn help_of(mut args: Vec<&str>) -> String {
    args.push("--help");
    let out = Command::new(env!("CARGO_BIN_EXE_isocenter")).args(args).output().unwrap();
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// The words of a line that starts the program, without what follows a pipe, a redirection or a remark.
fn words(line: &str) -> Option<Vec<String>> {
    let line = line.trim().trim_start_matches("$ ");
    let line = line.split([';', '|', '>', '#']).next().unwrap_or_default().trim();
    let words: Vec<&str> = line.split_whitespace().collect();
    let at = if words.first() == Some(&"isocenter") {
        0
    } else if words.first() == Some(&"cargo") && words.contains(&"isocenter-cli") {
        words.iter().position(|w| *w == "--")?
    } else {
        return None;
    };
    Some(words[at + 1..].iter().map(|w| (*w).to_owned()).collect())
}

#[test]
fn the_options_that_are_shown_are_there() {
    let listed = help(None);
    let commands: BTreeSet<&str> = listed
        .lines()
        .skip_while(|l| *l != "Commands:")
        .take_while(|l| !l.is_empty())
        .filter_map(|l| l.split_whitespace().next())
        .collect();
    let mut seen = 0;
    for block in blocks::pages().iter().flat_map(|page| blocks::of(page)) {
        if block.kind.starts_with("rust") || block.kind == "toml" {
            continue;
        }
        // a command may go on in the next line
        for words in block.text.replace("\\\n", " ").lines().filter_map(words) {
            let place = format!("{}:{}: {words:?}", block.page.display(), block.line);
            let command = words.iter().find(|w| !w.starts_with('-')).map(String::as_str);
            if let Some(command) = command {
                // a picture may have the word in it
                if block.kind == "text" && !commands.contains(command) {
                    continue;
                }
                assert!(commands.contains(command), "{place}: no command {command}");
            }
            // what `transform` does is a command of its own
            let task = words.get(1).filter(|task| command == Some("transform") && !task.starts_with('-'));
            let help = help_of(command.into_iter().chain(task.map(String::as_str)).collect());
            for word in &words {
                let name = word.trim_start_matches('[').trim_end_matches(']').split(['=', '|']).next().unwrap();
                if name.len() > 2 && name.starts_with("--") {
                    assert!(
                        help.contains(&format!("{name} ")) || help.contains(&format!("{name}\n")),
                        "{place}: no {name}"
                    );
                } else if name.starts_with('-') {
                    assert!(help.contains(&format!("{name}, ")), "{place}: no {name}");
                }
            }
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn the_examples_that_are_shown_are_there() {
    let mut seen = 0;
    for page in blocks::pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c == '`').collect();
        for at in (0..words.len()).filter(|n| words[*n] == "--example") {
            let name = words[at + 1];
            let package = (0..at).rev().take(4).find(|n| words[*n] == "-p").map(|n| words[n + 1]);
            // without a package it is the crate whose read-me this is
            let folder = match package.map(|p| p.strip_prefix("isocenter-").unwrap_or(p)) {
                Some(name) => blocks::root().join(name),
                None => page.parent().unwrap().to_owned(),
            };
            let examples = folder.join("examples");
            let files = [examples.join(format!("{name}.rs")), examples.join(name).join("main.rs")];
            assert!(files.iter().any(|file| file.is_file()), "{}: no example {name} of {package:?}", page.display());
            seen += 1;
        }
    }
    assert!(seen > 5, "{seen}");
}
