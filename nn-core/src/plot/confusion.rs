use super::Figure;
use super::gallery::class_name;
use super::heat_map::{Cell, HeatMap, number, percent};
use crate::metrics::ConfusionMatrix;

impl<const C: usize> ConfusionMatrix<C> {
    /// The matrix as a picture: a row for each true class with its recall, a column for each predicted one with its precision. Hits are blue and
    /// mistakes orange; shades are shares of the row, those of mistakes grow with the square root, so that few of them can be seen too.
    ///
    /// `names` are those of the classes; where there is none, a class is its number.
    ///
    /// ```
    /// use nn_core::metrics::ConfusionMatrix;
    ///
    /// let matrix = ConfusionMatrix::binary(&[[1.5], [-0.5], [0.2]], &[true, false, false])?;
    /// let svg = matrix.figure(&["cat", "dog"]).to_svg();
    /// assert!(svg.contains("1 of 2 `cat` were taken for `dog`"));
    /// # Ok::<(), nn_core::Error>(())
    /// ```
    #[must_use]
    pub fn figure(&self, names: &[&str]) -> Figure {
        let names: Vec<String> = (0..C).map(|class| class_name(names, class)).collect();
        let cell = |class: usize, predicted: usize, count: usize| {
            let support = self.support(class);
            let share = if support == 0 {
                0.0
            } else {
                count as f64 / support as f64
            };
            let (is, read) = (&names[class], &names[predicted]);
            Cell {
                shade: if class == predicted || count == 0 {
                    share
                } else {
                    share.sqrt()
                },
                series: usize::from(class != predicted),
                text: if count == 0 {
                    String::new()
                } else {
                    number(count)
                },
                about: format!(
                    "{} of {} `{is}` were taken for `{read}`",
                    number(count),
                    number(support)
                ),
            }
        };
        let row = |(class, counts): (usize, &[usize; C])| {
            let cells = counts.iter().enumerate();
            cells
                .map(|(predicted, &count)| cell(class, predicted, count))
                .collect()
        };
        let shares =
            |share: &dyn Fn(usize) -> f64| (0..C).map(|class| percent(share(class))).collect();
        let samples = self.samples();
        HeatMap {
            title: format!(
                "Confusion matrix: {} of {} samples right",
                percent(self.accuracy()),
                number(samples)
            ),
            x_label: "predicted".to_owned(),
            y_label: "true".to_owned(),
            rows: names.clone(),
            columns: names.clone(),
            cells: self.counts().iter().enumerate().map(row).collect(),
            right: Some(("recall".to_owned(), shares(&|class| self.recall(class)))),
            bottom: Some((
                "precision".to_owned(),
                (0..C)
                    .map(|class| format!("{:.0} %", 100.0 * self.precision(class)))
                    .collect(),
            )),
            square: true,
            note: String::new(),
        }
        .into()
    }
}
