//! `/api/api-keys/`: keys for programs, made and unmade by the users they act for.

mod api_key;
mod create;
mod read;
mod rename;
mod revoke;
mod rotate;

use shared::access::Permission::ManageOwnApiKeys;

// What the permission to manage everybody's keys adds, each handler asks of its caller.
shared::routes! {
    read::list => ManageOwnApiKeys;
    create::create => ManageOwnApiKeys;
    read::get => ManageOwnApiKeys;
    rename::rename => ManageOwnApiKeys;
    revoke::revoke => ManageOwnApiKeys;
    rotate::rotate => ManageOwnApiKeys;
}
