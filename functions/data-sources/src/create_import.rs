//! Making an import: for a file, a link to send it to; for everything else, a job.

use std::time::Duration;

use deserr::Deserr;
use serde::Serialize;
use shared::base::{DataSourceId, Fields, ImportId, OrganizationId};
use shared::http::{Created, JsonBody};
use shared::model::data_source::Type;
use shared::model::import::FileName;
use shared::model::{DataSource, Import, Organization};
use shared::service::CreateRequest;
use shared::store::files::upload_key;
use shared::store::{Job, Key, New, OrganizationRecord, collection, imports};
use shared::{App, Error};
use utoipa::ToSchema;

use crate::data_source::{DATA_SOURCES, DataSourcePath, check_may_write};
use crate::import::ImportView;
use crate::upload::{FileSize, Upload};

/// When imports are looked for again, should this process end before it has said that there is one: after the longest request.
const LATER: Duration = Duration::from_secs(10);

/// What to import. For a file, `size_bytes` is needed; for everything else, nothing is.
#[derive(Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(
    as = ImportCreate,
    examples(json!({ "size_bytes": 1_048_576, "file_name": "orders.csv" }), json!({})),
)]
pub(crate) struct ImportCreate {
    /// How large the file is: exactly so much must be sent. Only for files, and needed there.
    #[deserr(default)]
    size_bytes: Option<FileSize>,
    /// What the file is called, for people. Only for files.
    #[deserr(default)]
    file_name: Option<FileName>,
    /// Also if columns that widgets use are gone or of another type.
    #[deserr(default)]
    #[schema(required = false, default = false)]
    allow_breaking: bool,
}

/// An import with where its file is sent. Only the answer that made it has that.
#[derive(Serialize, ToSchema)]
#[schema(as = NewImport)]
pub(crate) struct NewImport {
    #[serde(flatten)]
    import: ImportView,
    /// Only for files.
    #[serde(skip_serializing_if = "Option::is_none")]
    upload: Option<Upload>,
}

/// Import a file, or what is behind a connection
///
/// Send a file to `upload.url` then, with `upload.headers`: it is read as soon as it is there. Everything else begins at once. All of
/// it, or nothing: what was imported before stays until then.
#[utoipa::path(
    post,
    path = "/api/data-sources/{id}/imports/",
    operation_id = "create_import",
    tag = "Data sources",
    params(DataSourcePath),
    request_body = ImportCreate,
    responses(
        (status = 201, description = "The import, waiting for its file or its turn.", body = NewImport),
        (status = 403, description = "The file is larger than the plan allows, or there is no storage left."),
    ),
)]
pub(crate) async fn create(
    request: CreateRequest,
    DataSourcePath { id }: DataSourcePath,
    JsonBody(new): JsonBody<ImportCreate>,
) -> Result<Created<NewImport>, Error> {
    let (organization, now) = (request.caller.organization(), request.app.clock.now());
    let path = format!("{DATA_SOURCES}{id}/imports/");
    let plan = [Key::organization(organization)];
    // A file's import is begun by the file.
    let begun = async {
        if new.size_bytes.is_none() { begin_later(&request.app, organization, id).await } else { Ok(()) }
    };
    let mut made = None;
    let created =
        request.create_within_with(&path, id.into(), &plan, begun, |import_id, source, mut items| {
            let source: &DataSource = &source.entity;
            check_may_write(&request.caller, source.source_type)?;
            new.check_fits(source.source_type)?;
            let import_id = ImportId::from(import_id);
            let import = new.import(import_id, &request);
            let Organization { plan, storage, .. } =
                OrganizationRecord::read(items.pop().flatten())?.organization;
            // How much it will take is known once it is there. Where nothing may be added, it need not be sent.
            let own = source.data.as_ref().map_or(0, |data| data.bytes);
            plan.check_storage(storage.used_beside(own, now), 1)?;
            let upload = match new.size_bytes {
                None => None,
                Some(size) => {
                    plan.check_file(size.0)?;
                    let key = upload_key(organization, id, import_id);
                    Some(Upload::new(&request.app.files, &key, size, now)?)
                }
            };
            made = Some(import_id);
            let shown = NewImport { import: ImportView::at(import.clone(), now), upload };
            Ok::<_, Error>((New::of(import), shown))
        });
    // It awaits more than others.
    let created = Box::pin(created).await?;
    if let Some(import) = made.filter(|_| new.size_bytes.is_none()) {
        begin(&request.app, organization, id, import).await;
    }
    Ok(created)
}

impl ImportCreate {
    /// Refuses what sources of the type do not take, and what they need and is not there.
    fn check_fits(&self, source_type: Type) -> Result<(), Error> {
        let mut fields = Fields::default();
        if source_type == Type::File {
            if self.size_bytes.is_none() {
                fields.add("size_bytes", "This field is required: the data source is a file.");
            }
        } else {
            let sent = [("size_bytes", self.size_bytes.is_some()), ("file_name", self.file_name.is_some())];
            for (name, _) in sent.into_iter().filter(|(_, is_sent)| *is_sent) {
                fields.add(
                    name,
                    format!(
                        "Must not be given: the data source is of type {}, and no file is sent for it.",
                        source_type.as_str()
                    ),
                );
            }
        }
        fields.into_result()
    }

    fn import(&self, id: ImportId, request: &CreateRequest) -> Import {
        let by = request.caller.user().id;
        Import {
            file_name: self.file_name.clone(),
            size_bytes: self.size_bytes.map(|FileSize(bytes)| bytes),
            allow_breaking: self.allow_breaking,
            ..Import::new(id, by, request.app.clock.now())
        }
    }
}

/// Has the imports done that are made from now on. It is asked for before one is made, and done once that is certainly over: so a process
/// that ends in between leaves no import that nobody does.
async fn begin_later(
    app: &App,
    organization: OrganizationId,
    data_source: DataSourceId,
) -> Result<(), Error> {
    let directory =
        collection::directory::<Import>(&app.store, imports::of(organization, data_source)).await?;
    let after = directory.last_id().into();
    Ok(app.jobs.send(Job::ImportsAfter { organization, data_source, after }, LATER).await?)
}

/// Has it done sooner than that, if it can be said.
async fn begin(app: &App, organization: OrganizationId, data_source: DataSourceId, import: ImportId) {
    let job = Job::Import { organization, data_source, import };
    if let Err(error) = app.jobs.send(job, Duration::ZERO).await {
        tracing::warn!(%error, "an import begins some seconds later");
    }
}
