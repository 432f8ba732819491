# guichet: non-recursive, one rule a kind of file; V=1 shows the commands.
#
#   make            ./guichet
#   make demo       the demo scenario, no server needed
#   make check      all tests (installs what they need)
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
            yaml-0.1 libical libxml-2.0 jansson libcurl libseccomp

# libetpan is linked by name: its pkg-config file would turn off PIE.
ifneq ($(filter-out deps demo check lint clean distclean,$(or $(MAKECMDGOALS),all)),)
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
            $(filter-out -I%,$(LIB_CFLAGS)) -DGUICHET_PREFIX='"$(PREFIX)"'
ALL_LDFLAGS := -pie $(if $(SAN),-fsanitize=$(SAN),-Wl,-z,relro,-z,now) $(LDFLAGS)

comma  := ,
BUILD  := build/$(if $(SAN),$(subst $(comma),-,$(SAN)),plain)
LIB    := $(BUILD)/libguichet.a
BIN    := $(if $(SAN),$(BUILD)/guichet,guichet)

SOURCES := $(wildcard src/base/*.c src/time/*.c src/mail/*.c src/rules/*.c \
             src/desk/*.c src/store/*.c src/wire/*.c src/app/*.c)
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o)
UNIT    := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/test_*.c))

.PHONY: all deps demo check check-long lint install clean distclean \
        unit-programs check-programs

all: $(BIN)

$(BIN): $(BUILD)/src/main.o $(LIB)
	@echo "  LINK    $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIB_LIBS)

$(LIB): $(OBJECTS)
	@echo "  AR      $@"
	$(Q)rm -f $@ && ar rcs $@ $^

$(BUILD)/%.o: %.c
	@echo "  CC      $<"
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

# GLib's g_assert_cmpmem() converts sizes inside the macro.
$(BUILD)/tests/%.o: WARN += -Wno-conversion -Wno-sign-conversion

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(LIB)
	@echo "  LINK    $@"
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIB_LIBS)

.PRECIOUS: $(BUILD)/tests/unit/%.o

unit-programs: $(UNIT)
check-programs: $(BIN) $(UNIT)

clean:
	rm -rf build guichet
distclean: clean

-include $(OBJECTS:.o=.d) $(BUILD)/src/main.d $(UNIT:=.d)
