#!/usr/bin/python3
"""Goal: only who is enrolled, now and at this process, is answered; the loopback socket trusts
nobody. Method: calls that are right but for one thing - the token, its process, its age, the
signature, the clock, the role - over real nng, through TLS and straight to the loopback port."""
import uuid

import wire
from person import People
from scenario import Scenario, main
from stack import Stack, wait_for
from wire import (ADMIN, INDICATORS, LOG_IN, OWN_TABLE, PUSH, RELEASES, STATUS, TABLE, Envelope, first, new_identity,
                  now_us, pack)

MINUTE_US = 60 * 1000 * 1000
READS = {"intake": STATUS, "pool": INDICATORS}


class Tokens(Scenario):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.slug = cls.people.partnership([657, 510])
        cls.person = cls.people.municipality(657)

    def call(self, process, token, *, loopback=False):
        with self.stack.probe(process, loopback=loopback, tls=self.person.tls) as probe:
            return probe.call(Envelope(READS[process], pack((1, self.slug)) if process == "intake" else b"", token=token))

    def test_call__token_of_this_process_is_taken(self):
        for process in READS:
            self.assert_ok(self.call(process, self.person.token(process)))

    def test_call__without_token_is_refused_on_loopback_too(self):
        for process in READS:
            for loopback in (False, True):
                self.assert_refused(self.call(process, None, loopback=loopback), wire.UNAUTHENTICATED, "TOKEN_MISSING")

    def test_call__every_method_wants_a_token_on_loopback(self):
        """All but health, enrolment and log-in, by the methods' own names."""
        run = self.stack.client(self.person.profile, "rpc", "list", "--format", "csv")
        checked = 0
        for method in (line.split(",")[0] for line in run.stdout.splitlines()):
            if not method.startswith("/fremgang.v1.") or "/fremgang.v1.AuthService/" in method:
                continue
            for process in READS:
                with self.stack.probe(process, loopback=True) as probe:
                    answer = probe.call(Envelope(method, key=uuid.uuid4().hex))
                    if answer.code == wire.UNIMPLEMENTED:
                        self.assertEqual(answer.reason, "METHOD_ELSEWHERE", method)
                        continue
                    self.assert_refused(answer, wire.UNAUTHENTICATED, "TOKEN_MISSING")
                    checked += 1
        self.assertGreaterEqual(checked, 14, run.stdout)

    def test_call__token_of_another_process_is_refused(self):
        self.assert_refused(self.call("intake", self.person.token("pool")), wire.UNAUTHENTICATED, "TOKEN_INVALID")
        self.assert_refused(self.call("pool", self.person.token("intake")), wire.UNAUTHENTICATED, "TOKEN_INVALID")

    def test_call__changed_token_is_refused_at_every_byte(self):
        token = self.person.token("pool")
        with self.stack.probe("pool") as probe:
            for place in range(len(token)):
                changed = token[:place] + bytes([token[place] ^ 1]) + token[place + 1:]
                answer = probe.call(Envelope(INDICATORS, token=changed))
                self.assert_refused(answer, wire.UNAUTHENTICATED, "TOKEN_INVALID")

    def test_call__odd_tokens_are_refused(self):
        token = self.person.token("pool")
        for odd in (b"\0", token[:-1], token + b"\0", b"\xff" * len(token), token[:40], self.person.challenge("pool")):
            self.assert_refused(self.call("pool", odd), wire.UNAUTHENTICATED, "TOKEN_INVALID")

    def test_call__another_persons_token_cannot_write(self):
        """A stolen token reads for five minutes; it signs nothing."""
        thief = self.people.municipality(510)
        stolen = self.person.token("intake")
        self.assert_ok(self.call("intake", stolen))
        envelope = Envelope(PUSH, b"", token=stolen, key=uuid.uuid4().hex).signed(thief.secret_key)
        self.assert_refused(thief.ask("intake", envelope), wire.UNAUTHENTICATED, "SIGNATURE_INVALID")

    def test_log_in__challenge_of_another_process_is_refused(self):
        answer = self.person.answer_challenge("intake", self.person.challenge("pool"))
        self.assert_refused(answer, wire.UNAUTHENTICATED)

    def test_log_in__signature_meant_for_another_process_is_refused(self):
        """A process that is not to be trusted passes another's challenge on and gains nothing."""
        answer = self.person.answer_challenge("intake", self.person.challenge("intake"), meant_for="pool")
        self.assert_refused(answer, wire.UNAUTHENTICATED)

    def test_log_in__another_key_is_refused(self):
        answer = self.person.answer_challenge("pool", self.person.challenge("pool"), secret_key=new_identity()[1])
        self.assert_refused(answer, wire.UNAUTHENTICATED)

    def test_log_in__unsigned_is_refused(self):
        challenge = self.person.challenge("pool")
        for signature in (b"", b"\0" * 64):
            answer = self.person.ask("pool", Envelope(LOG_IN, pack((1, self.person.id), (2, challenge), (3, signature))))
            self.assertNotEqual(answer.code, wire.OK)

    def test_call__unknown_method_is_unimplemented(self):
        for process in ("intake", "pool", "keys"):
            with self.stack.probe(process) as probe:
                for method in ("/fremgang.v1.TableService/Drop", "/x/y", "/grpc.health.v1.Health/Watch"):
                    self.assert_refused(probe.call(Envelope(method)), wire.UNIMPLEMENTED, "METHOD_UNKNOWN")

    def test_call__pool_serves_no_case_method(self):
        for method in (PUSH, STATUS, OWN_TABLE):
            answer = self.person.ask("pool", Envelope(method, token=self.person.token("pool")))
            self.assert_refused(answer, wire.UNIMPLEMENTED, "METHOD_ELSEWHERE")

    def test_call__wrong_role_is_denied(self):
        for method in (RELEASES, TABLE):
            self.assert_refused(self.person.read("pool", method), wire.DENIED, "ROLE_DENIED")
        answer = self.person.admin("CreatePartnership", b"")
        self.assert_refused(answer, wire.DENIED, "ROLE_DENIED")
        answer = self.people.steward.read("intake", STATUS, pack((1, self.slug)))
        self.assert_refused(answer, wire.DENIED, "ROLE_DENIED")


class Signatures(Scenario):
    """Calls that write are signed over method, request, id, key and time."""

    def setUp(self):
        self.steward = self.people.steward

    def call(self, change=None, at_us=None, key_pair=None):
        payload = pack((1, "municipality"), (2, "itest"), (3, 657))
        envelope = Envelope(ADMIN + "CreateEnrolmentCode", payload, token=self.steward.token("pool"), key=uuid.uuid4().hex)
        envelope.signed(key_pair or self.steward.secret_key, at_us)
        if change:
            change(envelope)
        return self.steward.ask("pool", envelope)

    def test_write__signed_is_taken(self):
        self.assert_ok(self.call())

    def test_write__unsigned_is_refused(self):
        answer = self.call(lambda e: setattr(e, "signature", None))
        self.assert_refused(answer, wire.UNAUTHENTICATED, "SIGNATURE_MISSING")

    def test_write__without_key_is_refused(self):
        envelope = Envelope(ADMIN + "CreateEnrolmentCode", pack((1, "steward")), token=self.steward.token("pool"))
        answer = self.steward.ask("pool", envelope.signed(self.steward.secret_key))
        self.assert_refused(answer, wire.INVALID_ARGUMENT, "KEY_MISSING")

    def test_write__signature_covers_every_part(self):
        changes = {
            "method": lambda e: setattr(e, "method", ADMIN + "GrantPermit"),
            "payload": lambda e: setattr(e, "payload", pack((1, "steward"), (2, "itest"))),
            "request id": lambda e: setattr(e, "request_id", "another"),
            "idempotency key": lambda e: setattr(e, "key", "another"),
            "time": lambda e: setattr(e, "signed_at", e.signed_at + 1),
            "signature": lambda e: setattr(e, "signature", bytes(64)),
        }
        for part, change in changes.items():
            with self.subTest(part=part):
                self.assert_refused(self.call(change), wire.UNAUTHENTICATED, "SIGNATURE_INVALID")

    def test_write__another_key_is_refused(self):
        answer = self.call(key_pair=new_identity()[1])
        self.assert_refused(answer, wire.UNAUTHENTICATED, "SIGNATURE_INVALID")

    def test_write__clock_off_by_more_than_five_minutes_is_told_the_time(self):
        for minutes in (-6, 6, -60 * 24 * 365, 60 * 24 * 365):
            before = now_us()
            answer = self.call(at_us=now_us() + minutes * MINUTE_US)
            self.assert_refused(answer, wire.UNAUTHENTICATED, "CLOCK_SKEW")
            self.assertTrue(before <= answer.server_time_us <= now_us(), "the answer tells the server's time")

    def test_write__clock_off_by_less_is_taken(self):
        for minutes in (-4, 4):
            self.assert_ok(self.call(at_us=now_us() + minutes * MINUTE_US))


class WhoIsRevoked(Scenario):
    """Writes and reads nothing after a minute at most: servers keep a copy of people for 30 seconds.
    The revocation is made as the scenario starts, so that little is left to wait for."""

    def reads(self, process):
        return REVOKED.person.read(process, READS[process], pack((1, REVOKED.slug)) if process == "intake" else b"")

    def test_revoke__tokens_stop(self):
        for process in READS:
            wait_for(f"{process} refuses the revoked", lambda: self.reads(process).reason == "PRINCIPAL_REVOKED")
            with self.assertRaises(AssertionError):
                REVOKED.person.log_in(process)

    def test_revoke__writes_stop(self):
        envelope = REVOKED.person.envelope("intake", PUSH, pack((1, REVOKED.slug)), writes=True)
        wait_for("the push of the revoked is refused",
                 lambda: REVOKED.person.ask("intake", envelope).reason == "PRINCIPAL_REVOKED")

    def test_revoke__the_client_says_so(self):
        wait_for("the client is refused", lambda: self.reads("pool").reason == "PRINCIPAL_REVOKED")
        run = self.stack.client(REVOKED.person.profile, "indicators", expect=1)
        self.assertEqual(run.stdout, "")

    def test_revoke__nobody_is_not_found(self):
        answer = self.people.steward.admin("RevokePrincipal", pack((1, "p-nobody")))
        self.assert_refused(answer, wire.NOT_FOUND)


class REVOKED:
    """Whoever setUpModule revoked, with tokens that worked just before."""


def setUpModule():
    people = REVOKED.people = People(Stack.running())
    REVOKED.slug = people.partnership([657])
    REVOKED.person = people.municipality(657)
    for process in READS:
        REVOKED.person.log_in(process)
        answer = REVOKED.person.read(process, READS[process], pack((1, REVOKED.slug)) if process == "intake" else b"")
        assert answer.code == wire.OK, answer
    answer = people.steward.admin("RevokePrincipal", pack((1, REVOKED.person.id)))
    assert answer.code == wire.OK and first(answer.fields, 1, 0) >= 1, answer


def tearDownModule():
    REVOKED.people.close()


if __name__ == "__main__":
    main()
