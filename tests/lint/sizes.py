#!/usr/bin/env python3
"""Functions of at most 70 lines and a median of at most 18, files of at most 500, headers of
at most 150. Functions are found by the project's format: a body opens with `{` in column 0."""
import re
import statistics

from common import finish, relative, tracked

FUNCTION_LINES_MAX = 70
FUNCTION_MEDIAN_MAX = 18
FILE_LINES_MAX = 500
HEADER_LINES_MAX = 150


def function_lengths(lines):
    """Yields (name, first line number, lines) of each function body."""
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            head = " ".join(lines[max(0, start - 6):start - 1])
            names = re.findall(r"(\w+)\(", head)
            yield (names[-1] if names else "?", start, number - start + 2)
            start = None


def main():
    problems = []
    lengths = []
    files = tracked("*.c", "*.h")
    for path in files:
        name = relative(path)
        lines = path.read_text().splitlines()
        limit = HEADER_LINES_MAX if path.suffix == ".h" else FILE_LINES_MAX
        if len(lines) > limit:
            problems.append(f"{name}: {len(lines)} lines, at most {limit}")
        for function, line, length in function_lengths(lines):
            if not name.startswith("tests/"):
                lengths.append(length)
            if length > FUNCTION_LINES_MAX:
                problems.append(f"{name}:{line}: {function} has {length} lines, at most {FUNCTION_LINES_MAX}")
    median = statistics.median(lengths)
    print(f"functions outside tests: {len(lengths)}, median {median} lines")
    if median > FUNCTION_MEDIAN_MAX:
        problems.append(f"median function of {median} lines, at most {FUNCTION_MEDIAN_MAX}")
    finish("lint.sizes", len(files), problems)


main()
