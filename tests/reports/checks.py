"""Running checks one after another, each to its end."""

import subprocess


class Checks:
    """The checks of a run, and which of them failed."""

    def __init__(self):
        self.failed = 0

    def __call__(self, check, *arguments):
        """Runs a check, which says in a line what it found, or what differs."""
        name = f"{check.__module__.removeprefix('reports.')}.{check.__name__}"
        try:
            print(f"{name}: {check(*arguments)}", flush=True)
        except (AssertionError, subprocess.CalledProcessError, LookupError, TypeError, ValueError) as error:
            self.failed += 1
            print(f"{name}: FAILED: {type(error).__name__}: {str(error)[:4000]}", flush=True)


def differing(ours, theirs, same=lambda one, other: one == other):
    """The first rows that are not the same, shortened."""
    assert len(ours) == len(theirs), f"{len(ours)} rows, {len(theirs)} expected"
    for index, (row, expected) in enumerate(zip(ours, theirs, strict=True)):
        assert len(row) == len(expected), f"row {index}: {len(row)} cells, {len(expected)} expected"
        for column, (cell, wanted) in enumerate(zip(row, expected, strict=True)):
            assert same(cell, wanted), f"row {index}, column {column}: {str(cell)[:200]!r} is not {str(wanted)[:200]!r}"


def command(*arguments, stdin=None):
    """What a program prints."""
    done = subprocess.run(arguments, input=stdin, capture_output=True, check=False)
    assert done.returncode == 0, f"{arguments[0]}: {done.returncode}: {done.stdout.decode()[-500:]}{done.stderr.decode()[-1500:]}"
    return done.stdout.decode()
