// FaultBench: flips bits in the registers and memories of a generated accelerator while it runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "deepaxe/hw/verilog/state_places.h"

namespace deepaxe::hw::inject {

/// A register (one word) or a memory of the design.
struct Place {
  int number = 0;
  std::int64_t words = 1;
  int word_bits = 1;
  verilog::StateGroup group = verilog::StateGroup::kData;
  std::string name;  ///< "core.fc1_layer.engine.phase".

  std::int64_t bits() const noexcept { return words * word_bits; }
};

/// One bit that flips once and stays until the design writes it again.
struct StateFault {
  /// Instead of a cycle: right after the word of a kActivation memory is written.
  static constexpr std::int64_t kWhenWritten = -1;

  std::int64_t cycle = 0;  ///< In whose middle it flips; 0 is that of the start.
  int place = 0;           ///< Position in FaultBench::places().
  std::int64_t word = 0;
  int bit = 0;

  bool operator==(const StateFault&) const = default;
};

/// How the image ended in which the fault struck.
struct FaultRun {
  bool hangs = false;         ///< The logits had not left after FaultBench::limit() cycles.
  bool lasts = false;         ///< The same image, sent again without a reset, is wrong.
  std::int64_t cycles = 0;    ///< As the accelerator's register says; 0 of a hang.
  bool wrong_frame = false;   ///< TLAST at another logit than the last, or an error bit is set.
  std::vector<int> logits{};  ///< Empty of a hang.

  bool operator==(const FaultRun&) const = default;
};

/// The folder's fault bench, compiled with Verilator. One object per folder at a time.
class FaultBench {
 public:
  /// Compiles it (make faults) and lists its places. The design takes `total_cycles` for an image
  /// of `image_size` codes. Throws base::InputError without make or verilator, or if they fail.
  FaultBench(std::filesystem::path folder, std::int64_t total_cycles, std::int64_t image_size,
             double build_seconds = 1800);

  const std::vector<Place>& places() const noexcept { return places_; }
  /// Cycles after which an image has hung: twice what it takes, with its way in and out.
  std::int64_t limit() const noexcept { return limit_; }
  std::int64_t total_cycles() const noexcept { return total_cycles_; }

  /// Each fault by itself on image number `image` of the folder, `jobs` at a time: runs[i] belongs
  /// to faults[i], whatever `jobs`. Cycles are below total_cycles(). Throws std::logic_error if the
  /// design differs from its logits without a fault.
  std::vector<FaultRun> run(int image, std::span<const StateFault> faults, int jobs) const;

 private:
  std::string make(const std::string& arguments, double seconds) const;

  std::filesystem::path folder_;
  std::int64_t total_cycles_;
  std::int64_t limit_;
  std::vector<Place> places_;
};

}  // namespace deepaxe::hw::inject
