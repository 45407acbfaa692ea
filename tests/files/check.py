"""Imports the same table as a file of every kind, and compares what the API says of its columns and first rows with what DuckDB says.

    target/venv-data/bin/python tests/files/check.py --local target/debug/local
"""

import argparse
import pathlib
import sys
import tempfile
from decimal import Decimal

import duckdb
import openpyxl

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from server import get, import_file, local_server, sign_in  # noqa: E402

ROWS = 20_000

# Every type, with nulls, repeated values, quotes, line breaks and characters of several alphabets.
TABLE = f"""
    SELECT 1000 + i AS id,
        CASE WHEN i % 7 > 0 THEN ['DE', 'FR', 'España', '日本', 'a "b"', 'c, d; e', 'x' || chr(10) || 'y', '🙂'][1 + i % 8] END AS country,
        CASE WHEN i % 11 > 0 THEN ((hash(i) % 2000000)::BIGINT - 1000000)::DECIMAL(18, 2) / 100 END::DECIMAL(18, 2) AS amount,
        lpad((i * 37 % 99999)::VARCHAR, 5, '0') AS zip,
        (hash(i + 1) % 1000)::BIGINT AS quantity,
        CASE WHEN i % 5 > 0 THEN DATE '2020-02-28' + (i % 1500)::INTEGER END AS day,
        TIMESTAMP '2021-12-31 23:59:58' + INTERVAL (i * 977) SECOND AS at,
        i % 3 = 0 AS flag,
        (i + 0.5) * 1e300 AS large
    FROM range({ROWS}) AS numbers(i)
"""

TYPES = {
    "id": "integer",
    "country": "text",
    "amount": "number",
    "zip": "text",
    "quantity": "integer",
    "day": "date",
    "at": "datetime",
    "flag": "boolean",
    "large": "number",
}


def write_xlsx(connection, path):
    """A spreadsheet has no dates of its own but numbers with a format, and floats with 15 digits."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("data")
    rows = connection.execute("SELECT * EXCLUDE (large) FROM t")
    sheet.append([column[0] for column in rows.description])
    for row in rows.fetchall():
        sheet.append([float(value) if isinstance(value, Decimal) else value for value in row])
    book.save(path)


def files(connection, folder):
    """The table as a file of every kind: its engine, its connection, and the columns that it has."""
    everything = list(TYPES)
    dialects = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
    for name, delimiter in dialects.items():
        path = folder / f"{name}.csv"
        connection.execute(f"COPY t TO '{path}' (FORMAT csv, HEADER, DELIMITER '{delimiter}')")
        yield path, "csv", {}, everything
    path = folder / "utf16.csv"
    path.write_bytes((folder / "comma.csv").read_text().encode("utf-16"))
    yield path, "csv", {}, everything
    for name, array in (("lines", "false"), ("array", "true")):
        path = folder / f"{name}.json"
        connection.execute(f"COPY t TO '{path}' (FORMAT json, ARRAY {array})")
        yield path, "json", {}, everything
    path = folder / "table.parquet"
    connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    yield path, "parquet", {}, everything
    path = folder / "table.xlsx"
    write_xlsx(connection, path)
    yield path, "xlsx", {}, [name for name in everything if name != "large"]


def in_json(value):
    """A value of DuckDB's as the API writes it."""
    if hasattr(value, "hour"):
        return value.isoformat() + "Z"
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return Decimal(repr(value)) if isinstance(value, float) else value


def expected(connection, name):
    """What the API must say of a column."""
    of_column = f'SELECT count(*) > count("{name}"), count(DISTINCT "{name}"), min("{name}"), max("{name}") FROM t'
    nullable, distinct, least, greatest = connection.execute(of_column).fetchone()
    return {
        "name": name,
        "type": TYPES[name],
        "nullable": nullable,
        "distinct_count": distinct,
        "min": in_json(least),
        "max": in_json(greatest),
    }


def check(url, token, connection, path, engine, options, columns):
    source, done = import_file(url, token, path.name, path.read_bytes(), engine, options)
    assert done["rows"] == ROWS, f"{path.name}: {done}"
    own = f"{url}/api/data-sources/{source}"
    bearer = {"Authorization": f"Bearer {token}"}
    (table,) = get(f"{own}/tables/", **bearer)["results"]
    assert [column["name"] for column in table["columns"]] == columns, table
    for column in table["columns"]:
        truth = expected(connection, column["name"])
        # DuckDB orders texts by their bytes, as we do; as numbers 1 and 1.00 are the same.
        assert column == truth, f"{path.name}:\n{column}\n{truth}"
    names = ", ".join(f'"{name}"' for name in columns)
    first = connection.execute(f"SELECT {names} FROM t LIMIT 10").fetchall()
    first = [[in_json(value) for value in row] for row in first]
    preview = get(f"{own}/preview/", **bearer)
    assert preview["rows"] == first, f"{path.name}:\n{preview['rows']}\n{first}"
    print(f"{path.name}: as DuckDB says")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--local", required=True, help="the binary of tools/local")
    options = parser.parse_args()
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    connection.execute(f"CREATE TABLE t AS {TABLE}")
    with local_server(options.local) as url, tempfile.TemporaryDirectory() as folder:
        token = sign_in(url)
        for file in files(connection, pathlib.Path(folder)):
            check(url, token, connection, *file)


if __name__ == "__main__":
    main()
