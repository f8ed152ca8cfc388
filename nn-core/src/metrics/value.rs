/// A metric and what it came to.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricValue {
    /// What it is called, as in [`Trainer::metric`](crate::Trainer::metric).
    pub name: String,
    /// Its value.
    pub value: f64,
}
