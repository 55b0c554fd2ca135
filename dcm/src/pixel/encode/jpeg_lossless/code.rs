//! The best Huffman code for the sizes of a frame, none above 16 bits and none all ones.
//!
//! Source: D. A. Huffman, Proc. IRE 40 (1952) 1098; the canonical order: ITU-T T.81 annex C.

/// Sizes of differences, 0 to 16.
const SYMBOLS: usize = 17;

/// The longest code word that a table can tell.
const LONGEST: u32 = 16;

pub(super) struct Code {
    /// By symbol: code word and its length, 0 for symbols that do not occur.
    words: [(u32, u32); SYMBOLS],
    /// By length less 1: how many code words.
    counts: [u8; 16],
    /// In the order of code words.
    symbols: Vec<u8>,
}

impl Code {
    /// The code for symbols that occur so often.
    pub(super) fn new(counts: &[u64; SYMBOLS]) -> Self {
        // The rarest first; in front of all one that does not occur, which takes the word of ones.
        let mut used: Vec<(u64, usize)> = counts.iter().copied().zip(0..).filter(|&(count, _)| count > 0).collect();
        used.sort_unstable();
        let mut weights: Vec<u64> = [0].into_iter().chain(used.iter().map(|&(count, _)| count)).collect();
        let mut lengths = lengths(&weights);
        while lengths.iter().any(|&length| length > LONGEST) {
            // Flatter weights give shorter words; it ends with weights of 1 and 2, which need six bits at most.
            weights.iter_mut().for_each(|weight| *weight = *weight / 2 + 1);
            lengths = self::lengths(&weights);
        }
        lengths.sort_unstable();
        // The longest of all is the spare one's: the last word of the canonical order.
        lengths.pop();
        let mut code = Self { words: [(0, 0); SYMBOLS], counts: [0; 16], symbols: Vec::with_capacity(used.len()) };
        let (mut word, mut last) = (0u32, 0);
        for (&length, &(_, symbol)) in lengths.iter().zip(used.iter().rev()) {
            word <<= length - last;
            code.words[symbol] = (word, length);
            code.counts[length as usize - 1] += 1;
            code.symbols.push(symbol as u8);
            (word, last) = (word + 1, length);
        }
        code
    }

    /// Code word and length of a symbol that occurs.
    #[inline]
    pub(super) fn word(&self, symbol: usize) -> (u32, u32) {
        self.words[symbol]
    }

    /// How many words of 1, 2, ... 16 bits, and their symbols.
    pub(super) fn table(&self) -> (&[u8; 16], &[u8]) {
        (&self.counts, &self.symbols)
    }
}

/// Word lengths by Huffman's rule: the two lightest nodes become one, until one is left.
fn lengths(weights: &[u64]) -> Vec<u32> {
    let mut nodes: Vec<(u64, Vec<usize>)> =
        weights.iter().enumerate().map(|(at, &weight)| (weight, vec![at])).collect();
    let mut lengths = vec![0; weights.len()];
    while nodes.len() > 1 {
        // Stable, the heaviest first: of equal weights those made last are split up last, which keeps words short.
        nodes.sort_by_key(|node| std::cmp::Reverse(node.0));
        let (a, b) = (nodes.pop().unwrap_or_default(), nodes.pop().unwrap_or_default());
        let leaves = [a.1, b.1].concat();
        leaves.iter().for_each(|&leaf| lengths[leaf] += 1);
        nodes.insert(0, (a.0 + b.0, leaves));
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks what every code must keep, and returns the bits that it takes in all.
    fn total(counts: &[u64; SYMBOLS]) -> u64 {
        let code = Code::new(counts);
        let mut words: Vec<(u32, u32)> = Vec::new();
        for (&count, &(word, length)) in counts.iter().zip(&code.words) {
            assert_eq!(count > 0, length > 0);
            if length > 0 {
                assert!(length <= LONGEST && word + 1 < 1 << length, "{word:b} {length}");
                words.push((word << (16 - length), length));
            }
        }
        words.sort_unstable();
        assert!(words.windows(2).all(|pair| pair[0].0 + (1 << (16 - pair[0].1)) <= pair[1].0));
        counts.iter().zip(&code.words).map(|(count, word)| count * u64::from(word.1)).sum()
    }

    #[test]
    fn a_single_size_takes_one_bit() {
        let mut counts = [0; SYMBOLS];
        counts[5] = 9;
        assert_eq!(total(&counts), 9);
    }

    #[test]
    fn equal_counts_take_equal_words() {
        // 17 and the spare one: fourteen of 4 bits and four of 5, of which the spare one is one.
        assert_eq!(total(&[1; SYMBOLS]), 14 * 4 + 3 * 5);
    }

    #[test]
    fn counts_that_call_for_long_words_are_cut_to_16_bits() {
        let mut counts = [1u64; SYMBOLS];
        for at in 2..SYMBOLS {
            counts[at] = counts[at - 1] + counts[at - 2];
        }
        let fibonacci = total(&counts);
        assert!(fibonacci < 3 * counts.iter().sum::<u64>());
        total(&std::array::from_fn(|at| 1 << (at * 2)));
        total(&std::array::from_fn(|at| u64::from(u32::MAX) >> at));
    }
}
