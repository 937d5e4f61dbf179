/*
 * cluster - a throw-away private PostgreSQL cluster for tests: Unix socket only, no fsync,
 * in a new directory of its own. Never touches the system's cluster or a TCP port. As root
 * it runs as user postgres, because PostgreSQL refuses root.
 *
 *     static struct cluster cluster;
 *     cluster_start(&cluster);                            // fails the test program if it cannot
 *     db_pool_open(cluster.conninfo, 4, &pool, &err);     // superuser, database fremgang
 *     cluster_stop(&cluster);
 */
#ifndef FREMGANG_TESTS_SUPPORT_CLUSTER_H
#define FREMGANG_TESTS_SUPPORT_CLUSTER_H

enum { CLUSTER_TEXT_BYTES = 256 };

struct cluster {
    char dir[CLUSTER_TEXT_BYTES];      /* data and socket; removed by cluster_stop */
    char conninfo[CLUSTER_TEXT_BYTES]; /* superuser postgres, database fremgang */
};

/** Makes and starts a cluster with an empty database fremgang; aborts the program when it
 * cannot. It is stopped at exit if cluster_stop was not called. */
void cluster_start(struct cluster *cluster);
/** Connection words for another role of the same database; static until the next call. */
const char *cluster_conninfo_for(const struct cluster *cluster, const char *role);
/** Kills every backend at once and starts the server anew, as after a crash. */
void cluster_crash(struct cluster *cluster);
/** Stops the server and removes the directory. */
void cluster_stop(struct cluster *cluster);

#endif
