#!/usr/bin/python3
"""Goal: a push has its effect once, on the caller's own rows alone. Method: pushes of random keys
over real nng and TLS; what the server holds is read by Status and counted by SQL as the owner."""
import os
import uuid

import wire
from person import REMOVED, STORED, UNCHANGED, case_unit, key, outcomes, push_request, tombstone_unit, worker_month_unit
from scenario import Scenario, main
from wire import OWN_TABLE, PUSH, first, pack, unpack

TABLES = ("unit", "case_file", "enrolment", "intervention", "follow_up", "follow_up_intervention", "worker_month")


class Pushes(Scenario):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.herning = cls.people.municipality(657)
        cls.haderslev = cls.people.municipality(510)
        cls.hvidovre = cls.people.municipality(167)

    def setUp(self):
        self.slug = self.people.partnership([657, 510])
        self.seed = uuid.uuid4().hex

    def partnership_id(self):
        return self.stack.number("release", f"SELECT partnership_id FROM gov.partnership WHERE slug = '{self.slug}'")

    def rows(self, municipality):
        """How many rows of each table the municipality has in this partnership."""
        number = self.partnership_id()
        counts = " UNION ALL ".join(
            f"SELECT '{table}', count(*) FROM cases.{table} "
            f"WHERE municipality_code = {municipality} AND partnership_id = {number}" for table in TABLES)
        return {table: int(count) for table, count in self.stack.sql("case", counts)}

    def request(self, count=3, **options):
        return push_request(self.slug, [case_unit(self.seed, number) for number in range(count)] +
                            [worker_month_unit(self.seed, 1)], **options)

    def test_push__is_stored_and_counted(self):
        answer = self.assert_ok(self.herning.push(self.request()))
        self.assertEqual(outcomes(answer), [STORED] * 4)
        cases, months, digest, _ = self.herning.status(self.slug)
        self.assertEqual((cases, months, len(digest)), (3, 1, 32))
        self.assertEqual(self.rows(657), {"unit": 4, "case_file": 3, "enrolment": 3, "intervention": 3, "follow_up": 3,
                                          "follow_up_intervention": 3, "worker_month": 1})

    def test_push__same_key_gives_the_same_answer_and_one_effect(self):
        idempotency_key, sync_id = uuid.uuid4().hex, os.urandom(16)
        request = self.request(sync_id=sync_id)
        first_answer = self.assert_ok(self.herning.push(request, key=idempotency_key))
        before = self.rows(657)
        for _ in range(3):
            again = self.assert_ok(self.herning.push(request, key=idempotency_key))
            self.assertEqual(again.payload, first_answer.payload)
        self.assertEqual(self.rows(657), before)
        self.assertEqual(self.herning.status(self.slug, sync_id)[3], 2)

    def test_push__same_key_with_other_content_is_refused(self):
        idempotency_key = uuid.uuid4().hex
        self.assert_ok(self.herning.push(self.request(), key=idempotency_key))
        before = self.rows(657)
        answer = self.herning.push(self.request(count=5), key=idempotency_key)
        self.assert_refused(answer, wire.ABORTED, "KEY_REUSED")
        self.assertEqual(self.rows(657), before)

    def test_push__replayed_envelope_has_one_effect(self):
        """The very bytes again, by somebody who has overheard them, on a connection of their own."""
        envelope = self.herning.envelope("intake", PUSH, self.request(), writes=True)
        answer = self.assert_ok(self.herning.ask("intake", envelope))
        before = self.rows(657)
        with self.stack.probe("intake", loopback=True) as probe:
            again = self.assert_ok(probe.call(envelope))
        self.assertEqual((again.payload, self.rows(657)), (answer.payload, before))

    def test_push__another_municipality_sees_and_touches_nothing(self):
        self.assert_ok(self.herning.push(self.request()))
        before = self.rows(657)
        self.assertEqual(self.haderslev.status(self.slug)[:2], (0, 0))
        table = self.assert_ok(self.haderslev.read("intake", OWN_TABLE, pack((1, self.slug), (2, "placement_type_share"), (3, "quarter"))))
        own = first(unpack(table.payload), 1)
        self.assertEqual([row for row in unpack(own).get(2, []) if first(unpack(first(unpack(row), 3, b"")), 1, 0)], [])
        # The same keys from another municipality are other units; its tombstones remove none of ours.
        self.assertEqual(outcomes(self.assert_ok(self.haderslev.push(self.request()))), [STORED] * 4)
        removal = push_request(self.slug, [tombstone_unit(self.seed, number, 9) for number in range(3)])
        self.assertEqual(outcomes(self.assert_ok(self.haderslev.push(removal))), [REMOVED] * 3)
        self.assertEqual(self.rows(657), before)
        self.assertEqual(self.rows(510)["case_file"], 0)

    def test_push__answer_does_not_tell_of_others(self):
        """The verdicts are a function of the caller's own rows: alike whether or not a child is known elsewhere."""
        self.assert_ok(self.herning.push(self.request()))
        known = self.assert_ok(self.haderslev.push(self.request()))
        self.seed = uuid.uuid4().hex
        unknown = self.assert_ok(self.haderslev.push(self.request()))
        self.assertEqual((outcomes(known), len(known.payload)), (outcomes(unknown), len(unknown.payload)))

    def test_push__municipality_named_in_the_request_is_not_read(self):
        """Unknown fields, and acting_municipality, name another: the rows are the caller's all the same."""
        request = self.request() + pack((6, 510), (7, "510"), (99, 510))
        self.assert_ok(self.herning.push(request))
        self.assertEqual((self.rows(657)["case_file"], self.rows(510)["case_file"]), (3, 0))

    def test_push__non_member_is_refused(self):
        answer = self.hvidovre.push(self.request())
        self.assertIn(answer.code, (wire.DENIED, wire.NOT_FOUND), answer)
        self.assertEqual(self.rows(167)["unit"], 0)

    def test_push__older_version_never_wins(self):
        def send(unit):
            return outcomes(self.assert_ok(self.herning.push(push_request(self.slug, [unit]))))
        self.assertEqual(send(case_unit(self.seed, 1, version=5)), [STORED])
        self.assertEqual(send(case_unit(self.seed, 1, version=4)), [UNCHANGED])
        self.assertEqual(send(tombstone_unit(self.seed, 1, 4)), [UNCHANGED])
        self.assertEqual(send(tombstone_unit(self.seed, 1, 6)), [REMOVED])
        self.assertEqual(send(case_unit(self.seed, 1, version=6)), [UNCHANGED])
        self.assertEqual(self.herning.status(self.slug)[0], 0)

    def test_push__gap_in_the_sequence_is_refused(self):
        sync_id = os.urandom(16)
        self.assert_ok(self.herning.push(self.request(sync_id=sync_id)))
        answer = self.herning.push(self.request(count=5, sync_id=sync_id, sequence=3))
        self.assertNotIn(answer.code, (wire.OK, wire.INTERNAL), answer)
        self.assertEqual(self.herning.status(self.slug, sync_id)[3], 2)
        self.assertEqual(self.rows(657)["case_file"], 3)

    def test_push__one_bad_case_stops_no_other(self):
        child = key(self.seed, "child", 9)
        bad = pack((1, 1), (2, pack((1, pack((1, child), (2, 2006), (3, "X"), (4, 16000), (6, "OTHER"))))))
        answer = self.assert_ok(self.herning.push(push_request(self.slug, [case_unit(self.seed, 1), bad, case_unit(self.seed, 2)])))
        self.assertEqual(outcomes(answer), [STORED, 3, STORED])
        self.assertNotIn(child.hex(), repr(answer.payload.hex()), "a refusal quotes no key")
        self.assertEqual(self.rows(657)["case_file"], 2)

    def test_push__over_five_hundred_units_is_refused(self):
        units = [worker_month_unit(self.seed, number) for number in range(501)]
        answer = self.herning.push(push_request(self.slug, units))
        self.assert_refused(answer, wire.EXHAUSTED)
        self.assert_ok(self.herning.push(push_request(self.slug, units[:500])))
        self.assertEqual(self.rows(657)["worker_month"], 500)


if __name__ == "__main__":
    main()
