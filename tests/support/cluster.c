/* cluster - see cluster.h; the work is done by pg.sh beside it. */
#include "support/cluster.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct cluster *running; /* the one to stop at exit */

static void stop_running(void)
{
    if (running != NULL) {
        cluster_stop(running);
    }
}

/* Runs pg.sh; its first line of output goes to `out` when that is not NULL. */
static void run_script(const char *arguments, char *out)
{
    char command[CLUSTER_TEXT_BYTES * 3];
    (void)snprintf(command, sizeof(command), "'%s/tests/support/pg.sh' %s", TEST_SOURCE_DIR,
                   arguments);
    FILE *script = popen(command, "r");
    if (script == NULL || (out != NULL && fgets(out, CLUSTER_TEXT_BYTES, script) == NULL) ||
        pclose(script) != 0) {
        (void)fprintf(stderr, "cannot run: %s\n", command);
        exit(1);
    }
}

const char *cluster_conninfo_for(const struct cluster *cluster, const char *role)
{
    static char text[CLUSTER_TEXT_BYTES * 2];
    (void)snprintf(text, sizeof(text), "host=%s dbname=fremgang user=%s", cluster->dir, role);
    return text;
}

void cluster_start(struct cluster *cluster)
{
    run_script("start", cluster->dir);
    cluster->dir[strcspn(cluster->dir, "\n")] = '\0';
    running = cluster;
    (void)atexit(stop_running);
    const char *conninfo = cluster_conninfo_for(cluster, "postgres");
    memcpy(cluster->conninfo, conninfo, strlen(conninfo) + 1);
}

static void run_on(const char *verb, const struct cluster *cluster)
{
    char arguments[CLUSTER_TEXT_BYTES + 16];
    (void)snprintf(arguments, sizeof(arguments), "%s '%s'", verb, cluster->dir);
    run_script(arguments, NULL);
}

void cluster_crash(struct cluster *cluster)
{
    run_on("crash", cluster);
}

void cluster_stop(struct cluster *cluster)
{
    running = NULL;
    run_on("stop", cluster);
}
