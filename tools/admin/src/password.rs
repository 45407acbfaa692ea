//! A password for a user: typed at a prompt, or read from standard input. Never an argument, which others can see.

use std::io::{self, IsTerminal, Read};

use shared::access::{Password, password};
use shared::model::user::PasswordHash;

use crate::AnyError;

/// The least that is accepted (NIST SP 800-63B, section 5.1.1.1).
const MIN_CHARACTERS: usize = 8;

/// Asks for a password, twice at a prompt, and hashes it.
pub(crate) async fn ask() -> Result<PasswordHash, AnyError> {
    let text = if io::stdin().is_terminal() {
        let text = rpassword::prompt_password("Password: ")?;
        if text != rpassword::prompt_password("Again: ")? {
            return Err("The two differ. Nothing was changed.".into());
        }
        text
    } else {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text)?;
        text.trim_end_matches(['\r', '\n']).to_owned()
    };
    if text.chars().count() < MIN_CHARACTERS {
        return Err(format!(
            "A password must have at least {MIN_CHARACTERS} characters. Nothing was changed."
        )
        .into());
    }
    let hash = password::hash(Password::parse(text)?).await;
    hash.map_err(|error| format!("The password could not be hashed: {error:?}").into())
}
