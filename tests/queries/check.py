"""Asks queries of a table, and compares the rows with what DuckDB says of the same table in SQL.

    target/venv-data/bin/python tests/queries/check.py --local target/debug/local
"""

import argparse
import pathlib
import sys
import tempfile
from decimal import Decimal

import duckdb

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from files.check import TABLE, in_json  # noqa: E402
from server import import_file, local_server, post, sign_in  # noqa: E402

LOCAL = "(\"at\" AT TIME ZONE 'UTC' AT TIME ZONE 'America/New_York')"


def of(field, aggregation, name):
    return {"field": field, "aggregation": aggregation, "as": name}


COUNT = {"aggregation": "count", "as": "n"}

# Queries, each with what it means in SQL. DuckDB orders nulls last and texts by their bytes, as the API does; a median of decimals has their digits there, and one more here.
QUERIES = [
    (
        {"dimensions": [{"field": "country"}], "measures": [of("amount", "sum", "s"), COUNT, of("amount", "count", "c")]},
        "SELECT country, sum(amount) AS s, count(*), count(amount) FROM t GROUP BY country ORDER BY s DESC, country",
    ),
    (
        {
            "dimensions": [{"field": "country"}, {"field": "flag"}],
            "measures": [
                of("quantity", "average", "a"), of("amount", "median", "m"), of("zip", "distinct_count", "z"),
                of("amount", "min", "least"), of("at", "max", "latest"), of("zip", "min", "first"),
            ],
            "order_by": [{"field": "z"}, {"field": "a", "direction": "desc"}],
            "totals": True,
        },
        """SELECT country, flag, avg(quantity) AS a, median(amount::DOUBLE), count(DISTINCT zip) AS z, min(amount), max("at"), min(zip)
            FROM t GROUP BY GROUPING SETS ((country, flag), ()) ORDER BY GROUPING(flag), z, a DESC, country, flag""",
    ),
    *(
        (
            {"dimensions": [{"field": "at", "grain": grain, "as": "b"}], "measures": [COUNT], "timezone": "America/New_York"},
            f"SELECT date_trunc('{grain}', {LOCAL})::DATE AS b, count(*) FROM t GROUP BY b ORDER BY b",
        )
        for grain in ("day", "week", "month", "quarter", "year")
    ),
    (
        {
            "dimensions": [{"field": "day", "grain": "month", "as": "b"}],
            "measures": [of("amount", "sum", "s"), COUNT, {"ratio": ["s", "n"], "as": "r"}],
            "time_range": {"field": "day", "from": "2021-01-01", "to": "2022-01-01"},
            "compare": {"offset": "1 year"},
        },
        """WITH months AS (SELECT date_trunc('month', day)::DATE AS b, sum(amount) AS s, count(*) AS n FROM t GROUP BY b)
            SELECT now.b, now.s, now.n, now.s / now.n, before.s, coalesce(before.n, 0), before.s / before.n
            FROM months AS now LEFT JOIN months AS before ON before.b + INTERVAL 1 YEAR = now.b
            WHERE now.b >= '2021-01-01' AND now.b < '2022-01-01' ORDER BY now.b""",
    ),
    (
        {
            "dimensions": [{"field": "zip"}],
            "measures": [of("quantity", "sum", "s")],
            "filters": [
                {"or": [
                    {"field": "country", "operator": "contains", "values": ["D"]},
                    {"and": [
                        {"field": "amount", "operator": "between", "values": [-10.5, 99.25]},
                        {"field": "flag", "operator": "eq", "values": [False]},
                    ]},
                ]},
                {"field": "country", "operator": "not_in", "values": ["FR"]},
                {"field": "day", "operator": "is_not_null"},
            ],
            "having": [{"field": "s", "operator": "gt", "values": [900]}],
            "limit": 10000,
        },
        """SELECT zip, sum(quantity) AS s FROM t
            WHERE (country ILIKE '%d%' OR (amount BETWEEN -10.5 AND 99.25 AND NOT flag)) AND country <> 'FR' AND day IS NOT NULL
            GROUP BY zip HAVING s > 900 ORDER BY s DESC, zip""",
    ),
    (
        {
            "dimensions": [{"field": "quantity"}],
            "measures": [of("amount", "sum", "s"), COUNT],
            "top": {"dimension": "quantity", "by": "s", "count": 7, "other": True},
        },
        """WITH q AS (SELECT quantity, sum(amount) AS s, count(*) AS n FROM t GROUP BY quantity),
            first AS (SELECT * FROM q ORDER BY s DESC NULLS LAST, quantity LIMIT 7)
        (SELECT * FROM first ORDER BY s DESC, quantity)
        UNION ALL SELECT NULL, sum(s), sum(n)::BIGINT FROM q WHERE quantity NOT IN (SELECT quantity FROM first)""",
    ),
    (
        {
            "dimensions": [{"field": "day", "grain": "day", "as": "d"}],
            "measures": [COUNT, of("amount", "sum", "s")],
            "filters": [{"field": "quantity", "operator": "lt", "values": [20]}],
            "time_range": {"field": "day", "from": "2020-02-20", "to": "2020-06-01"},
            "fill": True,
        },
        """SELECT d::DATE AS d, count(t.id), sum(amount) FROM range(DATE '2020-02-20', DATE '2020-06-01', INTERVAL 1 DAY) AS days(d)
            LEFT JOIN t ON t.day = d AND quantity < 20 GROUP BY d ORDER BY d""",
    ),
]


def is_equal(ours, theirs):
    """Quotients have twelve digits after the point here, and are floats there."""
    if isinstance(ours, (int, Decimal)) and isinstance(theirs, (int, float, Decimal)) and not isinstance(ours, bool):
        theirs = Decimal(repr(theirs)) if isinstance(theirs, float) else Decimal(theirs)
        return abs(Decimal(ours) - theirs) <= abs(theirs) * Decimal("1e-12") + Decimal("1e-11")
    return ours == theirs


def check(url, token, connection, source, query, sql):
    body = {"data_source": source, "query": query}
    result = post(f"{url}/api/analytics/query/", body, Authorization=f"Bearer {token}")
    rows = result["rows"] + ([result["totals"]] if result["totals"] else [])
    expected = [[in_json(value) for value in row] for row in connection.execute(sql).fetchall()]
    assert not result["truncated"] and len(rows) == len(expected) > 0, f"{query}: {len(rows)} rows, {len(expected)} expected"
    for row, other in zip(rows, expected, strict=True):
        assert all(map(is_equal, row, other)), f"{query}:\n{row}\n{other}"
    print(f"{len(rows)} rows as DuckDB has them: {sql.split('FROM')[0].strip()[:90]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--local", required=True, help="the binary of tools/local")
    options = parser.parse_args()
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    connection.execute(f"CREATE TABLE t AS {TABLE}")
    with local_server(options.local) as url, tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "table.parquet"
        connection.execute(f"COPY t TO '{file}' (FORMAT parquet)")
        token = sign_in(url)
        source, _ = import_file(url, token, "table", file.read_bytes(), "parquet")
        for query, sql in QUERIES:
            check(url, token, connection, source, query, sql)


if __name__ == "__main__":
    main()
