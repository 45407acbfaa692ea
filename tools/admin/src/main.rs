//! `cargo run -p admin`: what an operator does by hand: organizations and what they use, users, the secret.
//!
//! It acts on AWS with the usual credential chain, or on the data of `cargo run` with `--local`. Nothing is overwritten:
//! what is there already is refused.

mod deployment;
mod organizations;
mod password;
mod secret;
mod usage;
mod users;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use deployment::Target;

type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// Creates organizations and users, shows what they use, and rotates the secret.
#[derive(Parser)]
#[command(version)]
struct Options {
    #[command(flatten)]
    target: Target,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Organizations
    #[command(subcommand)]
    Organization(organizations::Command),
    /// Show what each organization has used in a month
    Usage(usage::Options),
    /// Users of an organization
    #[command(subcommand)]
    User(users::Command),
    /// The secret: signing key and data keys
    #[command(subcommand)]
    Secret(secret::Command),
}

#[tokio::main]
async fn main() -> ExitCode {
    let Options { target, command } = Options::parse();
    match run(&target, command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", shared::base::error::chain(&*error));
            ExitCode::FAILURE
        }
    }
}

async fn run(target: &Target, command: Command) -> Result<(), AnyError> {
    let deployment = target.reach().await?;
    match command {
        Command::Organization(command) => organizations::run(&deployment, command).await,
        Command::Usage(options) => usage::run(&deployment, options).await,
        Command::User(command) => users::run(&deployment, command).await,
        Command::Secret(command) => secret::run(&deployment, command).await,
    }
}
