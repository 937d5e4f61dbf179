#!/usr/bin/env python3
"""Which folder may include what, where permission is decided, and that the demonstration goes the
way of the users. The rules are the tables below; there are no exceptions."""
import re

from common import ROOT, finish, relative, tracked

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)

# (header pattern, folders that may include it)
ALLOWED = [
    (r"^libpq-fe\.h$", ("server/store/", "tests/")),
    (r"^nng/", ("client/rpc/", "server/rpc/", "tests/")),
    (r"\.pb-c\.h$", ("shared/wire/", "server/handlers/", "client/rpc/", "tests/")),
    (r"^coin/", ("server/protect/", "tests/")),
    (r"^sqlite3\.h$", ("client/outbox/", "tests/")),
    (r"^identity/", ("client/identity/", "client/import/", "tests/")),
    (r"^store/case/", ("server/store/case/", "server/publish/", "server/handlers/intake/", "server/main/intake.c",
                       "server/main/publish.c", "tests/")),
]
# folder -> headers that it must never include
PURE = r"^(nng/|libpq-fe\.h$|.*\.pb-c\.h$|time\.h$|sys/time\.h$|stdio_ext\.h$|unistd\.h$|sys/socket\.h$)"
FORBIDDEN = [
    ("server/domain/", PURE),
    ("server/protect/", PURE),
    ("shared/rules/", PURE),
    ("shared/stats/", PURE),
    ("shared/", r"^(store|handlers|publish|protect|domain|outbox|import|identity)/"),
    ("client/", r"^(store|handlers|publish|protect|domain)/"),
    ("server/", r"^(outbox|import|identity)/"),
    ("server/protect/", r"^(store|handlers|publish|rpc|domain|rules|wire|crypto)/"),
    ("server/domain/", r"^(store|handlers|publish|rpc)/"),
    ("server/store/", r"^(handlers|publish|rpc)/"),
    ("server/rpc/", r"^(handlers|publish|store|domain|protect)/"),
    ("server/handlers/pool/", r"^store/case/"),
    ("shared/base/", r"^(rules|wire|crypto|stats)/"),
    ("shared/rules/", r"^(wire|crypto|stats)/"),
    ("shared/crypto/", r"^(rules|wire|stats)/"),
    ("shared/stats/", r"^(rules|wire|crypto)/"),
]


# Who may call is a column of the method table: a handler does not ask for the caller's role. Only
# what turns it into a database role (gate_*) or an audience (audience_*) reads it.
ROLE = re.compile(r"\bcall->principal\.role\b")
ROLE_FILES = re.compile(r"^server/handlers/(.*/)?(gate|audience)_\w+\.[ch]$")
# The demonstration goes the way of the users: it opens no database.
DATABASE = re.compile(r"psql|COPY |INSERT ")


def permission_problems(name, text):
    if name.startswith("server/handlers/") and not ROLE_FILES.match(name):
        return [f"{name}: {match.group(0)} in a handler: permission is the gate's" for match in ROLE.finditer(text)]
    return []


def main():
    problems = []
    demo = ROOT / "server/local/demo.sh"
    problems += [f"server/local/demo.sh: {match.group(0)}" for match in DATABASE.finditer(demo.read_text())]
    files = tracked("shared/*.[ch]", "client/*.[ch]", "server/*.[ch]")
    for path in files:
        name = relative(path)
        problems += permission_problems(name, path.read_text())
        for header in INCLUDE.findall(path.read_text()):
            for pattern, folders in ALLOWED:
                if re.search(pattern, header) and not name.startswith(folders):
                    problems.append(f'{name}: includes "{header}", which only {", ".join(folders)} may')
            for folder, pattern in FORBIDDEN:
                if name.startswith(folder) and re.search(pattern, header):
                    problems.append(f'{name}: {folder} must not include "{header}"')
            if header.startswith(".."):
                problems.append(f'{name}: includes "{header}" by a path that climbs')
    assert (ROOT / "shared/base/err.h").exists()
    finish("lint.layers", len(files), problems)


main()
