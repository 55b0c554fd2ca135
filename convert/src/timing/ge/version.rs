//! The version of GE's software, in the free text of Software Versions (0018,1020).
//!
//! `27\LX\MR Software release:RX27.0_R02_1831.a`, `28\LX\MR29.1_EA_2039.g` and `30\LX\SIGNA_LX1.MR30.0_R01_2236.d` are about: letters, the version,
//! and the release, which early access has not.

/// A version: `29.1`, and the number of the release.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(super) struct Version {
    major: u32,
    minor: u32,
    release: u32,
}

impl Version {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let after = |mark: &str| Some(text.split_once(mark)?.1.trim_start_matches(['.', ':', ' ']));
        let named = after("SIGNA_LX1").or_else(|| after("MR Software release"));
        let text = named.or_else(|| text.rsplit('\\').next())?.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let mut parts = text.splitn(3, '_');
        let (major, minor) = parts.next()?.split_once('.')?;
        let release = parts.next().and_then(|r| r.strip_prefix('R')?.parse().ok()).unwrap_or(0);
        Some(Self { major: major.parse().ok()?, minor: minor.parse().ok()?, release })
    }

    /// Whether several slices at once are acquired in the order that came with 27.0 R03.
    pub(super) fn is_from_27_r03(self) -> bool {
        (self.major, self.minor) > (27, 0) || self.major == 27 && self.release >= 3
    }

    /// Whether the order of several slices at once is known at all.
    pub(super) fn is_from_26(self) -> bool {
        self.major >= 26
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_all_forms_are_read() {
        let version = |text| Version::parse(text).map(|v| (v.major, v.minor, v.release));
        assert_eq!(version(r"27\LX\MR Software release:RX27.0_R02_1831.a"), Some((27, 0, 2)));
        assert_eq!(version(r"28\LX\MR29.1_EA_2039.g"), Some((29, 1, 0)));
        assert_eq!(version(r"30\LX\SIGNA_LX1.MR30.0_R01_2236.d"), Some((30, 0, 1)));
        assert_eq!(version(r"24\LX\MR Software release:DV24.0_R01_1344.a"), Some((24, 0, 1)));
        assert_eq!((version("unknown"), version("")), (None, None));
    }

    #[test]
    fn the_change_came_with_the_third_release() {
        let is_new = |text| Version::parse(text).unwrap().is_from_27_r03();
        assert!(!is_new(r"27\LX\MR Software release:RX27.0_R02_1831.a"));
        assert!(is_new(r"27\LX\MR Software release:RX27.0_R03_1900.a"));
        assert!(is_new(r"27\LX\MR Software release:RX27.1_EA_1900.a"));
        assert!(is_new(r"28\LX\MR29.1_EA_2039.g"));
    }
}
