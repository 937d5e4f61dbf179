/* probe - see probe.h. */
#include "rpc/probe.h"

#include "base/clock.h"

enum {
    GREETING_BYTES = 8, /* what each side of nng's protocol sends first */
};

static int finish(nng_aio *aio)
{
    nng_aio_wait(aio);
    return nng_aio_result(aio);
}

static void set_time(nng_aio *aio, int64_t deadline_ms)
{
    int64_t left_ms = deadline_ms - clock_monotonic_ms();
    nng_aio_set_timeout(aio, (nng_duration)(left_ms > 0 ? left_ms : 1));
}

static int hear_greeting(nng_stream *stream, nng_aio *aio, int64_t deadline_ms)
{
    uint8_t greeting[GREETING_BYTES];
    nng_iov iov = {.iov_buf = greeting, .iov_len = sizeof(greeting)};
    int rv = nng_aio_set_iov(aio, 1, &iov);
    if (rv == 0) {
        set_time(aio, deadline_ms);
        nng_stream_recv(stream, aio);
        rv = finish(aio);
    }
    return rv;
}

static int connect_and_hear(nng_stream_dialer *dialer, nng_aio *aio, int64_t deadline_ms)
{
    set_time(aio, deadline_ms);
    nng_stream_dialer_dial(dialer, aio);
    int rv = finish(aio);
    if (rv != 0) {
        return rv;
    }
    nng_stream *stream = nng_aio_get_output(aio, 0);
    rv = hear_greeting(stream, aio, deadline_ms);
    nng_stream_close(stream);
    nng_stream_free(stream);
    return rv;
}

static int probe(const char *url, nng_tls_config *config, int64_t deadline_ms)
{
    nng_stream_dialer *dialer = NULL;
    nng_aio *aio = NULL;
    int rv = nng_aio_alloc(&aio, NULL, NULL);
    if (rv == 0) {
        rv = nng_stream_dialer_alloc(&dialer, url);
    }
    if (rv == 0 && config != NULL) {
        rv = nng_stream_dialer_set_ptr(dialer, NNG_OPT_TLS_CONFIG, config);
    }
    if (rv == 0) {
        rv = connect_and_hear(dialer, aio, deadline_ms);
    }
    if (dialer != NULL) {
        nng_stream_dialer_free(dialer);
    }
    if (aio != NULL) {
        nng_aio_free(aio);
    }
    return rv;
}

enum err_code probe_address(const char *url, nng_tls_config *config, int64_t deadline_ms,
                            struct err *err)
{
    int rv = probe(url, config, deadline_ms);
    switch (rv) {
    case 0:
        return ERR_OK;
    case NNG_EADDRINVAL:
        return err_set(err, ERR_INVALID, "could not find the host of %s", url);
    case NNG_EPEERAUTH:
    case NNG_ECRYPTO: // nng tells neither side's refusals apart
        (void)err_set(err, ERR_DENIED, "a certificate was refused in the handshake with %s", url);
        return err_hint(err, "The profile's CA must have signed the server's certificate, which "
                             "must carry server_name; the server wants a valid certificate of its "
                             "own CA.");
    case NNG_ECONNREFUSED:
        (void)err_set(err, ERR_UNAVAILABLE, "nothing listens at %s", url);
        return err_hint(err, "Is the server up? `fremgang health` asks all of them.");
    default:
        (void)err_set(err, ERR_UNAVAILABLE, "could not connect to %s", url);
        (void)err_hint(err, "Is the server up? `fremgang health` asks all of them.");
        return err_detail(err, "%s", nng_strerror(rv));
    }
}
