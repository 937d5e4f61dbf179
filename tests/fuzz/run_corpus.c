/*
 * Runs a fuzz target over every file of a folder, and over each file with bytes cut off, flipped
 * and doubled, so that a corpus is a regression test without libFuzzer.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FILE_BYTES_MAX = 1 << 20,
    MUTATIONS_PER_FILE = 400,
};

/* splitmix64: the same inputs at every run. */
static uint64_t random_next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Each run gets its own exact-size block, so that the sanitizer sees one byte too far. */
static void run_copy(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size == 0 ? 1 : size);
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, data, size);
    (void)LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static void run_mutations(uint8_t *data, size_t size)
{
    uint64_t state = size;
    for (int i = 0; size > 0 && i < MUTATIONS_PER_FILE; i++) {
        size_t at = random_next(&state) % size;
        uint8_t kept = data[at];
        data[at] = (uint8_t)random_next(&state);
        run_copy(data, i % 4 == 0 ? at + 1 : size);
        data[at] = kept;
    }
}

static size_t run_file(const char *path)
{
    static uint8_t data[FILE_BYTES_MAX];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fprintf(stderr, "could not open %s\n", path);
        exit(1);
    }
    size_t size = fread(data, 1, sizeof(data), file);
    (void)fclose(file);
    run_copy(data, size);
    run_mutations(data, size);
    return 1;
}

int main(int argc, char **argv)
{
    DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;
    size_t count = 0;
    if (dir == NULL) {
        fprintf(stderr, "usage: %s CORPUS-FOLDER\n", argv[0]);
        return 2;
    }
    run_copy((const uint8_t *)"", 0);
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        char path[4096];
        (void)snprintf(path, sizeof(path), "%s/%s", argv[1], entry->d_name);
        count += entry->d_name[0] == '.' ? 0 : run_file(path);
    }
    (void)closedir(dir);
    printf("%zu files of %s, %d mutations each\n", count, argv[1], MUTATIONS_PER_FILE);
    return count > 0 ? 0 : 1;
}
