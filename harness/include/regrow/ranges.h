/*
 * regrow/ranges.h - address ranges that an allocator keeps for reuse: best fit,
 * split, coalesced.
 *
 * What is kept is mapped, whole pages, and belongs to nobody else; contents and
 * protection are of no interest. The lock is the caller's. Two treaps share the
 * nodes, one by address (for neighbours), one by size and then address (for the
 * best fit), so that each call takes O(log ranges); the nodes are made and
 * faulted in once, by ranges_setup(), and nothing is allocated after.
 */
#ifndef REGROW_RANGES_H
#define REGROW_RANGES_H

#include <regrow/pages.h>
#include <regrow/random.h>

enum ranges_order { RANGES_BY_ADDRESS, RANGES_BY_SIZE, RANGES_ORDERS };

struct ranges_node {
	uintptr_t start;
	size_t size; /* bytes */
	uint32_t child[RANGES_ORDERS][2]; /* places in nodes; 0: none */
};

struct ranges {
	struct ranges_node *nodes; /* [0] is no node */
	uint32_t max; /* ranges that fit */
	uint32_t used; /* nodes that were ever in use */
	uint32_t
		spare; /* a chain of nodes that no longer are, by child[0][0] */
	uint32_t root[RANGES_ORDERS];
};

static inline size_t ranges_bytes(const struct heap *heap,
				  const struct ranges *ranges)
{
	return pages_round(heap,
			   (ranges->max + (size_t)1) * sizeof(*ranges->nodes));
}

/* Room for max ranges; 0 or -ENOMEM. */
static inline int ranges_setup(struct heap *heap, struct ranges *ranges,
			       uint32_t max)
{
	memset(ranges, 0, sizeof(*ranges));
	ranges->max = max;
	ranges->nodes =
		pages_map(heap, ranges_bytes(heap, ranges), MAP_POPULATE);
	return ranges->nodes ? 0 : -ENOMEM;
}

static inline bool ranges_before(const struct ranges *ranges,
				 enum ranges_order order, uint32_t a,
				 uint32_t b)
{
	const struct ranges_node *left = &ranges->nodes[a];
	const struct ranges_node *right = &ranges->nodes[b];

	if (order == RANGES_BY_SIZE && left->size != right->size)
		return left->size < right->size;
	return left->start < right->start;
}

/* The node nearer to the root: a random order that needs no memory. */
static inline bool ranges_above(uint32_t a, uint32_t b)
{
	return random_mix(a) > random_mix(b);
}

static inline void ranges_link(struct ranges *ranges, enum ranges_order order,
			       uint32_t node)
{
	uint32_t *link = &ranges->root[order], *side[2], rest;

	while (*link && ranges_above(*link, node))
		link = &ranges->nodes[*link].child[order][ranges_before(
			ranges, order, *link, node)];
	rest = *link;
	*link = node;
	side[0] = &ranges->nodes[node].child[order][0];
	side[1] = &ranges->nodes[node].child[order][1];
	while (rest) {
		bool before = ranges_before(ranges, order, rest, node);

		*side[!before] = rest;
		side[!before] = &ranges->nodes[rest].child[order][before];
		rest = *side[!before];
	}
	*side[0] = 0;
	*side[1] = 0;
}

static inline void ranges_unlink(struct ranges *ranges, enum ranges_order order,
				 uint32_t node)
{
	uint32_t *link = &ranges->root[order], left, right;

	while (*link != node)
		link = &ranges->nodes[*link].child[order][ranges_before(
			ranges, order, *link, node)];
	left = ranges->nodes[node].child[order][0];
	right = ranges->nodes[node].child[order][1];
	while (left && right) {
		if (ranges_above(left, right)) {
			*link = left;
			link = &ranges->nodes[left].child[order][1];
			left = *link;
		} else {
			*link = right;
			link = &ranges->nodes[right].child[order][0];
			right = *link;
		}
	}
	*link = left ? left : right;
}

/* The range that starts last at or below an address; 0: none. */
static inline uint32_t ranges_below(const struct ranges *ranges,
				    uintptr_t address)
{
	uint32_t node = ranges->root[RANGES_BY_ADDRESS], found = 0;

	while (node) {
		bool below = ranges->nodes[node].start <= address;

		if (below)
			found = node;
		node = ranges->nodes[node].child[RANGES_BY_ADDRESS][below];
	}
	return found;
}

/* The smallest range of size bytes or more, the lowest of these; 0: none. */
static inline uint32_t ranges_fit(const struct ranges *ranges, size_t size)
{
	uint32_t node = ranges->root[RANGES_BY_SIZE], found = 0;

	while (node) {
		bool small = ranges->nodes[node].size < size;

		if (!small)
			found = node;
		node = ranges->nodes[node].child[RANGES_BY_SIZE][small];
	}
	return found;
}

static inline void ranges_drop(struct ranges *ranges, uint32_t node)
{
	ranges_unlink(ranges, RANGES_BY_ADDRESS, node);
	ranges_unlink(ranges, RANGES_BY_SIZE, node);
	ranges->nodes[node].child[0][0] = ranges->spare;
	ranges->spare = node;
}

/*
 * Keeps a range, made one with those that it touches. It overlaps none. False:
 * there is no room; it is not kept.
 */
static inline bool ranges_add(struct ranges *ranges, void *start, size_t size)
{
	uintptr_t from = (uintptr_t)start, to = from + size;
	uint32_t next = ranges_below(ranges, to);
	uint32_t last = ranges_below(ranges, from), node;

	if (last &&
	    ranges->nodes[last].start + ranges->nodes[last].size == from) {
		from = ranges->nodes[last].start;
		ranges_drop(ranges, last);
	}
	if (next && ranges->nodes[next].start == to) {
		to += ranges->nodes[next].size;
		ranges_drop(ranges, next);
	}
	node = ranges->spare;
	if (node)
		ranges->spare = ranges->nodes[node].child[0][0];
	else if (ranges->used < ranges->max)
		node = ++ranges->used;
	else
		return false;
	ranges->nodes[node].start = from;
	ranges->nodes[node].size = to - from;
	ranges_link(ranges, RANGES_BY_ADDRESS, node);
	ranges_link(ranges, RANGES_BY_SIZE, node);
	return true;
}

/* size bytes from the start of the best fit, whose rest stays; NULL: none. */
static inline void *ranges_take(struct ranges *ranges, size_t size)
{
	uint32_t node = ranges_fit(ranges, size);
	uintptr_t start = ranges->nodes[node].start;
	size_t rest = ranges->nodes[node].size - size;

	if (!node)
		return NULL;
	ranges_drop(ranges, node);
	if (rest)
		ranges_add(ranges, (void *)(start + size), rest);
	return (void *)start;
}

/* Keeps a range that munmap refused, near max_map_count, without its pages. */
static inline void ranges_rescue(struct ranges *ranges, void *start,
				 size_t size)
{
	madvise(start, size, MADV_DONTNEED);
	ranges_add(ranges, start, size);
}

/* Unmaps a range, which may be empty; or rescues it. */
static inline void ranges_discard(struct heap *heap, struct ranges *ranges,
				  void *start, size_t size)
{
	if (size && pages_unmap(heap, start, size))
		ranges_rescue(ranges, start, size);
}

/*
 * Keeps a range, which may be empty. False: unmapped for want of room, and
 * ENOMEM tallied.
 */
static inline bool ranges_keep(struct heap *heap, struct ranges *ranges,
			       void *start, size_t size)
{
	if (size == 0 || ranges_add(ranges, start, size))
		return true;
	tally_failed_call(heap->recorder, ENOMEM);
	ranges_discard(heap, ranges, start, size);
	return false;
}

/* Unmaps every range and the nodes. */
static inline void ranges_teardown(struct heap *heap, struct ranges *ranges)
{
	uint32_t node;

	while ((node = ranges->root[RANGES_BY_ADDRESS]) != 0) {
		pages_unmap(heap, (void *)ranges->nodes[node].start,
			    ranges->nodes[node].size);
		ranges_drop(ranges, node);
	}
	pages_unmap(heap, ranges->nodes, ranges_bytes(heap, ranges));
}

#endif
