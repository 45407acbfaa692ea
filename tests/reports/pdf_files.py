"""Reports as PDF: what poppler and qpdf read in them."""

import re
import tempfile
import unicodedata
from datetime import date, datetime
from zoneinfo import ZoneInfo

from reports.checks import command
from reports.dashboard import NO_DATA, QUERIES, SMALL, SMALL_ROWS
from reports.table import COLUMNS

TITLE = "A report of <all> & שלום"


def letters(text):
    """The letters of a text in any order: programs differ in how they write what goes from right to left."""
    return sorted(character for character in text if not character.isspace() and unicodedata.category(character) != "Cf")


def words(line):
    return line.split()


def check_info(path, run):
    info = dict(re.split(r":\s*", line, maxsplit=1) for line in command("pdfinfo", path).splitlines() if ":" in line)
    assert int(info["Pages"]) == run["pages"] > 1, info
    assert letters(info["Title"]) == letters(TITLE), info
    assert info["Tagged"] == "yes" and info["Encrypted"] == "no", info
    return f"{run['pages']} pages, titled and tagged"


def check_fonts(path):
    lines = command("pdffonts", path).splitlines()[2:]
    # Name, type, encoding, embedded, subset, with text.
    for line in lines:
        assert re.search(r"\s(yes)\s+(yes|no)\s+(yes)\s+\d+\s+\d+$", line), line
    assert len(lines) >= 5, lines
    return f"{len(lines)} fonts, all embedded, with the text of their glyphs"


def check_structure(path):
    said = command("qpdf", "--check", path)
    assert "No syntax or stream encoding errors found" in said and "WARNING" not in said, said
    return "qpdf finds no mistake"


def check_cover(pages, dashboard):
    first = pages[0]
    for text in ("Everything", "Jane Smith", "2024-03-01 to 2024-05-31", "America/New_York", "is one of Köln, Bonn"):
        assert text in first, f"{text!r} is not on the first page:\n{first[:1500]}"
    assert letters(TITLE) == letters(first.strip().splitlines()[0]), first[:300]
    whole = "\n".join(pages)
    for title, _ in QUERIES.values():
        assert title in whole, title
    for text in (NO_DATA, "Nothing has been imported yet.", "Read this", SMALL[0]):
        assert text in whole, text
    return "the first page says what the report is about"


def check_pages(pages, run):
    for number, page in enumerate(pages, 1):
        line = page.strip().splitlines()[-1]
        assert f"Page {number} of {run['pages']}" in line, f"page {number}: {line!r}"
    return "each page says which of how many it is"


def check_small(pages):
    """Letters that are not Latin, and what looks like a formula."""
    whole = "\n".join(pages)
    lines = whole[whole.index(SMALL[0]) :].splitlines()
    for name, number in SMALL_ROWS:
        shown = f"{number:,}".replace("-", "")
        line = next((line for line in lines if shown in words(line.replace("-", " ").replace("−", " "))), "")
        assert all(letter in letters(line) for letter in letters(name)), f"{name} {number}: {line!r}"
    return f"{len(SMALL_ROWS)} rows in as many scripts"


def tables(pages, numbers):
    """The lines of each part of the long table, by its heading: those that begin with the number of a row."""
    parts, is_over = {}, False
    for number, page in enumerate(pages, 1):
        heading = None
        for line in page.splitlines():
            first = words(line)[:1]
            is_over = is_over or line.strip() == QUERIES["totals"][0]
            if is_over:
                return parts
            if first == ["Id"]:
                heading = tuple(words(line))
            elif first and first[0] in numbers:
                assert heading, f"page {number} has no heading above {line!r}"
                parts.setdefault(heading, {})[first[0]] = line
    return parts


def check_table(pages, dashboard, filters, time_range, zone):
    """The long table: each row by its number, and its heading on each of its pages. It has two parts, one below the other."""
    result = dashboard.answer("table", filters, time_range=time_range, timezone=zone)
    numbers = {str(row[0]) for row in result["rows"]}
    parts = tables(pages, numbers)
    assert sorted(word for part in parts for word in part) == sorted(["Id", "Id", *(humanized(name) for name in COLUMNS[1:])]), list(parts)
    for heading, lines in parts.items():
        missing = sorted(numbers - set(lines), key=int)
        assert not missing, f"{len(missing)} of {len(numbers)} rows are not below {heading}, the first: {missing[:3]}"
    return f"{len(numbers)} rows in {len(parts)} parts, with the heading on each page"


def check_cells(pages, dashboard, filters, time_range, zone):
    """The cells of each row whose texts are on one line."""
    result = dashboard.answer("table", filters, time_range=time_range, timezone=zone)
    parts = tables(pages, {str(row[0]) for row in result["rows"]})
    count = 0
    for row in result["rows"]:
        identifier, text, label, big, amount, _, day, at, flag, note = row
        if text not in ("plain", "-5", "007", "@SUM(1)"):
            continue
        said = " ".join(lines[str(identifier)] for lines in parts.values() if str(identifier) in lines)
        # Without the marks of a text's direction.
        said = " ".join(words("".join(character for character in said if unicodedata.category(character) != "Cf")))
        local = datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(ZoneInfo(zone))
        clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
        cells = [str(identifier), text, label, big, amount and f"{amount:.2f}", day and written(date.fromisoformat(day))]
        cells += [f"{written(local)}, {clock}", {True: "Yes", False: "No", None: None}[flag], note]
        for cell in cells:
            assert str("–" if cell is None else cell) in said, f"{cell!r} is not in {said!r}"
        count += 1
    assert count > 5, count
    return f"the cells of {count} rows are as people write them"


def check_totals(pages, dashboard, filters, time_range, zone):
    """The totals are below the rows."""
    title = QUERIES["totals"][0]
    _, revenue, rows, latest = dashboard.answer("totals", filters, time_range=time_range, timezone=zone)["totals"]
    whole = "\n".join(pages)
    line = next(line for line in whole[whole.index(title) :].splitlines() if words(line)[:1] == ["Total"])
    wanted = f"Total {revenue:,f} {rows:,} {written(date.fromisoformat(latest))}"
    assert " ".join(words(line)) == wanted, f"{line!r} is not {wanted!r}"
    return f"below {title!r} are its totals"


def written(day):
    return f"{day:%b} {day.day}, {day.year}"


def humanized(name):
    return name if name.startswith("=") else name.capitalize()


def check_file(check, dashboard, made, filters, time_range, zone):
    run, headers, file = made
    with tempfile.NamedTemporaryFile(suffix=".pdf") as saved:
        saved.write(file)
        saved.flush()
        check(check_info, saved.name, run)
        check(check_fonts, saved.name)
        check(check_structure, saved.name)
        pages = command("pdftotext", "-layout", saved.name, "-").removesuffix("\f").split("\f")
    check(check_cover, pages, dashboard)
    check(check_pages, pages, run)
    check(check_small, pages)
    check(check_table, pages, dashboard, filters, time_range, zone)
    check(check_cells, pages, dashboard, filters, time_range, zone)
    check(check_totals, pages, dashboard, filters, time_range, zone)
