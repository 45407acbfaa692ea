"""Questions that are asked of Athena and of a file, and must be answered alike."""


def of(field, aggregation, name=None):
    return {"field": field, "aggregation": aggregation, "as": name or f"{aggregation}_{field}".replace('"', "").replace(" ", "_")}


COUNT = {"aggregation": "count", "as": "n"}
NAMES = [{"field": "name"}]


def where(field, operator, *values):
    condition = {"field": field, "operator": operator}
    if values:
        condition["values"] = list(values)
    return {"dimensions": [], "measures": [COUNT, of("id", "sum", "ids")], "filters": [condition]}


def buckets(field, grain, zone, **more):
    return {"dimensions": [{"field": field, "grain": grain, "as": "b"}], "measures": [COUNT], "timezone": zone, "limit": 10_000, **more}


CONDITIONS = [
    *(where("name", operator, text) for operator in ("eq", "ne", "lt", "gte") for text in ("it's", "", "Straße", "🎉 party", "trailing")),
    *(where("name", "contains", text) for text in ("ß", "s", "%_", "K", "k", "'", "\\", ".*[", "🎉", "i", "Ω", "é ", "?", "-")),
    where("name", "in", "it's", "a\\b", "", "no'; DROP TABLE facts; --"),
    where("name", "not_in", "é", "100%_"),
    where("name", "eq", "'🎉" * 700),
    where("name", "contains", "ab'" * 400),
    where("name", "is_null"),
    where("name", "is_not_null"),
    where("flag", "eq", True),
    where("flag", "ne", True),
    where("flag", "in", True, False),
    where("a \"quoted\" one", "eq", '"'),
    where("a \"quoted\" one", "eq", "?"),
    where("select", "ne", "x"),
    *(where("amount", operator, value) for operator in ("eq", "ne", "lt", "lte", "gt", "gte") for value in (0, -12.5, 12.345, 1e30, -1e30)),
    where("amount", "between", -100.005, 99.99),
    where("amount", "in", 0.37, 1, 1e40),
    *(where("cents", operator, value) for operator in ("lt", "gte") for value in (1000000002, 0.5, 1e37)),
    *(where("quantity", operator, value) for operator in ("eq", "lt", "gt") for value in (5, 5.5, 9223372036854775000, 1e25, -1e25)),
    *(where("ratio", operator, value) for operator in ("eq", "lt", "gte", "ne") for value in (0, 1.125, 1e300, -1e300)),
    where("ratio", "is_null"),
    where("day", "gte", "2024-02-29"),
    where("day", "between", "2024-02-28", "2024-03-01"),
    where("day", "is_null"),
    where("at", "lt", "2024-03-31"),
    where("at", "gte", "2024-03-31T01:00:00Z"),
    where("seen_at", "gte", "2024-06-01T00:00:00+02:00"),
    where("seen_at", "lt", "2024-06-01"),
]

ALL = [
    of("amount", "sum"), of("amount", "average"), of("amount", "median"), of("amount", "min"), of("amount", "max"),
    of("cents", "sum"), of("cents", "median"), of("quantity", "sum"), of("quantity", "average"), of("quantity", "median"),
    of("ratio", "sum"), of("ratio", "average"), of("ratio", "median"), of("ratio", "min"), of("ratio", "max"),
    of("name", "distinct_count"), of("name", "min"), of("name", "max"), of("quantity", "distinct_count"), of("flag", "count"),
    of("at", "min"), of("at", "max"), of("seen_at", "max"), of("day", "min"), of("day", "distinct_count"), COUNT,
]

QUESTIONS = [
    {"dimensions": NAMES, "measures": [of("amount", "sum", "s"), COUNT], "totals": True},
    {"measures": ALL},
    {"dimensions": [{"field": "country"}, {"field": "flag"}], "measures": ALL, "totals": True, "order_by": [{"field": "n"}]},
    {"dimensions": [{"field": "ratio"}], "measures": [COUNT]},
    {"dimensions": [{"field": "amount"}], "measures": [COUNT], "limit": 10_000},
    {"dimensions": [{"field": "id"}, {"field": "at"}, {"field": "seen_at"}, {"field": "day"}], "measures": [COUNT], "limit": 10_000},
    {"dimensions": [{"field": "select"}, {"field": 'a "quoted" one', "as": "q"}], "measures": [COUNT]},
    *CONDITIONS,
    *(
        buckets(field, grain, zone)
        for field in ("at", "seen_at")
        for grain in ("hour", "day", "week", "month", "quarter", "year")
        for zone in ("UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
    ),
    *(buckets("day", grain, "America/New_York") for grain in ("day", "week", "month", "quarter", "year")),
    buckets("at", "month", "Europe/Berlin", fill=True, time_range={"field": "at", "from": "2023-01-01", "to": "2025-01-01"}),
    *(
        buckets(
            field, "month", "Europe/Berlin", compare={"offset": offset}, totals=True,
            time_range={"field": field, "from": "2024-02-01", "to": "2024-11-01"}, measures=[COUNT, of("amount", "sum", "s")],
        )
        for field in ("at", "seen_at", "day")
        for offset in ("1 year", "1 month", "1 quarter", "2 weeks", "30 days")
    ),
    buckets(
        "at", "hour", "Europe/Berlin", compare={"offset": "5 hours"},
        time_range={"field": "at", "from": "2024-03-30", "to": "2024-04-02"},
    ),
    *(
        {
            "dimensions": [{"field": field}, {"field": "select"}],
            "measures": [of("quantity", "sum", "s"), of("amount", "median", "m"), {"ratio": ["s", "n"], "as": "r"}][0:2] + [COUNT],
            "top": {"dimension": field, "by": "n", "count": 3, "other": True},
            "totals": True,
        }
        for field in ("name", "country", "amount", "day", "quantity", "flag")
    ),
    {
        "dimensions": NAMES,
        "measures": [of("amount", "sum", "s"), COUNT, {"ratio": ["s", "n"], "as": "r"}],
        "having": [{"field": "r", "operator": "gt", "values": [-5.125]}],
        "order_by": [{"field": "r", "direction": "desc", "nulls": "first"}],
        "limit": 5,
    },
    {
        "dimensions": [{"field": "country"}],
        "measures": [COUNT],
        "filters": [
            {"or": [
                {"and": [{"field": "flag", "operator": "eq", "values": [False]}, {"field": "amount", "operator": "lt", "values": [0]}]},
                {"field": "name", "operator": "contains", "values": ["STRA"]},
            ]},
            {"field": "day", "operator": "is_not_null"},
        ],
        "order_by": [{"field": "country", "direction": "desc", "nulls": "first"}],
    },
]
