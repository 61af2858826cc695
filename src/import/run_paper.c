/* Files of a paper: read, written, removed; what has expired. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/mem.h"
#include "base/put.h"
#include "import/run_inside.h"

enum { READ_MAX = 2 << 20, FILE_MODE = 0644 };

static char *full_path(const struct paper_run *paper, struct str path)
{
	return mem_format("%s/" STR_FMT, paper->site->content, STR_ARG(path));
}

bool content_read(struct paper_run *paper, struct str path, struct arena *arena,
		  struct str *ret_bytes)
{
	char *full = full_path(paper, path);
	int fd = open(full, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;
	char *bytes;
	size_t len = 0;
	ssize_t got = 1;

	free(full);
	if (fd == -1)
		return false;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > READ_MAX) {
		close(fd);
		return false;
	}
	bytes = ARENA_ARRAY(arena, (size_t)st.st_size + 1, char);
	while (got > 0 && len < (size_t)st.st_size) {
		got = read(fd, bytes + len, (size_t)st.st_size - len);
		if (got > 0)
			len += (size_t)got;
	}
	close(fd);
	*ret_bytes = (struct str){ bytes, len };
	return got >= 0;
}

bool content_put(struct paper_run *paper, struct str path, struct str bytes, bool replace,
		 struct err *err)
{
	char *full = full_path(paper, path);
	bool ok = folder_above(full, err) && file_put(full, FILE_MODE, bytes, replace, err);

	free(full);
	return ok;
}

bool content_remove(struct paper_run *paper, struct str path)
{
	char *full = full_path(paper, path);
	bool ok = unlink(full) == 0 || errno == ENOENT;

	free(full);
	return ok;
}

struct str paper_language(struct paper_run *paper, const char *edition, struct arena *arena)
{
	struct str path = arena_format(arena, "%s%sedition.ini", edition, *edition ? "/" : "");
	struct str text;
	struct str line;

	if (!content_read(paper, path, arena, &text))
		return STR("en");
	while (str_next_line(&text, &line)) {
		size_t mark = str_find(line, '=');
		struct str value = str_skip(line, mark + 1);

		if (str_eq(str_trim(str_head(line, mark)), STR("language")))
			return str_trim(str_head(value, str_find(value, ';')));
	}
	return STR("en");
}

/* What is to go, and what is only to be noted. */
struct expiry {
	struct paper_run *paper;
	const struct source *source;
	struct import_counts *counts;
	size_t place;
	int64_t oldest;
};

/* False when somebody has taken the file away, or made it theirs. */
static bool is_ours(struct paper_run *paper, struct ledger_story *story)
{
	struct arena *arena = arena_new(READ_MAX + (1 << 16));
	struct str bytes;

	if (!content_read(paper, story->path, arena, &bytes))
		story->state = LEDGER_GONE;
	else if ((int64_t)str_hash(bytes) != story->file)
		story->state = LEDGER_OTHERS;
	arena_free(arena);
	return story->state == LEDGER_HERE;
}

static bool on_story(void *context, const struct ledger_story *known)
{
	struct expiry *expiry = context;
	const struct source *source = expiry->source;
	struct ledger_story story = *known;
	bool is_old = source->keep_days && story.published < expiry->oldest &&
		      expiry->place >= source->keep_min;
	bool is_too_much = source->keep_max && expiry->place >= source->keep_max;

	expiry->place++;
	if (!is_ours(expiry->paper, &story)) {
		ledger_change(expiry->paper->ledger, &story);
		return true;
	}
	if ((!is_old && !is_too_much) || !content_remove(expiry->paper, story.path))
		return true;
	if (story.image.len)
		content_remove(expiry->paper, story.image);
	story.state = LEDGER_GONE;
	ledger_change(expiry->paper->ledger, &story);
	expiry->counts->removed++;
	return true;
}

void paper_expire(struct paper_run *paper, const struct source *source,
		  struct import_counts *counts)
{
	struct expiry expiry = {
		.paper = paper,
		.source = source,
		.counts = counts,
		.oldest = paper->run->now - (int64_t)source->keep_days * DAY,
	};

	ledger_walk(paper->ledger, str_from(source->name), on_story, &expiry);
}
