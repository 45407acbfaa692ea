"""Reports as CSV: what Python and DuckDB read in them is what the query answers."""

import csv
import io
import re
import tempfile
import urllib.parse
import zipfile
from decimal import Decimal

import duckdb

from reports.checks import differing
from reports.dashboard import NO_DATA, QUERIES, SMALL

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")

csv.field_size_limit(1 << 20)


def escaped(text):
    """A text as it is where formulas are escaped."""
    is_formula = text[:1] in ("=", "@", "\t", "\r") or (text[:1] in ("+", "-") and not NUMBER.fullmatch(text))
    return f"'{text}" if is_formula and text else text


def cells(result, escape):
    """A result's heading and rows as texts; None where nothing is."""

    def cell(value):
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return escape(value)
        return value

    return [[escape(column["name"]) for column in result["columns"]], *([cell(value) for value in row] for row in result["rows"])]


def is_same(text, value):
    """Whether a cell's text says a value."""
    if isinstance(value, (int, Decimal)):
        return text not in ("", None) and Decimal(text) == value
    return text == value


def entries(file):
    """The files of an archive by the titles of their widgets."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert archive.testzip() is None
        return {name[3:].rpartition(".")[0]: (name, archive.read(name)) for name in archive.namelist()}


def by_duckdb(file):
    with tempfile.NamedTemporaryFile(suffix=".csv") as saved:
        saved.write(file)
        saved.flush()
        connection = duckdb.connect()
        connection.execute("SET threads = 1")
        read = f"""SELECT * FROM read_csv('{saved.name}', all_varchar = true, header = false, auto_detect = false, delim = ',',
            quote = '"', escape = '"', allow_quoted_nulls = false, columns = {{COLUMNS}})"""
        count = len(next(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""))))
        columns = "{" + ", ".join(f"'c{index}': 'VARCHAR'" for index in range(count)) + "}"
        rows = connection.execute(read.replace("{COLUMNS}", columns)).fetchall()
        return [list(row) for row in rows]


def check_rows(dashboard, file, zone):
    """A file with formulas escaped."""
    found = entries(file)
    files = [re.sub(r'[<>:"/\\|?*]', "_", title) for title, _ in [*QUERIES.values(), SMALL]]
    assert list(found) == [*files, NO_DATA], list(found)
    for name, file_name in zip(QUERIES, files, strict=False):
        result = dashboard.answer(name, timezone=zone)
        _, content = found[file_name]
        assert not content.startswith(BYTE_ORDER_MARK)
        expected = cells(result, escaped)
        read = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
        differing(read, [["" if value is None else value for value in row] for row in expected], is_same)
        differing(by_duckdb(content), expected, is_same)
    name, reason = found[NO_DATA]
    assert name.endswith(".txt") and reason == b"Nothing has been imported yet.\r\n", (name, reason)
    return f"Python and DuckDB read the rows of {len(QUERIES)} widgets"


def check_bytes(dashboard, file, zone):
    """A file with a mark, and formulas as they are."""
    found = entries(file)
    for name, (title, _) in QUERIES.items():
        _, content = found[re.sub(r'[<>:"/\\|?*]', "_", title)]
        expected = BYTE_ORDER_MARK + dashboard.client.answer_as_csv(dashboard.source, dashboard.query(name, timezone=zone))
        assert content == expected, f"{title}: {content[:300]!r} is not {expected[:300]!r}"
    return f"the rows of {len(QUERIES)} widgets are those of text/csv, byte for byte, behind a byte order mark"


def check_one_file(dashboard, headers, file):
    """A dashboard of one widget makes one file, and no archive."""
    assert headers["Content-Type"] == "text/csv; charset=utf-8", headers["Content-Type"]
    named = urllib.parse.unquote(headers["Content-Disposition"])
    assert re.search(r"^attachment; .*One widget \d{4}-\d\d-\d\d\.csv$", named), named
    expected = dashboard.client.answer_as_csv(dashboard.source, dashboard.query("table"))
    assert file == expected, f"{file[:300]!r} is not {expected[:300]!r}"
    return f"one widget makes one file of {len(file)} bytes, that of text/csv"
