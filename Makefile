# Tidings. `make run` and `make test` are all that a newcomer needs; `make help` lists the rest.

CC      ?= cc
BUILD   ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
VERSION := 1.0.0

# Where the system looks for what comes with a service.
SYSCONFDIR ?= /etc
UNITDIR    ?= $(PREFIX)/lib/systemd/system

PACKAGES := openssl libevent_core libevent_extra sqlite3 libcurl libxml-2.0 jansson libjpeg libpng libwebp libcmark-gfm
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wformat=2 -Wstrict-prototypes -Wno-sign-conversion
CFLAGS   ?= -O2 -g
FORTIFY  ?= -D_FORTIFY_SOURCE=2
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE $(FORTIFY) -DTIDINGS_VERSION='"$(VERSION)"' -Isrc $(WARNINGS) \
	$(if $(WERROR),-Werror) -fstack-protector-strong -fPIE $(CFLAGS) $(SANITIZE) $(PACKAGE_CFLAGS)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now $(LDFLAGS) $(SANITIZE)
PACKAGE_CFLAGS = $(eval PACKAGE_CFLAGS := $$(shell pkg-config --cflags $(PACKAGES)))$(PACKAGE_CFLAGS)
PACKAGE_LIBS = $(eval PACKAGE_LIBS := $$(shell pkg-config --libs $(PACKAGES)))$(PACKAGE_LIBS)
LIBS = $(PACKAGE_LIBS) -lcmark-gfm-extensions -linih -lunistring

SOURCES := $(sort $(wildcard src/*.c src/*/*.c))
HEADERS := $(sort $(wildcard src/*.h src/*/*.h))
TESTS   := $(sort $(wildcard tests/unit/*.c))
INJECT  := $(wildcard tests/inject/*.c)
FUZZERS := $(sort $(wildcard tests/fuzz/fuzz_*.c))
BENCH   := $(wildcard tests/bench/*.c)
OBJECTS := $(SOURCES:src/%.c=$(BUILD)/obj/%.o)
LIBRARY := $(filter-out $(BUILD)/obj/main.o,$(OBJECTS))
UNITS   := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(filter tests/unit/test_%,$(TESTS)))
UNIT_HELP := $(patsubst tests/%.c,$(BUILD)/tests/%.o,$(filter-out tests/unit/test_%,$(TESTS)))
MAN     := $(wildcard src/man/*.[15])
ASAN    := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:

.PHONY: all run test chaos bench bench-scale bench-peers layers format check-format lint-man asan fuzz \
	install clean help deps need-build need-test need-chaos need-bench deb

all: $(BUILD)/tidings ## build build/tidings

# make V=1 shows the commands themselves.
Q = $(if $(V),,@echo "  $@";)

$(BUILD)/tidings: $(OBJECTS)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -Itests -MMD -MP -c -o $@ $<

$(BUILD)/unit/%: $(BUILD)/tests/unit/%.o $(UNIT_HELP) $(LIBRARY)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lcmocka

# Preloaded into servers under test.
$(BUILD)/inject/%.so: tests/inject/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -fPIC -shared -o $@ $<

.SECONDARY:
-include $(wildcard $(BUILD)/obj/*.d $(BUILD)/obj/*/*.d $(BUILD)/tests/*/*.d)

run: need-build ## install what is missing, build, and serve content/ on this machine
	@$(MAKE) -s --no-print-directory -j$$(nproc) all
	@$(BUILD)/tidings serve -c server.ini

test: need-build need-test ## install what is missing, build, and run every test
	@$(MAKE) -s --no-print-directory -j$$(nproc) all units
	@tests/run $(BUILD)

.PHONY: units
units: $(UNITS)

.PHONY: injections
injections: $(patsubst tests/%.c,$(BUILD)/%.so,$(INJECT))

layers: ## check that includes go down only
	@tests/tools/layers

format: ## format every C file
	clang-format -i $(SOURCES) $(HEADERS) $(TESTS) $(FUZZERS) $(INJECT) $(BENCH)

check-format:
	clang-format --dry-run -Werror $(SOURCES) $(HEADERS) $(TESTS) $(FUZZERS) $(INJECT) $(BENCH)

lint-man:
	mandoc -Tlint -W warning $(MAN)

asan: ## build with ASan and UBSan into build/asan and run the unit and golden tests
	@$(MAKE) --no-print-directory -j$$(nproc) BUILD=$(BUILD)/asan SANITIZE="$(ASAN)" FORTIFY= CFLAGS="-O1 -g" all units
	@tests/run --sanitized $(BUILD)/asan

chaos: need-build need-chaos ## change, kill and starve a server far longer than make test does (tests/chaos)
	@$(MAKE) -s --no-print-directory -j$$(nproc) all injections
	@TIDINGS_LONG=1 TIDINGS=$(BUILD)/tidings PYTHONDONTWRITEBYTECODE=1 \
		/usr/bin/python3 -m pytest -q -s -p no:cacheprovider tests/chaos

# What measures: one file a program, and the shared_*.c that all of them may use. None of it is linked with the server.
BENCH_HELP := $(patsubst tests/%.c,$(BUILD)/tests/%.o,$(filter tests/bench/shared_%,$(BENCH)))
.PHONY: benches
benches: $(patsubst tests/%.c,$(BUILD)/%,$(filter-out tests/bench/shared_%,$(BENCH)))

bench: need-bench ## measure against the least that the protocols need (README, "How fast it is"); takes minutes
	@$(MAKE) -s --no-print-directory -j$$(nproc) all benches
	@PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 tests/bench/run $(BUILD)

N ?= 100000
bench-scale: need-bench ## measure with a paper of N articles beside one of a thousand
	@$(MAKE) -s --no-print-directory -j$$(nproc) all benches
	@PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 tests/bench/scale $(BUILD) $(N)

bench-peers: need-bench ## compare with the other servers that are installed: molly-brown, gophernicus, pygopherd
	@$(MAKE) -s --no-print-directory -j$$(nproc) all benches
	@PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 tests/bench/peers $(BUILD)

$(BUILD)/bench/%: $(BUILD)/tests/bench/%.o $(BENCH_HELP)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lm

FUZZ_SECONDS ?= 60
fuzz: ## fuzz every target for FUZZ_SECONDS over the kept corpus
	@$(MAKE) --no-print-directory -j$$(nproc) BUILD=$(BUILD)/fuzz CC=clang FORTIFY= CFLAGS="-O1 -g" \
		SANITIZE="$(ASAN) -fsanitize=fuzzer-no-link" fuzzers
	@tests/fuzz/run $(BUILD)/fuzz $(FUZZ_SECONDS)

.PHONY: fuzzers
fuzzers: $(patsubst tests/fuzz/%.c,$(BUILD)/fuzzers/%,$(FUZZERS))

FUZZ_HELP := $(patsubst tests/%.c,$(BUILD)/tests/%.o,$(filter-out $(FUZZERS),$(wildcard tests/fuzz/*.c)))

$(BUILD)/fuzzers/%: $(BUILD)/tests/fuzz/%.o $(FUZZ_HELP) $(LIBRARY)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS)

compile_commands.json: Makefile $(SOURCES) ## for clangd and clang-tidy
	@tests/tools/compile-commands '$(subst ','\'',$(CC) $(ALL_CFLAGS))' $(SOURCES) > $@

install: all ## binary, man pages, service and its files below $(DESTDIR)$(PREFIX)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man5
	install -m 755 $(BUILD)/tidings $(DESTDIR)$(PREFIX)/bin/tidings
	install -m 644 $(filter %.1,$(MAN)) $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 $(filter %.5,$(MAN)) $(DESTDIR)$(PREFIX)/share/man/man5
	src/dist/install "$(DESTDIR)" "$(PREFIX)" "$(SYSCONFDIR)" "$(UNITDIR)"

DEB := $(BUILD)/deb/tidings-$(VERSION)
# What this make was told is not meant for the package's, which has a BUILD of its own.
DEB_FORGETS := MAKEFLAGS MFLAGS MAKELEVEL BUILD CC CFLAGS LDFLAGS SANITIZE FORTIFY WERROR V
deb: ## build/deb/tidings_VERSION_ARCH.deb, a Debian package
	@src/dist/need deb
	rm -rf $(BUILD)/deb
	install -d $(DEB)
	cp -R Makefile LICENSE README.md src src/dist/debian $(DEB)
	cd $(DEB) && env $(patsubst %,-u %,$(DEB_FORGETS)) dpkg-buildpackage -b -us -uc -j$$(nproc)
	@echo; ls $(BUILD)/deb/*.deb

need-build:
	@src/dist/need build

need-test:
	@src/dist/need test

need-chaos:
	@src/dist/need chaos

need-bench:
	@src/dist/need bench

deps: ## bring the libraries to the newest of the distribution's archive
	@src/dist/need upgrade

clean: ## remove what was built, and the run-time state of the example
	rm -rf $(BUILD) compile_commands.json

help:
	@sed -n 's/^\([a-z_.-]*\):.*## \(.*\)/make \1|\2/p' Makefile | column -t -s '|'
