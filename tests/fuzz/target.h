// Target: one reader under test by damaged and invented inputs. libfuzzer_entry.cc makes a fuzzer
// of each, smoke_test.cc a quick deterministic test of all, make_corpus.cc writes their seeds.
#pragma once

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "deepaxe/base/input_error.h"

namespace deepaxe::fuzz {

using Bytes = std::vector<std::byte>;

struct Target {
  std::string_view name;
  /// Reads one input. Whatever leaves it, by exception or by signal, is a bug of the reader.
  void (*run)(std::span<const std::byte> input);
  /// Sound inputs, made by our own writers or from our own files.
  std::vector<Bytes> (*seeds)();
  /// Mutations that smoke_test.cc tries; fewer where one input costs a child process.
  int num_smoke_mutations = 400;
};

extern const Target kAssignment, kCifar, kCircuitBlif, kCircuitC, kCircuitCgp, kCircuitTable,
    kCircuitVerilog, kHdf5Answer, kHdf5File, kIdx, kKerasArchive, kKerasConfig, kKerasFile,
    kMultiplierName, kNpy, kNpz, kNpzMembers, kPreprocessing, kTar, kTflite, kWeightsOnlyFile;

/// Calls `reader`. Its refusals are the right answer to a wrong input; false says it refused.
template <typename Reader>
bool accepts(const Reader& reader) {
  try {
    reader();
    return true;
  } catch (const base::InputError&) {
    return false;
  } catch (const std::invalid_argument&) {
    return false;
  }
}

inline std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline Bytes to_bytes(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

}  // namespace deepaxe::fuzz
