// GeneratedVerilog: a design in a folder of its own, simulated, and what the simulation gave.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/hw/design/plan.h"
#include "deepaxe/hw/verilog/verilog.h"

namespace deepaxe::hw::verilog {

/// What to generate; images are random codes where none are given.
struct DesignCase {
  model::Int8Model model;
  std::string assignment = "exact";
  std::vector<int> parallel_outputs = {};  ///< Empty: 1 everywhere.
  ExactForm exact_form = ExactForm::kGates;
  MemoryStyle memory = MemoryStyle::kBlock;
  std::vector<bool> weight_streams = {};  ///< Empty: all weights in ROMs.
  design::ImageSchedule schedule = design::ImageSchedule::kSequential;
  int num_images = 3;
  std::vector<std::int8_t> images = {};  ///< [num_images, input size]
};

/// LeNet-5 as the program ships it, quantized, with the first ten images of the test digits.
DesignCase lenet5(const std::string& assignment, std::vector<int> parallel_outputs);

class GeneratedVerilog {
 public:
  explicit GeneratedVerilog(const DesignCase& design);
  GeneratedVerilog(const GeneratedVerilog&) = delete;
  GeneratedVerilog& operator=(const GeneratedVerilog&) = delete;
  ~GeneratedVerilog();

  const std::filesystem::path& folder() const { return folder_; }
  const design::SourceFiles& files() const { return files_; }
  const engine::Int8Engine& engine() const { return engine_; }
  const std::vector<std::int8_t>& images() const { return images_; }
  const engine::Assignment& assignment() const { return assignment_; }

  /// `make TARGET ARGS=... DEFINES=...`; what it printed. A failure is a failure of the test.
  std::string make(const std::string& target, const std::string& arguments = "",
                   const std::string& defines = "") const;
  std::string read_text(const std::string& file) const;
  /// Codes of a file of hexadecimal bytes, such as `dump_conv1_codes.hex`.
  std::vector<std::int8_t> read_codes(const std::string& file) const;

 private:
  engine::Int8Engine engine_;
  engine::Assignment assignment_;
  std::vector<std::int8_t> images_;
  std::filesystem::path folder_;
  design::SourceFiles files_;
};

/// The number that follows `word` in the output of the test bench; -1 if it is not there.
std::int64_t number_after(const std::string& output, const std::string& word);

/// `program flag` runs.
bool has_program(const std::string& program, const std::string& flag);

}  // namespace deepaxe::hw::verilog
