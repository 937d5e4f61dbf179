/* progress - see progress.h. */
#include "progress.h"

#include <stdio.h>
#include <unistd.h>

enum { BAR_COLUMNS = 30 };

void progress_start(struct progress *progress, const struct cli *cli, const char *label)
{
    int descriptor = fileno(cli->talk);
    bool is_terminal = descriptor >= 0 && isatty(descriptor) == 1;
    *progress =
        (struct progress){.talk = is_terminal ? cli->talk : NULL, .label = label, .shown = -1};
}

void progress_show(struct progress *progress, uint64_t done, uint64_t total)
{
    int percent = total == 0 ? 100 : (int)((done > total ? total : done) * 100 / total);
    if (progress->talk == NULL || percent == progress->shown) {
        return;
    }
    progress->shown = percent;
    int filled = percent * BAR_COLUMNS / 100;
    fprintf(progress->talk, "\r%s [", progress->label);
    for (int i = 0; i < BAR_COLUMNS; i++) {
        (void)fputc(i < filled ? '#' : '.', progress->talk);
    }
    fprintf(progress->talk, "] %3d %%", percent);
    (void)fflush(progress->talk);
}

void progress_end(struct progress *progress)
{
    if (progress->talk != NULL && progress->shown >= 0) {
        fputs("\r\033[K", progress->talk);
        (void)fflush(progress->talk);
    }
    progress->shown = -1;
}
