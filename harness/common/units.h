/* units - sizes and times as people type and read them. */
#ifndef REGROW_UNITS_H
#define REGROW_UNITS_H

#include <stddef.h>
#include <stdint.h>

/*
 * 4096, 64K, 2M, 1.5G, 3T (binary; KiB and KB are taken too), to bytes. 0,
 * -EINVAL (malformed, negative, not a whole number of bytes) or -ERANGE (above
 * 2^63 - 1).
 */
int units_parse_size(const char *text, uint64_t *bytes);

/* 30s, 500ms, 10us, 5ns, 2m, 1.5h; a bare number is seconds. As above. */
int units_parse_time(const char *text, uint64_t *ns);

/* 2%, 0.5% or 2 (percent) to a fraction, 0.02; 0 or -EINVAL. */
int units_parse_percent(const char *text, double *fraction);

/*
 * The shortest spelling that units_parse_size() reads back to the same number:
 * 64K, 2M, 4100K, 4097. text holds UNITS_TEXT_SIZE bytes; returned.
 */
#define UNITS_TEXT_SIZE 24
char *units_exact_size(uint64_t bytes, char *text);

/*
 * For reading, three significant digits: "1.50 GiB", "312 ms", "17.2 us", "1.31
 * M".
 */
char *units_read_size(double bytes, char *text);
char *units_read_time(double ns, char *text);
char *units_read_count(double count, char *text);

#endif
