//! How to scan.

use crate::{ReadLimits, Selection};

/// How to scan.
///
/// ```
/// use isocenter_dcm::scan::ScanOptions;
/// assert!(ScanOptions::default().follow_directory(true).follow_directory);
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ScanOptions {
    /// What a file may ask for.
    pub limits: ReadLimits,
    /// Whether to look for what a DICOMDIR names also where the DICOMDIR was met in a folder: no. All files of the folder are
    /// in the result either way; with it, those that are named and missing are told too.
    pub follow_directory: bool,
    /// Whether an archive is told as one and not looked into, whatever the features: no. What a program reads should not hang on the
    /// features that another crate of its build asks for.
    pub skip_archives: bool,
    /// Which elements of a header are held: all where it says nothing.
    pub selection: Option<Selection>,
}

impl ScanOptions {
    /// Sets what a file may ask for.
    #[must_use]
    pub fn limits(mut self, limits: ReadLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets which elements of a header are held.
    #[must_use]
    pub const fn select(mut self, selection: Selection) -> Self {
        self.selection = Some(selection);
        self
    }

    /// Sets whether archives are told as such and not looked into.
    #[must_use]
    pub const fn skip_archives(mut self, skip: bool) -> Self {
        self.skip_archives = skip;
        self
    }

    /// Sets whether to look for what a DICOMDIR in a folder names.
    #[must_use]
    pub const fn follow_directory(mut self, follow: bool) -> Self {
        self.follow_directory = follow;
        self
    }
}
