//! `admin organization …`

use clap::{Args, Subcommand};
use shared::base::{Clock, Name, OrganizationId};
use shared::model::Plan;
use shared::store::{credits, organizations};

use crate::AnyError;
use crate::deployment::Deployment;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Create an organization, and print its number
    Create {
        /// Its name
        name: String,
        #[command(flatten)]
        plan: Planned,
    },
    /// Give an organization another plan, at once. What it has beyond that stays, and grows no more
    SetPlan {
        /// The organization's number
        #[arg(long)]
        organization: u64,
        #[command(flatten)]
        plan: Planned,
    },
    /// Give an organization AI credits beside those of its plan. They stay until they are spent
    GiveCredits {
        /// The organization's number
        #[arg(long)]
        organization: u64,
        /// How many
        #[arg(long)]
        credits: u64,
    },
}

#[derive(Args)]
pub(crate) struct Planned {
    /// Its plan: trial, starter, professional, enterprise or unlimited
    #[arg(long, default_value = "unlimited")]
    plan: Plan,
    /// Its AI credits a month. Only for unlimited: other plans have their own
    #[arg(long)]
    ai_credits: Option<u64>,
}

impl Planned {
    /// The plan, and the credits that it is given each month.
    fn read(&self) -> Result<(Plan, u64), AnyError> {
        match (self.plan.limits().credits_a_month, self.ai_credits) {
            (Some(own), Some(_)) => Err(format!(
                "The plan {} has {own} AI credits a month. Give it more with: admin organization give-credits",
                self.plan.as_str()
            )
            .into()),
            (_, given) => Ok((self.plan, given.unwrap_or(0))),
        }
    }
}

pub(crate) async fn run(deployment: &Deployment, command: Command) -> Result<(), AnyError> {
    let store = &deployment.store;
    match command {
        Command::Create { name, plan } => {
            let (plan, credits_a_month) = plan.read()?;
            let name = Name::parse(&name)?;
            let made = organizations::create(store, name.as_str(), plan, credits_a_month).await?;
            println!("Organization {}: {}", made.id, made.name);
            println!("Its owner: admin user create --organization {} --role owner --email …", made.id);
        }
        Command::SetPlan { organization, plan } => {
            let (plan, credits_a_month) = plan.read()?;
            let id = OrganizationId::from(organization);
            let found = organizations::find(store, id).await?;
            let found = found.ok_or_else(|| missing(organization))?;
            organizations::set_plan(store, id, plan, credits_a_month).await?;
            println!("{}: {} in place of {}", found.name, plan.as_str(), found.plan.as_str());
        }
        Command::GiveCredits { organization, credits } => {
            let now = Clock::system().now();
            let left = credits::give(store, organization.into(), credits, now).await?;
            let left = left.ok_or_else(|| missing(organization))?;
            println!("Organization {organization} has {left} AI credits left.");
        }
    }
    Ok(())
}

fn missing(organization: u64) -> String {
    format!("There is no organization {organization}.")
}
