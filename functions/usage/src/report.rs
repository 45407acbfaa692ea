//! What is told of usage.

use serde::Serialize;
use shared::base::Timestamp;
use shared::model::{Counts, Day, Month, Organization, Plan};
use utoipa::ToSchema;

/// What an organization has used in a month, and what its plan allows.
#[derive(Serialize, ToSchema)]
#[schema(as = Usage)]
pub(crate) struct UsageReport {
    plan: Plan,
    period: Period,
    ai_credits: AiCredits,
    data_sources: Places,
    storage_bytes: Bytes,
    users: Places,
    reports: Reports,
    queries: Queries,
    /// Each day of the month until today.
    days: Vec<DayUsage>,
}

/// A month, in UTC.
#[derive(Serialize, ToSchema)]
#[schema(as = UsagePeriod)]
struct Period {
    /// When it begins.
    start: Timestamp,
    /// When it is over: the first moment that is not in it.
    #[schema(examples("2026-12-01T00:00:00Z"))]
    end: Timestamp,
}

/// AI credits as they are now.
#[derive(Serialize, ToSchema)]
#[schema(as = UsageOfCredits)]
struct AiCredits {
    /// What there is to spend in the current month: the plan's, and extra ones.
    #[schema(examples(1500))]
    limit: u64,
    /// What is spent of it, or held for what is being done.
    #[schema(examples(153))]
    used: u64,
    /// What is left.
    #[schema(examples(1347))]
    remaining: u64,
    /// When the plan's begin anew. Extra ones stay.
    #[schema(examples("2026-12-01T00:00:00Z"))]
    resets_at: Timestamp,
}

/// How many there are now, and may be.
#[derive(Serialize, ToSchema)]
#[schema(as = UsageOfPlaces)]
struct Places {
    #[schema(examples(3))]
    used: u64,
    #[schema(examples(15))]
    limit: u64,
}

/// What is stored now: the current data of data sources, and the files of reports.
#[derive(Serialize, ToSchema)]
#[schema(as = UsageOfStorage)]
struct Bytes {
    #[schema(examples(52_428_800))]
    used: u64,
    /// Null where the plan has none.
    #[schema(required, examples(10_000_000_000_u64))]
    limit: Option<u64>,
}

/// Reports in the month.
#[derive(Serialize, ToSchema)]
#[schema(as = UsageOfReports)]
struct Reports {
    /// Runs that ended, done or failed.
    runs: u64,
}

/// Queries in the month, also those of dashboards and reports.
#[derive(Serialize, ToSchema)]
#[schema(as = UsageOfQueries)]
struct Queries {
    /// Those that were answered.
    count: u64,
    /// Those of them whose answer was there already.
    cached: u64,
    /// Rows that the others went through.
    rows_scanned: u64,
    /// Bytes of the columns that they went through, as they are stored. What PostgreSQL and MySQL read is not known.
    bytes_scanned: u64,
}

/// What was used on a day, in UTC.
#[derive(Serialize, ToSchema)]
struct DayUsage {
    /// The day.
    #[schema(format = Date, examples("2026-11-24"))]
    date: String,
    /// Requests that were admitted.
    requests: u64,
    /// Queries that were answered.
    queries: u64,
    /// Bytes that they went through.
    bytes_scanned: u64,
}

impl UsageReport {
    pub(crate) fn new(
        organization: &Organization,
        data_sources: u64,
        month: Month,
        days: &[(Day, Counts)],
        now: Timestamp,
    ) -> Self {
        let (limits, balance) = (organization.plan.limits(), organization.balance(now));
        let total = Counts::total(days.iter().map(|(_, counts)| counts));
        let until_today = days.iter().filter(|(day, _)| *day <= Day::of(now));
        Self {
            plan: organization.plan,
            period: Period { start: month.start(), end: month.end() },
            ai_credits: AiCredits {
                limit: balance.limit,
                used: balance.used,
                remaining: balance.remaining,
                resets_at: balance.resets_at,
            },
            data_sources: Places { used: data_sources, limit: limits.data_sources },
            storage_bytes: Bytes { used: organization.storage.used(now), limit: limits.storage_bytes },
            users: Places { used: organization.users, limit: limits.users },
            reports: Reports { runs: total.report_runs },
            queries: Queries {
                count: total.queries,
                cached: total.cached,
                rows_scanned: total.rows_scanned,
                bytes_scanned: total.bytes_scanned,
            },
            days: until_today.map(|(day, counts)| DayUsage::of(*day, counts)).collect(),
        }
    }
}

impl DayUsage {
    fn of(day: Day, counts: &Counts) -> Self {
        Self {
            date: day.to_string(),
            requests: counts.requests,
            queries: counts.queries,
            bytes_scanned: counts.bytes_scanned,
        }
    }
}
