/*
 * Diagnostics for the person at the terminal: one line each, on standard
 * error only, behind the program's name. Events and reports never pass here.
 */
#ifndef ANALYZER_LOG_H
#define ANALYZER_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The size of the `char *err` that a start-up function fills when it fails. */
#define ERR_SIZE 512

/*
 * Room for any text of `size` bytes (with its NUL) once log_escape() has
 * been over it.
 */
#define LOG_ESCAPED_SIZE(size) ((size) * 4)

/*
 * Writes one line in a single write(2). File names and other texts from
 * outside may be passed as they are: the line is escaped as a whole.
 */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What is good to know; not said when `is_quiet` (option -q). */
void log_note(bool is_quiet, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Whether terminals obey a character instead of showing it: C0 and C1
 * controls, DEL, the separators U+2028 and U+2029, and Unicode's Bidi_Control
 * (UAX #9), which puts what follows in another order.
 */
bool log_is_obeyed(uint32_t character);

/*
 * Copies `text` so that it cannot move the cursor, change colours, reorder or
 * start a line: what log_is_obeyed() and octets that are no UTF-8 become \xHH. What does not fit in `size` bytes is left out; `out` is
 * always terminated. Returns the length of `out`.
 */
size_t log_escape(const char *text, char *out, size_t size);

#endif
