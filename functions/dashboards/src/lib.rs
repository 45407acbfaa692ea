//! `/api/dashboards/`: widgets on a grid, over data sources.

mod columns;
mod create;
mod dashboard;
mod delete;
mod duplicate;
mod fields;
mod read;
mod update;

use shared::access::Permission::{ReadDashboards, WriteOwnDashboards};

// What the permission to write anybody's dashboards adds, each handler asks of its caller.
shared::routes! {
    read::list => ReadDashboards;
    create::create => WriteOwnDashboards;
    read::get => ReadDashboards;
    update::update => WriteOwnDashboards;
    delete::delete => WriteOwnDashboards;
    duplicate::duplicate => WriteOwnDashboards;
}
