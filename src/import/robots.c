/* robots.txt: groups, rules, the longest match. */
#include "import/robots.h"

#include <stdlib.h>

#include "base/mem.h"

struct rule {
	char *pattern; /* percent-encoding made even */
	size_t len;
	bool allows;
};

struct robots {
	struct rule *rules;
	size_t count;
	unsigned delay;
	bool allows_all;
	bool allows_nothing;
};

static int hex(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

static bool is_unreserved(unsigned char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' || byte == '_' ||
	       byte == '~';
}

/* RFC 9309 2.2.2: characters beyond ASCII are compared encoded, encoded unreserved ones decoded. The caller frees it. */
static char *even_out(struct str path, size_t *ret_len)
{
	char *out = mem_alloc(3 * path.len + 1, 1);
	size_t len = 0;

	for (size_t i = 0; i < path.len; i++) {
		unsigned char byte = (unsigned char)path.data[i];
		bool is_escape = byte == '%' && i + 2 < path.len && hex(path.data[i + 1]) >= 0 &&
				 hex(path.data[i + 2]) >= 0;
		bool encodes = byte >= 0x80 || byte <= ' ';

		if (is_escape) {
			byte = (unsigned char)(hex(path.data[i + 1]) * 16 + hex(path.data[i + 2]));
			i += 2;
			encodes = !is_unreserved(byte);
		}
		if (encodes) {
			out[len++] = '%';
			out[len++] = "0123456789ABCDEF"[byte >> 4];
			out[len++] = "0123456789ABCDEF"[byte & 15];
		} else {
			out[len++] = (char)byte;
		}
	}
	*ret_len = len;
	return out;
}

/* Takes "name: value" apart, comment cut off. False for other lines. */
static bool split_line(struct str line, struct str *ret_name, struct str *ret_value)
{
	size_t colon;

	line = str_trim(str_head(line, str_find(line, '#')));
	colon = str_find(line, ':');
	if (colon == line.len)
		return false;
	*ret_name = str_trim(str_head(line, colon));
	*ret_value = str_trim(str_skip(line, colon + 1));
	return true;
}

/* "Tidings/1.0" in a file means the product "Tidings" (RFC 9309 2.2.1). */
static bool names_agent(struct str value, struct str agent)
{
	return str_eq_nocase(str_trim(str_head(value, str_find(value, '/'))), agent);
}

/* Whether a group of the file names the agent. */
static bool has_group(struct str text, struct str agent)
{
	struct str line;
	struct str name;
	struct str value;

	while (str_next_line(&text, &line))
		if (split_line(line, &name, &value) && str_eq_nocase(name, STR("user-agent")) &&
		    names_agent(value, agent))
			return true;
	return false;
}

static void add_rule(struct robots *robots, struct str pattern, bool allows)
{
	struct rule *rule;

	if (robots->count == ROBOTS_RULES_MAX || pattern.len == 0 ||
	    pattern.len > ROBOTS_PATTERN_MAX)
		return;
	robots->rules = mem_grow(robots->rules, robots->count + 1, sizeof(struct rule));
	rule = &robots->rules[robots->count++];
	rule->pattern = even_out(pattern, &rule->len);
	rule->allows = allows;
}

struct robots *robots_parse(struct str text, struct str agent)
{
	struct robots *robots = mem_alloc(1, sizeof(*robots));
	struct str wanted;
	struct str line;
	struct str name;
	struct str value;
	bool is_ours = false;
	bool in_names = false; /* lines with agents stand together at the start of a group */

	text = str_head(text, ROBOTS_BYTES_MAX);
	if (str_starts(text, STR("\xEF\xBB\xBF")))
		text = str_skip(text, 3);
	wanted = has_group(text, agent) ? agent : STR("*");
	while (str_next_line(&text, &line)) {
		uint64_t delay;

		if (!split_line(line, &name, &value))
			continue;
		if (str_eq_nocase(name, STR("user-agent"))) {
			is_ours = (in_names && is_ours) || names_agent(value, wanted);
			in_names = true;
			continue;
		}
		if (str_eq_nocase(name, STR("allow")) || str_eq_nocase(name, STR("disallow"))) {
			in_names = false;
			if (is_ours)
				add_rule(robots, value, str_eq_nocase(name, STR("allow")));
		} else if (str_eq_nocase(name, STR("crawl-delay"))) {
			in_names = false;
			if (is_ours &&
			    str_number(str_head(value, str_find(value, '.')), 1000000, &delay))
				robots->delay = delay < ROBOTS_DELAY_MAX ? (unsigned)delay
									 : ROBOTS_DELAY_MAX;
		}
	}
	return robots;
}

struct robots *robots_all(bool allows)
{
	struct robots *robots = mem_alloc(1, sizeof(*robots));

	robots->allows_all = allows;
	robots->allows_nothing = !allows;
	return robots;
}

void robots_free(struct robots *robots)
{
	if (!robots)
		return;
	for (size_t i = 0; i < robots->count; i++)
		free(robots->rules[i].pattern);
	free(robots->rules);
	free(robots);
}

/*
 * Whether a pattern matches from the start of path: "*" is any run, "$" at the end is the end. Steps back to the
 * last star only, so it takes no longer than the product of the two lengths.
 */
static bool matches(const struct rule *rule, struct str path)
{
	bool to_end = rule->len && rule->pattern[rule->len - 1] == '$';
	size_t len = rule->len - to_end;
	size_t star = len;
	size_t mark = 0;
	size_t p = 0;
	size_t i = 0;

	while (p < len || (to_end && i < path.len)) {
		if (p < len && rule->pattern[p] == '*') {
			star = p++;
			mark = i;
		} else if (p < len && i < path.len && rule->pattern[p] == path.data[i]) {
			p++;
			i++;
		} else if (star < len && mark < path.len) {
			p = star + 1;
			i = ++mark;
		} else {
			return false;
		}
	}
	return true;
}

bool robots_allow(const struct robots *robots, struct str path)
{
	const struct rule *best = NULL;
	size_t len;
	char *even;

	if (robots->allows_all || str_eq(path, STR("/robots.txt")))
		return true;
	if (robots->allows_nothing)
		return false;
	even = even_out(path, &len);
	for (size_t i = 0; i < robots->count; i++) {
		const struct rule *rule = &robots->rules[i];

		if (matches(rule, (struct str){ even, len }) &&
		    (!best || rule->len > best->len || (rule->len == best->len && rule->allows)))
			best = rule;
	}
	free(even);
	return !best || best->allows;
}

unsigned robots_delay(const struct robots *robots)
{
	return robots->delay;
}
