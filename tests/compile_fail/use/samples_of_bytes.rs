use nn_core::Sample;

fn read<X: Sample>() -> Vec<X> {
    Vec::new()
}

fn main() {
    let _ = read::<[[[u8; 28]; 28]; 1]>();
}
