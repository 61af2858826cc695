# Tidings. `make run` and `make test` are all that a newcomer needs.

CC      ?= cc
BUILD   ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
VERSION := 1.0.0

PACKAGES := openssl libevent_core sqlite3
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wformat=2 -Wstrict-prototypes -Wno-sign-conversion
CFLAGS   ?= -O2 -g
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -D_FORTIFY_SOURCE=2 -DTIDINGS_VERSION='"$(VERSION)"' -Isrc \
	$(WARNINGS) $(if $(WERROR),-Werror) -fstack-protector-strong -fPIE $(CFLAGS) $(SANITIZE) \
	$$(pkg-config --cflags $(PACKAGES))
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now $(LDFLAGS) $(SANITIZE)
LIBS = $$(pkg-config --libs $(PACKAGES)) -linih -lunistring

SOURCES := $(sort $(wildcard src/*.c src/*/*.c))
OBJECTS := $(SOURCES:src/%.c=$(BUILD)/obj/%.o)
LIBRARY := $(filter-out $(BUILD)/obj/main.o,$(OBJECTS))

.PHONY: all
all: $(BUILD)/tidings

$(BUILD)/tidings: $(OBJECTS)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

-include $(OBJECTS:.o=.d)

.PHONY: clean
clean:
	rm -rf $(BUILD)
