"""The dashboard that the reports show, and what each widget's rows must be."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from reports.table import COLUMNS, ROWS, TABLE, TYPES, as_lines, in_json  # noqa: E402
from server import import_file  # noqa: E402

EVERYTHING = {"dimensions": [{"field": name} for name in COLUMNS]}
SUM = {"field": "amount", "aggregation": "sum", "as": "revenue"}
COUNT = {"aggregation": "count", "as": "rows"}
NO_DATA = "Nothing is here"

# Titles and queries of the widgets over the table, by what they are.
QUERIES = {
    "table": ("All: rows", EVERYTHING),
    "totals": (
        "Labels [totals]",
        {"dimensions": [{"field": "label"}], "measures": [SUM, COUNT, {"field": "day", "aggregation": "max", "as": "latest"}], "totals": True},
    ),
    "bar": ("Revenue by label", {"dimensions": [{"field": "label"}], "measures": [SUM, COUNT]}),
    "line": (
        "Revenue by month",
        {
            "dimensions": [{"field": "at", "grain": "month", "as": "month"}],
            "measures": [SUM],
            "time_range": {"field": "at", "from": "2024-03-01", "to": "2024-11-01"},
        },
    ),
    "pie": ("Share of labels", {"dimensions": [{"field": "label"}], "measures": [COUNT]}),
    "metric": ("Revenue", {"measures": [SUM]}),
}
SMALL = ("A small table", {"dimensions": [{"field": "name"}], "measures": [{"field": "n", "aggregation": "sum", "as": "n"}]})
SMALL_ROWS = [["שלום", 1], ["🙂", -2], ["漢字", 3], ["=1+1", 123_456_789]]


class Dashboard:
    """The dashboard as it was made."""

    def __init__(self, client):
        self.client = client
        self.source, _ = import_file(client.url, client.token, "table", as_lines(COLUMNS, TABLE), "json")
        self.small, _ = import_file(client.url, client.token, "small", as_lines(["name", "n"], SMALL_ROWS), "json")
        self.empty = client.json("POST", "/api/data-sources/", {"name": "Empty", "type": "file", "engine": "csv", "connection": {}})["id"]
        widgets = [(name, title, self.source, query) for name, (title, query) in QUERIES.items()]
        widgets += [("table", SMALL[0], self.small, SMALL[1]), ("table", NO_DATA, self.empty, SMALL[1])]
        body = [
            {"title": title, "type": "table" if kind == "totals" else kind, "data_source": source, "query": query, "position": at(index)}
            for index, (kind, title, source, query) in enumerate(widgets)
        ]
        note = {"title": "A note", "type": "text", "options": {"text": "# Read this\n\nThe **text** & <more>."}, "position": at(len(body))}
        body.append(note)
        made = client.json("POST", "/api/dashboards/", {"name": "Everything", "widgets": body})
        self.id, self.user = made["id"], made["created_by"]
        self.widgets = {widget["title"]: widget["id"] for widget in made["widgets"]}

    def query(self, name, filters=(), **changes):
        """The query of a widget over the table, as a report changes it."""
        _, query = QUERIES[name]
        return {**query, "filters": list(filters), **changes}

    def answer(self, name, filters=(), **changes):
        return self.client.answer(self.source, self.query(name, filters, **changes))


def at(index):
    """One below the other."""
    return {"x": 0, "y": index * 4, "width": 12, "height": 4}


def check_import(dashboard):
    """The rows of the query are those that the file had."""
    result = dashboard.answer("table")
    assert [(column["name"], column["type"]) for column in result["columns"]] == list(TYPES.items()), result["columns"]
    for ours, theirs in zip(TABLE, result["rows"], strict=True):
        assert [in_json(value) for value in ours] == theirs, f"\n{ours}\n{theirs}"
    return f"{ROWS} rows are answered as they were imported"
