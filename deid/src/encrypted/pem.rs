//! PEM: a block of base64 between two lines that say what it is.
//!
//! Source: RFC 7468; the older lines of headers of RFC 1421.

use data_encoding::BASE64;
use zeroize::Zeroizing;

/// One block.
pub(super) struct Block<'a> {
    pub(super) label: &'a str,
    pub(super) der: Zeroizing<Vec<u8>>,
    /// Whether lines stand before the base64: OpenSSL's older way to encrypt a key.
    pub(super) has_headers: bool,
}

/// The first block whose label is one of `labels`; `None` where there is none that can be read.
pub(super) fn first<'a>(text: &'a [u8], labels: &[&str]) -> Option<Block<'a>> {
    let mut text = std::str::from_utf8(text).ok()?;
    loop {
        let (_, rest) = text.split_once("-----BEGIN ")?;
        let (label, rest) = rest.split_once("-----")?;
        let (body, rest) = rest.split_once("-----END ")?;
        text = rest;
        if !labels.contains(&label) {
            continue;
        }
        let is_header = |line: &&str| line.contains(':');
        let mut letters = Zeroizing::new(Vec::with_capacity(body.len()));
        let lines = body.lines().filter(|line| !is_header(line));
        lines.for_each(|line| letters.extend(line.bytes().filter(|b| !b.is_ascii_whitespace())));
        let has_headers = body.lines().any(|line| is_header(&line));
        return Some(Block { label, der: Zeroizing::new(BASE64.decode(&letters).ok()?), has_headers });
    }
}

/// Whether bytes are PEM.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    let start = bytes.get(..1 << 16).unwrap_or(bytes);
    start.windows(10).any(|window| window == b"-----BEGIN")
}
