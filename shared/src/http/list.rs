//! Answering a list: which of its entities, how many, and where the other pages are.

use axum::extract::FromRequestParts;
use axum::http::Uri;
use axum::http::request::Parts;

use super::RequestContext;
use super::page::{Page, PageLinks, PageNumber, PageRequest, PageSize};
use crate::access::{Caller, Tenant};
use crate::store::collection::{self, Row};
use crate::store::directory::Filter;
use crate::{App, Error};

/// What every list handler needs of its request, but for the parameters, which it reads and gives.
pub struct ListRequest {
    app: App,
    tenant: Tenant,
    context: RequestContext,
    uri: Uri,
}

impl FromRequestParts<App> for ListRequest {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let tenant = Tenant::from_request_parts(parts, app).await?;
        let context = RequestContext::from_request_parts(parts, app).await?;
        Ok(Self { app: app.clone(), tenant, context, uri: parts.uri.clone() })
    }
}

impl ListRequest {
    /// A page of the tenant's rows that pass the filters. The directory is read beside admission; `filters` is asked
    /// after it, and then the rows are read.
    pub async fn page<R: Row>(
        self,
        number: PageNumber,
        size: PageSize,
        filters: impl FnOnce(&Caller) -> Vec<Filter>,
    ) -> Result<Page<R>, Error> {
        let Self { app, tenant, context, uri } = self;
        let page = PageRequest { number, size };
        let organization = tenant.organization;
        let directory = async { Ok(collection::directory::<R>(&tenant, organization).await?) };
        let (directory, caller) = tokio::try_join!(directory, tenant.caller())?;
        let (count, ids) = directory.select(&filters(&caller), page.offset(), page.limit());
        let links = PageLinks::new(page, count, &context, &uri)?;
        let rows = collection::rows::<R>(&app.store, organization, &ids).await?;
        Ok(links.with(rows))
    }
}
