/*
 * beside - where the files that belong to regrow are: in its tree, or where it
 * was installed.
 */
#ifndef REGROW_BESIDE_H
#define REGROW_BESIDE_H

#include <stddef.h>

/*
 * The folder of that name that has a readable file (or folder) in it, absolute:
 * $variable, where it is set; else ../name or ../../name from the binary's
 * folder, or ../share/regrow/name, where they are installed. 0 or -ENXIO.
 */
int beside_find(const char *variable, const char *name, const char *file,
		char *folder, size_t folder_size);

#endif
