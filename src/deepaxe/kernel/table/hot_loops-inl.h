// The hot loops, compiled once for each instruction set by the files that include this one after
// defining DEEPAXE_ISA_NAMESPACE. No include guard, and no function of the standard library: a
// template instantiated here with wide instructions could be the copy the linker keeps for all.

#include <cstddef>
#include <cstdint>
#include <cstring>
#if defined(__AVX512BW__)
#include <immintrin.h>
#endif

#include "deepaxe/kernel/table/hot_loops.h"
#include "deepaxe/kernel/table/requantize_loops-inl.h"

namespace deepaxe::kernel::table::DEEPAXE_ISA_NAMESPACE {
namespace {

#if defined(__AVX512BW__)
constexpr int kVectorBytes = 64;
constexpr int kMinScratchRows = 768;  // Direct look-ups are vector permutations here.
#elif defined(__AVX2__)
constexpr int kVectorBytes = 32;
constexpr int kMinScratchRows = 160;
#else
constexpr int kVectorBytes = 16;
constexpr int kMinScratchRows = 160;
#endif

// GCC's vector extension, which clang has too: one source for every width.
template <int kBytes>
struct Words;
#define DEEPAXE_DEFINE_WORDS(bytes)                                     \
  template <>                                                           \
  struct Words<bytes> {                                                 \
    typedef std::uint32_t Unsigned __attribute__((vector_size(bytes))); \
    typedef std::int32_t Signed __attribute__((vector_size(bytes)));    \
  }
DEEPAXE_DEFINE_WORDS(16);
#if defined(__AVX2__)
DEEPAXE_DEFINE_WORDS(32);
#endif
#if defined(__AVX512BW__)
DEEPAXE_DEFINE_WORDS(64);
#endif
#undef DEEPAXE_DEFINE_WORDS

typedef std::int16_t Eight __attribute__((vector_size(16)));

// Stores or adds the sums of one vector.
template <typename Vector>
inline void put(std::uint32_t* sums, Vector value, bool add) noexcept {
  if (add) {
    Vector old;
    std::memcpy(&old, sums, sizeof old);
    value += old;
  }
  std::memcpy(sums, &value, sizeof value);
}

// Adds the panel rows that one output position selects, in kVectors registers of kBytes each; the
// slice starts `first_word` words into the panel row.
template <int kBytes, std::size_t kVectors>
void add_panel_slice(const Rows& rows, const std::uint32_t* panel, int width, int first_word,
                     const Sums& sums) noexcept {
  using Unsigned = typename Words<kBytes>::Unsigned;
  using Signed = typename Words<kBytes>::Signed;
  constexpr std::size_t kLanes = kBytes / 4;
  const std::size_t row_words = static_cast<std::size_t>(width) / 2;
  const std::uint32_t lower_bias = static_cast<std::uint32_t>(rows.num_k) << 15;
  std::uint32_t* out = sums.data + first_word;
  for (int image = 0; image < rows.num_images; ++image) {
    const std::uint8_t* image_codes =
        rows.input + static_cast<std::size_t>(image) * rows.image_stride;
    for (int row = 0; row < rows.num_rows; ++row, out += sums.stride) {
      const std::uint8_t* codes = image_codes + rows.bases[row];
      Unsigned both[kVectors] = {};
      Signed upper[kVectors] = {};
      const std::uint32_t* products = panel + first_word;
      for (int k = 0; k < rows.num_k; ++k, products += 256 * row_words) {
        const std::uint32_t* selected = products + codes[rows.offsets[k]] * row_words;
        for (std::size_t v = 0; v < kVectors; ++v) {
          Unsigned pair;
          std::memcpy(&pair, selected + v * kLanes, sizeof pair);
          both[v] += pair;
          upper[v] += reinterpret_cast<Signed>(pair) >> 16;
        }
      }
      for (std::size_t v = 0; v < kVectors; ++v) {
        const Unsigned high = reinterpret_cast<Unsigned>(upper[v]);
        put(out + v * kLanes, both[v] - (high << 16) - lower_bias, sums.add);
        put(out + width / 2 + v * kLanes, high, sums.add);
      }
    }
  }
}

void add_panel(const Rows& rows, const std::uint32_t* panel, int width, const Sums& sums) noexcept {
  // Rows of at most four vectors at a time, so that 2 x 4 sums stay in registers.
  constexpr int kSliceWords = kVectorBytes;  // 4 vectors of kVectorBytes / 4 words.
  const int row_words = width / 2;
  for (int first = 0; first < row_words; first += kSliceWords) {
    const int bytes = 4 * (row_words - first < kSliceWords ? row_words - first : kSliceWords);
    if (bytes >= 4 * kVectorBytes) {
      add_panel_slice<kVectorBytes, 4>(rows, panel, width, first, sums);
    } else if (bytes >= 2 * kVectorBytes) {
      add_panel_slice<kVectorBytes, 2>(rows, panel, width, first, sums);
    } else if (bytes >= kVectorBytes) {
      add_panel_slice<kVectorBytes, 1>(rows, panel, width, first, sums);
#if defined(__AVX512BW__)
    } else if (bytes == 32) {
      add_panel_slice<32, 1>(rows, panel, width, first, sums);
#endif
    } else {
      add_panel_slice<16, 1>(rows, panel, width, first, sums);
    }
  }
}

// Eight columns of eight activations, transposed: out[a][q] = column q at activation a.
inline void transpose(const Eight in[8], Eight out[8]) noexcept {
  Eight pairs[8];
  Eight quads[8];
  for (int i = 0; i < 4; ++i) {  // Column i beside column i + 4, thrice.
    pairs[2 * i] = __builtin_shufflevector(in[i], in[i + 4], 0, 8, 1, 9, 2, 10, 3, 11);
    pairs[2 * i + 1] = __builtin_shufflevector(in[i], in[i + 4], 4, 12, 5, 13, 6, 14, 7, 15);
  }
  for (int i = 0; i < 4; ++i) {
    quads[2 * i] = __builtin_shufflevector(pairs[i], pairs[i + 4], 0, 8, 1, 9, 2, 10, 3, 11);
    quads[2 * i + 1] = __builtin_shufflevector(pairs[i], pairs[i + 4], 4, 12, 5, 13, 6, 14, 7, 15);
  }
  for (int i = 0; i < 4; ++i) {
    out[2 * i] = __builtin_shufflevector(quads[i], quads[i + 4], 0, 8, 1, 9, 2, 10, 3, 11);
    out[2 * i + 1] = __builtin_shufflevector(quads[i], quads[i + 4], 4, 12, 5, 13, 6, 14, 7, 15);
  }
}

// Four words of a panel, for all 256 codes: outputs first..first+3 below, the same plus width / 2
// above.
void build_panel_words(const PanelSource& source, int k, int first, std::uint32_t* words) noexcept {
  static const std::int16_t kZeros[256] = {};
  const int half = source.width / 2;
  const std::int16_t* columns[8];
  for (int i = 0; i < 8; ++i) {
    const int output = first + i / 2 + (i % 2) * half;
    columns[i] = source.columns[output] == nullptr
                     ? kZeros
                     : source.columns[output] + 256 * std::size_t{source.weights[output][k]};
  }
  constexpr std::int16_t kBias = -32768;  // Adding 2^15 modulo 2^16.
  const Eight bias = {kBias, 0, kBias, 0, kBias, 0, kBias, 0};
  for (int code = 0; code < 256; code += 8) {
    Eight in[8];
    Eight out[8];
    for (int i = 0; i < 8; ++i) std::memcpy(&in[i], columns[i] + code, sizeof in[i]);
    transpose(in, out);
    for (int i = 0; i < 8; ++i) {
      const Eight biased = out[i] ^ bias;
      std::memcpy(words + static_cast<std::size_t>((code + i) * half), &biased, sizeof biased);
    }
  }
}

void build_panel(const PanelSource& source, std::uint32_t* panel) noexcept {
  const std::size_t words_per_k = 256 * static_cast<std::size_t>(source.width) / 2;
  for (int k = 0; k < source.num_k; ++k, panel += words_per_k) {
    for (int first = 0; first < source.width / 2; first += 4) {
      build_panel_words(source, k, first, panel + first);
    }
  }
}

#if defined(__AVX512BW__)

// 32 products of one activation, whose 256 products lie in `table`: vpermi2w looks up 64 of them,
// bits 6 and 7 of the weight choose among four such results.
inline __m512i look_up(const __m512i table[8], __m512i weights) noexcept {
  const __mmask32 bit6 = _mm512_test_epi16_mask(weights, _mm512_set1_epi16(64));
  const __mmask32 bit7 = _mm512_test_epi16_mask(weights, _mm512_set1_epi16(128));
  const __m512i low =
      _mm512_mask_blend_epi16(bit6, _mm512_permutex2var_epi16(table[0], weights, table[1]),
                              _mm512_permutex2var_epi16(table[2], weights, table[3]));
  const __m512i high =
      _mm512_mask_blend_epi16(bit6, _mm512_permutex2var_epi16(table[4], weights, table[5]),
                              _mm512_permutex2var_epi16(table[6], weights, table[7]));
  return _mm512_mask_blend_epi16(bit7, low, high);
}

// Sums of outputs 2i (even) and 2i + 1 (odd) of a block of 32 to memory, in order; `count` of them.
inline void put_interleaved(std::uint32_t* sums, __m512i even, __m512i odd, int count,
                            bool add) noexcept {
  const __m512i first_half =
      _mm512_set_epi32(23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
  const __m512i second_half =
      _mm512_set_epi32(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8);
  const std::uint32_t valid = count >= 32 ? ~0U : (1U << count) - 1;
  const __mmask16 masks[2] = {static_cast<__mmask16>(valid), static_cast<__mmask16>(valid >> 16)};
  const __m512i halves[2] = {_mm512_permutex2var_epi32(even, first_half, odd),
                             _mm512_permutex2var_epi32(even, second_half, odd)};
  for (int half = 0; half < 2; ++half) {
    std::uint32_t* place = sums + 16 * half;
    __m512i value = halves[half];
    if (add) {
      value = _mm512_add_epi32(value, _mm512_maskz_loadu_epi32(masks[half], place));
    }
    _mm512_mask_storeu_epi32(place, masks[half], value);
  }
}

// kBlocks blocks of 32 outputs of one row.
template <std::size_t kBlocks>
void add_direct_blocks(const std::uint8_t* codes, const Rows& rows, const DirectSource& source,
                       int first, std::uint32_t* sums, bool add) noexcept {
  using Unsigned = Words<64>::Unsigned;
  using Signed = Words<64>::Signed;
  Unsigned both[kBlocks] = {};
  Signed upper[kBlocks] = {};
  const __m512i bias = _mm512_set1_epi32(0x8000);  // As in a panel: the lower product plus 2^15.
  const std::uint8_t* weights = source.weights + first;
  for (int k = 0; k < rows.num_k; ++k, weights += source.weight_stride) {
    const std::int16_t* row = source.products + 256 * std::size_t{codes[rows.offsets[k]]};
    __m512i table[8];
    for (int i = 0; i < 8; ++i) table[i] = _mm512_loadu_si512(row + 32 * i);
    for (std::size_t b = 0; b < kBlocks; ++b) {
      __m256i bytes;
      std::memcpy(&bytes, weights + 32 * b, sizeof bytes);
      const __m512i pair = _mm512_xor_si512(look_up(table, _mm512_cvtepu8_epi16(bytes)), bias);
      both[b] += reinterpret_cast<Unsigned>(pair);
      upper[b] += reinterpret_cast<Signed>(pair) >> 16;
    }
  }
  const std::uint32_t lower_bias = static_cast<std::uint32_t>(rows.num_k) << 15;
  for (std::size_t b = 0; b < kBlocks; ++b) {
    const Unsigned high = reinterpret_cast<Unsigned>(upper[b]);
    const Unsigned low = both[b] - (high << 16) - lower_bias;
    const int begin = first + 32 * static_cast<int>(b);
    put_interleaved(sums + begin, reinterpret_cast<__m512i>(low), reinterpret_cast<__m512i>(high),
                    source.num_outputs - begin, add);
  }
}

void add_direct_row(const std::uint8_t* codes, const Rows& rows, const DirectSource& source,
                    std::uint32_t* sums, bool add) noexcept {
  int first = 0;
  for (; source.num_outputs - first > 96; first += 128) {
    add_direct_blocks<4>(codes, rows, source, first, sums, add);
  }
  const int rest = source.num_outputs - first;
  if (rest > 64) {
    add_direct_blocks<3>(codes, rows, source, first, sums, add);
  } else if (rest > 32) {
    add_direct_blocks<2>(codes, rows, source, first, sums, add);
  } else if (rest > 0) {
    add_direct_blocks<1>(codes, rows, source, first, sums, add);
  }
}

#else

// Eight outputs at a time: their sums stay in registers, the 256 products of the activation in L1.
void add_direct_row(const std::uint8_t* codes, const Rows& rows, const DirectSource& source,
                    std::uint32_t* sums, bool add) noexcept {
  for (int first = 0; first < source.num_outputs; first += 8) {
    std::uint32_t block[8] = {};
    const std::uint8_t* weights = source.weights + first;
    for (int k = 0; k < rows.num_k; ++k, weights += source.weight_stride) {
      const std::int16_t* row = source.products + 256 * std::size_t{codes[rows.offsets[k]]};
      for (int i = 0; i < 8; ++i) block[i] += static_cast<std::uint32_t>(row[weights[i]]);
    }
    const int count = source.num_outputs - first < 8 ? source.num_outputs - first : 8;
    for (int i = 0; i < count; ++i) {
      sums[first + i] = block[i] + (add ? sums[first + i] : 0);
    }
  }
}

#endif

void add_direct(const Rows& rows, const DirectSource& source, const Sums& sums) noexcept {
  std::uint32_t* out = sums.data;
  for (int image = 0; image < rows.num_images; ++image) {
    const std::uint8_t* codes = rows.input + static_cast<std::size_t>(image) * rows.image_stride;
    for (int row = 0; row < rows.num_rows; ++row, out += sums.stride) {
      add_direct_row(codes + rows.bases[row], rows, source, out, sums.add);
    }
  }
}

void add_columns(const Rows& rows, const std::int16_t* const* columns, const Sums& sums) noexcept {
  std::uint32_t* out = sums.data;
  for (int image = 0; image < rows.num_images; ++image) {
    const std::uint8_t* image_codes =
        rows.input + static_cast<std::size_t>(image) * rows.image_stride;
    for (int row = 0; row < rows.num_rows; ++row, out += sums.stride) {
      const std::uint8_t* codes = image_codes + rows.bases[row];
      std::uint32_t sum = sums.add ? *out : 0;
      for (int k = 0; k < rows.num_k; ++k) {
        sum += static_cast<std::uint32_t>(columns[k][codes[rows.offsets[k]]]);
      }
      *out = sum;
    }
  }
}

inline std::int8_t larger(std::int8_t a, std::int8_t b) noexcept { return a > b ? a : b; }

// Down the columns first, whole image rows at a time, then along the row.
void max_pool(const MaxPool& pool, const std::int8_t* input, std::int8_t* output,
              std::int8_t* scratch) noexcept {
  const int row_size = pool.in_w * pool.channels;
  for (int y = 0; y < pool.out_h; ++y) {
    const int first_y = y * pool.stride_h - pool.pad_top;
    const int begin_y = first_y < 0 ? 0 : first_y;
    const int end_y = first_y + pool.kernel_h > pool.in_h ? pool.in_h : first_y + pool.kernel_h;
    std::memset(scratch, -128, static_cast<std::size_t>(row_size));
    for (int in_y = begin_y; in_y < end_y; ++in_y) {
      const std::int8_t* in =
          input + static_cast<std::size_t>(in_y) * static_cast<std::size_t>(row_size);
      for (int i = 0; i < row_size; ++i) scratch[i] = larger(scratch[i], in[i]);
    }
    for (int x = 0; x < pool.out_w; ++x, output += pool.channels) {
      const int first_x = x * pool.stride_w - pool.pad_left;
      const int begin_x = first_x < 0 ? 0 : first_x;
      const int end_x = first_x + pool.kernel_w > pool.in_w ? pool.in_w : first_x + pool.kernel_w;
      for (int c = 0; c < pool.channels; ++c) {
        std::int8_t largest = pool.clamp_low;
        for (int in_x = begin_x; in_x < end_x; ++in_x) {
          largest = larger(largest, scratch[in_x * pool.channels + c]);
        }
        output[c] = largest > pool.clamp_high ? pool.clamp_high : largest;
      }
    }
  }
}

const char* compiled_for() noexcept {
#if defined(__AVX512BW__)
  return "avx512";
#elif defined(__AVX2__)
  return "avx2";
#else
  return "baseline";
#endif
}

}  // namespace

HotLoops make_hot_loops() noexcept {
  return {.compiled_for = compiled_for(),
          .min_scratch_rows = kMinScratchRows,
          .build_panel = build_panel,
          .add_panel = add_panel,
          .add_direct = add_direct,
          .add_columns = add_columns,
          .requantize = requantize,
          .max_pool = max_pool};
}

}  // namespace deepaxe::kernel::table::DEEPAXE_ISA_NAMESPACE
