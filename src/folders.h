/* The folders that a server stands on, looked at before it binds or makes anything. */
#ifndef FOLDERS_H
#define FOLDERS_H

#include "config.h"
#include "privilege.h"

/*
 * For every site that old (NULL: none yet) does not serve: whether the content folder can be
 * read and has something in it, and whether the state folder can be written and is no other
 * server's, all as the user who will do the work; and whether what is missing, the logs
 * too, can be made. Makes nothing. False with err set.
 */
bool folders_check(const struct config *config, const struct config *old,
		   const struct privilege *privilege, struct err *err);

/* Makes the state folders that are missing, for the user. False with err set. */
bool folders_make(const struct config *config, const struct privilege *privilege, struct err *err);

#endif
