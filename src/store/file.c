/* Files of content/ as they are: opening them, and what their names say of them. */
#include <errno.h>
#include <unistd.h>

#include "store/catalogue.h"
#include "store/walk.h"

static const struct {
	const char *extension;
	const char *mime;
	enum link_form form;
} kinds[] = {
	{ "png", "image/png", LINK_IMAGE },
	{ "jpg", "image/jpeg", LINK_IMAGE },
	{ "jpeg", "image/jpeg", LINK_IMAGE },
	{ "gif", "image/gif", LINK_GIF },
	{ "webp", "image/webp", LINK_IMAGE },
	{ "avif", "image/avif", LINK_IMAGE },
	{ "svg", "image/svg+xml", LINK_IMAGE },
	{ "txt", "text/plain", LINK_TEXT },
	{ "gmi", "text/gemini", LINK_TEXT },
	{ "md", "text/markdown", LINK_TEXT },
	{ "csv", "text/csv", LINK_TEXT },
	{ "json", "application/json", LINK_TEXT },
	{ "xml", "application/xml", LINK_TEXT },
	{ "asc", "text/plain", LINK_TEXT },
	{ "html", "text/html", LINK_BINARY },
	{ "pdf", "application/pdf", LINK_BINARY },
	{ "epub", "application/epub+zip", LINK_BINARY },
	{ "zip", "application/zip", LINK_BINARY },
	{ "gz", "application/gzip", LINK_BINARY },
	{ "xz", "application/x-xz", LINK_BINARY },
	{ "zst", "application/zstd", LINK_BINARY },
	{ "tar", "application/x-tar", LINK_BINARY },
	{ "ogg", "audio/ogg", LINK_SOUND },
	{ "oga", "audio/ogg", LINK_SOUND },
	{ "opus", "audio/ogg", LINK_SOUND },
	{ "mp3", "audio/mpeg", LINK_SOUND },
	{ "m4a", "audio/mp4", LINK_SOUND },
	{ "flac", "audio/flac", LINK_SOUND },
	{ "wav", "audio/wav", LINK_SOUND },
	{ "webm", "video/webm", LINK_VIDEO },
	{ "mp4", "video/mp4", LINK_VIDEO },
	{ "ogv", "video/ogg", LINK_VIDEO },
};

enum { KIND_COUNT = sizeof(kinds) / sizeof(kinds[0]) };

/* KIND_COUNT when the name says nothing. */
static size_t find_kind(struct str path)
{
	size_t slash = str_rfind(path, '/');
	struct str name = slash < path.len ? str_skip(path, slash + 1) : path;
	struct str extension = str_skip(name, str_rfind(name, '.') + 1);
	size_t i = 0;

	while (i < KIND_COUNT && !str_eq_nocase(extension, str_from(kinds[i].extension)))
		i++;
	return i;
}

struct str store_mime(struct str path)
{
	size_t kind = find_kind(path);

	return kind < KIND_COUNT ? str_from(kinds[kind].mime) : STR("application/octet-stream");
}

enum link_form store_form(struct str path)
{
	size_t kind = find_kind(path);

	return kind < KIND_COUNT ? kinds[kind].form : LINK_BINARY;
}

/* What says of a file that it is not there, or not for readers; anything else may pass. */
static enum store_opening verdict(int reason)
{
	switch (reason) {
	case ENOENT:
	case ENOTDIR:
	case EACCES:
	case EPERM:
	case ELOOP:
	case EXDEV:
	case EINVAL:
		return STORE_NO_SUCH_FILE;
	default:
		return STORE_OPENS_NOTHING;
	}
}

enum store_opening store_open_file(struct store *store, struct str path,
				   struct store_file *ret_file)
{
	struct stat st;
	int fd;

	if (str_ends(path, STR(".ini")) || str_ends(path, STR(".gmi")))
		return STORE_NO_SUCH_FILE;
	fd = walk_open(store->content, path);
	if (fd == -1)
		return verdict(errno);
	if (fstat(fd, &st) == -1) {
		close(fd);
		return STORE_OPENS_NOTHING;
	}
	*ret_file = (struct store_file){
		.descriptor = fd,
		.size = (uint64_t)st.st_size,
		.modified = st.st_mtim.tv_sec,
		.mime = store_mime(path),
	};
	return STORE_OPENED;
}
