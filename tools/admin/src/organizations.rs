//! `admin organization …`

use clap::{Subcommand, ValueEnum};
use shared::model::{Name, Plan, organization};

use crate::AnyError;
use crate::deployment::Deployment;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Create an organization, and print its number
    Create {
        /// Its name
        name: String,
        /// Its plan
        #[arg(long, value_enum, default_value = "free")]
        plan: PlanName,
        /// Its AI credits
        #[arg(long, default_value_t = 0)]
        ai_credits: u64,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum PlanName {
    Free,
    Starter,
    Professional,
    Enterprise,
}

impl From<PlanName> for Plan {
    fn from(plan: PlanName) -> Self {
        match plan {
            PlanName::Free => Self::Free,
            PlanName::Starter => Self::Starter,
            PlanName::Professional => Self::Professional,
            PlanName::Enterprise => Self::Enterprise,
        }
    }
}

pub(crate) async fn run(deployment: &Deployment, command: Command) -> Result<(), AnyError> {
    let Command::Create { name, plan, ai_credits } = command;
    let name = Name::parse(&name)?;
    let made = organization::create(&deployment.store, name.as_str(), plan.into(), ai_credits).await?;
    println!("Organization {}: {}", made.id, made.name);
    println!("Its owner: admin user create --organization {} --role owner --email …", made.id);
    Ok(())
}
