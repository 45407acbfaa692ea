"""Reports as PDF: what poppler and qpdf read in them."""

import re
import tempfile
import unicodedata

from reports.checks import command
from reports.dashboard import NO_DATA, QUERIES, SMALL, SMALL_ROWS

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


def check_table(pages, dashboard, filters, time_range, zone):
    """The long table: each row by its number, and its heading on each of its pages."""
    result = dashboard.answer("table", filters, time_range=time_range, timezone=zone)
    numbers = {str(row[0]) for row in result["rows"]}
    heading, parts, found = None, 0, set()
    for page in pages:
        lines = [line for line in page.splitlines() if line.strip()]
        headings = [index for index, line in enumerate(lines) if words(line)[:2] == ["Id", "Text"]]
        first = [words(line)[0] for line in lines]
        of_table = [word for word in first if word in numbers]
        if headings:
            heading = heading or words(lines[headings[0]])
            parts += 1
            found.update(of_table)
            continue
    assert found == numbers, f"{len(numbers - found)} rows are not there: {sorted(numbers - found)[:5]}"
    assert parts > 1, parts
    return f"{len(found)} rows on {parts} pages, each with the heading"


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
