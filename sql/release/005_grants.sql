-- Who may do what, at the least. Functions are callable by their triggers alone.
REVOKE ALL ON ALL TABLES IN SCHEMA gov, release, audit FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA release, audit FROM PUBLIC;

-- pool itself: log-in, enrolment, replay, audit. No release.
GRANT USAGE ON SCHEMA gov, audit TO fremgang_pool;
GRANT SELECT ON gov.partnership, gov.membership, gov.principal, gov.principal_partnership,
                gov.enrolment_code TO fremgang_pool;
GRANT INSERT ON gov.principal, gov.principal_partnership TO fremgang_pool;
GRANT UPDATE (used_at, used_by) ON gov.enrolment_code TO fremgang_pool;
GRANT DELETE ON gov.idempotency TO fremgang_pool;

-- What every call's transaction does.
GRANT USAGE ON SCHEMA gov, audit TO pool_viewer, pool_steward, pool_member;
GRANT SELECT, INSERT, UPDATE ON gov.idempotency
    TO fremgang_pool, pool_viewer, pool_steward, pool_member;
GRANT INSERT ON audit.entry TO fremgang_pool, pool_viewer, pool_steward, pool_member;

-- Members.
GRANT SELECT ON gov.partnership, gov.membership, gov.agreement, gov.period_close TO pool_member;
GRANT INSERT ON gov.period_close TO pool_member;

-- Viewers and stewards.
GRANT USAGE ON SCHEMA release TO pool_viewer, pool_steward;
GRANT SELECT ON gov.partnership, gov.membership, gov.agreement, gov.principal_partnership,
                gov.permit, gov.period_close TO pool_viewer, pool_steward;
GRANT SELECT ON release.release, release.release_period, release.release_table, release.cell,
                release.left_out, release.approval TO pool_viewer, pool_steward;

-- Stewards.
GRANT SELECT ON gov.principal TO pool_steward;
GRANT INSERT ON gov.partnership, gov.membership, gov.agreement, gov.enrolment_code, gov.permit,
                release.approval TO pool_steward;
GRANT UPDATE (epoch, revoked_at) ON gov.principal TO pool_steward;
GRANT UPDATE (state, visible_at, withdrawn_at, withdrawn_by, withdrawn_reason)
    ON release.release TO pool_steward;
GRANT UPDATE (void) ON release.release_period TO pool_steward;
GRANT SELECT ON audit.entry TO pool_steward;

-- intake reads governance.
GRANT USAGE ON SCHEMA gov TO fremgang_intake_gov;
GRANT SELECT ON gov.partnership, gov.membership, gov.agreement, gov.principal,
                gov.principal_partnership TO fremgang_intake_gov;

-- publish reads governance and what was released, and stages.
GRANT USAGE ON SCHEMA gov, release, audit TO fremgang_publish;
GRANT SELECT ON gov.partnership, gov.membership, gov.agreement, gov.period_close
    TO fremgang_publish;
GRANT SELECT, INSERT ON release.release, release.release_period, release.release_table,
                        release.left_out TO fremgang_publish;
GRANT INSERT ON release.cell, audit.entry TO fremgang_publish;

-- Row security: what is not visible yet cannot be read by a viewer, whatever the statement.
ALTER TABLE release.release ENABLE ROW LEVEL SECURITY;
ALTER TABLE release.release_period ENABLE ROW LEVEL SECURITY;
ALTER TABLE release.release_table ENABLE ROW LEVEL SECURITY;
ALTER TABLE release.cell ENABLE ROW LEVEL SECURITY;
ALTER TABLE release.left_out ENABLE ROW LEVEL SECURITY;
ALTER TABLE release.approval ENABLE ROW LEVEL SECURITY;

CREATE POLICY viewer_reads_visible ON release.release
    FOR SELECT TO pool_viewer USING (state = 'visible');
CREATE POLICY steward_reads ON release.release FOR SELECT TO pool_steward USING (true);
CREATE POLICY steward_moves ON release.release
    FOR UPDATE TO pool_steward USING (true) WITH CHECK (true); -- release_move() checks
CREATE POLICY publish_reads ON release.release FOR SELECT TO fremgang_publish USING (true);
CREATE POLICY publish_stages ON release.release
    FOR INSERT TO fremgang_publish WITH CHECK (state = 'staged');

-- Figures: visible releases only, for stewards too. They judge a staged release by its
-- manifest and its risk, not by reading cells that may never be shown.
CREATE POLICY reads_visible ON release.cell FOR SELECT TO pool_viewer, pool_steward
    USING (release_id IN (SELECT r.release_id FROM release.release r WHERE r.state = 'visible'));
CREATE POLICY publish_stages ON release.cell FOR INSERT TO fremgang_publish
    WITH CHECK (release_id IN (SELECT r.release_id FROM release.release r
                               WHERE r.state = 'staged'));

-- What surrounds the figures follows the release's own row.
CREATE POLICY reads ON release.release_period FOR SELECT TO pool_viewer, pool_steward
    USING (release_id IN (SELECT r.release_id FROM release.release r));
CREATE POLICY steward_voids ON release.release_period FOR UPDATE TO pool_steward
    USING (release_id IN (SELECT r.release_id FROM release.release r
                          WHERE r.state = 'withdrawn' AND r.visible_at IS NULL))
    WITH CHECK (void);
CREATE POLICY reads ON release.release_table FOR SELECT TO pool_viewer, pool_steward
    USING (release_id IN (SELECT r.release_id FROM release.release r));
CREATE POLICY reads ON release.left_out FOR SELECT TO pool_viewer, pool_steward
    USING (release_id IN (SELECT r.release_id FROM release.release r));
CREATE POLICY reads ON release.approval FOR SELECT TO pool_viewer, pool_steward
    USING (release_id IN (SELECT r.release_id FROM release.release r));
CREATE POLICY steward_signs ON release.approval FOR INSERT TO pool_steward
    WITH CHECK (release_id IN (SELECT r.release_id FROM release.release r
                               WHERE r.state = 'staged'));

CREATE POLICY publish_reads ON release.release_period FOR SELECT TO fremgang_publish USING (true);
CREATE POLICY publish_reads ON release.release_table FOR SELECT TO fremgang_publish USING (true);
CREATE POLICY publish_reads ON release.left_out FOR SELECT TO fremgang_publish USING (true);
CREATE POLICY publish_stages ON release.release_period FOR INSERT TO fremgang_publish
    WITH CHECK (release_id IN (SELECT r.release_id FROM release.release r
                               WHERE r.state = 'staged'));
CREATE POLICY publish_stages ON release.release_table FOR INSERT TO fremgang_publish
    WITH CHECK (release_id IN (SELECT r.release_id FROM release.release r
                               WHERE r.state = 'staged'));
CREATE POLICY publish_stages ON release.left_out FOR INSERT TO fremgang_publish
    WITH CHECK (release_id IN (SELECT r.release_id FROM release.release r
                               WHERE r.state = 'staged'));
