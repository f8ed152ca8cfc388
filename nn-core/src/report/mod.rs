//! A training as one page of HTML.

mod page;

use std::io::Write as _;
use std::path::Path;

use crate::error::Result;
use crate::files::atomic;
use crate::graph::Graph;
use crate::network::Network;
use crate::plot::Figure;
use crate::summary::LayerSummary;
use crate::trainer::History;

/// A training as one page of HTML: a single file that opens offline, with the network's picture and its layers, settings, curves, the table of epochs, and
/// whatever figures one adds. It has no scripts, loads nothing, and follows the reader's choice of light and dark.
///
/// ```
/// use nn_core::metrics::ConfusionMatrix;
/// use nn_core::prelude::*;
/// use nn_core::report::Report;
///
/// network! { pub struct Xor< Affine(2, 8) -> Tanh -> Affine(8, 2) -> SoftmaxWithLoss >; }
///
/// # fn main() -> nn_core::Result<()> {
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("report.html");
/// let data = Dataset { x: vec![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], t: vec![0_u8, 1, 1, 0] };
/// let mut net = Xor::seeded(1);
/// let history = Trainer::new(Adam::new(0.05)).epochs(20).silent().fit(&mut net, &data, &data)?;
/// let matrix = ConfusionMatrix::new(&net.predict(&data.x)?, &data.t)?;
///
/// Report::of::<Xor>()
///     .setting("optimizer", "Adam, learning rate 0.05")
///     .history(&history)
///     .figure("Confusion matrix", matrix.figure(&["equal", "different"]))
///     .write(path)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Report {
    title: String,
    graph: Graph,
    layers: &'static [LayerSummary],
    settings: Vec<(String, String)>,
    history: Option<History>,
    sections: Vec<Section>,
}

#[derive(Clone, Debug)]
struct Section {
    title: String,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    Figure(Figure),
    Text(String),
}

impl Report {
    /// A report on a network: its picture, and the table of its layers.
    #[must_use]
    pub fn of<N: Network>() -> Self {
        Self {
            title: N::NAME.to_owned(),
            graph: Graph::of::<N>(),
            layers: N::LAYERS,
            settings: Vec::new(),
            history: None,
            sections: Vec::new(),
        }
    }

    /// Another title than the name of the network.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Adds a line to the table of settings: `("batch size", 100)`.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "so that `100` and `\"Adam\"` can stand there as they are"
    )]
    pub fn setting(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.settings.push((name.into(), value.to_string()));
        self
    }

    /// The curves of a history, its figures and its table of epochs.
    #[must_use]
    pub fn history(mut self, history: &History) -> Self {
        self.history = Some(history.clone());
        self
    }

    /// Adds a section with pictures, under a heading.
    #[must_use]
    pub fn figure(mut self, title: impl Into<String>, figure: impl Into<Figure>) -> Self {
        self.sections.push(Section {
            title: title.into(),
            content: Content::Figure(figure.into()),
        });
        self
    }

    /// Adds a section with text, under a heading. Lines stay lines.
    #[must_use]
    pub fn text(mut self, title: impl Into<String>, text: impl Into<String>) -> Self {
        self.sections.push(Section {
            title: title.into(),
            content: Content::Text(text.into()),
        });
        self
    }

    /// The page.
    #[must_use]
    pub fn to_html(&self) -> String {
        page::html(self)
    }

    /// Writes the page to a file, which is there whole or not at all.
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io) if it cannot be written.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<()> {
        let html = self.to_html();
        atomic::write(path.as_ref(), |file| file.write_all(html.as_bytes()))
    }
}
