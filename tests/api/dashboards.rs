//! `/api/dashboards/`, and the widgets on them.

use serde_json::{Value, json};
use shared::model::Role;
use tests::{Reply, TestApp, TestUser, widget};

const DASHBOARDS: &str = "/api/dashboards/";

async fn start(role: Role) -> (TestApp, TestUser, u64) {
    let app = TestApp::start().await;
    let user = app.user(role).await;
    let owner = app.user(Role::Owner).await;
    let source = tests::entities::data_source(&owner).await;
    (app, user, source)
}

async fn create(app: &TestApp, user: &TestUser, body: &Value) -> Reply {
    app.post(DASHBOARDS).token(&user.access).json(body).send().await
}

async fn patch(app: &TestApp, user: &TestUser, id: u64, body: &Value) -> Reply {
    app.request("PATCH", &format!("{DASHBOARDS}{id}/")).token(&user.access).json(body).send().await
}

#[tokio::test]
async fn a_new_dashboard_is_shown_whole() {
    let (app, user, source) = start(Role::Analyst).await;
    let body = json!({ "name": "Sales", "widgets": [widget::pie(source), widget::text("Hello")] });
    let created = create(&app, &user, &body).await;
    assert_eq!(created.status, 201, "{created:?}");
    assert_eq!(created.header("location"), Some("https://api.example.com/api/dashboards/1/"));
    let mut pie = widget::pie(source);
    pie["id"] = json!(1);
    pie["options"] = json!({});
    pie["query"]["filters"] = json!([]);
    pie["query"]["order_by"] = json!([]);
    let mut text = widget::text("Hello");
    text["id"] = json!(2);
    (text["data_source"], text["query"]) = (json!(null), json!(null));
    let expected = json!({
        "id": 1,
        "name": "Sales",
        "description": "",
        "status": "draft",
        "widgets": [pie, text],
        "created_by": user.user.id,
        "created_at": "2027-01-15T08:00:00Z",
        "updated_at": "2027-01-15T08:00:00Z",
    });
    assert_eq!(created.body, expected);
    let shown = app.get("/api/dashboards/1/").token(&user.access).send().await;
    assert_eq!((shown.status, shown.body), (200, expected));

    let list = app.get(DASHBOARDS).token(&user.access).send().await;
    let expected = json!([{
        "id": 1,
        "name": "Sales",
        "description": "",
        "status": "draft",
        "widget_count": 2,
        "created_by": user.user.id,
        "created_at": "2027-01-15T08:00:00Z",
        "updated_at": "2027-01-15T08:00:00Z",
    }]);
    assert_eq!(list.body["results"], expected);
}

#[tokio::test]
async fn values_come_back_as_they_were_sent() {
    let (app, user, source) = start(Role::Analyst).await;
    let mut pie = widget::pie(source);
    pie["query"]["filters"] =
        json!([{ "field": "x", "operator": "in", "values": [1, -1.5, 1e300, "", "ä\u{0}", true] }]);
    pie["options"] = json!({ "huge": 1e300, "empty": "", "nested": { "list": [null, [], {}] } });
    let created = create(&app, &user, &json!({ "name": "x", "widgets": [pie] })).await;
    assert_eq!(created.status, 201, "{created:?}");
    let shown = app.get("/api/dashboards/1/").token(&user.access).send().await;
    assert_eq!(shown.body["widgets"][0]["options"], pie["options"]);
    assert_eq!(shown.body["widgets"][0]["query"]["filters"], pie["query"]["filters"]);
}

/// What a widget of each type takes: dimensions, measures.
const REQUIREMENTS: &[(&str, [usize; 2], [usize; 2])] = &[
    ("line", [1, 2], [1, 10]),
    ("bar", [1, 2], [1, 10]),
    ("area", [1, 2], [1, 10]),
    ("pie", [1, 1], [1, 1]),
    ("scatter", [0, 2], [2, 3]),
    ("metric", [0, 0], [1, 1]),
    ("table", [0, 10], [0, 20]),
    ("funnel", [1, 1], [1, 1]),
    ("gauge", [0, 0], [1, 1]),
    ("heatmap", [2, 2], [1, 1]),
];

#[tokio::test]
async fn each_type_takes_what_the_table_says() {
    let (app, user, source) = start(Role::Analyst).await;
    for (widget_type, dimensions, measures) in REQUIREMENTS {
        for number in [0, 1, 2, 3, 10, 11] {
            for count in [0, 1, 2, 3, 10, 11, 20] {
                let mut widget = widget::pie(source);
                widget["type"] = json!(widget_type);
                let fields = |prefix, count| (0..count).map(move |index| format!("{prefix}{index}"));
                let dimension = fields("d", number).map(|field| json!({ "field": field }));
                let measure = fields("m", count).map(|field| json!({ "field": field, "aggregation": "max" }));
                widget["query"] = json!({ "dimensions": dimension.collect::<Vec<_>>(), "measures": measure.collect::<Vec<_>>() });
                let fits = (dimensions[0]..=dimensions[1]).contains(&number)
                    && (measures[0]..=measures[1]).contains(&count)
                    && number + count > 0;
                let reply = create(&app, &user, &json!({ "name": "x", "widgets": [widget] })).await;
                assert_eq!(
                    reply.status,
                    if fits { 201 } else { 400 },
                    "{widget_type} {number} {count}: {reply:?}"
                );
                app.clock.advance(std::time::Duration::from_secs(1));
            }
        }
    }
}

#[tokio::test]
async fn a_mistake_in_a_widget_is_pointed_at() {
    let (app, user, source) = start(Role::Analyst).await;
    for (pointer, value, field, reason) in [
        ("/title", json!(""), "title", "Must not be empty."),
        (
            "/type",
            json!("donut"),
            "type",
            "Unknown value \"donut\"; expected one of line, bar, area, pie, scatter, metric, table, funnel, gauge, heatmap, text.",
        ),
        (
            "/colour",
            json!("red"),
            "colour",
            "Unknown; expected one of id, title, type, data_source, query, position, options.",
        ),
        ("/id", json!(1), "id", "Must be that of a widget on the dashboard; new ones get theirs from us."),
        ("/data_source", json!(999), "data_source", "No data source with ID 999 was found."),
        ("/data_source", json!(null), "data_source", "This field is required for a widget of type pie."),
        ("/query", json!(null), "query", "This field is required for a widget of type pie."),
        (
            "/query/dimensions",
            json!([]),
            "query.dimensions",
            "A widget of type pie takes exactly 1 dimension (the dimension names the slices, the measure sizes them); it has 0.",
        ),
        (
            "/query/measures/0/field",
            json!(null),
            "query.measures[0].field",
            "This field is required: sum is of a field.",
        ),
        (
            "/query/measures/0/aggregation",
            json!("avg"),
            "query.measures[0].aggregation",
            "Unknown value \"avg\"; expected one of sum, average, count, min, max, median, distinct_count.",
        ),
        (
            "/query/measures/0/as",
            json!("region"),
            "query.measures[0].as",
            "Must differ from the other names in the result; \"region\" is there already.",
        ),
        (
            "/query/dimensions/0/grain",
            json!("minute"),
            "query.dimensions[0].grain",
            "Unknown value \"minute\"; expected one of hour, day, week, month, quarter, year.",
        ),
        ("/query/limit", json!(0), "query.limit", "Must be 1 to 10000."),
        ("/query/limit", json!(-1), "query.limit", "Expected an integer, got a negative integer."),
        (
            "/query/order_by",
            json!([{ "field": "amount" }]),
            "query.order_by[0].field",
            "Must be a dimension's field or a measure's name; \"amount\" is neither.",
        ),
        (
            "/query/filters",
            json!([{ "field": "x", "operator": "like", "values": ["a"] }]),
            "query.filters[0].operator",
            "Unknown value \"like\"; expected one of eq, ne, gt, gte, lt, lte, in, not_in, contains, between, is_null, is_not_null.",
        ),
        (
            "/query/filters",
            json!([{ "field": "x", "operator": "between", "values": [1] }]),
            "query.filters[0].values",
            "This operator takes exactly 2 values; it has 1.",
        ),
        (
            "/query/filters",
            json!([{ "field": "x", "operator": "is_null", "values": [1] }]),
            "query.filters[0].values",
            "This operator takes no values; it has 1.",
        ),
        (
            "/query/filters",
            json!([{ "field": "x", "operator": "in" }]),
            "query.filters[0].values",
            "This operator takes 1 to 100 values; it has 0.",
        ),
        (
            "/query/filters",
            json!([{ "field": "x", "operator": "eq", "values": [null] }]),
            "query.filters[0].values[0]",
            "Must not be null; use is_null or is_not_null.",
        ),
        (
            "/query/filters",
            json!([{ "field": "x", "operator": "eq", "values": [[]] }]),
            "query.filters[0].values[0]",
            "Must be a string, a number or a boolean.",
        ),
        (
            "/query/filters",
            json!([{ "field": "x", "operator": "contains", "values": [1] }]),
            "query.filters[0].values[0]",
            "Must be a string.",
        ),
        ("/position", json!({ "x": 12, "y": 0, "width": 1, "height": 1 }), "position.x", "Must be 0 to 11."),
        (
            "/position",
            json!({ "x": 8, "y": 0, "width": 5, "height": 1 }),
            "position.width",
            "Must be at most 4 from column 8: the grid has 12.",
        ),
        (
            "/position",
            json!({ "x": 0, "y": 0, "width": 1, "height": 0 }),
            "position.height",
            "Must be 1 to 100.",
        ),
        ("/position", json!({ "x": 0, "y": 99_999_999_999_u64, "width": 1, "height": 1 }), "position.y", ""),
        ("/options", json!([]), "options", "Expected an object, got an array."),
        (
            "/options",
            json!({ "x": "y".repeat(9_000) }),
            "options",
            "Must not be larger than 8192 bytes as JSON.",
        ),
    ] {
        let mut widget = widget::pie(source);
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        widget.pointer_mut(parent).unwrap()[name] = value;
        let reply =
            create(&app, &user, &json!({ "name": "x", "widgets": [widget::pie(source), widget] })).await;
        assert_eq!(reply.status, 400, "{pointer}: {reply:?}");
        let reasons = reply.reasons(&format!("widgets[1].{field}"));
        assert!(reasons == reason || reason.is_empty(), "{pointer}: {reasons}");
    }
    let mut text = widget::text("x");
    (text["data_source"], text["options"]) = (json!(source), json!({}));
    let reply = create(&app, &user, &json!({ "name": "x", "widgets": [text] })).await;
    assert_eq!(reply.reasons("widgets[0].data_source"), "A widget of type text shows no data: leave it out.");
    assert_eq!(
        reply.reasons("widgets[0].options.text"),
        "A widget of type text shows this: it must be a string."
    );
}

#[tokio::test]
async fn limits_are_told() {
    let (app, user, source) = start(Role::Analyst).await;
    let many = vec![widget::pie(source); 51];
    let reply = create(&app, &user, &json!({ "name": "x", "widgets": many })).await;
    assert_eq!(reply.reasons("widgets"), "Must not have more than 50 items; it has 51.");
    let large: Vec<_> = (0..50)
        .map(|_| {
            let mut widget = widget::pie(source);
            widget["options"] = json!({ "x": "y".repeat(8_000) });
            widget
        })
        .collect();
    let reply = create(&app, &user, &json!({ "name": "x", "widgets": large })).await;
    assert!(
        reply.reasons("widgets").starts_with("Must not be larger than 300000 bytes as JSON"),
        "{reply:?}"
    );
    let most: Vec<_> = large[..35].to_vec();
    let reply =
        create(&app, &user, &json!({ "name": "x", "description": "ä".repeat(2_000), "widgets": most })).await;
    assert_eq!(reply.status, 201, "what is within the limits fits the item");
    let reply = create(&app, &user, &json!({ "name": "x".repeat(101) })).await;
    assert_eq!(reply.reasons("name"), "Must not be longer than 100 characters.");
}

#[tokio::test]
async fn fifty_data_sources_fit_one_dashboard() {
    let (app, user, _) = start(Role::Analyst).await;
    let mut widgets = Vec::new();
    for _ in 0..50 {
        widgets.push(widget::pie(tests::entities::data_source(&user).await));
    }
    tests::entities::dashboard(&user, json!(widgets)).await;
}

#[tokio::test]
async fn widgets_keep_their_ids() {
    let (app, user, source) = start(Role::Analyst).await;
    let id =
        tests::entities::dashboard(&user, json!([widget::pie(source), widget::text("a"), widget::text("b")]))
            .await;
    let shown = app.get(&format!("{DASHBOARDS}{id}/")).token(&user.access).send().await;
    let ids = |reply: &Reply| -> Vec<u64> {
        reply.body["widgets"]
            .as_array()
            .unwrap()
            .iter()
            .map(|widget| widget["id"].as_u64().unwrap())
            .collect()
    };
    assert_eq!(ids(&shown), [1, 2, 3]);
    let widgets = json!([shown.body["widgets"][2], widget::text("new"), shown.body["widgets"][0]]);
    let changed = patch(&app, &user, id, &json!({ "widgets": widgets })).await;
    assert_eq!(ids(&changed), [3, 4, 1], "the array is replaced, and what has an id keeps it");
    let changed = patch(&app, &user, id, &json!({ "widgets": [widget::text("newer")] })).await;
    assert_eq!(ids(&changed), [5], "ids are not used twice");

    let mut known = widget::text("x");
    known["id"] = json!(5);
    let twice = patch(&app, &user, id, &json!({ "widgets": [known, known] })).await;
    assert_eq!(twice.reasons("widgets[1].id"), "Must not be there twice.");
    known["id"] = json!(1);
    let gone = patch(&app, &user, id, &json!({ "widgets": [known] })).await;
    assert!(gone.reasons("widgets[0].id").starts_with("Must be that of a widget on the dashboard"));
}

#[tokio::test]
async fn a_patch_changes_what_it_names() {
    let (app, user, source) = start(Role::Analyst).await;
    let id = tests::entities::dashboard(&user, json!([widget::pie(source)])).await;
    let changed = patch(&app, &user, id, &json!({ "status": "published", "description": "d" })).await;
    assert_eq!((&changed.body["status"], &changed.body["description"]), (&json!("published"), &json!("d")));
    assert_eq!(changed.body["widgets"].as_array().unwrap().len(), 1);
    let list = app.get(&format!("{DASHBOARDS}?status=published")).token(&user.access).send().await;
    assert_eq!((&list.body["count"], &list.body["results"][0]["description"]), (&json!(1), &json!("d")));
    for (body, field) in [
        (json!({ "id": 5 }), "id"),
        (json!({ "created_by": null }), "created_by"),
        (json!({ "nmae": "x" }), "nmae"),
    ] {
        let reason = patch(&app, &user, id, &body).await.reasons(field);
        assert_eq!(reason, "Unknown; expected one of name, description, status, widgets.", "{body}");
    }
    assert_eq!(patch(&app, &user, id, &json!({ "widgets": null })).await.body["widgets"], json!([]));
    assert_eq!(patch(&app, &user, 99, &json!({})).await.text("detail"), "No dashboard with ID 99 was found.");
}

#[tokio::test]
async fn a_duplicate_is_a_draft_of_ones_own() {
    let (app, user, source) = start(Role::Analyst).await;
    let colleague = app.user(Role::Analyst).await;
    let id = tests::entities::dashboard(&user, json!([widget::pie(source)])).await;
    patch(&app, &user, id, &json!({ "status": "published", "description": "d" })).await;
    let duplicate = async |body: Option<Value>| {
        let request = app.post(&format!("{DASHBOARDS}{id}/duplicate/")).token(&colleague.access);
        match body {
            Some(body) => request.json(&body).send().await,
            None => request.send().await,
        }
    };
    let copy = duplicate(None).await;
    assert_eq!(copy.status, 201, "{copy:?}");
    assert_eq!(copy.header("location"), Some("https://api.example.com/api/dashboards/2/"));
    assert_eq!((&copy.body["name"], &copy.body["status"]), (&json!("a dashboard (copy)"), &json!("draft")));
    assert_eq!(
        (&copy.body["description"], &copy.body["created_by"]),
        (&json!("d"), &json!(colleague.user.id))
    );
    let original = app.get(&format!("{DASHBOARDS}{id}/")).token(&user.access).send().await;
    assert_eq!(copy.body["widgets"], original.body["widgets"]);
    assert_eq!(duplicate(Some(json!({ "name": "Mine" }))).await.body["name"], "Mine");
    assert_eq!(duplicate(Some(json!({ "nam": "Mine" }))).await.reasons("nam"), "Unknown; expected name.");

    patch(&app, &user, id, &json!({ "name": "x".repeat(100) })).await;
    let long = duplicate(None).await.text("name");
    assert!(long.len() == 100 && long.ends_with("x (copy)"), "{long}");
}

#[tokio::test]
async fn others_dashboards_are_for_administrators() {
    let (app, owner, _) = start(Role::Owner).await;
    let analyst = app.user(Role::Analyst).await;
    let colleague = app.user(Role::Analyst).await;
    let id = tests::entities::dashboard(&analyst, json!([])).await;
    let path = format!("{DASHBOARDS}{id}/");
    assert_eq!(app.get(&path).token(&colleague.access).send().await.status, 200);
    for method in ["PATCH", "DELETE"] {
        let reply = app.request(method, &path).token(&colleague.access).body("{}").send().await;
        assert_eq!((reply.status, reply.error().as_str()), (403, "permission_denied"));
        assert!(reply.text("detail").contains("dashboards:write_any"), "{reply:?}");
    }
    assert_eq!(patch(&app, &owner, id, &json!({ "name": "x" })).await.status, 200);
    assert_eq!(app.request("DELETE", &path).token(&analyst.access).send().await.status, 204);
    assert_eq!(app.get(&path).token(&analyst.access).send().await.status, 404);
}

#[tokio::test]
async fn following_next_visits_each_once() {
    let (app, user, _) = start(Role::Analyst).await;
    for _ in 0..23 {
        tests::entities::dashboard(&user, json!([])).await;
    }
    for deleted in [1, 7, 23] {
        app.request("DELETE", &format!("{DASHBOARDS}{deleted}/")).token(&user.access).send().await;
    }
    let (mut seen, mut next) =
        (Vec::new(), Some("https://api.example.com/api/dashboards/?page_size=7".to_owned()));
    while let Some(url) = next {
        let page =
            app.get(url.strip_prefix("https://api.example.com").unwrap()).token(&user.access).send().await;
        assert_eq!(page.body["count"], 20);
        seen.extend(page.body["results"].as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()));
        next = page.body["next"].as_str().map(str::to_owned);
    }
    let expected: Vec<u64> = (2..=22).filter(|id| *id != 7).collect();
    assert_eq!(seen, expected);
}
