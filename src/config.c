/* server.ini: how a file becomes a struct config. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/ini.h"
#include "base/mem.h"
#include "config_site.h"
#include "config_table.h"
#include "source_setting.h"

/*
 * A site's configuration in the making: on which line each setting was given (0: not yet), and where
 * paths start. The file is read once for each site.
 */
struct reading {
	struct config *config;
	const struct config *main; /* the default site's, read before; NULL while it is read */
	const char *folder;	   /* "" for the current one */
	unsigned lines[CONFIG_SETTINGS_MAX];
};

static void *field_of(struct config *config, const struct setting *setting)
{
	return (char *)config + setting->offset;
}

static bool is_section(struct str name)
{
	for (size_t i = 0; i < config_setting_count; i++)
		if (str_eq(name, str_from(config_settings[i].section)))
			return true;
	return false;
}

static const struct setting *setting_find(const char *section, const char *key)
{
	for (size_t i = 0; i < config_setting_count; i++)
		if (strcmp(section, config_settings[i].section) == 0 &&
		    strcmp(key, config_settings[i].name) == 0)
			return &config_settings[i];
	return NULL;
}

static bool put(struct reading *reading, const struct setting *setting, const char *key,
		const char *value, unsigned line, struct err *err)
{
	unsigned *seen = &reading->lines[setting - config_settings];
	struct err why = { "" };

	if (*seen)
		return err_set(err, "%s is already set on line %u", key, *seen);
	*seen = line;
	if (!setting->type->read(setting, value, reading->folder,
				 field_of(reading->config, setting), &why))
		return err_set(err, "%s: %s", key, why.text);
	return true;
}

/* A key of any [site NAME]; those of other sites than the one that is read are only looked at. */
static bool on_site_pair(struct reading *reading, const char *section, const char *key,
			 const char *value, unsigned line, struct err *err)
{
	const char *of;
	const char *name;
	struct str site;

	if (!config_site_key(key, &of, &name))
		return err_set(err, "unknown key \"%s\" in [%s]", key, section);
	if (!config_site_name(str_from(section), &site, err))
		return false;
	if (!str_eq(site, str_from(reading->config->name)))
		return true;
	return put(reading, setting_find(of, name), key, value, line, err);
}

static bool on_pair(void *context, const char *section, const char *key, const char *value,
		    unsigned line, struct err *err)
{
	struct reading *reading = context;
	const struct setting *setting = setting_find(section, key);
	struct str site;
	struct str zone;

	if (zone_section(str_from(section), &site, &zone))
		return !str_eq(site, str_from(reading->config->name)) ||
		       zone_settings_pair(&reading->config->zones, zone, key, value, err);
	if (source_is_section(str_from(section), &site, &zone))
		return !str_eq(site, str_from(reading->config->name)) ||
		       source_settings_pair(&reading->config->sources, zone, key, value, err);
	if (config_is_site(str_from(section)))
		return on_site_pair(reading, section, key, value, line, err);
	if (!setting && *section == '\0')
		return err_set(err, "\"%s\" stands before the first [section]", key);
	if (!setting)
		return err_set(err, "unknown key \"%s\" in [%s]", key, section);
	if (reading->main && config_is_of_site(setting))
		return true;
	return put(reading, setting, key, value, line, err);
}

static void add_site(struct config *main, struct str name)
{
	struct config *site = mem_alloc(1, sizeof(*site));

	site->path = mem_text(main->path);
	site->name = mem_copy(name.data, name.len);
	main->sites[main->site_count++] = site;
}

/* A section header that no key follows is told to nobody by the ini reader; a lone "[gopher]" asks for Gopher. */
static bool on_section(struct config *config, struct str section, struct err *err)
{
	struct str name;

	if (str_starts(section, STR("zone ")) || str_starts(section, STR("source ")))
		return true; /* once all sites are known */
	if (config_is_site(section)) {
		if (!config_site_name(section, &name, err))
			return false;
		if (config_site(config, name))
			return true;
		if (config->site_count == CONFIG_SITES_MAX)
			return err_set(err, "more than %d sites", CONFIG_SITES_MAX);
		add_site(config, name);
		return true;
	}
	if (!is_section(section))
		return err_set(err, "unknown section [" STR_FMT "]", STR_ARG(section));
	config->gemini |= str_eq(section, STR("gemini"));
	config->gopher |= str_eq(section, STR("gopher"));
	config->metrics |= str_eq(section, STR("metrics"));
	return true;
}

/* Looks at the section headers only. */
static bool scan_sections(struct config *config, struct str text, const char *name,
			  bool (*on_header)(struct config *, struct str, struct err *),
			  struct err *err)
{
	struct str line;
	unsigned number = 0;

	while (str_next_line(&text, &line)) {
		struct err why = { "" };
		size_t end = str_find(line, ']');

		number++;
		if (!str_starts(line, STR("[")))
			continue;
		if (end == line.len)
			return err_set(err, "%s:%u: unknown section " STR_FMT, name, number,
				       STR_ARG(line));
		if (!on_header(config, str_skip(str_head(line, end), 1), &why))
			return err_set(err, "%s:%u: %s", name, number, why.text);
	}
	if (!config->gemini && !config->gopher)
		config->gemini = config->gopher = true;
	return true;
}

/* What a setting is when nobody gave it; the caller frees it. NULL: somebody has to. */
static char *preset_of(const struct reading *reading, const struct setting *setting)
{
	if (reading->main && config_is_of_site(setting))
		return config_site_preset(setting, reading->config, reading->main);
	return mem_text(setting->preset);
}

/* A site without Gopher has an empty list of addresses for it, which its row refuses. */
static bool is_absent(const struct reading *reading, const struct setting *setting)
{
	return reading->main && setting->offset == offsetof(struct config, gopher_listen);
}

static bool set_presets(struct reading *reading, struct err *err)
{
	for (size_t i = 0; i < config_setting_count; i++) {
		const struct setting *setting = &config_settings[i];
		const char *folder = reading->folder;
		struct err why = { "" };
		char *preset;
		bool ok;

		if (reading->lines[i] || is_absent(reading, setting))
			continue;
		preset = preset_of(reading, setting);
		if (!preset)
			return err_set(err, "%s: [site %s] has no %s", reading->config->path,
				       reading->config->name, setting->name);
		/* The state folder of a site starts from the default one's, which is resolved. */
		if (reading->main && setting->offset == offsetof(struct config, state))
			folder = "";
		ok = setting->type->read(setting, preset, folder,
					 field_of(reading->config, setting), &why);
		free(preset);
		if (!ok && !reading->main)
			abort(); /* a default that its own row refuses: a broken promise of ours */
		if (!ok)
			return err_set(err, "%s: [site %s]: %s", reading->config->path,
				       reading->config->name, why.text);
	}
	return true;
}

/* Reads the text for one site. */
static bool read_site(struct config *config, const struct config *main, const char *folder,
		      struct str text, struct err *err)
{
	struct reading reading = { .config = config, .main = main, .folder = folder };

	struct err why = { "" };

	if (!ini_read(text, config->path, on_pair, &reading, err) || !set_presets(&reading, err))
		return false;
	if (!source_settings_finish(&config->sources, &why))
		return err_set(err, "%s: %s", config->path, why.text);
	if (main) {
		config->gemini = main->gemini;
		config->gopher = config->gopher_listen.count > 0;
	}
	return true;
}

static bool read_sites(struct config *config, const char *folder, struct str text, struct err *err)
{
	if (!scan_sections(config, text, config->path, on_section, err) ||
	    !scan_sections(config, text, config->path, config_site_part, err) ||
	    !read_site(config, NULL, folder, text, err))
		return false;
	for (size_t i = 1; i < config->site_count; i++)
		if (!read_site(config->sites[i], config, folder, text, err))
			return false;
	return config_check(config, config->path, err);
}

/* The folder that relative paths of the file start from; "" is the current one. The caller frees it. */
static char *folder_of(const char *path)
{
	size_t slash = str_rfind(str_from(path), '/');

	if (slash == strlen(path))
		return mem_text("");
	return slash == 0 ? mem_text("/.") : mem_copy(path, slash);
}

struct config *config_parse(struct str text, const char *path, struct err *err)
{
	struct config *config = mem_alloc(1, sizeof(*config));
	char *folder = folder_of(path);

	if (str_starts(text, STR("\xEF\xBB\xBF")))
		text = str_skip(text, 3);
	config->path = mem_text(path);
	config->name = mem_text("");
	config->sites = mem_alloc(CONFIG_SITES_MAX, sizeof(struct config *));
	config->sites[config->site_count++] = config;
	if (!read_sites(config, folder, text, err)) {
		config_free(config);
		config = NULL;
	}
	free(folder);
	return config;
}

static bool read_file(const char *path, struct buf *text, struct err *err)
{
	FILE *file = fopen(path, "re");
	char block[4096];
	size_t got;
	bool ok;

	if (!file)
		return err_set(err, "%s: %s", path, strerror(errno));
	while ((got = fread(block, 1, sizeof(block), file)) > 0)
		buf_bytes(text, block, got);
	ok = !ferror(file);
	if (!ok)
		err_set(err, "%s: %s", path, strerror(errno));
	fclose(file);
	if (ok && text->full)
		return err_set(err, "%s: larger than %d bytes", path, CONFIG_BYTES_MAX);
	return ok;
}

struct config *config_load(const char *path, struct err *err)
{
	struct config *config = NULL;
	struct buf text;

	if (!path)
		return config_parse(STR(""), "", err);
	buf_init(&text, CONFIG_BYTES_MAX);
	if (read_file(path, &text, err))
		config = config_parse(buf_view(&text), path, err);
	buf_done(&text);
	return config;
}

void config_free(struct config *config)
{
	if (!config)
		return;
	for (size_t i = 1; i < config->site_count; i++)
		config_free(config->sites[i]);
	free(config->sites);
	for (size_t i = 0; i < config_setting_count; i++)
		config_settings[i].type->done(field_of(config, &config_settings[i]));
	zone_settings_done(&config->zones);
	source_settings_done(&config->sources);
	free(config->path);
	free(config->name);
	free(config);
}
