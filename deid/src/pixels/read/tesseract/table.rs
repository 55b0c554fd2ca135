//! The table that tesseract writes: a row for each page, block, paragraph, line and word.
//!
//! Columns: level, page_num, block_num, par_num, line_num, word_num, left, top, width, height, conf, text; level 5 is a word, pages count from 1.

use super::super::super::{Plane, Rect};
use super::super::{Error, Word};

/// Level of words.
const WORD: u64 = 5;

/// Words by page.
///
/// # Errors
/// [`Error::Malformed`] for what is no such table of these pages.
pub(super) fn words(table: &[u8], pages: &[Plane]) -> Result<Vec<Vec<Word>>, Error> {
    let malformed = |what| Error::Malformed { what };
    let text = std::str::from_utf8(table).map_err(|_| malformed("no UTF-8"))?;
    let mut rows = text.lines();
    if !rows.next().is_some_and(|head| head.starts_with("level\tpage_num\t")) {
        return Err(malformed("no table of tesseract's"));
    }
    let mut found: Vec<Vec<Word>> = vec![Vec::new(); pages.len()];
    for row in rows {
        let columns: Vec<&str> = row.splitn(12, '\t').collect();
        let number = |at: usize| {
            columns.get(at).and_then(|text| text.parse::<u64>().ok()).ok_or(malformed("a row without its numbers"))
        };
        if number(0)? != WORD {
            continue;
        }
        let at = usize::try_from(number(1)?).ok().and_then(|page| page.checked_sub(1));
        let page = at.and_then(|at| found.get_mut(at)).ok_or(malformed("a page that was not sent"))?;
        let confidence: f32 =
            columns.get(10).and_then(|text| text.parse().ok()).ok_or(malformed("a word without a confidence"))?;
        let rect =
            rect([number(6)?, number(7)?, number(8)?, number(9)?]).ok_or(malformed("a word outside of its line"))?;
        let text = columns.get(11).copied().unwrap_or_default().trim();
        if !text.is_empty() {
            page.push(Word::new(text, rect, (confidence / 100.0).clamp(0.0, 1.0)));
        }
    }
    Ok(found)
}

fn rect(place: [u64; 4]) -> Option<Rect> {
    let [left, top, width, height] = place.map(|number| u32::try_from(number).ok());
    let (left, top) = (left?, top?);
    Some(Rect::new(left, top, left.checked_add(width?)?, top.checked_add(height?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n";

    fn read(rows: &str) -> Result<Vec<Vec<Word>>, Error> {
        let page = Plane::new(50, 20, vec![0; 1000]).unwrap();
        words(format!("{HEAD}{rows}").as_bytes(), &[page.clone(), page])
    }

    #[test]
    fn words_are_told_by_their_page() {
        let rows = "1\t1\t0\t0\t0\t0\t0\t0\t50\t20\t-1\t\n5\t2\t1\t1\t1\t1\t3\t4\t20\t10\t91.5\tMI\n5\t2\t1\t1\t1\t2\t30\t4\t9\t10\t40\t \n";
        let found = read(rows).unwrap();
        assert!(found[0].is_empty() && found[1].len() == 1);
        let word = &found[1][0];
        assert_eq!((word.text(), word.rect(), word.confidence()), ("MI", Rect::new(3, 4, 23, 14), 0.915));
    }

    #[test]
    fn what_is_no_such_table_is_an_error() {
        for rows in [
            "5\t3\t1\t1\t1\t1\t3\t4\t20\t10\t91.5\tMI\n",
            "5\t0\t1\t1\t1\t1\t3\t4\t20\t10\t91.5\tMI\n",
            "5\t1\t1\t1\t1\t1\t-3\t4\t20\t10\t91.5\tMI\n",
            "5\t1\t1\t1\t1\t1\t4294967295\t4\t20\t10\t91.5\tMI\n",
            "5\t1\t1\t1\t1\t1\t3\t4\t20\t10\tsure\tMI\n",
            "5\t1\n",
            "MI 0.8\n",
        ] {
            assert!(matches!(read(rows), Err(Error::Malformed { .. })), "{rows}");
        }
        for table in [&b""[..], b"\xFF\xFE", b"MI 0.8"] {
            assert!(matches!(words(table, &[]), Err(Error::Malformed { .. })));
        }
    }
}
