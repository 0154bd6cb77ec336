//! The program: see `servanda --help`.

fn main() {}
