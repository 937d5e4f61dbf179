#!/usr/bin/python3
"""Goal: no log line holds a CPR number, a pseudonym, a token or a key. Method: runs after every
other scenario; all that they sent and the keys on disk are looked for, in every spelling, in
every log that the servers, the databases and the jobs have written."""
import base64
import pathlib
import re

from person import case_unit, push_request
from scenario import Scenario, main
from wire import ENROL, Envelope, Refused, pack

CPR_SHAPE = re.compile(rb"(?<![\dA-Za-z.-])(\d{2})(\d{2})\d{2}-?\d{4}(?![\dA-Za-z.-])")
KEYS = ("case_file.case_key", "intervention.intervention_key", "follow_up.followup_key", "worker_month.worker_key",
        "measurement.measurement_key")


def spellings(secret):
    return {secret, secret.hex().encode(), secret.hex().upper().encode(), base64.b64encode(secret).rstrip(b"=")}


def cpr_like(data):
    """Numbers shaped like a person's, replacement numbers (day + 60) too."""
    return [m.group() for m in CPR_SHAPE.finditer(data) if 1 <= int(m[1]) % 60 <= 31 and 1 <= int(m[2]) <= 12]


class Logs(Scenario):
    def logs(self):
        files = [file for file in (self.stack.state / "logs").iterdir() if file.is_file()]
        self.assertIn("servers.log", [file.name for file in files])
        return {file.name: file.read_bytes() for file in files}

    def pseudonyms(self):
        for column in KEYS:
            table, name = column.split(".")
            for (text,) in self.stack.sql("case", f"SELECT encode({name}, 'hex') FROM cases.{table} ORDER BY 1 LIMIT 4000"):
                yield bytes.fromhex(text)

    def test_logs__hold_no_pseudonym(self):
        """Read as the spellings that a line may hold; so it must have something to look for."""
        person, slug = self.people.municipality(657), self.people.partnership([657])
        self.assert_ok(person.push(push_request(slug, [case_unit("logs", 1)])))
        self.assertFalse(person.push(push_request("no-such", [case_unit("logs", 2)])).code == 0)
        looked_for = {spelling for key in self.pseudonyms() for spelling in spellings(key)}
        self.assertGreater(len(looked_for), 4)
        words = {name: set(re.findall(rb"[0-9A-Za-z+/]{22,}", data)) for name, data in self.logs().items()}
        for name, found in words.items():
            pieces = {word[at:at + size] for word in found for size in (22, 32) for at in range(max(1, len(word) - size + 1))}
            self.assertEqual(len(pieces & looked_for), 0, f"{name} holds a pseudonym")

    def test_logs__hold_no_key_token_or_code(self):
        person = self.people.municipality(657)
        secrets = [person.token("intake"), person.token("pool"), person.token("pool")[-32:]]
        code = "7K3QD-7K3QD-7K3QD-7K3QD"
        try:
            person.ask("pool", Envelope(ENROL, pack((1, code), (2, bytes(32)), (3, bytes(64))), key="logs-test"))
        except Refused:
            self.fail("a wrong code is answered")
        for file in [*(self.stack.state / "keys").glob("*.key"), *self.stack.state.glob("home/profiles/*/*.key")]:
            data = pathlib.Path(file).read_bytes()
            secrets += [data, data[:32]]
        self.assertGreater(len(secrets), 8)
        for name, data in self.logs().items():
            for secret in secrets:
                for spelling in spellings(secret):
                    self.assertNotIn(spelling, data, f"{name} holds a secret")
            self.assertNotIn(code.encode(), data)
            self.assertNotIn(code.replace("-", "").encode(), data)
            self.assertNotIn(b"PRIVATE KEY", data)

    def test_logs__hold_no_cpr_number(self):
        self.assertEqual(cpr_like(b"row 3: 710761-4285 x"), [b"710761-4285"], "the search sees none")
        for name, data in self.logs().items():
            self.assertEqual(cpr_like(data), [], f"{name} holds a number shaped like a CPR number")

    def test_databases__hold_no_cpr_number(self):
        """The case cluster is where one could get to: text columns have none."""
        columns = self.stack.sql("case", "SELECT format('%I.%I', table_schema, table_name), quote_ident(column_name) FROM "
                                 "information_schema.columns WHERE table_schema IN ('cases', 'audit') AND data_type = 'text'")
        self.assertGreater(len(columns), 5)
        for table, column in {(t, c) for t, c in columns if not re.search(r"_\d{3}$", t)}:
            hits = self.stack.number("case", f"SELECT count(*) FROM {table} WHERE {column} ~ '(^|[^0-9A-Za-z])[0-9]{{6}}-?[0-9]{{4}}([^0-9A-Za-z]|$)'")
            self.assertEqual(hits, 0, f"{table}.{column}")


if __name__ == "__main__":
    main()
