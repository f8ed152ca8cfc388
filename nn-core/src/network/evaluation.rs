//! What is computed of a batch without learning from it: scores, loss, hits.

use std::array;
use std::ops::Range;

use super::cut::{Cut, GROUPS};
use super::{LossValue, Network, Trainable, cut};
use crate::element::Element as _;
use crate::kernels::for_each_mut;
use crate::losses::{Hits, Losses, Shares, Verdict};
use crate::record::Record as _;
use crate::summary::Port;
use crate::workspace::numbers;

/// Calls `compute` with every chunk: its group's result, its place in the batch, and memory with slots of these sizes.
fn for_each_chunk<N: Network, R: Send>(
    net: &N,
    cut: Cut,
    slots: &[usize],
    results: &mut [R; GROUPS],
    compute: impl Fn(&mut R, Range<usize>, &mut [N::Element]) + Sync,
) {
    let rooms = net.workspace().rooms();
    let count = numbers::<N::Element>(cut.length, slots);
    rooms.reserve(cut.groups, count, false);
    for_each_mut(&mut results[..cut.groups], |group, result| {
        rooms.with_memory(count, |memory| {
            for chunk in cut.chunks(group) {
                compute(result, chunk, memory);
            }
        });
    });
}

/// The scores of a batch.
pub(super) fn predict<N: Network>(net: &N, batch: &[N::Input]) -> Vec<N::Output> {
    let mut scores = N::Output::zeros(batch.len());
    predict_into(net, batch, &mut scores);
    scores
}

/// Writes the scores of a batch over `scores`, one for each sample.
pub(super) fn predict_into<N: Network>(net: &N, batch: &[N::Input], scores: &mut [N::Output]) {
    let (cut, params) = (cut::<N>(batch.len()), net.params());
    let mut parts = cut.parts(scores);
    for_each_chunk(
        net,
        cut,
        N::PREDICTION,
        &mut parts,
        |part, chunk, memory| {
            let (scores, rest) = std::mem::take(part).split_at_mut(chunk.len());
            N::Output::write(N::forward(params, &batch[chunk], memory), scores);
            *part = rest;
        },
    );
}

/// The mean loss of a batch that has been checked.
pub(super) fn loss<N: Trainable, Y: Sync>(net: &N, batch: &[N::Input], targets: &[Y]) -> N::Element
where
    N::Loss: Losses<N::Output, Y>,
{
    let (cut, params) = (cut::<N>(batch.len()), net.params());
    let amounts = N::LOSS.amounts(targets);
    let mut sums = [0.0; GROUPS];
    for_each_chunk(net, cut, N::TRAINING, &mut sums, |sum, chunk, memory| {
        let (x, t) = (&batch[chunk.clone()], &targets[chunk]);
        let shares = if cut.is_whole() {
            Shares::WHOLE
        } else {
            N::LOSS.amounts(t).of(amounts)
        };
        *sum += N::forward_loss(params, x, t, &shares, memory);
    });
    N::Element::of(sums.iter().sum())
}

/// Each loss of a batch that has been checked.
pub(crate) fn losses<N: Trainable, Y: Sync>(
    net: &N,
    batch: &[N::Input],
    targets: &[Y],
) -> Vec<LossValue>
where
    N::Loss: Losses<N::Output, Y>,
{
    let (cut, params) = (cut::<N>(batch.len()), net.params());
    let amounts = N::LOSS.amounts(targets);
    let mut chunks: [Vec<(Shares, Vec<Verdict>)>; GROUPS] = array::from_fn(|_| Vec::new());
    for_each_chunk(
        net,
        cut,
        N::PREDICTION,
        &mut chunks,
        |found, chunk, memory| {
            let scores = N::forward(params, &batch[chunk.clone()], memory);
            let shares = N::LOSS.amounts(&targets[chunk.clone()]).of(amounts);
            found.push((shares, N::LOSS.verdicts(scores, &targets[chunk])));
        },
    );
    let chunks = chunks.concat();
    let of_loss = |(place, port): (usize, &Port)| {
        let verdicts = || {
            chunks
                .iter()
                .map(move |(shares, verdicts)| (shares.of_loss(place), &verdicts[place]))
        };
        let right = sum(verdicts().map(|(_, verdict)| verdict.right));
        LossValue {
            name: port.name,
            loss: verdicts()
                .map(|(share, verdict)| share * verdict.loss)
                .sum(),
            weight: verdicts().next().map_or(1.0, |(_, verdict)| verdict.weight),
            accuracy: right.map(Hits::share),
        }
    };
    N::OUTPUTS.iter().enumerate().map(of_loss).collect()
}

/// What a set of samples comes to.
pub(crate) struct Assessment {
    /// The mean loss; of several losses their weighted sum.
    pub(crate) loss: f64,
    /// The share of samples that are right; `None` if the targets name no classes.
    pub(crate) accuracy: Option<f64>,
}

/// Loss and accuracy of a batch that has been checked, and the scores where there is room for one for each sample, all in one pass.
pub(crate) fn assess<N: Trainable, Y: Sync>(
    net: &N,
    batch: &[N::Input],
    targets: &[Y],
    scores: Option<&mut [N::Output]>,
) -> Assessment
where
    N::Loss: Losses<N::Output, Y>,
{
    let (cut, params) = (cut::<N>(batch.len()), net.params());
    let amounts = N::LOSS.amounts(targets);
    let mut parts = cut
        .parts(scores.unwrap_or_default())
        .map(|part| (part, 0.0, Some(Hits::default())));
    for_each_chunk(
        net,
        cut,
        N::PREDICTION,
        &mut parts,
        |(part, loss, hits), chunk, memory| {
            let targets = &targets[chunk.clone()];
            let scores = N::forward(params, &batch[chunk], memory);
            let shares = N::LOSS.amounts(targets).of(amounts);
            let verdicts = N::LOSS.verdicts(scores, targets);
            for (place, verdict) in verdicts.iter().enumerate() {
                *loss += shares.of_loss(place) * verdict.weight * verdict.loss;
            }
            *hits = sum([
                *hits,
                verdicts.iter().rev().find_map(|verdict| verdict.right),
            ]);
            if !part.is_empty() {
                let (written, rest) = std::mem::take(part).split_at_mut(targets.len());
                N::Output::write(scores, written);
                *part = rest;
            }
        },
    );
    let hits = sum(parts.iter().map(|(_, _, hits)| *hits));
    Assessment {
        loss: parts.iter().map(|(_, loss, _)| loss).sum(),
        accuracy: hits.map(Hits::share),
    }
}

/// How many samples have their largest score at the target's class; `None` if the targets name no classes.
pub(super) fn hits<N: Trainable, Y: Sync>(
    net: &N,
    batch: &[N::Input],
    targets: &[Y],
) -> Option<Hits>
where
    N::Loss: Losses<N::Output, Y>,
{
    let (cut, params) = (cut::<N>(batch.len()), net.params());
    let mut hits = [Some(Hits::default()); GROUPS];
    for_each_chunk(net, cut, N::PREDICTION, &mut hits, |hits, chunk, memory| {
        let scores = N::forward(params, &batch[chunk.clone()], memory);
        let more = N::LOSS.count_right(scores, &targets[chunk]);
        *hits = sum([*hits, more]);
    });
    sum(hits)
}

/// All of them together; `None` if one of them is.
fn sum(hits: impl IntoIterator<Item = Option<Hits>>) -> Option<Hits> {
    hits.into_iter().try_fold(Hits::default(), |mut sum, hits| {
        sum += hits?;
        Some(sum)
    })
}
