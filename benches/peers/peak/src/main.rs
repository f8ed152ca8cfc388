//! Prints the most f32 arithmetic that one core can do.

fn main() {
    for (name, gflops) in peak::peaks() {
        println!("PEAK {name} gflops={gflops:.1}");
    }
}
