"""Answers the bench's questions over a Parquet file with DuckDB or Polars, with two threads each: python peers.py PARQUET

Each line of the input is `ENGINE WHEN QUESTION`, with `first` for an engine that has not seen the file yet and `warm` for one that
has. It is answered with a line `MILLISECONDS ROWS`. Nothing is kept but what the engines keep by themselves.
"""

import os
import sys
import time
from datetime import datetime

os.environ["POLARS_MAX_THREADS"] = "2"

import duckdb  # noqa: E402
import polars as pl  # noqa: E402

parquet = sys.argv[1]
orders = f"read_parquet('{parquet}')"
revenue_of = "SELECT product, sum(revenue) AS revenue, count(*) AS n FROM {orders} GROUP BY product"

SQL = {
    "group": f"SELECT country, sum(revenue) AS revenue, count(*) FROM {orders} GROUP BY country ORDER BY revenue DESC, country",
    "month-channel": f"""SELECT date_trunc('month', ordered_at) AS month, channel, sum(revenue) AS revenue, count(*)
        FROM {orders} GROUP BY month, channel ORDER BY month, channel""",
    "distinct-median": f"""SELECT country, count(DISTINCT product) AS products, median(revenue) FROM {orders}
        GROUP BY country ORDER BY products DESC, country""",
    "top-20": f"SELECT product, sum(revenue) AS revenue FROM {orders} GROUP BY product ORDER BY revenue DESC, product LIMIT 20",
    "contains-day": f"""SELECT date_trunc('day', ordered_at) AS day, count(*) FROM {orders} WHERE note ILIKE '%99%'
        GROUP BY day ORDER BY day""",
    "compare": f"""WITH months AS (SELECT date_trunc('month', ordered_at) AS month, sum(revenue) AS revenue FROM {orders}
            WHERE ordered_at >= '2024-01-01' AND ordered_at < '2026-01-01' GROUP BY month)
        SELECT now.month, now.revenue, before.revenue FROM months AS now
        LEFT JOIN months AS before ON before.month + INTERVAL 1 YEAR = now.month
        WHERE now.month >= '2025-01-01' ORDER BY now.month""",
    "top-other": f"""WITH products AS ({revenue_of.format(orders=orders)}),
            first AS (SELECT * FROM products ORDER BY revenue DESC, product LIMIT 5)
        (SELECT * FROM first ORDER BY revenue DESC) UNION ALL
        SELECT NULL, sum(revenue), sum(n) FROM products WHERE product NOT IN (SELECT product FROM first)""",
    "totals": f"""SELECT country, avg(revenue) AS revenue, count(DISTINCT product) FROM {orders}
        GROUP BY GROUPING SETS ((country), ()) ORDER BY GROUPING(country), revenue DESC""",
}


def by_product():
    return pl.scan_parquet(parquet).group_by("product").agg(pl.col("revenue").sum(), pl.len().alias("n"))


def compare():
    years = pl.scan_parquet(parquet).filter(
        (pl.col("ordered_at") >= datetime(2024, 1, 1)) & (pl.col("ordered_at") < datetime(2026, 1, 1))
    )
    months = years.group_by(pl.col("ordered_at").dt.truncate("1mo").alias("month")).agg(pl.col("revenue").sum())
    months = months.collect().lazy()
    before = months.with_columns(pl.col("month").dt.offset_by("1y"))
    now = months.filter(pl.col("month") >= datetime(2025, 1, 1))
    return now.join(before, on="month", how="left").sort("month").collect()


def top_other():
    products = by_product().collect().sort("revenue", "product", descending=[True, False])
    rest = products[5:].select(pl.lit(None, pl.String).alias("product"), pl.col("revenue").sum(), pl.col("n").sum())
    return pl.concat([products[:5], rest])


def totals():
    orders = pl.scan_parquet(parquet)
    measures = [pl.col("revenue").mean(), pl.col("product").n_unique()]
    groups = orders.group_by("country").agg(measures).sort("revenue", descending=True)
    groups, everything = pl.collect_all([groups, orders.select(measures)])
    return pl.concat([groups, everything], how="diagonal")


LAZY = {
    "group": lambda: pl.scan_parquet(parquet)
    .group_by("country")
    .agg(pl.col("revenue").sum(), pl.len())
    .sort("revenue", "country", descending=[True, False])
    .collect(),
    "month-channel": lambda: pl.scan_parquet(parquet)
    .group_by(pl.col("ordered_at").dt.truncate("1mo").alias("month"), "channel")
    .agg(pl.col("revenue").sum(), pl.len())
    .sort("month", "channel")
    .collect(),
    "distinct-median": lambda: pl.scan_parquet(parquet)
    .group_by("country")
    .agg(pl.col("product").n_unique(), pl.col("revenue").median())
    .sort("product", "country", descending=[True, False])
    .collect(),
    "top-20": lambda: by_product().sort("revenue", "product", descending=[True, False]).limit(20).collect(),
    "contains-day": lambda: pl.scan_parquet(parquet)
    .filter(pl.col("note").str.contains("(?i)99"))
    .group_by(pl.col("ordered_at").dt.truncate("1d").alias("day"))
    .agg(pl.len())
    .sort("day")
    .collect(),
    "compare": compare,
    "top-other": top_other,
    "totals": totals,
}


def connect():
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    return connection


warm = connect()
for line in sys.stdin:
    engine, when, question = line.split()
    began = time.perf_counter()
    if engine == "duckdb":
        connection = connect() if when == "first" else warm
        rows = connection.execute(SQL[question]).fetchall()
    else:
        rows = LAZY[question]().rows()
    milliseconds = (time.perf_counter() - began) * 1e3
    print(milliseconds, len(rows), flush=True)
