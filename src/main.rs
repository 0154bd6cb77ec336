//! The program: see `servanda --help`.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    servanda::cli::run(std::env::args_os()).await
}
