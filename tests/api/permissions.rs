//! Role by scope by endpoint: the whole table.

use std::time::Duration;

use shared::access::Access;
use shared::access::permission::{Credentials, Permission};
use shared::model::Role;
use shared::service::{Route, Routes};
use tests::paths::filled;
use tests::{Actor, Instance, Reply, TestApp, entities};

/// The contract's table: who has which permission, in the order owner, administrator, analyst, member, viewer.
const CONTRACT: &[(Permission, [bool; 5])] = &[
    (Permission::ViewAccount, [true, true, true, true, true]),
    (Permission::ReadDataSources, [true, true, true, true, true]),
    (Permission::ReadDashboards, [true, true, true, true, true]),
    (Permission::ReadReports, [true, true, true, true, true]),
    (Permission::WriteOwnDashboards, [true, true, true, false, false]),
    (Permission::WriteOwnReports, [true, true, true, true, false]),
    (Permission::WriteAnyDashboards, [true, true, false, false, false]),
    (Permission::WriteAnyReports, [true, true, false, false, false]),
    (Permission::WriteFileSources, [true, true, true, false, false]),
    (Permission::WriteDataSources, [true, true, false, false, false]),
    (Permission::QueryAnalytics, [true, true, true, true, false]),
    (Permission::ManageOwnApiKeys, [true, true, true, true, true]),
    (Permission::ManageAnyApiKeys, [true, true, false, false, false]),
    (Permission::ManageUsers, [true, true, false, false, false]),
    (Permission::ReadUsage, [true, true, false, false, false]),
    (Permission::ManageBilling, [true, false, false, false, false]),
    (Permission::TransferOwnership, [true, false, false, false, false]),
];

/// Every route, and what it takes: `None` for those that anybody may call.
const ENDPOINTS: &[(&str, &str, Option<Permission>)] = &[
    ("POST", "/api/auth/login/", None),
    ("POST", "/api/auth/token/refresh/", None),
    ("GET", "/api/auth/status/", Some(Permission::ViewAccount)),
    ("GET", "/api/usage/", Some(Permission::ReadUsage)),
    ("GET", "/api/health/", None),
    ("GET", "/api/openapi.json/", None),
    ("GET", "/", None),
    ("GET", "/assets/{version}/{folder}/{file}/", None),
    ("GET", "/api/docs/", None),
    ("GET", "/api/docs/{file}/", None),
    ("GET", "/api/api-keys/", Some(Permission::ManageOwnApiKeys)),
    ("POST", "/api/api-keys/", Some(Permission::ManageOwnApiKeys)),
    ("GET", "/api/api-keys/{id}/", Some(Permission::ManageOwnApiKeys)),
    ("PATCH", "/api/api-keys/{id}/", Some(Permission::ManageOwnApiKeys)),
    ("DELETE", "/api/api-keys/{id}/", Some(Permission::ManageOwnApiKeys)),
    ("POST", "/api/api-keys/{id}/rotate/", Some(Permission::ManageOwnApiKeys)),
    ("GET", "/api/data-sources/", Some(Permission::ReadDataSources)),
    ("POST", "/api/data-sources/", Some(Permission::WriteFileSources)),
    ("GET", "/api/data-sources/{id}/", Some(Permission::ReadDataSources)),
    ("PATCH", "/api/data-sources/{id}/", Some(Permission::WriteFileSources)),
    ("DELETE", "/api/data-sources/{id}/", Some(Permission::WriteFileSources)),
    ("GET", "/api/data-sources/{id}/imports/", Some(Permission::ReadDataSources)),
    ("POST", "/api/data-sources/{id}/imports/", Some(Permission::WriteFileSources)),
    ("GET", "/api/data-sources/{id}/imports/{import_id}/", Some(Permission::ReadDataSources)),
    ("GET", "/api/data-sources/{id}/tables/", Some(Permission::ReadDataSources)),
    ("GET", "/api/data-sources/{id}/preview/", Some(Permission::ReadDataSources)),
    ("POST", "/api/data-sources/{id}/test/", Some(Permission::WriteDataSources)),
    ("GET", "/api/dashboards/", Some(Permission::ReadDashboards)),
    ("POST", "/api/dashboards/", Some(Permission::WriteOwnDashboards)),
    ("GET", "/api/dashboards/{id}/", Some(Permission::ReadDashboards)),
    ("PATCH", "/api/dashboards/{id}/", Some(Permission::WriteOwnDashboards)),
    ("DELETE", "/api/dashboards/{id}/", Some(Permission::WriteOwnDashboards)),
    ("POST", "/api/dashboards/{id}/duplicate/", Some(Permission::WriteOwnDashboards)),
    ("GET", "/api/dashboards/{id}/data/", Some(Permission::ReadDashboards)),
    ("POST", "/api/dashboards/{id}/data/", Some(Permission::ReadDashboards)),
    ("POST", "/api/dashboards/{id}/refresh/", Some(Permission::ReadDashboards)),
    ("GET", "/api/dashboards/{id}/widgets/{widget_id}/data/", Some(Permission::ReadDashboards)),
    ("GET", "/api/dashboards/{id}/widgets/{widget_id}/chart/", Some(Permission::ReadDashboards)),
    ("POST", "/api/dashboards/{id}/widgets/{widget_id}/chart/", Some(Permission::ReadDashboards)),
    ("GET", "/api/reports/", Some(Permission::ReadReports)),
    ("POST", "/api/reports/", Some(Permission::WriteOwnReports)),
    ("GET", "/api/reports/{id}/", Some(Permission::ReadReports)),
    ("PATCH", "/api/reports/{id}/", Some(Permission::WriteOwnReports)),
    ("DELETE", "/api/reports/{id}/", Some(Permission::WriteOwnReports)),
    ("POST", "/api/reports/{id}/generate/", Some(Permission::WriteOwnReports)),
    ("GET", "/api/reports/{id}/runs/", Some(Permission::ReadReports)),
    ("GET", "/api/reports/{id}/runs/{run_id}/", Some(Permission::ReadReports)),
    ("GET", "/api/reports/{id}/runs/{run_id}/download/", Some(Permission::ReadReports)),
    ("POST", "/api/analytics/query/", Some(Permission::QueryAnalytics)),
    ("POST", "/api/analytics/chart/", Some(Permission::QueryAnalytics)),
    ("POST", "/api/analytics/explain/", Some(Permission::QueryAnalytics)),
    ("GET", "/api/analytics/queries/{id}/", Some(Permission::QueryAnalytics)),
    ("DELETE", "/api/analytics/queries/{id}/", Some(Permission::QueryAnalytics)),
];

fn row(permission: Permission) -> [bool; 5] {
    CONTRACT.iter().find(|(named, _)| *named == permission).expect("a row of the contract").1
}

#[test]
fn permissions_are_the_contracts() {
    assert_eq!(CONTRACT.len(), Permission::ALL.len());
    for permission in Permission::ALL {
        let has: Vec<_> = Role::ALL.iter().map(|role| permission.roles().contains(role)).collect();
        assert_eq!(has, row(*permission), "{}", permission.as_str());
    }
}

#[test]
fn every_route_is_in_the_table_and_nothing_else() {
    let declared = groups::routes();
    let mut routes: Vec<_> = declared
        .iter()
        .map(|route| {
            let permission = match route.access {
                Access::Public => None,
                Access::Requires(permission) => Some(permission),
            };
            (route.method.to_string(), route.path.as_str(), permission)
        })
        .collect();
    let mut table: Vec<_> = ENDPOINTS
        .iter()
        .map(|(method, path, permission)| ((*method).to_owned(), *path, *permission))
        .collect();
    routes.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
    table.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
    assert_eq!(routes, table);
}

/// What a route takes, as the table says.
fn permission(route: &Route) -> Option<Permission> {
    let row =
        ENDPOINTS.iter().find(|(method, path, _)| (route.method.as_str(), &*route.path) == (*method, *path));
    row.unwrap_or_else(|| panic!("no row for {} {}", route.method, route.path)).2
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Shown {
    Token,
    ReadOnlyKey,
    ReadWriteKey,
}

/// The code that the table says, if the request is to be refused.
fn expected(permission: Permission, role: usize, shown: Shown, is_safe: bool) -> Option<&'static str> {
    match shown {
        _ if !row(permission)[role] => Some("permission_denied"),
        Shown::ReadOnlyKey | Shown::ReadWriteKey if permission.credentials() == Credentials::TokenOnly => {
            Some("permission_denied")
        }
        Shown::ReadOnlyKey if !is_safe => Some("read_only_key"),
        _ => None,
    }
}

fn check(reply: &Reply, permission: Permission, expected: Option<&str>, context: &str) {
    match expected {
        Some(code) => {
            assert_eq!((reply.status, reply.error().as_str()), (403, code), "{context}");
            assert!(reply.text("detail").contains(permission.as_str()), "{context}: {reply:?}");
        }
        None => assert!(
            !matches!(reply.status, 401 | 403 | 405 | 429) && reply.status < 500,
            "{context}: {reply:?}"
        ),
    }
}

#[tokio::test]
async fn each_role_and_scope_may_call_what_the_table_says() {
    let app = TestApp::start().await;
    for (index, role) in Role::ALL.into_iter().enumerate() {
        let user = app.user(role).await;
        let read_only = entities::api_key(&user, "read_only").await;
        let read_write = entities::api_key(&user, "read_write").await;
        let actors: [(Shown, &dyn Actor); 3] =
            [(Shown::Token, &user), (Shown::ReadOnlyKey, &read_only), (Shown::ReadWriteKey, &read_write)];
        for route in groups::routes().iter() {
            let Some(permission) = permission(route) else { continue };
            let (method, path) = (route.method.as_str(), filled(route, 999_999));
            for (shown, actor) in actors {
                let reply = actor.request(method, &path).body("{}").await;
                let context = format!("{role:?} {shown:?} {method} {path}");
                check(&reply, permission, expected(permission, index, shown, route.only_reads), &context);
            }
        }
        app.clock.advance(Duration::from_mins(1));
    }
}

/// Permissions that no route needs yet are walked through routes made for that, so that the table holds before they do.
#[tokio::test]
async fn permissions_hold_before_there_is_a_route_for_them() {
    use axum::http::{Method, StatusCode};

    let app = TestApp::start().await;
    for permission in Permission::ALL {
        let answer = async || StatusCode::NO_CONTENT;
        let both = [Method::GET, Method::POST]
            .into_iter()
            .fold(Routes::new(), |routes, method| routes.add(method, "/api/x/", *permission, answer));
        let made = Instance { router: both.into_router(app.app.clone()), address: app.address };
        for (index, role) in Role::ALL.into_iter().enumerate() {
            let user = app.user(role).await;
            for (method, scope) in [("GET", "read_only"), ("POST", "read_only"), ("POST", "read_write")] {
                let shown = if scope == "read_only" { Shown::ReadOnlyKey } else { Shown::ReadWriteKey };
                let key = entities::api_key(&user, scope).await.at(&made);
                let reply = key.request(method, "/api/x/").await;
                let context = format!("{role:?} {scope} {method} {}", permission.as_str());
                check(&reply, *permission, expected(*permission, index, shown, method == "GET"), &context);
            }
        }
        app.clock.advance(Duration::from_mins(1));
    }
}

#[tokio::test]
async fn nobody_gets_anywhere_without_a_credential() {
    let app = TestApp::start().await;
    for route in groups::routes().iter() {
        if permission(route).is_some() {
            let (method, path) = (route.method.as_str(), filled(route, 1));
            let reply = app.request(method, &path).body("{}").await;
            assert_eq!((reply.status, reply.error().as_str()), (401, "not_authenticated"), "{method} {path}");
        }
    }
}
