/*
 * sanitized - whether a test runs under a sanitizer that has a malloc, a shadow
 * and mappings of its own, so that maps and limits mean something else.
 */
#ifndef REGROW_SANITIZED_H
#define REGROW_SANITIZED_H

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* The thread sanitizer alone: its shadow adds page faults to any write. */
#if defined(__SANITIZE_THREAD__)
#define THREAD_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define THREAD_SANITIZED 1
#endif
#endif
#ifndef THREAD_SANITIZED
#define THREAD_SANITIZED 0
#endif

/*
 * The thread sanitizer does not see mremap(2): pages that were moved keep the
 * history of their old address, and races are found that are none. What touches
 * the bytes of a block is left out of it; what the allocators keep is not.
 */
#define BLOCK_CONTENTS __attribute__((no_sanitize_thread))

#endif
