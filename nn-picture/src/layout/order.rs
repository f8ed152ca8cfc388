//! The order in each rank from left to right.

use super::Net;

/// As the declaration has it: from what a node reads first to what it reads last. Then neighbours change places while that
/// leaves fewer crossings.
pub(super) fn order(net: &mut Net) {
    from_the_end(net);
    for _ in 0..8 {
        if !untangle(net) {
            break;
        }
    }
}

/// From the last results upwards, the first value that is read goes to the left of the second.
fn from_the_end(net: &mut Net) {
    let mut seen = vec![false; net.vertices.len()];
    let mut waiting: Vec<usize> = (0..net.vertices.len())
        .filter(|&vertex| net.below[vertex].is_empty())
        .collect();
    // The lowest first, and of these the first that was declared.
    waiting.sort_by_key(|&vertex| (net.vertices[vertex].rank, std::cmp::Reverse(vertex)));
    while let Some(vertex) = waiting.pop() {
        if std::mem::replace(&mut seen[vertex], true) {
            continue;
        }
        net.ranks[net.vertices[vertex].rank].push(vertex);
        waiting.extend(net.above[vertex].iter().rev().map(|&(above, _)| above));
    }
}

/// One round of swaps; whether there was any.
fn untangle(net: &mut Net) -> bool {
    let mut place = vec![0; net.vertices.len()];
    for rank in &net.ranks {
        for (index, &vertex) in rank.iter().enumerate() {
            place[vertex] = index;
        }
    }
    let mut swapped = false;
    for rank in 0..net.ranks.len() {
        for left in 1..net.ranks[rank].len() {
            let (one, other) = (net.ranks[rank][left - 1], net.ranks[rank][left]);
            if crossings(net, &place, other, one) < crossings(net, &place, one, other) {
                net.ranks[rank].swap(left - 1, left);
                place.swap(one, other);
                swapped = true;
            }
        }
    }
    swapped
}

/// How many edges of the two cross, if the one stands left of the other.
fn crossings(net: &Net, place: &[usize], left: usize, right: usize) -> usize {
    let count = |edges: &[Vec<(usize, bool)>]| {
        let pairs = edges[left]
            .iter()
            .flat_map(|one| edges[right].iter().map(move |other| (one.0, other.0)));
        pairs
            .filter(|&(one, other)| place[one] > place[other])
            .count()
    };
    count(&net.above) + count(&net.below)
}
