#include "deepaxe/hw/hls/fixed_source.h"

namespace deepaxe::hw::hls {

const std::string_view kPragmas =
    R"(// Directives of HLS tools behind macros; without a tool they are nothing.
// DEEPAXE_HLS_VITIS: AMD Vitis HLS. DEEPAXE_HLS_BAMBU: PandA Bambu.
#pragma once

#define DEEPAXE_PRAGMA(text) _Pragma(#text)

#if defined(DEEPAXE_HLS_VITIS)
// One iteration begins every `interval` cycles.
#define DEEPAXE_PIPELINE(interval) DEEPAXE_PRAGMA(HLS PIPELINE II = interval)
// So many copies of the body of the loop it stands in.
#define DEEPAXE_UNROLL(copies) DEEPAXE_PRAGMA(HLS UNROLL factor = copies)
// The array in `parts` memories, neighbours along axis `axis` (from 1) in different ones.
#define DEEPAXE_PARTITION(array, parts, axis) \
  DEEPAXE_PRAGMA(HLS ARRAY_PARTITION variable = array cyclic factor = parts dim = axis)
#define DEEPAXE_MODULE DEEPAXE_PRAGMA(HLS INLINE off)
#else
#define DEEPAXE_PIPELINE(interval)
#define DEEPAXE_UNROLL(copies)
#define DEEPAXE_PARTITION(array, parts, axis)
#define DEEPAXE_MODULE
#endif

// Bambu takes its directives from the compiler in front of it: GCC or Clang.
#if defined(DEEPAXE_HLS_BAMBU)
#define DEEPAXE_MODULE_ATTRIBUTE __attribute__((noinline))  // One module for each layer.
#if defined(__clang__)
#define DEEPAXE_UNROLL_NEXT(copies) DEEPAXE_PRAGMA(clang loop unroll_count(copies))
#else
#define DEEPAXE_UNROLL_NEXT(copies) DEEPAXE_PRAGMA(GCC unroll copies)
#endif
#else
#define DEEPAXE_MODULE_ATTRIBUTE
#define DEEPAXE_UNROLL_NEXT(copies)
#endif

// Labels name the loops in the reports and directives of HLS tools; a compiler finds them unused.
#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wunused-label"
#endif
)";

const std::string_view kArithmetic =
    R"(// The integer arithmetic of all layers. Right shifts of negative numbers are arithmetic.
#pragma once

#include <cstdint>

// The sum modulo 2^32, as a 32-bit accumulator register gives it.
inline std::int32_t accumulate(std::int32_t sum, std::int32_t term) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(sum) +
                                   static_cast<std::uint32_t>(term));
}

inline std::int32_t saturate_int32(std::int64_t value) {
  const std::int64_t low = INT32_MIN, high = INT32_MAX;
  return static_cast<std::int32_t>(value < low ? low : value > high ? high : value);
}

inline std::int8_t clamp_code(std::int64_t value, std::int32_t low, std::int32_t high) {
  return static_cast<std::int8_t>(value < low ? low : value > high ? high : value);
}

// acc * mantissa * 2^(shift - 31), rounded once, ties towards plus infinity.
inline std::int32_t requantize_single(std::int32_t acc, std::int32_t mantissa, int shift) {
  const int right_shift = 31 - shift;  // In [1, 62].
  const std::int64_t half = std::int64_t{1} << (right_shift - 1);
  return saturate_int32((std::int64_t{acc} * mantissa + half) >> right_shift);
}

// The same factor rounded twice: the high half of the doubled product, ties towards plus infinity,
// then the right shift, ties away from zero.
inline std::int32_t requantize_double(std::int32_t acc, std::int32_t mantissa, int shift) {
  const int left_shift = shift > 0 ? shift : 0;
  const int right_shift = shift < 0 ? -shift : 0;
  const std::int64_t shifted = saturate_int32(std::int64_t{acc} * (std::int64_t{1} << left_shift));
  const std::int64_t high = (shifted * mantissa + (std::int64_t{1} << 30)) >> 31;
  const std::int64_t rest_mask = (std::int64_t{1} << right_shift) - 1;
  const std::int64_t tie = (rest_mask >> 1) + (high < 0 ? 1 : 0);
  return static_cast<std::int32_t>((high >> right_shift) + ((high & rest_mask) > tie ? 1 : 0));
}

// sum / count to nearest, ties away from zero; count > 0.
inline std::int32_t divide_rounded(std::int32_t sum, std::int32_t count) {
  return sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count;
}
)";

const std::string_view kMultiplierHelpers = R"(
// Bit `index` of a two's complement operand, 0 the lowest.
inline bool bit(std::int8_t value, int index) {
  return ((static_cast<std::uint8_t>(value) >> index) & 1) != 0;
}

// The low 16 bits of a product as a signed number.
inline std::int16_t to_int16(std::uint32_t product) {
  return static_cast<std::int16_t>(static_cast<std::uint16_t>(product));
}

// Row = bit pattern of a, column = bit pattern of b.
inline unsigned table_index(std::int8_t a, std::int8_t b) {
  return static_cast<unsigned>(static_cast<std::uint8_t>(a)) << 8 | static_cast<std::uint8_t>(b);
}

#ifdef DEEPAXE_TABULATE
// For fast simulation, never for synthesis: all products of a gate function, computed at start.
template <std::int16_t (*Gates)(std::int8_t, std::int8_t)>
struct Tabulated {
  std::int16_t products[65536];
  Tabulated() {
    for (int a = -128; a < 128; ++a) {
      for (int b = -128; b < 128; ++b) {
        const std::int8_t x = static_cast<std::int8_t>(a), w = static_cast<std::int8_t>(b);
        products[table_index(x, w)] = Gates(x, w);
      }
    }
  }
  std::int16_t operator()(std::int8_t a, std::int8_t b) const {
    return products[table_index(a, b)];
  }
};
#endif
)";

const std::string_view kTrace = R"(
// With DEEPAXE_TRACE defined, the test bench gets the codes of every layer; never for synthesis.
#ifdef DEEPAXE_TRACE
void trace_layer(const std::int8_t* codes, int count);
#define DEEPAXE_LAYER_DONE(codes, count) trace_layer(codes, count)
#else
#define DEEPAXE_LAYER_DONE(codes, count)
#endif
)";

const std::string_view kMakefile =
    R"(# make: the test bench. make test: compare with the expected logits.
# make fast: the test bench with gate-level multipliers tabulated at start, for whole test sets.
# CXX and CXXFLAGS may be given.
# make trace: the test bench that writes the codes of every layer instead of the logits.
# make vitis: all steps of vitis.tcl; make bambu: synthesis by PandA Bambu.
CXX ?= g++
CXXFLAGS ?= -O2 -Wall -Wextra
SOURCES = accelerator.cpp testbench.cppBLACK_BOXES
HEADERS = accelerator.h arithmetic.h multipliers.h pragmas.h weights.h

all: build/testbench

fast: build/testbench_fast

trace: build/testbench_trace

test: build/testbench
	./build/testbench vectors.txt

build/testbench: $(SOURCES) $(HEADERS)
	mkdir -p build
	$(CXX) -std=c++14 $(CXXFLAGS) -o $@ $(SOURCES)

build/testbench_fast: $(SOURCES) $(HEADERS)
	mkdir -p build
	$(CXX) -std=c++14 $(CXXFLAGS) -DDEEPAXE_TABULATE -o $@ $(SOURCES)

build/testbench_trace: $(SOURCES) $(HEADERS)
	mkdir -p build
	$(CXX) -std=c++14 $(CXXFLAGS) -DDEEPAXE_TRACE -o $@ $(SOURCES)

vitis:
	mkdir -p build
	cd build && vitis_hls -f ../vitis.tcl

# Another device of `bambu --help`: make bambu BAMBU_DEVICE=...
BAMBU_DEVICE ?= xc7a100t-1csg324-VVD
bambu:
	mkdir -p build
	cd build && bambu ../accelerator.cpp -I.. --std=c++14 -DDEEPAXE_HLS_BAMBU \
	  --top-fname=TOP --clock-period=CLOCK --device-name=$(BAMBU_DEVICE)

clean:
	rm -rf build

.PHONY: all fast trace test vitis bambu clean
)";

}  // namespace deepaxe::hw::hls
