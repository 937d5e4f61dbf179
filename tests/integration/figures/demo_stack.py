#!/usr/bin/python3
"""The demonstration on a private stack, for tests of what users see: generated exports, sent by
the real client, published and signed by `./fremgang up`.

    demo_stack.py start BUILD    starts one and remembers it in BUILD
    demo_stack.py stop BUILD     stops it and removes its directory; fine when there is none

Tests call DemoStack.running()."""
import csv
import io
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "process")]
import wire  # noqa: E402
from cube import measures  # noqa: E402
from stack import PROCESSES, Stack, wait_for  # noqa: E402

MEMBERS = {167: "hvidovre", 510: "haderslev", 657: "herning"}
VIEWERS = ("coordinator", "researcher")


class Row:
    """One line of an answer in CSV: key, the states and the numbers; None where there is none."""

    def __init__(self, line, dimensions):
        self.key = tuple(line[name] for name in dimensions)
        self.value = float(line["value"]) if line["value"] else None
        self.states, self.numbers, self.synthetic = [], [], line["synthetic"]
        for part in ("numerator", "denominator"):
            self.states.append(line[f"{part}_state"])
            self.numbers.append(int(line[part]) if line[part] else None)


class DemoStack(Stack):
    def __init__(self, build, directory):
        super().__init__(build, directory)
        self.environment["FREMGANG_PORT"] = "17900"

    @staticmethod
    def note(build):
        return pathlib.Path(build) / "demo-stack.json"

    @classmethod
    def start(cls, build):
        super().start(build)
        stack = cls(build, json.loads(cls.note(build).read_text())["directory"])
        for process in PROCESSES:
            wait_for(f"{process} answers over TLS", lambda: stack.is_open(process))
        stack.environment["FREMGANG_DEMO"] = "1"
        stack.fremgang("up")

    def is_open(self, process):
        try:
            with self.probe(process, timeout_ms=5000) as probe:
                return probe.call(wire.Envelope(wire.HEALTH)).code == wire.OK
        except wire.Refused:
            return False

    @property
    def exports(self):
        return self.state / "exports"

    def ask(self, profile, verb, partnership, measure, by, form="csv"):
        words = [verb, measure.name, "--partnership", partnership, "--by", ",".join([measure.period, *by])]
        return self.client(profile, *words, "--format", form).stdout

    def rows(self, profile, verb, partnership, measure, by):
        """The answer's rows; the key is the period, the dimensions and, last, the outcome."""
        dimensions = [measure.period, *by]
        if measure.statistic == "distribution":
            dimensions.append(measure.outcome_column)
        lines = csv.DictReader(io.StringIO(self.ask(profile, verb, partnership, measure, by)))
        return [Row(line, dimensions) for line in lines]

    def readable(self, profile, partnership):
        """(measure, by, rows) of every planned table, as the profile reads it."""
        for measure in measures():
            for by in measure.tables:
                yield measure, by, self.rows(profile, "table", partnership, measure, by)

    def own(self, municipality, partnership):
        """(measure, by, rows) of the member's own figures, by every planned combination."""
        for measure in measures():
            for by in measure.tables:
                if "municipality" not in by:
                    yield measure, by, self.rows(MEMBERS[municipality], "own", partnership, measure, by)


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("start", "stop"):
        raise SystemExit(__doc__)
    (DemoStack.start if sys.argv[1] == "start" else DemoStack.stop_noted)(sys.argv[2])


if __name__ == "__main__":
    main()
