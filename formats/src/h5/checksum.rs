//! The checksum of HDF5's newer structures: Bob Jenkins' `lookup3`, `hashlittle` with an initial value of 0.

use super::bytes::Cursor;
use crate::Error;

pub(super) fn of(bytes: &[u8]) -> u32 {
    let start = 0xdead_beef_u32.wrapping_add(bytes.len() as u32);
    let mut state = [start; 3];
    let mut rest = bytes;
    while rest.len() > 12 {
        add(&mut state, &rest[..12]);
        mix(&mut state);
        rest = &rest[12..];
    }
    if rest.is_empty() {
        return state[2];
    }
    add(&mut state, rest);
    end(&mut state);
    state[2]
}

fn add(state: &mut [u32; 3], bytes: &[u8]) {
    for (n, byte) in bytes.iter().enumerate() {
        state[n / 4] = state[n / 4].wrapping_add(u32::from(*byte) << (8 * (n % 4)));
    }
}

fn mix([a, b, c]: &mut [u32; 3]) {
    let step = |x: &mut u32, y: &mut u32, z: &mut u32, by: u32| {
        *x = x.wrapping_sub(*z) ^ z.rotate_left(by);
        *z = z.wrapping_add(*y);
    };
    step(a, b, c, 4);
    step(b, c, a, 6);
    step(c, a, b, 8);
    step(a, b, c, 16);
    step(b, c, a, 19);
    step(c, a, b, 4);
}

fn end([a, b, c]: &mut [u32; 3]) {
    let step = |x: &mut u32, y: u32, by: u32| *x = (*x ^ y).wrapping_sub(y.rotate_left(by));
    step(c, *b, 14);
    step(a, *c, 11);
    step(b, *a, 25);
    step(c, *b, 16);
    step(a, *c, 4);
    step(b, *a, 14);
    step(c, *b, 24);
}

/// The bytes of a structure without the checksum at their end, which must be right.
pub(super) fn checked<'a>(bytes: &'a [u8], what: &'static str) -> Result<&'a [u8], Error> {
    let (body, sum) =
        bytes.split_last_chunk::<4>().ok_or(Error::Truncated { what, wanted: 4, found: bytes.len() as u64 })?;
    if u32::from_le_bytes(*sum) == of(body) {
        return Ok(body);
    }
    Err(Error::malformed(what, "a wrong checksum", "intact bytes"))
}

/// Takes a structure of this length, its checksum included, and checks it.
pub(super) fn take<'a>(cursor: &mut Cursor<'a>, bytes: usize) -> Result<Cursor<'a>, Error> {
    let (image, what) = (cursor.image, cursor.what);
    Ok(Cursor::new(image, checked(cursor.take(bytes)?, what)?, what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_lookup3() {
        // driver5() of lookup3.c
        assert_eq!(of(b""), 0xdead_beef);
        assert_eq!(of(b"Four score and seven years ago"), 0x1777_0551);
    }
}
