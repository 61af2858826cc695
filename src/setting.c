/* The kinds of values in server.ini: one reader each. */
#include "setting.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "base/mem.h"
#include "base/text.h"
#include "config.h"

static void text_done(void *field)
{
	char **text = field;

	free(*text);
	*text = NULL;
}

static void text_set(void *field, char *text)
{
	text_done(field);
	*(char **)field = text;
}

static void nothing_done(void *field)
{
	(void)field;
}

static bool is_printable(struct str text)
{
	uint32_t rune;

	for (size_t len; (len = text_rune(text, &rune)) > 0; text = str_skip(text, len))
		if (text_is_control(rune))
			return false;
	return true;
}

static bool text_read(const struct setting *setting, const char *value, const char *folder,
		      void *field, struct err *err)
{
	(void)folder;
	if (strlen(value) > setting->max)
		return err_set(err, "the value is longer than %u bytes", setting->max);
	if (!is_printable(str_from(value)))
		return err_set(err, "the value holds control characters");
	text_set(field, mem_text(value));
	return true;
}

static bool path_read(const struct setting *setting, const char *value, const char *folder,
		      void *field, struct err *err)
{
	if (*value == '\0' && setting->min > 0)
		return err_set(err, "a path is missing");
	if (!text_read(setting, value, folder, field, err))
		return false;
	if (*value != '\0' && *value != '/' && *folder != '\0')
		text_set(field, mem_format("%s/%s", folder, value));
	return true;
}

/* The index of value among words separated by "|"; their count when it is none of them. */
static unsigned word_index(const char *words, const char *value)
{
	struct str rest = str_from(words);
	struct str word;
	unsigned index = 0;

	while (str_next(&rest, '|', &word)) {
		if (str_eq(word, str_from(value)))
			return index;
		index++;
	}
	return index;
}

static bool is_word(const char *words, const char *value)
{
	return words && word_index(words, value) < word_index(words, "");
}

static bool output_read(const struct setting *setting, const char *value, const char *folder,
			void *field, struct err *err)
{
	if (!is_word(setting->words, value))
		return path_read(setting, value, folder, field, err);
	text_set(field, mem_text(value));
	return true;
}

static bool number_read(const struct setting *setting, const char *value, const char *folder,
			void *field, struct err *err)
{
	uint64_t number;

	(void)folder;
	if (is_word(setting->words, value))
		number = 0;
	else if (!str_number(str_from(value), setting->max, &number) || number < setting->min)
		return err_set(err, "\"%s\" is not %s%sa number from %u to %u", value,
			       setting->words ? setting->words : "", setting->words ? " or " : "",
			       setting->min, setting->max);
	*(unsigned *)field = (unsigned)number;
	return true;
}

static bool duration_read(const struct setting *setting, const char *value, const char *folder,
			  void *field, struct err *err)
{
	static const char units[] = "smhd";
	static const unsigned seconds[] = { 1, 60, 3600, 86400 };
	struct str text = str_from(value);
	const char *unit = text.len ? strchr(units, text.data[text.len - 1]) : NULL;
	uint64_t number = 0;

	(void)folder;
	if (!unit || *unit == '\0' ||
	    !str_number(str_head(text, text.len - 1), setting->max, &number) ||
	    number * seconds[unit - units] < setting->min ||
	    number * seconds[unit - units] > setting->max)
		return err_set(err, "\"%s\" is not a time such as 60m or 6h, from %us to %us",
			       value, setting->min, setting->max);
	*(unsigned *)field = (unsigned)(number * seconds[unit - units]);
	return true;
}

static bool switch_read(const struct setting *setting, const char *value, const char *folder,
			void *field, struct err *err)
{
	bool yes = strcmp(value, "yes") == 0;

	(void)setting;
	(void)folder;
	if (!yes && strcmp(value, "no") != 0)
		return err_set(err, "\"%s\" is neither yes nor no", value);
	*(bool *)field = yes;
	return true;
}

static bool choice_read(const struct setting *setting, const char *value, const char *folder,
			void *field, struct err *err)
{
	(void)folder;
	if (!is_word(setting->words, value))
		return err_set(err, "\"%s\" is none of %s", value, setting->words);
	*(unsigned *)field = word_index(setting->words, value);
	return true;
}

static bool emoji_read(const struct setting *setting, const char *value, const char *folder,
		       void *field, struct err *err)
{
	struct str text = str_from(value);

	if (text_width(text) > 2 || str_find(text, ' ') != text.len)
		return err_set(err, "\"%s\" is not one emoji", value);
	return text_read(setting, value, folder, field, err);
}

static void list_done(void *field)
{
	struct config_list *list = field;

	for (size_t i = 0; i < list->count; i++)
		free((char *)list->items[i].data);
	free(list->items);
	*list = (struct config_list){ 0 };
}

static void list_add(struct config_list *list, struct str item)
{
	list->items = mem_grow(list->items, list->count + 1, sizeof(*list->items));
	list->items[list->count++] = (struct str){ mem_copy(item.data, item.len), item.len };
}

static bool list_has(const struct config_list *list, struct str item)
{
	for (size_t i = 0; i < list->count; i++)
		if (str_eq_nocase(list->items[i], item))
			return true;
	return false;
}

/* Checks one item of a list, which ends with a NUL. */
typedef bool item_check(const char *item, struct err *err);

/* Comma-separated items, blanks around them dropped; at least min of them, none twice. */
static bool list_read(const struct setting *setting, const char *value, item_check *check,
		      struct config_list *list, struct err *err)
{
	struct str rest = str_from(value);
	struct str item;

	list_done(list);
	while (str_next(&rest, ',', &item)) {
		item = str_trim(item);
		if (item.len == 0)
			return err_set(err, "an item of the list is empty");
		if (list_has(list, item))
			return err_set(err, "\"" STR_FMT "\" is there twice", STR_ARG(item));
		if (list->count == CONFIG_LIST_MAX)
			return err_set(err, "more than %d items", CONFIG_LIST_MAX);
		list_add(list, item);
		if (!check(list->items[list->count - 1].data, err))
			return false;
	}
	if (str_ends(str_from(value), STR(",")))
		return err_set(err, "nothing stands behind the last comma");
	if (list->count < setting->min)
		return err_set(err, "the value is missing");
	return true;
}

static bool is_listen(const char *item, struct err *err)
{
	struct address address;

	return address_parse(item, &address, err);
}

static bool listen_read(const struct setting *setting, const char *value, const char *folder,
			void *field, struct err *err)
{
	(void)folder;
	return list_read(setting, value, is_listen, field, err);
}

static bool is_label(struct str label)
{
	for (size_t i = 0; i < label.len; i++) {
		char c = label.data[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    c != '-' && c != '_')
			return false;
	}
	return label.len > 0 && label.len <= 63 && label.data[0] != '-' &&
	       label.data[label.len - 1] != '-';
}

static bool is_bracketed_ipv6(struct str item)
{
	struct in6_addr address;
	char literal[INET6_ADDRSTRLEN] = "";

	if (!str_starts(item, STR("[")) || !str_ends(item, STR("]")) ||
	    item.len - 2 >= sizeof(literal))
		return false;
	memcpy(literal, item.data + 1, item.len - 2);
	return inet_pton(AF_INET6, literal, &address) == 1;
}

/* RFC 1123 2.1 (and "_", which private networks use), an IPv4 literal (which looks the same), or an IPv6 literal in brackets. */
static bool is_host(const char *item, struct err *err)
{
	struct str rest = str_from(item);
	struct str label;

	if (is_bracketed_ipv6(rest))
		return true;
	if (rest.len > 253)
		return err_set(err, "a host name is longer than 253 bytes");
	while (str_next(&rest, '.', &label))
		if (!is_label(label))
			goto bad;
	if (!str_ends(str_from(item), STR(".")))
		return true;
bad:
	return err_set(
		err,
		"\"%s\" is not a host name (names in other scripts are written in their xn-- "
		"form, IPv6 addresses in brackets)",
		item);
}

static void lower(struct str item)
{
	char *data = (char *)item.data;

	for (size_t i = 0; i < item.len; i++)
		if (data[i] >= 'A' && data[i] <= 'Z')
			data[i] = (char)(data[i] - 'A' + 'a');
}

static bool hosts_read(const struct setting *setting, const char *value, const char *folder,
		       void *field, struct err *err)
{
	struct config_list *list = field;

	(void)folder;
	if (!list_read(setting, value, is_host, list, err))
		return false;
	for (size_t i = 0; i < list->count; i++)
		lower(list->items[i]);
	return true;
}

static bool is_path(const char *item, struct err *err)
{
	(void)item;
	(void)err;
	return true;
}

static bool paths_read(const struct setting *setting, const char *value, const char *folder,
		       void *field, struct err *err)
{
	struct config_list *list = field;

	if (strlen(value) > setting->max)
		return err_set(err, "the value is longer than %u bytes", setting->max);
	if (!is_printable(str_from(value)))
		return err_set(err, "the value holds control characters");
	if (*value == '\0')
		return err_set(err, "a path is missing");
	if (!list_read(setting, value, is_path, list, err))
		return false;
	for (size_t i = 0; i < list->count && *folder != '\0'; i++) {
		char *path = (char *)list->items[i].data;

		if (*path == '/')
			continue;
		list->items[i] = str_from(mem_format("%s/%s", folder, path));
		free(path);
	}
	return true;
}

static bool is_route(const char *item, struct err *err)
{
	struct str text = str_from(item);

	if (!str_starts(text, STR("/")) || !is_printable(text) || str_find(text, ' ') != text.len)
		return err_set(err, "\"%s\" is not a path that begins with \"/\"", item);
	return true;
}

static bool routes_read(const struct setting *setting, const char *value, const char *folder,
			void *field, struct err *err)
{
	(void)folder;
	return list_read(setting, value, is_route, field, err);
}

static bool is_network(const char *item, struct err *err)
{
	struct network network;

	return network_parse(item, &network, err);
}

static void networks_field_done(void *field)
{
	networks_done(field);
}

static bool networks_read(const struct setting *setting, const char *value, const char *folder,
			  void *field, struct err *err)
{
	struct config_list list = { 0 };
	bool ok = list_read(setting, value, is_network, &list, err);

	(void)folder;
	networks_done(field);
	for (size_t i = 0; ok && i < list.count; i++) {
		struct network network;

		ok = network_parse(list.items[i].data, &network, err);
		if (ok)
			networks_add(field, &network);
	}
	list_done(&list);
	return ok;
}

const struct setting_type setting_text = { text_read, text_done };
const struct setting_type setting_path = { path_read, text_done };
const struct setting_type setting_paths = { paths_read, list_done };
const struct setting_type setting_output = { output_read, text_done };
const struct setting_type setting_number = { number_read, nothing_done };
const struct setting_type setting_duration = { duration_read, nothing_done };
const struct setting_type setting_switch = { switch_read, nothing_done };
const struct setting_type setting_choice = { choice_read, nothing_done };
const struct setting_type setting_emoji = { emoji_read, text_done };
const struct setting_type setting_listen = { listen_read, list_done };
const struct setting_type setting_hosts = { hosts_read, list_done };
const struct setting_type setting_routes = { routes_read, list_done };
const struct setting_type setting_networks = { networks_read, networks_field_done };
