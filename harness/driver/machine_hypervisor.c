/* machine_hypervisor - whether this system is a guest, and of what. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/machine_parts.h"
#include "driver/sysfile.h"

/* What a source says, and the name that it goes by in the record. */
struct sign {
	const char *text;
	const char *name;
};

static const char *first_sign(const struct sign *signs, const char *text)
{
	for (; signs->text != NULL; signs++)
		if (strstr(text, signs->text) != NULL)
			return signs->name;
	return NULL;
}

/* From vendor and product; machines rented whole carry the same vendors. */
static const char *name_by_product(const char *product)
{
	static const struct sign signs[] = {
		{"KVM", "kvm"},
		{"QEMU", "qemu"},
		{"Standard PC", "qemu"},
		{"Bochs", "qemu"},
		{"VMware", "vmware"},
		{"VirtualBox", "virtualbox"},
		{"Microsoft Corporation Virtual Machine", "hyperv"},
		{"Xen", "xen"},
		{"Parallels", "parallels"},
		{"Google Compute Engine", "kvm"},
		{"OpenStack", "kvm"},
		{"Firecracker", "kvm"},
		{"Apple Virtualization", "apple"},
		{NULL, NULL},
	};

	return first_sign(signs, product);
}

/* A guest is offered its hypervisor's clock, whether it uses it or not. */
static const char *name_by_clock(const char *root)
{
	static const struct sign signs[] = {
		{"kvm-clock", "kvm"},
		{"hyperv_clocksource", "hyperv"},
		{"xen", "xen"},
		{NULL, NULL},
	};
	char text[256];

	sysfile_text(root,
		     "/sys/devices/system/clocksource/clocksource0/"
		     "available_clocksource",
		     text, sizeof(text));
	return first_sign(signs, text);
}

/* x86: the CPU says that it is a guest's. */
static bool has_flag(const char *root)
{
	char *cpuinfo = sysfile_all(root, "/proc/cpuinfo");
	char *flags = cpuinfo != NULL ? strstr(cpuinfo, "\nflags") : NULL;
	bool found = false;

	if (flags != NULL) {
		flags[1 + strcspn(flags + 1, "\n")] = 0;
		found = strstr(flags, " hypervisor") != NULL;
	}
	free(cpuinfo);
	return found;
}

void machine_hypervisor(const char *root, struct json *into)
{
	char vendor[128];
	char product[128];
	char both[sizeof(vendor) + sizeof(product)];
	char type[64];
	char text[512];
	const char *name = NULL;

	sysfile_text(root, "/sys/class/dmi/id/sys_vendor", vendor,
		     sizeof(vendor));
	sysfile_text(root, "/sys/class/dmi/id/product_name", product,
		     sizeof(product));
	snprintf(both, sizeof(both), "%s %s", vendor, product);
	if (sysfile_text(root, "/sys/hypervisor/type", type, sizeof(type)) ||
	    sysfile_text(root, "/proc/device-tree/hypervisor/compatible", type,
			 sizeof(type)))
		name = type;
	if (name == NULL)
		name = name_by_product(both);
	if (name == NULL)
		name = name_by_clock(root);
	if (name == NULL && has_flag(root))
		name = "unknown";
	if (name == NULL)
		return;
	if (product[0] != 0) {
		snprintf(text, sizeof(text), "%s (%s)", name, both);
		name = text;
	}
	json_add_text(into, "hypervisor", name);
}
