use crate::element::Element;
use crate::params::{Parameters, Tensor};

/// What belongs to the layers, each part once: also what is frozen, and so not trained.
fn own<T: Element>(params: &dyn Parameters<T>) -> impl Iterator<Item = (usize, Tensor<'_, T>)> {
    let named = (0..).map_while(|index| Some((index, params.named(index)?)));
    named.filter(|(_, tensor)| !tensor.is_shared())
}

/// How many numbers a copy of these parameters has.
pub(in crate::trainer) fn len<T: Element>(params: &dyn Parameters<T>) -> usize {
    own(params).map(|(_, tensor)| tensor.numbers().len()).sum()
}

/// Copies parameters; once there is room, nothing is allocated.
pub(in crate::trainer) fn copy<T: Element>(params: &dyn Parameters<T>, copy: &mut Vec<T>) {
    copy.clear();
    copy.reserve_exact(len(params));
    for (_, tensor) in own(params) {
        copy.extend_from_slice(tensor.numbers());
    }
}

/// Calls `change` with each part of a copy and the parameter that it is of, if the copy is one of such parameters.
pub(super) fn for_each<T: Element>(
    params: &dyn Parameters<T>,
    copy: &mut [T],
    change: impl Fn(&mut [T], &[T]),
) {
    if copy.len() != len(params) {
        return;
    }
    let mut rest = copy;
    for (_, tensor) in own(params) {
        let (part, behind) = rest.split_at_mut(tensor.numbers().len());
        change(part, tensor.numbers());
        rest = behind;
    }
}

/// Writes a copy back, if it is one of such parameters.
pub(in crate::trainer) fn restore<T: Element>(params: &mut dyn Parameters<T>, copy: &[T]) {
    if copy.len() != len(params) {
        return;
    }
    let mut rest = copy;
    let places: Vec<usize> = own(params).map(|(index, _)| index).collect();
    for index in places {
        if let Some(numbers) = params.named_mut(index) {
            let (part, behind) = rest.split_at(numbers.len());
            numbers.copy_from_slice(part);
            rest = behind;
        }
    }
}
