/* method - see method.h. The table is wire/method_table.def. */
#include "wire/method.h"

#include "base/auto.h"
#include "base/limits.h"

#include "fremgang/v1/admin.pb-c.h"
#include "fremgang/v1/auth.pb-c.h"
#include "fremgang/v1/catalogue.pb-c.h"
#include "fremgang/v1/own.pb-c.h"
#include "fremgang/v1/submission.pb-c.h"
#include "fremgang/v1/table.pb-c.h"
#include "grpc/health/v1/health.pb-c.h"

#include <assert.h>
#include <string.h>

/* A row without a server, a role or a fitting size is refused here, at compile time. */
#define METHOD(id, service, rpc, request, response, processes, roles, bytes, deadline, effect,     \
               signing, audit)                                                                     \
    static_assert((processes) != 0, #id " is served by no process");                               \
    static_assert((roles) != 0, #id " may be called by nobody");                                   \
    static_assert((roles) == ROLE_ANYONE || ((roles)&ROLE_ANYONE) == 0, #id " mixes anyone");      \
    static_assert((bytes) + WIRE_ENVELOPE_BYTES_MAX <= WIRE_MESSAGE_BYTES_MAX, #id " too big");
#include "wire/method_table.def"
#undef METHOD

static const struct method METHODS[] = {
#define METHOD(id_, service_, rpc_, request_, response_, processes_, roles_, bytes_, deadline_,    \
               effect_, signing_, audit_)                                                          \
    {.id = METHOD_##id_,                                                                           \
     .path = "/" service_ "/" rpc_,                                                                \
     .service = service_,                                                                          \
     .rpc = rpc_,                                                                                  \
     .processes = processes_,                                                                      \
     .roles = roles_,                                                                              \
     .request_bytes_max = bytes_,                                                                  \
     .deadline_ms = deadline_,                                                                     \
     .effect = METHOD_##effect_,                                                                   \
     .signing = METHOD_##signing_,                                                                 \
     .audit = audit_,                                                                              \
     .request = &request_##__descriptor,                                                           \
     .response = &response_##__descriptor},
#include "wire/method_table.def"
#undef METHOD
};

struct bit_name {
    uint32_t bit;
    const char *name;
};

static const struct bit_name PROCESS_NAMES[] = {
    {PROCESS_INTAKE, "intake"},
    {PROCESS_POOL, "pool"},
    {PROCESS_KEYS, "keys"},
};

static const struct bit_name ROLE_NAMES[] = {
    {ROLE_MUNICIPALITY, "municipality"},
    {ROLE_COORDINATOR, "coordinator"},
    {ROLE_RESEARCHER, "researcher"},
    {ROLE_STEWARD, "steward"},
    {ROLE_ANYONE, "anyone"},
};

const struct method *method_find(const char *path)
{
    for (size_t i = 0; i < ARRAY_COUNT(METHODS); i++) {
        if (strcmp(METHODS[i].path, path) == 0) {
            return &METHODS[i];
        }
    }
    return NULL;
}

const struct method *method_at(size_t index)
{
    assert(index < ARRAY_COUNT(METHODS));
    return &METHODS[index];
}

size_t method_count(void)
{
    return ARRAY_COUNT(METHODS);
}

static const char *bit_to_name(const struct bit_name *names, size_t count, uint32_t bit)
{
    for (size_t i = 0; i < count; i++) {
        if (names[i].bit == bit) {
            return names[i].name;
        }
    }
    return NULL;
}

static uint32_t name_to_bit(const struct bit_name *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i].name, name) == 0) {
            return names[i].bit;
        }
    }
    return 0;
}

const char *process_name(uint32_t bit)
{
    return bit_to_name(PROCESS_NAMES, ARRAY_COUNT(PROCESS_NAMES), bit);
}

uint32_t process_find(const char *name)
{
    return name_to_bit(PROCESS_NAMES, ARRAY_COUNT(PROCESS_NAMES), name);
}

const char *role_name(uint32_t bit)
{
    return bit_to_name(ROLE_NAMES, ARRAY_COUNT(ROLE_NAMES), bit);
}

uint32_t role_find(const char *name)
{
    uint32_t bit = name_to_bit(ROLE_NAMES, ARRAY_COUNT(ROLE_NAMES), name);
    return bit == ROLE_ANYONE ? 0 : bit;
}
