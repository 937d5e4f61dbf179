/*
 * limits - every size, count, rate and time bound of Fremgang, each with its reason.
 * Each has a test at the limit and one past it. Limits of one method (request bytes,
 * deadline) are columns of wire/method_table.def instead.
 */
#ifndef FREMGANG_BASE_LIMITS_H
#define FREMGANG_BASE_LIMITS_H

enum {
    /* Largest buffer: the largest message (8 MiB) packed and quoted twice over. */
    BUF_BYTES_MAX = 64 * 1024 * 1024,

    /* Largest message on the wire: a batch of 500 cases of ~10 KB is 5 MB. */
    WIRE_MESSAGE_BYTES_MAX = 8 * 1024 * 1024,
    /* Envelope fields around the payload: token, signature, ids. Measured 350 bytes. */
    WIRE_ENVELOPE_BYTES_MAX = 4 * 1024,
    /* Memory one request may take while unpacked: protobuf-c structs are ~4x the bytes. */
    WIRE_ARENA_BYTES_MAX = 48 * 1024 * 1024,
    /* Nested messages: our deepest is 6 levels; protobuf-c 1.4.1 takes about 1.5 KB of stack
     * for each, and the stack is what tells the depth. */
    WIRE_DEPTH_MAX = 32,
    WIRE_STACK_BYTES_MAX = WIRE_DEPTH_MAX * 1536,
    /* Request ids, idempotency keys, trace contexts: a W3C traceparent is 55 characters. */
    WIRE_ID_BYTES_MAX = 64,

    /* A stolen token reads for at most this long. */
    TOKEN_LIFE_SECONDS = 5 * 60,
    /* A signed call may be this far from the server's clock. */
    SIGNATURE_WINDOW_SECONDS = 5 * 60,
    /* A log-in challenge is answered by a program, at once. */
    CHALLENGE_LIFE_SECONDS = 60,
    /* Revocation must hold within a minute: the principal copy is at most this old. */
    PRINCIPAL_CACHE_SECONDS = 30,
    /* Principals remembered at once: 98 municipalities with ten people each. 160 KB. */
    PRINCIPAL_CACHE_SLOTS = 1024,
    /* Refusals of callers without a name that reach the audit table, so that a flood of
     * garbage is not a flood of writes; the log has them all. */
    ANONYMOUS_AUDITS_PER_MINUTE_MAX = 60,
    /* A retried call finds its first answer for this long. */
    IDEMPOTENCY_DAYS = 30,
    /* An enrolment code is typed by a person within a working week and a weekend. */
    ENROLMENT_CODE_DAYS = 7,

    /* One CSV cell; the longest honest one (a list of 50 ids) is 2 KB. */
    CSV_CELL_BYTES_MAX = 64 * 1024,
    /* Columns of one CSV file; case systems export up to ~150. */
    CSV_COLUMNS_MAX = 512,
    /* Rows of one record type that one case may hold; the longest real cases hold ~200. */
    CASE_ROWS_MAX = 2000,
    /* Cases and worker-months in one pushed batch. */
    BATCH_UNITS_MAX = 500,

    /* Requests being received or answered at once on one server process. */
    SERVER_CONTEXTS_MAX = 256,
    /* Threads that run handlers, each with a database connection of its own. */
    SERVER_WORKERS_MAX = 64,
    /* A reply that its reader does not take is dropped after this. */
    SERVER_SEND_MS_MAX = 10000,
    /* A stopping server answers what it has received for at most this long. */
    SERVER_DRAIN_MS_MAX = 10000,
    /* Then its last answers have this long to leave the process. */
    SERVER_FLUSH_MS = 200,
    /* Wait before a retry that a busy or stopping server tells its clients. */
    RETRY_AFTER_MS = 500,

    /* Parameters of one statement; the widest insert has 20. */
    DB_PARAMS_MAX = 32,
    /* Connections of one process to one database; PostgreSQL's default is 100 in all. */
    DB_CONNECTIONS_MAX = 64,
    /* A transaction without a caller's deadline; the longest method's is 60 s. */
    DB_TRANSACTION_MS_DEFAULT = 60 * 1000,
    /* How long one dial may take; a loopback or local network answers in milliseconds. */
    DB_DIAL_MS_MAX = 5 * 1000,
    /* How long a cancelled statement may take to say so before its connection is closed. */
    DB_CANCEL_MS_MAX = 2 * 1000,
    /* Bytes of a COPY sent in one piece; larger ones gain nothing. */
    DB_COPY_CHUNK_BYTES = 64 * 1024,
    /* One migration; the slowest makes 784 partitions in 2 s. */
    MIGRATION_MS_MAX = 10 * 60 * 1000,
};

#endif
