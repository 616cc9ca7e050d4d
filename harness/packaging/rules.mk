# rules.mk - puts regrow where programs go, and takes it away again.
#
# The binary finds the driver by ../lib/regrow, the plot scripts by
# ../share/regrow/plot and the traces by ../share/regrow/workloads: PREFIX is nowhere in it, and the tree can be moved.

PREFIX ?= /usr/local
DESTDIR ?=
to = $(DESTDIR)$(PREFIX)
install_data = $(Q)install -D -m 644

.PHONY: install uninstall

##: packaging
install: build $(B)/libregrow-preload.so ## into PREFIX=/usr/local, below DESTDIR=
	$(call say,INSTALL,$(to))install -D -m 755 $(B)/regrow '$(to)/bin/regrow'
	$(install_data) $(B)/regrow-driver.so '$(to)/lib/regrow/regrow-driver.so'
	$(install_data) $(B)/libregrow-preload.so '$(to)/lib/regrow/libregrow-preload.so'
	$(install_data) -t '$(to)/include/regrow' harness/include/regrow/*.h
	$(install_data) -t '$(to)/share/regrow/plot' plot/*.gp
	$(install_data) -t '$(to)/share/regrow/workloads/traces' workloads/traces/*
	$(install_data) -t '$(to)/share/man/man1' harness/docs/regrow.1
	$(install_data) harness/docs/completion/regrow.bash \
		'$(to)/share/bash-completion/completions/regrow'
	$(install_data) -t '$(to)/share/zsh/site-functions' \
		harness/docs/completion/_regrow
	$(install_data) -t '$(to)/share/fish/vendor_completions.d' \
		harness/docs/completion/regrow.fish

uninstall: ## what install put there
	$(call say,RM,$(to))rm -rf '$(to)/lib/regrow' '$(to)/include/regrow' \
		'$(to)/share/regrow'
	$(Q)rm -f '$(to)/bin/regrow' '$(to)/share/man/man1/regrow.1' \
		'$(to)/share/bash-completion/completions/regrow' \
		'$(to)/share/zsh/site-functions/_regrow' \
		'$(to)/share/fish/vendor_completions.d/regrow.fish'
