# icmpscope: build, run, check. Quiet unless V=1; objects land in $(BUILD).

# All processors, unless told otherwise; each target's output in one piece.
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell getconf _NPROCESSORS_ONLN) --output-sync=target
endif

PREFIX ?= /usr/local
BUILD ?= build
CC ?= gcc
CLANG ?= clang
V ?= 0
ifneq ($(V),1)
Q := @
say = @echo "  $(1)	$(2)";
endif

VERSION := 0.1.0
LIBS := libpcap json-c libsodium libmd libcap-ng libseccomp zlib libzstd liblz4 yaml-0.1
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wcast-qual -Wpointer-arith $(if $(CI),-Werror)
HARDEN := -fstack-protector-strong -fPIE
OPTIMIZE ?= -O3
ifeq ($(SANITIZE),)
HARDEN += -D_FORTIFY_SOURCE=2
# The program is optimized as a whole; what only tests link is not, to save time.
# Members stored one by one and loaded as one vector make the load wait: no SLP.
ifneq ($(if $(filter no,$(LTO)),0,$(shell $(CC) -v 2>&1 | grep -c '^gcc version')),0)
CFLAGS += -flto=auto -ffat-lto-objects -fno-tree-slp-vectorize
WHOLE := -flto=auto
PARTS := -fno-lto
endif
else
HARDEN += -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
endif
CPPFLAGS += -I. -D_DEFAULT_SOURCE -DICMPSCOPE_VERSION='"$(VERSION)"' \
	$(shell pkg-config --cflags $(LIBS) 2>/dev/null)
CFLAGS += -std=c11 $(OPTIMIZE) -g $(WARNINGS) $(HARDEN)
LDFLAGS += -pie -Wl,-z,relro,-z,now
LDLIBS = $(shell pkg-config --libs $(LIBS) 2>/dev/null) -lm

PROGRAM := $(if $(filter build,$(BUILD)),icmpscope,$(BUILD)/icmpscope)
SOURCES := $(wildcard decoders/*.c analyzer/*.c analyzer/*/*.c)
LIBRARY := $(BUILD)/libicmpscope.a
LIBRARY_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(filter-out analyzer/main.c,$(SOURCES)))
TEST_LIBRARY := $(BUILD)/libtests.a
TEST_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/*.c))
UNITS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/test_*.c))
FUZZERS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAYS := $(patsubst %,$(BUILD)/tests/fuzz/replay_%,$(FUZZERS))
C_FILES = $(wildcard decoders/*.[ch] analyzer/*.[ch] analyzer/*/*.[ch] samples/*.[ch] \
	tests/*.[ch] tests/*/*.[ch])

all: $(PROGRAM)

$(PROGRAM): $(BUILD)/analyzer/main.o $(LIBRARY)
	$(call say,LD,$@) $(CC) $(CFLAGS) $(WHOLE) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(LIBRARY): $(LIBRARY_OBJECTS)
	$(call say,AR,$@) rm -f $@ && ar rcs $@ $^

# Who links it takes what it needs: fixtures of unit tests need cmocka.
$(TEST_LIBRARY): $(TEST_OBJECTS)
	$(call say,AR,$@) rm -f $@ && ar rcs $@ $^

$(BUILD)/%.o: %.c Makefile
	$(call say,CC,$<) mkdir -p $(@D) && $(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(TEST_LIBRARY) $(LIBRARY)
	$(call say,LD,$@) $(CC) $(CFLAGS) $(PARTS) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcmocka

# What is done with each packet, once more: it counts its steps for test_steps.
COUNTED := $(patsubst %.c,$(BUILD)/counted/%.o,$(wildcard decoders/*.c) \
	$(addprefix analyzer/sink/,schema_ecs.c message_json.c field_json.c json_writer.c))

$(BUILD)/counted/%.o: %.c Makefile
	$(Q)mkdir -p $(@D) && $(CC) $(CPPFLAGS) $(filter-out $(OPTIMIZE),$(CFLAGS)) $(PARTS) -O1 \
	    -fsanitize-coverage=trace-pc -MMD -MP -c -o $@ $<

$(BUILD)/tests/unit/test_steps: $(BUILD)/tests/unit/test_steps.o $(COUNTED) $(TEST_LIBRARY) $(LIBRARY)
	$(call say,LD,$@) $(CC) $(CFLAGS) $(PARTS) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcmocka

$(BUILD)/tests/fuzz/replay_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/replay.o $(LIBRARY)
	$(call say,LD,$@) $(CC) $(CFLAGS) $(PARTS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/samples/gen: $(patsubst %.c,$(BUILD)/%.o,$(wildcard samples/*.c)) $(TEST_LIBRARY) $(LIBRARY)
	$(call say,LD,$@) $(CC) $(CFLAGS) $(PARTS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(TEST_LIBRARY) $(LIBRARY)
	$(call say,LD,$@) $(CC) $(CFLAGS) $(PARTS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# What is missing of the packages: installed on Debian, named elsewhere.
deps:
	$(Q)tests/deps.sh build

run: deps
	$(Q)$(MAKE) --no-print-directory all
	./$(PROGRAM) -r samples/tour.pcap

check: deps
	$(Q)$(MAKE) --no-print-directory check-built

check-built: all layers unit golden replay docs-fresh readme peers
	@echo "all checks passed"

unit: $(UNITS)
	$(Q)for t in $(UNITS); do $$t 2>&1 || exit 1; done

golden: $(PROGRAM)
	$(Q)PROGRAM=./$(PROGRAM) tests/golden.sh
	$(Q)PROGRAM=./$(PROGRAM) tests/golden.sh --coverage

golden-update: $(PROGRAM)
	$(Q)PROGRAM=./$(PROGRAM) tests/golden.sh --update $(N)

replay: $(REPLAYS)
	$(Q)for f in $(FUZZERS); do $(BUILD)/tests/fuzz/replay_$$f tests/fuzz/corpus/$$f || exit 1; done

layers:
	$(Q)tests/layers.sh

docs: $(PROGRAM)
	$(Q)./$(PROGRAM) explain markdown > decoders/TYPES.md

docs-fresh: $(PROGRAM)
	$(Q)./$(PROGRAM) explain markdown | diff -u decoders/TYPES.md - || \
	    { echo "decoders/TYPES.md is stale: make docs"; exit 1; }

readme: $(PROGRAM)
	$(Q)PROGRAM=./$(PROGRAM) tests/readme.sh

# Other products' rules, as tests/peers re-implements them
peers:
	$(Q)if command -v python3 > /dev/null; then python3 tests/peers/test_rules.py samples; \
	    else echo "skip peers: no python3"; fi

samples: $(BUILD)/samples/gen
	$(Q)$(BUILD)/samples/gen samples

asan:
	$(Q)$(MAKE) --no-print-directory BUILD=build-asan SANITIZE=address,undefined OPTIMIZE=-O1 \
	    check-built

live: $(PROGRAM)
	$(Q)PROGRAM=$(CURDIR)/$(PROGRAM) tests/live.sh

# make fuzz T=packet SECONDS=600
T ?= packet
SECONDS ?= 600
fuzz:
	$(Q)$(MAKE) --no-print-directory BUILD=build-fuzz CC=$(CLANG) OPTIMIZE=-O1 \
	    SANITIZE=address,undefined,fuzzer-no-link build-fuzz/fuzz_$(T)
	$(Q)mkdir -p build-fuzz/found/$(T)
	build-fuzz/fuzz_$(T) -max_total_time=$(SECONDS) -timeout=10 -rss_limit_mb=2048 \
	    -max_len=65536 -print_final_stats=1 build-fuzz/found/$(T) tests/fuzz/corpus/$(T)

build-fuzz/fuzz_%: build-fuzz/tests/fuzz/fuzz_%.o build-fuzz/libicmpscope.a
	$(call say,LD,$@) $(CLANG) -fsanitize=address,undefined,fuzzer $(LDFLAGS) -o $@ $^ $(LDLIBS)

bench: deps
	$(Q)$(MAKE) --no-print-directory all $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/*.c))
	$(Q)PROGRAM=./$(PROGRAM) BUILD=$(BUILD) tests/bench.sh

lint:
	$(Q)tests/lint.sh "$(CPPFLAGS)"

format:
	$(Q)clang-format --dry-run -Werror $(C_FILES)

coverage:
	$(Q)$(MAKE) --no-print-directory BUILD=build-coverage LTO=no \
	    OPTIMIZE="-O0 --coverage -DSANDBOX_WITHOUT_SECCOMP" check-built
	$(Q)lcov -q -c -d build-coverage -o build-coverage/all.info
	$(Q)lcov -q -e build-coverage/all.info '*/decoders/*' -o build-coverage/decoders.info
	$(Q)lcov --summary build-coverage/decoders.info

install: all
	install -D -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/icmpscope
	install -D -m 644 LICENSE $(DESTDIR)$(PREFIX)/share/doc/icmpscope/LICENSE

clean:
	rm -rf build build-* icmpscope

.PHONY: all deps run check check-built unit golden golden-update replay layers docs docs-fresh readme \
	peers samples asan live fuzz bench lint format coverage install clean
.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
