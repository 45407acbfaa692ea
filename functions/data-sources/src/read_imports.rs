//! Reading imports.

use axum::Json;
use axum::extract::State;
use shared::access::Tenant;
use shared::http::Tagged;
use shared::http::page::{Page, Paging};
use shared::model::{DataSource, Import};
use shared::service::{ListRequest, NoFilters};
use shared::store::{collection, imports};
use shared::{App, Error};

use crate::data_source::DataSourcePath;
use crate::import::{ImportPath, ImportView, tag};

/// List the imports of a data source
///
/// The last 100, in ascending order of ID.
#[utoipa::path(
    get,
    path = "/api/data-sources/{id}/imports/",
    operation_id = "list_imports",
    tag = "Data sources",
    params(DataSourcePath, Paging),
    responses((status = 200, description = "A page of imports.", body = Page<ImportView>)),
)]
pub(crate) async fn list(
    State(app): State<App>,
    DataSourcePath { id }: DataSourcePath,
    request: ListRequest<NoFilters>,
) -> Result<Json<Page<ImportView>>, Error> {
    let now = app.clock.now();
    let page = request.page_within::<DataSource, Import>(id.into()).await?;
    Ok(Json(page.map(|import| ImportView::at(import, now))))
}

/// Get an import
#[utoipa::path(
    get,
    path = "/api/data-sources/{id}/imports/{import_id}/",
    operation_id = "get_import",
    tag = "Data sources",
    params(ImportPath),
    responses((status = 200, description = "The import.", body = ImportView)),
)]
pub(crate) async fn get(
    State(app): State<App>,
    tenant: Tenant,
    ImportPath { id, import_id }: ImportPath,
) -> Result<Tagged<ImportView>, Error> {
    let (organization, now) = (tenant.organization, app.clock.now());
    // The imports of a source that is deleted are removed some time after it.
    let source = collection::get::<DataSource>(&tenant, organization, id.into());
    let import = collection::get::<Import>(&tenant, imports::of(organization, id), import_id.into());
    let (_, import) = tokio::try_join!(source, import)?;
    Ok(Tagged { tag: tag(&import, now), body: ImportView::at(import.entity, now) })
}
