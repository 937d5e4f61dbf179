#!/usr/bin/env python3
"""The evolution law of proto/: everything in the baseline image is still there with the same
number and type; every message, field, rpc and enum is commented; requests and responses are
unique per rpc. `proto.py --update` writes the baseline after an addition."""
import pathlib
import re
import subprocess
import sys
import tempfile

from common import ROOT, finish, relative, tracked

PROTO = ROOT / "proto"
BASELINE = PROTO / "baseline.binpb"
UPDATE = "--update" in sys.argv


def image():
    names = [relative(p)[len("proto/"):] for p in tracked("proto/*.proto")]
    with tempfile.TemporaryDirectory() as tmp:
        out = pathlib.Path(tmp) / "image"
        subprocess.run(["protoc", f"-I{PROTO}", "-I/usr/include", f"--descriptor_set_out={out}", *names], check=True)
        return out.read_bytes()


def facts(binary):
    """One line per field, enum value and method: what must never change."""
    text = subprocess.run(["protoc", "--decode=google.protobuf.FileDescriptorSet", "-I/usr/include",
                           "google/protobuf/descriptor.proto"], input=binary, check=True, capture_output=True).stdout.decode()
    stack, found = [], set()
    for raw in text.splitlines():
        line = raw.strip()
        if line.endswith("{"):
            stack.append({"kind": line[:-1].strip()})
        elif line == "}":
            done = stack.pop()
            if done["kind"] in ("field", "value", "method"):
                path = ".".join(s.get("name", s.get("package", "")) for s in stack)
                keys = {"field": ("name", "number", "type", "type_name", "label"), "value": ("name", "number"),
                        "method": ("name", "input_type", "output_type")}[done["kind"]]
                found.add(path + " " + done["kind"] + " " + " ".join(done.get(k, "-") for k in keys))
        else:
            key, _, value = line.partition(": ")
            if stack and key not in stack[-1]:
                stack[-1][key] = value.strip('"')
    return found


def uncommented(path):
    lines = path.read_text().splitlines()
    declares = re.compile(r"^\s*(message|service|enum|rpc|optional|repeated|[\w.]+)\s+\w+\s*(=\s*\d+|\{|\()")
    for number, line in enumerate(lines):
        if declares.match(line) and not re.match(r"\s*(syntax|package|import|option|reserved|return)\b", line):
            if not lines[number - 1].strip().startswith("//"):
                yield f"{relative(path)}:{number + 1}: no comment above it"


def main():
    now = image()
    if UPDATE:
        BASELINE.write_bytes(now)
    current = facts(now)
    problems = [f"proto: gone or changed since the baseline: {fact}" for fact in sorted(facts(BASELINE.read_bytes()) - current)]
    methods = [fact.split() for fact in current if " method " in fact]
    for side in (3, 4):
        names = [m[side] for m in methods]
        problems += [f"proto: {name} serves more than one rpc" for name in sorted(set(names)) if names.count(name) > 1]
    for path in tracked("proto/*.proto"):
        problems += list(uncommented(path))
    finish("lint.proto", len(current), problems)


main()
