/* The walls around a process. */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Landlock's system calls and rights, with numbers of our own names: Debian
 * 12's headers know ABI 2, kernels go on. They are the kernel's interface and do not change.
 */
enum { CALL_CREATE_RULESET = 444, CALL_ADD_RULE = 445, CALL_RESTRICT_SELF = 446 };
enum { RULE_PATH_BENEATH = 1, ASK_VERSION = 1 };

enum {
	MAY_EXECUTE = 1 << 0,
	MAY_WRITE_FILE = 1 << 1,
	MAY_READ_FILE = 1 << 2,
	MAY_READ_DIR = 1 << 3,
	MAY_REMOVE_FILE = 1 << 5,
	MAY_MAKE_DIR = 1 << 7,
	MAY_MAKE_REG = 1 << 8,
	MAY_TRUNCATE = 1 << 14,

	RIGHTS_ABI_1 = (1 << 13) - 1,
	RIGHTS_ABI_2 = (1 << 14) - 1, /* linking and renaming between folders */
	RIGHTS_ABI_3 = (1 << 15) - 1, /* truncating */

	RIGHTS_OF_FILES = MAY_EXECUTE | MAY_WRITE_FILE | MAY_READ_FILE | MAY_TRUNCATE,
	NETWORK_ABI = 4,
	NETWORK_RIGHTS = 3, /* binding and connecting TCP */
};

struct ruleset {
	uint64_t files;
	uint64_t network;
};

struct path_rule {
	uint64_t allowed;
	int32_t folder;
} __attribute__((packed));

static uint64_t handled_rights(int abi)
{
	if (abi >= 3)
		return RIGHTS_ABI_3;
	return abi == 2 ? RIGHTS_ABI_2 : RIGHTS_ABI_1;
}

static uint64_t rights_of(enum sandbox_access access)
{
	uint64_t rights = MAY_READ_FILE | MAY_READ_DIR;

	if (access != SANDBOX_READ)
		rights |= MAY_WRITE_FILE | MAY_TRUNCATE | MAY_MAKE_REG | MAY_REMOVE_FILE;
	if (access == SANDBOX_BUILD)
		rights |= MAY_MAKE_DIR;
	return rights;
}

static bool allow_path(int ruleset, uint64_t handled, const struct sandbox_path *path,
		       struct err *err)
{
	struct path_rule rule = { .allowed = rights_of(path->access) & handled };
	struct stat st;
	bool ok;

	rule.folder = open(path->path, O_PATH | O_CLOEXEC);
	if (rule.folder == -1)
		return errno == ENOENT || err_set(err, "%s: %s", path->path, strerror(errno));
	if (fstat(rule.folder, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.allowed &= RIGHTS_OF_FILES;
	ok = syscall(CALL_ADD_RULE, ruleset, RULE_PATH_BENEATH, &rule, 0) == 0;
	if (!ok)
		err_set(err, "landlock, %s: %s", path->path, strerror(errno));
	close(rule.folder);
	return ok;
}

/* Landlock: a kernel without it is no error. */
static bool close_files(const struct sandbox_path *paths, size_t count, bool no_network,
			struct sandbox *sandbox, struct err *err)
{
	int abi = (int)syscall(CALL_CREATE_RULESET, NULL, 0, ASK_VERSION);
	struct ruleset rights = { .files = handled_rights(abi) };
	size_t size = sizeof(rights.files);
	bool ok = true;
	int ruleset;

	if (abi < 1)
		return true;
	if (abi >= NETWORK_ABI) {
		rights.network = no_network ? NETWORK_RIGHTS : 0;
		size = sizeof(rights);
	}
	ruleset = (int)syscall(CALL_CREATE_RULESET, &rights, size, 0);
	if (ruleset == -1)
		return err_set(err, "landlock: %s", strerror(errno));
	for (size_t i = 0; ok && i < count; i++)
		ok = allow_path(ruleset, rights.files, &paths[i], err);
	if (ok && syscall(CALL_RESTRICT_SELF, ruleset, 0) != 0)
		ok = err_set(err, "landlock: %s", strerror(errno));
	close(ruleset);
	if (ok)
		sandbox->landlock = abi;
	return ok;
}

#if defined(__x86_64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined(__arm__)
#define OUR_ARCHITECTURE AUDIT_ARCH_ARM
#elif defined(__riscv) && __riscv_xlen == 64
#define OUR_ARCHITECTURE AUDIT_ARCH_RISCV64
#endif

#ifdef OUR_ARCHITECTURE

/* What no process of ours ever calls. A list of what is forbidden stays true when libraries change; one of what is allowed does not. */
static const int forbidden[] = {
	SYS_execve,	 SYS_execveat,		SYS_ptrace,	   SYS_mount,
	SYS_umount2,	 SYS_pivot_root,	SYS_chroot,	   SYS_reboot,
	SYS_kexec_load,	 SYS_init_module,	SYS_finit_module,  SYS_delete_module,
	SYS_bpf,	 SYS_perf_event_open,	SYS_keyctl,	   SYS_add_key,
	SYS_request_key, SYS_process_vm_readv,	SYS_unshare,	   SYS_setns,
	SYS_swapon,	 SYS_process_vm_writev, SYS_userfaultfd,   SYS_open_by_handle_at,
	SYS_quotactl,	 SYS_settimeofday,	SYS_clock_settime, SYS_sethostname,
};

static const int forbidden_network[] = { SYS_socket, SYS_bind, SYS_connect, SYS_listen };

enum { PROGRAM_MAX = 80 };

struct program {
	struct sock_filter lines[PROGRAM_MAX];
	unsigned short count;
};

static void add_line(struct program *program, struct sock_filter line)
{
	program->lines[program->count++] = line;
}

/* If the value at hand is number, answer EPERM. */
static void add_refusal(struct program *program, int number)
{
	add_line(program,
		 (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 1));
	add_line(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
}

static void write_program(struct program *program, bool no_network)
{
	/* Calls of a foreign architecture (32-bit ones on a 64-bit kernel) have other numbers: refused as a whole. */
	add_line(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						       offsetof(struct seccomp_data, arch)));
	add_line(program,
		 (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCHITECTURE, 1, 0));
	add_line(program,
		 (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS));
	add_line(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						       offsetof(struct seccomp_data, nr)));
	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++)
		add_refusal(program, forbidden[i]);
	for (size_t i = 0; no_network && i < sizeof(forbidden_network) / sizeof(int); i++)
		add_refusal(program, forbidden_network[i]);
	add_line(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
}

static bool close_calls(bool no_network, struct sandbox *sandbox, struct err *err)
{
	struct program program = { .count = 0 };
	struct sock_fprog filter = { .filter = program.lines };

	_Static_assert(5 + 2 * (sizeof(forbidden) + sizeof(forbidden_network)) / sizeof(int) <
			       PROGRAM_MAX,
		       "the program fits");
	write_program(&program, no_network);
	filter.len = program.count;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0)
		sandbox->seccomp = true;
	else if (errno != EINVAL) /* EINVAL: a kernel without filters */
		return err_set(err, "seccomp: %s", strerror(errno));
	return true;
}

#else

static bool close_calls(bool no_network, struct sandbox *sandbox, struct err *err)
{
	(void)no_network, (void)sandbox, (void)err;
	return true; /* an architecture whose number for filters we do not know */
}

#endif

bool sandbox_close(const struct sandbox_path *paths, size_t count, bool no_network,
		   struct sandbox *ret_sandbox, struct err *err)
{
	*ret_sandbox = (struct sandbox){ 0 };
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return err_set(err, "no_new_privs: %s", strerror(errno));
	ret_sandbox->no_new_privileges = true;
	return close_files(paths, count, no_network, ret_sandbox, err) &&
	       close_calls(no_network, ret_sandbox, err);
}
