#!/usr/bin/env python3
"""No CPR-shaped number is in the tree but published examples and replacement numbers (day + 60),
and nothing like a private key."""
import re

from common import finish, relative, tracked

SHAPE = re.compile(r"(?<![\d.])(\d{2})(\d{2})(\d{2})-?(\d{4})(?![\d.])")
# Published examples: CPR office, python-stdnum's doc tests, npm danish-ssn's README.
PUBLISHED = {"0707614285", "2110625629", "0610937438", "1111111118", "0101650001"}
KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
SKIP = ("tests/data/oracles/", "tests/lint/privacy.py")


def is_person(day, month):
    return 1 <= day <= 31 and 1 <= month <= 12


def main():
    problems = []
    files = [p for p in tracked() if not relative(p).startswith(SKIP)]
    for path in files:
        text = path.read_bytes().decode("latin-1")
        if KEY.search(text):
            problems.append(f"{relative(path)}: holds a private key")
        for match in SHAPE.finditer(text):
            day, month = int(match[1]), int(match[2])
            if is_person(day, month) and "".join(match.groups()) not in PUBLISHED:
                line = text.count("\n", 0, match.start()) + 1
                problems.append(f"{relative(path)}:{line}: a number shaped like a CPR number")
    finish("lint.privacy", len(files), problems)


main()
