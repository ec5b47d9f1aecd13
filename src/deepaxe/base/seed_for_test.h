// The seed of random tests.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

namespace deepaxe::base {

/// DEEPAXE_TEST_SEED, or a fixed seed; printed, so that a failure can be repeated.
inline std::uint64_t test_seed() {
  static const std::uint64_t seed = [] {
    const char* text = std::getenv("DEEPAXE_TEST_SEED");
    const std::uint64_t value = text == nullptr ? 20230405 : std::stoull(text);
    std::cout << "DEEPAXE_TEST_SEED=" << value << "\n";
    return value;
  }();
  return seed;
}

}  // namespace deepaxe::base
