//! What the words of a description say, where nothing else does.

use super::suffix::Suffix;

/// The kind that a description names.
pub(super) fn of(description: &str) -> Option<Suffix> {
    let lower = description.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric() && c != '*').collect();
    let names = |list: &[&str]| words.iter().any(|word| list.contains(word));
    WORDS.iter().find(|(list, _)| names(list)).map(|(_, suffix)| *suffix)
}

/// Those that other words stand beside first: a FLAIR is often called a T2 as well, and a T2* mapped from a T1 is none.
const WORDS: [(&[&str], Suffix); 12] = [
    (&["flair", "darkfluid"], Suffix::Flair),
    (&["sbref"], Suffix::Sbref),
    (&["dwi", "dti", "diff", "diffusion"], Suffix::Dwi),
    (&["bold", "fmri"], Suffix::Bold),
    (&["asl", "pcasl", "pasl"], Suffix::Asl),
    (&["t2*", "t2*w", "t2star", "t2starw", "swi"], Suffix::T2starw),
    (&["tof", "mra", "angio"], Suffix::Angio),
    (&["megre"], Suffix::Megre),
    (&["t1", "t1w", "mprage", "memprage", "spgr", "bravo", "tfe"], Suffix::T1w),
    (&["t2", "t2w"], Suffix::T2w),
    (&["pd", "pdw"], Suffix::PDw),
    (&["t1map"], Suffix::T1map),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole_and_the_telling_one_counts() {
        for (text, wanted) in [
            ("AX T2 FLAIR", Some(Suffix::Flair)),
            ("t1_mprage_sag_p2", Some(Suffix::T1w)),
            ("AX T2* GRE", Some(Suffix::T2starw)),
            ("Ax T2 FSE", Some(Suffix::T2w)),
            ("ep2d_diff_b1000", Some(Suffix::Dwi)),
            ("fat12", None),
            ("localizer", None),
            ("", None),
        ] {
            assert_eq!(of(text), wanted, "{text}");
        }
    }
}
