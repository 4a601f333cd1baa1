/*
 * What is left behind the door. Each case runs in a child, which closes the
 * sandbox and then tries something; its end, or /proc, tells the rest.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "analyzer/log.h"
#include "analyzer/sandbox.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define CHILD_FAILED 99 /* the door did not close */

/* Attempts; each returns 0 when it was let do it, else errno. */

static int
try_socket(void)
{
	return socket(AF_INET, SOCK_DGRAM, 0) == -1 ? errno : 0;
}

static int
try_execve(void)
{
	char name[] = "/bin/true", *argv[] = { name, NULL };

	execve(name, argv, NULL);
	return errno;
}

static int
try_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid == -1 ? errno : 0;
}

static int
try_code(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page == MAP_FAILED ? errno : 0;
}

static int
try_unlink(void)
{
	return unlink("/tmp/test_sandbox.none") == -1 ? errno : 0;
}

static int
try_create(void)
{
	return open("/tmp/test_sandbox.none", O_RDONLY | O_CREAT, 0600) == -1 ? errno : 0;
}

static int
try_open_to_write(void)
{
	return open("/dev/null", O_WRONLY) == -1 ? errno : 0;
}

static int
try_read_file(void)
{
	char octet;
	int fd = open("/proc/self/status", O_RDONLY);

	if (fd == -1)
		return errno;
	return read(fd, &octet, 1) == 1 && close(fd) == 0 ? 0 : EIO;
}

static int
try_read_directory(void)
{
	struct stat status;
	DIR *directory = opendir("/");

	if (directory == NULL)
		return errno;
	if (readdir(directory) == NULL || stat("/", &status) != 0)
		return EIO;
	return closedir(directory) == 0 ? 0 : errno;
}

static int directory; /* in which files may be created */

static int
try_create_there(void)
{
	int fd = openat(directory, "created", SANDBOX_CREATE, 0600);

	return fd != -1 && write(fd, "x", 1) == 1 && close(fd) == 0 ? 0 : errno;
}

static int
try_overwrite_there(void)
{
	return openat(directory, "created", O_WRONLY | O_CREAT | O_TRUNC, 0600) == -1 ? errno : 0;
}

static int
try_elsewhere(void)
{
	return openat(AT_FDCWD, "/tmp/test_sandbox.none", SANDBOX_CREATE, 0600) == -1 ? errno : 0;
}

static FILE *opened; /* before the door closed, and not yet used */

/* What every run does: memory large and small, time, output. */
static int
try_work(void)
{
	struct timespec now;
	struct rusage usage;
	char *grown = realloc(malloc(10), 4 << 20), *text = NULL;
	FILE *out = open_memstream(&text, &(size_t){ 0 });

	if (grown == NULL || out == NULL)
		return ENOMEM;
	memset(grown, 1, 4 << 20);
	free(grown);
	fprintf(out, "%f %s", 1.5, strerror(ENOSPC));
	fclose(out);
	free(text);
	clock_gettime(CLOCK_REALTIME, &now);
	getrusage(RUSAGE_SELF, &usage);
	if (fprintf(opened, "%ld\n", (long)now.tv_sec) < 0 || fflush(opened) != 0)
		return errno;
	return write(STDOUT_FILENO, "", 0) == 0 ? 0 : errno;
}

static int
try_abort(void)
{
	abort();
}

/* Runs `attempt` behind the door in a child; its wait status. */
static int
run_behind(const struct sandbox_config *config, int (*attempt)(void))
{
	char err[ERR_SIZE];
	pid_t pid = fork();
	int status;

	assert_true(pid != -1);
	if (pid == 0) {
		if (sandbox_close(config, err) == -1)
			_exit(CHILD_FAILED);
		_exit(attempt());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void
sandbox_kills(void **state)
{
	static const struct {
		int (*attempt)(void);
		bool is_live;
	} cases[] = {
		{ try_socket, true }, { try_socket, false },
		{ try_execve, true }, { try_execve, false },
		{ try_fork, true }, { try_fork, false },
		{ try_code, true }, { try_code, false },
		{ try_unlink, true }, { try_unlink, false },
		{ try_create, false }, { try_open_to_write, false },
	};
	size_t i;

	(void)state;
	if (!sandbox_limits_calls())
		skip();
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct sandbox_config config = { .is_live = cases[i].is_live };
		int status = run_behind(&config, cases[i].attempt);

		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGSYS);
	}
}

static void
sandbox_allows(void **state)
{
	static const struct {
		int (*attempt)(void);
		bool is_live;
		int error;
	} cases[] = {
		{ try_work, true, 0 },
		{ try_work, false, 0 },
		{ try_read_file, false, 0 },
		{ try_read_directory, false, 0 },
		{ try_read_file, true, EACCES },
		{ try_open_to_write, true, EACCES },
		{ try_create, true, EACCES },
	};
	size_t i;

	(void)state;
	if (!sandbox_limits_calls())
		skip();
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct sandbox_config config = { .is_live = cases[i].is_live };
		int status;

		opened = fopen("/dev/null", "w");
		status = run_behind(&config, cases[i].attempt);
		fclose(opened);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), cases[i].error);
	}
}

/* New files where they may be, and nowhere else; old ones nowhere. */
static void
sandbox_creates(void **state)
{
	char path[] = "/tmp/test_sandbox.XXXXXX";
	struct sandbox_config config = { .has_directory = true, .is_new_directory = true,
		.directory_name = path };
	int is_live, status;

	(void)state;
	assert_non_null(mkdtemp(path));
	directory = open(path, O_RDONLY | O_DIRECTORY);
	config.directory = directory;
	for (is_live = 0; is_live <= 1 && sandbox_limits_calls(); is_live++) {
		config.is_live = is_live;
		status = run_behind(&config, try_create_there);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
		status = run_behind(&config, try_create_there);
		assert_int_equal(WEXITSTATUS(status), EEXIST);
		assert_true(WIFSIGNALED(run_behind(&config, try_overwrite_there)));
		status = run_behind(&config, try_elsewhere);
		if (is_live) {
			assert_true(WIFEXITED(status));
			assert_int_equal(WEXITSTATUS(status), EACCES);
		} else {
			assert_true(WIFSIGNALED(status));
		}
		assert_int_equal(unlinkat(directory, "created", 0), 0);
	}
	if (geteuid() == 0) {
		config = (struct sandbox_config){ .is_live = true, .has_directory = true,
			.directory = directory, .directory_name = path };
		assert_int_equal(fchown(directory, 0, 0), 0);
		assert_int_equal(WEXITSTATUS(run_behind(&config, try_create_there)), CHILD_FAILED);
	}
	close(directory);
	assert_int_equal(rmdir(path), 0);
}

/* An assertion that fails still ends as one. */
static void
sandbox_allows_abort(void **state)
{
	struct sandbox_config config = { .is_live = true };
	int status = run_behind(&config, try_abort);

	(void)state;
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

/* Copies the value of a line of /proc/PID/status. */
static void
status_value(pid_t pid, const char *key, char *out, size_t size)
{
	char path[64], line[256];
	size_t len = strlen(key);
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "r");
	assert_non_null(file);
	out[0] = '\0';
	while (fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, key, len) == 0 && line[len] == ':')
			snprintf(out, size, "%s", line + len + 1 + strspn(line + len + 1, "\t "));
	fclose(file);
	out[strcspn(out, "\n")] = '\0';
}

static void
assert_status(pid_t pid, const char *key, const char *expected)
{
	char value[256];

	status_value(pid, key, value, sizeof(value));
	assert_string_equal(value, expected);
}

/* A child that has closed the door and waits; `*go` lets it end. */
static pid_t
wait_behind(const struct sandbox_config *config, int *go)
{
	int ready[2], end[2];
	char err[ERR_SIZE], octet = 0;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(end), 0);
	pid = fork();
	assert_true(pid != -1);
	if (pid == 0) {
		close(end[1]);
		if (sandbox_close(config, err) == -1)
			_exit(CHILD_FAILED);
		if (write(ready[1], &octet, 1) != 1 || read(end[0], &octet, 1) == -1)
			_exit(CHILD_FAILED);
		_exit(0);
	}
	close(end[0]);
	close(ready[1]);
	assert_int_equal(read(ready[0], &octet, 1), 1);
	close(ready[0]);
	*go = end[1];
	return pid;
}

static void
sandbox_drops(void **state)
{
	static const char nobody[] = "65534\t65534\t65534\t65534";
	static const char nothing[] = "0000000000000000";
	static const struct sandbox_config configs[] = {
		{ .is_live = true },
		{ .is_live = false, .user = "nobody" },
		{ .is_live = false },
	};
	size_t i;
	int go, status;

	(void)state;
	for (i = 0; i < COUNT_OF(configs); i++) {
		bool stays_root = geteuid() == 0 && !configs[i].is_live && configs[i].user == NULL;
		pid_t pid = wait_behind(&configs[i], &go);

		assert_status(pid, "NoNewPrivs", "1");
		assert_status(pid, "CapInh", nothing);
		assert_status(pid, "CapAmb", nothing);
		if (sandbox_limits_calls())
			assert_status(pid, "Seccomp", "2");
		if (geteuid() == 0)
			assert_status(pid, "CapBnd", nothing);
		if (stays_root) {
			assert_status(pid, "CapEff", "0000000000000004"); /* DAC_READ_SEARCH */
			assert_status(pid, "CapPrm", "0000000000000004");
		} else {
			assert_status(pid, "CapEff", nothing);
			assert_status(pid, "CapPrm", nothing);
		}
		if (geteuid() == 0 && !stays_root) {
			assert_status(pid, "Uid", nobody);
			assert_status(pid, "Gid", nobody);
			assert_status(pid, "Groups", "65534 ");
		}
		close(go);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
	}
}

static void
sandbox_refuses_users(void **state)
{
	static const struct {
		const char *user, *err;
	} cases[] = {
		{ "no-such-user", "cannot give up privileges: no-such-user: no such user" },
		{ "root", "cannot give up privileges: root: is root" },
	};
	char err[ERR_SIZE];
	size_t i;

	(void)state;
	if (geteuid() != 0)
		skip();
	for (i = 0; i < COUNT_OF(cases); i++) {
		struct sandbox_config config = { .user = cases[i].user };

		assert_int_equal(sandbox_close(&config, err), -1);
		assert_string_equal(err, cases[i].err);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sandbox_kills),
		cmocka_unit_test(sandbox_allows),
		cmocka_unit_test(sandbox_creates),
		cmocka_unit_test(sandbox_allows_abort),
		cmocka_unit_test(sandbox_drops),
		cmocka_unit_test(sandbox_refuses_users),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
