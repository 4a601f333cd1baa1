/*
 * User, capabilities (libcap-ng) and system calls (libseccomp). What is not
 * here: limits on paths. A process that reads files may read any that its user
 * may.
 */
#include "analyzer/sandbox.h"

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pwd.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "analyzer/log.h"

#define USER_LIVE "nobody"

#ifndef __has_feature
#define __has_feature(name) 0
#endif
#if defined(SANDBOX_WITHOUT_SECCOMP) || defined(__SANITIZE_ADDRESS__) || \
    defined(__SANITIZE_THREAD__) || __has_feature(address_sanitizer) || \
    __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#define LIMITS_CALLS false /* sanitizers make calls of their own */
#else
#define LIMITS_CALLS true
#endif

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Calls allowed with any arguments: none of them reaches anything new. */
static const int free_calls[] = {
	/* what is open already; newfstatat and statx are how fstat() is done */
	SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev),
	SCMP_SYS(pwrite64), SCMP_SYS(lseek), SCMP_SYS(close), SCMP_SYS(fstat),
	SCMP_SYS(newfstatat), SCMP_SYS(statx),
	SCMP_SYS(fsync), SCMP_SYS(fdatasync), SCMP_SYS(ftruncate), SCMP_SYS(fadvise64),
	SCMP_SYS(fcntl),
	/* capture: frames, counters, waiting, what became of the interface */
	SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(getsockopt), SCMP_SYS(getsockname),
	SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(select), SCMP_SYS(pselect6),
	/* memory */
	SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
	/* time, signals, numbers about the process and the machine */
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep),
	SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(restart_syscall),
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack), SCMP_SYS(futex), SCMP_SYS(getrandom), SCMP_SYS(getrusage),
	SCMP_SYS(sysinfo), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(sched_yield),
	/* the end: abort() sends its signal to itself */
	SCMP_SYS(tgkill), SCMP_SYS(exit), SCMP_SYS(exit_group),
};

/* Calls that only a reader of files makes, to go through the rest of them. */
static const int reader_calls[] = {
	SCMP_SYS(stat), SCMP_SYS(lstat),
	SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(getdents64),
};

/* Requests of ioctl: is it a terminal and how wide, is the interface there. */
static const unsigned long requests[] = {
	TCGETS, TIOCGWINSZ, FIONREAD, SIOCGIFFLAGS, SIOCGIFINDEX,
};

/* Flags that make a file or change one. */
#define OPEN_CHANGES (O_ACCMODE | O_CREAT | O_TRUNC)

static int
fail(const char *what, const char *why, char *err)
{
	snprintf(err, ERR_SIZE, "cannot give up privileges: %s: %.200s", what, why);
	return -1;
}

/* Gives up everything but `kept` (-1: nothing), staying who we are. */
static int
drop_capabilities(int kept, char *err)
{
	capng_select_t sets = CAPNG_SELECT_CAPS;

	/* Emptying the bounding set is a privilege itself. */
	if (capng_get_caps_process() == 0 && capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP))
		sets = CAPNG_SELECT_BOTH;
	capng_clear(sets);
	if (kept != -1)
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, (unsigned int)kept);
	if (capng_apply(sets) != 0)
		return fail("capabilities", strerror(errno), err);
	return 0;
}

static int
change_user(const struct sandbox_config *config, const char *name, char *err)
{
	const struct passwd *user;
	int status;

	errno = 0;
	user = getpwnam(name);
	if (user == NULL)
		return fail(name, errno != 0 ? strerror(errno) : "no such user", err);
	if (user->pw_uid == 0)
		return fail(name, "is root", err);
	if (config->is_new_directory &&
	    fchown(config->directory, user->pw_uid, user->pw_gid) != 0)
		return fail(config->directory_name, strerror(errno), err);
	capng_clear(CAPNG_SELECT_BOTH);
	status = capng_change_id((int)user->pw_uid, (int)user->pw_gid,
	    (capng_flags_t)(CAPNG_INIT_SUPP_GRP | CAPNG_CLEAR_BOUNDING));
	if (status != 0) {
		snprintf(err, ERR_SIZE, "cannot become the user %.64s (libcap-ng says %d)", name,
		    status);
		return -1;
	}
	return 0;
}

static int
drop_privileges(const struct sandbox_config *config, char *err)
{
	const char *user = config->user;
	int kept = -1;

	if (geteuid() != 0)
		return drop_capabilities(-1, err);
	if (user == NULL && config->is_live)
		user = USER_LIVE;
	if (user != NULL)
		return change_user(config, user, err);
	if (capng_get_caps_process() == 0 &&
	    capng_have_capability(CAPNG_PERMITTED, CAP_DAC_READ_SEARCH))
		kept = CAP_DAC_READ_SEARCH;
	return drop_capabilities(kept, err);
}

static int
allow_all(scmp_filter_ctx filter, const int *calls, size_t count)
{
	int status = 0;
	size_t i;

	for (i = 0; i < count && status == 0; i++)
		status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
	return status;
}

/* Opening files that are there: not at all in a capture. */
static int
refuse_opening(scmp_filter_ctx filter, const struct sandbox_config *config)
{
	int status;

	if (config->has_directory)
		status = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), 1,
		    SCMP_A0(SCMP_CMP_NE, (scmp_datum_t)config->directory, 0));
	else
		status = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), 0);
	if (status == 0)
		status = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(open), 0);
	return status;
}

/* Opening files: to read in a reader, not at all in a capture; new ones where they may be. */
static int
allow_opening(scmp_filter_ctx filter, const struct sandbox_config *config)
{
	int status = 0;

	if (config->has_directory)
		status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 2,
		    SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)config->directory, 0),
		    SCMP_A2(SCMP_CMP_MASKED_EQ, SANDBOX_CREATE | OPEN_CHANGES, SANDBOX_CREATE));
	if (status != 0)
		return status;
	if (config->is_live)
		return refuse_opening(filter, config);
	status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, OPEN_CHANGES, O_RDONLY));
	if (status == 0)
		status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1,
		    SCMP_A1(SCMP_CMP_MASKED_EQ, OPEN_CHANGES, O_RDONLY));
	if (status == 0)
		status = allow_all(filter, reader_calls, COUNT_OF(reader_calls));
	return status;
}

/* Memory that is never code. */
static int
allow_memory(scmp_filter_ctx filter)
{
	int status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));

	if (status == 0)
		status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
		    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	return status;
}

/* Of the many ways to change a device or a socket, these. */
static int
allow_requests(scmp_filter_ctx filter)
{
	int status;
	size_t i;

	/* pcap_close() gives the ring back. */
	status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(setsockopt), 2,
	    SCMP_A1(SCMP_CMP_EQ, SOL_PACKET, 0), SCMP_A2(SCMP_CMP_EQ, PACKET_RX_RING, 0));
	for (i = 0; i < COUNT_OF(requests) && status == 0; i++)
		status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
		    SCMP_A1(SCMP_CMP_EQ, requests[i], 0));
	return status;
}

/* 0, SANDBOX_PARTIAL when the kernel has no seccomp, or -1. */
static int
limit_calls(const struct sandbox_config *config, char *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int status;

	if (filter == NULL)
		return fail("system calls", "out of memory", err);
	status = allow_all(filter, free_calls, COUNT_OF(free_calls));
	if (status == 0)
		status = allow_opening(filter, config);
	if (status == 0)
		status = allow_memory(filter);
	if (status == 0)
		status = allow_requests(filter);
	if (status != 0) {
		seccomp_release(filter);
		return fail("system calls", strerror(-status), err);
	}
	status = seccomp_load(filter);
	seccomp_release(filter);
	if (status == 0)
		return 0;
	snprintf(err, ERR_SIZE, "system calls are not limited: %s", strerror(-status));
	return SANDBOX_PARTIAL;
}

/* Whether who we are now may create files where they are to be. */
static int
check_directory(const struct sandbox_config *config, char *err)
{
	if (!config->has_directory ||
	    faccessat(config->directory, ".", W_OK | X_OK, AT_EACCESS) == 0)
		return 0;
	snprintf(err, ERR_SIZE, "%.200s: user %u cannot create files in it: %s",
	    config->directory_name, (unsigned)geteuid(), strerror(errno));
	return -1;
}

int
sandbox_close(const struct sandbox_config *config, char *err)
{
	if (drop_privileges(config, err) == -1)
		return -1;
	if (check_directory(config, err) == -1)
		return -1;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return fail("no_new_privs", strerror(errno), err);
	if (!LIMITS_CALLS) {
		snprintf(err, ERR_SIZE, "system calls are not limited in this build");
		return SANDBOX_PARTIAL;
	}
	return limit_calls(config, err);
}

bool
sandbox_limits_calls(void)
{
	return LIMITS_CALLS;
}
