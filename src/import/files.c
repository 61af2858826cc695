/* Files that somebody has here: ninjs, Markdown and HTML, one or a folder of them. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/folder.h"
#include "base/mem.h"
#include "base/put.h"
#include "base/text.h"
#include "import/charset.h"
#include "import/file.h"
#include "import/import.h"
#include "import/markdown.h"
#include "import/ninjs.h"
#include "store/place.h"

enum { DEPTH_MAX = 8, FILES_ARENA_BYTES = 256 << 20, READ_MAX = DOM_BYTES_MAX, FILE_MODE = 0644 };

struct taking {
	const struct import_files *files;
	struct import_counts *counts;
};

static void tell(struct taking *taking, enum import_level level, const char *path, const char *what)
{
	char text[1024];

	snprintf(text, sizeof(text), "%s: %s", path, what);
	if (taking->files->tell)
		taking->files->tell(taking->files->context, level, "", text);
}

static bool read_file(struct arena *arena, const char *path, struct str *ret_bytes, struct err *err)
{
	FILE *file = fopen(path, "re");
	char *bytes;
	size_t len;

	if (!file)
		return err_set(err, "%s", strerror(errno));
	bytes = ARENA_ARRAY(arena, READ_MAX + 1, char);
	len = fread(bytes, 1, READ_MAX + 1, file);
	fclose(file);
	if (len > READ_MAX)
		return err_set(err, "is larger than %d bytes", READ_MAX);
	*ret_bytes = (struct str){ bytes, len };
	return true;
}

/* The folders that lead to a file, as far as they can be sections: two at most, in lower case. */
static struct str section_of(struct taking *taking, struct arena *arena, struct str below)
{
	struct str folder = str_head(below,
				     str_rfind(below, '/') < below.len ? str_rfind(below, '/') : 0);
	struct str section = STR("");
	struct str name;

	if (taking->files->section)
		return str_from(taking->files->section);
	for (int i = 0; i < 2 && str_next(&folder, '/', &name); i++)
		section = arena_join(arena, section, section.len ? STR("/") : STR(""),
				     text_slug(arena, name));
	return section.len ? section : STR("news");
}

/* Writes a story to where its section and the name of its file put it. One that is there is replaced if it came from there. */
static bool put(struct taking *taking, struct arena *arena, const struct story *story,
		struct str section, struct str name, bool is_draft, struct err *err)
{
	struct file_facts facts = {
		.published = story->published ? story->published : taking->files->now,
		.updated = story->updated > story->published ? story->updated : 0,
		.language = STR("en")
	};
	struct str mark = STR("X-Import: file\n");
	struct str path = arena_format(arena, "%s/" STR_FMT "/" STR_FMT ".gmi",
				       taking->files->content, STR_ARG(section),
				       STR_ARG(text_slug(arena, name)));
	struct source source = { .name = "file",
				 .title = "",
				 .license = "",
				 .attribution = "",
				 .mode = SOURCE_FULL,
				 .images = IMAGES_LINK };
	struct str old = STR("");
	struct err none;
	struct buf out;
	bool is_there;
	bool ok = true;

	facts.source = &source;
	facts.uid = arena_format(
		arena, "import:%016llx",
		(unsigned long long)str_hash(
			story->id.len ? story->id : arena_join(arena, section, STR("/"), name)));
	is_there = read_file(arena, path.data, &old, &none);
	buf_init(&out, FILE_BYTES_MAX);
	if (is_draft)
		buf_str(&out, STR("Status: draft\n"));
	file_write(arena, story, &facts, &out);
	if (out.full)
		ok = err_set(err, "is larger than an article may be");
	else if (is_there && str_search(old, mark) == old.len)
		ok = err_set(err, "there is already another %s", path.data);
	else if (is_there && str_eq(old, buf_view(&out)))
		taking->counts->same++;
	else if (taking->files->is_dry ||
		 (folder_above(path.data, err) &&
		  file_put(path.data, FILE_MODE, buf_view(&out), is_there, err)))
		*(is_there ? &taking->counts->changed : &taking->counts->fresh) += 1;
	else
		ok = false;
	if (ok)
		tell(taking, IMPORT_SAYS, path.data, is_there ? "is there" : "new");
	buf_done(&out);
	return ok;
}

static bool take_entries(struct taking *taking, struct arena *arena, const struct feed *feed,
			 struct str section, struct str name, struct err *err)
{
	const struct prose_plan prose = { .base = STR("") };

	for (size_t i = 0; i < feed->entry_count; i++) {
		struct story story;
		struct str called = name;

		story_of_entry(arena, feed, &feed->entries[i], &prose, &story);
		if (feed->entry_count > 1)
			called = story.title.len ? story.title
						 : arena_format(arena, STR_FMT "-%zu",
								STR_ARG(name), i + 1);
		if (!put(taking, arena, &story, section, called, false, err))
			return false;
	}
	return true;
}

static bool take_markdown(struct taking *taking, struct arena *arena, struct str bytes,
			  struct str section, struct str name, struct err *err)
{
	const struct prose_plan prose = { .base = STR("") };
	const struct feed none = { .format = FEED_JSON };
	struct feed_entry entry;
	struct story story;
	bool is_draft;

	markdown_read(arena, charset_utf8(arena, bytes, STR(""), CHARSET_TEXT), &entry, &is_draft);
	if (entry.title.len == 0)
		entry.title = name;
	story_of_entry(arena, &none, &entry, &prose, &story);
	return put(taking, arena, &story, section, name, is_draft, err);
}

static bool take_html(struct taking *taking, struct arena *arena, struct str bytes,
		      struct str section, struct str name, struct err *err)
{
	const struct extract_plan plan = { .url = STR(""), .now = taking->files->now };
	struct extract extract;
	struct story story;

	if (!extract_page(arena, charset_utf8(arena, bytes, STR(""), CHARSET_HTML), &plan,
			  &extract))
		return err_set(err, "has no text in it");
	story_of_page(arena, &extract, extract.meta.url, &story);
	if (story.title.len == 0)
		story.title = name;
	return put(taking, arena, &story, section, name, false, err);
}

/* below is the path within what was named. Whether the file was taken, or is of no kind that is. */
static bool take_file(struct taking *taking, const char *path, struct str below, struct err *err)
{
	struct str end = str_skip(below, str_rfind(below, '.'));
	struct str file =
		str_skip(below, str_rfind(below, '/') < below.len ? str_rfind(below, '/') + 1 : 0);
	struct str name = str_head(file, str_rfind(file, '.'));
	bool is_json = str_eq_nocase(end, STR(".json")) || str_eq_nocase(end, STR(".ninjs"));
	bool is_markdown = str_eq_nocase(end, STR(".md")) || str_eq_nocase(end, STR(".markdown"));
	bool is_html = str_eq_nocase(end, STR(".html")) || str_eq_nocase(end, STR(".htm")) ||
		       str_eq_nocase(end, STR(".xhtml"));
	struct arena *arena;
	struct str section;
	struct str bytes;
	struct feed feed;
	bool ok;

	if (!is_json && !is_markdown && !is_html)
		return true;
	arena = arena_new(FILES_ARENA_BYTES);
	section = section_of(taking, arena, below);
	ok = read_file(arena, path, &bytes, err);
	if (ok && is_json)
		ok = ninjs_read(arena, bytes, taking->files->now, &feed, err) &&
		     take_entries(taking, arena, &feed, section, name, err);
	else if (ok && is_markdown)
		ok = take_markdown(taking, arena, bytes, section, name, err);
	else if (ok)
		ok = take_html(taking, arena, bytes, section, name, err);
	arena_free(arena);
	return ok;
}

static void take(struct taking *taking, const char *path, size_t root, unsigned depth);

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void take_folder(struct taking *taking, const char *path, size_t root, unsigned depth)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;
	char **names = NULL;
	size_t count = 0;

	while (folder && (entry = readdir(folder))) {
		if (entry->d_name[0] == '.')
			continue;
		names = mem_grow(names, count + 1, sizeof(*names));
		names[count++] = mem_format("%s/%s", path, entry->d_name);
	}
	if (folder)
		closedir(folder);
	if (count)
		qsort(names, count, sizeof(*names), by_name);
	for (size_t i = 0; i < count; i++) {
		take(taking, names[i], root, depth + 1);
		free(names[i]);
	}
	free(names);
}

/* root is where the path within what was named begins. */
static void take(struct taking *taking, const char *path, size_t root, unsigned depth)
{
	struct err err = { "" };
	struct stat st;

	if (lstat(path, &st) != 0) {
		tell(taking, IMPORT_WARNS, path, strerror(errno));
	} else if (S_ISDIR(st.st_mode)) {
		if (depth < DEPTH_MAX)
			take_folder(taking, path, root, depth);
	} else if (S_ISREG(st.st_mode) && !take_file(taking, path, str_from(path + root), &err)) {
		taking->counts->failed++;
		tell(taking, IMPORT_WARNS, path, err.text);
	}
}

bool import_files(const struct import_files *files, struct import_counts *counts, struct err *err)
{
	struct taking taking = { files, counts };
	struct str path = str_from(files->path);
	struct str section = files->section ? str_from(files->section) : STR("news");
	size_t slash = str_rfind(path, '/');
	size_t file_at = slash < path.len ? slash + 1 : 0;
	struct stat st;
	char *trimmed;

	if (!place_section_is_lawful(&section))
		return err_set(err, "\"%s\" is no section such as news/world", files->section);
	while (path.len > 1 && str_ends(path, STR("/")))
		path.len--;
	if (stat(files->path, &st) != 0)
		return err_set(err, "%s: %s", files->path, strerror(errno));
	/* A folder's own name is no section; a file has no folder but its name. */
	trimmed = mem_copy(path.data, path.len);
	take(&taking, trimmed, S_ISDIR(st.st_mode) ? path.len + 1 : file_at, 0);
	free(trimmed);
	return true;
}
