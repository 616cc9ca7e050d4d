/* null-symbol - a plug-in that exports no struct. */
#include <stddef.h>

#include <regrow/allocator.h>
#include <regrow/workload.h>

extern const struct allocator *const regrow_allocator;
const struct allocator *const regrow_allocator = NULL;

extern const struct workload *const regrow_workload;
const struct workload *const regrow_workload = NULL;
