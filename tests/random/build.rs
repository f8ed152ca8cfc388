//! Writes the declarations of random networks, and one line of test for each.

mod generator;

use std::path::Path;
use std::{env, fs};

/// Every network follows from this and its number.
const SEED: u64 = 2026;

/// How many there are.
const NETWORKS: u64 = 200;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=generator");
    let directory = env::var_os("OUT_DIR").expect("cargo sets it");
    let networks: Vec<String> = (0..NETWORKS)
        .map(|number| generator::network(SEED, number))
        .collect();
    let cases = (0..NETWORKS).map(|number| format!("network_{number:03}::case"));
    let cases = cases.collect::<Vec<_>>().join(",\n");
    let text = format!(
        "{}\n/// All of them.\npub const CASES: [fn() -> Case; {NETWORKS}] = [\n{cases}];\n",
        networks.join("\n"),
    );
    let file = Path::new(&directory).join("networks.rs");
    fs::write(file, text).expect("OUT_DIR can be written");
}
