//! The own form of rules.

use serde::Deserialize;

use super::signature::{Comparison, How, Signature, Test, tag_of};
use super::{Error, Rule, area};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    rule: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    size: Option<[u32; 2]>,
    r#where: Vec<Condition>,
    areas: Vec<[u32; 4]>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Condition {
    tag: toml::Spanned<String>,
    equals: Option<String>,
    contains: Option<String>,
    starts_with: Option<String>,
    ends_with: Option<String>,
    matches: Option<String>,
    #[serde(default)]
    ignore_case: bool,
    #[serde(default)]
    not: bool,
}

pub(super) fn parse(text: &str) -> Result<Vec<Rule>, Error> {
    let file: File = toml::from_str(text).map_err(|error| Error::Rules { message: error.to_string() })?;
    file.rule.into_iter().map(|written| written.rule(text)).collect()
}

impl Written {
    fn rule(self, text: &str) -> Result<Rule, Error> {
        let parts = self.r#where.into_iter().map(|condition| condition.signature(text)).collect::<Result<_, _>>()?;
        Ok(Rule {
            name: self.name,
            signature: Signature::All(parts),
            size: self.size,
            areas: self.areas.into_iter().map(area).collect(),
        })
    }
}

impl Condition {
    fn signature(self, text: &str) -> Result<Signature, Error> {
        let start = self.tag.span().start;
        let line = 1 + text.get(..start).unwrap_or_default().matches('\n').count();
        let wrong = |what: String| Error::Rule { line, what };
        let tag = tag_of(self.tag.as_ref()).ok_or_else(|| wrong("not an attribute of the standard".into()))?;
        let compare =
            |how, wanted: Option<String>| wanted.map(|wanted| Comparison::text(how, &wanted, self.ignore_case));
        let texts = [
            compare(How::Equals, self.equals),
            compare(How::Contains, self.contains),
            compare(How::StartsWith, self.starts_with),
            compare(How::EndsWith, self.ends_with),
        ];
        let mut all: Vec<Comparison> = texts.into_iter().flatten().collect();
        if let Some(pattern) = self.matches {
            let flag = if self.ignore_case { "(?i)" } else { "" };
            all.push(Comparison::matches(&format!("{flag}{pattern}")).map_err(wrong)?);
        }
        let (Some(comparison), None) = (all.pop(), all.pop()) else {
            let what = "wanted one of equals, contains, starts_with, ends_with, matches";
            return Err(wrong(what.into()));
        };
        let test = Signature::Test(Test { tag, comparison });
        Ok(if self.not { Signature::Not(Box::new(test)) } else { test })
    }
}
