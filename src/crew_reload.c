/*
 * A reload: new processes beside the old ones, which are replaced all at once or not at all.
 * First come the editors of new sites, then the workers, which need their catalogues.
 */
#include "base/log.h"
#include "child.h"
#include "crew_child.h"

enum {
	LAST_SECONDS =
		2, /* for an editor to write down, or for somebody who has nothing to do yet */
	LEAVE_SECONDS = 10, /* beyond the longest reply, for old workers */
};

static struct post *worker_post(const struct crew *crew, size_t i)
{
	return &crew->posts[CREW_FIRST_WORKER + i];
}

static bool hire_candidate(struct post *post, const struct setup *setup)
{
	post->candidate = crew_hire(post, setup);
	return post->candidate != NULL;
}

static bool try_workers(struct crew *crew)
{
	for (size_t i = 0; i < crew->workers; i++)
		if (!hire_candidate(worker_post(crew, i), crew->trying))
			return false;
	return true;
}

bool crew_try(struct crew *crew, const struct setup *setup)
{
	crew->trying = setup;
	for (size_t i = 0; i < setup->config->site_count; i++) {
		size_t slot = setup->slots[i];

		if (setup_site(crew->setup, slot))
			continue;
		if (!crew_open_slot(crew, slot) || !hire_candidate(&crew->posts[slot], setup))
			return false;
	}
	return crew_is_scanning(crew) || try_workers(crew);
}

bool crew_is_scanning(const struct crew *crew)
{
	for (size_t slot = 0; slot < CREW_FIRST_WORKER; slot++) {
		const struct child *candidate = crew->posts[slot].candidate;

		if (candidate && !candidate->is_ready)
			return true;
	}
	return false;
}

bool crew_is_tried(const struct crew *crew)
{
	if (!crew->trying || crew_is_scanning(crew))
		return false;
	for (size_t i = 0; i < crew->workers; i++) {
		const struct child *candidate = worker_post(crew, i)->candidate;

		if (!candidate || !candidate->is_ready)
			return false;
	}
	return true;
}

void crew_go_on_trying(struct crew *crew, const struct child *ready)
{
	if (!child_is_editor(ready))
		crew->on_candidate(crew, true);
	else if (!crew_is_scanning(crew) && !try_workers(crew))
		crew->on_candidate(crew, false);
}

/* An editor leaves out of the catalogue what lies where a zone is; for other zones it takes another editor. */
static bool is_outdated(const struct crew *crew, size_t slot)
{
	const struct config *old = setup_site(crew->setup, slot);
	const struct config *new = setup_site(crew->trying, slot);

	return old && new && !zone_settings_same_paths(&old->zones, &new->zones);
}

/* The editor of a slot after the reload: a new one, the one that is there or its successor, or none. */
static void take_editor(struct crew *crew, size_t slot)
{
	struct post *post = &crew->posts[slot];

	if (post->candidate)
		post->current = post->candidate;
	post->candidate = NULL;
	/* The state folder has one at a time: the successor comes when this one has left. */
	if (post->current && is_outdated(crew, slot)) {
		log_info("%s makes room for one that knows the new zones", post->current->name);
		crew_dismiss(post->current, LAST_SECONDS);
	}
	if (setup_site(crew->trying, slot))
		return;
	hook_disarm(post->fill);
	if (post->current)
		crew_dismiss(post->current, LAST_SECONDS);
	post->current = NULL;
	crew_close_slot(crew, slot);
}

void crew_take(struct crew *crew)
{
	unsigned seconds = crew->setup->config->total_time + LEAVE_SECONDS;

	for (size_t i = 0; i < crew->workers; i++) {
		struct post *post = worker_post(crew, i);

		hook_disarm(post->fill);
		if (post->current)
			crew_dismiss(post->current, seconds);
		post->current = post->candidate;
		post->candidate = NULL;
		post->delay = 0;
	}
	for (size_t slot = 0; slot < CREW_FIRST_WORKER; slot++)
		take_editor(crew, slot);
	crew->trying = NULL;
}

void crew_drop(struct crew *crew)
{
	for (size_t i = 0; i < CREW_FIRST_WORKER + crew->workers; i++) {
		struct post *post = &crew->posts[i];

		if (post->candidate)
			crew_dismiss(post->candidate, LAST_SECONDS);
		post->candidate = NULL;
		if (i < CREW_FIRST_WORKER && !setup_site(crew->setup, i))
			crew_close_slot(crew, i);
	}
	crew->trying = NULL;
}
