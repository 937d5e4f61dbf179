/* admin - AdminService's governance: partnerships, codes, principals, permits, periods. See
 * pool.h. */
#include "handlers/pool/pool.h"

#include "base/limits.h"
#include "crypto/enrolment_code.h"
#include "crypto/mac.h"

#include "fremgang/v1/admin.pb-c.h"

#include <string.h>

enum { MEMBERS_MAX = 98, PARTNERSHIPS_MAX = 64, PERIODS_MAX = 256, DAY_SECONDS = 86400 };

static enum err_code members_read(const struct call *call, const Pb__CreatePartnershipRequest *ask,
                                  const int64_t **out, struct err *err)
{
    if (ask->n_members == 0 || ask->n_members > MEMBERS_MAX) {
        return err_set(err, ERR_INVALID, "%zu members, wanted 1 to %d", ask->n_members,
                       MEMBERS_MAX);
    }
    int64_t *members = arena_alloc(call->arena, ask->n_members * sizeof(*members));
    if (members == NULL) {
        return err_memory(err);
    }
    for (size_t i = 0; i < ask->n_members; i++) {
        members[i] = ask->members[i];
    }
    *out = members;
    return ERR_OK;
}

enum err_code pool_create_partnership(struct call *call, const ProtobufCMessage *request,
                                      ProtobufCMessage *response, struct err *err)
{
    const Pb__CreatePartnershipRequest *ask = (const Pb__CreatePartnershipRequest *)request;
    Pb__CreatePartnershipResponse *answer = (Pb__CreatePartnershipResponse *)response;
    struct partnership_draft draft = {
        .slug = ask->slug,
        .name = ask->name,
        .member_count = ask->n_members,
        .from_date = ask->from_date,
        .to_date = ask->to_date,
        .named_to = (const char *const *)ask->named_to,
        .named_to_count = ask->n_named_to,
        .synthetic = ask->synthetic,
    };
    int id = 0;
    enum err_code rc = members_read(call, ask, &draft.members, err);
    if (rc == ERR_OK) {
        rc = partnership_create(call->transaction, &draft, &id, err);
    }
    if (rc == ERR_OK) {
        answer->partnership_id = id;
        call->audit_subject = ask->slug;
    }
    return rc;
}

static enum err_code partnership_ids(const struct call *call, const char *const *slugs,
                                     size_t count, int64_t *out, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        AUTO(partnership_free) struct partnership *partnership = NULL;
        enum err_code rc = partnership_find(call->transaction, slugs[i], &partnership, err);
        if (rc != ERR_OK) {
            return rc;
        }
        out[i] = partnership->id;
    }
    return ERR_OK;
}

static enum err_code code_check(const Pb__CreateEnrolmentCodeRequest *ask, struct err *err)
{
    const uint32_t role = role_find(ask->role);
    const bool has_municipality = ask->_municipality_code_case != 0;
    if (role == 0) {
        return err_set(err, ERR_INVALID, "unrecognized role \"%.20s\"", ask->role);
    }
    if (role == ROLE_STEWARD) { // or one steward could be both of the two who sign
        err_set(err, ERR_DENIED, "a steward's code is made by the operator alone");
        err_reason(err, "STEWARD_BY_OPERATOR");
        return err_hint(err, "On the server: fremgangd enrol-code --role steward.");
    }
    if (has_municipality != (role == ROLE_MUNICIPALITY)) {
        return err_set(err, ERR_INVALID, "a municipality code is for role municipality alone");
    }
    if (ask->n_partnerships > 0 && role != ROLE_COORDINATOR) {
        return err_set(err, ERR_INVALID, "partnerships are named for role coordinator alone");
    }
    if (ask->n_partnerships > PARTNERSHIPS_MAX) {
        return err_set(err, ERR_INVALID, "more than %d partnerships", PARTNERSHIPS_MAX);
    }
    return ERR_OK;
}

enum err_code pool_create_code(struct call *call, const ProtobufCMessage *request,
                               ProtobufCMessage *response, struct err *err)
{
    const Pb__CreateEnrolmentCodeRequest *ask = (const Pb__CreateEnrolmentCodeRequest *)request;
    Pb__CreateEnrolmentCodeResponse *answer = (Pb__CreateEnrolmentCodeResponse *)response;
    char text[ENROLMENT_CODE_TEXT_BYTES];
    char normal[ENROLMENT_CODE_NORMAL_BYTES];
    int64_t ids[PARTNERSHIPS_MAX];
    struct gov_code code = {
        .role = ask->role,
        .name = ask->name,
        .municipality_code = ask->_municipality_code_case == 0 ? 0 : ask->municipality_code,
        .partnership_ids = ids,
        .partnership_count = ask->n_partnerships,
        .created_by = call->principal.id,
        .expires_at_us =
            clock_now_us(call->clock) + (int64_t)ENROLMENT_CODE_DAYS * 24 * 60 * 60 * 1000000,
    };
    enrolment_code_new(text);
    enum err_code rc = code_check(ask, err);
    if (rc == ERR_OK) {
        rc = partnership_ids(call, (const char *const *)ask->partnerships, ask->n_partnerships, ids,
                             err);
    }
    if (rc == ERR_OK) {
        rc = enrolment_code_normalise(text, normal, err);
    }
    if (rc == ERR_OK) {
        enrolment_code_hash(normal, code.sha256);
        rc = gov_code_create(call->transaction, &code, err);
    }
    if (rc != ERR_OK) {
        return rc;
    }
    answer->code = directory_copy(call, text);
    answer->expires_at_us = code.expires_at_us;
    call->audit_subject = ask->role;
    return answer->code == NULL ? err_memory(err) : ERR_OK;
}

enum err_code pool_revoke(struct call *call, const ProtobufCMessage *request,
                          ProtobufCMessage *response, struct err *err)
{
    const Pb__RevokePrincipalRequest *ask = (const Pb__RevokePrincipalRequest *)request;
    int epoch = 0;
    enum err_code rc = gov_principal_revoke(call->transaction, ask->principal_id, &epoch, err);
    if (rc == ERR_OK) {
        ((Pb__RevokePrincipalResponse *)response)->epoch = (uint32_t)epoch;
        call->audit_subject = ask->principal_id;
    }
    return rc;
}

static enum err_code permit_check(struct call *call, const Pb__GrantPermitRequest *ask,
                                  struct err *err)
{
    struct gov_principal principal;
    enum err_code rc = gov_principal_find(call->transaction, ask->principal_id, &principal, err);
    if (rc != ERR_OK) {
        return rc;
    }
    if (role_find(principal.role) != ROLE_RESEARCHER) {
        return err_set(err, ERR_INVALID, "a permit is for a researcher; %s is a %s", principal.id,
                       principal.role);
    }
    if (ask->until_date <= directory_today(call->clock)) {
        return err_set(err, ERR_INVALID, "the permit would have ended already");
    }
    return ERR_OK;
}

enum err_code pool_grant_permit(struct call *call, const ProtobufCMessage *request,
                                ProtobufCMessage *response, struct err *err)
{
    const Pb__GrantPermitRequest *ask = (const Pb__GrantPermitRequest *)request;
    AUTO(partnership_free) struct partnership *partnership = NULL;
    enum err_code rc = partnership_find(call->transaction, ask->partnership, &partnership, err);
    if (rc == ERR_OK) {
        rc = permit_check(call, ask, err);
    }
    if (rc != ERR_OK) {
        return rc;
    }
    const struct gov_permit permit = {
        .principal_id = ask->principal_id,
        .partnership_id = partnership->id,
        .purpose = ask->purpose,
        .until_date = ask->until_date,
        .granted_by = call->principal.id,
    };
    int64_t id = 0;
    rc = gov_permit_grant(call->transaction, &permit, &id, err);
    ((Pb__GrantPermitResponse *)response)->permit_id = id;
    call->audit_subject = ask->principal_id;
    return rc;
}

/** A close being made: what it covers, and the periods found so far. */
struct closing {
    const struct call *call;
    const struct partnership *partnership;
    date_t last_day;
    const char *periods[PERIODS_MAX];
    size_t period_count;
    Pb__ClosePeriodResponse *answer;
};

/** Adds the periods of one kind that end by the last day, from the partnership's start. */
static enum err_code periods_add(struct closing *closing, enum period_kind kind, struct err *err)
{
    struct period period = period_of(kind, closing->partnership->from_date);
    for (; period_last_day(period) <= closing->last_day; period = period_next(period)) {
        char text[PERIOD_TEXT_BYTES];
        if (closing->period_count == PERIODS_MAX) {
            return err_set(err, ERR_LIMIT, "more than %d periods at once", PERIODS_MAX);
        }
        period_format(period, text);
        const char *copy = directory_copy(closing->call, text);
        if (copy == NULL) {
            return err_memory(err);
        }
        closing->periods[closing->period_count++] = copy;
    }
    return ERR_OK;
}

/** The facts of a period are counted when its last day has passed in every time zone that a
 * database here may keep; what is closed before could be released empty, and for good. */
static date_t utc_today(const struct clock *clock)
{
    return (date_t)(clock_now_seconds(clock) / DAY_SECONDS);
}

static enum err_code close_check(const struct call *call, const struct partnership *partnership,
                                 const char *text, date_t *last_day, struct err *err)
{
    struct period period;
    if (!period_parse(text, &period)) {
        err_set(err, ERR_INVALID, "\"%.20s\" is not a period", text);
        return err_hint(err, "Write it as 2015-Q4 or 2015-H2.");
    }
    *last_day = period_last_day(period);
    if (*last_day >= utc_today(call->clock)) {
        return err_set(err, ERR_INVALID, "%s has not ended", text);
    }
    if (*last_day < partnership->from_date || period_first_day(period) >= partnership->to_date) {
        return err_set(err, ERR_INVALID, "%s lies outside %s", text, partnership->slug);
    }
    return ERR_OK;
}

static enum err_code closed_read(const struct db_row *row, void *ctx, struct err *err)
{
    struct closing *closing = ctx;
    const char *period = directory_copy(closing->call, db_row_text(row, 0));
    if (period == NULL) {
        return err_memory(err);
    }
    closing->answer->closed[closing->answer->n_closed++] = period;
    return ERR_OK;
}

static enum err_code periods_close(struct closing *closing, struct err *err)
{
    const struct call *call = closing->call;
    enum err_code rc = periods_add(closing, PERIOD_QUARTER, err);
    if (rc == ERR_OK) {
        rc = periods_add(closing, PERIOD_HALF_YEAR, err);
    }
    if (rc != ERR_OK) {
        return rc;
    }
    closing->answer->closed = arena_alloc(call->arena, PERIODS_MAX * sizeof(char *));
    if (closing->answer->closed == NULL) {
        return err_memory(err);
    }
    const struct partnership_close close = {
        .partnership_id = closing->partnership->id,
        .municipality_code = call->principal.municipality_code,
        .periods = closing->periods,
        .period_count = closing->period_count,
        .closed_by = call->principal.id,
    };
    return partnership_close_periods(call->transaction, &close,
                                     (struct db_reader){closed_read, closing}, err);
}

enum err_code pool_close_period(struct call *call, const ProtobufCMessage *request,
                                ProtobufCMessage *response, struct err *err)
{
    const Pb__ClosePeriodRequest *ask = (const Pb__ClosePeriodRequest *)request;
    AUTO(partnership_free) struct partnership *partnership = NULL;
    struct closing closing = {.call = call, .answer = (Pb__ClosePeriodResponse *)response};
    enum err_code rc =
        directory_membership(call->transaction, call, ask->partnership, &partnership, err);
    if (rc == ERR_OK) {
        closing.partnership = partnership;
        rc = close_check(call, partnership, ask->period, &closing.last_day, err);
    }
    if (rc == ERR_OK) {
        rc = periods_close(&closing, err);
    }
    if (rc == ERR_OK) {
        call->audit_subject = ask->period;
    }
    return rc;
}
