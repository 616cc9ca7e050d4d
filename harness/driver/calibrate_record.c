/* calibrate_record - constants to and from the record, and what they predict. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "driver/calibrate.h"
#include "driver/json.h"

static const struct {
	const char *name;
	uint64_t bytes;
} sizes[CALIBRATE_SIZES] = {
	{"4K", 4 << 10},   {"64K", 64 << 10}, {"1M", 1 << 20},
	{"16M", 16 << 20}, {"64M", 64 << 20},
};

/* The plain numbers, by their names in results/FORMAT.md. */
static const struct {
	const char *name;
	size_t offset; /* in struct calibration */
	bool required; /* can be measured on every machine */
} fields[] = {
	{"syscall_ns", offsetof(struct calibration, syscall_ns), true},
	{"clock_ns", offsetof(struct calibration, clock_ns), true},
	{"cpu_clock_ns", offsetof(struct calibration, cpu_clock_ns), false},
	{"fault_4k_ns", offsetof(struct calibration, fault_4k_ns), true},
	{"fault_2m_ns", offsetof(struct calibration, fault_2m_ns), false},
	{"move_pte_ns", offsetof(struct calibration, move_pte_ns), false},
	{"move_pmd_ns", offsetof(struct calibration, move_pmd_ns), false},
	{"munmap_page_ns", offsetof(struct calibration, munmap_page_ns), true},
	{"mmap_ns", offsetof(struct calibration, mmap_ns), true},
	{"spin_ns", offsetof(struct calibration, spin_ns), false},
};

#define FIELDS (sizeof(fields) / sizeof(*fields))
#define PROCESS_NS 10e6
#define SIZE_REQUIRED 1 /* 64 KiB: in every file, and fits every machine */

const char *calibrate_size_name(unsigned int size)
{
	return sizes[size].name;
}

uint64_t calibrate_size_bytes(unsigned int size)
{
	return sizes[size].bytes;
}

void calibrate_to_json(const struct calibration *calibration, struct json *into)
{
	struct json *copies;

	for (size_t i = 0; i < FIELDS; i++) {
		double value;

		memcpy(&value, (const char *)calibration + fields[i].offset,
		       sizeof(value));
		if (value > 0)
			json_add_real(into, fields[i].name, value);
	}
	copies = json_add_object(into, "memcpy_gib_s");
	for (size_t i = 0; i < CALIBRATE_SIZES; i++)
		if (calibration->memcpy_gib_s[i] > 0)
			json_add_real(copies, sizes[i].name,
				      calibration->memcpy_gib_s[i]);
}

/* 0 for what is missing or no cost. */
static double read_number(const struct json *from, const char *path)
{
	double value = json_number(from, path, 0);

	return isfinite(value) && value > 0 ? value : 0;
}

int calibrate_from_json(const struct json *from,
			struct calibration *calibration)
{
	memset(calibration, 0, sizeof(*calibration));
	for (size_t i = 0; i < FIELDS; i++) {
		double value = read_number(from, fields[i].name);

		if (value == 0 && fields[i].required)
			return -EINVAL;
		memcpy((char *)calibration + fields[i].offset, &value,
		       sizeof(value));
	}
	for (size_t i = 0; i < CALIBRATE_SIZES; i++) {
		char path[32];

		snprintf(path, sizeof(path), "memcpy_gib_s.%s", sizes[i].name);
		calibration->memcpy_gib_s[i] = read_number(from, path);
	}
	return calibration->memcpy_gib_s[SIZE_REQUIRED] > 0 ? 0 : -EINVAL;
}

/* Of the largest size that was measured: that of copies which matter. */
static double byte_ns(const struct calibration *calibration)
{
	double gib_s = 0;

	for (size_t i = 0; i < CALIBRATE_SIZES; i++)
		if (calibration->memcpy_gib_s[i] > 0)
			gib_s = calibration->memcpy_gib_s[i];
	return gib_s > 0 ? 1e9 / (gib_s * 0x1p30) : 0;
}

uint64_t calibrate_estimate_ns(const struct calibration *calibration,
			       const struct estimate *estimate)
{
	double page_bytes = (double)sysconf(_SC_PAGESIZE);
	double pages = ceil((double)estimate->touched_bytes / page_bytes) +
		       ceil((double)estimate->copied_bytes / page_bytes);
	double bytes = (double)estimate->copied_bytes +
		       (double)estimate->reread_bytes +
		       (double)estimate->live_bytes_max;
	double ns = PROCESS_NS;

	ns += pages * (calibration->fault_4k_ns + calibration->munmap_page_ns);
	ns += bytes * byte_ns(calibration);
	ns += (double)estimate->operations * 2 * calibration->mmap_ns;
	if (ns < (double)estimate->span_ns_min + PROCESS_NS)
		ns = (double)estimate->span_ns_min + PROCESS_NS;
	return ns < 0x1p63 ? (uint64_t)ns : (uint64_t)1 << 63;
}
