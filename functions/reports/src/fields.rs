//! What a client may say of a report.

use std::collections::BTreeSet;

use deserr::Deserr;
use serde::Serialize;
use shared::Error;
use shared::base::{DashboardId, Description, Fields, Name, OrganizationId, UserId};
use shared::model::Report;
use shared::model::dashboard::Viewer;
use shared::model::query::{Filter, TimeRange, ZoneName};
use shared::model::report::{Csv, Format, MAX_FILTERS_BYTES, MAX_RECIPIENTS, Schedule};
use shared::store::collection::Along;
use shared::store::{CollectionError, Expect, Key, Write, collection};
use utoipa::ToSchema;

/// A report to make, or what may be changed of one.
#[derive(Clone, Serialize, Deserr, ToSchema)]
#[deserr(error = Fields, deny_unknown_fields)]
#[schema(
    as = ReportCreate,
    examples(json!({
        "name": "Monday report",
        "dashboard": 1,
        "format": "pdf",
        "time_range": { "field": "ordered_at", "range": "last_week" },
        "schedule": { "cron": "0 8 * * MON", "timezone": "Europe/Berlin", "enabled": true },
        "recipients": [1],
    })),
)]
pub(crate) struct ReportFields {
    pub(crate) name: Name,
    #[deserr(default)]
    #[schema(required = false)]
    pub(crate) description: Description,
    /// The ID of the dashboard that it shows.
    #[schema(minimum = 1)]
    pub(crate) dashboard: u64,
    pub(crate) format: Format,
    /// Whose days are meant, in place of the widgets' own.
    #[deserr(default)]
    pub(crate) timezone: Option<ZoneName>,
    /// A time range for each widget whose table has the field, in place of its own.
    #[deserr(default)]
    pub(crate) time_range: Option<TimeRange>,
    /// Filters for each widget whose table has all of their fields, beside its own. At most 16,384 bytes as JSON.
    #[deserr(default)]
    #[schema(required = false, max_items = 20)]
    pub(crate) filters: Vec<Filter>,
    /// How rows are written as CSV.
    #[deserr(default)]
    #[schema(required = false)]
    pub(crate) csv: Csv,
    /// When it is made by itself. A change is in force within a minute.
    #[deserr(default)]
    pub(crate) schedule: Option<Schedule>,
    /// The IDs of the users who get it by mail when it was made by itself.
    #[deserr(default)]
    #[schema(required = false, value_type = Vec<UserId>, max_items = 50)]
    pub(crate) recipients: Vec<u64>,
}

impl From<&Report> for ReportFields {
    fn from(report: &Report) -> Self {
        let report = report.clone();
        Self {
            name: report.name,
            description: report.description,
            dashboard: report.dashboard.into(),
            format: report.format,
            timezone: report.timezone,
            time_range: report.time_range,
            filters: report.filters,
            csv: report.csv,
            schedule: report.schedule,
            recipients: report.recipients.into_iter().map(u64::from).collect(),
        }
    }
}

impl ReportFields {
    /// The dashboard.
    pub(crate) fn dashboard(&self) -> DashboardId {
        self.dashboard.into()
    }

    /// The recipients, each once.
    pub(crate) fn recipients(&self) -> Vec<UserId> {
        self.recipients.iter().copied().collect::<BTreeSet<_>>().into_iter().map(UserId::from).collect()
    }

    /// `Ok`, unless something is wrong with it whatever else there is.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let viewer = Viewer {
            filters: &self.filters,
            time_range: self.time_range.as_ref(),
            timezone: self.timezone.as_ref(),
        };
        let mut fields = viewer.check();
        // What a client sent as JSON has a form as JSON.
        let size = serde_json::to_string(&self.filters).map_or(usize::MAX, |text| text.len());
        if size > MAX_FILTERS_BYTES {
            fields.add(
                "filters",
                format!("Must not be larger than {MAX_FILTERS_BYTES} bytes as JSON; they are {size}."),
            );
        }
        let count = self.recipients().len();
        if count > MAX_RECIPIENTS {
            let reason = format!("Must not have more than {MAX_RECIPIENTS} items; it has {count}.");
            fields.add("recipients", reason);
        }
        fields.into_result()
    }

    /// Lets a write through only if what it names beyond `before` is there. What was there already may be gone meanwhile: that must not
    /// keep the rest from being changed.
    pub(crate) fn require(&self, organization: OrganizationId, before: Option<&Report>) -> Vec<Along> {
        let mut keys = Vec::new();
        if before.is_none_or(|before| before.dashboard != self.dashboard()) {
            keys.push(dashboard_key(organization, self.dashboard()));
        }
        for user in self.recipients() {
            if before.is_none_or(|before| !before.recipients.contains(&user)) {
                keys.push(Key::user(organization, user));
            }
        }
        keys.into_iter().map(|key| Along::Required(Write::Check(key, Expect::Present))).collect()
    }
}

fn dashboard_key(organization: OrganizationId, id: DashboardId) -> Key {
    collection::entity_key::<shared::model::Dashboard>(organization, id.into())
}

/// Points at what was not there, if that is what went wrong.
pub(crate) fn explain(
    error: CollectionError<Error>,
    organization: OrganizationId,
    sent: &ReportFields,
) -> Error {
    let CollectionError::Unmet(keys) = &error else { return error.into() };
    let mut fields = Fields::default();
    if keys.contains(&dashboard_key(organization, sent.dashboard())) {
        fields.add("dashboard", format!("There is no dashboard with ID {}.", sent.dashboard));
    }
    for (index, id) in sent.recipients.iter().enumerate() {
        if keys.contains(&Key::user(organization, (*id).into())) {
            fields.add(
                format!("recipients[{index}]"),
                format!("There is no user with ID {id}: only users of the organization get mail."),
            );
        }
    }
    if fields.is_empty() { error.into() } else { Error::validation(fields) }
}
