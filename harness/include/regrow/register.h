/*
 * regrow/register.h - how an allocator or a workload becomes known.
 *
 * Built in: a pointer in a linker section (pointers, not structs: gcc pads
 * structs in a section). As a plug-in: a symbol that the harness looks up
 * after dlopen(3), regrow_allocator or regrow_workload.
 */
#ifndef REGROW_REGISTER_H
#define REGROW_REGISTER_H

#ifdef __has_attribute
#if __has_attribute(retain)
#define REGISTER_RETAIN retain,
#endif
#endif
#ifndef REGISTER_RETAIN
#define REGISTER_RETAIN
#endif

#ifdef REGROW_BUILT_IN
#define REGISTER(kind, object)                                                 \
	static const struct kind *const registered_##kind                      \
		__attribute__((used, REGISTER_RETAIN section(#kind "s"))) =    \
			&(object)
#else
#define REGISTER(kind, object)                                                 \
	extern const struct kind *const regrow_##kind;                         \
	__attribute__((visibility("default")))                                 \
	const struct kind *const regrow_##kind = &(object)
#endif

#endif
