/*
 * regrow/plant.h - all that a workload plants (planting.h), in one call, and
 * what its options may ask for.
 */
#ifndef REGROW_PLANT_H
#define REGROW_PLANT_H

#include <inttypes.h>
#include <stdio.h>

#include <regrow/planting_look.h>

#define PLANT_SPAN_MAX_BYTES ((uint64_t)1 << 44) /* of holes and between them */
/* Mappings that a process has besides: the plugs and its allocator's. */
#define PLANT_MARGIN 500

struct plant {
	uint64_t holes; /* gaps between single pages */
	uint64_t hole_bytes; /* of each, whole pages */
	uint64_t mappings; /* of a page each, without holes */
	bool merging; /* what is mapped beside them merges with them */
	bool touch; /* a page of memory behind each mapping */
};

/* Mappings that it takes, those between its holes included. */
static inline uint64_t plant_mappings(const struct plant *plant)
{
	return plant->mappings + (plant->holes ? plant->holes + 1 : 0);
}

/*
 * 0; or -EINVAL, and why it cannot be planted: more than vm.max_map_count has
 * beside spare mappings of the workload's blocks, or than address space.
 */
static inline int plant_check(const struct plant *plant, uint64_t spare,
			      char *why, size_t why_size)
{
	uint64_t limit = planting_limit();
	uint64_t others = PLANT_MARGIN + spare;

	if (plant->holes > limit || plant->mappings > limit ||
	    plant_mappings(plant) + others > limit)
		snprintf(why, why_size,
			 "%" PRIu64 " mappings (a hole takes one) and %" PRIu64
			 " for all else are more than the %" PRIu64
			 " of vm.max_map_count: lower mappings or holes, or "
			 "raise it: sysctl -w vm.max_map_count=%" PRIu64,
			 plant_mappings(plant), others, limit,
			 plant_mappings(plant) + others);
	else if (plant->holes &&
		 plant->hole_bytes > PLANT_SPAN_MAX_BYTES / plant->holes)
		snprintf(why, why_size,
			 "%" PRIu64 " holes of %" PRIu64
			 " bytes are more than 16T: lower their number or size",
			 plant->holes, plant->hole_bytes);
	else
		return 0;
	return -EINVAL;
}

/*
 * Plugs what gaps there are, plants, guards it, and looks what stands of it. To
 * be called in a pause; planting_close() gives it back. 0 or -errno.
 */
static inline int plant_open(struct planting *planting,
			     const struct plant *plant, size_t page_size,
			     struct planting_seen *seen)
{
	int error = planting_open(planting, page_size);

	if (!error)
		error = planting_plug(planting);
	if (!error)
		error = planting_holes(planting, plant->holes,
				       plant->hole_bytes, plant->merging,
				       plant->touch);
	if (!error)
		error = planting_mappings(planting, plant->mappings,
					  plant->touch);
	if (!error)
		error = planting_guard(planting, plant->merging);
	return error ? error : planting_look(planting, seen);
}

#endif
