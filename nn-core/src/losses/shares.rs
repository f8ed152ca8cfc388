/// How many losses a network has at most.
const MOST: usize = 6;

/// How much of a batch some of its samples are, for each loss of a network: all of them, [`Shares::WHOLE`], or a chunk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shares([f64; MOST]);

/// What the sum of a batch is divided by, for each loss of a network: [`Loss::amount`](crate::Loss::amount).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amounts([f64; MOST]);

impl Shares {
    /// A whole batch.
    pub const WHOLE: Self = Self([1.0; MOST]);

    /// That of the loss at a place.
    #[must_use]
    pub fn of_loss(&self, place: usize) -> f64 {
        self.0.get(place).copied().unwrap_or(1.0)
    }
}

impl Amounts {
    /// In the order of the losses.
    #[must_use]
    pub fn new<const N: usize>(amounts: [f64; N]) -> Self {
        let amount = |place| amounts.get(place).copied().unwrap_or(1.0);
        Self(std::array::from_fn(amount))
    }

    /// What these are of those of a batch.
    #[must_use]
    pub fn of(self, batch: Self) -> Shares {
        let share = |place: usize| self.0[place] / batch.0[place];
        Shares(std::array::from_fn(share))
    }
}
