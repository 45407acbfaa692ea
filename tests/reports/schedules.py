"""Schedules: the next times of reports against walking through time, around changes of clocks."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo, reset_tzpath

# The zones of the package tzdata, which are as new as the API's own; those of the system may be years old.
reset_tzpath(to=[])

ZONES = [
    "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Pacific/Chatham", "Africa/Casablanca", "Asia/Kolkata",
]
DAYS = 420
# Clocks differ from UTC by quarters of an hour, and so do the minutes that are asked for.
STEP = timedelta(minutes=15)


class Walk:
    """A zone's clock from a time on: each time that it shows, the first time that it does."""

    def __init__(self, name, begin):
        zone, self.times, self.changes, seen = ZoneInfo(name), [], [], set()
        # What the clock has shown before is not to be counted when it shows it again.
        instant = begin.replace(minute=0, second=0) - timedelta(hours=3)
        before = None
        for _ in range(DAYS * 96):
            local = instant.astimezone(zone)
            if before is not None and local.utcoffset() != before.utcoffset():
                self.changes.append((before, local))
            shown = local.replace(tzinfo=None, fold=0)
            if shown not in seen and instant > begin:
                self.times.append((instant, shown))
            seen.add(shown)
            before, instant = local, instant + STEP

    def next(self, minute, hours, days=None, months=None, weekdays=None):
        """The next three times; fields that are not said are any."""

        def is_due(shown):
            return (
                shown.minute == minute
                and (hours is None or shown.hour in hours)
                and (days is None or shown.day in days)
                and (months is None or shown.month in months)
                and (weekdays is None or shown.isoweekday() % 7 in weekdays)
            )

        due = (instant for instant, shown in self.times if is_due(shown))
        return [instant.strftime("%Y-%m-%dT%H:%M:%SZ") for instant, _ in zip(due, range(3), strict=False)]


def text(minute, hours=None, days=None, months=None, weekdays=None):
    fields = [[minute], hours, days, months, weekdays]
    return " ".join("*" if field is None else ",".join(map(str, sorted(field))) for field in fields)


def crons(walk):
    """Expressions that are due every now and then, and those that are at the changes of the clock."""
    yield 0, [8], None, None, [1]
    yield 30, None, None, None, None
    yield 45, [0, 23], [1, 15, 31], None, None
    yield 15, [12], None, [2, 6], [0, 6]
    for before, after in walk.changes:
        # The hours that are skipped, or there twice, and those beside them, of three days.
        hours = sorted({(after.hour + offset) % 24 for offset in (-2, -1, 0, 1)})
        days = [(after + timedelta(days=offset)) for offset in (-1, 0, 1)]
        months = sorted({day.month for day in days})
        for minute in (0, 15, 30, 45):
            for hour in hours:
                yield minute, [hour], sorted({day.day for day in days}), months, None
            yield minute, hours, [after.day], [after.month], None


def check_zone(client, report, name):
    path = f"/api/reports/{report['id']}/"
    begin = datetime.now(timezone.utc).replace(microsecond=0)
    walk = Walk(name, begin)
    count = 0
    for cron in crons(walk):
        schedule = {"cron": text(*cron), "timezone": name, "enabled": True}
        changed = client.json("PATCH", path, {"schedule": schedule})
        found, expected = changed["next_runs"], walk.next(*cron)
        # A time may have come since.
        assert found[: len(expected)] == expected or found[0] == expected[1], f"{schedule}: {found} is not {expected}"
        count += 1
    paused = client.json("PATCH", path, {"schedule": {**schedule, "enabled": False}})
    assert paused["next_runs"] == [], paused
    return f"{count} expressions in {name}, {len(walk.changes)} changes of its clock"


def check_all(check, client, dashboard):
    report = client.make(dashboard.id, "csv")
    for name in ZONES:
        check(check_zone, client, report, name)
