#include "generated_verilog.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "deepaxe/base/child.h"
#include "deepaxe/calibrate/quantizer.h"
#include "deepaxe/dataset/dataset.h"
#include "deepaxe/dataset/preprocess.h"
#include "deepaxe/frontend/keras/keras.h"
#include "random_networks.h"

namespace deepaxe::hw::verilog {
DesignCase lenet5(const std::string& assignment, std::vector<int> parallel_outputs) {
  constexpr int kImages = 10;
  const auto source = std::filesystem::path(DEEPAXE_SOURCE_DIR) / "data/lenet5-digits.keras";
  const dataset::Dataset digits =
      dataset::load("digits", {.with_train = true, .digits_train_images = 300});
  const auto unit = dataset::parse_preprocessing("unit");
  DesignCase design{.model = calibrate::quantize(frontend::keras::load_keras(source),
                                                 dataset::preprocess(digits.train, 0, 300, unit)),
                    .assignment = assignment,
                    .parallel_outputs = std::move(parallel_outputs),
                    .num_images = kImages};
  for (const float value : dataset::preprocess(digits.test, 0, kImages, unit)) {
    design.images.push_back(quant::quantize(value, design.model.nodes.front().quant));
  }
  return design;
}

GeneratedVerilog::GeneratedVerilog(const DesignCase& design)
    : engine_(design.model),
      assignment_(engine::parse_assignment(design.assignment, design.model)),
      images_(design.images),
      folder_(std::filesystem::temp_directory_path() /
              ("deepaxe_verilog_" + std::to_string(::getpid()))) {
  const auto count = static_cast<std::size_t>(design.num_images);
  if (images_.empty()) images_ = random_codes(count * engine_.node_size(0));
  design::TestVectors vectors{.images = images_, .logits = {}, .count = design.num_images};
  vectors.logits = engine::evaluate(engine_, assignment_, images_, {}, 1).logits;
  std::vector<const arith::NamedMultiplier*> multipliers;
  multipliers.reserve(assignment_.multipliers.size());
  for (const auto& multiplier : assignment_.multipliers) multipliers.push_back(multiplier.get());
  VerilogParams params;
  params.exact_form = design.exact_form;
  params.memory = design.memory;
  params.weight_streams = design.weight_streams;
  params.schedule = design.schedule;
  params.parallel_outputs = design.parallel_outputs;
  if (params.parallel_outputs.empty()) params.parallel_outputs.assign(multipliers.size(), 1);
  files_ = generate_verilog(engine_.model(), multipliers, vectors, params);
  design::write_folder(folder_, files_);
}

GeneratedVerilog::~GeneratedVerilog() { std::filesystem::remove_all(folder_); }

std::string GeneratedVerilog::make(const std::string& target, const std::string& arguments,
                                   const std::string& defines) const {
  const auto result = base::run_program(
      {"make", "-s", "-C", folder_.string(), target, "ARGS=" + arguments, "DEFINES=" + defines},
      {.seconds = 600});
  const std::string output(reinterpret_cast<const char*>(result.output.data()),
                           result.output.size());
  EXPECT_EQ(result.exit_code, 0) << target << "\n" << output;
  EXPECT_FALSE(result.timed_out) << target;
  return output;
}

std::string GeneratedVerilog::read_text(const std::string& file) const {
  std::ifstream stream(folder_ / file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Icarus and Verilator head such files by a comment or an address.
std::vector<std::int8_t> GeneratedVerilog::read_codes(const std::string& file) const {
  std::ifstream stream(folder_ / file);
  std::vector<std::int8_t> codes;
  for (std::string line; std::getline(stream, line);) {
    if (line.empty() || line[0] == '/' || line[0] == '@') continue;
    codes.push_back(static_cast<std::int8_t>(std::stoi(line, nullptr, 16)));
  }
  return codes;
}

std::int64_t number_after(const std::string& output, const std::string& word) {
  const std::size_t at = output.rfind(word);
  return at == std::string::npos ? -1 : std::stoll(output.substr(at + word.size()));
}

bool has_program(const std::string& program, const std::string& flag) {
  return base::run_program({program, flag}, {}).exit_code == 0;
}

}  // namespace deepaxe::hw::verilog
