/*
 * map_trend - what a timeline of the map says: fragmentation at the end and at
 * its worst, and whether holes add up.
 *
 * Shares are of live bytes, and undefined below MAP_LIVE_MIN of them: NaN.
 */
#ifndef REGROW_MAP_TREND_H
#define REGROW_MAP_TREND_H

#include "driver/results.h"
#include "driver/stats.h"

#define MAP_LIVE_MIN (1 << 20)
#define MAP_TREND_POINTS_MIN 8 /* of the half that is looked at */
#define MAP_TREND_REQUESTS 10000 /* that a slope is given for */
#define MAP_TREND_LEVEL 0.95
/*
 * Holes are bounded where, at the upper end of the interval of their slope, the
 * half that is looked at adds no more than this to their share.
 */
#define MAP_TREND_SHARE_MAX 0.05

enum map_trend {
	MAP_TREND_UNKNOWN, /* too few points */
	MAP_TREND_BOUNDED,
	MAP_TREND_GROWING, /* the whole interval lies above 0 */
	MAP_TREND_UNTOLD, /* neither can be said */
	MAP_TREND_COUNT,
};
extern const char *const map_trend_names[MAP_TREND_COUNT];

/* Of live bytes, one number over the timeline. */
struct map_share {
	double final; /* at the last point that has one */
	double worst; /* at the point where it is most */
};

struct map_course {
	struct map_share mapped;
	struct map_share resident;
	/* Bytes left when all was released; NaN: not measured. */
	double left_mapped_bytes;
	double left_resident_bytes;
	/* Bytes in holes over the last half of the timeline, by requests. */
	enum map_trend trend;
	size_t points; /* of that half */
	double holes; /* the median of their share */
	double slope; /* of the share, for MAP_TREND_REQUESTS */
	struct interval interval;
	/* What it took to look, outside of what is timed. */
	double read_ns; /* the mean of a point; NaN: not measured */
	double read_share; /* of the time from the first start to the last end */
	double points_skipped; /* NaN: not measured */
};

/* bytes of live; NaN where that is undefined. */
double map_share(int64_t bytes, int64_t live_bytes);

/* Of a cell's timeline and its sample. 0 or -ENOMEM. */
int map_course_find(const struct results_cell *cell, struct map_course *course);

/* Adds "map" to a cell of a table's JSON; nothing without a timeline. */
void map_course_to_json(const struct map_course *course, struct json *into);

#endif
