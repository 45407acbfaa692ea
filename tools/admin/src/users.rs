//! `admin user …`

use clap::{Args, Subcommand};
use shared::base::{Clock, Email, Name, OrganizationId};
use shared::model::user::Status;
use shared::model::{Role, User};
use shared::store::users::{self, NewUser};

use crate::AnyError;
use crate::deployment::Deployment;
use crate::password;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Add a user; the password is asked for, or read from standard input
    Create {
        /// The organization's number
        #[arg(long)]
        organization: u64,
        #[command(flatten)]
        who: Who,
        /// What they may do: as owner, administrator, analyst, member or viewer
        #[arg(long)]
        role: Role,
        /// Given name
        #[arg(long)]
        first_name: String,
        /// Family name
        #[arg(long)]
        last_name: String,
    },
    /// End a user's sign-in, tokens and keys, at once
    Deactivate(Who),
    /// Let a deactivated user sign in again
    Activate(Who),
    /// Change a user's password, which ends their tokens; asked for, or read from standard input
    SetPassword(Who),
    /// Change what a user may do, from their next request on
    SetRole {
        #[command(flatten)]
        who: Who,
        /// What they may do: as owner, administrator, analyst, member or viewer
        #[arg(long)]
        role: Role,
    },
}

#[derive(Args)]
pub(crate) struct Who {
    /// What they sign in with
    #[arg(long)]
    email: String,
}

pub(crate) async fn run(deployment: &Deployment, command: Command) -> Result<(), AnyError> {
    let store = &deployment.store;
    match command {
        Command::Create { organization, who, role, first_name, last_name } => {
            let email = Email::parse(&who.email)?;
            let (first_name, last_name) = (Name::parse(&first_name)?, Name::parse(&last_name)?);
            let new = NewUser {
                email,
                first_name: first_name.as_str().to_owned(),
                last_name: last_name.as_str().to_owned(),
                role,
                password_hash: password::ask().await?,
            };
            let made = users::create(store, organization.into(), new, Clock::system().now()).await?;
            println!("User {} of organization {organization}: {}", made.id, made.email);
        }
        Command::Deactivate(who) => {
            let (organization, user) = find(deployment, &who).await?;
            users::set_status(store, organization, user.id, Status::Deactivated).await?;
            println!("Deactivated: {}", user.email);
        }
        Command::Activate(who) => {
            let (organization, user) = find(deployment, &who).await?;
            users::set_status(store, organization, user.id, Status::Active).await?;
            println!("Activated: {}", user.email);
        }
        Command::SetPassword(who) => {
            let (organization, user) = find(deployment, &who).await?;
            users::set_password(store, organization, &user, &password::ask().await?).await?;
            println!("Password changed: {}", user.email);
        }
        Command::SetRole { who, role } => {
            let (organization, user) = find(deployment, &who).await?;
            users::set_role(store, organization, user.id, role).await?;
            println!("{} is now {}", user.email, role.as_str());
        }
    }
    Ok(())
}

async fn find(deployment: &Deployment, who: &Who) -> Result<(OrganizationId, User), AnyError> {
    let email = Email::parse(&who.email)?;
    let nobody = || format!("Nobody signs in with {email}.");
    let owner = users::find_owner(&deployment.store, &email).await?.ok_or_else(nobody)?;
    let user = users::find(&deployment.store, owner.organization, owner.user).await?;
    Ok((owner.organization, user.ok_or_else(nobody)?))
}
