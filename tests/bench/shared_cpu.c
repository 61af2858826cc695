/* Processor time from /proc. */
#include "bench/shared_cpu.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PATH_LEN = 96, STAT_LEN = 1024, BILLION = 1000 * 1000 * 1000 };

static int64_t of_thread(pid_t pid, const char *thread)
{
	char path[PATH_LEN];
	int64_t used = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%.16s/schedstat", pid, thread);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (fscanf(file, "%" SCNd64, &used) != 1)
		used = 0;
	fclose(file);
	return used;
}

static int64_t of_threads(pid_t pid)
{
	char path[PATH_LEN];
	int64_t used = 0;
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	folder = opendir(path);
	if (!folder)
		return 0;
	for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
		if (entry->d_name[0] != '.')
			used += of_thread(pid, entry->d_name);
	closedir(folder);
	return used;
}

/* Of children that have been waited for: fields 16 and 17 of /proc/PID/stat, in ticks. */
static int64_t of_ended(pid_t pid)
{
	char path[PATH_LEN], text[STAT_LEN];
	int64_t user = 0, kernel = 0;
	const char *after_name;
	size_t len;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	len = fread(text, 1, sizeof(text) - 1, file);
	text[len] = '\0';
	fclose(file);
	after_name = strrchr(text, ')');
	if (!after_name || sscanf(after_name + 1,
				  " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u"
				  " %" SCNd64 " %" SCNd64,
				  &user, &kernel) != 2)
		return 0;
	return (user + kernel) * (BILLION / sysconf(_SC_CLK_TCK));
}

int64_t cpu_of_tree(pid_t pid)
{
	int64_t used = of_threads(pid) + of_ended(pid);
	char path[PATH_LEN];
	FILE *file;
	pid_t child;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
	file = fopen(path, "re");
	if (!file)
		return used;
	while (fscanf(file, "%d", &child) == 1)
		used += cpu_of_tree(child);
	fclose(file);
	return used;
}

int64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * BILLION + now.tv_nsec;
}
