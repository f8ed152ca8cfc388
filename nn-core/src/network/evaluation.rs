//! What is computed of a batch without learning from it: scores, loss, hits.

use std::array;
use std::ops::Range;

use super::cut::{Cut, GROUPS};
use super::{LossValue, Network, Trainable, cut};
use crate::element::Element as _;
use crate::kernels::for_each_mut;
use crate::losses::{Losses, Verdict};
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
    let mut rest = scores;
    let mut parts: [&mut [N::Output]; GROUPS] = array::from_fn(|group| {
        let length = if group < cut.groups {
            cut.group(group).len()
        } else {
            0
        };
        let (part, behind) = std::mem::take(&mut rest).split_at_mut(length);
        rest = behind;
        part
    });
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
    let mut sums = [0.0; GROUPS];
    for_each_chunk(net, cut, N::TRAINING, &mut sums, |sum, chunk, memory| {
        let (x, t) = (&batch[chunk.clone()], &targets[chunk]);
        let mean = N::forward_loss(params, x, t, memory).as_f64();
        *sum += if cut.is_whole() {
            mean
        } else {
            mean * x.len() as f64
        };
    });
    if cut.is_whole() {
        return N::Element::of(sums[0]);
    }
    N::Element::of(sums.iter().sum::<f64>() / batch.len() as f64)
}

/// Each loss of a batch that has been checked.
pub(super) fn losses<N: Trainable, Y: Sync>(
    net: &N,
    batch: &[N::Input],
    targets: &[Y],
) -> Vec<LossValue>
where
    N::Loss: Losses<N::Output, Y>,
{
    let (cut, params) = (cut::<N>(batch.len()), net.params());
    let mut chunks: [Vec<(f64, Vec<Verdict>)>; GROUPS] = array::from_fn(|_| Vec::new());
    for_each_chunk(
        net,
        cut,
        N::PREDICTION,
        &mut chunks,
        |found, chunk, memory| {
            let share = chunk.len() as f64 / batch.len() as f64;
            let scores = N::forward(params, &batch[chunk.clone()], memory);
            found.push((share, N::LOSS.verdicts(scores, &targets[chunk])));
        },
    );
    let chunks = chunks.concat();
    let of_loss = |(place, port): (usize, &Port)| {
        let verdicts = || {
            chunks
                .iter()
                .map(move |(share, verdicts)| (share, &verdicts[place]))
        };
        let right: Option<usize> = verdicts().map(|(_, verdict)| verdict.right).sum();
        LossValue {
            name: port.name,
            loss: verdicts()
                .map(|(share, verdict)| share * verdict.loss)
                .sum(),
            weight: verdicts().next().map_or(1.0, |(_, verdict)| verdict.weight),
            accuracy: right.map(|right| right as f64 / batch.len() as f64),
        }
    };
    N::OUTPUTS.iter().enumerate().map(of_loss).collect()
}

/// How many samples have their largest score at the target's class; `None` if the targets name no classes.
pub(super) fn hits<N: Trainable, Y: Sync>(
    net: &N,
    batch: &[N::Input],
    targets: &[Y],
) -> Option<usize>
where
    N::Loss: Losses<N::Output, Y>,
{
    let (cut, params) = (cut::<N>(batch.len()), net.params());
    let mut hits = [Some(0); GROUPS];
    for_each_chunk(net, cut, N::PREDICTION, &mut hits, |hits, chunk, memory| {
        let scores = N::forward(params, &batch[chunk.clone()], memory);
        let more = N::LOSS.count_right(scores, &targets[chunk]);
        *hits = hits.zip(more).map(|(hits, more)| hits + more);
    });
    hits.into_iter().sum()
}
