//! The packing that h5py calls `lzf`: literals, and copies of what was seen.
//!
//! Source: `liblzf` 3.6, `lzf_d.c`.

use crate::Error;

pub(super) fn unpack(packed: &[u8], bytes: usize) -> Result<Vec<u8>, Error> {
    let wrong = || Error::malformed("chunk", "damaged", "intact LZF data");
    let mut out: Vec<u8> = Vec::new();
    let mut rest = packed;
    while let Some((control, behind)) = rest.split_first() {
        rest = behind;
        let control = usize::from(*control);
        if control < 32 {
            let (run, behind) = rest.split_at_checked(control + 1).ok_or_else(wrong)?;
            out.extend_from_slice(run);
            rest = behind;
        } else {
            let mut take = || {
                let (byte, behind) = rest.split_first().ok_or_else(wrong)?;
                rest = behind;
                Ok::<_, Error>(usize::from(*byte))
            };
            let len = 2 + match control >> 5 {
                7 => 7 + take()?,
                len => len,
            };
            let back = ((control & 31) << 8) + take()? + 1;
            let from = out.len().checked_sub(back).ok_or_else(wrong)?;
            (from..from + len).for_each(|n| out.push(out[n]));
        }
        if out.len() > bytes {
            return Err(wrong());
        }
    }
    Ok(out)
}
