//! `/api/data-sources/`: where the data comes from.

mod create;
mod create_import;
mod data_source;
mod delete;
mod import;
mod read;
mod read_imports;
mod refresh;
mod tables;
mod update;
mod upload;

use shared::access::Permission::{ReadDataSources, WriteFileSources};

// What the permission to write sources that are no files adds, each handler asks of its caller.
shared::routes! {
    read::list => ReadDataSources;
    create::create => WriteFileSources;
    read::get => ReadDataSources;
    update::update => WriteFileSources;
    delete::delete => WriteFileSources;
    create_import::create => WriteFileSources;
    read_imports::list => ReadDataSources;
    read_imports::get => ReadDataSources;
    tables::list => ReadDataSources;
}
