/* slots - the heaps that threads work on. */
#include "preload/slots.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "preload/own.h"

__thread struct slot *slots_own;

static struct {
	pthread_mutex_t lock; /* of list and of who is idle */
	struct slot *list; /* all there are */
	const struct allocator_spec *spec;
	void *shared[SPEC_DEPTH_MAX];
	pthread_key_t key; /* its destructor sees a thread end */
	size_t block_size_max;
} slots = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* A new one, in the list, a thread's; NULL: no memory. The lock is held. */
static struct slot *slots_make(void)
{
	const struct allocator_spec *spec = slots.spec;
	struct slot *slot = own_take(sizeof(*slot));
	unsigned int i;

	if (!slot)
		return NULL;
	pthread_mutex_init(&slot->lock, NULL);
	for (i = 0; i < spec->depth; i++) {
		struct heap *heap = &slot->heaps[i];

		heap->allocator = spec->layers[i].allocator;
		heap->options = spec->layers[i].values;
		heap->shared = slots.shared[i];
		heap->state = own_take(heap->allocator->heap_size);
		if (heap->allocator->heap_size && !heap->state)
			return NULL;
		heap->over = i + 1 < spec->depth ? heap + 1 : NULL;
		heap->recorder = &slot->recorder;
		heap->page_size = (size_t)sysconf(_SC_PAGESIZE);
		heap->block_size_max = slots.block_size_max;
	}
	return slot;
}

/* Inner layers first. 0 or -errno. */
static int slots_open(struct slot *slot)
{
	unsigned int i;
	int error = 0;

	for (i = slots.spec->depth; i-- > 0 && !error;) {
		struct heap *heap = &slot->heaps[i];

		if (heap->allocator->open)
			error = heap->allocator->open(heap);
	}
	return error;
}

static void slots_link(struct slot *slot)
{
	slot->next = slots.list;
	slots.list = slot;
}

/* The list's lock is held. */
static struct slot *slots_get(void)
{
	struct slot *slot = slots.list;

	while (slot && !slot->idle)
		slot = slot->next;
	if (!slot) {
		slot = slots_make();
		/* What open() allocates is not the program's. */
		if (slot)
			slot->inside = true;
		slots_own = slot;
		if (slot && slots_open(slot))
			slot = NULL; /* its memory is lost, and never used */
		slots_own = NULL;
		if (!slot)
			return NULL;
		slots_link(slot);
	}
	slot->idle = false;
	slot->inside = false;
	return slot;
}

/* A thread ends: the next one that comes has its heaps. */
static void slots_give_back(void *slot)
{
	pthread_mutex_lock(&slots.lock);
	((struct slot *)slot)->idle = true;
	slots_own = NULL;
	pthread_mutex_unlock(&slots.lock);
}

static struct slot *slots_adopt(void)
{
	struct slot *slot;

	pthread_mutex_lock(&slots.lock);
	slot = slots_get();
	pthread_mutex_unlock(&slots.lock);
	if (!slot)
		return NULL;
	/* First: the other call may allocate, and come here again. */
	slots_own = slot;
	pthread_setspecific(slots.key, slot);
	return slot;
}

struct slot *slots_enter(void)
{
	struct slot *slot = slots_own ? slots_own : slots_adopt();

	if (!slot)
		return NULL;
	pthread_mutex_lock(&slot->lock);
	slot->inside = true;
	return slot;
}

void slots_leave(struct slot *slot)
{
	slot->inside = false;
	pthread_mutex_unlock(&slot->lock);
}

/* A handler that forks amid a served call has its own slot already. */
static bool slots_is_mine_inside(const struct slot *slot)
{
	return slot == slots_own && slot->inside;
}

void slots_lock_all(void)
{
	struct slot *slot;

	pthread_mutex_lock(&slots.lock);
	for (slot = slots.list; slot; slot = slot->next)
		if (!slots_is_mine_inside(slot))
			pthread_mutex_lock(&slot->lock);
}

void slots_unlock_all(void)
{
	struct slot *slot;

	for (slot = slots.list; slot; slot = slot->next)
		if (!slots_is_mine_inside(slot))
			pthread_mutex_unlock(&slot->lock);
	pthread_mutex_unlock(&slots.lock);
}

void slots_renew(void)
{
	struct slot *slot;

	for (slot = slots.list; slot; slot = slot->next) {
		slot->idle = slot != slots_own;
		memset(&slot->recorder.tally, 0, sizeof(slot->recorder.tally));
		memset(&slot->served, 0, sizeof(slot->served));
	}
}

/* Both are of nothing but counts. */
static void slots_add(void *sum, const void *counts, size_t size)
{
	uint64_t *to = sum;
	const uint64_t *from = counts;
	size_t i;

	for (i = 0; i < size / sizeof(*to); i++)
		to[i] += from[i];
}

void slots_sum(struct tally *tally, struct served *served)
{
	struct slot *slot;

	memset(tally, 0, sizeof(*tally));
	memset(served, 0, sizeof(*served));
	for (slot = slots.list; slot; slot = slot->next) {
		slots_add(tally, &slot->recorder.tally, sizeof(*tally));
		slots_add(served, &slot->served, sizeof(*served));
	}
}

/* No program here can have a larger one resident. */
static size_t slots_memory(void)
{
	return (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE);
}

/* Inner layers first: an outer one may call them from its own. */
static int slots_set_up(struct slot *slot, char *why, size_t why_size)
{
	unsigned int i;
	int error = 0;

	for (i = slots.spec->depth; i-- > 0;) {
		struct heap *heap = &slot->heaps[i];

		if (heap->allocator->setup)
			error = heap->allocator->setup(heap);
		if (error) {
			snprintf(why, why_size, "the setup of '%s' failed: %s",
				 heap->allocator->name, strerror(-error));
			return error;
		}
	}
	error = slots_open(slot);
	if (error)
		snprintf(why, why_size, "cannot open a heap of '%s': %s",
			 slots.spec->layers[0].allocator->name,
			 strerror(-error));
	return error;
}

int slots_setup(const struct allocator_spec *spec, char *why, size_t why_size)
{
	struct slot *slot;
	unsigned int i;
	int error;

	slots.spec = spec;
	slots.block_size_max = slots_memory();
	for (i = 0; i < spec->depth; i++)
		slots.shared[i] =
			own_take(spec->layers[i].allocator->shared_size);
	slot = slots_make();
	error = -pthread_key_create(&slots.key, slots_give_back);
	for (i = 0; i < spec->depth && !error; i++)
		if (spec->layers[i].allocator->shared_size && !slots.shared[i])
			error = -ENOMEM;
	if (error || !slot) {
		snprintf(why, why_size, "no memory for the allocator's state");
		return error ? error : -ENOMEM;
	}
	slot->inside = true;
	slots_own = slot;
	error = slots_set_up(slot, why, why_size);
	if (error)
		return error;
	slot->inside = false;
	slots_link(slot);
	/* What setup did is not the program's. */
	memset(&slot->recorder.tally, 0, sizeof(slot->recorder.tally));
	pthread_setspecific(slots.key, slot);
	return 0;
}
