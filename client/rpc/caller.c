/* caller - see caller.h. One attempt is made in attempt.c; here are tokens and retries. */
#include "rpc/caller.h"

#include "rpc/attempt.h"
#include "rpc/login.h"
#include "rpc/retry.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>
#include <time.h>

enum {
    /* A token is renewed this long before it ends, so that no call arrives too late. */
    TOKEN_MARGIN_MS = 15 * 1000,
    KEY_RANDOM_BYTES = 16,
};

/* The way to one kind of process, and the token it gave. */
struct process {
    struct channel *channel; /* NULL until first used */
    struct secret *token;    /* NULL until logged in */
    int64_t token_ends_ms;   /* monotonic, margin taken off */
};

struct caller {
    struct caller_settings settings;
    struct process processes[CALLER_PROCESSES];
    bool has_receipt_key;
    bool receipt_key_is_new;
    uint8_t receipt_key[CALLER_RECEIPT_KEY_BYTES];
};

size_t caller_process_index(uint32_t process)
{
    return process == PROCESS_INTAKE ? 0 : process == PROCESS_POOL ? 1 : 2;
}

enum err_code caller_new(const struct caller_settings *settings, struct caller **out,
                         struct err *err)
{
    struct caller *caller = calloc(1, sizeof(*caller));
    if (caller == NULL || sodium_init() < 0) {
        free(caller);
        return err_memory(err);
    }
    caller->settings = *settings;
    caller->has_receipt_key = settings->receipt_key != NULL;
    if (caller->has_receipt_key) {
        memcpy(caller->receipt_key, settings->receipt_key, CALLER_RECEIPT_KEY_BYTES);
    }
    *out = caller;
    return ERR_OK;
}

void caller_free(struct caller *caller)
{
    if (caller == NULL) {
        return;
    }
    for (size_t i = 0; i < CALLER_PROCESSES; i++) {
        channel_free(caller->processes[i].channel);
        secret_free(caller->processes[i].token);
    }
    free(caller);
}

static enum err_code open_channel(struct caller *caller, size_t index, struct err *err)
{
    struct channel_settings settings = {
        .url_count = caller->settings.url_counts[index],
        .tls = caller->settings.tls,
    };
    if (settings.url_count == 0) {
        const char *name = process_name(1U << index);
        (void)err_set(err, ERR_INVALID, "the profile names no %s server", name);
        return err_hint(err, "Add a line \"%s = tls+tcp://HOST:PORT\" under [servers].", name);
    }
    assert(settings.url_count <= CHANNEL_URLS_MAX);
    memcpy(settings.urls, caller->settings.urls[index], sizeof(settings.urls));
    return channel_new(&settings, &caller->processes[index].channel, err);
}

/* Receipts prove something only while one key signs them: a changed key is never taken. */
static enum err_code check_receipt_key(struct caller *caller, const struct login_answer *answer,
                                       struct err *err)
{
    if (!answer->has_receipt_key) {
        return ERR_OK;
    }
    if (!caller->has_receipt_key) {
        memcpy(caller->receipt_key, answer->receipt_key, CALLER_RECEIPT_KEY_BYTES);
        caller->has_receipt_key = true;
        caller->receipt_key_is_new = true;
    }
    if (memcmp(caller->receipt_key, answer->receipt_key, CALLER_RECEIPT_KEY_BYTES) != 0) {
        (void)err_set(err, ERR_CORRUPT, "the server signs receipts with another key than before");
        (void)err_reason(err, "RECEIPT_KEY_CHANGED");
        return err_hint(err, "Ask the server's owner; then remove receipt_key from profile.ini.");
    }
    return ERR_OK;
}

static enum err_code log_in(struct caller *caller, uint32_t process_bit, struct err *err)
{
    struct login_answer answer;
    struct login_settings settings = {
        .process = process_bit,
        .principal_id = caller->settings.principal_id,
        .identity = caller->settings.identity,
    };
    if (settings.identity == NULL || settings.principal_id == NULL ||
        settings.principal_id[0] == '\0') {
        (void)err_set(err, ERR_INVALID, "the profile is not enrolled");
        return err_hint(err, "Run: fremgang enrol --code CODE --pool URL");
    }
    enum err_code code = login_run(caller, &settings, &answer, err);
    if (code != ERR_OK) {
        return code;
    }
    code = check_receipt_key(caller, &answer, err);
    if (code != ERR_OK) {
        secret_free(answer.token);
        return code;
    }
    struct process *process = &caller->processes[caller_process_index(process_bit)];
    int64_t life_ms = (answer.expires_at_us - clock_now_us(&caller->settings.clock)) / 1000;
    secret_free(process->token);
    process->token = answer.token;
    process->token_ends_ms = clock_monotonic_ms() + life_ms - TOKEN_MARGIN_MS;
    return ERR_OK;
}

static bool needs_token(const struct method *method)
{
    return (method->roles & ROLE_ANYONE) == 0;
}

/* A token that the clocks make look spent is still good for the call it was fetched for. */
static enum err_code ensure_token(struct caller *caller, const struct method *method,
                                  uint32_t process_bit, struct err *err)
{
    const struct process *process = &caller->processes[caller_process_index(process_bit)];
    if (!needs_token(method) ||
        (process->token != NULL && clock_monotonic_ms() < process->token_ends_ms)) {
        return ERR_OK;
    }
    return log_in(caller, process_bit, err);
}

static void sleep_ms(uint32_t wait_ms)
{
    struct timespec left = {wait_ms / 1000, (long)(wait_ms % 1000) * 1000000};
    while (nanosleep(&left, &left) != 0) {
    }
}

/* Whether the token, not the call, was refused, so that a fresh one may help. */
static bool token_was_refused(const struct err *err)
{
    return strcmp(err->reason, "TOKEN_EXPIRED") == 0 || strcmp(err->reason, "TOKEN_INVALID") == 0;
}

static enum err_code attempt_until_done(struct caller *caller, struct attempt *attempt,
                                        struct buf *response, struct err *err)
{
    const struct process *process = &caller->processes[caller_process_index(attempt->process)];
    struct retry retry = retry_until(attempt->deadline_ms);
    bool has_logged_in_again = false;
    for (;;) {
        struct attempt_answer answer = {.response = response};
        uint32_t wait_ms = 0;
        attempt->token = needs_token(attempt->method) ? process->token : NULL;
        enum err_code failed = attempt_make(attempt, &answer, err);
        if (failed == ERR_OK) {
            return ERR_OK;
        }
        if (token_was_refused(err) && !has_logged_in_again) {
            has_logged_in_again = true;
            enum err_code code = log_in(caller, attempt->process, err);
            if (code != ERR_OK) {
                return code;
            }
            continue;
        }
        struct retry_failure failure = {failed, answer.retry_after_ms};
        if (!retry_wait(&retry, &failure, randombytes_random(), clock_monotonic_ms(), &wait_ms)) {
            return failed;
        }
        sleep_ms(wait_ms);
    }
}

static void make_key(char out[2 * KEY_RANDOM_BYTES + 1])
{
    uint8_t bytes[KEY_RANDOM_BYTES];
    randombytes_buf(bytes, sizeof(bytes));
    (void)sodium_bin2hex(out, 2 * KEY_RANDOM_BYTES + 1, bytes, sizeof(bytes));
}

enum err_code caller_call(struct caller *caller, const struct caller_request *request,
                          struct buf *response, struct err *err)
{
    char fresh_key[2 * KEY_RANDOM_BYTES + 1];
    const struct method *method = method_at(request->method);
    uint32_t process = request->process != 0 ? request->process : method->processes;
    size_t index = caller_process_index(process);
    enum err_code code = ERR_OK;
    if (caller->processes[index].channel == NULL) {
        code = open_channel(caller, index, err);
    }
    if (code == ERR_OK) {
        code = ensure_token(caller, method, process, err);
    }
    if (code != ERR_OK) {
        return code;
    }
    make_key(fresh_key);
    uint32_t deadline_ms = request->deadline_ms != 0 ? request->deadline_ms : method->deadline_ms;
    struct attempt attempt = {
        .channel = caller->processes[index].channel,
        .method = method,
        .process = process,
        .payload = request->payload,
        .idempotency_key = method->effect == METHOD_READS     ? ""
                           : request->idempotency_key != NULL ? request->idempotency_key
                                                              : fresh_key,
        .identity = caller->settings.identity,
        .deadline_ms = clock_monotonic_ms() + deadline_ms,
        .clock = &caller->settings.clock,
        .danish = caller->settings.danish,
    };
    return attempt_until_done(caller, &attempt, response, err);
}

const uint8_t *caller_receipt_key(const struct caller *caller)
{
    return caller->has_receipt_key ? caller->receipt_key : NULL;
}

bool caller_has_learnt_receipt_key(const struct caller *caller)
{
    return caller->receipt_key_is_new;
}
