//! `admin organization …`

use clap::Subcommand;
use shared::base::Name;
use shared::model::Plan;
use shared::store::organizations;

use crate::AnyError;
use crate::deployment::Deployment;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Create an organization, and print its number
    Create {
        /// Its name
        name: String,
        /// Its plan: free, starter, professional or enterprise
        #[arg(long, default_value = "unlimited")]
        plan: Plan,
        /// Its AI credits
        #[arg(long, default_value_t = 0)]
        ai_credits: u64,
    },
}

pub(crate) async fn run(deployment: &Deployment, command: Command) -> Result<(), AnyError> {
    let Command::Create { name, plan, ai_credits } = command;
    let name = Name::parse(&name)?;
    let made = organizations::create(&deployment.store, name.as_str(), plan, ai_credits).await?;
    println!("Organization {}: {}", made.id, made.name);
    println!("Its owner: admin user create --organization {} --role owner --email …", made.id);
    Ok(())
}
