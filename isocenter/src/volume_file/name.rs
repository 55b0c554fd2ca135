//! The names of volume files without the ending of their format.

use std::sync::LazyLock;

use isocenter_formats::registry;

/// A file's name without the ending of a format, in whatever case that is written, nor that of gzip around it.
///
/// # Examples
/// ```
/// assert_eq!(isocenter::volume_name("case.01.t1.nii.gz"), "case.01.t1");
/// ```
pub fn stem(name: &str) -> &str {
    let lower = name.to_ascii_lowercase();
    let plain = lower.strip_suffix(".gz").unwrap_or(&lower);
    let of = |text: &str| {
        let ending = ENDINGS.iter().find(|e| text.ends_with(*e) && text.len() > e.len());
        ending.map(|e| text.len() - e.len())
    };
    match of(&lower).or_else(|| of(plain)) {
        Some(length) => name.get(..length).unwrap_or(name),
        None => name.rsplit_once('.').map_or(name, |(s, _)| if s.is_empty() { name } else { s }),
    }
}

/// With their dot, longest first.
static ENDINGS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let of_formats = registry().iter().flat_map(|format| {
        let pair = format.pair().into_iter().flat_map(|(header, data)| [header, data]);
        format.extensions().iter().copied().chain(pair)
    });
    // what a store of images is called beside the format's own name
    let mut all: Vec<String> = of_formats.chain(["ome.zarr"]).map(|ending| format!(".{ending}")).collect();
    all.sort_by_key(|ending| std::cmp::Reverse(ending.len()));
    all
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_go_in_any_case_and_dots_of_a_name_stay() {
        for (name, wanted) in [
            ("a.nii.gz", "a"),
            ("A.NII.GZ", "A"),
            ("case.01.t1.nrrd", "case.01.t1"),
            ("x.seg.nrrd", "x.seg"),
            ("1.2.840.3.mhd", "1.2.840.3"),
            ("orig.001.mgh.gz", "orig.001"),
            ("a.1.img.gz", "a.1"),
            ("a.1.nhdr.gz", "a.1"),
            ("a.1.GIPL.GZ", "a.1"),
            ("a.1.ome.zarr", "a.1"),
            ("a.1.PAR", "a.1"),
            ("a.1.v", "a.1"),
            ("noending", "noending"),
            (".zarr", ".zarr"),
        ] {
            assert_eq!(stem(name), wanted);
        }
    }
}
