#!/usr/bin/env python3
"""What is linked: pool holds no case-store object, no server program holds the code that sees a
CPR number. Symbols are read from the layers' own archives, so that renaming a file keeps the rule."""
import pathlib
import subprocess
import sys

from common import finish

BUILD = pathlib.Path(sys.argv[1])


def defined(path):
    out = subprocess.run(["nm", "--defined-only", str(path)], capture_output=True, text=True, check=True).stdout
    return {line.split()[2] for line in out.splitlines() if len(line.split()) == 3 and line.split()[1] == "T"}


def archive(name):
    return defined(BUILD / f"lib{name}.a")


def main():
    problems = []
    checks = [("fremgangd-pool", "fg_store_case"), ("fremgangd-pool", "fg_handlers_intake"),
              ("fremgangd-keys", "fg_store_case"), ("fremgangd-keys", "fg_store_release")]
    checks += [(f"fremgangd-{p}", "fg_client_identity") for p in ("intake", "pool", "keys", "publish", "migrate")]
    for program, layer in checks:
        forbidden = archive(layer)
        assert forbidden, f"{layer} defines nothing"
        for symbol in sorted(forbidden & defined(BUILD / "bin" / program)):
            problems.append(f"{program}: links {symbol} of {layer}")
    intake = defined(BUILD / "bin" / "fremgangd-intake") & archive("fg_store_case")
    if not intake:
        problems.append("fremgangd-intake: links nothing of fg_store_case, so this test sees nothing")
    finish("lint.symbols", len(checks), problems)


main()
