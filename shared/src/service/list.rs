//! Answering a list: which of its entities, how many, and where the other pages are.

use axum::extract::FromRequestParts;
use axum::http::Uri;
use axum::http::request::Parts;
use deserr::Deserr;
use serde_json::{Map, Value};

use crate::access::{Caller, Tenant};
use crate::base::{Error, Fields};
use crate::http::page::{Page, PageLinks, Paging};
use crate::http::query::{check_names, parameters};
use crate::http::{Input, RequestContext};
use crate::service::App;
use crate::store::{Collection, Directory, Filter, Parent, Summary, collection};

/// The parameters that a list can be filtered by.
pub trait Filters: Deserr<Fields> {
    /// The names of the parameters.
    const NAMES: &'static [&'static str];

    /// What they select; nothing for those that are not there.
    fn selected(self) -> Vec<Filter>;
}

/// Declares the parameters that a list can be filtered by: exact matches, named after the field.
///
/// ```
/// shared::string_enum! {
///     /// A color.
///     pub enum Color {
///         /// Red.
///         Red = "red",
///     }
/// }
/// shared::filters! {
///     /// Lights by their color.
///     pub struct LightFilters {
///         /// Only those of this color.
///         color: Color = "color",
///     }
/// }
/// use shared::service::Filters as _;
/// assert_eq!(LightFilters { color: Some(Color::Red) }.selected(), [shared::store::Filter::new("color", "red")]);
/// ```
#[macro_export]
macro_rules! filters {
    (
        $(#[$meta:meta])*
        $vis:vis struct $filters:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty = $name:literal,)* }
    ) => {
        $(#[$meta])*
        #[derive(::deserr::Deserr, ::utoipa::IntoParams)]
        #[deserr(error = $crate::base::Fields)]
        #[into_params(parameter_in = Query)]
        $vis struct $filters {
            $($(#[$field_meta])* #[deserr(default, rename = $name)] #[param(rename = $name)] $field: Option<$type>,)*
        }

        impl $crate::service::Filters for $filters {
            const NAMES: &'static [&'static str] = &[$($name),*];

            fn selected(self) -> Vec<$crate::store::Filter> {
                let Self { $($field),* } = self;
                [$($field.map(|value| $crate::store::Filter::new($name, value.as_str()))),*].into_iter().flatten().collect()
            }
        }
    };
}

/// For lists without filters.
#[derive(Debug, Deserr)]
#[deserr(error = Fields)]
pub struct NoFilters {}

impl Filters for NoFilters {
    const NAMES: &'static [&'static str] = &[];

    fn selected(self) -> Vec<Filter> {
        Vec::new()
    }
}

/// What every list handler needs of its request: which page, under which filters.
pub struct ListRequest<F> {
    app: App,
    tenant: Tenant,
    context: RequestContext,
    uri: Uri,
    paging: Paging,
    filters: F,
}

impl<F> Input for ListRequest<F> {
    const TAKES_QUERY: bool = true;
}

impl<F: Filters> FromRequestParts<App> for ListRequest<F> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let tenant = Tenant::from_request_parts(parts, app).await?;
        let context = RequestContext::from_request_parts(parts, app).await?;
        let (paging, filters) = read(&parts.uri)?;
        Ok(Self { app: app.clone(), tenant, context, uri: parts.uri.clone(), paging, filters })
    }
}

/// Reads the parameters of a list, and names all mistakes in them.
pub(super) fn read<F: Filters>(uri: &Uri) -> Result<(Paging, F), Error> {
    let mut filters = parameters(uri)?;
    let known: Vec<_> = Paging::NAMES.iter().chain(F::NAMES).copied().collect();
    check_names(&filters, &known)?;
    let paging: Map<_, _> = Paging::NAMES.iter().filter_map(|name| filters.remove_entry(*name)).collect();
    let paging = deserr::deserialize::<Paging, _, Fields>(Value::Object(paging));
    let filters = deserr::deserialize::<F, _, Fields>(Value::Object(filters));
    match (paging, filters) {
        (Ok(paging), Ok(filters)) => Ok((paging, filters)),
        (Err(fields), Ok(_)) | (Ok(_), Err(fields)) => Err(Error::validation(fields)),
        (Err(one), Err(other)) => Err(Error::validation(one.and(other))),
    }
}

impl<F: Filters> ListRequest<F> {
    /// A page of the tenant's summaries that pass the filters.
    pub async fn page<S: Summary>(self) -> Result<Page<S>, Error> {
        self.page_of(|_| Vec::new()).await
    }

    /// A page of those of the tenant's summaries that are for the caller. The directory is read beside admission; `own` is asked
    /// after it, and then the summaries are read.
    pub async fn page_of<S: Summary>(
        self,
        own: impl FnOnce(&Caller) -> Vec<Filter>,
    ) -> Result<Page<S>, Error> {
        let parent = Parent::from(self.tenant.organization);
        let directory = async { Ok(collection::directory::<S>(&self.tenant, &parent).await?) };
        let (directory, caller) = tokio::try_join!(directory, self.tenant.caller())?;
        self.select(&parent, &directory, own(&caller)).await
    }

    /// A page of the summaries within another entity, or the 404 if that is not there. It and the directory are read beside admission.
    pub async fn page_within<P: Collection, S: Summary>(self, id: u64) -> Result<Page<S>, Error> {
        let organization = self.tenant.organization;
        let parent = collection::parent_of::<P>(organization, id);
        let within = collection::get::<P>(&self.tenant, organization, id);
        let directory = async { Ok(collection::directory::<S>(&self.tenant, &parent).await?) };
        // The summaries are read once the request is admitted.
        let (directory, _, _) = tokio::try_join!(directory, within, self.tenant.caller())?;
        self.select(&parent, &directory, Vec::new()).await
    }

    /// A page of what is all known already, for whoever is admitted.
    pub fn page_of_all<T>(self, all: Vec<T>) -> Result<Page<T>, Error> {
        let Self { context, uri, paging, .. } = self;
        let links = PageLinks::new(paging, all.len() as u64, &context, &uri)?;
        let offset = usize::try_from(paging.offset()).unwrap_or(usize::MAX);
        Ok(links.with(all.into_iter().skip(offset).take(paging.limit()).collect()))
    }

    async fn select<S: Summary>(
        self,
        parent: &Parent,
        directory: &Directory,
        own: Vec<Filter>,
    ) -> Result<Page<S>, Error> {
        let Self { app, context, uri, paging, filters, .. } = self;
        let mut selected = filters.selected();
        selected.extend(own);
        let (count, ids) = directory.select(&selected, paging.offset(), paging.limit());
        let links = PageLinks::new(paging, count, &context, &uri)?;
        let summaries = collection::summaries::<S>(&app.store, parent, &ids).await?;
        Ok(links.with(summaries))
    }
}
