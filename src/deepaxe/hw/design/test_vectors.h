// TestVectors: what the test bench of a generated accelerator compares with.
#pragma once

#include <cstdint>
#include <vector>

namespace deepaxe::hw::design {

/// Images and what the engine answers to them, in codes; the test bench compares with these.
struct TestVectors {
  std::vector<std::int8_t> images;  ///< [count, input size]
  std::vector<std::int8_t> logits;  ///< [count, logits]
  int count = 0;
};

}  // namespace deepaxe::hw::design
