//! What a subscriber of `tracing` is told of a training.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use nn_core::logs::Tracing;
use nn_core::prelude::*;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

network! { struct Line< Affine(1, 1) -> MeanSquaredError >; }

/// Notes spans and events, with their parents and fields: how many spans, and a line for each.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<(u64, Vec<String>)>>);

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() != "seconds" {
            let _ = write!(self.0, " {}={value:?}", field.name());
        }
    }
}

impl Subscriber for Notes {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("nn_core")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields(String::new());
        span.record(&mut fields);
        let mut notes = self.0.lock().unwrap();
        notes.0 += 1;
        let (id, parent) = (notes.0, span.parent().map(Id::into_u64));
        let name = span.metadata().name();
        notes
            .1
            .push(format!("{id} in {parent:?}: {name}{}", fields.0));
        Id::from_u64(id)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        let parent = event.parent().map(Id::into_u64);
        let line = format!("in {parent:?}:{}", fields.0);
        self.0.lock().unwrap().1.push(line);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
fn spans_for_the_training_and_each_epoch_and_events_in_them() {
    let line = Dataset {
        x: vec![[0.0], [1.0], [2.0]],
        t: vec![[0.0], [0.0], [0.0]],
    };
    let notes = Notes::default();
    tracing::subscriber::with_default(notes.clone(), || {
        let mut net = Line::seeded(1);
        // y = 0 is right: nothing moves, and every loss is 0.
        net.params.affine1.W[0][0] = 0.0;
        let trainer = Trainer::new(Sgd::new(0.5)).batch_size(2).epochs(2).silent();
        let mut trainer = trainer.callback(Tracing::new());
        trainer.fit(&mut net, &line, &Dataset::empty()).unwrap();
    });
    let interval = |span: u32, step: u32| {
        format!("in Some({span}): message=interval step={step} loss=0.0 lr=0.5")
    };
    let evaluated =
        |span: u32, step: u32| format!("in Some({span}): message=evaluated step={step} loss=0.0");
    let expected = [
        "1 in None: training network=\"Line\" samples=3 batch_size=2 resumed=false".to_owned(),
        "2 in Some(1): epoch epoch=1".to_owned(),
        interval(2, 1),
        evaluated(2, 2),
        "3 in Some(1): epoch epoch=2".to_owned(),
        interval(3, 3),
        evaluated(3, 4),
        "in Some(1): message=ended step=4 paused=false".to_owned(),
    ];
    assert_eq!(notes.0.lock().unwrap().1, expected);
}
