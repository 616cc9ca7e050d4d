/*
 * input - the file that a workload's options name, as the driver hands it to a
 * sample: mapped before the baseline, so that it is in no figure.
 */
#ifndef REGROW_INPUT_H
#define REGROW_INPUT_H

#include "sample/protocol.h"

/*
 * Maps INPUT_FD read-only, all of it resident, and makes it what an OPTION_FILE
 * comes to in this process. Nothing where the request says that there is none.
 * 0 or -errno.
 */
int input_open(const struct sample_request *request);

#endif
