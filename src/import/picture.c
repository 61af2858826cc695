/* Scaling a picture: the work, and the process that it is done in. */
#include "import/picture.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "import/picture_parts.h"

enum {
	BEST_QUALITY = 82,
	WORST_QUALITY = 40,
	QUALITY_STEP = 14,
	SIDE_LEAST = 160, /* no smaller, whatever the file may have */
	MEMORY_MAX = 512 << 20,
	REPLY_MAX = PICTURE_BYTES_MAX,
};

/* What the child says before the file, or in its place. */
struct said {
	bool ok;
	enum picture_kind kind;
	unsigned width;
	unsigned height;
	size_t bytes;
	struct err err;
};

enum picture_kind picture_kind(struct str bytes)
{
	if (str_starts(bytes, STR("\xFF\xD8\xFF")))
		return PICTURE_JPEG;
	if (str_starts(bytes, STR("\x89PNG\r\n\x1A\n")))
		return PICTURE_PNG;
	if (str_starts(bytes, STR("RIFF")) && str_starts(str_skip(bytes, 8), STR("WEBP")))
		return PICTURE_WEBP;
	return str_starts(bytes, STR("GIF8")) ? PICTURE_GIF : PICTURE_UNKNOWN;
}

static bool read_picture(struct str bytes, unsigned side, struct raster *ret_raster,
			 struct err *err)
{
	switch (picture_kind(bytes)) {
	case PICTURE_JPEG:
		return picture_read_jpeg(bytes, side, ret_raster, err);
	case PICTURE_PNG:
		return picture_read_png(bytes, side, ret_raster, err);
	case PICTURE_WEBP:
		return picture_read_webp(bytes, side, ret_raster, err);
	default:
		return err_set(err, "is no JPEG, PNG or WebP picture");
	}
}

/* The best quality whose file is small enough. */
static bool write_picture(const struct raster *raster, size_t bytes_max, struct buf *out,
			  enum picture_kind *ret_kind)
{
	*ret_kind = PICTURE_PNG;
	if (raster->has_alpha && picture_write_png(raster, out) && out->len <= bytes_max)
		return true;
	*ret_kind = PICTURE_JPEG;
	for (int quality = BEST_QUALITY; quality >= WORST_QUALITY; quality -= QUALITY_STEP) {
		buf_clear(out);
		if (picture_write_jpeg(raster, quality, out) && out->len <= bytes_max)
			return true;
	}
	return false;
}

bool picture_make(struct str bytes, const struct picture_plan *plan, struct buf *out,
		  enum picture_kind *ret_kind, unsigned *ret_width, unsigned *ret_height,
		  struct err *err)
{
	for (unsigned side = plan->side_max; side >= SIDE_LEAST || side == plan->side_max;
	     side = side * 3 / 4) {
		struct raster raster = { 0 };
		bool fits;

		if (!read_picture(bytes, side, &raster, err))
			return false;
		buf_clear(out);
		fits = write_picture(&raster, plan->bytes_max, out, ret_kind);
		*ret_width = raster.width;
		*ret_height = raster.height;
		free(raster.pixels);
		if (fits)
			return true;
	}
	return err_set(err, "does not fit into %zu bytes", plan->bytes_max);
}

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

/* All that a decoder needs; anything else is refused. */
static const int allowed[] = {
	SYS_read,   SYS_write,	      SYS_exit,		 SYS_exit_group,     SYS_brk,
	SYS_mmap,   SYS_munmap,	      SYS_mremap,	 SYS_madvise,	     SYS_mprotect,
	SYS_futex,  SYS_rt_sigreturn, SYS_close,	 SYS_rt_sigprocmask, SYS_getpid,
	SYS_gettid, SYS_tgkill,	      SYS_clock_gettime, SYS_sched_yield,
};

static void close_calls(void)
{
	enum { COUNT = sizeof(allowed) / sizeof(allowed[0]) };
	struct sock_filter filter[COUNT + 3];
	struct sock_fprog program = { COUNT + 3, filter };
	size_t at = 0;

	filter[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						    offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < COUNT; i++)
		filter[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
							    (unsigned)allowed[i],
							    (unsigned char)(COUNT - i), 0);
	filter[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	filter[at] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	/* A kernel without seccomp still has the limits below. */
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static void limit(int what, rlim_t most)
{
	struct rlimit bounds = { most, most };

	setrlimit((__rlimit_resource_t)what, &bounds);
}

static void close_walls(int out)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (out > 3)
		close_range(3, (unsigned)out - 1, 0);
	close_range((unsigned)out + 1, ~0u, 0);
	if (IS_SANITIZED)
		return;
	limit(RLIMIT_AS, MEMORY_MAX);
	limit(RLIMIT_CPU, PICTURE_SECONDS);
	limit(RLIMIT_CORE, 0);
	close_calls();
}

static bool write_all(int fd, const void *data, size_t len)
{
	while (len > 0) {
		ssize_t written = write(fd, data, len);

		if (written <= 0)
			return false;
		data = (const char *)data + written;
		len -= (size_t)written;
	}
	return true;
}

/* In the child: the bytes to be read are there already, as a copy of the parent's memory. */
static _Noreturn void work(struct str bytes, const struct picture_plan *plan, int out)
{
	struct said said = { .ok = false };
	struct buf made;

	close_walls(out);
	buf_init(&made, REPLY_MAX);
	said.ok = picture_make(bytes, plan, &made, &said.kind, &said.width, &said.height,
			       &said.err);
	said.bytes = said.ok ? made.len : 0;
	if (write_all(out, &said, sizeof(said)))
		write_all(out, made.data, said.bytes);
	_exit(0);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads all that the child writes, as long as it may take. */
static void read_all(int fd, struct buf *in)
{
	int64_t until = now_ms() + PICTURE_SECONDS * 1000;
	char block[65536];
	ssize_t got = 1;

	while (got > 0) {
		struct pollfd ready = { fd, POLLIN, 0 };
		int64_t left = until - now_ms();

		if (left <= 0 || poll(&ready, 1, (int)left) <= 0)
			return;
		got = read(fd, block, sizeof(block));
		if (got > 0)
			buf_bytes(in, block, (size_t)got);
	}
}

static bool take(const struct buf *in, struct buf *out, enum picture_kind *ret_kind,
		 unsigned *ret_width, unsigned *ret_height, struct err *err)
{
	struct said said;

	if (in->len < sizeof(said))
		return err_set(err, "is a picture whose reading broke off");
	memcpy(&said, in->data, sizeof(said));
	said.err.text[sizeof(said.err.text) - 1] = '\0';
	if (!said.ok)
		return err_set(err, "%s", said.err.text);
	if (in->len != sizeof(said) + said.bytes)
		return err_set(err, "is a picture whose reading broke off");
	buf_bytes(out, in->data + sizeof(said), said.bytes);
	*ret_kind = said.kind;
	*ret_width = said.width;
	*ret_height = said.height;
	return true;
}

bool picture_scale(struct str bytes, const struct picture_plan *plan, struct buf *out,
		   enum picture_kind *ret_kind, unsigned *ret_width, unsigned *ret_height,
		   struct err *err)
{
	struct buf in;
	int ends[2];
	pid_t pid;
	bool ok;

	if (bytes.len > PICTURE_BYTES_MAX)
		return err_set(err, "is larger than %d bytes", PICTURE_BYTES_MAX);
	if (picture_kind(bytes) == PICTURE_UNKNOWN || picture_kind(bytes) == PICTURE_GIF)
		return err_set(err, "is no JPEG, PNG or WebP picture");
	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_set(err, "cannot be scaled: %s", strerror(errno));
	pid = fork();
	if (pid == 0)
		work(bytes, plan, ends[1]);
	close(ends[1]);
	if (pid == -1) {
		close(ends[0]);
		return err_set(err, "cannot be scaled: %s", strerror(errno));
	}
	buf_init(&in, REPLY_MAX + sizeof(struct said));
	read_all(ends[0], &in);
	close(ends[0]);
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) == -1 && errno == EINTR)
		;
	ok = take(&in, out, ret_kind, ret_width, ret_height, err);
	buf_done(&in);
	return ok;
}
