//! Steps of networks whose layers compute otherwise while they learn: by what a whole batch has in common, or by random numbers.
//!
//! Each chunk goes as far as it can by itself, and leaves what it has found. When all of them have, what they found is put together in
//! their order, and they go on. So a batch is normalised as a whole, in chunks, on all threads, and with the same bits on any number.

use super::{Trainable, cut};
use crate::element::Element;
use crate::error::{Error, Result};
use crate::kernels::for_each_mut;
use crate::layers::{BatchStatistics, Draw, Draws};
use crate::losses::{Losses, Shares};
use crate::network::steps::add;
use crate::params::Parameters;
use crate::workspace::{Chunk, numbers};

/// Where all chunks wait for each other.
#[derive(Clone, Copy, Debug)]
pub struct Barrier {
    /// The layer that has measured something, by its label.
    pub label: &'static str,
    /// Its number among those that do.
    pub layer: usize,
    /// How many channels it has.
    pub channels: usize,
    /// How many numbers a channel has in a sample.
    pub plane: usize,
    /// Whether sums for the gradient have been found, and not means and squares.
    pub sums: bool,
}

/// What a chunk is told, and where it leaves what it finds.
#[derive(Debug)]
pub struct Pass<'p> {
    phase: usize,
    shares: Shares,
    statistics: &'p [BatchStatistics],
    found: &'p mut [f64],
    draws: Draws,
    /// The first sample's place in the batch.
    first: usize,
}

impl<'p> Pass<'p> {
    /// How far the chunk has come.
    #[must_use]
    pub fn phase(&self) -> usize {
        self.phase
    }

    /// The part of the batch that the chunk is.
    #[must_use]
    pub fn shares(&self) -> &Shares {
        &self.shares
    }

    /// What has been found of the whole batch by the layer of this number.
    #[must_use]
    pub fn statistics(&self, layer: usize) -> &'p BatchStatistics {
        &self.statistics[layer]
    }

    /// Where the chunk leaves what it finds.
    pub fn found(&mut self) -> &mut [f64] {
        self.found
    }

    /// The random numbers of the layer of this number.
    #[must_use]
    pub fn draw(&self, layer: u32) -> Draw {
        self.draws.of_layer(layer, self.first)
    }
}

/// Whether a batch is large enough to learn from.
pub(crate) fn check<N: Trainable>(samples: usize) -> Result<()> {
    let barriers = N::PHASES.unwrap_or_default().iter();
    let too_small = barriers.filter(|barrier| samples * barrier.plane < 2);
    match too_small.map(|barrier| barrier.label).next() {
        Some(layer) => Err(Error::BatchOfOne { layer }),
        None => Ok(()),
    }
}

/// The mean loss of a batch that has been checked; its gradient is then in [`Trainable::params_and_gradient`].
pub(super) fn gradient<N: Trainable, Y: Sync>(
    net: &mut N,
    barriers: &[Barrier],
    batch: &[N::Input],
    targets: &[Y],
) -> N::Element
where
    N::Loss: Losses<N::Output, Y>,
{
    let cut = cut::<N>(batch.len()).for_gradients(N::PARAMETERS);
    let room = numbers::<N::Element>(cut.length, N::TRAINING);
    let width = barriers.iter().map(|barrier| 2 * barrier.channels).max();
    let amounts = N::LOSS.amounts(targets);
    let (params, workspace) = net.parts();
    let (params, stage) = (&*params, workspace.stage(cut.groups));
    let (groups, statistics, draws) = (stage.groups, stage.statistics, stage.draws);
    for barrier in barriers.iter().filter(|barrier| !barrier.sums) {
        if statistics.len() <= barrier.layer {
            statistics.push(BatchStatistics::new(barrier.channels));
        }
    }
    // Before the loss nothing is learnt.
    let forward = barriers.iter().filter(|barrier| !barrier.sums).count();
    for group in &mut *groups {
        group.loss = 0.0;
    }
    for phase in 0..=barriers.len() {
        let statistics_so_far = &*statistics;
        for_each_mut(groups, |index, group| {
            for (turn, place) in cut.chunks(index).enumerate() {
                // Where none waits for others, all of them work in the same memory.
                let kept = if barriers.is_empty() { 0 } else { turn };
                if group.chunks.len() <= kept {
                    group.chunks.push(Chunk::new(width.unwrap_or(0)));
                }
                let chunk = &mut group.chunks[kept];
                let (x, t) = (&batch[place.clone()], &targets[place.clone()]);
                let shares = if cut.is_whole() {
                    Shares::WHOLE
                } else {
                    N::LOSS.amounts(t).of(amounts)
                };
                let pass = &mut Pass {
                    phase,
                    shares,
                    statistics: statistics_so_far,
                    found: &mut chunk.found,
                    draws,
                    first: place.start,
                };
                let memory = chunk.memory.room(room);
                if turn == 0 || phase < forward {
                    group.loss += N::phase(params, x, t, memory, pass, &mut group.gradient);
                    continue;
                }
                // Layers that learn in other phases add nothing in this one.
                let part = group.part.get_or_insert_default();
                clear(part);
                group.loss += N::phase(params, x, t, memory, pass, part);
                add(&mut group.gradient, part);
            }
        });
        if let Some(barrier) = barriers.get(phase) {
            let chunks = groups.iter().enumerate().flat_map(|(index, group)| {
                let lengths = cut.chunks(index).map(|place| place.len() * barrier.plane);
                let found = group
                    .chunks
                    .iter()
                    .map(|chunk| &chunk.found[..2 * barrier.channels]);
                lengths.zip(found)
            });
            let statistics = &mut statistics[barrier.layer];
            if barrier.sums {
                statistics.gather_sums(chunks.map(|(_, found)| found));
            } else {
                statistics.gather_moments(chunks);
            }
        }
    }
    let mut sum = 0.0;
    if let [first, others @ ..] = groups {
        sum = first.loss;
        for other in others {
            sum += other.loss;
            add(&mut first.gradient, &other.gradient);
        }
    }
    N::Element::of(sum)
}

fn clear<T: Element, P: Parameters<T>>(params: &mut P) {
    for index in 0..params.count() {
        if let Some(numbers) = params.numbers_mut(index) {
            numbers.fill(T::zero());
        }
    }
}

/// After a step: running statistics move towards those of the batch, and the next step draws other random numbers.
pub(super) fn settle<N: Trainable>(net: &mut N) {
    if const { N::PHASES.is_some() } {
        let (params, workspace) = net.parts();
        N::track(params, workspace.statistics());
        workspace.draw_next();
    }
}
