//! `/api/data-sources/`: where the data comes from.

mod create;
mod data_source;
mod delete;
mod read;
mod update;

use shared::access::Permission::{ReadDataSources, WriteFileSources};

// What the permission to write sources that are no files adds, each handler asks of its caller.
shared::routes! {
    read::list => ReadDataSources;
    create::create => WriteFileSources;
    read::get => ReadDataSources;
    update::update => WriteFileSources;
    delete::delete => WriteFileSources;
}
