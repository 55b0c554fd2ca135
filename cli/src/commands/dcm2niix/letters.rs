//! The options of dcm2niix: each honoured, or refused by its name.

use std::{
    ffi::{OsStr, OsString},
    path::PathBuf,
};

use isocenter::convert::{
    PhilipsScaling,
    output::{Conflict, Identity, Template},
};

/// What the letters ask for.
#[derive(Clone, Debug)]
pub(in crate::commands) struct Letters {
    pub(in crate::commands) input: PathBuf,
    target: Option<PathBuf>,
    pub(in crate::commands) names: Template,
    pub(in crate::commands) extension: &'static str,
    pub(in crate::commands) level: u32,
    pub(in crate::commands) sidecar: bool,
    pub(in crate::commands) volumes: bool,
    pub(in crate::commands) identity: Identity,
    pub(in crate::commands) conflict: Conflict,
    pub(in crate::commands) philips: PhilipsScaling,
    alone: bool,
}

/// What is to be done.
#[derive(Clone, Debug)]
pub(in crate::commands) enum Wanted {
    Run(Letters),
    Help,
    Version,
}

pub(in crate::commands) const HELP: &str = "\
usage: isocenter dcm2niix [options] <in_folder>
 -1..-9    level of gzip (default 6)
 -b y/n/o  sidecar, none, or sidecars alone (default y)
 -ba y/n/o leave out what identifies a person, but for descriptions of the series (y, o), or nothing (default y)
 -e n/y/o  NIfTI, NRRD or MGH (default n)
 -f NAME   names, with %a %b %c %d %e %f %g %i %j %k %m %n %o %p %r %s %t %u %v %x %z (default %f_%p_%t_%s)
 -o DIR    output folder (the input folder where left out)
 -p y/n    Philips: the scanner's own values, or those of the display (default y)
 -s n/y    a file alone, not the folder it lies in (default n)
 -w 0/1/2  names that are taken: skip, replace, add a letter (default 2)
 -z n/y/i/o gzip (default n)
 Taken where they ask for what is done anyway: -a, -d 5..9, -g i, -i n, -l o, -m n/2, -q n/y, -t n, -v, -x n/i,
 --progress n, --terse is refused. The rest is refused by name.";

impl Letters {
    /// Reads the letters; `Err` names the first that cannot be honoured.
    pub(in crate::commands) fn parse(all: &[OsString]) -> Result<Wanted, String> {
        let default: Template = "%f_%p_%t_%s".parse().map_err(|e| format!("{e}"))?;
        let mut found = Self {
            input: PathBuf::new(),
            target: None,
            names: default,
            extension: "nii",
            level: 6,
            sidecar: true,
            volumes: true,
            identity: Identity::Descriptions,
            conflict: Conflict::Letter,
            philips: PhilipsScaling::Precise,
            alone: false,
        };
        let mut inputs: Vec<PathBuf> = Vec::new();
        let mut rest = all.iter();
        while let Some(argument) = rest.next() {
            let text = argument.to_string_lossy();
            if !text.starts_with('-') || text == "-" {
                inputs.push(argument.into());
                continue;
            }
            match &*text {
                "-h" | "--help" => return Ok(Wanted::Help),
                "--version" | "-version" => return Ok(Wanted::Version),
                digit if digit.len() == 2 && ('1'..='9').contains(&digit.chars().nth(1).unwrap_or('0')) => {
                    found.level = digit[1..].parse().unwrap_or(6);
                }
                // verbosity may come without a value
                "-v" => {
                    let is_value = |next: &&OsString| ["n", "y", "0", "1", "2"].contains(&&*next.to_string_lossy());
                    if rest.clone().next().filter(is_value).is_some() {
                        rest.next();
                    }
                }
                letter => {
                    let value = rest.next().ok_or_else(|| format!("{letter} wants a value"))?;
                    found.set(letter, value)?;
                }
            }
        }
        match <[PathBuf; 1]>::try_from(inputs) {
            Ok([input]) => Ok(Wanted::Run(Self { input, ..found })),
            Err(other) if other.is_empty() => Ok(Wanted::Help),
            Err(_) => Err("one input folder is wanted".to_owned()),
        }
    }

    fn set(&mut self, letter: &str, value: &OsStr) -> Result<(), String> {
        let text = value.to_string_lossy();
        let word = text.to_lowercase();
        match (letter, &*word) {
            ("-o", _) => self.target = Some(value.into()),
            ("-f", _) => self.names = text.parse().map_err(|e| format!("-f {text}: {e}"))?,
            ("-b", "y" | "1") => (self.sidecar, self.volumes) = (true, true),
            ("-b", "n" | "0") => (self.sidecar, self.volumes) = (false, true),
            ("-b", "o" | "2") => (self.sidecar, self.volumes) = (true, false),
            ("-ba", "y" | "o") => self.identity = Identity::Descriptions,
            ("-ba", "n") => self.identity = Identity::Keep,
            ("-e", "n") => {}
            ("-e", "y") => self.extension = "nrrd",
            ("-e", "o") => self.extension = if self.extension == "nii.gz" { "mgz" } else { "mgh" },
            ("-p", "y") => self.philips = PhilipsScaling::Precise,
            ("-p", "n") => self.philips = PhilipsScaling::Display,
            ("-s", "y" | "1") => self.alone = true,
            ("-s", "n" | "0") => self.alone = false,
            ("-w", "0") => self.conflict = Conflict::Skip,
            ("-w", "1") => self.conflict = Conflict::Replace,
            ("-w", "2") => self.conflict = Conflict::Letter,
            ("-z", "n") => self.extension = "nii",
            ("-z", "y" | "i" | "o") => self.extension = "nii.gz",
            // what is done anyway: no order of folders is assumed, all depths are searched, samples stay as stored, nothing is cropped or
            // turned, unlike images are not merged, no text notes, no defaults file
            ("-a" | "-q" | "-u", "y" | "n" | "l")
            | ("-d", "5" | "6" | "7" | "8" | "9")
            | ("-g" | "-i" | "-t" | "-r" | "--progress" | "--xml", "n" | "i")
            | ("-l", "o")
            | ("-m", "n" | "0" | "2" | "auto")
            | ("-x", "n" | "i")
            | ("--big-endian", "n" | "o") => {}
            _ => return Err(format!("{letter} {text} is not taken: see -h for what is")),
        }
        Ok(())
    }

    /// Where outputs go.
    pub(in crate::commands) fn target(&self) -> PathBuf {
        let beside = || match self.input.is_dir() {
            true => self.input.clone(),
            false => self.input.parent().map(PathBuf::from).unwrap_or_default(),
        };
        self.target.clone().unwrap_or_else(beside)
    }

    /// What is converted: a file stands for its folder, unless it was asked for alone.
    pub(in crate::commands) fn paths(&self) -> Vec<PathBuf> {
        let folder = self.input.parent().filter(|_| !self.alone && self.input.is_file());
        vec![folder.map_or_else(|| self.input.clone(), PathBuf::from)]
    }

    /// What `%f` stands for.
    pub(in crate::commands) fn folder(&self) -> String {
        let whole = self.paths().first().and_then(|path| path.canonicalize().ok());
        let folder = whole.as_deref().map(|path| if path.is_dir() { path } else { path.parent().unwrap_or(path) });
        folder.and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned())).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Wanted, String> {
        Letters::parse(&text.split(' ').filter(|word| !word.is_empty()).map(OsString::from).collect::<Vec<_>>())
    }

    fn run(text: &str) -> Letters {
        match parse(text) {
            Ok(Wanted::Run(letters)) => letters,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn what_other_programs_ask_for_is_taken() {
        // heudiconv by way of nipype, and dcm2bids
        let found = run("-b y -z y -x n -t n -m n -f heudiconv -o out -s n -v n in");
        assert_eq!((found.extension, found.sidecar, found.volumes), ("nii.gz", true, true));
        assert_eq!((found.input, found.target), (PathBuf::from("in"), Some(PathBuf::from("out"))));
        let found = run("-b y -ba n -z n -3 -f %3s_%f_%p_%t -v in");
        assert_eq!((found.extension, found.level, found.identity), ("nii", 3, Identity::Keep));
        assert_eq!(found.names.to_string(), "%3s_%f_%p_%t");
    }

    #[test]
    fn what_cannot_be_honoured_is_named() {
        for (text, word) in [
            ("-i y in", "-i y"),
            ("-x y in", "-x y"),
            ("-k y in", "-k y"),
            ("-z 3 in", "-z 3"),
            ("-f %y in", "%y"),
            ("-o", "-o"),
        ] {
            assert!(parse(text).unwrap_err().contains(word), "{text}");
        }
        assert!(parse("a b").is_err() && matches!(parse(""), Ok(Wanted::Help)));
        assert!(matches!(parse("in --version"), Ok(Wanted::Version)));
    }
}
