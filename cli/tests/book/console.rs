//! Console sessions of the book, run in order, one folder a page.
//!
//! A line `$ command` is given to the shell, the lines after it are what it prints (stdout and stderr together), and a line `? 3` before these
//! says which exit code it ends with (0 where there is none). `[..]` stands for anything within a line, a line `...` for any lines.
//! `ISOCENTER_BOOK=write` puts what was printed in place of what stands there.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use isocenter::{
    formats,
    volume::{AxisKind, DynVolume, Head as VolumeHead, LabelMap, SlowAxis, Volume},
};
use isocenter_phantom::{
    Contrast, Head,
    grid::{Grid, Plane, pose},
};

use crate::blocks;

/// One command with what the page says of it.
struct Step {
    line: usize,
    command: String,
    code: i32,
    wanted: Vec<String>,
}

fn steps(block: &blocks::Block) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for (n, line) in block.text.lines().enumerate() {
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step { line: block.line + n + 1, command: command.to_owned(), code: 0, wanted: Vec::new() });
        } else if let Some(step) = steps.last_mut() {
            match line.strip_prefix("? ") {
                Some(code) if step.wanted.is_empty() => step.code = code.parse().unwrap(),
                _ => step.wanted.push(line.to_owned()),
            }
        }
    }
    steps
}

struct Ran {
    code: i32,
    said: Vec<String>,
}

fn run(command: &str, folder: &Path) -> Ran {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_isocenter"));
    let path = format!("{}:{}", program.parent().unwrap().display(), env::var("PATH").unwrap_or_default());
    let out = Command::new("sh")
        .args(["-c", &format!("{{ {command}\n}} 2>&1")])
        .current_dir(folder)
        .env("PATH", path)
        .env("NO_COLOR", "1")
        .env("LC_ALL", "C")
        .env("COLUMNS", "100")
        .env_remove("RUST_LOG")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&out.stdout).replace(folder.to_str().unwrap(), "/home/me");
    let mut said: Vec<String> = text.lines().map(|l| l.trim_end().to_owned()).collect();
    while said.last().is_some_and(String::is_empty) {
        said.pop();
    }
    Ran { code: out.status.code().unwrap_or(-1), said }
}

fn is_line(wanted: &str, said: &str) -> bool {
    let mut parts = wanted.split("[..]");
    let Some(mut rest) = said.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

fn is_text(wanted: &[String], said: &[String]) -> bool {
    match wanted.split_first() {
        None => said.is_empty(),
        Some((any, rest)) if any == "..." => (0..=said.len()).any(|n| is_text(rest, &said[n..])),
        Some((line, rest)) => said.split_first().is_some_and(|(s, others)| is_line(line, s) && is_text(rest, others)),
    }
}

/// Runs the sessions of a page; what differs is told all together.
fn page(name: &str) {
    page_in(name, |_| ());
}

/// The same in a folder that is filled before.
fn page_in(name: &str, fill: impl Fn(&Path)) {
    let page = blocks::root().join("docs/src").join(name);
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().canonicalize().unwrap();
    fill(&home);
    let blocks: Vec<_> = blocks::of(&page).into_iter().filter(|b| b.kind == "console").collect();
    assert!(!blocks.is_empty(), "{name}");
    let mut lines: Vec<String> = fs::read_to_string(&page).unwrap().lines().map(str::to_owned).collect();
    let mut wrong = Vec::new();
    let mut edits = Vec::new();
    for step in blocks.iter().flat_map(steps) {
        let ran = run(&step.command, &home);
        if ran.code == step.code && is_text(&step.wanted, &ran.said) {
            continue;
        }
        wrong.push(format!(
            "{}:{}: $ {}\nexit code {}, wanted {}\n--- said\n{}\n--- wanted\n{}",
            page.display(),
            step.line,
            step.command,
            ran.code,
            step.code,
            ran.said.join("\n"),
            step.wanted.join("\n")
        ));
        let had = step.wanted.len() + usize::from(step.code != 0);
        let code = (ran.code != 0).then(|| format!("? {}", ran.code));
        edits.push((step.line, had, code.into_iter().chain(ran.said).collect::<Vec<_>>()));
    }
    if !edits.is_empty() && env::var("ISOCENTER_BOOK").is_ok_and(|v| v == "write") {
        for (line, had, said) in edits.into_iter().rev() {
            lines.splice(line..line + had, said);
        }
        fs::write(&page, lines.join("\n") + "\n").unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn wildcards_stand_for_what_they_should() {
    let text = |t: &[&str]| t.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>();
    assert!(is_line("made [..] in [..]", "made 3 files in out") && !is_line("made [..] in", "made 3 files"));
    assert!(is_text(&text(&["a", "...", "d"]), &text(&["a", "b", "c", "d"])));
    assert!(!is_text(&text(&["a"]), &text(&["a", "b"])) && !is_text(&text(&["a", "b"]), &text(&["a"])));
}

#[test]
fn the_program() {
    page("program.md");
}

#[test]
fn messages() {
    page("messages.md");
}

#[test]
fn normalizing() {
    page_in("normalize.md", |home| {
        let grid = Grid::new(Plane::Axial, [48, 56, 44], [4.0, 4.0, 4.0]).geometry().unwrap();
        let head = |seed, angles| Head::new(seed).render(&grid, &pose(angles, [0.0; 3]), Contrast::T1, seed).unwrap();
        let write = |name: &str, volume: DynVolume| {
            formats::write(home.join(name), &formats::File::from_volume(volume)).unwrap();
        };
        let t1 = head(1, [0.0; 3]);
        let marked: Vec<u8> = t1.voxels().iter().map(|v| u8::from(*v > 60.0) + u8::from(*v > 100.0)).collect();
        let labels = LabelMap::new(vec![marked], grid.clone(), vec![]).unwrap();
        let labels = formats::labels::label_map_to_file(&labels).unwrap();
        formats::write(home.join("labels.nii.gz"), &labels).unwrap();
        write("t1.nii", t1.clone().into());
        write("t1.nii.gz", t1.into());
        fs::create_dir(home.join("train")).unwrap();
        for n in 2..5u32 {
            write(&format!("train/{n}.nii.gz"), head(n.into(), [f64::from(n), 0.0, 0.0]).into());
        }
        // three hospitals, the second 3 higher, the third 2 lower
        let rows = (0..30i32).map(|n| {
            let (site, age) = ((n % 3) as usize, 30 + n * 7 % 40);
            let noise = f64::from(n * 37 % 11) / 10.0;
            let value = f64::from(age) / 20.0 + noise + [0.0, 3.0, -2.0][site];
            let sex = if n * 5 % 7 < 3 { "F" } else { "M" };
            format!(
                "s{n},{},{age},{sex},{value:.2},{:.2}\n",
                ["A", "B", "C"][site],
                10.0 - value + f64::from(n * 23 % 13) / 9.0
            )
        });
        let table = std::iter::once("id,hospital,age,sex,thickness,volume\n".to_owned()).chain(rows);
        fs::write(home.join("features.csv"), table.collect::<String>()).unwrap();
    });
}

#[test]
fn co_registration() {
    page_in("register.md", |home| {
        let grid = Grid::new(Plane::Axial, [48, 56, 44], [4.0, 4.0, 4.0]).geometry().unwrap();
        let head =
            |angles, shift, contrast, seed| Head::new(1).render(&grid, &pose(angles, shift), contrast, seed).unwrap();
        let write = |name: &str, volume: DynVolume| {
            formats::write(home.join(name), &formats::File::from_volume(volume)).unwrap();
        };
        write("t1.nii.gz", head([0.0; 3], [0.0; 3], Contrast::T1, 1).into());
        let t2 = head([4.0, -3.0, 6.0], [5.0, -8.0, 3.0], Contrast::T2, 2);
        fs::create_dir(home.join("other")).unwrap();
        write("other/t2.nii.gz", t2.clone().into());
        write("t2.nii.gz", t2.into());
        write("flair.nii.gz", head([-6.0, 2.0, 1.0], [-4.0, 2.0, 7.0], Contrast::Flair, 3).into());
        let steps = (0..5).map(|n| head([0.0, 0.0, f64::from(n)], [0.0, 0.5 * f64::from(n), 0.0], Contrast::T2, 4));
        let samples: Vec<f32> = steps.flat_map(Volume::into_voxels).collect();
        let time = SlowAxis::new(AxisKind::Time, 5).unwrap();
        let series = VolumeHead::new(grid.clone()).with_slow_axes(vec![time]).unwrap();
        write("bold.nii.gz", Volume::from_parts(series, samples).unwrap().into());
    });
}
