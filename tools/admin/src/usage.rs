//! `admin usage`: what each organization has used, as a table.

use clap::Args;
use shared::base::{Clock, Timestamp};
use shared::model::{Counts, Month, Organization};
use shared::store::{organizations, usage};

use crate::AnyError;
use crate::deployment::Deployment;

#[derive(Args)]
pub(crate) struct Options {
    /// The month in UTC, as in 2026-11; the current one unless given
    #[arg(long)]
    month: Option<Month>,
}

const HEADING: [&str; 12] = [
    "organization",
    "plan",
    "users",
    "stored bytes",
    "requests",
    "queries",
    "cached",
    "rows scanned",
    "bytes scanned",
    "imports",
    "report runs",
    "credits",
];

/// How many of the columns are texts, and to the left.
const TEXTS: usize = 2;

pub(crate) async fn run(deployment: &Deployment, options: Options) -> Result<(), AnyError> {
    let now = Clock::system().now();
    let month = options.month.unwrap_or_else(|| Month::of(now));
    let organizations = organizations::all(&deployment.store).await?;
    let ids: Vec<_> = organizations.iter().map(|organization| organization.id).collect();
    let totals = usage::totals(&deployment.store, &ids, month).await?;
    let rows: Vec<_> = organizations
        .iter()
        .zip(&totals)
        .map(|(organization, counts)| row(organization, counts, now))
        .collect();
    println!("{month}; users and stored bytes are of now");
    print!("{}", table(&rows));
    Ok(())
}

fn row(organization: &Organization, counts: &Counts, now: Timestamp) -> [String; 12] {
    [
        format!("{} {}", organization.id, organization.name),
        organization.plan.as_str().to_owned(),
        organization.users.to_string(),
        organization.storage.used(now).to_string(),
        counts.requests.to_string(),
        counts.queries.to_string(),
        counts.cached.to_string(),
        counts.rows_scanned.to_string(),
        counts.bytes_scanned.to_string(),
        counts.imports.to_string(),
        counts.report_runs.to_string(),
        counts.credits.to_string(),
    ]
}

/// Lines with the columns one below the other.
fn table(rows: &[[String; 12]]) -> String {
    let heading = HEADING.map(str::to_owned);
    let lines: Vec<_> = std::iter::once(&heading).chain(rows).collect();
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<_> = (0..HEADING.len()).map(width).collect();
    let mut text = String::new();
    for line in lines {
        let cells = line.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            if column < TEXTS { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        text += cells.collect::<Vec<_>>().join("  ").trim_end();
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_one_below_the_other() {
        let row = |name: &str, requests: &str| {
            let mut row = HEADING.map(|_| "0".to_owned());
            (row[0], row[1], row[4]) = (name.to_owned(), "trial".to_owned(), requests.to_owned());
            row
        };
        let text = table(&[row("1 Acme Corp", "1234567890"), row("12 Café", "7")]);
        let lines: Vec<_> = text.lines().collect();
        let ends =
            |line: &str, cell: &str| line.chars().count() - line.split(cell).last().unwrap().chars().count();
        assert_eq!(lines.len(), 3);
        assert_eq!(ends(lines[0], "requests"), ends(lines[1], "1234567890"));
        assert_eq!(lines[1].find("trial"), lines[0].find("plan"));
        assert!(lines[2].starts_with("12 Café       trial"), "{text}");
    }
}
