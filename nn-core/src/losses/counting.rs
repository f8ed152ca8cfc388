use crate::element::Element;
use crate::error::{Error, Result};
use crate::losses::{ClassTarget, argmax};

/// Which samples count, and how much each class: what losses over C classes have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Counting<const C: usize> {
    /// The label whose samples do not count.
    pub(super) ignore: Option<i128>,
    pub(super) weights: [f64; C],
}

impl<const C: usize> Counting<C> {
    /// All samples count, and all classes alike.
    pub(super) const ALL: Self = Self {
        ignore: None,
        weights: [1.0; C],
    };

    /// Whether all weights are finite numbers from 0 on.
    pub(super) const fn is_valid(&self) -> bool {
        let mut class = 0;
        while class < C {
            let weight = self.weights[class];
            if weight < 0.0 || !weight.is_finite() {
                return false;
            }
            class += 1;
        }
        true
    }

    pub(super) fn counts<T: Element>(&self, target: &impl ClassTarget<T, C>) -> bool {
        self.ignore.is_none() || target.label() != self.ignore
    }

    /// Σⱼ w[j]·t[j]; 0 of an ignored label.
    pub(super) fn weight_of<T: Element>(&self, target: &impl ClassTarget<T, C>) -> f64 {
        if !self.counts(target) {
            return 0.0;
        }
        if let Some(label) = target.label() {
            let class = usize::try_from(label).ok();
            let weight = class.and_then(|class| self.weights.get(class));
            return weight.copied().unwrap_or(f64::NAN);
        }
        let weights = self.weights.iter().enumerate();
        let weigh = |(j, weight): (usize, &f64)| weight * target.probability(j).as_f64();
        weights.map(weigh).sum()
    }

    pub(super) fn amount<'t, T: Element, Y: ClassTarget<T, C> + 't>(
        &self,
        targets: impl IntoIterator<Item = &'t Y>,
    ) -> f64 {
        let targets = targets.into_iter();
        targets.map(|target| self.weight_of(target)).sum()
    }

    pub(super) fn check<'t, T: Element, Y: ClassTarget<T, C> + 't>(
        &self,
        targets: impl IntoIterator<Item = &'t Y>,
    ) -> Result<()> {
        let (mut amount, mut count) = (0.0, 0);
        for (index, target) in targets.into_iter().enumerate() {
            if self.counts(target) {
                target.check(index)?;
                amount += self.weight_of(target);
            }
            count += 1;
        }
        if count > 0 && amount == 0.0 {
            return Err(Error::NothingCounts { samples: count });
        }
        Ok(())
    }

    pub(super) fn judged<'t, T: Element, Y: ClassTarget<T, C> + 't>(
        &self,
        targets: impl IntoIterator<Item = &'t Y>,
    ) -> usize {
        let targets = targets.into_iter();
        targets.filter(|&target| self.counts(target)).count()
    }

    pub(super) fn hits<'t, T: Element, Y: ClassTarget<T, C> + 't>(
        &self,
        scores: &[[T; C]],
        targets: impl IntoIterator<Item = &'t Y>,
    ) -> usize {
        let rows = scores.iter().zip(targets);
        let hit = |&(scores, target): &(&[T; C], &Y)| {
            self.counts(target) && target.class().is_some() && argmax(scores) == target.class()
        };
        rows.filter(hit).count()
    }
}
