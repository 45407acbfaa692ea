//! Numbers that look random and are the same each time: [SplitMix64](https://prng.di.unimi.it/splitmix64.c).

/// A sequence of numbers.
#[derive(Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 on below the bound, which must not be 0.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// A number from the first one to the last one.
    pub(super) fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last - first + 1)
    }

    /// True that often in a hundred.
    pub(super) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of the items, each as often as its weight says.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T], weight: impl Fn(&T) -> u64) -> &'a T {
        let mut left = self.below(items.iter().map(&weight).sum());
        let picked = items.iter().find(|item| {
            let weight = weight(item);
            let is_it = left < weight;
            left = left.saturating_sub(weight);
            is_it
        });
        picked.expect("what is left is below the sum of the weights")
    }

    /// `value × part ÷ whole`, rounded up or down so that it is right on average.
    pub(super) fn share(&mut self, value: u64, part: u64, whole: u64) -> u64 {
        let product = value * part;
        product / whole + u64::from(self.below(whole) < product % whole)
    }
}
