//! Taking bytes: within the element, sequence or item around them, within the file, and what is kept of a file that is cut off.

use dicom_core::{Tag, VR};

use super::element;
use super::walk::{Stop, Walk};
use crate::{Error, Warning};

impl<'a> Walk<'a> {
    /// Takes the next `length` bytes, none of which may lie at or beyond byte `end`.
    pub(crate) fn take(&mut self, tag: Option<Tag>, length: usize, end: u64) -> Result<&'a [u8], Stop> {
        self.check(tag, length as u64, end)?;
        let to = self.at + length;
        let taken = self.bytes.get(self.at..to).ok_or(Stop::More(to))?;
        self.at = to;
        Ok(taken)
    }

    /// The length of a value that lies before byte `end`: as declared, or in salvage what is left of it, in whole numbers.
    pub(crate) fn fit(&mut self, tag: Tag, vr: VR, length: u32, end: u64) -> Result<u32, Error> {
        match self.check(Some(tag), u64::from(length), end) {
            Err(error) if self.salvages(&error) => {
                let left = end.saturating_sub(self.at as u64);
                if !std::mem::replace(&mut self.cut, true) {
                    self.warnings.push(Warning::Truncated { tag, wanted: u64::from(length), left });
                }
                let width = if vr == VR::AT { 4 } else { element::width(vr) as u64 };
                Ok(u32::try_from(left - left % width).unwrap_or(length))
            }
            checked => checked.map(|()| length),
        }
    }

    /// Whether this is the end of a file that is cut off, and what is left of it is to be kept.
    pub(crate) fn salvages(&self, error: &Error) -> bool {
        self.salvage && matches!(error, Error::Truncated { .. })
    }

    /// Ends the walk where the file is cut off.
    pub(crate) fn cut_off(&mut self, tag: Tag, wanted: u64) {
        if !std::mem::replace(&mut self.cut, true) {
            let left = self.total.saturating_sub(self.at as u64);
            self.warnings.push(Warning::Truncated { tag, wanted, left });
        }
        self.at = usize::try_from(self.total).unwrap_or(usize::MAX);
    }

    pub(super) fn check(&self, tag: Option<Tag>, length: u64, end: u64) -> Result<(), Error> {
        let (offset, wanted) = (self.at as u64, length);
        let left = end.saturating_sub(offset);
        if wanted <= left {
            return Ok(());
        }
        if offset + wanted > self.total {
            return Err(Error::Truncated { tag, offset, wanted, left: self.total.saturating_sub(offset) });
        }
        Err(Error::Malformed { tag, what: "a length beyond the item or sequence around it" })
    }

    pub(crate) fn count(&mut self) -> Result<(), Error> {
        self.elements += 1;
        if self.elements > self.limits.elements {
            return Err(Error::Limit { what: "elements", asked: self.elements, limit: self.limits.elements });
        }
        Ok(())
    }

    /// Whether only zeros follow: a tag of zeros is met, and nothing else up to the end.
    pub(super) fn is_padding(&mut self, end: u64) -> Result<bool, Stop> {
        if self.at < self.zeros_to {
            return Ok(false);
        }
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let left = end - self.at as u64;
        if rest.iter().take(8).any(|&b| b != 0) || rest.is_empty() {
            return if rest.is_empty() { Err(Stop::More(self.at + 8)) } else { Ok(false) };
        }
        if (rest.len() as u64) < left {
            return Err(Stop::More(usize::try_from(end).unwrap_or(usize::MAX)));
        }
        let zeros = rest.iter().position(|&b| b != 0);
        self.zeros_to = self.at + zeros.unwrap_or(0);
        Ok(zeros.is_none())
    }
}
