//! Users of a test's organization, and their sign-ins.

use serde_json::json;
use shared::access::{Password, password};
use shared::base::Email;
use shared::model::Role;
use shared::model::user::PasswordHash;
use shared::store::users::{self, NewUser};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::paths::LOGIN;
use crate::{Reply, TestApp, TestUser};

/// Every test user's password.
pub const PASSWORD: &str = "correct horse battery staple";

impl TestApp {
    /// Adds a user of that role and signs them in.
    pub async fn user(&self, role: Role) -> TestUser {
        let email = format!("{}@example.com", Uuid::new_v4());
        self.user_with_hash(role, &email, password_hash().await.clone()).await
    }

    /// Adds a user with that email and password hash, and signs them in with [`PASSWORD`].
    pub async fn user_with_hash(&self, role: Role, email: &str, password_hash: PasswordHash) -> TestUser {
        let new = NewUser {
            email: Email::parse(email).expect("an email"),
            first_name: "Test".into(),
            last_name: "User".into(),
            role,
            password_hash,
        };
        let created = users::create(&self.app.store, self.organization.id, new, self.app.clock.now()).await;
        let user = created.expect("a user");
        let reply = self.login(email, PASSWORD).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        TestUser {
            user,
            organization: self.organization.id,
            access: reply.text("access"),
            refresh: reply.text("refresh"),
            instance: self.instance(),
        }
    }

    /// Signs in.
    pub async fn login(&self, email: &str, password: &str) -> Reply {
        let body = json!({ "email": email, "password": password });
        self.post(LOGIN).json(&body).await
    }
}

/// The hash of [`PASSWORD`], made once a run: hashing is slow on purpose.
pub async fn password_hash() -> &'static PasswordHash {
    static HASH: OnceCell<PasswordHash> = OnceCell::const_new();
    HASH.get_or_init(async || {
        password::hash(Password::parse(PASSWORD.into()).expect("a password")).await.expect("a hash")
    })
    .await
}
