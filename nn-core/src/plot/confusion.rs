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
        let classes = 0..C;
        figure(&Shown {
            names: classes
                .clone()
                .map(|class| class_name(names, class))
                .collect(),
            counts: self.counts().iter().map(<[usize; C]>::as_slice).collect(),
            supports: classes.clone().map(|class| self.support(class)).collect(),
            recalls: classes.clone().map(|class| self.recall(class)).collect(),
            precisions: classes.map(|class| self.precision(class)).collect(),
            accuracy: self.accuracy(),
        })
    }
}

/// What is drawn of a matrix of any number of classes.
struct Shown<'m> {
    names: Vec<String>,
    counts: Vec<&'m [usize]>,
    supports: Vec<usize>,
    recalls: Vec<f64>,
    precisions: Vec<f64>,
    accuracy: f64,
}

fn figure(shown: &Shown<'_>) -> Figure {
    let row = |(class, counts): (usize, &&[usize])| {
        let support = shown.supports[class];
        let cells = counts.iter().enumerate();
        cells
            .map(|(predicted, &count)| cell(&shown.names, [class, predicted], count, support))
            .collect()
    };
    let samples = shown.supports.iter().sum();
    let recalls = shown.recalls.iter().map(|&share| percent(share)).collect();
    let precisions = shown.precisions.iter();
    let precisions = precisions.map(|share| format!("{:.0} %", 100.0 * share));
    HeatMap {
        title: format!(
            "Confusion matrix: {} of {} samples right",
            percent(shown.accuracy),
            number(samples)
        ),
        x_label: "predicted".to_owned(),
        y_label: "true".to_owned(),
        rows: shown.names.clone(),
        columns: shown.names.clone(),
        cells: shown.counts.iter().enumerate().map(row).collect(),
        right: Some(("recall".to_owned(), recalls)),
        bottom: Some(("precision".to_owned(), precisions.collect())),
        square: true,
        note: String::new(),
    }
    .into()
}

fn cell(names: &[String], [class, predicted]: [usize; 2], count: usize, support: usize) -> Cell {
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
}
