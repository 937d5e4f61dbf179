#!/usr/bin/env python3
"""The top level is exactly the documented one, every folder says what lives there, and the
project speaks of nothing outside itself."""
import re

from common import ROOT, finish, relative, tracked

TOP = {"proto", "server", "client", "shared", "sql", "tests", "docker-compose.yml", "CMakeLists.txt",
       "README.md", "LICENSE", "fremgang"}
README_LINES_MAX = 40
# Folders of generated or plain data need no README of their own: their parent's speaks for them.
NO_README = re.compile(r"^(\..*|proto/.+|tests/.+/.+|sql/.+|client/(?!import|identity|outbox|rpc).+)$")
OUTSIDE = re.compile(r"\.\./shared|/work/|/tmp/w/|\bfarm-|\boracles/README|issues? #?\d+\b", re.I)
LINKS = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")


def main():
    problems = []
    files = tracked()
    names = {relative(p) for p in files}
    for top in sorted({name.split("/")[0] for name in names} - TOP):
        if not top.startswith(".") and top != "CMakePresets.json":
            problems.append(f"{top}: not part of the top level")
    folders = {str(p) for name in names for p in __import__("pathlib").PurePosixPath(name).parents if str(p) != "."}
    for folder in sorted(folders):
        if not NO_README.match(folder) and f"{folder}/README.md" not in names:
            problems.append(f"{folder}/: has no README.md")
    for path in files:
        name = relative(path)
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        if name.endswith("README.md") and name != "README.md" and len(text.splitlines()) > README_LINES_MAX:
            problems.append(f"{name}: {len(text.splitlines())} lines, at most {README_LINES_MAX}")
        if name.endswith(".md"):
            for target in LINKS.findall(text):
                if not (path.parent / target).exists():
                    problems.append(f"{name}: link to {target}, which is not there")
        if name != "tests/lint/tree.py":
            for number, line in enumerate(text.splitlines(), 1):
                if OUTSIDE.search(line) and not name.endswith((".csv", ".json")):
                    problems.append(f"{name}:{number}: speaks of something outside the project")
    finish("lint.tree", len(files), problems)


main()
