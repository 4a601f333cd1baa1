/*
 * The one-way door between start-up and the first byte of input: the user, the
 * capabilities and the system calls that are left afterwards.
 */
#ifndef ANALYZER_SANDBOX_H
#define ANALYZER_SANDBOX_H

#include <fcntl.h>
#include <stdbool.h>

struct sandbox_config {
	const char *user; /* -Z; NULL: see below. Means nothing unless root */
	bool is_live;     /* captures from an interface; else reads files */
	bool has_directory; /* in which files are created behind the door: */
	int directory;
	bool is_new_directory; /* that we made: it goes to the user that we become */
	const char *directory_name; /* for errors */
};

/*
 * Closes the door, in this order: supplementary groups, group and user;
 * capabilities, the bounding set too; no_new_privs; the list of system calls,
 * where any other kills the process with SIGSYS.
 *
 * Without a user, root becomes "nobody" when it captures, and stays root when
 * it reads files. Whoever reads files may still open files, but only to read;
 * root that stays root keeps CAP_DAC_READ_SEARCH for that and nothing else.
 * Whoever captures opens nothing any more: to try is EACCES. So every output
 * is open, and every large allocation made, before; but for new files, which may
 * be created, never overwritten, by openat() of the directory that is given, with
 * SANDBOX_CREATE. The user that we become must be allowed to.
 *
 * 0; or -1 and `err`. SANDBOX_PARTIAL is a success with something to note in
 * `err`: the system has no seccomp, or this build leaves it out (under a
 * sanitizer, or with -DSANDBOX_WITHOUT_SECCOMP for coverage).
 */
#define SANDBOX_PARTIAL 1
#define SANDBOX_CREATE (O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC)
int sandbox_close(const struct sandbox_config *config, char *err);

/* Whether this build limits system calls. */
bool sandbox_limits_calls(void);

#endif
