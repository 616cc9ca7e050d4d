/*
 * regrow/planting_look.h - what stands of that which was planted (planting.h),
 * read back from the map of the process.
 */
#ifndef REGROW_PLANTING_LOOK_H
#define REGROW_PLANTING_LOOK_H

#include <regrow/planting.h>

/* What stands of it, as the kernel says. */
struct planting_seen {
	uint64_t mappings;
	uint64_t holes;
};

static inline uint64_t planting_hexadecimal(const char **text)
{
	uint64_t number = 0;

	for (;; (*text)++) {
		unsigned int digit = (unsigned char)**text;

		if (digit >= '0' && digit <= '9')
			digit -= '0';
		else if (digit >= 'a' && digit <= 'f')
			digit -= 'a' - 10;
		else
			return number;
		number = number << 4 | digit;
	}
}

/* One mapping of the map, of which *behind is the end of the one before. */
static inline void planting_count(const struct planting *planting,
				  uintptr_t begin, uintptr_t end,
				  uintptr_t *behind, struct planting_seen *seen)
{
	for (unsigned int i = 0; i < planting->count; i++) {
		if (!planting->ranges[i].counts ||
		    begin < planting->ranges[i].begin ||
		    begin >= planting->ranges[i].end)
			continue;
		seen->mappings++;
		if (*behind >= planting->ranges[i].begin && *behind < begin)
			seen->holes++;
	}
	*behind = end;
}

/* Counts mappings and holes of all that was placed, plugs apart. */
static inline int planting_look(struct planting *planting,
				struct planting_seen *seen)
{
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	uintptr_t behind = 0;
	size_t kept = 0;
	ssize_t got;

	*seen = (struct planting_seen){0};
	if (fd < 0)
		return -errno;
	while ((got = read(fd, planting->text + kept,
			   sizeof(planting->text) - 1 - kept)) > 0) {
		const char *line = planting->text, *next;
		size_t left;

		planting->text[kept + (size_t)got] = '\0';
		for (; (next = strchr(line, '\n')); line = next + 1) {
			uintptr_t begin = planting_hexadecimal(&line);

			line++;
			planting_count(planting, begin,
				       planting_hexadecimal(&line), &behind,
				       seen);
		}
		left = strlen(line);
		memmove(planting->text, line, left);
		kept = left;
	}
	close(fd);
	return got < 0 ? -EIO : 0;
}

#endif
