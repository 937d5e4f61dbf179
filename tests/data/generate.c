/*
 * fremgang-generate - writes the demo's synthetic municipal exports.
 *
 *     fremgang-generate --out DIR [--seed N] [--scale N]
 */
#include "data/generator.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_OK, EXIT_FAILED, EXIT_USAGE };

static const char usage[] =
    "usage: fremgang-generate --out DIR [--seed N] [--scale N]\n"
    "       fremgang-generate --list\n"
    "\n"
    "Writes synthetic municipal exports: one folder per municipality with six CSV files, and\n"
    "expected.csv with the figures they must give. The same seed writes the same bytes.\n"
    "\n"
    "  --out DIR    where to write; made when missing\n"
    "  --seed N     seed of the dice, 0 or more (default 1)\n"
    "  --scale N    times the children of Forebyggelsespakken (default 1)\n"
    "  --list       print the municipalities and their partnerships\n"
    "  -h, --help   print this\n";

static bool number_read(const char *text, unsigned long long max, unsigned long long *out)
{
    char *end = NULL;
    unsigned long long number = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || number > max) {
        (void)fprintf(stderr, "fremgang-generate: not a number from 0 to %llu: \"%s\"\n", max,
                      text);
        return false;
    }
    *out = number;
    return true;
}

static int generate(const struct generator_options *options)
{
    struct err err = ERR_INIT;
    if (generator_run(options, stdout, &err) != ERR_OK) {
        (void)fprintf(stderr, "fremgang-generate: %s\n", err.message);
        return err.code == ERR_INVALID ? EXIT_USAGE : EXIT_FAILED;
    }
    return EXIT_OK;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"out", required_argument, NULL, 'o'},   {"seed", required_argument, NULL, 's'},
        {"scale", required_argument, NULL, 'x'}, {"list", no_argument, NULL, 'l'},
        {"help", no_argument, NULL, 'h'},        {NULL, 0, NULL, 0},
    };
    struct generator_options wanted = {.seed = 1, .scale = 1};
    unsigned long long scale = 1;
    unsigned long long seed = 1;
    for (int option; (option = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        if (option == 'h') {
            (void)fputs(usage, stdout);
            return EXIT_OK;
        }
        if (option == 'l') {
            generator_list(stdout);
            return EXIT_OK;
        }
        if (option == 'o') {
            wanted.out_dir = optarg;
        } else if ((option == 's' && number_read(optarg, UINT64_MAX, &seed)) ||
                   (option == 'x' && number_read(optarg, GENERATOR_SCALE_MAX, &scale))) {
            continue;
        } else {
            (void)fputs(usage, stderr);
            return EXIT_USAGE;
        }
    }
    if (wanted.out_dir == NULL || optind != argc) {
        (void)fputs(usage, stderr);
        return EXIT_USAGE;
    }
    wanted.seed = seed;
    wanted.scale = (int)scale;
    return generate(&wanted);
}
