/*
 * The progress bar. It looks at the clock once in some thousand packets and
 * draws ten times a second at most, so it costs nothing.
 */
#include "analyzer/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define CALLS_PER_LOOK 8192
#define DRAW_MS 100
#define PATIENCE_MS 500 /* what is done by then needs no bar */
#define BAR_WIDTH 30

static uint64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void
progress_init(struct progress *progress, bool is_quiet)
{
	*progress = (struct progress){
		.is_shown = !is_quiet && isatty(STDERR_FILENO),
		.start_ms = now_ms(),
		.countdown = CALLS_PER_LOOK,
	};
	progress->next_ms = progress->start_ms + PATIENCE_MS;
}

static void
draw(uint64_t position, uint64_t total, uint64_t packets, uint64_t elapsed_ms)
{
	char bar[BAR_WIDTH + 1];
	uint64_t rate = packets * 1000 / (elapsed_ms + 1), left_s;
	int i, filled;

	if (total == 0 || position > total) {
		fprintf(stderr, "\r\033[K%llu MiB, %llu packets, %llu/s",
		    (unsigned long long)(position >> 20), (unsigned long long)packets,
		    (unsigned long long)rate);
		return;
	}
	filled = (int)(position * BAR_WIDTH / total);
	for (i = 0; i < BAR_WIDTH; i++)
		bar[i] = i < filled ? '=' : ' ';
	bar[BAR_WIDTH] = '\0';
	left_s = position > 0 ? elapsed_ms * (total - position) / position / 1000 : 0;
	fprintf(stderr, "\r\033[K[%s] %3llu %%  %llu packets, %llu/s, %llu s left", bar,
	    (unsigned long long)(position * 100 / total), (unsigned long long)packets,
	    (unsigned long long)rate, (unsigned long long)left_s);
}

void
progress_update(struct progress *progress, uint64_t position, uint64_t total, uint64_t packets)
{
	uint64_t now;

	if (!progress->is_shown || --progress->countdown > 0)
		return;
	progress->countdown = CALLS_PER_LOOK;
	now = now_ms();
	if (now < progress->next_ms)
		return;
	progress->next_ms = now + DRAW_MS;
	progress->is_drawn = true;
	draw(position, total, packets, now - progress->start_ms);
}

void
progress_end(struct progress *progress)
{
	if (progress->is_drawn)
		fputs("\r\033[K", stderr);
	progress->is_drawn = false;
}
