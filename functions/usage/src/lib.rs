//! `/api/usage/`: what an organization has used, and what its plan leaves.

mod read;
mod report;

use shared::access::Permission::ReadUsage;

shared::routes! {
    read::read => ReadUsage;
}
