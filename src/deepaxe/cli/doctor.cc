// deepaxe doctor: versions, SIMD in use, tools found, a bit-exactness self-check.
#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/base/child.h"
#include "deepaxe/base/parallel.h"
#include "deepaxe/base/philox.h"
#include "deepaxe/cli/command.h"
#include "deepaxe/engine/int8_engine.h"
#include "deepaxe/kernel/isa.h"

namespace deepaxe::cli {
namespace {

using Json = nlohmann::ordered_json;

// First line of what `tool --version` prints; empty if it is not there.
std::string tool_version(const std::string& tool, const std::string& flag) {
  const base::ChildResult result = base::run_program({tool, flag}, {.seconds = 10});
  if (result.exit_code == 127 || result.signal != 0 || result.timed_out) return "";
  const std::string text(reinterpret_cast<const char*>(result.output.data()), result.output.size());
  return text.substr(0, text.find('\n'));
}

// A convolution and a dense layer with fixed random weights.
model::Int8Model self_check_model() {
  const base::CounterRng rng(1, 0xd0c);
  const auto random_codes = [&rng](std::size_t count, std::uint64_t first) {
    std::vector<std::int8_t> codes(count);
    for (std::size_t i = 0; i < count; ++i) {
      codes[i] = static_cast<std::int8_t>(static_cast<int>(rng.below(255, first + i)) - 127);
    }
    return codes;
  };
  model::Int8Model model;
  model.nodes.resize(3);
  model::Int8Node& input = model.nodes[0];
  input.name = "input";
  input.op = model::Input{};
  input.shape = {9, 9, 3};
  input.quant = {.scale = 1.0F / 255, .zero_point = -128};
  model::Int8Node& conv = model.nodes[1];
  conv.name = "conv";
  conv.op = model::Conv2d{.window = {.kernel_h = 3, .kernel_w = 3}, .groups = 1};
  conv.inputs = {0};
  conv.shape = {7, 7, 8};
  conv.quant = {.scale = 0.05F, .zero_point = -3};
  conv.weights = random_codes(8 * 27, 0);
  conv.weight_scales.assign(8, 0.01F);
  conv.bias.assign(8, 100);
  model::Int8Node& dense = model.nodes[2];
  dense.name = "dense";
  dense.op = model::Dense{};
  dense.inputs = {1};
  dense.shape = {7, 7, 10};
  dense.quant = {.scale = 0.1F, .zero_point = 5};
  dense.weights = random_codes(80, 1000);
  dense.weight_scales.assign(10, 0.02F);
  dense.bias.assign(10, -50);
  dense.rounding = quant::Rounding::kSingle;
  model.output = 2;
  return model;
}

// Elements in which the fast kernels differ from the reference, over exact and approximate tables.
std::size_t count_differences() {
  const model::Int8Model model = self_check_model();
  const engine::Int8Engine fast(model, engine::KernelKind::kTable);
  const engine::Int8Engine reference(model, engine::KernelKind::kReference);
  std::vector<std::int8_t> images(16 * 9 * 9 * 3);
  const base::CounterRng rng(2);
  for (std::size_t i = 0; i < images.size(); ++i) {
    images[i] = static_cast<std::int8_t>(static_cast<int>(rng.below(256, i)) - 128);
  }
  std::size_t differences = 0;
  for (const char* name : {"exact", "1KVP", "1L2N"}) {
    const engine::Assignment assignment{
        {arith::find_multiplier(name), arith::find_multiplier(name)}};
    const auto a = fast.run_all(assignment, 16, images);
    const auto b = reference.run_all(assignment, 16, images);
    for (std::size_t node = 0; node < a.size(); ++node) {
      for (std::size_t i = 0; i < a[node].size(); ++i) differences += a[node][i] != b[node][i];
    }
  }
  return differences;
}

struct Tool {
  const char* name;
  const char* flag;
  const char* purpose;
};
constexpr std::array<Tool, 6> kTools = {{{"g++", "--version", "compiles generated C++"},
                                         {"clang++-16", "--version", "compiles generated C++"},
                                         {"make", "--version", "builds generated folders"},
                                         {"yosys", "-V", "synthesis"},
                                         {"verilator", "--version", "simulation"},
                                         {"iverilog", "-V", "simulation"}}};

void run(const CommonOptions& common) {
  std::vector<std::string> isas;
  for (const kernel::Isa isa : kernel::available_isas()) isas.emplace_back(kernel::isa_name(isa));
  const std::string active(kernel::isa_name(kernel::active_isa()));
  const std::size_t differences = count_differences();
  Json tools;
  for (const Tool& tool : kTools) tools[tool.name] = tool_version(tool.name, tool.flag);
  if (common.json) {
    const Json json = {{"version", DEEPAXE_VERSION},
                       {"compiler", __VERSION__},
                       {"isa", active},
                       {"isas_available", isas},
                       {"threads", base::default_thread_count()},
                       {"tools", tools},
                       {"self_check_differences", differences}};
    fmt::print("{}\n", json.dump(2));
  } else {
    fmt::print("deepaxe {} (compiler {})\n", DEEPAXE_VERSION, __VERSION__);
    fmt::print("instruction set  {} (available:", active);
    for (const std::string& isa : isas) fmt::print(" {}", isa);
    fmt::print("; force one with DEEPAXE_ISA)\nthreads          {}\n",
               base::default_thread_count());
    for (const Tool& tool : kTools) {
      const std::string version = tools[tool.name];
      fmt::print("{:<16} {} ({})\n", tool.name, version.empty() ? "not found" : version,
                 tool.purpose);
    }
    fmt::print("self-check       {}\n",
               differences == 0 ? "fast kernels equal the reference, bit for bit"
                                : fmt::format("FAILED: {} elements differ", differences));
  }
  if (differences != 0) throw std::logic_error("the fast kernels differ from the reference");
}

}  // namespace

void add_doctor(CLI::App& program, Selection& selection) {
  CLI::App* command =
      program.add_subcommand("doctor", "Versions, SIMD in use, tools found, a self-check");
  finish_command(*command, selection, [&selection] { run(selection.common); });
}

}  // namespace deepaxe::cli
