//! One rule: what it is about, and its method.

use std::collections::BTreeMap;

use dicom_core::VR;
use dicom_dictionary_std::tags;
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::rules::{Decision, Values};
use crate::scripts::json::{self, Object};
use crate::scripts::scope::{self, Scope as Place, Subject, text_of};
use crate::scripts::selector::Selector;
use crate::scripts::{Error, Settings, values};

/// One rule.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) of: Selector,
    pub(super) method: Method,
}

/// What is done.
#[derive(Clone, Debug)]
pub(super) enum Method {
    Keep,
    Remove,
    /// Emptied, but for years and ages up to 89 where those may stay.
    Redact {
        dates: bool,
        ages: bool,
    },
    Perturb(Noise),
    DateShift {
        range: u32,
        scope: Scope,
    },
    CryptoHash,
    Substitute(String),
    RefreshUid,
}

/// By what a number moves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noise {
    span: f64,
    proportional: bool,
    /// Places behind the point.
    round_to: i32,
}

/// What shares one shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Study,
    Series,
    Instance,
}

impl Rule {
    pub(super) fn parse(
        mut object: Object,
        defaults: &BTreeMap<String, Value>,
        custom: &BTreeMap<String, Value>,
    ) -> Result<Self, Error> {
        let place = object.place().to_owned();
        let tag = object.text("tag")?.ok_or_else(|| Error::malformed(&place, "a rule without a tag"))?;
        let shown: String = tag.chars().take(64).collect();
        let place = format!("{place}, {shown}");
        let of =
            Selector::parse_with_vr(tag.trim()).ok_or_else(|| Error::malformed(&place, "no tag, keyword or VR"))?;
        let name = object.text("method")?.ok_or_else(|| Error::malformed(&place, "a rule without a method"))?;
        let method = name.to_lowercase();
        let mut merged = match object.text("setting")? {
            Some(setting) => {
                let found = custom.get(&setting.to_lowercase());
                found.cloned().ok_or_else(|| Error::missing(&place, "the custom setting that the rule names"))?
            }
            None => defaults.get(&method).cloned().unwrap_or_else(|| Value::Object(Map::new())),
        };
        if let (Value::Object(merged), Some(Value::Object(own))) = (&mut merged, object.take("params")) {
            merged.extend(own);
        }
        object.done()?;
        let mut parameters = Object::of(&place, merged)?;
        let method = Method::parse(&method, &name, &place, &mut parameters)?;
        parameters.done()?;
        if let Selector::Vr(vr) = of
            && !method.is_for(vr)
        {
            return Err(Error::unsupported(place, name, "not for elements of that value representation"));
        }
        Ok(Self { of, method })
    }
}

impl Method {
    fn parse(method: &str, name: &str, place: &str, parameters: &mut Object) -> Result<Self, Error> {
        let wrong = |key: &str| Error::malformed(format!("{place}, {key}"), "no such value");
        let mut number = |key: &str, default: f64| match parameters.take_any_case(key) {
            None => Ok(default),
            Some(value) => json::number(&value).ok_or_else(|| wrong(key)),
        };
        Ok(match method {
            "keep" => Self::Keep,
            "remove" => Self::Remove,
            "refreshuid" => Self::RefreshUid,
            "perturb" => {
                let (span, round_to) = (number("span", 1.0)?, number("roundTo", 2.0)?);
                let proportional = match parameters.take_any_case("rangeType").and_then(|value| json::plain(&value)) {
                    None => true,
                    Some(kind) if kind.eq_ignore_ascii_case("proportional") => true,
                    Some(kind) if kind.eq_ignore_ascii_case("fixed") => false,
                    Some(_) => return Err(wrong("rangeType")),
                };
                if span < 0.0 || !(0.0..=28.0).contains(&round_to) {
                    return Err(wrong("span, roundTo"));
                }
                Self::Perturb(Noise { span, proportional, round_to: round_to as i32 })
            }
            "dateshift" => {
                let range = number("dateShiftRange", 50.0)?;
                // the file's own key would be known to all who have the file
                drop(parameters.take_any_case("dateShiftKey"));
                let scope = match parameters.take_any_case("dateShiftScope").and_then(|value| json::plain(&value)) {
                    None => Scope::Instance,
                    Some(scope) => match scope.to_lowercase().as_str() {
                        "studyinstance" => Scope::Study,
                        "seriesinstance" => Scope::Series,
                        "sopinstance" => Scope::Instance,
                        _ => return Err(wrong("dateShiftScope")),
                    },
                };
                if !(0.0..=36_500.0).contains(&range) {
                    return Err(wrong("dateShiftRange"));
                }
                Self::DateShift { range: range as u32, scope }
            }
            "cryptohash" => {
                for key in ["cryptoHashKey", "cryptoHashType", "cryptoHashFunction", "matchInputStringLength"] {
                    drop(parameters.take_any_case(key));
                }
                Self::CryptoHash
            }
            "redact" => {
                let mut flag = |key: &str| match parameters.take_any_case(key) {
                    None => Ok(false),
                    Some(Value::Bool(flag)) => Ok(flag),
                    Some(_) => Err(wrong(key)),
                };
                let redact = Self::Redact {
                    dates: flag("enablePartialDatesForRedact")?,
                    ages: flag("enablePartialAgesForRedact")?,
                };
                // for FHIR alone
                drop(parameters.take_any_case("enablePartialZipCodesForRedact"));
                drop(parameters.take_any_case("restrictedZipCodeTabulationAreas"));
                redact
            }
            "substitute" => {
                let text = parameters
                    .take_any_case("replaceWith")
                    .map_or_else(|| Some("Anonymous".to_owned()), |value| json::plain(&value));
                Self::Substitute(text.ok_or_else(|| wrong("replaceWith"))?)
            }
            "encrypt" => {
                return Err(Error::unsupported(
                    place,
                    name,
                    "the key stands in the file; use cryptoHash or substitute",
                ));
            }
            _ => return Err(Error::unsupported(place, name.chars().take(32).collect::<String>(), "no such method")),
        })
    }

    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Remove => "remove",
            Self::Redact { .. } => "redact",
            Self::Perturb(_) => "perturb",
            Self::DateShift { .. } => "dateShift",
            Self::CryptoHash => "cryptoHash",
            Self::Substitute(_) => "substitute",
            Self::RefreshUid => "refreshUID",
        }
    }

    /// Whether a value can be read in what it gives, or be another one that is known.
    pub(super) const fn lets_out(&self) -> bool {
        matches!(self, Self::Keep | Self::DateShift { .. } | Self::Redact { ages: true, .. })
    }

    const fn is_for(&self, vr: VR) -> bool {
        match self {
            Self::DateShift { .. } => matches!(vr, VR::DA | VR::DT),
            Self::RefreshUid => matches!(vr, VR::UI),
            Self::Perturb(_) => is_numeric(vr) || matches!(vr, VR::AS),
            Self::CryptoHash => is_long_enough(vr) || matches!(vr, VR::UI),
            Self::Substitute(_) => !matches!(vr, VR::SQ | VR::OB),
            Self::Keep | Self::Remove | Self::Redact { .. } => true,
        }
    }

    /// What is to be done with an element; why it cannot be.
    pub(super) fn decide(
        &self,
        place: &Place<'_>,
        subject: &Subject<'_>,
        settings: &Settings,
    ) -> Result<Decision, &'static str> {
        if !self.is_for(subject.vr) {
            return Err("not for elements of that value representation");
        }
        let parts =
            || -> Vec<String> { text_of(subject.element).split('\\').map(|part| part.trim().to_owned()).collect() };
        let is_empty = text_of(subject.element).trim().is_empty() && subject.vr != VR::SQ;
        let values = |found: Vec<String>| Decision::Replace(Values(found));
        Ok(match self {
            Self::Keep => Decision::Leave,
            Self::Remove => Decision::Remove,
            Self::RefreshUid => Decision::Uid,
            Self::Redact { dates, ages } => {
                let now = now(place, settings);
                let left = parts().into_iter().filter_map(|part| redacted(&part, subject.vr, *dates, *ages, now));
                let left: Vec<String> = left.collect();
                if subject.vr == VR::SQ { values(Vec::new()) } else { values(left) }
            }
            _ if is_empty => Decision::Keep,
            Self::Substitute(text) => Decision::Replace(Values::of(text)),
            Self::CryptoHash if subject.vr == VR::UI => Decision::Uid,
            Self::CryptoHash => {
                let hash = |part: &String| {
                    let digits = format!("{:032X}", place.names().number("crypto hash", part));
                    digits
                        .chars()
                        .take(if subject.vr == VR::SH || subject.vr == VR::AE || subject.vr == VR::CS {
                            16
                        } else {
                            32
                        })
                        .collect()
                };
                values(parts().iter().map(hash).collect())
            }
            Self::DateShift { range, scope } => {
                let uid = super::scope_uid(place, *scope);
                let most = u128::from(*range);
                let days =
                    (place.names().number("date shift of a scope", &uid) % (2 * most + 1)) as i64 - i64::from(*range);
                let now = now(place, settings);
                let dates: Vec<String> = parts().into_iter().filter(|part| !is_old(part, now)).collect();
                let moved: Option<Vec<String>> = dates.iter().map(|part| shifted(part, subject.vr, days)).collect();
                values(moved.ok_or("no date")?)
            }
            Self::Perturb(noise) => {
                let moved = parts().iter().map(|part| noise.on(part, subject.vr, place)).collect::<Option<Vec<_>>>();
                values(moved.ok_or("no number")?)
            }
        })
    }
}

/// The date of the run, else Study Date.
fn now(place: &Place<'_>, settings: &Settings) -> Option<Date> {
    let given = settings.now.is_some().then(|| scope::now(settings).to_owned());
    values::date_of(&given.unwrap_or_else(|| place.root_text(tags::STUDY_DATE)))
}

/// Whether a date is more than 89 years before another: it tells an age (HIPAA 164.514(b)(2)(i)(C)).
fn is_old(date: &str, now: Option<Date>) -> bool {
    let Some(now) = now else { return false };
    values::date_of(date)
        .is_some_and(|date| (date.year() + 89, date.month(), date.day()) < (now.year(), now.month(), now.day()))
}

/// The date moved; a time of day becomes midnight, as there.
fn shifted(date: &str, vr: VR, days: i64) -> Option<String> {
    let moved = values::moved(date, days)?;
    if vr == VR::DA {
        return Some(moved);
    }
    let day = moved.get(..8)?;
    let offset = moved.find(['+', '-']).and_then(|at| moved.get(at..)).unwrap_or_default();
    Some(format!("{day}000000{offset}"))
}

fn redacted(part: &str, vr: VR, dates: bool, ages: bool, now: Option<Date>) -> Option<String> {
    match vr {
        VR::AS if ages => {
            let number: u32 = part.get(..part.len().checked_sub(1)?)?.parse().ok()?;
            let years = number
                / match part.as_bytes().last()? {
                    b'Y' => 1,
                    b'M' => 12,
                    b'W' => 52,
                    _ => 365,
                };
            (years <= 89).then(|| part.to_owned())
        }
        VR::DA if dates => {
            values::date_of(part).filter(|_| !is_old(part, now)).map(|date| format!("{:04}0101", date.year()))
        }
        VR::DT if dates => {
            values::date_of(part).filter(|_| !is_old(part, now)).map(|date| format!("{:04}0101000000", date.year()))
        }
        _ => None,
    }
}

impl Noise {
    /// A number moved by up to half its span, or half that part of itself.
    fn on(self, part: &str, vr: VR, place: &Place<'_>) -> Option<String> {
        let (digits, unit) = match vr {
            VR::AS => part.split_at_checked(part.len().checked_sub(1)?)?,
            _ => (part, ""),
        };
        let number: f64 = digits.trim().parse().ok()?;
        if !number.is_finite() {
            return None;
        }
        let span = if self.proportional { (number * self.span).abs() } else { self.span };
        // 53 bits: all that a number between 0 and 1 has
        let uniform = (place.names().number("perturb", part) >> 75) as f64 / 9_007_199_254_740_992.0;
        let moved = number + span * (uniform - 0.5);
        let scale = libm::pow(10.0, f64::from(self.round_to));
        let rounded = if (moved * scale).is_finite() { libm::round(moved * scale) / scale } else { moved };
        if vr == VR::AS {
            return Some(format!("{:03}{unit}", rounded.clamp(0.0, 999.0).trunc() as u32));
        }
        let whole = !matches!(vr, VR::DS | VR::FL | VR::FD | VR::OF | VR::OD);
        let text = if whole { format!("{:.0}", rounded.trunc()) } else { format!("{rounded}") };
        // a decimal string has 16 characters
        let text = if text.len() > 16 && vr == VR::DS { format!("{rounded:.8e}") } else { text };
        let unsigned = matches!(vr, VR::US | VR::UL | VR::UV | VR::OW | VR::OL | VR::OV);
        Some(if unsigned && rounded < 0.0 { "0".to_owned() } else { text })
    }
}

const fn is_numeric(vr: VR) -> bool {
    matches!(
        vr,
        VR::DS
            | VR::IS
            | VR::FL
            | VR::FD
            | VR::OF
            | VR::OD
            | VR::SL
            | VR::SS
            | VR::SV
            | VR::UL
            | VR::US
            | VR::UV
            | VR::OW
            | VR::OL
            | VR::OV
    )
}

/// Texts that hold 16 digits of a hash.
const fn is_long_enough(vr: VR) -> bool {
    matches!(vr, VR::AE | VR::CS | VR::SH | VR::LO | VR::PN | VR::UC | VR::UT | VR::ST | VR::LT)
}
