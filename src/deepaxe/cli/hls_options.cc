#include "deepaxe/cli/hls_options.h"

#include <map>
#include <vector>

namespace deepaxe::cli {
namespace {

using hw::hls::LoopOrder;
using hw::hls::MultiplierForm;
using hw::hls::Pipeline;
using hw::hls::Profile;

const std::map<std::string, MultiplierForm> kForms = {{"gates", MultiplierForm::kGates},
                                                      {"rtl", MultiplierForm::kRtl},
                                                      {"table", MultiplierForm::kTable}};
const std::map<std::string, Profile> kProfiles = {{"deepaxe", Profile::kDeepaxe},
                                                  {"deephls", Profile::kDeephls}};
const std::map<std::string, LoopOrder> kOrders = {
    {"input", LoopOrder::kInput}, {"output", LoopOrder::kOutput}, {"pixel", LoopOrder::kPixel}};
const std::map<std::string, Pipeline> kPipelines = {
    {"inner", Pipeline::kInner}, {"none", Pipeline::kNone}, {"window", Pipeline::kWindow}};

template <typename Value>
void add_choice(CLI::App& command, const char* name, std::string& argument,
                const std::map<std::string, Value>& choices, const char* description) {
  std::vector<std::string> names;
  for (const auto& [choice, value] : choices) names.push_back(choice);
  command.add_option(name, argument, description)
      ->check(CLI::IsMember(names))
      ->capture_default_str();
}

}  // namespace

void add_hls_options(CLI::App& command, HlsArguments& arguments) {
  add_choice(command, "--multiplier-form", arguments.form, kForms,
             "hls: approximate multipliers as gates (as in hardware), table (fast to simulate) "
             "or rtl (a Verilog black box of Vitis HLS)");
  command.add_flag("--exact-as-gates", arguments.exact_as_gates,
                   "hls: exact multipliers in that form too, instead of the operator *");
  add_choice(command, "--profile", arguments.profile, kProfiles,
             "hls: deepaxe, the nest of the options below; deephls, the nest whose cycles are "
             "the paper's law");
  add_choice(command, "--loop-order", arguments.loop_order, kOrders,
             "hls: pixel (place, output, products), output (output, place, products: weights "
             "stay) or input (place, products, output: inputs stay)");
  add_choice(command, "--pipeline", arguments.pipeline, kPipelines,
             "hls: pipelined loop: inner (the innermost), window (around a sum) or none");
  command
      .add_option("--unroll", arguments.unroll,
                  "hls: products of one sum side by side, beside --outputs sums")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  command
      .add_option("--device", arguments.device,
                  "Device of vitis.tcl or vivado.tcl, with package and speed grade")
      ->capture_default_str();
}

hw::hls::HlsParams to_params(const HlsArguments& arguments, double clock_mhz) {
  constexpr double kNsPerMhz = 1000;
  hw::hls::HlsParams params;
  params.form = kForms.at(arguments.form);
  params.exact_as_operator = !arguments.exact_as_gates;
  params.profile = kProfiles.at(arguments.profile);
  params.loops = {.order = kOrders.at(arguments.loop_order),
                  .pipeline = kPipelines.at(arguments.pipeline),
                  .unroll = arguments.unroll};
  params.part = arguments.device;
  params.clock_ns = kNsPerMhz / clock_mhz;
  return params;
}

}  // namespace deepaxe::cli
