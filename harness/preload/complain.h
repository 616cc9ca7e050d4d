/* complain - what the library says on standard error, without stdio. */
#ifndef REGROW_PRELOAD_COMPLAIN_H
#define REGROW_PRELOAD_COMPLAIN_H

/* One line, "regrow-preload: " before it; 2,000 bytes at most. */
__attribute__((format(printf, 1, 2))) void complain(const char *format, ...);

#endif
