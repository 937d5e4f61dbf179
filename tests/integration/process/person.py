"""Somebody enrolled, as a test plays them: calls of their own making over wire-probe, with the
key of the profile that the real client wrote. And the synthetic cases that they send."""
import configparser
import datetime
import hashlib
import os
import uuid

from stack import wait_for
from wire import (ADMIN, CHALLENGE, LOG_IN, OK, PUSH, STATUS, Envelope, Refused, first, pack, sign, unpack)


class Person:
    def __init__(self, stack, profile):
        self.stack, self.profile = stack, profile
        directory = stack.profile_dir(profile)
        self.secret_key = (directory / "identity.key").read_bytes()
        settings = configparser.ConfigParser()
        settings.read(directory / "profile.ini")
        self.id = settings["principal"]["id"]
        self.tls = stack.certificate(profile)
        self.probes, self.tokens = {}, {}

    def probe(self, process):
        if process not in self.probes:
            self.probes[process] = self.stack.probe(process, tls=self.tls)
        return self.probes[process]

    def close(self):
        for probe in self.probes.values():
            probe.kill()
        self.probes = {}

    def ask(self, process, envelope, patient=False):
        """The answer; a patient person dials anew and asks again until there is one that is not UNAVAILABLE."""
        if not patient:
            return self.probe(process).call(envelope)

        def attempt():
            try:
                answer = self.probe(process).call(envelope)
                return None if answer.code in (14, 4) else answer
            except (Refused, OSError):
                self.probes.pop(process).kill()
                return None
        return wait_for(f"{process} answers {envelope.method}", attempt)

    def challenge(self, process, **options):
        answer = self.ask(process, Envelope(CHALLENGE, pack((1, self.id))), **options)
        assert answer.code == OK, answer
        return first(answer.fields, 1)

    def answer_challenge(self, process, challenge, *, meant_for=None, secret_key=None, **options):
        """Signs the challenge for the process that it is meant for, and hands it to `process`."""
        signature = sign(secret_key or self.secret_key, "fremgang-login-v1", (meant_for or process).encode(),
                         self.id.encode(), challenge)
        return self.ask(process, Envelope(LOG_IN, pack((1, self.id), (2, challenge), (3, signature))), **options)

    def log_in(self, process, **options):
        answer = self.answer_challenge(process, self.challenge(process, **options), **options)
        assert answer.code == OK, answer
        self.tokens[process] = first(answer.fields, 1)
        return self.tokens[process]

    def token(self, process):
        return self.tokens.get(process) or self.log_in(process, patient=True)

    def envelope(self, process, method, payload=b"", *, writes=False, key=None):
        """A call as a good client makes it: a token, and for writes a key and a signature."""
        envelope = Envelope(method, payload, token=self.token(process),
                            key=key or (uuid.uuid4().hex if writes else None))
        return envelope.signed(self.secret_key) if writes else envelope

    def read(self, process, method, payload=b"", **options):
        return self.ask(process, self.envelope(process, method, payload), **options)

    def write(self, process, method, payload=b"", *, key=None, **options):
        return self.ask(process, self.envelope(process, method, payload, writes=True, key=key), **options)

    def admin(self, rpc, payload, **options):
        return self.write("pool", ADMIN + rpc, payload, **options)

    def status(self, partnership, sync_id=None, **options):
        """(cases, worker-months, digest, next sequence), as the server holds them."""
        answer = self.read("intake", STATUS, pack((1, partnership), (2, sync_id)), **options)
        assert answer.code == OK, answer
        fields = answer.fields
        return first(fields, 1, 0), first(fields, 2, 0), first(fields, 3, b""), first(fields, 4, 0)

    def push(self, request, *, key=None, **options):
        return self.write("intake", PUSH, request, key=key, **options)


class People:
    """Makes partnerships and people of a stack, each with a name of its own."""

    def __init__(self, stack):
        self.stack = stack
        self.steward = Person(stack, stack.steward())
        self.all = [self.steward]

    def close(self):
        for person in self.all:
            person.close()

    def partnership(self, members, from_day="2013-01-01", until="2016-01-01", named_to=("coordinator",)):
        slug = f"itest-x{uuid.uuid4().hex[:10]}"
        named = [word for role in named_to for word in ("--named-to", role)]
        self.stack.client(self.steward.profile, "admin", "partnership-create", slug, "--name", "Syntetisk prøve",
                          "--members", ",".join(map(str, members)), "--from", from_day, "--until", until,
                          "--synthetic", *named)
        return slug

    def enrol(self, role, *words, enrol_words=()):
        run = self.stack.client(self.steward.profile, "admin", "code-create", role, "--name", f"itest {role}",
                                *words, "--format", "csv")
        code = run.stdout.splitlines()[-1].split(",")[0]
        person = Person(self.stack, self.stack.enrol(code, role, *enrol_words))
        self.all.append(person)
        return person

    def municipality(self, code, *enrol_words):
        return self.enrol("municipality", "--municipality", code, enrol_words=enrol_words)

    def steward_too(self):
        person = Person(self.stack, self.stack.steward())
        self.all.append(person)
        return person


def key(*parts):
    """A pseudonym-shaped key: 16 bytes that depend on the parts alone."""
    return hashlib.sha256(repr(parts).encode()).digest()[:16]


def days(year, month, day):
    return (datetime.date(year, month, day) - datetime.date(1970, 1, 1)).days


def case_unit(seed, number, version=1, *, born=2006, group="OTHER", place="FOSTER_GENERAL"):
    """A foster placement, followed up once."""
    child, measure = key(seed, "child", number), key(seed, "intervention", number)
    case = pack((1, child), (2, born), (3, "M"), (4, days(2014, 1, 1)), (6, group))
    enrolment = pack((1, child), (2, days(2014, 1, 1)), (6, "Distrikt 1"))
    intervention = pack((1, measure), (2, child), (3, "SEL-52-3-7"), (4, place),
                        (6, days(2014, 1, 15)))
    follow_up = pack((1, key(seed, "followup", number)), (2, child), (3, days(2014, 4, 10)), (4, measure))
    bundle = pack((1, case), (2, enrolment), (3, intervention), (4, follow_up))
    return pack((1, version), (2, bundle))


def varied_case(seed, number):
    """Cases that fill many rows of a table."""
    return case_unit(seed, number, born=2000 + number % 13, group=GROUPS[number % len(GROUPS)],
                     place=("FOSTER_GENERAL", "RESIDENTIAL_PLACE")[number % 2])


def worker_month_unit(seed, number, version=1):
    month = pack((1, key(seed, "worker", number)), (2, days(2014, 1, 1)), (3, 100), (4, "NONE"))
    return pack((1, version), (3, month))


def tombstone_unit(seed, number, version):
    return pack((1, version), (4, pack((1, key(seed, "child", number)))))


def push_request(partnership, units, *, sync_id=None, sequence=1, epoch=0):
    return pack((1, partnership), (2, sync_id or os.urandom(16)), (3, sequence), (4, epoch or None),
                *((5, unit) for unit in units))


def outcomes(answer):
    """The outcome of each unit of a push."""
    return [first(unpack(verdict), 1, 0) for verdict in answer.fields.get(1, [])]


STORED, UNCHANGED, REFUSED, REMOVED = 1, 2, 3, 4
GROUPS = ("COMPLEX_FAMILY", "DISABILITY", "INFANT_FAMILY", "OTHER", "VULNERABLE_YOUTH")
