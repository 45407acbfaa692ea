//! Making an import: for a file, a link to send it to.

use std::time::Duration;

use deserr::Deserr;
use serde::Serialize;
use shared::Error;
use shared::base::{Code, Fields, ImportId, Invalid, Timestamp};
use shared::http::{Created, JsonBody};
use shared::model::data_source::Type;
use shared::model::import::{FileName, Status, UPLOAD_SECONDS};
use shared::model::{DataSource, Import, Organization};
use shared::service::CreateRequest;
use shared::store::files::{UploadLink, upload_key};
use shared::store::{Key, New, Versioned, organizations};
use utoipa::ToSchema;

use crate::data_source::{DATA_SOURCES, DataSourcePath, check_may_write};
use crate::import::ImportView;

/// A file to import.
#[derive(Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(as = ImportCreate, examples(json!({ "size_bytes": 1_048_576, "file_name": "orders.csv" })))]
pub(crate) struct ImportCreate {
    /// How large the file is: exactly so much must be sent.
    size_bytes: FileSize,
    /// What it is called, for people.
    #[deserr(default)]
    file_name: Option<FileName>,
    /// Also if columns that widgets use are gone or of another type.
    #[deserr(default)]
    #[schema(required = false, default = false)]
    allow_breaking: bool,
}

/// The size of a file, in bytes.
#[derive(Clone, Copy, Debug, Deserr, ToSchema)]
#[schema(value_type = u64, minimum = 1, maximum = 5_000_000_000_u64)]
#[deserr(try_from(u64) = FileSize::parse -> Invalid)]
struct FileSize(u64);

impl FileSize {
    fn parse(bytes: u64) -> Result<Self, Invalid> {
        if bytes == 0 {
            Err("Must be 1 or more: an empty file has no table.".into())
        } else {
            Ok(Self(bytes))
        }
    }
}

/// Where and how the file is sent.
#[derive(Serialize, ToSchema)]
struct Upload {
    /// `PUT`.
    #[schema(value_type = String, examples("PUT"))]
    method: &'static str,
    /// Where to. Whoever has it can send the file, and nothing else.
    #[schema(format = "uri")]
    url: String,
    /// The headers to send, as they are.
    #[schema(value_type = BTreeMap<String, String>)]
    headers: serde_json::Map<String, serde_json::Value>,
    /// Until when.
    expires_at: Timestamp,
}

/// An import with where its file is sent. Only the answer that made it has that.
#[derive(Serialize, ToSchema)]
#[schema(as = NewImport)]
pub(crate) struct NewImport {
    #[serde(flatten)]
    import: ImportView,
    upload: Upload,
}

/// Import a file
///
/// Send the file to `upload.url` then, with `upload.headers`: it is read as soon as it is there. All of it, or nothing: what was
/// imported before stays until then.
#[utoipa::path(
    post,
    path = "/api/data-sources/{id}/imports/",
    operation_id = "create_import",
    tag = "Data sources",
    params(DataSourcePath),
    request_body = ImportCreate,
    responses(
        (status = 201, description = "The import, waiting for its file.", body = NewImport),
        (status = 403, description = "The file is larger than the plan allows."),
        (status = 409, description = "The data source is no file."),
    ),
)]
pub(crate) async fn create(
    request: CreateRequest,
    DataSourcePath { id }: DataSourcePath,
    JsonBody(new): JsonBody<ImportCreate>,
) -> Result<Created<NewImport>, Error> {
    let (organization, now) = (request.caller.organization(), request.app.clock.now());
    let ImportCreate { size_bytes: FileSize(size_bytes), file_name, allow_breaking } = new;
    let path = format!("{DATA_SOURCES}{id}/imports/");
    let plan = [Key::organization(organization)];
    let created = request.create_within(&path, id.into(), &plan, |import_id, source, mut items| {
        check_may_import(&request, source)?;
        check_size(&organizations::read(items.pop().flatten())?, size_bytes)?;
        let import = Import {
            id: import_id.into(),
            status: Status::Waiting,
            file_name: file_name.clone(),
            size_bytes,
            allow_breaking,
            rows: None,
            tables: Vec::new(),
            errors: Vec::new(),
            error_count: 0,
            warnings: Vec::new(),
            changes: None,
            attempt: None,
            created_by: request.caller.user().id,
            created_at: now,
            finished_at: None,
        };
        let key = upload_key(organization, id, ImportId::from(import_id));
        let good_for = Duration::from_secs(UPLOAD_SECONDS.unsigned_abs());
        let link = request.app.files.upload_link(&key, size_bytes, good_for)?;
        let upload = Upload::of(link, now.plus_seconds(UPLOAD_SECONDS));
        let shown = NewImport { import: ImportView::at(import.clone(), now), upload };
        Ok::<_, Error>((New::of(import), shown))
    });
    Ok(created.await?)
}

impl Upload {
    fn of(UploadLink { url, headers }: UploadLink, expires_at: Timestamp) -> Self {
        let headers = headers.into_iter().map(|(name, value)| (name, value.into())).collect();
        Self { method: "PUT", url, headers, expires_at }
    }
}

fn check_may_import(request: &CreateRequest, source: &Versioned<DataSource>) -> Result<(), Error> {
    let source_type = source.entity.source_type;
    check_may_write(&request.caller, source_type)?;
    if source_type == Type::File {
        return Ok(());
    }
    let detail =
        format!("Only files can be imported yet, and this data source is of type {}.", source_type.as_str());
    Err(Error::new(Code::Conflict, detail))
}

fn check_size(organization: &Organization, size_bytes: u64) -> Result<(), Error> {
    let (plan, limit) = (organization.plan, organization.plan.max_file_bytes());
    if size_bytes <= limit {
        return Ok(());
    }
    let detail = format!(
        "The file has {size_bytes} bytes; the plan {} allows {limit} bytes a file. Send it in parts, or ask for a larger plan.",
        plan.as_str()
    );
    Err(Error::new(Code::PlanLimitReached, detail))
}
