"""Pictures of widgets: an SVG has the values of the widget's data, a PNG the size that was asked for."""

import json
import struct
from decimal import Decimal
from xml.etree import ElementTree

from reports.dashboard import NO_DATA, QUERIES, SMALL

SVG = "{http://www.w3.org/2000/svg}"
MISSING_LABEL = "(none)"


def path(dashboard, title, parameters=""):
    return f"/api/dashboards/{dashboard.id}/widgets/{dashboard.widgets[title]}/chart/{parameters}"


def svg(dashboard, title, parameters=""):
    status, headers, answer = dashboard.client.send("GET", path(dashboard, title, parameters))
    assert status == 200 and headers["Content-Type"].startswith("image/svg+xml"), (status, answer)
    return ElementTree.fromstring(answer)


def check_values(dashboard, name):
    """The marks of a chart against the data of its widget."""
    title, _ = QUERIES[name]
    root = svg(dashboard, title)
    assert root.tag == f"{SVG}svg" and root.find(f"{SVG}title").text == title and root.find(f"{SVG}desc").text
    data = dashboard.client.json("GET", f"/api/dashboards/{dashboard.id}/widgets/{dashboard.widgets[title]}/data/")
    columns, rows = data["columns"], data["rows"]
    marks = [element for element in root.iter() if "data-value" in element.attrib]
    values = sorted(json.loads(mark.get("data-value"), parse_float=Decimal) for mark in marks)
    measures = [index for index, column in enumerate(columns) if column["role"] == "measure"]
    expected = sorted(row[index] for row in rows for index in measures if row[index] is not None)
    assert values == expected, f"{values} is not {expected}"
    if columns[0]["type"] == "text":
        named = {(mark.get("data-dimension"), Decimal(mark.get("data-value"))) for mark in marks}
        wanted = {(row[0] or MISSING_LABEL, Decimal(row[index])) for row in rows for index in measures}
        assert named == wanted, f"{named} is not {wanted}"
    return f"{len(marks)} marks of {title!r} have the values of its data"


def check_texts(dashboard):
    """A text, and a table, are drawn as text."""
    note = "".join(svg(dashboard, "A note").itertext())
    assert all(text in note for text in ("Read this", "& <more>")), note
    table = "".join(svg(dashboard, SMALL[0]).itertext())
    assert all(text in table for text in ("שלום", "🙂", "漢字", "=1+1", "123,456,789")), table
    return "a text and a table are read as such"


def check_sizes(dashboard):
    title = QUERIES["bar"][0]
    root = svg(dashboard, title, "?width=321&height=123&theme=dark")
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("321", "123", "0 0 321 123"), root.attrib
    for parameters, size in (("", (640, 400)), ("?width=321&height=123", (321, 123)), ("?width=200&height=150&scale=3", (600, 450))):
        status, headers, answer = dashboard.client.send("GET", path(dashboard, title, parameters), Accept="image/png")
        assert status == 200 and headers["Content-Type"] == "image/png", (status, answer[:200])
        assert answer[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", answer[16:24]) == size, (parameters, answer[:24])
    return "SVG and PNG have the size that was asked for"


def check_statuses(dashboard):
    """What there is no picture for, and what the client has already."""
    title = QUERIES["bar"][0]
    for accept in ("image/svg+xml", "image/png"):
        _, headers, _ = dashboard.client.send("GET", path(dashboard, title), Accept=accept)
        again, _, body = dashboard.client.send("GET", path(dashboard, title), Accept=accept, If_None_Match=headers["ETag"])
        assert again == 304 and not body, (accept, again)
        other, _, _ = dashboard.client.send("GET", path(dashboard, title, "?theme=dark"), Accept=accept, If_None_Match=headers["ETag"])
        assert other == 200, (accept, other)
    for parameters, field in (("?width=99", "width"), ("?height=4001", "height"), ("?width=wide", "width"), ("?theme=pink", "theme"), ("?x=1", "x")):
        status, _, answer = dashboard.client.send("GET", path(dashboard, title, parameters))
        assert status == 400 and field in answer.decode(), (parameters, status, answer)
    status, _, answer = dashboard.client.send("GET", path(dashboard, NO_DATA))
    assert status == 409, (status, answer)
    return "304 to who has it, 400 to bad parameters, 409 without data"


def check_all(check, dashboard):
    for name in ("bar", "line", "pie", "metric"):
        check(check_values, dashboard, name)
    check(check_texts, dashboard)
    check(check_sizes, dashboard)
    check(check_statuses, dashboard)
