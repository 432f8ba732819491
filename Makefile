# guichet: non-recursive, one rule a kind of file; V=1 shows the commands.
#
#   make            ./guichet
#   make demo       the demo scenario, no server needed
#   make check      all tests (installs what they need)
#   make check-long what check samples, whole: parts of at most 30 minutes
#   make corpora CORPORA=DIR   collections of mails that others publish
#   make cases CASES=DIR       mails and clocks with the outcome that is right
#   make bench      figures: a storm of alerts, the cost of one
#   make lint       formatting, layers, headers, static analysis
#   make SAN=address,undefined check
#   make install DESTDIR= PREFIX=/usr/local

PREFIX  ?= /usr/local
DESTDIR ?=
CC      ?= gcc
PYTHON  ?= /usr/bin/python3
V       ?= 0
SAN     ?=
Q       := $(if $(filter 1,$(V)),,@)

PACKAGES := glib-2.0 gio-2.0 gio-unix-2.0 gmime-3.0 sqlite3 libpcre2-8 \
            yaml-0.1 libical libxml-2.0 jansson libcurl libseccomp libpsl

# libetpan is linked by name: its pkg-config file would turn off PIE.
ifneq ($(filter-out deps deps-check deps-long deps-lint demo check check-long bench lint format clean distclean,$(or $(MAKECMDGOALS),all)),)
LIB_CFLAGS := $(shell pkg-config --cflags $(PACKAGES))
LIB_LIBS   := $(shell pkg-config --libs $(PACKAGES)) -letpan
endif

WARN     := -Wall -Wextra -Wconversion -Wshadow -Wformat=2 -Wundef \
            -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Werror
OPTIMIZE := $(if $(SAN),-O1 -fno-omit-frame-pointer -fsanitize=$(SAN) \
            -fno-sanitize-recover=all -DGUICHET_SANITIZED,\
            -O2 -D_FORTIFY_SOURCE=3 -fstack-protector-strong \
            -fstack-clash-protection)
CFLAGS   ?= -g
ALL_CFLAGS = -std=gnu11 $(OPTIMIZE) $(CFLAGS) -fPIE -fvisibility=hidden \
            $(WARN) -MMD -MP -Iinclude $(addprefix -isystem ,$(patsubst -I%,%,$(filter -I%,$(LIB_CFLAGS)))) \
            $(filter-out -I%,$(LIB_CFLAGS))
ALL_LDFLAGS := -pie $(if $(SAN),-fsanitize=$(SAN),-Wl,-z,relro,-z,now) $(LDFLAGS)

comma  := ,
BUILD  := build/$(if $(SAN),$(subst $(comma),-,$(SAN)),plain)
LIB    := $(BUILD)/libguichet.a
BIN    := $(if $(SAN),$(BUILD)/guichet,guichet)

SOURCES := $(wildcard src/*/*.c)
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o)
UNIT    := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/test_*.c))

TOOLS   := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/tools/*.c tests/oracle/*.c))
BENCHES := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/*.c))
SCRIPTS := $(wildcard tests/e2e/*.t tests/oracle/*.t tests/dialogues/*.t \
             tests/crash/*.t)
JOBS    ?= $(shell nproc)

.PHONY: all deps deps-check deps-long deps-lint demo check check-long bench corpora cases \
        lint format \
        install clean distclean unit-programs check-programs bench-programs

all: $(BIN)

$(BIN): $(BUILD)/src/main.o $(LIB)
	@echo "  LINK    $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIB_LIBS)

$(LIB): $(OBJECTS)
	@echo "  AR      $@"
	$(Q)rm -f $@ && ar rcs $@ $^

# The words of mail programs are part of the program.
$(BUILD)/src/words/quotes_builtin.o: rules/quotes.yaml
# And so is what looks like a secret.
$(BUILD)/src/rules/secrets_builtin.o: rules/secrets.yaml
# And the French words of its own.
$(BUILD)/src/yaml/catalog_builtin.o: rules/replies/fr/words.yaml
# A cache of compilers does not see what .incbin takes in.
$(BUILD)/src/words/quotes_builtin.o $(BUILD)/src/rules/secrets_builtin.o \
    $(BUILD)/src/yaml/catalog_builtin.o: export CCACHE_DISABLE := 1

$(BUILD)/%.o: %.c
	@echo "  CC      $<"
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

# GLib's g_assert_cmpmem() converts sizes inside the macro.
$(BUILD)/tests/%.o: WARN += -Wno-conversion -Wno-sign-conversion

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(LIB)
	@echo "  LINK    $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIB_LIBS)

# It counts these in place of calling them straight away.
COUNTED := store_ticket sla_clocks store_project store_ticket_people \
           robot_read match_read command_parse alert_mail_new
$(BUILD)/tests/unit/test_once: ALL_LDFLAGS += $(COUNTED:%=-Wl,--wrap=%)

# Objects are made through chains of rules, and kept: nothing is built twice.
.SECONDARY:

$(BUILD)/tests/tools/%: $(BUILD)/tests/tools/%.o $(LIB)
	@echo "  LINK    $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIB_LIBS)

$(BUILD)/tests/oracle/%: $(BUILD)/tests/oracle/%.o $(LIB)
	@echo "  LINK    $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIB_LIBS)

$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(LIB)
	@echo "  LINK    $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIB_LIBS)

unit-programs: $(UNIT)
check-programs: $(BIN) $(UNIT) $(TOOLS)
bench-programs: $(BIN) $(BENCHES)

# What the program needs to be built and run, then what its tests need, and
# what only the long ones do.
DEPS       := gcc libc6-dev pkg-config libglib2.0-dev glib-networking \
              libgmime-3.0-dev libetpan-dev libsqlite3-dev libpcre2-dev \
              libyaml-dev libical-dev libxml2-dev libjansson-dev \
              libcurl4-gnutls-dev libseccomp-dev libpsl-dev publicsuffix \
              tzdata ca-certificates
DEPS_CHECK := perl python3 openssl dovecot-imapd postfix
DEPS_LONG  := iproute2 util-linux opendkim opendkim-tools opendmarc rspamd \
              dnsmasq-base dovecot-lmtpd
# Servers that conflict with Dovecot's, and their libraries: not installed.
UNPACKED   := cyrus-imapd cyrus-common courier-imap courier-authlib \
              libcourier-unicode4 libidn12 libgamin0 libxapian30
DEPS_LINT  := clang-format clang-tidy cppcheck mandoc

deps:
	$(Q)tests/lint/packages $(DEPS)
deps-check: deps
	$(Q)tests/lint/packages $(DEPS_CHECK)
deps-long: deps-check
	$(Q)tests/lint/packages $(DEPS_LONG)
	$(Q)tests/lint/unpack build/servers $(UNPACKED)
deps-lint: deps
	$(Q)tests/lint/packages $(DEPS_LINT)

# These install first, so the build runs in a make of its own that finds what
# was just installed.
demo: deps
	$(Q)tests/lint/packages python3
	$(Q)$(MAKE) --no-print-directory all
	$(Q)maildir-fixtures/run-demo

# Sanitized, strstr() would look to a large text's end at each of its lines.
check: deps-check
	$(Q)$(MAKE) --no-print-directory -j$(JOBS) check-programs
	$(Q)GUICHET=$(abspath $(BIN)) BUILD=$(abspath $(BUILD)) SAN=$(SAN) \
	    PYTHON=$(PYTHON) G_DEBUG=fatal-criticals \
	    $(if $(SAN),ASAN_OPTIONS=detect_leaks=0:intercept_strstr=0) \
	    tests/lint/prove-timed -j$(JOBS) $(UNIT) $(SCRIPTS)

# Each test that looks at LONG is a part, and so is each in tests/long/.
check-long: deps-long
	$(Q)$(MAKE) --no-print-directory -j$(JOBS) check-programs
	$(Q)GUICHET=$(abspath $(BIN)) BUILD=$(abspath $(BUILD)) SAN=$(SAN) \
	    PYTHON=$(PYTHON) G_DEBUG=fatal-criticals \
	    $(if $(SAN),ASAN_OPTIONS=detect_leaks=0:intercept_strstr=0) \
	    tests/lint/check-long $(PARTS)

# Collections of real mails stay where they are: nothing of them is in here.
corpora: all
	$(Q)test -d "$(CORPORA)" || { echo "make corpora CORPORA=DIR: the folder that holds" \
	    "quote-talon, quote-trimmer, quote-email_reply_parser, quote-html-nylas, bounce-sisimai," \
	    "parse-mime4j, parse-mail-parser, parse-enmime" >&2; exit 1; }
	$(Q)for corpus in $(filter-out %/corpus.py,$(wildcard tests/corpora/*.py)); do \
	    GUICHET=$(abspath $(BIN)) $(PYTHON) $$corpus "$(CORPORA)" || exit 1; done

# Cases from the field stay where they are, too.
cases: all
	$(Q)test -d "$(CASES)" || { echo "make cases CASES=DIR: the folder that holds mail/," \
	    "mail-new/, alerts/, clocks/, border/ and their .tsv" >&2; exit 1; }
	$(Q)GUICHET=$(abspath $(BIN)) $(PYTHON) tests/cases/run.py "$(CASES)" $(ONLY)

# Figures and ratios, each against a peer of the same run; judged by people.
bench: deps-check
	$(Q)$(MAKE) --no-print-directory -j$(JOBS) bench-programs check-programs
	$(Q)for bench in tests/bench/*.py; do \
	    GUICHET=$(abspath $(BIN)) BUILD=$(abspath $(BUILD)) \
	    $(PYTHON) $$bench || exit 1; done

lint: deps-lint
	$(Q)tests/lint/format
	$(Q)tests/lint/layers
	$(Q)tests/lint/headers
	$(Q)tests/lint/symbols
	$(Q)tests/lint/names
	$(Q)tests/lint/doors
	$(Q)tests/lint/catalog
	$(Q)tests/lint/functions
	$(Q)tests/lint/prose
	$(Q)tests/lint/proofs
	$(Q)tests/lint/papers
	$(Q)tests/lint/clauses
	$(Q)tests/lint/analyse

format:
	clang-format -i src/*.c src/*/*.[ch] include/guichet/*/*.h \
	    $(wildcard tests/*/*.[ch])

# The example site keeps its mail where a service does, not in a build folder.
install: all
	install -D -m 755 $(BIN) $(DESTDIR)$(PREFIX)/bin/guichet
	install -d $(DESTDIR)$(PREFIX)/share/guichet
	cp -r rules $(DESTDIR)$(PREFIX)/share/guichet/
	chmod -R u=rwX,go=rX $(DESTDIR)$(PREFIX)/share/guichet/rules
	sed -i 's|\.\./build/demo|/var/lib/guichet|' \
	    $(DESTDIR)$(PREFIX)/share/guichet/rules/guichet.yaml
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's|/usr/local/|$(PREFIX)/|' src/guichet.service \
	    > $(BUILD)/guichet.service
	install -m 644 $(BUILD)/guichet.service \
	    $(DESTDIR)$(PREFIX)/lib/systemd/system/guichet.service
	install -D -m 644 src/guichet.1 $(DESTDIR)$(PREFIX)/share/man/man1/guichet.1
	install -D -m 644 src/guichet.yaml.5 $(DESTDIR)$(PREFIX)/share/man/man5/guichet.yaml.5
	install -D -m 644 src/guichet-rules.5 $(DESTDIR)$(PREFIX)/share/man/man5/guichet-rules.5

clean:
	rm -rf build guichet
distclean: clean

-include $(OBJECTS:.o=.d) $(BUILD)/src/main.d $(UNIT:=.d) $(TOOLS:=.d) \
         $(BENCHES:=.d)
