//! `/api/reports/`: dashboards as files, made when somebody asks or at set times.

mod create;
mod delete;
mod download;
mod fields;
mod generate;
mod read;
mod read_runs;
mod report;
mod run;
mod schedule;
mod update;

use shared::access::Permission::{ReadReports, WriteOwnReports};

// What the permission to write anybody's reports adds, each handler asks of its caller.
shared::routes! {
    read::list => ReadReports;
    create::create => WriteOwnReports;
    read::get => ReadReports;
    update::update => WriteOwnReports;
    delete::delete => WriteOwnReports;
    generate::generate => WriteOwnReports;
    read_runs::list => ReadReports;
    read_runs::get => ReadReports;
    download::download => ReadReports;
}
