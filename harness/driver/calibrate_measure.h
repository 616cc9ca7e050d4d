/* calibrate_measure - the measurements that calibrate() makes in its child. */
#ifndef REGROW_CALIBRATE_MEASURE_H
#define REGROW_CALIBRATE_MEASURE_H

#include "driver/calibrate.h"

/*
 * Fills out, for calibrate(). 0, or -errno where what every machine has could not be measured;
 * step then says in which measurement. Changes the process's huge-page setting.
 */
int calibrate_measure(uint64_t copy_bytes_max, struct calibration *out,
		      const char **step);

#endif
