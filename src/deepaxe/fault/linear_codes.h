// LinearCodes: the codes of a sum or difference of two tensors, without its table.
#pragma once

#include <cstdint>
#include <span>

namespace deepaxe::fault {

/// The code of operand codes a and b is the integer nearest to
///   constant + of_first * a + of_second * b
/// (float32, rounded after each step, in that order), clamped; a value within kDoubt of the middle
/// between two integers says nothing, and the table decides.
struct LinearCodes {
  static constexpr float kDoubt = 1.0F / 4096;

  float of_first = 0, of_second = 0, constant = 0;
  std::int8_t low = -128, high = 127;

  /// Whether that holds for all 65,536 pairs of `table` [first << 8 | second], by bit pattern.
  bool hold_for(std::span<const std::int8_t> table) const;
};

}  // namespace deepaxe::fault
