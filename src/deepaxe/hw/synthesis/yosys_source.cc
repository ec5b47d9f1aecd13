#include "deepaxe/hw/synthesis/yosys_source.h"

#include <fmt/format.h>

#include <sstream>
#include <stdexcept>
#include <utility>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/sha256.h"
#include "deepaxe/hw/cost/multiplier_luts.h"
#include "deepaxe/hw/design/plan.h"
#include "deepaxe/hw/synthesis/verilog_forms.h"
#include "deepaxe/hw/verilog/multiplier_modules.h"
#include "deepaxe/hw/verilog/rtl.h"
#include "deepaxe/hw/verilog/verilog.h"

namespace deepaxe::hw::synthesis {
namespace {

std::string without_comments(const std::string& verilog) {
  std::istringstream lines(verilog);
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    text.append(line, 0, line.find("//")).append("\n");
  }
  return text;
}

// The design with exact multipliers, so that no file depends on an assignment.
design::SourceFiles exact_design(const model::Int8Model& model,
                                 const cost::HardwareParams& hardware) {
  const std::size_t num_layers = model::computing_nodes(model).size();
  const arith::MultiplierPtr exact = arith::find_multiplier("exact");
  const std::vector<const arith::NamedMultiplier*> multipliers(num_layers, exact.get());
  const auto& logits = model.nodes.at(static_cast<std::size_t>(model::logits_node(model)));
  const design::TestVectors vectors{
      .images = std::vector<std::int8_t>(model::num_elements(model.input_shape())),
      .logits = std::vector<std::int8_t>(model::num_elements(logits.shape)),
      .count = 1};
  verilog::VerilogParams params;
  params.parallel_outputs = hardware.outputs_of_layers(num_layers);
  params.weight_streams = hardware.external_layers(num_layers);
  params.memory = to_verilog(hardware.memory);
  params.schedule = hardware.schedule;
  return verilog::generate_verilog(model, multipliers, vectors, params);
}

// What our Verilog is, without its comments: every fixed module, the forms of memories and of
// multipliers, the modules of this network.
std::string verilog_digest(const model::Int8Model& model) {
  const std::size_t num_layers = model::computing_nodes(model).size();
  constexpr auto kLuts = cost::MemoryStyle::kDistributed;
  constexpr auto kPipelined = design::ImageSchedule::kPipelined;
  const std::vector<bool> outside(num_layers, true);
  base::Sha256 hash;
  for (const cost::HardwareParams& hardware :
       {cost::HardwareParams{}, cost::HardwareParams{.parallel_outputs = 2, .memory = kLuts},
        cost::HardwareParams{.external_weights = outside, .schedule = kPipelined},
        cost::HardwareParams{.memory = kLuts, .schedule = kPipelined}}) {
    const design::SourceFiles files = exact_design(model, hardware);
    std::istringstream sources(files.at("sources.f"));
    for (std::string name; std::getline(sources, name);) {
      hash.add(name).add(without_comments(files.at(name)));
    }
  }
  for (const auto form :
       {verilog::ExactForm::kGates, verilog::ExactForm::kNative, verilog::ExactForm::kDsp}) {
    const arith::MultiplierPtr exact = arith::find_multiplier("exact");
    const arith::NamedMultiplier* const one[] = {exact.get()};
    const verilog::MultiplierModules modules(one, form);
    design::SourceFiles files;
    modules.write(files);
    hash.add(without_comments(files.at(modules.module_of(0) + ".v")));
  }
  return hash.hex().substr(0, 12);
}

// The declaration of the module in `text`, for a design in which its content does not count.
std::string black_box(const std::string& text, const std::string& module) {
  const std::size_t start = text.find("module " + module + " ");
  const std::size_t end = text.find("\n);\n", start);
  if (start == std::string::npos || end == std::string::npos) {
    throw std::logic_error("no declaration of module " + module);
  }
  return "(* blackbox *)\n" + text.substr(start, end - start) + "\n);\nendmodule\n";
}

// As the design has them: memories are what it asks for.
void add_fixed_modules(design::SourceFiles& files, const design::SourceFiles& all) {
  for (const auto& [name, content] : verilog::rtl_files()) {
    if (all.contains(name)) files[name] = all.at(name);
  }
}

// The files of constants that `text` names.
void add_constants(design::SourceFiles& files, const std::string& text,
                   const design::SourceFiles& all) {
  constexpr std::string_view kEnding = ".hex\"";
  for (std::size_t at = 0; (at = text.find(kEnding, at)) != std::string::npos; ++at) {
    const std::size_t quote = text.rfind('"', at);
    const std::string name = text.substr(quote + 1, at + kEnding.size() - 1 - (quote + 1));
    files[name] = all.at(name);
  }
}

}  // namespace

YosysSource::YosysSource(const model::Int8Model& model, const cost::HardwareParams& hardware,
                         YosysParams params)
    : model_(&model),
      params_(std::move(params)),
      version_(find_yosys()),
      files_(exact_design(model, hardware)),
      cache_(params_.cache) {
  if (version_.empty()) {
    throw base::InputError({"--source", "yosys", "no yosys on PATH that answers -V within 20 s",
                            "Debian's package yosys"});
  }
  const design::DesignPlan plan = design::make_plan(model, [](std::string_view) { return false; });
  for (const design::LayerPlan& layer : plan.layers) {
    layer_names_[layer.node] = "layer_" + layer.name;
  }
}

std::string YosysSource::version() const {
  return fmt::format("{}, Verilog {}", version_, verilog_digest(*model_));
}

CellCounts YosysSource::counts_of(const Unit& unit) const {
  const std::string key = content_key(unit, version_);
  if (const std::optional<CellCounts> known = cache_.find(key)) return *known;
  const CellCounts counts = run_yosys(unit, params_.seconds);
  cache_.put(key, counts);
  return counts;
}

cost::Estimate YosysSource::layer(int node) const {
  const auto name = layer_names_.find(node);
  if (name == layer_names_.end()) return {};
  const std::string& text = files_.at(name->second + ".v");
  Unit unit{.what = name->second, .top = name->second, .files = {}};
  unit.files[name->second + ".v"] = text;
  add_fixed_modules(unit.files, files_);
  add_constants(unit.files, text, files_);
  const std::string multiplier = "multiply_exact";
  unit.files["black_boxes.v"] = black_box(files_.at(multiplier + ".v"), multiplier);
  return to_estimate(counts_of(unit));
}

cost::Estimate YosysSource::core() const {
  Unit unit{.what = "core", .top = "core", .files = {{"core.v", files_.at("core.v")}}};
  add_fixed_modules(unit.files, files_);
  std::string& boxes = unit.files["black_boxes.v"];
  for (const auto& [node, name] : layer_names_) boxes += black_box(files_.at(name + ".v"), name);
  return to_estimate(counts_of(unit));
}

cost::Estimate YosysSource::multiplier(const arith::NamedMultiplier& multiplier,
                                       cost::Baseline baseline) const {
  const arith::NamedMultiplier* const one[] = {&multiplier};
  const verilog::MultiplierModules modules(one, to_verilog(baseline));
  const bool is_exact = multiplier.multiplier.is_exact();
  // yosys 0.23 does not heed the attribute that keeps `*` out of DSP slices.
  Unit unit{.what = "multiplier " + multiplier.name,
            .top = modules.module_of(0),
            .files = {},
            .uses_dsps = is_exact && baseline == cost::Baseline::kDsp};
  modules.write(unit.files);
  std::erase_if(unit.files, [](const auto& file) { return !file.first.ends_with(".v"); });
  return to_multiplier_estimate(counts_of(unit));
}

cost::ResourceTexts YosysSource::texts(cost::LayerMultipliers, cost::Baseline) const {
  const std::string counted = fmt::format(
      "{}, synth_xilinx -family xc7 -nowidelut, layers, memories and multipliers each "
      "by themselves",
      version_);
  return {.lut = counted +
                 "; every LUT cell, inverter and shift register a LUT of its own, at "
                 "least the LCs that yosys estimates (low end); multipliers " +
                 cost::luts_per_lc_text() + ", LCs of carry chains as they are; not placed",
          .ff = counted + "; a count, not placed",
          .dsp = counted + "; a count, not placed",
          .bram = counted + "; a count, not placed"};
}

}  // namespace deepaxe::hw::synthesis
