//! The words of Reconstruction Method (0054,1103), spelled out: makers write what they did in abbreviations of their own.
//!
//! Names are as dcm2niix writes them (its issue 802).

use isocenter_dcm::tags;

use super::super::{header::Header, out::Out};

/// Writes method, its parameters and the filter.
pub(super) fn write(header: &Header<'_>, out: &mut Out) {
    if let Some(stated) = header.text(tags::RECONSTRUCTION_METHOD) {
        out.text("ReconMethodName", Some(name(&stated)));
        if let Some((subsets, iterations)) = subsets_iterations(&stated) {
            out.put("ReconMethodParameterLabels", vec!["subsets", "iterations"]);
            out.put("ReconMethodParameterUnits", vec!["none", "none"]);
            out.numbers("ReconMethodParameterValues", &[subsets, iterations]);
        }
        out.put("ReconstructionMethod", stated);
    }
    if let Some(kernel) = header.text(tags::CONVOLUTION_KERNEL) {
        // XYZGAUSSIAN5.0, XYZ Gauss2.00
        let size =
            kernel.find(|c: char| c.is_ascii_digit()).and_then(|at| kernel.get(at..)?.trim().parse::<f64>().ok());
        out.positive("ReconFilterSize", size);
        out.text("ReconFilterType", Some(kernel.clone()));
        out.put("ConvolutionKernel", kernel);
    }
    let cutoff = header.private(0x0009, "GEMS_PETD_01", 0x8F).and_then(super::super::header::number_of);
    if header.by(crate::facts::maker::Maker::Ge) {
        out.positive("ReconFilterSize", cutoff);
    }
}

/// The whole name, or the words for its parts.
fn name(stated: &str) -> String {
    let whole = WHOLE.iter().find(|(mark, _)| stated.contains(mark));
    if let Some((_, name)) = whole {
        return (*name).to_owned();
    }
    let mut words = Vec::new();
    let mut rest = stated.to_owned();
    for (mark, word) in PARTS {
        if rest.contains(mark) {
            words.push(word);
            // a longer mark holds a shorter one
            rest = rest.replace(mark, " ");
        }
    }
    words.dedup();
    words.join(" ")
}

/// Numbers before or behind `i` and `s`: `OSEM3D-OP-PSFi10s16`, `OP-OSEM4i21s`, `PSF+TOF 4i5s`.
fn subsets_iterations(stated: &str) -> Option<(f64, f64)> {
    let bytes = stated.as_bytes();
    let digits = |range: &[u8]| std::str::from_utf8(range).ok()?.parse::<u32>().ok().filter(|n| (1..=MOST).contains(n));
    let is_behind = stated.trim_end().ends_with('s');
    let number = |mark: u8| {
        bytes.iter().enumerate().filter(|(_, byte)| **byte == mark).find_map(|(at, _)| {
            let is_digit = |byte: &&u8| byte.is_ascii_digit();
            let (before, after) = (bytes.get(..at)?, bytes.get(at + 1..)?);
            if is_behind {
                let count = before.iter().rev().take_while(is_digit).count();
                digits(before.get(at - count..)?)
            } else {
                digits(after.get(..after.iter().take_while(is_digit).count())?)
            }
        })
    };
    Some((number(b's')?.into(), number(b'i')?.into()))
}

/// More than any scanner does.
const MOST: u32 = 999;

const WHOLE: [(&str, &str); 8] = [
    ("PSF+TOF3i21s", "Point-Spread Function + Time Of Flight"),
    ("PSF TOF 3D OSEM", "Point-Spread Function 3D Time Of Flight"),
    ("OP-OSEM", "Ordinary Poisson - Ordered Subset Expectation Maximization"),
    ("OSEM3D-OP-PSF", "Ordinary Poisson 3D Ordered Subset Expectation Maximization + Point-Spread Function"),
    ("LOR-RAMLA", "Line Of Response - Row Action Maximum Likelihood"),
    ("3D-RAMLA", "3D Row Action Maximum Likelihood"),
    ("3DRP", "3DRP"),
    ("3D Kinahan-Rogers", "3D Kinahan-Rogers"),
];

/// Marks and words; a mark stands before those that are within it.
const PARTS: [(&str, &str); 15] = [
    ("OSEM", "Ordered Subset Expectation Maximization"),
    ("LOR", "Line Of Response"),
    ("RAMLA", "Row Action Maximum Likelihood"),
    ("VPFXS", "VUE Point HD using Time Of Flight with Point-Spread Function modelling"),
    ("VPFX", "VUE Point HD using Time Of Flight"),
    ("VPHD-S", "3D Ordered Subset Expectation Maximization with Point-Spread Function modelling"),
    ("VPHD", "VUE Point HD"),
    ("Q.Clear", "VUE Point HD with regularization (smoothing)"),
    ("BLOB", "3D spherically symmetric basis function"),
    ("FilteredBackProjection", "Filtered Back Projection"),
    ("PSF", "Point-Spread Function modelling"),
    ("TOF", "Time Of Flight"),
    ("TF", "Time Of Flight"),
    ("OP", "Ordinary Poisson"),
    ("OS", "Ordered Subset"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makers_words_are_spelled_out() {
        assert_eq!(name("PSF+TOF 4i5s"), "Point-Spread Function modelling Time Of Flight");
        assert_eq!(name("OP-OSEM4i21s"), "Ordinary Poisson - Ordered Subset Expectation Maximization");
        assert_eq!(name("VPFXS"), "VUE Point HD using Time Of Flight with Point-Spread Function modelling");
        assert_eq!(name("unheard of"), "");
    }

    #[test]
    fn subsets_and_iterations_are_told_apart() {
        assert_eq!(subsets_iterations("PSF+TOF 4i5s"), Some((5.0, 4.0)));
        assert_eq!(subsets_iterations("OP-OSEM4i21s"), Some((21.0, 4.0)));
        assert_eq!(subsets_iterations("OSEM3D-OP-PSFi10s16"), Some((16.0, 10.0)));
        assert_eq!(subsets_iterations("OSEM"), None);
        assert_eq!(subsets_iterations(""), None);
    }
}
