// From sums to codes: the requantization loops of one instruction set; see hot_loops-inl.h, which
// includes this and whose rules hold here too.

#include <cstddef>
#include <cstdint>
#include <cstring>
#if defined(__AVX512BW__)
#include <immintrin.h>
#endif

#include "deepaxe/kernel/table/hot_loops.h"

namespace deepaxe::kernel::table::DEEPAXE_ISA_NAMESPACE {
namespace {

#if defined(__AVX512BW__)

typedef std::uint32_t Uint32x8 __attribute__((vector_size(32)));
typedef std::int32_t Int32x8 __attribute__((vector_size(32)));
typedef std::int64_t Int64x8 __attribute__((vector_size(64)));

inline Int64x8 load_eight(const std::int64_t* values) noexcept {
  Int64x8 vector;
  std::memcpy(&vector, values, sizeof vector);
  return vector;
}

// Channels first..first + 7 of all rows; only `count` of them are stored.
void requantize_eight(const Requantizer& r, int first, int count, const std::uint32_t* sums,
                      std::size_t stride, std::size_t num_rows, std::int8_t* codes,
                      std::size_t out_stride) noexcept {
  const Int64x8 mantissa = load_eight(r.mantissa + first);
  const Int64x8 nudge = load_eight(r.nudge + first);
  const Int64x8 first_shift = load_eight(r.first_shift + first);
  const Int64x8 half = load_eight(r.half + first);
  const Int64x8 tie = load_eight(r.tie + first);
  const Int64x8 second_shift = load_eight(r.second_shift + first);
  const Int64x8 zeros = {};
  const Int64x8 low = zeros + r.clamp_low;
  const Int64x8 high = zeros + r.clamp_high;
  const auto stored = static_cast<__mmask8>((1U << count) - 1);
  Uint32x8 bias;
  std::memcpy(&bias, r.bias + first, sizeof bias);
  for (std::size_t row = 0; row < num_rows; ++row, sums += stride, codes += out_stride) {
    Uint32x8 acc;
    std::memcpy(&acc, sums, sizeof acc);
    acc += bias;
    const Int64x8 wide = __builtin_convertvector(reinterpret_cast<Int32x8>(acc), Int64x8);
    const Int64x8 scaled = (wide * mantissa + nudge) >> first_shift;
    Int64x8 code = ((scaled + half - ((scaled < zeros) & tie)) >> second_shift) + r.out_zero_point;
    code = code < low ? low : code;
    code = code > high ? high : code;
    _mm512_mask_cvtepi64_storeu_epi8(codes, stored, reinterpret_cast<__m512i>(code));
  }
}

#else

void requantize_eight(const Requantizer& r, int first, int count, const std::uint32_t* sums,
                      std::size_t stride, std::size_t num_rows, std::int8_t* codes,
                      std::size_t out_stride) noexcept {
  for (std::size_t row = 0; row < num_rows; ++row, sums += stride, codes += out_stride) {
    for (int i = 0; i < count; ++i) {
      const int c = first + i;
      const auto acc = static_cast<std::int32_t>(sums[i] + static_cast<std::uint32_t>(r.bias[c]));
      const std::int64_t scaled = (acc * r.mantissa[c] + r.nudge[c]) >> r.first_shift[c];
      const std::int64_t code =
          ((scaled + r.half[c] - (scaled < 0 ? r.tie[c] : 0)) >> r.second_shift[c]) +
          r.out_zero_point;
      const std::int64_t raised = code < r.clamp_low ? r.clamp_low : code;
      codes[i] = static_cast<std::int8_t>(raised > r.clamp_high ? r.clamp_high : raised);
    }
  }
}

#endif

void requantize(const Requantizer& requantizer, const std::uint32_t* sums, std::size_t stride,
                std::size_t num_rows, std::int8_t* codes, std::size_t out_stride) noexcept {
  for (int first = 0; first < requantizer.channels; first += 8) {
    const int count = requantizer.channels - first < 8 ? requantizer.channels - first : 8;
    requantize_eight(requantizer, first, count, sums + first, stride, num_rows, codes + first,
                     out_stride);
  }
}

}  // namespace
}  // namespace deepaxe::kernel::table::DEEPAXE_ISA_NAMESPACE
