//! Prints the list of the route groups: `cargo run -p groups -- packages`, or `-- watch`.

use std::process::ExitCode;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("packages") => {
            let packages: Vec<_> = groups::packages().collect();
            println!("{}", packages.join("\n"));
        }
        Some("watch") => print!("{}", groups::watch_configuration()),
        _ => {
            eprintln!("packages: the packages of all functions, a line each\nwatch: CargoLambda.toml");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
