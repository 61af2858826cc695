/* Every setting of server.ini with its bounds, its default and its help. For config*.c only. */
#ifndef CONFIG_TABLE_H
#define CONFIG_TABLE_H

#include "config.h"
#include "setting.h"

enum { CONFIG_SETTINGS_MAX = 64 };

extern const struct setting config_settings[];
extern const size_t config_setting_count;

#endif
