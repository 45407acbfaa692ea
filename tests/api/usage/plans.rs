//! The contract's table of plans.

use shared::model::Plan;
use shared::model::plan::Limits;

const MB: u64 = 1_000_000;
const GB: u64 = 1_000_000_000;

/// File, storage, sources, users, credits a month.
type Row = (Plan, u64, Option<u64>, u64, u64, Option<u64>);

const CONTRACT: [Row; 5] = [
    (Plan::Trial, 10 * MB, Some(GB), 5, 1, Some(50)),
    (Plan::Starter, 10 * MB, Some(5 * GB), 10, 3, Some(500)),
    (Plan::Professional, 100 * MB, Some(10 * GB), 15, 15, Some(1_500)),
    (Plan::Enterprise, GB, Some(100 * GB), 25, 100, Some(5_000)),
    (Plan::Unlimited, 5 * GB, None, 10_000, 10_000, None),
];

#[test]
fn plans_allow_what_the_contract_says() {
    assert_eq!(CONTRACT.map(|row| row.0), Plan::ALL);
    for (plan, file_bytes, storage_bytes, data_sources, users, credits_a_month) in CONTRACT {
        let limits = Limits { file_bytes, storage_bytes, data_sources, users, credits_a_month };
        assert_eq!(plan.limits(), limits, "{plan:?}");
    }
}

#[test]
fn a_refusal_says_what_the_plan_allows_what_there_is_and_what_would_help() {
    let refusals = [
        (
            Plan::Trial.check_users(1),
            "The plan trial allows 1 active user, and there are 1. Deactivate one, or ask for a larger plan.",
        ),
        (
            Plan::Unlimited.check_data_sources(10_000),
            "The plan unlimited allows 10000 data sources, and there are 10000. Delete one.",
        ),
        (
            Plan::Starter.check_storage(4_999_999_990, 11),
            "The plan starter allows 5000000000 bytes of storage, and 4999999990 are used; this takes 11 more. Delete data sources \
             or reports, or ask for a larger plan.",
        ),
    ];
    for (refusal, expected) in refusals {
        assert_eq!(refusal.unwrap_err().to_string(), expected);
    }
    assert_eq!(Plan::Starter.check_storage(4_999_999_990, 10), Ok(()));
    assert_eq!(Plan::Unlimited.check_storage(u64::MAX, u64::MAX), Ok(()));
}
