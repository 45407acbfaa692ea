"""Reports as XLSX: what openpyxl reads in them is what the query answers, with the types of its columns."""

import io
import re
import zipfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import openpyxl
from openpyxl.utils.escape import unescape

from reports.dashboard import NO_DATA, QUERIES, SMALL

CHARTS = {"bar": ("BarChart", 2), "line": ("LineChart", 1), "pie": ("PieChart", 1)}
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
MAX_INTEGER = 10**15


def expected(value, column_type, zone):
    """A value as a cell, with the letter of its type."""
    if value is None or value == "":
        return None, "n"
    if column_type == "boolean":
        return value, "b"
    if column_type == "text":
        return FORBIDDEN.sub("\ufffd", value), "s"
    if column_type == "integer":
        return (str(value), "s") if abs(value) >= MAX_INTEGER else (value, "n")
    if column_type == "number":
        return float(value), "n"
    if column_type == "date":
        day = date.fromisoformat(value)
        return (value, "s") if day.year < 1900 else (datetime(day.year, day.month, day.day), "d")
    assert column_type == "datetime", column_type
    instant = datetime.fromisoformat(value.replace("Z", "+00:00"))
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None), "d"


def is_same(cell, value):
    if isinstance(value, datetime):
        return isinstance(cell, datetime) and abs(cell - value) < timedelta(milliseconds=2)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        # A spreadsheet has no integers: openpyxl tells them by how they are written. Its numbers have 15 digits.
        return isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(Decimal(cell) - Decimal(value)) <= abs(Decimal(value)) * Decimal("1e-15")
    return type(cell) is type(value) and cell == value


def check_rows(book, dashboard, name, filters, zone):
    """The sheet of a widget."""
    title, _ = QUERIES[name]
    sheet = book[re.sub(r"[\[\]:*?/\\]", "_", title)]
    result = dashboard.answer(name, filters, timezone=zone)
    columns = result["columns"]
    heading = [sheet.cell(1, index + 1).value for index in range(len(columns))]
    assert heading == [column["name"] for column in columns], heading
    assert sheet.freeze_panes == "A2", sheet.freeze_panes
    assert all(sheet.cell(1, index + 1).font.bold for index in range(len(columns)))
    rows = result["rows"]
    if result["totals"]:
        rows = [*rows, ["Total", *result["totals"][1:]]]
    assert sheet.max_row == len(rows) + 1, f"{sheet.max_row} rows, {len(rows) + 1} expected"
    for index, row in enumerate(rows):
        for number, (value, column) in enumerate(zip(row, columns, strict=True)):
            cell = sheet.cell(index + 2, number + 1)
            wanted, data_type = expected(value, column["type"], zone)
            # XML has no lone returns: the format writes them as _x000D_, which openpyxl leaves to its callers.
            found = unescape(cell.value) if isinstance(cell.value, str) else cell.value
            assert is_same(found, wanted), f"{cell.coordinate}: {str(found)[:200]!r} is not {str(wanted)[:200]!r}"
            assert cell.data_type == data_type, f"{cell.coordinate}: {cell.data_type} is not {data_type} ({found!r})"
    of_totals = ", its totals" if result["totals"] else ""
    return f"{len(result['rows'])} rows of {title!r}{of_totals}, their types, and a heading that stays"


def check_formulas(file):
    """No cell is a formula; openpyxl takes texts that begin with = for some."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        sheets = [name for name in archive.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)]
        for name in sheets:
            assert not re.search(rb"<f[ >]", archive.read(name)), name
    return f"no formula on {len(sheets)} sheets"


def check_charts(book, dashboard, filters, zone):
    for name, (title, _) in QUERIES.items():
        sheet = book[re.sub(r"[\[\]:*?/\\]", "_", title)]
        found = [(type(chart).__name__, len(chart.series)) for chart in sheet._charts]
        wanted = [CHARTS[name]] if name in CHARTS else []
        assert found == wanted, f"{title}: {found} is not {wanted}"
        for chart in sheet._charts:
            count = len(dashboard.answer(name, filters, timezone=zone)["rows"])
            for series in chart.series:
                cells = series.val.numRef.f
                first, last = re.fullmatch(r".*!\$[A-Z]+\$(\d+):\$[A-Z]+\$(\d+)", cells).groups()
                assert (int(first), int(last)) == (2, count + 1), f"{title}: {cells}, {count} rows"
                assert series.cat is not None, title
    return f"{len(CHARTS)} charts over all rows of their sheets"


def check_overview(book, headers, run):
    """The first sheet: what the report is about, the widgets, and which one has no data."""
    sheet = book.worksheets[0]
    assert sheet.title == "Report", book.sheetnames
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    flat = [str(value) for row in rows for value in row if value is not None]
    for text in ("A xlsx", "Everything", "Jane Smith"):
        assert any(text in cell for cell in flat), (text, flat)
    assert any("label" in cell and "Köln" in cell for cell in flat), flat
    listed = {row[0]: row for row in rows if row[0]}
    for title, _ in [*QUERIES.values(), SMALL]:
        assert listed[title][1] in book.sheetnames and isinstance(listed[title][3], (int, float)), listed[title]
    assert listed[NO_DATA][1] is None and listed[NO_DATA][4] == "Nothing has been imported yet.", listed[NO_DATA]
    assert "Read this" in listed["A note"][4], listed["A note"]
    assert len(book.sheetnames) == len(QUERIES) + 2, book.sheetnames
    assert run["rows"] == sum(listed[title][3] for title, _ in [*QUERIES.values(), SMALL]), run
    assert NO_DATA in run["reason"], run
    assert headers["Content-Type"].endswith("spreadsheetml.sheet"), headers["Content-Type"]
    return "the first sheet lists the widgets, and says which has no data"


def check_small(book, dashboard):
    """The filter of the report is on a field that this widget's table lacks."""
    sheet = book[SMALL[0]]
    result = dashboard.client.answer(dashboard.small, SMALL[1])
    found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert found == result["rows"], f"{found} is not {result['rows']}"
    return "a widget without the field of a filter has all its rows"


def check_file(check, dashboard, made, filters, zone):
    run, headers, file = made
    book = openpyxl.load_workbook(io.BytesIO(file))
    check(check_overview, book, headers, run)
    for name in QUERIES:
        check(check_rows, book, dashboard, name, filters, zone)
    check(check_small, book, dashboard)
    check(check_formulas, file)
    check(check_charts, book, dashboard, filters, zone)
