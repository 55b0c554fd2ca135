//! The literals of Python that a header consists of.

/// A literal: of what Python can spell, what numpy writes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Literal {
    Text(String),
    Whole(u64),
    Truth(bool),
    /// A list or a tuple.
    Items(Vec<Literal>),
    /// A dictionary whose keys are texts.
    Pairs(Vec<(String, Literal)>),
}

/// Lists in lists that are followed.
const DEEPEST: usize = 8;

impl Literal {
    /// Parses one literal and the blanks around it; `None` for anything else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parser = Parser { rest: text };
        let literal = parser.literal(0)?;
        parser.skip();
        parser.rest.is_empty().then_some(literal)
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let Self::Pairs(pairs) = self else { return None };
        pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }
}

struct Parser<'t> {
    rest: &'t str,
}

impl Parser<'_> {
    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Takes a sign where it comes next.
    fn sign(&mut self, sign: char) -> bool {
        self.skip();
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn literal(&mut self, depth: usize) -> Option<Literal> {
        self.skip();
        let first = self.rest.chars().next().filter(|_| depth < DEEPEST)?;
        match first {
            '\'' | '"' => self.text(first).map(Literal::Text),
            '(' => self.items('(', ')', depth),
            '[' => self.items('[', ']', depth),
            '{' => self.pairs(depth),
            _ => self.word(),
        }
    }

    /// A text without escapes.
    fn text(&mut self, quote: char) -> Option<String> {
        let (text, rest) = self.rest.get(1..)?.split_once(quote)?;
        self.rest = rest;
        (!text.contains('\\')).then(|| text.to_owned())
    }

    fn items(&mut self, open: char, close: char, depth: usize) -> Option<Literal> {
        let mut items = Vec::new();
        self.sign(open);
        while !self.sign(close) {
            items.push(self.literal(depth + 1)?);
            if !self.sign(',') {
                return self.sign(close).then_some(Literal::Items(items));
            }
        }
        Some(Literal::Items(items))
    }

    fn pairs(&mut self, depth: usize) -> Option<Literal> {
        let mut pairs = Vec::new();
        self.sign('{');
        while !self.sign('}') {
            let Some(Literal::Text(key)) = self.literal(depth + 1) else { return None };
            let value = self.sign(':').then(|| self.literal(depth + 1))??;
            pairs.push((key, value));
            if !self.sign(',') {
                return self.sign('}').then_some(Literal::Pairs(pairs));
            }
        }
        Some(Literal::Pairs(pairs))
    }

    fn word(&mut self) -> Option<Literal> {
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        match word {
            "True" => Some(Literal::Truth(true)),
            "False" => Some(Literal::Truth(false)),
            // Python 2 wrote sizes as `3L`
            _ => word.strip_suffix('L').unwrap_or(word).parse().ok().map(Literal::Whole),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_a_dictionary() {
        let text = "{'descr': '<i2', \"fortran_order\": False, 'shape': (3L, 4,), }   \n";
        let header = Literal::parse(text).unwrap();
        assert_eq!(header.get("descr"), Some(&Literal::Text("<i2".to_owned())));
        assert_eq!(header.get("fortran_order"), Some(&Literal::Truth(false)));
        assert_eq!(header.get("shape"), Some(&Literal::Items(vec![Literal::Whole(3), Literal::Whole(4)])));
        assert_eq!(Literal::parse("()"), Some(Literal::Items(Vec::new())));
    }

    #[test]
    fn what_is_no_literal_is_none() {
        let deep = format!("{}{}", "(".repeat(100_000), ")".repeat(100_000));
        for text in
            ["", "{", "{'a'}", "{'a': }", "{1: 2}", "(1 2)", "(1,", "'a", "'a\\n'", "-1", "1.5", "x()", "1 2", &deep]
        {
            assert_eq!(Literal::parse(text), None, "{}", text.get(..20).unwrap_or(text));
        }
    }
}
