//! What a sidecar must say for a description to fit.

use serde_json::{Map, Value};

use super::pattern::{Method, Pattern, text_of};

/// What a sidecar must say of one key.
#[derive(Clone, Debug)]
pub(super) struct Criterion {
    key: String,
    test: Test,
}

#[derive(Clone, Debug)]
enum Test {
    /// One of these.
    Any(Vec<Like>),
    /// A number in a range.
    Number { low: Option<Bound>, high: Option<Bound> },
}

/// A text of one pattern, or a list of as many texts as patterns.
#[derive(Clone, Debug)]
enum Like {
    Text(Pattern),
    List(Vec<Pattern>),
}

/// The end of a range.
#[derive(Clone, Copy, Debug)]
struct Bound {
    at: f64,
    is_inside: bool,
}

impl Criterion {
    /// Reads the criterion of a key; `Err` says what is wrong with it.
    pub(super) fn parse(key: &str, value: &Value, method: Method) -> Result<Self, String> {
        let test = match value {
            Value::Object(one) => {
                let (Some((word, inner)), 1) = (one.iter().next(), one.len()) else {
                    return Err("a criterion in braces has one key".to_owned());
                };
                word_test(word, inner, method)?
            }
            _ => Test::Any(vec![Like::parse(value, method)?]),
        };
        Ok(Self { key: key.to_owned(), test })
    }

    /// Whether a sidecar meets it. A key that is not there is an empty text.
    pub(super) fn is_met(&self, sidecar: &Map<String, Value>) -> bool {
        let empty = Value::String(String::new());
        let found = sidecar.get(&self.key).unwrap_or(&empty);
        match &self.test {
            Test::Any(all) => all.iter().any(|like| like.is(found)),
            Test::Number { low, high } => number(found).is_some_and(|number| {
                low.is_none_or(|b| number > b.at || b.is_inside && number == b.at)
                    && high.is_none_or(|b| number < b.at || b.is_inside && number == b.at)
            }),
        }
    }
}

fn word_test(word: &str, inner: &Value, method: Method) -> Result<Test, String> {
    let bounds = || match inner {
        Value::Array(list) => list.iter().map(number).collect::<Option<Vec<f64>>>(),
        one => number(one).map(|number| vec![number]),
    };
    let is_inside = matches!(word, "le" | "ge" | "btwe");
    let bound = |at: f64| Some(Bound { at, is_inside });
    match word {
        "any" => {
            let Value::Array(list) = inner else { return Err("\"any\" wants a list".to_owned()) };
            Ok(Test::Any(list.iter().map(|one| Like::parse(one, method)).collect::<Result<_, _>>()?))
        }
        "lt" | "le" | "gt" | "ge" => match (bounds().as_deref(), word) {
            (Some(&[at]), "lt" | "le") => Ok(Test::Number { low: None, high: bound(at) }),
            (Some(&[at]), _) => Ok(Test::Number { low: bound(at), high: None }),
            _ => Err(format!("\"{word}\" wants a number")),
        },
        "btw" | "btwe" => match bounds().as_deref() {
            Some(&[low, high]) => Ok(Test::Number { low: bound(low), high: bound(high) }),
            _ => Err(format!("\"{word}\" wants a list of two numbers")),
        },
        other => Err(format!("{other:?} is none of any, lt, le, gt, ge, btw, btwe")),
    }
}

fn number(value: &Value) -> Option<f64> {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())?;
    Some(number).filter(|number| !number.is_nan())
}

impl Like {
    fn parse(value: &Value, method: Method) -> Result<Self, String> {
        let one = |value| Pattern::parse(value, method);
        Ok(match value {
            Value::Array(list) => Self::List(list.iter().map(one).collect::<Result<_, _>>()?),
            text => Self::Text(one(text)?),
        })
    }

    fn is(&self, found: &Value) -> bool {
        match (self, found) {
            (Self::List(all), Value::Array(found)) => {
                all.len() == found.len() && all.iter().zip(found).all(|(p, v)| p.is_in(&text_of(v)))
            }
            (Self::Text(pattern), found) if !found.is_array() => pattern.is_in(&text_of(found)),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SHELL: Method = Method::Shell { case_sensitive: true };

    fn met(criterion: Value, found: Value) -> bool {
        let sidecar = json!({ "Key": found });
        Criterion::parse("Key", &criterion, SHELL).unwrap().is_met(sidecar.as_object().unwrap())
    }

    #[test]
    fn criteria_mean_what_they_mean_to_dcm2bids() {
        for (criterion, found, expected) in [
            (json!("*T1*"), json!("a T1w"), true),
            (json!(3), json!(3), true),
            (json!("3"), json!(3), true),
            (json!(3), json!(3.0), false),
            (json!("0.00*"), json!(0.0021), true),
            (json!(["ORIGINAL", "*"]), json!(["ORIGINAL", "PRIMARY"]), true),
            (json!(["ORIGINAL", "*"]), json!(["ORIGINAL", "PRIMARY", "M"]), false),
            (json!("*"), json!(["ORIGINAL"]), false),
            (json!(["*"]), json!("ORIGINAL"), false),
            (json!({"any": ["*T1*", "*T2*"]}), json!("T2w"), true),
            (json!({"any": ["*T1*", "*T2*"]}), json!("bold"), false),
            (json!({"any": [["A", "B"], ["C"]]}), json!(["C"]), true),
            (json!({"lt": 0.1}), json!(0.05), true),
            (json!({"lt": "0.1"}), json!("0.05"), true),
            (json!({"lt": 0.1}), json!(0.1), false),
            (json!({"le": [0.1]}), json!(0.1), true),
            (json!({"gt": 2}), json!(3), true),
            (json!({"ge": 3}), json!(3), true),
            (json!({"btw": [1, 3]}), json!(3), false),
            (json!({"btwe": [1, 3]}), json!(3), true),
            (json!({"lt": 1}), json!("a text"), false),
        ] {
            assert_eq!(met(criterion.clone(), found.clone()), expected, "{criterion} {found}");
        }
        let missing = |criterion| Criterion::parse("Key", &criterion, SHELL).unwrap().is_met(&Map::new());
        assert!(missing(json!("*")) && missing(json!("")) && !missing(json!("?*")) && !missing(json!({"lt": 1})));
    }

    #[test]
    fn what_is_no_criterion_is_an_error() {
        for wrong in [
            json!({"not": "x"}),
            json!({"any": "x"}),
            json!({"any": [[["x"]]]}),
            json!({"lt": [1, 2]}),
            json!({"btw": 3}),
            json!({"btw": ["a", 3]}),
            json!({}),
            json!({"lt": 3, "gt": 1}),
        ] {
            assert!(Criterion::parse("Key", &wrong, SHELL).is_err(), "{wrong}");
        }
    }
}
