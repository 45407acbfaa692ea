"""The table that the reports are about: every type, and texts that files of other programs get wrong."""

import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

ROWS = 3_000

# The name of the last one is a formula for a spreadsheet program.
COLUMNS = ["id", "text", "label", "big", "amount", "ratio", "day", "at", "flag", "=note"]

TYPES = dict(
    zip(COLUMNS, ["integer", "text", "text", "integer", "number", "number", "date", "datetime", "boolean", "text"], strict=True)
)

LABELS = ["Köln", "Bonn", "東京", "תל אביב", "القاهرة", None]

LONG = "A long cell, with \"quotes\" and <tags> & more. " * 220

TEXTS = [
    "plain", 'a "quoted" text', "with, commas; and semicolons", "two\nlines", "three\r\nlines\r\nof Windows", "=1+1", "+cmd|' /C calc'!A0",
    "@SUM(1)", "-5", "-5.25e3", "+7", "-x", "-", "-1+2", "\ttab first", "tab\tinside", "'apostrophe", "🙂 and 👩‍👩‍👧", "שלום עולם",
    "مرحبا بالعالم", "漢字とかな 한국어", " space around ", "NULL", "true", "007", "1e5", "100%", "é vs e\u0301", "_x0041_", "bell \x07",
    '"', '""', ",", "\\", "\\n", "<b>&amp;</b>", "=HYPERLINK(\"http://x\",\"y\")", "", None, LONG[:10_000],
]

# Days and instants that spreadsheet programs have another number for, or none.
DAYS = [date(1850, 5, 17), date(1900, 1, 1), date(1900, 2, 28), date(1900, 3, 1), date(9999, 12, 31), date(2024, 2, 29)]

BEGIN = datetime(2024, 1, 1, tzinfo=timezone.utc)


def row(index):
    """A row as Python's values."""
    every = lambda step, value: None if index % step == 0 else value  # noqa: E731
    return [
        index + 1,
        TEXTS[index % len(TEXTS)],
        LABELS[index * 7 % 97 % len(LABELS)],
        every(11, 100_000_000_000_000_000 + index * 7_919 * (-1) ** index),
        every(13, Decimal(index * 7_907 % 2_000_003 - 1_000_000) / 100),
        every(17, (index + 1) / 7 * 10.0 ** (index % 40 * 15 - 290)),
        every(19, DAYS[index] if index < len(DAYS) else date(2023, 1, 1) + timedelta(days=index % 1_000)),
        # 37 minutes and 11 seconds apart: over both changes of the clock, and both halves of the hour that there is twice.
        BEGIN + timedelta(seconds=index * 12_431),
        every(23, index % 3 == 0),
        [None, "", "note"][index % 3],
    ]


TABLE = [row(index) for index in range(ROWS)]


def in_json(value):
    """A value as the API writes it."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    return Decimal(repr(value)) if isinstance(value, float) else value


def as_lines(columns, rows):
    """The table as a file to import, a line of JSON a row: in CSV, an empty text would be nothing."""

    def cell(value):
        value = in_json(value)
        return str(value) if isinstance(value, Decimal) else json.dumps(value)

    lines = ("{" + ", ".join(f"{json.dumps(name)}: {cell(value)}" for name, value in zip(columns, values, strict=True)) + "}" for values in rows)
    return "\n".join(lines).encode()
