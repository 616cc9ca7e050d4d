/* numbers - the numbers of a trace's blocks, by address. */
#include "preload/numbers.h"

#include <errno.h>
#include <sys/mman.h>

#include <regrow/trace.h>

#include "preload/index.h"

#define ROOM_START ((size_t)16 << 10)

static struct index blocks = INDEX_INITIALIZER; /* number + 1 */
static struct {
	uint32_t *free; /* a stack, with room for all that are used */
	size_t room, count;
	uint32_t used; /* all numbers below it have been */
} numbers;

/* Room for one more number to be free some day. False: no memory. */
static bool numbers_has_room(void)
{
	size_t room = numbers.room ? 2 * numbers.room : ROOM_START;
	void *larger;

	if (numbers.used < numbers.room)
		return true;
	larger = numbers.free
			 ? mremap(numbers.free,
				  numbers.room * sizeof(*numbers.free),
				  room * sizeof(*numbers.free), MREMAP_MAYMOVE)
			 : mmap(NULL, room * sizeof(*numbers.free),
				PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (larger == MAP_FAILED)
		return false;
	numbers.free = larger;
	numbers.room = room;
	return true;
}

int numbers_give(const void *block, uint32_t *number)
{
	int error;

	if (numbers.count > 0)
		*number = numbers.free[--numbers.count];
	else if (numbers.used == TRACE_BLOCKS_MAX)
		return -EOVERFLOW;
	else if (!numbers_has_room())
		return -ENOMEM;
	else
		*number = numbers.used++;
	error = index_put(&blocks, block, (size_t)*number + 1);
	if (error)
		numbers.free[numbers.count++] = *number;
	return error;
}

bool numbers_has(const void *block)
{
	return index_find(&blocks, block) > 0;
}

bool numbers_retire(const void *block, uint32_t *number)
{
	size_t value = index_remove(&blocks, block);

	if (value == 0)
		return false;
	*number = (uint32_t)(value - 1);
	numbers.free[numbers.count++] = *number;
	return true;
}

bool numbers_lift(const void *block, uint32_t *number)
{
	size_t value = index_take(&blocks, block);

	*number = (uint32_t)(value - 1);
	return value > 0;
}

void numbers_set(const void *block, uint32_t number)
{
	index_restore(&blocks, block, (size_t)number + 1);
}

void numbers_drop(uint32_t number)
{
	index_forgo(&blocks);
	numbers.free[numbers.count++] = number;
}

void numbers_lock(void)
{
	index_lock(&blocks);
}

void numbers_unlock(void)
{
	index_unlock(&blocks);
}

void numbers_clear(void)
{
	index_clear(&blocks);
	numbers.count = 0;
	numbers.used = 0;
}
